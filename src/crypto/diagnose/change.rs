//! What people mix up, as data.

use super::{
    CardKey, Field, Holds, Input, Mac, Near, Order, PARTS, Question, SessionKey, Setup, VERSIONS, Version,
    field::FIELDS,
};
use crate::crypto::{des::Padding, tree::Tree};

/// One thing done in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The method of another version
    Version(&'static Version),
    /// The key is another one in the chain of keys
    Holds(Holds),
    /// The halves of the key are exchanged
    HalvesExchanged,
    /// Another PAN sequence number
    SequenceNumber(u8),
    /// Another derivation of the card's key
    CardKey(CardKey),
    /// Another session key
    SessionKey(SessionKey),
    /// Other parts of the Issuer Application Data
    Input(Input),
    /// Another MAC or padding
    Mac(Mac),
    /// Another value of a data object
    Field(Field),
    /// Another value that is near, or one of few
    Near(Near),
    /// Another transaction counter
    Counter(u16),
    /// Another history of cryptograms in the Card Verification Results: the high half of their byte
    CryptogramType(u8),
    /// Two data objects in each other's place: their numbers in the input
    Exchanged(usize, usize),
    /// A data object left out
    Without(usize),
    /// The data objects in reverse order
    Reversed,
    /// Issuer Application Data before everything else
    IadFirst,
    /// Only so many bytes of the input
    Cut(usize),
}

/// The parts of an input by name.
const NAMES: [&str; PARTS] =
    ["9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36", "9F10", "the end of 9F10"];

/// Everything that can be mixed up here, what happens most first.
pub(super) fn all(question: &Question<'_>) -> Vec<Change> {
    let method = &question.method;
    let mut changes = Vec::new();
    if question.holds == Holds::IssuerMaster {
        changes.extend([0, question.psn.rotate_left(4)].map(Change::SequenceNumber));
    }
    changes.extend([CardKey::A, CardKey::B, CardKey::C].map(Change::CardKey));
    let sessions = [SessionKey::None, SessionKey::Common, SessionKey::Mastercard, SessionKey::UnionPay];
    changes.extend(sessions.into_iter().chain([Tree::FOUR, Tree::TWO].map(SessionKey::Tree)).map(Change::SessionKey));
    let retail = [Padding::Zero, Padding::Iso];
    changes.extend(retail.map(Mac::Retail).into_iter().chain(retail.map(Mac::Triple)).map(Change::Mac));
    let inputs = [
        Input::WithIad(0),
        Input::WithPart(3, 7),
        Input::WithPart(2, 8),
        Input::WithPart(3, 8),
        Input::WithPart(4, 7),
        Input::WithPart(3, 9),
        Input::WithParts([2, 8], [10, 18]),
        Input::WithParts([2, 8], [10, 0]),
        Input::WithParts([3, 9], [11, 0]),
        Input::Table26,
        Input::Short(4),
    ];
    changes.extend(inputs.map(Change::Input));
    changes.extend(VERSIONS.iter().map(Change::Version));
    changes.extend([Holds::Card, Holds::IssuerMaster, Holds::Session].map(Change::Holds));
    changes.push(Change::HalvesExchanged);
    changes.extend(FIELDS.map(Change::Field));
    changes.extend([0xA0, 0x90, 0x80, 0x60, 0x20].map(Change::CryptogramType));
    changes.extend((0..PARTS - 1).map(Change::Without));
    for one in 0..PARTS - 1 {
        changes.extend((one + 1..PARTS - 1).map(|other| Change::Exchanged(one, other)));
    }
    changes.extend([Change::Reversed, Change::IadFirst]);
    let length = method.input.parts(&question.data).map_or(0, |parts| parts.concat().len());
    changes.extend((1..length).rev().map(Change::Cut));
    if question.holds == Holds::IssuerMaster {
        let numbers = (0..10).flat_map(|tens: u8| (0..10).map(move |ones| tens << 4 | ones));
        changes.extend(numbers.map(Change::SequenceNumber));
    }
    changes.retain(|change| !change.is_none(question));
    let mut unique: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        if !unique.contains(&change) {
            unique.push(change);
        }
    }
    unique
}

