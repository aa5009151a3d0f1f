//! Which reader is meant.

use super::{Reader, Trouble};

/// What kind of card a reader takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interface {
    /// Over the air.
    Contactless,
    /// With contacts.
    Contact,
    /// A security module inside the reader.
    Sam,
    /// Nobody can tell.
    Unknown,
}

/// Parts of reader names, in lower case, that tell the interface. The first that fits counts: a device that names one
/// interface in each of its readers names the device in all of them.
const NAMES: &[(&str, Interface)] = &[
    ("contactless", Interface::Contactless),
    ("picc", Interface::Contactless),
    ("virtual pcd", Interface::Contactless),
    (" sam", Interface::Sam),
    (" icc", Interface::Contact),
    ("[icc", Interface::Contact),
    ("contact", Interface::Contact),
    ("-cl", Interface::Contactless),
    (" cl", Interface::Contactless),
    ("nfc", Interface::Contactless),
    ("pn53", Interface::Contactless),
    ("acr122", Interface::Contactless),
    ("acr125", Interface::Contactless),
    ("acr1552", Interface::Contactless),
    ("5022", Interface::Contactless),
    ("5025", Interface::Contactless),
    ("5027", Interface::Contactless),
    ("acr38", Interface::Contact),
    ("acr39", Interface::Contact),
    ("pinpad", Interface::Contact),
    ("3121", Interface::Contact),
];

impl Interface {
    /// By the ATR of the card, if there is one, else by the name.
    pub fn guess(name: &str, atr: &[u8]) -> Self {
        if is_contactless_atr(atr) {
            return Self::Contactless;
        }
        let name = name.to_lowercase();
        NAMES.iter().find(|(part, _)| name.contains(part)).map_or(Self::Unknown, |(_, interface)| *interface)
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Contactless => "contactless",
            Self::Contact => "contact",
            Self::Sam => "security module",
            Self::Unknown => "unknown interface",
        }
    }
}

/// Whether PC/SC made this ATR up for a contactless card: `3B 8n 80 01`, n historical bytes and a check byte
/// (PC/SC part 3, 3.1.3.2.3.1).
pub fn is_contactless_atr(atr: &[u8]) -> bool {
    matches!(atr, [0x3B, counted, 0x80, 0x01, rest @ ..]
        if counted & 0xF0 == 0x80 && rest.len() == usize::from(counted & 0x0F) + 1)
}

/// Which reader a person wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The contactless one.
    Any,
    /// A number from 1, a name, or a part of one.
    Called(String),
}

impl Wanted {
    /// The reader meant.
    ///
    /// Of several, contactless ones are meant; of several of those any that holds a card, else the first.
    ///
    /// # Errors
    /// [`Trouble::NoReader`], [`Trouble::NoSuchReader`], [`Trouble::SeveralReaders`].
    pub fn pick<'a>(&self, readers: &'a [Reader]) -> Result<&'a Reader, Trouble> {
        match self {
            Self::Any => any(readers).ok_or(Trouble::NoReader),
            Self::Called(wanted) => called(wanted, readers),
        }
    }
}

fn any(readers: &[Reader]) -> Option<&Reader> {
    let of = |interface| readers.iter().filter(move |reader| reader.interface() == interface);
    let contactless = || of(Interface::Contactless);
    let with_card = contactless().find(|reader| !reader.atr.is_empty());
    with_card.or_else(|| contactless().next()).or_else(|| of(Interface::Unknown).next()).or(readers.first())
}

