//! A link to a recorded card: it answers what the card answered, as long as it is asked what the card was asked.

use super::Link;
use crate::{
    apdu::{CommandHeader, LinkFault},
    data::dictionary::{CDOL1_8C, DDOL_9F49, PDOL_9F38},
    time::Micros,
    tlv::{self, Budget, Tag},
};

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
            let places: Vec<_> = places.filter(|(_, recorded)| means_the_same(recorded, command)).collect();
            let equal = places.iter().find(|(_, recorded)| *recorded == command);
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

/// The same instruction for the same object: equal headers, and equal data unless they are values of the terminal.
fn means_the_same(recorded: &[u8], found: &[u8]) -> bool {
    let (Some(recorded), Some(found)) = (CommandHeader::parse(recorded), CommandHeader::parse(found)) else {
        return false;
    };
    let header = |command: &CommandHeader<'_>| (command.cla, command.ins, command.p1, command.p2);
    let from_terminal = FROM_TERMINAL.contains(&recorded.ins);
    header(&recorded) == header(&found) && (from_terminal || recorded.data == found.data)
}

/// Whether a command only reads what does not change during a transaction: records and data objects.
fn only_reads(command: &[u8]) -> bool {
    matches!(command.get(1), Some(0xB2 | 0xCA))
}

/// Whether a command selects.
fn selects(command: &[u8]) -> bool {
    command.get(1) == Some(&0xA4)
}

const GPO: u8 = 0xA8;
const GENERATE_AC: u8 = 0xAE;
const INTERNAL_AUTHENTICATE: u8 = 0x88;
const COMPUTE_CHECKSUM: u8 = 0x2A;
/// Instructions whose data are values of the terminal; EXCHANGE RELAY RESISTANCE DATA and RECOVER AC among them.
const FROM_TERMINAL: [u8; 7] = [GPO, GENERATE_AC, INTERNAL_AUTHENTICATE, COMPUTE_CHECKSUM, 0x82, 0xEA, 0xD0];

