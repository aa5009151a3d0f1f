//! The candidate list (Book B, 3.3.2.5) and which candidate is best (3.3.3.1, 3.3.3.2).

use core::fmt;

use super::{
    Aid, Combination, Options,
    kernel_identifier::{Requested, requested},
    ppse::{self, Entry},
};
use crate::{bytes::Hex, kernel::contract::Indicators};

/// What 9F29 appends to an ADF name: at most the eleven bytes that fit behind the shortest name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    bytes: [u8; 11],
    length: u8,
}

impl Extension {
    /// `None` beyond eleven bytes.
    fn new(value: &[u8]) -> Option<Self> {
        let mut bytes = [0; 11];
        bytes.get_mut(..value.len())?.copy_from_slice(value);
        Some(Self { bytes, length: u8::try_from(value.len()).ok()? })
    }

    /// The value of 9F29.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length.into()).unwrap_or_default()
    }
}

/// An application of the card that a combination of the reader can process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The card's application.
    pub adf_name: Aid,
    /// Extended Selection (9F29); `None` also if it could not fit behind any ADF name.
    pub extension: Option<Extension>,
    /// The combination, by its place in the transaction's table.
    pub combination: usize,
    /// 1 is best, 0 is none.
    pub priority: u8,
    /// The place of the directory entry.
    pub entry: usize,
}

/// Why an entry is no candidate, in words that are made when they are read.
#[derive(Clone, Copy, Debug)]
pub struct LeftOut<'a> {
    entry: Entry<'a>,
    combinations: &'a [Combination],
    indicators: &'a [Indicators],
    options: &'a Options,
}

impl fmt::Display for LeftOut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(name) = self.entry.adf_name else {
            return write!(f, "a directory entry has no name of 5 to 16 bytes (4F)");
        };
        write!(f, "{name:?}: ")?;
        let matching = || {
            let all = self.combinations.iter().zip(self.indicators);
            all.filter(|(one, _)| name.bytes().starts_with(one.aid.bytes()))
        };
        let Some((one, _)) = matching().find(|(one, found)| !is_excluded(one, found)) else {
            return match matching().next() {
                Some(_) => f.write_str("pre-processing does not allow its combination"),
                None => f.write_str("no AID of the reader begins it"),
            };
        };
        let identifier = Hex(self.entry.kernel_identifier.unwrap_or_default());
        match requested(self.entry.kernel_identifier, one.aid.bytes(), self.options) {
            None => write!(f, "its kernel identifier {identifier} (9F2A) names no kernel"),
            Some(Requested::Kernel(kernel)) => {
                write!(f, "it asks for kernel {kernel}, which the reader does not have for it")
            }
            // An entry without a reason would be a candidate.
            Some(Requested::Any) => f.write_str("no combination suits it"),
        }
    }
}

