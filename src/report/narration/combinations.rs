//! Rules of pre-processing, which come once a combination: what all combinations have in common is said once.

use super::Cited;

/// Rules with the combinations they hold for.
pub(super) struct Folded {
    /// How many combinations there are.
    count: usize,
    /// Whether every rule holds for all of them.
    alike: bool,
    /// Each rule and note once; the combinations are named if it does not hold for all.
    pub named: Vec<Cited>,
    /// The rules that are no combination's.
    others: Vec<Cited>,
}

impl Folded {
    /// How many combinations there are, if it needs saying.
    pub fn summary(&self) -> Option<String> {
        let alike = if self.alike { "the same for all" } else { "not the same for all" };
        (self.count > 1).then(|| format!("{} combinations, {alike}", self.count))
    }

    /// The rules as the steps tell them: a transaction limit that was not reached is left to the details.
    pub fn into_steps(self) -> Vec<Cited> {
        let told = |(_, rule, note): &Cited| *rule != "3.1.1.5" || !note.contains(" < ");
        self.named.into_iter().filter(told).chain(self.others).collect()
    }
}

/// Brings the rules of several combinations together.
pub(super) fn fold(rules: &[Cited]) -> Folded {
    let mut all: Vec<&str> = Vec::new();
    let mut distinct: Vec<(Cited, Vec<&str>)> = Vec::new();
    let mut others = Vec::new();
    for (book, rule, note) in rules {
        let Some((text, combination)) = split(note) else {
            others.push((*book, *rule, note.clone()));
            continue;
        };
        if !all.contains(&combination) {
            all.push(combination);
        }
        let same = |known: &&mut (Cited, Vec<&str>)| known.0 == (*book, *rule, text.to_owned());
        match distinct.iter_mut().find(same) {
            Some((_, holders)) => holders.push(combination),
            None => distinct.push(((*book, *rule, text.to_owned()), vec![combination])),
        }
    }
    let alike = distinct.iter().all(|(_, holders)| holders.len() == all.len());
    let named = distinct.into_iter().map(|((book, rule, text), holders)| {
        let named = if holders.len() == all.len() { text } else { format!("{text} ({})", holders.join(", ")) };
        (book, rule, named)
    });
    Folded { count: all.len(), alike, named: named.collect(), others }
}

/// Whether a note is about one combination.
pub(super) fn is_of_one(note: &str) -> bool {
    split(note).is_some()
}

/// A note and the combination it ends with: `(A0000000031010 C-3)`.
fn split(note: &str) -> Option<(&str, &str)> {
    let (text, combination) = note.strip_suffix(')')?.rsplit_once(" (")?;
    let aid = combination.split(' ').next().unwrap_or_default();
    (aid.len() >= 10 && aid.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some((text, combination))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(notes: &[&str]) -> Vec<Cited> {
        notes.iter().map(|note| ("B", "3.1.1.6", (*note).to_owned())).collect()
    }

    fn notes(folded: &Folded) -> Vec<&str> {
        folded.named.iter().map(|(_, _, note)| note.as_str()).collect()
    }

    #[test]
    fn what_holds_for_all_is_said_once_and_names_nobody() {
        let folded =
            fold(&rules(&["1 > floor limit 0 (A0000000031010 C-3)", "1 > floor limit 0 (A0000000032010 C-3)"]));
        assert_eq!(notes(&folded), ["1 > floor limit 0"]);
        assert_eq!(folded.summary().as_deref(), Some("2 combinations, the same for all"));
    }

    #[test]
    fn what_differs_names_who_it_is_about() {
        let folded =
            fold(&rules(&["same (A0000000031010 C-3)", "1 > 0 (A0000000031010 C-3)", "same (A0000000032010 C-3)"]));
        assert_eq!(notes(&folded), ["same", "1 > 0 (A0000000031010 C-3)"]);
        assert_eq!(folded.summary().as_deref(), Some("2 combinations, not the same for all"));
        assert_eq!(fold(&rules(&["no combination is allowed (none)"])).summary(), None);
    }
}
