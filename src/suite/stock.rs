//! Cards and terminals that have been made: one for all taps that want the same, made when the first wants it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use crate::{
    card::{Card, Profile},
    diag::Problem,
    terminal::Terminal,
};

/// A card that can be issued as often as it is needed; its keys and certificates are made once.
#[derive(Debug)]
pub(super) struct Blank {
    pub profile: Arc<Profile>,
    issued: OnceLock<Result<Issued, Problem>>,
}

struct Issued(Card);

impl core::fmt::Debug for Issued {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Issued(..)")
    }
}

impl Blank {
    pub fn new(profile: Profile) -> Self {
        Self { profile: Arc::new(profile), issued: OnceLock::new() }
    }

    /// A new card.
    pub fn issue(&self, seed: u64) -> Result<Card, Problem> {
        let issued = self.issued.get_or_init(|| Card::new(&self.profile, seed).map(Issued));
        issued.as_ref().map(|Issued(card)| card.with_seed(seed)).map_err(Clone::clone)
    }
}

/// A terminal, and the text of its profile as a table.
#[derive(Debug)]
pub(super) struct Fitted {
    pub terminal: Arc<Terminal>,
    pub table: Arc<toml::Table>,
}

/// What something was made of → what came of it. Errors are kept, too: in them files are named as they were for whoever made it first.
type Shelf<T, E> = Mutex<HashMap<String, Arc<OnceLock<Result<Arc<T>, E>>>>>;

/// What a terminal has wrong, and the text that this is about, if it was made from parts.
pub(super) type Unfit = Box<(Problem, Option<String>)>;

/// Everything that has been made.
#[derive(Default)]
pub(super) struct Stock {
    cards: Shelf<Blank, Problem>,
    terminals: Shelf<Fitted, Unfit>,
}

impl Stock {
    /// The card of this recipe.
    pub fn card(&self, recipe: String, make: impl FnOnce() -> Result<Blank, Problem>) -> Result<Arc<Blank>, Problem> {
        once(&self.cards, recipe, make)
    }

    /// The terminal of this recipe. An error comes with the text that it is about.
    pub fn terminal(&self, recipe: String, make: impl FnOnce() -> Result<Fitted, Unfit>) -> Result<Arc<Fitted>, Unfit> {
        once(&self.terminals, recipe, make)
    }
}

fn once<T, E: Clone>(shelf: &Shelf<T, E>, recipe: String, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
    // Who waits for something that is being made waits for that only, not for the whole shelf.
    let place = {
        let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(shelf.entry(recipe).or_default())
    };
    place.get_or_init(|| make().map(Arc::new)).clone()
}