/// The list that a command answers, and its values in a row.
fn answered_list(command: &[u8]) -> Option<(Tag, &[u8])> {
    let command = CommandHeader::parse(command)?;
    match command.ins {
        GPO => Some((PDOL_9F38, tlv::objects(command.data).next()?.ok()?.value)),
        GENERATE_AC => Some((CDOL1_8C, command.data)),
        INTERNAL_AUTHENTICATE => Some((DDOL_9F49, command.data)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SELECT: &str = "00A4040007A000000003101000";
    const FCI: &str = "6F148407A0000000031010A5099F38069F02069F37049000";
    const GPO_1: &str = "80A800000C830A00000000125011223344 00";
    const GPO_2: &str = "80A800000C830A00000000125055667788 00";

    fn bytes(text: &str) -> Vec<u8> {
        hex::decode(text.replace(' ', "")).unwrap()
    }

    fn recording(rule: Match) -> Replay {
        let exchange =
            |command, answer| Step::Exchange { command: bytes(command), answer: Ok((bytes(answer), Micros(9))) };
        Replay::new(
            vec![
                Step::Activation(Ok(Micros(5))),
                exchange(SELECT, FCI),
                exchange(GPO_1, "7700 9000"),
                exchange("00B2010C00", "6A83"),
            ],
            rule,
        )
    }

    fn send(link: &mut Replay, command: &str) -> Result<Vec<u8>, LinkFault> {
        let mut response = Vec::new();
        link.exchange(&bytes(command), &mut response).map(|_| response)
    }

    #[test]
    fn the_same_commands_get_the_recorded_answers() {
        let mut link = recording(Match::Strict);
        assert_eq!(link.activate(), Ok(Micros(5)));
        assert_eq!(send(&mut link, SELECT), Ok(bytes(FCI)));
        assert_eq!(send(&mut link, GPO_1), Ok(bytes("77009000")));
        assert_eq!(link.unsent().collect::<Vec<_>>(), [bytes("00B2010C00")]);
        assert!(link.differences().is_empty());
        assert_eq!(link.activate(), Err(LinkFault::NoCard), "there was one card");
    }

    #[test]
    fn another_unpredictable_number_is_accepted_by_meaning_only_and_named() {
        for (rule, expected) in [(Match::Meaning, Ok(bytes("77009000"))), (Match::Strict, Err(LinkFault::Cancelled))] {
            let mut link = recording(rule);
            link.activate().unwrap();
            send(&mut link, SELECT).unwrap();
            assert_eq!(send(&mut link, GPO_2), expected);
            let [difference] = link.differences() else { panic!("{rule:?}") };
            assert_eq!((difference.number, difference.accepted), (2, rule == Match::Meaning));
            let number =
                ObjectDifference { tag: Tag::new(0x9F37), recorded: bytes("11223344"), found: bytes("55667788") };
            assert_eq!(difference.objects, [number]);
        }
    }

    #[test]
    fn another_way_ends_the_tap() {
        let mut link = recording(Match::Meaning);
        link.activate().unwrap();
        assert_eq!(send(&mut link, "00A4040007A000000004101000"), Err(LinkFault::Cancelled));
        let [difference] = link.differences() else { panic!() };
        assert_eq!((difference.recorded.clone(), difference.accepted), (bytes(SELECT), false));
    }

    /// As logs of other readers have it: a directory of the contact side, a first try that was refused, counters in between.
    #[test]
    fn by_meaning_what_only_reads_is_passed_over_and_records_come_in_any_order() {
        let exchange = |command: &str, answer: &str| Step::Exchange {
            command: bytes(command),
            answer: Ok((bytes(answer), Micros(9))),
        };
        let steps = vec![
            Step::Activation(Ok(Micros(5))),
            exchange("80CA9F7F00", "6A88"),
            exchange("00A4040002AABB00", "6A82"),
            exchange(SELECT, FCI),
            exchange("80CA9F3600", "9F360200019000"),
            exchange("80A8000002830000", "6700"),
            exchange(GPO_1, "77009000"),
            exchange("00B2010C00", "70009000"),
            exchange("00B2020C00", "7002500090 00"),
            exchange("00A4040002AABB00", "6A82"),
            exchange("00B2030C00", "6A83"),
        ];
        let mut link = Replay::new(steps.clone(), Match::Meaning);
        link.activate().unwrap();
        assert_eq!(send(&mut link, SELECT), Ok(bytes(FCI)));
        assert_eq!(send(&mut link, GPO_2), Ok(bytes("77009000")), "of those that mean the same, the one as long");
        assert_eq!(send(&mut link, "00B2020C00"), Ok(bytes("7002500090 00")));
        assert_eq!(send(&mut link, "00B2010C00"), Ok(bytes("70009000")));
        assert_eq!(send(&mut link, "00B2010C00"), Ok(bytes("70009000")), "a record may be read twice");
        let passed: Vec<_> =
            link.differences().iter().map(|difference| (difference.number, difference.passed_over)).collect();
        assert_eq!(passed, [(1, 2), (2, 2)]);
        assert_eq!(link.unsent().count(), 2);
        assert_eq!(send(&mut link, "00B2030C00"), Err(LinkFault::Cancelled), "of another application");

        let mut link = Replay::new(steps, Match::Strict);
        link.activate().unwrap();
        assert_eq!(send(&mut link, SELECT), Err(LinkFault::Cancelled));
    }

    #[test]
    fn nothing_is_made_up_after_the_end() {
        let mut link = Replay::new(vec![], Match::Meaning);
        assert_eq!(link.activate(), Err(LinkFault::NoCard));
        assert_eq!(send(&mut link, SELECT), Err(LinkFault::Cancelled));
        assert!(link.differences()[0].recorded.is_empty());
    }
}
