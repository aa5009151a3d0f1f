//! A link on which things go wrong.

use super::Link;
use crate::{
    apdu::{CommandHeader, LinkFault, StatusWord},
    card::fault::{Fault, Kind, Moment, Target},
    time::Micros,
};

/// Any link, with faults. Counts commands from its making on; a link lives for one tap.
pub struct Faulty<L> {
    link: L,
    faults: Vec<Counted>,
    card: Place,
    asked: Micros,
}

/// A fault and how often its command has come.
struct Counted {
    fault: Fault,
    seen: usize,
}

/// Where the card is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    InField,
    /// Torn away, until the reader polls again.
    Gone,
}

impl<L: Link> Faulty<L> {
    /// `link` with faults, which happen in this order where several concern one exchange.
    pub fn new(link: L, faults: impl IntoIterator<Item = Fault>) -> Self {
        let faults = faults.into_iter().map(|fault| Counted { fault, seen: 0 }).collect();
        Self { link, faults, card: Place::InField, asked: Micros::ZERO }
    }

    /// The link without faults.
    pub fn into_inner(self) -> L {
        self.link
    }

    /// What goes wrong now, for faults that this covers.
    fn due(&mut self, covers: impl Fn(Target) -> bool) -> Vec<Kind> {
        let mut due = Vec::new();
        for counted in self.faults.iter_mut().filter(|counted| covers(counted.fault.command)) {
            counted.seen += 1;
            if counted.fault.occurrence.covers(counted.seen) {
                due.push(counted.fault.kind.clone());
            }
        }
        due
    }

    fn tear(&mut self) {
        self.card = Place::Gone;
        self.link.deactivate(Micros::ZERO);
    }
}

impl<L: Link> Link for Faulty<L> {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.card = Place::InField;
        let due = self.due(|target| target == Target::Poll);
        let mut delay = Micros::ZERO;
        for kind in due {
            match kind {
                Kind::Collision => return Err(LinkFault::Collision),
                Kind::Absent => return Err(LinkFault::NoCard),
                Kind::Tear(_) => return Err(LinkFault::Timeout),
                Kind::DelayMs(more) => delay += milliseconds(more),
                _ => {}
            }
        }
        self.link.activate().map(|elapsed| elapsed + delay)
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        if self.card == Place::Gone {
            return Err(LinkFault::Timeout);
        }
        let due = self.due(|target| target.covers(command));
        if due.contains(&Kind::Tear(Moment::Before)) {
            self.tear();
            return Err(LinkFault::Timeout);
        }
        let mut heard = command.to_vec();
        due.iter().for_each(|kind| mishear(kind, &mut heard));
        let start = response.len();
        let mut elapsed = self.link.exchange(&heard, response)?;
        self.asked = self.link.asked_time();
        let mut answer = response.split_off(start);
        for kind in &due {
            spoil(kind, &mut answer);
            match kind {
                Kind::DelayMs(more) => {
                    elapsed += milliseconds(*more);
                    self.asked += milliseconds(*more);
                }
                Kind::Tear(Moment::After) => self.tear(),
                Kind::Tear(Moment::Middle) => {
                    self.tear();
                    return Err(LinkFault::Transmission);
                }
                _ => {}
            }
        }
        response.append(&mut answer);
        Ok(elapsed)
    }

    fn deactivate(&mut self, hold: Micros) {
        self.link.deactivate(hold);
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.link.wait_for_removal()
    }

    fn asked_time(&self) -> Micros {
        self.asked
    }
}

fn milliseconds(count: u32) -> Micros {
    Micros(u64::from(count) * 1000)
}

/// Changes a command on its way to the card.
fn mishear(kind: &Kind, command: &mut [u8]) {
    let Kind::FlipCommandBit(bit) = *kind else { return };
    let Some(header) = CommandHeader::parse(command).filter(|header| !header.data.is_empty()) else { return };
    // Class to Lc, then the data.
    let (start, length) = (5, header.data.len());
    let from_end = bit / 8 % length;
    if let Some(byte) = command.get_mut(start + length - 1 - from_end) {
        *byte ^= 1 << (bit % 8);
    }
}

/// Changes an answer on its way to the reader.
fn spoil(kind: &Kind, answer: &mut Vec<u8>) {
    if let Kind::Keep(count) = kind {
        return answer.truncate(*count);
    }
    let Some((data, status)) = answer.split_last_chunk::<2>().map(|(data, status)| (data.to_vec(), *status)) else {
        return;
    };
    let (data, status) = match kind {
        Kind::Status(word) => with_status(data, status, &word.0),
        Kind::Truncate(count) => (data.get(..data.len().saturating_sub(*count)).unwrap_or_default().to_vec(), status),
        Kind::Extend(more) => ([data.as_slice(), &more.0].concat(), status),
        Kind::FlipBit(bit) => (flipped(data, *bit), status),
        Kind::Answer(whole) => (whole.0.clone(), [0x90, 0x00]),
        Kind::Objects(edit) => (edit.apply(&data), status),
        Kind::Tear(_) | Kind::Collision | Kind::Absent | Kind::DelayMs(_) | Kind::Keep(_) | Kind::FlipCommandBit(_) => {
            return;
        }
    };
    answer.clear();
    answer.extend_from_slice(&data);
    answer.extend_from_slice(&status);
}

