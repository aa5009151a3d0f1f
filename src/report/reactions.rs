//! What kernels and Entry Point make of status words: the one table.

/// The command a card answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
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

/// What a kernel makes of a status word other than 9000.
#[derive(Clone, Copy, Debug)]
pub struct Reaction {
    /// The command before it.
    pub after: Command,
    /// The kernel's number; 0 for Entry Point.
    pub kernel: u8,
    /// The status word; 0 for any other.
    pub status: u16,
    /// What follows.
    pub words: &'static str,
}

impl Reaction {
    /// `C-3`, `Entry Point`.
    pub fn who(&self) -> String {
        if self.kernel == 0 { "Entry Point".to_owned() } else { format!("C-{}", self.kernel) }
    }
}

const fn reaction(after: Command, kernel: u8, status: u16, words: &'static str) -> Reaction {
    Reaction { after, kernel, status, words }
}

const REACTIONS: &[Reaction] = &[
    reaction(Command::Ppse, 0, 0, "no candidates: end application (B 3.3.2.3)"),
    reaction(Command::Select, 0, 0, "the next candidate is selected (B 3.3.3.5)"),
    reaction(Command::Gpo, 2, 0, "select next"),
    reaction(
        Command::Gpo,
        3,
        0x6984,
        "try another interface, the contact chip, if the reader is in EMV mode (C-3 5.2.2.2)",
    ),
    reaction(Command::Gpo, 3, 0x6985, "select next (C-3 5.2.2.2)"),
    reaction(
        Command::Gpo,
        3,
        0x6986,
        "try again: see phone, then present it again, if the reader is in EMV mode (C-3 5.2.2.2)",
    ),
    reaction(Command::Gpo, 3, 0, "end application (C-3 5.2.2.2)"),
    reaction(Command::Gpo, 4, 0, "end application"),
    reaction(Command::Gpo, 5, 0, "select next"),
    reaction(Command::Gpo, 6, 0x6984, "try another interface"),
    reaction(Command::Gpo, 6, 0x6986, "try again: see phone"),
    reaction(Command::Gpo, 6, 0, "select next"),
    reaction(Command::Gpo, 7, 0x6984, "try another interface"),
    reaction(Command::Gpo, 7, 0x6985, "select next"),
    reaction(Command::Gpo, 7, 0x6986, "try again: verify on the device"),
    reaction(Command::Gpo, 7, 0, "try another interface if the reader has a contact chip, else end application"),
    reaction(Command::Gpo, 8, 0, "select next"),
    reaction(Command::ReadRecord, 2, 0, "end application: try another card (C-2 S4.9)"),
    reaction(Command::ReadRecord, 3, 0, "end application (C-3 5.4.1)"),
    reaction(Command::ReadRecord, 5, 0, "select next"),
    reaction(Command::GenerateAc, 2, 0, "end application: try another card (C-2 S9.16)"),
    reaction(Command::GenerateAc, 4, 0x6984, "of a phone, the first time: try again"),
    reaction(Command::GenerateAc, 4, 0, "end application"),
    reaction(Command::GenerateAc, 5, 0x6984, "try another interface, the contact chip"),
    reaction(Command::GenerateAc, 5, 0x6986, "end application, then again after verification on the device"),
    reaction(Command::GenerateAc, 5, 0, "select next"),
    reaction(Command::GetData, 2, 0, "the object counts as empty; the transaction goes on (C-2 S5.24)"),
];

/// What is made of a status word, by everybody who makes something of it.
pub fn to(status: u16) -> impl Iterator<Item = &'static Reaction> {
    let special = move |of: &Reaction| {
        REACTIONS.iter().any(|other| (other.after, other.kernel, other.status) == (of.after, of.kernel, status))
    };
    REACTIONS.iter().filter(move |one| one.status == status || one.status == 0 && !special(one))
}