impl Change {
    /// Whether it changes nothing.
    fn is_none(&self, question: &Question<'_>) -> bool {
        let method = &question.method;
        match self {
            Self::Version(version) => version.method == *method,
            Self::Holds(holds) => *holds == question.holds,
            Self::SequenceNumber(number) => *number == question.psn,
            Self::CardKey(key) => *key == method.card_key,
            Self::SessionKey(key) => *key == method.session_key,
            Self::Input(input) => *input == method.input,
            Self::Mac(mac) => *mac == method.mac,
            _ => false,
        }
    }

    /// Whether it is about keys and methods rather than about data: such mistakes come together.
    pub(super) fn is_about_method(&self) -> bool {
        match self {
            Self::SequenceNumber(number) => *number <= 2,
            Self::Holds(_) | Self::HalvesExchanged | Self::CardKey(_) | Self::SessionKey(_) => true,
            Self::Input(_) | Self::Mac(_) | Self::Version(_) => true,
            Self::Field(field) => matches!(field, Field::AmountOtherZero | Field::TvrZero),
            _ => false,
        }
    }

    /// What cannot be changed twice.
    pub(super) const fn axis(&self) -> u8 {
        match self {
            Self::Version(_) => 0,
            Self::Holds(_) => 1,
            Self::HalvesExchanged => 2,
            Self::SequenceNumber(_) => 3,
            Self::CardKey(_) => 4,
            Self::SessionKey(_) => 5,
            Self::Input(_) => 6,
            Self::Mac(_) => 7,
            Self::Exchanged(..) | Self::Without(_) | Self::Cut(_) | Self::Reversed | Self::IadFirst => 8,
            Self::CryptogramType(_) => 9,
            Self::Field(field) => 10 + field.object(),
            Self::Near(near) => 10 + near.object(),
            Self::Counter(_) => 10 + Field::AtcNext.object(),
        }
    }

    pub(super) fn apply(&self, setup: &mut Setup<'_>) {
        match *self {
            Self::Version(version) => setup.method = version.method,
            Self::Holds(holds) => setup.holds = holds,
            Self::HalvesExchanged => setup.swapped = true,
            Self::SequenceNumber(number) => setup.psn = number,
            Self::CardKey(key) => setup.method.card_key = key,
            Self::SessionKey(key) => setup.method.session_key = key,
            Self::Input(input) => setup.method.input = input,
            Self::Mac(mac) => setup.method.mac = mac,
            Self::Field(field) => field.apply(&mut setup.data),
            Self::Counter(atc) => setup.data.atc = atc.to_be_bytes(),
            Self::CryptogramType(types) => setup.set_types(types),
            Self::Exchanged(one, other) => setup.order = Order::Exchanged(one, other),
            Self::Without(one) => setup.order = Order::Without(one),
            Self::Cut(length) => setup.order = Order::Cut(length),
            Self::Reversed => setup.order = Order::Reversed,
            Self::IadFirst => setup.order = Order::IadFirst,
            Self::Near(near) => near.apply(setup),
        }
    }

