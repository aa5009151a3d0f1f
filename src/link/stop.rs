//! The wish to stop, heard wherever something waits.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether the person at the machine wants to stop. Clones share the wish.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Wishes to stop. There is no way back.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody wishes to stop.
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