fn with_status(data: Vec<u8>, old: [u8; 2], word: &[u8]) -> (Vec<u8>, [u8; 2]) {
    let status = word.try_into().unwrap_or(old);
    let keeps_data = matches!(StatusWord(u16::from_be_bytes(status)).sw1(), 0x90 | 0x62 | 0x63);
    (if keeps_data { data } else { Vec::new() }, status)
}

fn flipped(mut data: Vec<u8>, bit: usize) -> Vec<u8> {
    let at = (bit / 8).checked_rem(data.len());
    if let Some(byte) = at.and_then(|at| data.get_mut(at)) {
        *byte ^= 0x80 >> (bit % 8);
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        card::{Card, Profile, fault},
        link::VirtualCard,
    };

    const PPSE: &[u8] = b"\x00\xA4\x04\x00\x0E2PAY.SYS.DDF01\x00";

    fn link(lines: &str) -> Faulty<VirtualCard> {
        let text = format!("schema = 'emvtap.card/1'\nextends = 'visa/credit'\n{lines}");
        let profile = Profile::parse("mine.toml", &text, &|_| None).unwrap();
        let mut link = Faulty::new(VirtualCard::new(Card::new(&profile, 7).unwrap()), profile.faults);
        link.activate().unwrap();
        link
    }

    fn send(link: &mut Faulty<VirtualCard>, command: &[u8]) -> Result<String, LinkFault> {
        let mut response = Vec::new();
        link.exchange(command, &mut response).map(|_| hex::encode_upper(response))
    }

    fn spoiled(kind: &str) -> Result<String, LinkFault> {
        send(&mut link(&format!("[[fault]]\nname = 'x'\ncommand = 'SELECT PPSE'\nkind = {kind}")), PPSE)
    }

    #[test]
    fn answers_are_spoiled_as_asked() {
        let good = send(&mut link(""), PPSE).unwrap();
        let data = &good[..good.len() - 4];
        for (kind, expected) in [
            ("{ status = '6A82' }", "6A82".to_owned()),
            ("{ status = '6283' }", format!("{data}6283")),
            ("{ truncate = 2 }", format!("{}9000", &data[..data.len() - 4])),
            ("{ truncate = 999 }", "9000".to_owned()),
            ("{ keep = 1 }", "6F".to_owned()),
            ("{ extend = 'ABCD' }", format!("{data}ABCD9000")),
            ("{ flip-bit = 0 }", format!("EF{}9000", &data[2..])),
            ("{ answer = '6F00' }", "6F009000".to_owned()),
            ("{ objects = { empty = 'BF0C' } }", "6F15840E325041592E5359532E4444463031A503BF0C009000".to_owned()),
        ] {
            assert_eq!(spoiled(kind), Ok(expected), "{kind}");
        }
    }

    #[test]
    fn a_torn_card_is_gone_until_the_next_poll() {
        for (when, first) in
            [("before", Some(LinkFault::Timeout)), ("middle", Some(LinkFault::Transmission)), ("after", None)]
        {
            let mut link =
                link(&format!("[[fault]]\nname = 'x'\ncommand = 'SELECT PPSE'\nkind = {{ tear = '{when}' }}"));
            assert_eq!(send(&mut link, PPSE).err(), first, "{when}");
            assert_eq!(send(&mut link, PPSE), Err(LinkFault::Timeout), "{when}");
            link.activate().unwrap();
            assert!(send(&mut link, PPSE).is_ok(), "{when}");
        }
    }

    #[test]
    fn a_delay_is_measured_and_the_occurrence_counts() {
        let text = "[[fault]]\nname = 'x'\ncommand = 'ANY'\noccurrence = 2\nkind = { delay-ms = 5 }";
        let mut link = link(text);
        let mut time = || (link.exchange(PPSE, &mut Vec::new()).unwrap(), link.asked_time());
        let [first, second, third] = [time(), time(), time()];
        assert_eq!((second.0, third.0), (first.0 + Micros(5_000), first.0));
        assert_eq!([first.1, second.1, third.1], [Micros::ZERO, Micros(5_000), Micros::ZERO]);
    }

    #[test]
    fn the_catalogue_is_for_every_link() {
        let card = Card::new(&Profile::builtin("visa-credit").unwrap(), 7).unwrap();
        let mut link = Faulty::new(VirtualCard::new(card), fault::named("collision").unwrap());
        assert_eq!(link.activate(), Err(LinkFault::Collision));
        assert!(link.activate().is_ok());
    }
}
