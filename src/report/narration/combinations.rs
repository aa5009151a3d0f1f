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

    /// The rules as the steps tell them: a transaction limit that was not reached is left to the details,
    /// unless there is nothing else. Before them
    /// the kernels that all of them are about, if there are others.
    pub fn into_steps(self) -> (Option<String>, Vec<Cited>) {
        let told = |(_, rule, note): &Cited| *rule != "3.1.1.5" || !note.contains(" < ");
        let all = !self.named.iter().any(told);
        let mut told: Vec<Cited> = self.named.into_iter().filter(|rule| all || told(rule)).collect();
        let about = told.first().and_then(|(_, _, note)| named_kernels(note)).map(str::to_owned);
        let ending = |about: &String| format!(" ({about})");
        let about = about.filter(|about| told.iter().all(|(_, _, note)| note.ends_with(&ending(about))));
        for (_, _, note) in &mut told {
            note.truncate(note.len() - about.as_ref().map_or(0, |about| ending(about).len()));
        }
        (about, told.into_iter().chain(self.others).collect())
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
        let named = if holders.len() == all.len() { text } else { format!("{text} ({})", names(&holders, &all)) };
        (book, rule, named)
    });
    Folded { count: all.len(), alike, named: named.collect(), others }
}

/// Combinations by name; those that are all of their kernel are named by the kernel.
fn names(holders: &[&str], all: &[&str]) -> String {
    let kernel = |combination: &str| combination.split(' ').next_back().unwrap_or_default().to_owned();
    let whole = |wanted: &str| all.iter().filter(|one| kernel(one) == wanted).all(|one| holders.contains(one));
    let mut names: Vec<String> = Vec::new();
    for holder in holders {
        let own = kernel(holder);
        let name = if whole(&own) { own } else { (*holder).to_owned() };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// The kernels that a note ends with, if no combination is named alone: `C-3` in `… (C-3)`.
fn named_kernels(note: &str) -> Option<&str> {
    let (_, names) = note.strip_suffix(')')?.rsplit_once(" (")?;
    names.split(", ").all(|name| name.starts_with("C-") && !name.contains(' ')).then_some(names)
}

/// Whether rules that are about combinations do not hold for all of them.
pub(super) fn differ(rules: &[Cited]) -> bool {
    !fold(rules).alike
}

/// Leaves of the rules about combinations those of one, `A0000000031010 C-3`, and gives its kernel.
pub(super) fn choose(rules: &mut Vec<Cited>, combination: &str) -> Option<String> {
    rules.retain(|(_, _, note)| split(note).is_none_or(|(_, other)| other == combination));
    combination.split(' ').next_back().map(str::to_owned)
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

    #[test]
    fn a_whole_kernel_is_named_once() {
        let visa = ["1 > floor limit 0 (A0000000031010 C-3)", "1 > floor limit 0 (A0000000032010 C-3)"];
        let more = ["1 < CVM limit 5 (A0000000031010 C-3)", "1 < CVM limit 5 (A0000000032010 C-3)"];
        let folded = fold(&rules(&[&visa[..], &more, &["x (A0000000041010 C-2)"]].concat()));
        assert_eq!(notes(&folded), ["1 > floor limit 0 (C-3)", "1 < CVM limit 5 (C-3)", "x (C-2)"]);
        let other = ("B", "3.1.1.5", "1 < transaction limit 9 (A0000000041010 C-2)".to_owned());
        let steps = fold(&[rules(&[&visa[..], &more].concat()), vec![other]].concat()).into_steps();
        let notes: Vec<&str> = steps.1.iter().map(|(_, _, note)| note.as_str()).collect();
        assert_eq!((steps.0.as_deref(), notes), (Some("C-3"), vec!["1 > floor limit 0", "1 < CVM limit 5"]));
    }
}
