//! Status words: what they say, what kernels make of them, and what usually is behind them.

use clap::ValueEnum;

use super::page::Page;
use crate::apdu::StatusWord;

/// The command a card answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum After {
    /// SELECT PPSE
    Ppse,
    /// SELECT of an application
    Select,
    /// GET PROCESSING OPTIONS
    Gpo,
    /// READ RECORD
    ReadRecord,
    /// GENERATE AC
    GenerateAc,
    /// GET DATA
    GetData,
}

impl After {
    const fn command(self) -> &'static str {
        match self {
            Self::Ppse => "SELECT PPSE",
            Self::Select => "SELECT",
            Self::Gpo => "GET PROCESSING OPTIONS",
            Self::ReadRecord => "READ RECORD",
            Self::GenerateAc => "GENERATE AC",
            Self::GetData => "GET DATA",
        }
    }
}

/// What a kernel makes of a status word other than 9000 (0: of any other).
struct Reaction {
    after: After,
    /// The kernel's number; 0 for Entry Point.
    kernel: u8,
    status: u16,
    words: &'static str,
}

const fn reaction(after: After, kernel: u8, status: u16, words: &'static str) -> Reaction {
    Reaction { after, kernel, status, words }
}

const REACTIONS: &[Reaction] = &[
    reaction(After::Ppse, 0, 0, "no candidates: end application (B 3.3.2.3)"),
    reaction(After::Select, 0, 0, "the next candidate is selected (B 3.3.3.5)"),
    reaction(After::Gpo, 2, 0, "select next"),
    reaction(
        After::Gpo,
        3,
        0x6984,
        "try another interface, the contact chip, if the reader is in EMV mode (C-3 5.2.2.2)",
    ),
    reaction(After::Gpo, 3, 0x6985, "select next (C-3 5.2.2.2)"),
    reaction(
        After::Gpo,
        3,
        0x6986,
        "try again: see phone, then present it again, if the reader is in EMV mode (C-3 5.2.2.2)",
    ),
    reaction(After::Gpo, 3, 0, "end application (C-3 5.2.2.2)"),
    reaction(After::Gpo, 4, 0, "end application"),
    reaction(After::Gpo, 5, 0, "select next"),
    reaction(After::Gpo, 6, 0x6984, "try another interface"),
    reaction(After::Gpo, 6, 0x6986, "try again: see phone"),
    reaction(After::Gpo, 6, 0, "select next"),
    reaction(After::Gpo, 7, 0x6984, "try another interface"),
    reaction(After::Gpo, 7, 0x6985, "select next"),
    reaction(After::Gpo, 7, 0x6986, "try again: verify on the device"),
    reaction(After::Gpo, 7, 0, "try another interface if the reader has a contact chip, else end application"),
    reaction(After::Gpo, 8, 0, "select next"),
    reaction(After::ReadRecord, 3, 0, "end application (C-3 5.4.1)"),
    reaction(After::ReadRecord, 5, 0, "select next"),
    reaction(After::GenerateAc, 4, 0x6984, "of a phone, the first time: try again"),
    reaction(After::GenerateAc, 4, 0, "end application"),
    reaction(After::GenerateAc, 5, 0x6984, "try another interface, the contact chip"),
    reaction(After::GenerateAc, 5, 0x6986, "end application, then again after verification on the device"),
    reaction(After::GenerateAc, 5, 0, "select next"),
];

/// What usually is behind it, most likely first.
const CAUSES: &[(After, u16, &str)] = &[
    (
        After::Ppse,
        0x6A82,
        "the card has no contactless application, or a contact slot was asked instead of the antenna",
    ),
    (After::Ppse, 0x6A82, "the name is that of the contact directory (1PAY.SYS.DDF01)"),
    (After::Select, 0x6A82, "the application identifier is not on the card, or is longer than the card's"),
    (After::Select, 0x6283, "the issuer has blocked the application"),
    (
        After::Gpo,
        0x6700,
        "the data do not have the length that the PDOL asks for, or the data are empty though there is a PDOL",
    ),
    (After::Gpo, 0x6700, "template 83 or its length is missing"),
    (
        After::Gpo,
        0x6985,
        "a value in the PDOL data does not suit the card: amount, currency, country, transaction type, TTQ",
    ),
    (After::Gpo, 0x6985, "the application was selected by another name, or is blocked"),
    (After::Gpo, 0x6986, "a phone that wants its owner verified first"),
    (After::ReadRecord, 0x6A83, "a record that the AFL does not name; lengths and numbers in an AFL are hex"),
    (
        After::GenerateAc,
        0x6700,
        "the data do not have the length that the CDOL asks for; lengths in a CDOL are hex: 14 is 20 bytes",
    ),
    (After::GenerateAc, 0x6985, "P1 does not ask for a CDA signature though the card and the terminal support one"),
    (After::GenerateAc, 0x6985, "TVR or CVM Results in the CDOL data are not plausible to the card"),
    (After::GenerateAc, 0x6985, "a cryptogram was already given in this transaction"),
];

/// What it means, after any command or after one.
pub(super) fn page(status: StatusWord, after: Option<After>, kernel: Option<u8>) -> Option<Page> {
    let meaning = status.meaning()?;
    let tries = status.tries_left().map(|tries| format!("{tries}")).unwrap_or_default();
    let class = match status.sw1() {
        0x90 | 0x61 => "success",
        0x62 | 0x63 => "warning",
        _ => "error",
    };
    let wanted = |of: After| after.is_none_or(|after| after == of);
    let mut reactions: Vec<Vec<String>> = Vec::new();
    let relevant = REACTIONS.iter().filter(|one| wanted(one.after) && class != "success");
    for one in relevant.filter(|one| kernel.is_none_or(|kernel| one.kernel == kernel || one.kernel == 0)) {
        let exact =
            |other: &Reaction| (other.after, other.kernel) == (one.after, one.kernel) && other.status == status.0;
        let counts = one.status == status.0 || one.status == 0 && !REACTIONS.iter().any(exact);
        // Without a command only what is special is worth a line.
        if counts && (after.is_some() || one.status == status.0) {
            let who = if one.kernel == 0 { "Entry Point".to_owned() } else { format!("C-{}", one.kernel) };
            reactions.push(vec![format!("after {}", one.after.command()), who, one.words.to_owned()]);
        }
    }
    let causes = CAUSES.iter().filter(|(of, code, _)| wanted(*of) && *code == status.0);
    let causes: Vec<Vec<String>> =
        causes.map(|(of, _, words)| vec![format!("after {}", of.command()), (*words).to_owned()]).collect();
    let mut page = Page::new("sw", status.to_string(), meaning.words)
        .fact("kind", class)
        .fact("tries left", tries)
        .fact("from", "ISO 7816-4, 5.6; EMV Book 3, 6.3.5")
        .list("what kernels make of it", reactions)
        .list("usual causes", causes);
    if after.is_none() {
        page = page.see(format!("emvtap explain {status} --after gpo"));
    }
    Some(page)
}
