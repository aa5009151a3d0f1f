//! Text that waits: pre-processing is done for every combination, and told for the one that is selected later.

use super::{Narration, combinations};

impl Narration {
    /// The text that has come together since the last call.
    pub fn take(&mut self) -> String {
        let waits = match &mut self.held {
            Some((_, at)) => self.text.split_off(core::mem::take(at).min(self.text.len())),
            None => String::new(),
        };
        core::mem::replace(&mut self.text, waits)
    }

    /// Puts pre-processing where it belongs: that of the combination that was selected; that of all if none was.
    pub(super) fn tell_held(&mut self, selected: Option<&str>) {
        let Some((mut step, at)) = self.held.take() else { return };
        let kernel = selected.and_then(|selected| combinations::choose(&mut step.rules, selected));
        let told = self.told(step, kernel);
        let after = self.text.split_off(at.min(self.text.len()));
        self.text.push_str(&told);
        self.text.push_str(&after);
    }
}