fn called<'a>(wanted: &str, readers: &'a [Reader]) -> Result<&'a Reader, Trouble> {
    let names = |readers: &[&Reader]| readers.iter().map(|reader| reader.name.clone()).collect();
    if let Some(exact) = readers.iter().find(|reader| reader.name == wanted) {
        return Ok(exact);
    }
    let number = wanted.parse::<usize>().ok();
    let by_number = readers.iter().find(|reader| Some(reader.number) == number);
    if let Some(numbered) = by_number {
        return Ok(numbered);
    }
    let part = wanted.to_lowercase();
    let fitting: Vec<&Reader> = readers.iter().filter(|reader| reader.name.to_lowercase().contains(&part)).collect();
    let contactless: Vec<&Reader> =
        fitting.iter().copied().filter(|reader| reader.interface() == Interface::Contactless).collect();
    match (&fitting[..], &contactless[..]) {
        ([], _) if readers.is_empty() => Err(Trouble::NoReader),
        ([], _) => {
            let known = names(&readers.iter().collect::<Vec<_>>());
            Err(Trouble::NoSuchReader { wanted: wanted.to_owned(), known })
        }
        ([one], _) | (_, [one]) => Ok(one),
        _ => Err(Trouble::SeveralReaders { wanted: wanted.to_owned(), fitting: names(&fitting) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::pcsc::State;

    fn readers(names: &[&str]) -> Vec<Reader> {
        let reader = |(at, name): (usize, &&str)| Reader {
            number: at + 1,
            name: (*name).to_owned(),
            state: State::Empty,
            atr: Vec::new(),
        };
        names.iter().enumerate().map(reader).collect()
    }

    /// Names as pcsc-lite's CCID driver shows them (list of supported readers, ccid.apdu.fr).
    #[test]
    fn interfaces_by_name() {
        for (name, interface) in [
            ("ACS ACR122U PICC Interface 00 00", Interface::Contactless),
            ("ACS ACR1252 1S CL Reader [ACR1252 Dual Reader SAM] 01 00", Interface::Sam),
            ("ACS ACR1281 1S Dual Reader [ACR1281U-C1 ICC] 00 00", Interface::Contact),
            ("ACS ACR1281 1S Dual Reader [ACR1281U-C1 PICC] 00 01", Interface::Contactless),
            ("HID Global OMNIKEY 5022 Smart Card Reader 00 00", Interface::Contactless),
            ("HID OMNIKEY 5422CL Smartcard Reader 00 00", Interface::Unknown),
            ("Virtual PCD 00 00", Interface::Contactless),
            ("SCM Microsystems Inc. SCR 355 [CCID Interface] 00 00", Interface::Unknown),
        ] {
            assert_eq!(Interface::guess(name, &[]), interface, "{name}");
        }
    }

    /// ATRs from the list of Ludovic Rousseau's pcsc-tools: no historical bytes, two contactless bank and transport cards,
    /// a bank card with contacts.
    #[test]
    fn atrs_tell_contactless_cards() {
        for (atr, contactless) in
            [("3B80800101", true), ("3B828001030202", true), ("3B8280014792D6", true), ("3B6500002063CB6800", false)]
        {
            assert_eq!(is_contactless_atr(&hex::decode(atr).unwrap()), contactless, "{atr}");
        }
        assert!(!is_contactless_atr(&[0x3B, 0x82, 0x80, 0x01, 0x03, 0x02]), "one byte is missing");
    }

    #[test]
    fn a_reader_by_number_name_or_part() {
        let two = readers(&["ACS ACR1281 [ICC] 00 00", "ACS ACR1281 [PICC] 00 01", "Other 2 contact 01 00"]);
        let pick = |wanted: &str| Wanted::Called(wanted.to_owned()).pick(&two).map(|reader| reader.number);
        assert_eq!(Wanted::Any.pick(&two).unwrap().number, 2);
        assert_eq!(pick("2"), Ok(2));
        assert_eq!(pick("other"), Ok(3));
        assert_eq!(pick("acr"), Ok(2), "the contactless one of two");
        assert_eq!(pick("ACS ACR1281 [ICC] 00 00"), Ok(1));
        let contacts = readers(&["A contact", "B contact"]);
        let several = Wanted::Called("contact".to_owned()).pick(&contacts);
        assert!(matches!(several, Err(Trouble::SeveralReaders { fitting, .. }) if fitting.len() == 2));
        assert!(matches!(pick("omnikey"), Err(Trouble::NoSuchReader { known, .. }) if known.len() == 3));
        assert_eq!(Wanted::Any.pick(&[]), Err(Trouble::NoReader));
        assert_eq!(Wanted::Called("x".to_owned()).pick(&[]), Err(Trouble::NoReader));
    }
}
