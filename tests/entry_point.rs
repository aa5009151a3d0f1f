//! Entry Point against the type-approval tests of EMV Contactless Book A and B as they are publicly known, in our own words.
//! A test has the id of the test it follows (`2EA.001.00` is `ea_001_00`); tables name it in their messages. Expected values
//! come from the books, never from a run of the code.

#![allow(missing_docs, reason = "tests")]
#![allow(dead_code, reason = "each test of the project uses a part of the support")]

mod support;

#[path = "entry_point/activation_2ec.rs"]
mod activation_2ec;
#[path = "entry_point/book_a_2ea.rs"]
mod book_a_2ea;
#[path = "entry_point/bounds.rs"]
mod bounds;
#[path = "entry_point/kernel_choice_2ed.rs"]
mod kernel_choice_2ed;
#[path = "entry_point/outcomes_2ee_2ef.rs"]
mod outcomes_2ee_2ef;
#[path = "entry_point/preprocessing_2eb.rs"]
mod preprocessing_2eb;
#[path = "entry_point/restarts_2ea.rs"]
mod restarts_2ea;
#[path = "entry_point/selection_2ed.rs"]
mod selection_2ed;
