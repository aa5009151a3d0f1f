//! The terminal settings of the type-approval tests as data (amounts in major units of a currency with two decimals).
//!
//! A line is `transaction types | combinations | configuration`. `SC ZA ES` are the flags of status check, zero amount and
//! extended selection, with `+` or `-`; `TL FL CL` the transaction, floor and CVM limits, `TFL` the terminal floor limit.
//! What is not there is absent.

use emvtap::{
    data::Amount,
    entry::{Aid, Combination, Configuration, EntryPointData, KernelId, TransactionTable},
    tlv::Tag,
};

use super::{
    hex,
    kernel::{Notebook, TestKernel},
};

pub const VISA: &str = "A0000000031010";
pub const MASTERCARD: &str = "A0000000041010";
pub const AMEX: &str = "A0000000251010";
pub const JCB: &str = "A0000000651010";
pub const DISCOVER: &str = "A0000001523010";
pub const DISCOVER_2: &str = "A0000003241010";
pub const UNIONPAY: &str = "A0000003330101";
pub const APP1: &str = "A0000000010001";
pub const APP2: &str = "A0000000020002";
pub const APP3: &str = "A0000000030003";
pub const APP4: &str = "A0000000040004";
pub const DOMESTIC: &str = "B0000000010101";

const ALL: &str = "00 09 01 20";

