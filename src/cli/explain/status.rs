//! Status words: what they say, what kernels make of them, and what usually is behind them.

use clap::ValueEnum;

use super::page::Page;
use crate::{
    apdu::StatusWord,
    report::reactions::{self, Command},
};

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
    const fn reaction(self) -> Command {
        match self {
            Self::Ppse => Command::Ppse,
            Self::Select => Command::Select,
            Self::Gpo => Command::Gpo,
            Self::ReadRecord => Command::ReadRecord,
            Self::GenerateAc => Command::GenerateAc,
            Self::GetData => Command::GetData,
        }
    }
}

const fn command(command: Command) -> &'static str {
    match command {
        Command::Ppse => "SELECT PPSE",
        Command::Select => "SELECT",
        Command::Gpo => "GET PROCESSING OPTIONS",
        Command::ReadRecord => "READ RECORD",
        Command::GenerateAc => "GENERATE AC",
        Command::GetData => "GET DATA",
    }
}

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
    let relevant = reactions::to(status.0).filter(|one| {
        let asked = after.is_none_or(|after| after.reaction() == one.after);
        // Without a command only what is special is worth a line.
        asked && class != "success" && (after.is_some() || one.status == status.0)
    });
    let reactions = relevant
        .filter(|one| kernel.is_none_or(|kernel| one.kernel == kernel || one.kernel == 0))
        .map(|one| vec![format!("after {}", command(one.after)), one.who(), one.words.to_owned()])
        .collect();
    let causes = CAUSES.iter().filter(|(of, code, _)| wanted(*of) && *code == status.0);
    let causes: Vec<Vec<String>> =
        causes.map(|(of, _, words)| vec![format!("after {}", command(of.reaction())), (*words).to_owned()]).collect();
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
