//! Kernels: what happens between the selection of an application and its Outcome.
//!
//! [`contract`] is what every kernel promises, [`outcome`] what it gives back, [`event`] what it lets people see, [`fault`] how
//! a card can be wrong, [`rule`] how a book is cited. [`registry`] builds kernels by their identifiers.

pub mod c2;
pub mod c3;
pub mod contract;
pub mod display;
pub mod event;
pub mod fault;
pub mod outcome;
pub mod probe;
pub mod registry;
pub mod rule;
pub mod shared;