type Line = (&'static str, &'static str, &'static str);

/// Setting 1: whatever card comes finds its kernel.
pub const TS1: &[Line] = &[(
    ALL,
    "VISA/01 MC/01 JCB/01 AMEX/01 MC/02 JCB/02 VISA/03 MC/03 JCB/03 AMEX/03 MC/04 JCB/04 AMEX/04 JCB/05 AMEX/05 \
     DISC/06 DISC2/06 UPI/07 APP1/21 APP2/21 APP3/21 APP4/21 DOM/21 APP2/22 APP3/22 APP1/23 APP2/23 APP3/23 APP4/23 \
     DOM/23 APP2/24 APP3/24 APP4/24 DOM/24 APP3/25 APP4/25 DOM/25 APP1/32 APP2/32 APP3/32 APP4/32 DOM/32 APP1/810978 \
     APP2/810978 APP3/810978 APP4/810978 DOM/810978 APP1/BF0840 APP2/BF0840 APP3/BF0840 APP4/BF0840 DOM/BF0840 \
     APP1/C11111 APP2/C11111 APP3/C11111 APP4/C11111 DOM/C11111 APP1/FF2222 APP2/FF2222 APP3/FF2222 APP4/FF2222 \
     DOM/FF2222",
    "SC+ ZA+ ES+ TL120 FL12 CL15 TTQ=B6208000",
)];

/// Settings 2 (Start A) and 3 (Start B): every combination of flags and limits.
pub const TS2: &[Line] = &[
    (ALL, "JCB/01 APP3/21", "ZA+ ES+ TL120 FL20 TTQ=84008000"),
    (ALL, "MC/02 APP2/22 MC/2B APP2/2B", "SC- CL10"),
    (ALL, "VISA/03 APP1/23 VISA/2B APP1/2B", "SC+ ZA- ES- TL200 TFL25 TTQ=28000000"),
    (ALL, "AMEX/04 JCB/05 APP4/24 APP3/25", "ZA- ES+ FL50 CL20 TTQ=84C08000"),
    (ALL, "MC/04 APP2/24", "ZA+ ES+ FL20 TTQ=84008000"),
    (ALL, "VISA/01 APP1/21", "SC- ES- CL10"),
    (ALL, "JCB/02 AMEX/05 APP3/22 APP4/25", "SC+ ZA+ TL200 TFL25 TTQ=28000000"),
    (ALL, "AMEX/03 APP4/23", "SC+ ZA+ ES+ FL50 CL20"),
    (ALL, "AMEX/2B APP4/2B DISC/06 UPI/07 DISC2/06", "SC- ES- TL120 CL10"),
];

/// Settings 4 (Start A) and 5.1 to 5.4 (Start B): configuration by transaction type.
pub const TS4: &[Line] = &[
    ("00", "APP3/21", "ZA+ ES+ FL20 TTQ=84008000"),
    ("00", "APP2/22 APP3/25", "SC- CL10"),
    ("00", "APP1/23", "SC+ ZA- ES- TL200 TFL25 TTQ=28000000"),
    ("00", "APP4/24", "SC- ZA- ES+ TL120 CL20 TTQ=84C08000"),
    ("20", "APP2/22", "ZA+ ES+ TL120 FL20 TTQ=84008000"),
    ("01", "APP1/23 APP3/25", "SC- ES- CL10"),
    ("09", "APP3/21", "SC+ ZA+ TL200 TFL25 TTQ=28000000"),
    ("20", "APP4/24", "SC+ ZA+ ES+ FL50 CL20"),
    ("20", "APP3/21", "ES+ FL50 TTQ=84008000"),
];

/// Settings 6 (Start A) and 7 (Start B): scheme applications, without Kernel 1.
pub const TS6: &[Line] = &[
    (ALL, "MC/02 MC/2B", "SC- CL10"),
    (ALL, "VISA/03 VISA/2B", "SC+ ZA- ES- TL200 TFL25 TTQ=28000000"),
    (ALL, "JCB/05 AMEX/04", "ZA- ES+ FL50 CL20 TTQ=84C08000"),
    (ALL, "MC/04", "ZA+ ES+ TL120 FL20 TTQ=84008000"),
    (ALL, "JCB/02 AMEX/05", "SC+ ZA+ TL200 TFL25 TTQ=28000000"),
    (ALL, "AMEX/03", "SC+ ZA+ ES+ FL50 CL20"),
    (ALL, "AMEX/2B", "SC- ES- FL100 CL10"),
];

/// Setting 8: as 1, with reserved bits in TTQ and unusual domestic kernels.
pub const TS8: &[Line] = &[(
    ALL,
    "APP1/21 APP2/21 APP3/21 APP4/21 DOM/21 APP2/22 APP3/22 APP1/23 APP2/23 APP3/23 APP4/23 DOM/23 APP2/24 APP3/24 \
     APP4/24 DOM/24 APP3/25 APP4/25 DOM/25 APP1/32 APP1/810978 DOM/810978 APP1/BF0840 DOM/BF0840 APP1/811111 \
     DOM/811111 APP1/BF2222 DOM/BF2222",
    "SC+ ZA+ ES+ TL120 FL12 CL15 TTQ=F72A8A55",
)];

/// Setting 13 (Start B): domestic kernels.
pub const TS13: &[Line] =
    &[(ALL, "APP1/23 APP2/22 APP3/21 APP3/25 APP4/24 DOM/810978 B0000000010102/BF0840", "TTQ=28000000")];

/// Terminal data that the tests look for in the kernel.
pub const TERMINAL: &[(u32, &str)] = &[
    (0x9F01, "000000000123"),
    (0x9F40, "6000F0A001"),
    (0x9F09, "0002"),
    (0x9F15, "5999"),
    (0x9F16, "313233343536373839303132333435"),
    (0x9F4E, "4120534D414C4C2053484F50"),
    (0x9F39, "07"),
    (0x9F33, "E0B0C8"),
    (0x9F1A, "0276"),
    (0x9F1C, "5445524D30303031"),
    (0x9F35, "22"),
    (0x5F2A, "0978"),
];

fn aid(name: &str) -> Aid {
    let known = match name {
        "VISA" => VISA,
        "MC" => MASTERCARD,
        "JCB" => JCB,
        "AMEX" => AMEX,
        "DISC" => DISCOVER,
        "DISC2" => DISCOVER_2,
        "UPI" => UNIONPAY,
        "APP1" => APP1,
        "APP2" => APP2,
        "APP3" => APP3,
        "APP4" => APP4,
        "DOM" => DOMESTIC,
        other => other,
    };
    Aid::new(&hex(known)).unwrap()
}

/// Reads the configuration part of a line.
pub fn entry_point_data(text: &str) -> EntryPointData {
    let mut data = EntryPointData::default();
    for word in text.split_whitespace() {
        let amount = |digits: &str| Some(Amount::parse(digits, 2).unwrap());
        match word {
            "SC+" => data.status_check = Some(true),
            "SC-" => data.status_check = Some(false),
            "ZA+" => data.zero_amount_allowed = Some(true),
            "ZA-" => data.zero_amount_allowed = Some(false),
            "ES+" => data.extended_selection = Some(true),
            "ES-" => data.extended_selection = Some(false),
            "DRL" => data.dynamic_reader_limits = true,
            _ => match (word.split_at(2), word.strip_prefix("TTQ="), word.strip_prefix("TFL")) {
                (_, Some(ttq), _) => data.ttq = Some(hex(ttq).try_into().unwrap()),
                (_, _, Some(digits)) => {
                    data.terminal_floor_limit = Some((amount(digits).unwrap().minor_units()).try_into().unwrap());
                }
                (("TL", digits), ..) => data.transaction_limit = amount(digits),
                (("FL", digits), ..) => data.floor_limit = amount(digits),
                (("CL", digits), ..) => data.cvm_required_limit = amount(digits),
                _ => panic!("{word} is no item of a configuration"),
            },
        }
    }
    data
}

/// A configuration with test kernels that write into the notebook.
pub fn configuration(lines: &[Line], notebook: &Notebook) -> Configuration {
    let table = |kind: u8| TransactionTable {
        transaction_types: vec![kind],
        combinations: lines
            .iter()
            .filter(|line| hex(line.0).contains(&kind))
            .flat_map(|line| combinations(line, notebook))
            .collect(),
    };
    Configuration {
        terminal: TERMINAL.iter().map(|(tag, value)| (Tag::new(*tag), hex(value))).collect(),
        tables: [0x00, 0x09, 0x01, 0x20].map(table).into(),
        currency_exponent: 2,
        ..Configuration::default()
    }
}

fn combinations(line: &Line, notebook: &Notebook) -> Vec<Combination> {
    let combination = |pair: &str| {
        let (name, kernel) = pair.split_once('/').unwrap();
        let kernel = hex(kernel);
        Combination {
            entry: entry_point_data(line.2),
            ..Combination::new(aid(name), KernelId::new(&kernel).unwrap(), Box::new(TestKernel::new(&kernel, notebook)))
        }
    };
    line.1.split_whitespace().map(combination).collect()
}