/// Fills `list`, which is empty, from the card's directory (3.3.2.5). `left_out` hears of every entry that is no candidate.
pub fn build(
    list: &mut Vec<Candidate>,
    fci: &[u8],
    combinations: &[Combination],
    indicators: &[Indicators],
    options: &Options,
    left_out: &mut dyn FnMut(LeftOut<'_>),
) {
    from_entries(list, ppse::entries(fci), combinations, indicators, options, left_out);
}

/// The same from applications that are known without a directory, as if it listed their names and nothing else.
pub fn assume(
    list: &mut Vec<Candidate>,
    combinations: &[Combination],
    indicators: &[Indicators],
    options: &Options,
    left_out: &mut dyn FnMut(LeftOut<'_>),
) {
    let entries = options.known_applications.iter().map(|name| Entry {
        adf_name: Some(*name),
        priority: 0,
        kernel_identifier: None,
        extended_selection: None,
        proprietary_data: None,
    });
    from_entries(list, entries, combinations, indicators, options, left_out);
}

/// Every entry is read once; the list has combinations outside, entries inside, as the book goes through them.
fn from_entries<'a>(
    list: &mut Vec<Candidate>,
    entries: impl Iterator<Item = Entry<'a>>,
    combinations: &[Combination],
    indicators: &[Indicators],
    options: &Options,
    left_out: &mut dyn FnMut(LeftOut<'_>),
) {
    for (at, entry) in entries.enumerate() {
        let before = list.len();
        let allowed =
            combinations.iter().zip(indicators).enumerate().filter(|(_, (one, found))| !is_excluded(one, found));
        list.extend(allowed.filter_map(|(place, (combination, _))| candidate(&entry, at, combination, place, options)));
        if list.len() == before {
            left_out(LeftOut { entry, combinations, indicators, options });
        }
    }
    list.sort_unstable_by_key(|candidate| (candidate.combination, candidate.entry));
}

/// Whether pre-processing keeps the combination out. With Dynamic Reader Limits the kernel looks at the limits once it
/// knows the card's program.
pub fn is_excluded(combination: &Combination, indicators: &Indicators) -> bool {
    indicators.contactless_application_not_allowed && !combination.entry.dynamic_reader_limits
}

/// 3.3.2.5 A to E for one entry and one combination.
fn candidate(
    entry: &Entry<'_>,
    at: usize,
    combination: &Combination,
    place: usize,
    options: &Options,
) -> Option<Candidate> {
    let adf_name = entry.adf_name?;
    let aid = combination.aid.bytes();
    if !adf_name.bytes().starts_with(aid) {
        return None;
    }
    if !requested(entry.kernel_identifier, aid, options)?.suits(combination.kernel_id) {
        return None;
    }
    let extension = entry.extended_selection.and_then(Extension::new);
    Some(Candidate { adf_name, extension, combination: place, priority: entry.priority, entry: at })
}

/// The candidate with the highest priority; among equals the one that stands first in the directory; among kernels for
/// the same entry the one whose combination is configured first. `None` if the list is empty.
pub fn best(list: &[Candidate], options: &Options) -> Option<Candidate> {
    list.iter()
        .min_by_key(|candidate| (rank(candidate.priority, options), candidate.entry, candidate.combination))
        .copied()
}

fn rank(priority: u8, options: &Options) -> u8 {
    match priority {
        0 if options.priority_zero_equals_fifteen => 15,
        0 => 16,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(priorities: &[u8]) -> Vec<Candidate> {
        let adf_name = Aid::new(&[0xA0, 0, 0, 0, 3]).unwrap();
        let one = |(entry, &priority)| Candidate { adf_name, extension: None, combination: 0, priority, entry };
        priorities.iter().enumerate().map(one).collect()
    }

    fn best_of(priorities: &[u8], options: &Options) -> usize {
        best(&candidates(priorities), options).unwrap().entry
    }

    /// Book B, 3.3.3.1 and 3.3.3.2, with 3.3's rank of 0.
    #[test]
    fn one_is_best_and_zero_is_worst() {
        let options = Options::default();
        for (priorities, expected) in
            [(&[3, 1, 2][..], 1), (&[0, 14], 1), (&[2, 1, 1], 1), (&[0, 0], 0), (&[0, 15], 0), (&[15, 0], 0), (&[7], 0)]
        {
            assert_eq!(best_of(priorities, &options), expected, "{priorities:?}");
        }
        assert_eq!(best(&[], &options), None);
    }

    #[test]
    fn zero_can_rank_below_fifteen() {
        let options = Options { priority_zero_equals_fifteen: false, ..Options::default() };
        assert_eq!(best_of(&[0, 15], &options), 1);
    }

    #[test]
    fn kernels_for_one_entry_come_in_the_order_of_the_configuration() {
        let mut list = candidates(&[1, 1]);
        list.iter_mut().enumerate().for_each(|(at, candidate)| (candidate.entry, candidate.combination) = (0, 5 - at));
        assert_eq!(best(&list, &Options::default()).unwrap().combination, 4);
    }
}
