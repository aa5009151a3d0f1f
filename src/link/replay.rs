//! A link to a recorded card: it answers what the card answered, as long as it is asked what the card was asked.

mod meaning;

use super::Link;
use crate::{
    apdu::LinkFault,
    time::Micros,
    tlv::{self, Budget, Tag},
};
use meaning::{answered_list, begins, is_directory, means_the_same, name, only_reads, selects};

/// What a recorded card did, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The field was on and somebody polled.
    Activation(Result<Micros, LinkFault>),
    /// A command went out.
    Exchange {
        /// All bytes of the command.
        command: Vec<u8>,
        /// All bytes of the response and the time it took, or why there is none.
        answer: Result<(Vec<u8>, Micros), LinkFault>,
    },
}

/// How equal a command has to be to the recorded one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Match {
    /// To the byte.
    Strict,
    /// The same instruction for the same object: other values in the answer to a data object list are accepted and noted.
    #[default]
    Meaning,
}

/// Where a replay differs from its recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The command, counted from 1 in the replay.
    pub number: usize,
    /// What came.
    pub found: Vec<u8>,
    /// What the recording has in this place; empty if it has no more commands.
    pub recorded: Vec<u8>,
    /// The objects with other values, if both commands answer the same data object list.
    pub objects: Vec<ObjectDifference>,
    /// How many recorded commands were passed over to find the answer: nobody asks for what they asked.
    pub passed_over: usize,
    /// Whether the recorded answer was given all the same.
    pub accepted: bool,
}

/// An object in the answer to a data object list that has another value than in the recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectDifference {
    /// The object.
    pub tag: Tag,
    /// Its value in the recording.
    pub recorded: Vec<u8>,
    /// Its value now.
    pub found: Vec<u8>,
}

/// The applications that were selected, in order and each once, if nobody asked for the contactless directory: what a log of a
/// reader that knows its card begins with. `None` if somebody did, or nothing was selected.
pub fn without_directory(steps: &[Step]) -> Option<Vec<Vec<u8>>> {
    let commands = steps.iter().filter_map(|step| match step {
        Step::Exchange { command, .. } => Some(command.as_slice()),
        Step::Activation(_) => None,
    });
    if { commands }.any(is_directory) {
        return None;
    }
    let mut names: Vec<Vec<u8>> = Vec::new();
    for name in steps.iter().filter_map(selected) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then_some(names)
}

/// The application that a step selected.
fn selected(step: &Step) -> Option<Vec<u8>> {
    match step {
        Step::Exchange { command, answer: Ok((response, _)) } => name(command, response),
        _ => None,
    }
}

/// A [`Link`] to what a card did once.
///
/// Where the terminal goes another way, the link ends the tap with [`LinkFault::Cancelled`]: what the card would have answered
/// is unknown, and a guess would pass for a fact. [`Replay::differences`] says where and why.
///
/// By meaning, a terminal may ask in another order than the recorded one did, as long as the card's state is the same: records
/// and data objects of the selected application are given wherever they were read, and commands that only read are passed
/// over on the way to the next one that does more; another SELECT passes over everything.
#[derive(Clone, Debug)]
pub struct Replay {
    steps: Vec<Step>,
    /// Which of them were answered.
    used: Vec<bool>,
    next: usize,
    sent: usize,
    rule: Match,
    differences: Vec<Difference>,
}

impl Replay {
    /// A link that goes through `steps` once.
    pub fn new(steps: Vec<Step>, rule: Match) -> Self {
        let used = vec![false; steps.len()];
        Self { steps, used, next: 0, sent: 0, rule, differences: Vec::new() }
    }

    /// Where commands differed from the recording, accepted or not.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// The recorded commands that nobody has sent.
    pub fn unsent(&self) -> impl Iterator<Item = &[u8]> {
        self.steps.iter().zip(&self.used).skip(self.next).filter_map(|(step, used)| match step {
            Step::Exchange { command, .. } if !used => Some(command.as_slice()),
            _ => None,
        })
    }

    fn step(&self) -> Option<&Step> {
        self.steps.get(self.next)
    }

    fn differ(&mut self, found: &[u8], recorded: &[u8], passed_over: usize, accepted: bool) {
        let objects = self.objects(recorded, found);
        let (found, recorded) = (found.to_vec(), recorded.to_vec());
        self.differences.push(Difference { number: self.sent, found, recorded, objects, passed_over, accepted });
    }

    fn command(&self, at: usize) -> Option<&[u8]> {
        match self.steps.get(at)? {
            Step::Exchange { command, .. } => Some(command),
            Step::Activation(_) => None,
        }
    }

