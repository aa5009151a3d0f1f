//! Terminal action analysis (C-2, 7.8): from Terminal Verification Results to the cryptogram that is asked for.

use super::{database, options::Options, rules};
use crate::{
    apdu::CryptogramRequest,
    data::{
        Scope, bits,
        dictionary::{
            ISSUER_ACTION_CODE_DEFAULT_9F0D, ISSUER_ACTION_CODE_DENIAL_9F0E, ISSUER_ACTION_CODE_ONLINE_9F0F,
            TAC_DEFAULT_DF8120, TAC_DENIAL_DF8121, TAC_ONLINE_DF8122, TERMINAL_TYPE_9F35, TVR_95,
        },
    },
    kernel::{contract::Cx, rule::Rule},
    tlv::Tag,
};

/// TAA.1 to TAA.18.
pub fn analyse(options: &Options, cx: &mut Cx<'_>) -> CryptogramRequest {
    let denial = Codes::new(TAC_DENIAL_DF8121, ISSUER_ACTION_CODE_DENIAL_9F0E, cx);
    if denial.matches() {
        cx.rule(rules::TAA_3, format_args!("action codes for denial {denial}{}: AAC", denial.matched()));
        return CryptogramRequest::Aac;
    }
    match database::byte(TERMINAL_TYPE_9F35, cx) {
        kind @ (0x11 | 0x21 | 0x14 | 0x24 | 0x34) => {
            cx.rule(rules::TAA_4, format_args!("terminal type {kind:02X} is online only: ARQC"));
            CryptogramRequest::Arqc
        }
        kind @ (0x23 | 0x26 | 0x36 | 0x13 | 0x16) => {
            cx.rule(rules::TAA_6, format_args!("terminal type {kind:02X} is offline only"));
            let codes = Codes::new(TAC_DEFAULT_DF8120, ISSUER_ACTION_CODE_DEFAULT_9F0D, cx);
            choose(&codes, rules::TAA_13, "default", CryptogramRequest::Aac, options, cx)
        }
        _ => {
            let codes = Codes::new(TAC_ONLINE_DF8122, ISSUER_ACTION_CODE_ONLINE_9F0F, cx);
            choose(&codes, rules::TAA_7, "online", CryptogramRequest::Arqc, options, cx)
        }
    }
}

/// TC if no bit of TVR is one of the codes, else the alternative. Without codes of the issuer every bit counts.
fn choose(
    codes: &Codes,
    rule: Rule,
    word: &str,
    other: CryptogramRequest,
    options: &Options,
    cx: &mut Cx<'_>,
) -> CryptogramRequest {
    let clean = match codes.issuer {
        Some(_) => !codes.matches(),
        None => is_zero(options, cx),
    };
    let request = if clean { CryptogramRequest::Tc } else { other };
    let matched = match codes.issuer {
        _ if clean => Bits::default(),
        Some(_) => codes.matched(),
        None => Bits { results: codes.results, counted: [0xFF; 5] },
    };
    cx.rule(rule, format_args!("action codes for {word} {codes}{matched}: {}", request.name()));
    request
}

/// Whether TVR is zero: as it is, or without the status of relay resistance.
fn is_zero(options: &Options, cx: &Cx<'_>) -> bool {
    let [a, b, c, d, e] = cx.store.array(TVR_95).unwrap_or([0xFF; 5]);
    let e = if options.ignore_relay_resistance_status { e & 0xFC } else { e };
    [a, b, c, d, e] == [0; 5]
}

/// Action codes of the terminal and, if the card has them, of the issuer.
struct Codes {
    terminal: [u8; 5],
    issuer: Option<[u8; 5]>,
    results: [u8; 5],
}

impl Codes {
    fn new(terminal: Tag, issuer: Tag, cx: &Cx<'_>) -> Self {
        Self {
            terminal: cx.store.array(terminal).unwrap_or_default(),
            issuer: cx.store.array(issuer),
            results: cx.store.array(TVR_95).unwrap_or_default(),
        }
    }

    fn matches(&self) -> bool {
        let Bits { results, counted } = self.matched();
        counted.iter().zip(results).any(|(code, result)| code & result != 0)
    }

    /// The bits of TVR that one of the codes asks for.
    fn matched(&self) -> Bits {
        let mut counted = self.issuer.unwrap_or_default();
        counted.iter_mut().zip(self.terminal).for_each(|(code, terminal)| *code |= terminal);
        Bits { results: self.results, counted }
    }
}

/// Bits of TVR, those that count.
#[derive(Default)]
struct Bits {
    results: [u8; 5],
    counted: [u8; 5],
}

/// `, of which byte 1 bit 3 "CDA failed" counts`; nothing without any.
impl core::fmt::Display for Bits {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let meanings = bits::tables(TVR_95, Some(Scope::K2)).flat_map(|table| table.meanings);
        let counts = |byte: usize, mask: u8| self.counted.get(byte).is_some_and(|counted| counted & mask != 0);
        let mut number = 0;
        for meaning in meanings.filter(|meaning| meaning.bit.value() != 0 && meaning.bit.is_set(&self.results)) {
            if counts(usize::from(meaning.bit.byte()).saturating_sub(1), meaning.bit.value()) {
                let gap = if number == 0 { ", of which " } else { ", " };
                write!(f, "{gap}{} \"{}\"", meaning.bit, meaning.words)?;
                number += 1;
            }
        }
        match number {
            0 => Ok(()),
            1 => f.write_str(" counts"),
            _ => f.write_str(" count"),
        }
    }
}

impl core::fmt::Display for Codes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        use crate::bytes::Hex;
        write!(f, "{} of the terminal, ", Hex(&self.terminal))?;
        match self.issuer {
            Some(issuer) => write!(f, "{} of the issuer", Hex(&issuer))?,
            None => write!(f, "none of the issuer")?,
        }
        write!(f, ", TVR {}", Hex(&self.results))
    }
}