    /// What it is and what that means, in a sentence.
    pub fn words(&self) -> String {
        let name = |part: usize| NAMES.get(part).copied().unwrap_or("a data object");
        match *self {
            Self::Version(version) => {
                format!(
                    "it is computed as {}: the version in 9F10, or the one you named, is not the card's",
                    version.title
                )
            }
            Self::Holds(Holds::Card) => {
                "the key is the card's master key, not the issuer's: nothing is derived from the PAN".to_owned()
            }
            Self::Holds(Holds::Session) => "the key is the session key itself: nothing is derived from it".to_owned(),
            Self::Holds(Holds::IssuerMaster) => {
                "the key is the issuer's master key: the card's has to be derived from it".to_owned()
            }
            Self::HalvesExchanged => {
                "the halves of the key are exchanged: components or exports were put together the wrong way round"
                    .to_owned()
            }
            Self::SequenceNumber(0) => {
                "the PAN sequence number is 00: the card was made without one, or the host leaves 5F34 out".to_owned()
            }
            Self::SequenceNumber(number) => {
                format!("the PAN sequence number is {number:02X}: not the one that was given")
            }
            Self::CardKey(key) => format!("the card's key is derived with option {key:?}"),
            Self::SessionKey(key) => session_words(key).to_owned(),
            Self::Input(input) => input_words(input),
            Self::Mac(mac) => mac_words(mac).to_owned(),
            Self::Field(field) => field.words().to_owned(),
            Self::Counter(atc) => {
                format!("9F36 is {atc:04X} in the card's data: the ATC is that of another transaction, or was changed")
            }
            Self::CryptogramType(types) => types_words(types).to_owned(),
            Self::Exchanged(one, other) => format!(
                "{} and {} stand in each other's place: another order of data, as another CDOL would give",
                name(one),
                name(other)
            ),
            Self::Without(one) => format!("{} is left out of the data", name(one)),
            Self::Near(near) => near.words(),
            Self::Reversed => "the data objects are in reverse order".to_owned(),
            Self::IadFirst => "9F10 comes before the other data objects".to_owned(),
            Self::Cut(length) => format!(
                "it is over the first {length} bytes of the data only: the rest was cut off, or is not part of this version"
            ),
        }
    }
}

const fn session_words(key: SessionKey) -> &'static str {
    match key {
        SessionKey::None => "there is no session key: the card's master key is used itself",
        SessionKey::Common => "the session key is the common one over the ATC (EMV CSK)",
        SessionKey::Mastercard => "the session key is Mastercard's SKD over ATC and unpredictable number",
        SessionKey::Tree(tree) if tree.branches == 4 => "the session key comes from the EMV 2000 tree, branch factor 4",
        SessionKey::Tree(_) => "the session key comes from the EMV 2000 tree, branch factor 2",
        SessionKey::UnionPay => "the session key is UnionPay's over the ATC and its complement",
    }
}

const fn types_words(types: u8) -> &'static str {
    match types {
        0x80 => "the CVR in 9F10 say that the card answered with an AAC: it is another cryptogram of the transaction",
        0x90 => "the CVR in 9F10 say that the card answered with a TC: it is another cryptogram of the transaction",
        0xA0 => {
            "the CVR in 9F10 say that the card answered with an ARQC and was not asked again: 9F10 is that of a later answer"
        }
        0x20 => "the CVR in 9F10 say that an AAC followed the ARQC: 9F10 is that of another answer",
        _ => "the CVR in 9F10 say that a TC followed the ARQC: 9F10 is that of another answer",
    }
}

fn input_words(input: Input) -> String {
    match input {
        Input::WithIad(_) => "the whole of 9F10 is part of the data, not only the CVR".to_owned(),
        Input::Table26 => "nothing of 9F10 is part of the data".to_owned(),
        Input::Short(_) => {
            "only amount, unpredictable number, ATC and one byte of the CVR are part of the data (Visa CVN 17)"
                .to_owned()
        }
        Input::WithPart(from, to) => format!("of 9F10 only bytes {} to {to} are part of the data: the CVR", from + 1),
        Input::WithParts([from, to], [second, 0]) => {
            format!(
                "of 9F10 bytes {} to {to} and from {} on are part of the data: CVR and counters",
                from + 1,
                second + 1
            )
        }
        Input::WithParts([from, to], [second, end]) => {
            format!(
                "of 9F10 bytes {} to {to} and {} to {end} are part of the data: CVR and counters",
                from + 1,
                second + 1
            )
        }
    }
}

const fn mac_words(mac: Mac) -> &'static str {
    match mac {
        Mac::Retail(Padding::Zero) => "the data are padded with zeros (ISO 9797-1 method 1)",
        Mac::Retail(Padding::Iso) => "the data are padded with 80 and zeros (ISO 9797-1 method 2)",
        Mac::Triple(Padding::Zero) => "the MAC is triple DES in every block (algorithm 1), padded with zeros",
        Mac::Triple(Padding::Iso) => "the MAC is triple DES in every block (algorithm 1), padded with 80 and zeros",
        Mac::Cmac => "the MAC is AES CMAC",
    }
}