    /// Where the answer to a command is.
    fn find(&self, command: &[u8]) -> Option<usize> {
        let recorded = self.command(self.next);
        if self.rule == Match::Strict {
            return (recorded == Some(command)).then_some(self.next);
        }
        let visit = || (self.next..).map_while(|at| Some((at, self.command(at)?)));
        let same_length = |recorded: &[u8]| recorded.len() == command.len();
        // The terminal may have had to ask twice until its command was right.
        let best = |places: &mut dyn Iterator<Item = (usize, &[u8])>| {
            let means =
                |at: usize, recorded: &[u8]| means_the_same(recorded, command) || self.selects_as_well(at, command);
            let places: Vec<_> = places.filter(|(at, recorded)| means(*at, recorded)).collect();
            let equal = places.iter().find(|(at, recorded)| *recorded == command && self.goes_on(*at));
            let equal = equal.or_else(|| places.iter().find(|(_, recorded)| *recorded == command));
            let equal = equal.or_else(|| places.iter().find(|(_, recorded)| same_length(recorded)));
            equal.or(places.first()).map(|(at, _)| *at)
        };
        if only_reads(command) {
            let selected = (0..self.next).rev().take_while(|at| self.command(*at).is_some_and(|c| !selects(c)));
            let before = selected.filter_map(|at| Some((at, self.command(at)?)));
            let after = visit().take_while(|(_, recorded)| !selects(recorded));
            return best(&mut after.chain(before));
        }
        let passes = |recorded: &[u8]| selects(command) || only_reads(recorded) || means_the_same(recorded, command);
        best(&mut visit().take_while(|(_, recorded)| passes(recorded)))
    }

    /// Whether a command is no SELECT, or one that led to GET PROCESSING OPTIONS: readers select an application to look at it, too.
    fn goes_on(&self, at: usize) -> bool {
        let is_select = self.command(at).is_some_and(selects);
        let after = (at + 1..).map_while(|at| self.command(at)).take_while(|command| !selects(command));
        !is_select || { after }.any(begins)
    }

    /// Whether a recorded SELECT of the beginning of a name selected the application that a command names in full.
    fn selects_as_well(&self, at: usize, command: &[u8]) -> bool {
        self.steps
            .get(at)
            .and_then(selected)
            .is_some_and(|name| meaning::data(command) == Some(&name) && selects(command))
    }

    /// The objects whose values differ, by the list that both commands answer.
    fn objects(&self, recorded: &[u8], found: &[u8]) -> Vec<ObjectDifference> {
        let values = |command| answered_list(command).map(|(tag, values)| (tag, values.to_vec()));
        let (Some((tag, recorded)), Some((other, found))) = (values(recorded), values(found)) else { return vec![] };
        let Some(list) = self.last_value(tag).filter(|_| tag == other) else { return vec![] };
        let (mut recorded, mut found) = (recorded.as_slice(), found.as_slice());
        let mut objects = Vec::new();
        for entry in tlv::dol_entries(&list).map_while(Result::ok) {
            let split = |values: &mut &[u8]| {
                let (value, rest) = values.split_at_checked(entry.length.into()).unwrap_or((*values, &[]));
                *values = rest;
                value.to_vec()
            };
            let (recorded, found) = (split(&mut recorded), split(&mut found));
            if recorded != found {
                objects.push(ObjectDifference { tag: entry.tag, recorded, found });
            }
        }
        objects
    }

    /// The last value the card gave of an object, up to now.
    fn last_value(&self, tag: Tag) -> Option<Vec<u8>> {
        let answers = self.steps.iter().take(self.next).rev().filter_map(|step| match step {
            Step::Exchange { answer: Ok((response, _)), .. } => response.split_last_chunk::<2>(),
            _ => None,
        });
        let mut found = answers.filter_map(|(data, _)| {
            let objects = tlv::walk(data, Budget::default()).map_while(Result::ok);
            objects.map(|(_, object)| object).find(|object| object.tag == tag).map(|object| object.value.to_vec())
        });
        found.next()
    }
}

impl Link for Replay {
    /// A terminal that polls more often than the recorded one finds no card.
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        match self.step() {
            Some(Step::Activation(result)) => {
                let result = *result;
                self.next += 1;
                result
            }
            // Earlier than recorded: what is left of this activation is skipped.
            Some(Step::Exchange { .. }) => {
                let later = self.steps.iter().skip(self.next).position(|step| matches!(step, Step::Activation(_)));
                match later {
                    Some(ahead) => {
                        self.next += ahead;
                        self.activate()
                    }
                    None => Err(LinkFault::NoCard),
                }
            }
            None => Err(LinkFault::NoCard),
        }
    }

    /// [`LinkFault::Cancelled`] if the recording has no answer to this command.
    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        self.sent += 1;
        let Some(at) = self.find(command) else {
            let recorded = self.command(self.next).unwrap_or_default().to_vec();
            self.differ(command, &recorded, 0, false);
            return Err(LinkFault::Cancelled);
        };
        let Some(Step::Exchange { command: recorded, answer }) = self.steps.get(at).cloned() else {
            return Err(LinkFault::Cancelled);
        };
        let passed_over = if only_reads(command) { 0 } else { at.saturating_sub(self.next) };
        if recorded != command || passed_over > 0 {
            self.differ(command, &recorded, passed_over, true);
        }
        // A record that was asked for out of turn leaves the turn where it is.
        if at == self.next || !only_reads(command) {
            self.next = at + 1;
        }
        if let Some(used) = self.used.get_mut(at) {
            *used = true;
        }
        while self.used.get(self.next) == Some(&true) {
            self.next += 1;
        }
        let (bytes, elapsed) = answer?;
        response.extend_from_slice(&bytes);
        Ok(elapsed)
    }

    fn deactivate(&mut self, _hold: Micros) {}

    /// The recorded card leaves as soon as it is asked to.
    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        Ok(Micros::ZERO)
    }
}

#[cfg(test)]
mod tests;
