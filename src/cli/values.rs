//! Single values of the command line: text in, value or sentence out.

use crate::{
    data::{
        Scope,
        dictionary::{self, Origin},
        text::terminal_object,
    },
    diag::suggest,
    kernel::outcome::OutcomeResult,
    terminal::Currency,
    time::DateTime,
    tlv::Tag,
};

/// How a transaction is expected to end: an Outcome or a disposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected(&'static str);

/// The final words after the host.
const DISPOSITIONS: [&str; 3] = ["approved", "declined", "none"];

impl Expected {
    /// The name of what is expected.
    pub const fn name(&self) -> &'static str {
        self.0
    }

    /// Whether a transaction that ended like this is the expected one. A name that is both, like `approved`, may be either:
    /// an online request that the issuer approves is approved.
    pub fn is_met(&self, result: Option<OutcomeResult>, disposition: &str) -> bool {
        self.0 == disposition
            || result.is_some_and(|result| result.name() == self.0 && !contradicted(result, disposition))
    }
}

/// Whether the final word takes back what the Outcome says.
fn contradicted(result: OutcomeResult, disposition: &str) -> bool {
    matches!((result, disposition), (OutcomeResult::Approved, "declined") | (OutcomeResult::Declined, "approved"))
}

/// Outcomes that Entry Point acts on by itself (Book A, table 6-1): no transaction ends with one.
const INSIDE: [OutcomeResult; 2] = [OutcomeResult::SelectNext, OutcomeResult::TryAgain];

/// Reads `--expect`.
pub fn expected(text: &str) -> Result<Expected, String> {
    if INSIDE.iter().any(|result| result.name() == text) {
        return Err(
            "Entry Point goes on by itself after this Outcome; expect what the transaction ends with, and see \
                    `outcomes` of --format json for what came before"
                .to_owned(),
        );
    }
    let finals = OutcomeResult::ALL.iter().filter(|result| !INSIDE.contains(result));
    let mut names: Vec<&'static str> = finals.map(|result| result.name()).collect();
    names.extend(DISPOSITIONS.iter().filter(|name| !names.contains(name)).copied().collect::<Vec<_>>());
    match names.iter().find(|name| **name == text) {
        Some(name) => Ok(Expected(name)),
        None => Err(format!("no transaction ends like that; {}", suggest(text, names))),
    }
}

/// Another value for a data object of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The object.
    pub tag: Tag,
    /// Its value.
    pub value: Vec<u8>,
    /// As the person wrote it.
    pub text: String,
}

/// What a transaction brings with it, so that a terminal's value would never be seen, and what says it instead.
const OF_THE_TRANSACTION: [(Tag, &str); 6] = [
    (dictionary::AMOUNT_AUTHORISED_9F02, "the amount after `pay`"),
    (dictionary::AMOUNT_OTHER_9F03, "--other"),
    (dictionary::TRANSACTION_TYPE_9C, "--type"),
    (dictionary::TRANSACTION_DATE_9A, "--clock"),
    (dictionary::TRANSACTION_TIME_9F21, "--clock"),
    (dictionary::UNPREDICTABLE_NUMBER_9F37, "--seed"),
];

/// Reads a data object: the tag in hex or by name, and the value in hex.
pub fn object(text: &str) -> Result<Override, String> {
    let (name, value) = text.split_once('=').ok_or("wanted TAG=HEX, like 9F33=E0F8C8")?;
    let (tag, value) = terminal_object(name, value)?;
    Ok(Override { tag, value, text: text.to_owned() })
}

/// Reads `--set` of a terminal: a data object that a terminal has, and that nothing else says.
pub fn overriding(text: &str) -> Result<Override, String> {
    let name = text.split('=').next().unwrap_or_default();
    if let Ok(tag) = dictionary::tag_named(name.trim(), Some(Scope::EntryPoint)) {
        let rows = dictionary::rows(tag);
        if let [row, ..] = rows
            && rows.iter().all(|row| row.origin == Origin::Card)
        {
            let name = row.name;
            return Err(format!(
                "{name} ({tag}) is the card's to give; state it under `data` of a card file that `extends` one"
            ));
        }
        if let Some((_, flag)) = OF_THE_TRANSACTION.iter().find(|(known, _)| *known == tag) {
            return Err(format!("{tag} is new with every transaction; {flag} says it"));
        }
    }
    object(text)
}

/// Reads `--clock`.
pub fn moment(text: &str) -> Result<DateTime, String> {
    text.parse().map_err(str::to_owned)
}

/// Reads `--currency`: letters or digits of ISO 4217.
pub fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text)
        .ok_or_else(|| "wanted a currency of ISO 4217, by three letters or three digits: EUR or 978".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_online_request_that_the_issuer_approves_is_approved() {
        let approved = expected("approved").unwrap();
        assert!(approved.is_met(Some(OutcomeResult::OnlineRequest), "approved"));
        assert!(!approved.is_met(Some(OutcomeResult::OnlineRequest), "declined"));
        assert!(!approved.is_met(Some(OutcomeResult::Approved), "declined"));
        assert!(expected("online-request").unwrap().is_met(Some(OutcomeResult::OnlineRequest), "declined"));
        assert!(expected("none").unwrap().is_met(None, "none"));
    }

    #[test]
    fn a_misspelt_outcome_gets_a_hint() {
        assert!(expected("aproved").unwrap_err().ends_with("did you mean `approved`?"));
        assert!(!expected("try-agian").unwrap_err().contains("did you mean `try-again`"));
    }

    #[test]
    fn an_outcome_that_no_transaction_ends_with_cannot_be_expected() {
        for name in ["try-again", "select-next"] {
            assert!(expected(name).unwrap_err().starts_with("Entry Point goes on by itself"), "{name}");
        }
    }

    #[test]
    fn objects_are_set_by_tag_or_name() {
        for text in ["9F66=36004000", "TTQ=36 00 40 00", "ttq=36004000", "terminal transaction qualifiers=36004000"] {
            let over = overriding(text).unwrap();
            assert_eq!((over.tag, over.value), (Tag::new(0x9F66), vec![0x36, 0x00, 0x40, 0x00]), "{text}");
        }
    }

    #[test]
    fn wrong_overrides_say_what_is_wrong() {
        for (text, part) in [
            ("9F66", "wanted TAG=HEX"),
            ("9F66=36", "has 4 bytes, found 1"),
            ("9F66=xx", "is not hex"),
            ("Terminal Capabilites=E0F8C8", "did you mean `Terminal Capabilities`?"),
            ("9F02=000000000100", "the amount after `pay` says it"),
            ("9F37=01020304", "--seed says it"),
            ("9F6C=0000", "is the card's to give"),
            ("nonsense=00", "no single data object is called `nonsense`"),
        ] {
            let error = overriding(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn currencies_are_letters_or_digits() {
        assert_eq!(currency("EUR").map(Currency::code), Ok("EUR"));
        assert_eq!(currency("826").map(Currency::code), Ok("GBP"));
        assert!(currency("EURO").is_err());
    }
}
