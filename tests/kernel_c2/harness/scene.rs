//! The scene that tests begin with, and what they change of it.

use std::collections::BTreeMap;

use emvtap::{apdu::LinkFault, kernel::c2::Options};

use super::{CDOL, Said, Scene, ca_keys, chain, hex, list, map, word};

/// The terminal of the default scene: online and offline, CDA, online PIN and signature above the CVM limit, no CVM below.
const TERMINAL: [(u32, &str); 24] = [
    (0x9F02, "000000001000"),
    (0x9F03, "000000000000"),
    (0x5F2A, "0978"),
    (0x9A, "261121"),
    (0x9F21, "120000"),
    (0x9C, "00"),
    (0x9F1A, "0276"),
    (0x9F37, "8B55633B"),
    (0x9F35, "22"),
    (0x9F40, "6000F0A001"),
    (0x9F1E, "3030303030303031"),
    (0xDF8117, "E0"),
    (0xDF8118, "60"),
    (0xDF8119, "08"),
    (0xDF811B, "20"),
    (0xDF811E, "10"),
    (0xDF811F, "08"),
    (0xDF812C, "00"),
    (0xDF8120, "0000000000"),
    (0xDF8121, "0000000000"),
    (0xDF8122, "0000008000"),
    (0xDF8123, "000000010000"),
    (0xDF8126, "000000005000"),
    (0xDF8124, "000000030000"),
];

impl Default for Scene {
    /// A card with CDA whose issuer lets it approve offline, and 10.00 EUR.
    fn default() -> Self {
        let chain = chain();
        let (issuer, icc) = (&chain["issuer"], &chain["icc"]);
        let mut records = BTreeMap::new();
        let pan = [(0x5A, "5413330089020011"), (0x5F34, "01"), (0x5F24, "491231"), (0x5F25, "250101"), (0x9F4A, "82")];
        records.insert((2, 1), list(&pan));
        records.insert((11, 1), list(&[(0x5F28, "0056"), (0x9F07, "FFC0")]));
        let issuer =
            [(0x8F, "E0"), (0x90, word(&issuer["certificate"])), (0x92, word(&issuer["remainder"])), (0x9F32, "03")];
        records.insert((3, 1), list(&issuer));
        let card = [
            (0x9F46, word(&icc["certificate"])),
            (0x9F47, "03"),
            (0x9F48, word(&icc["remainder"])),
            (0x57, "5413330089020011D49122010000000000000F"),
        ];
        records.insert((3, 2), list(&card));
        let lists = [
            (0x8C, CDOL),
            (0x8E, "0000000000000000 4203 1E03 1F03"),
            (0x9F0D, "0000000000"),
            (0x9F0E, "0000000000"),
            (0x9F0F, "0000000000"),
            (0x9F08, "0002"),
            (0x9F42, "0978"),
        ];
        records.insert((3, 3), list(&lists));
        let mut terminal = map(&TERMINAL);
        terminal.insert(0xDF8125, hex("000000050000"));
        Self {
            options: Options::default(),
            terminal,
            proprietary: map(&[(0x50, "4D617374657263617264"), (0x5F2D, "6465656E")]),
            discretionary: BTreeMap::new(),
            fci: None,
            profile: map(&[(0x82, "1981"), (0x94, "10010101 58010101 18010300")]),
            records,
            answer: map(&[(0x9F36, "0042"), (0x9F10, "0110A00003220000000000000000000000FF")]),
            gives: None,
            signs: true,
            more: Vec::new(),
            scripted: BTreeMap::new(),
            times: "0010 0050 0018",
            elapsed: vec![10_000],
            said: Vec::new(),
            interjected: BTreeMap::new(),
            trust: ca_keys(),
            kept: Vec::new(),
            number: 680,
        }
    }
}

impl Scene {
    pub fn terminal(mut self, tag: u32, value: &str) -> Self {
        self.terminal.insert(tag, hex(value));
        self
    }

    pub fn without_terminal(mut self, tag: u32) -> Self {
        self.terminal.remove(&tag);
        self
    }

    pub fn amount(self, amount: &str) -> Self {
        self.terminal(0x9F02, amount)
    }

    pub fn profile(mut self, tag: u32, value: &str) -> Self {
        self.profile.insert(tag, hex(value));
        self
    }

    pub fn answer(mut self, tag: u32, value: &str) -> Self {
        self.answer.insert(tag, hex(value));
        self
    }

    /// Puts an object into the last record.
    pub fn card(mut self, tag: u32, value: &str) -> Self {
        self.without_card_object(tag);
        self.records.entry((3, 3)).or_default().push((tag, hex(value)));
        self
    }

    /// Takes an object out of all records.
    pub fn without_card(mut self, tag: u32) -> Self {
        self.without_card_object(tag);
        self
    }

    fn without_card_object(&mut self, tag: u32) {
        for record in self.records.values_mut() {
            record.retain(|(other, _)| *other != tag);
        }
    }

    pub fn discretionary(mut self, tag: u32, value: &str) -> Self {
        self.discretionary.insert(tag, hex(value));
        self
    }

    pub fn proprietary(mut self, tag: u32, value: &str) -> Self {
        self.proprietary.insert(tag, hex(value));
        self
    }

    /// The answer to the n-th command, from 0, of an instruction.
    pub fn script(mut self, instruction: u8, nth: usize, reply: &str) -> Self {
        self.scripted.insert((instruction, nth), Ok(hex(reply)));
        self
    }

    pub fn lose(mut self, instruction: u8, nth: usize) -> Self {
        self.scripted.insert((instruction, nth), Err(LinkFault::Timeout));
        self
    }

    pub fn says(mut self, said: &str) -> Self {
        self.said.push(Said::Objects(said.to_owned()));
        self
    }

    pub fn says_stop(mut self) -> Self {
        self.said.push(Said::Stop);
        self
    }

    /// While the card works on the n-th command.
    pub fn interject(mut self, nth: usize, said: Said) -> Self {
        self.interjected.insert(nth, said);
        self
    }

    pub fn option(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    pub fn gives(mut self, cid: u8) -> Self {
        self.gives = Some(cid);
        self
    }

    pub fn unsigned(mut self) -> Self {
        self.signs = false;
        self
    }

    pub fn kept(mut self, kept: &[u8]) -> Self {
        self.kept = kept.to_vec();
        self
    }

    /// Without CDA on the reader's side.
    pub fn no_cda(self) -> Self {
        self.terminal(0xDF811F, "00")
    }
}
