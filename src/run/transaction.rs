//! What a reader is asked to do, and what came of it.

use crate::{
    apdu::LinkFault,
    data::Amount,
    entry::{Aid, KernelId},
    kernel::outcome::{Outcome, OutcomeResult, decisive},
    time::{DateTime, Micros},
    tlv::Tag,
};

/// What the merchant wants (Book A, 8.1.1.3 and table 5-6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The whole amount, cashback included (9F02).
    pub amount: Amount,
    /// The cashback part (9F03).
    pub other: Amount,
    /// Transaction Type (9C): `00` purchase, `01` cash advance, `09` purchase with cashback, `20` refund.
    pub kind: u8,
    /// Now, by the terminal's clock (9A, 9F21).
    pub when: DateTime,
    /// Further data objects of this transaction, put into the store over those of terminal and combination.
    pub data: Vec<(Tag, Vec<u8>)>,
}

impl Transaction {
    /// A transaction of a kind, without cashback and further data.
    pub const fn new(kind: u8, amount: Amount, when: DateTime) -> Self {
        Self { amount, other: Amount::ZERO, kind, when, data: Vec::new() }
    }

    /// A purchase.
    pub const fn purchase(amount: Amount, when: DateTime) -> Self {
        Self::new(0x00, amount, when)
    }

    /// A purchase with cashback. `amount`: both together; `other`: the cashback.
    pub const fn purchase_with_cashback(amount: Amount, other: Amount, when: DateTime) -> Self {
        Self { amount, other, kind: 0x09, when, data: Vec::new() }
    }
}

/// What came of a tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tap {
    /// The Final Outcomes, in order: one, or one more for each restart. Empty if the tap was stopped before.
    pub outcomes: Vec<Outcome>,
    /// What was selected for the last activation of a kernel; `None` if there was none.
    pub selected: Option<Selected>,
    /// The final word (Book A, tables 6-3 and 6-4).
    pub disposition: Disposition,
    /// Why the tap ended before Entry Point was done; `None` if it was done.
    pub stopped: Option<LinkFault>,
    /// How long it took: what link and host reported, and hold times.
    pub elapsed: Micros,
    /// How much longer the last message is to be seen before another may take its place (Book A, 8.1.1.16). A new
    /// transaction, or [`Reader::idle`](super::Reader::idle), should wait so long; neither does by itself, because the
    /// reader has no clock between taps.
    pub held: Micros,
}

impl Tap {
    /// The Final Outcome that tells the merchant what to do: CVM, data record.
    pub fn outcome(&self) -> Option<&Outcome> {
        decisive(&self.outcomes)
    }
}

/// A combination of card and reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The reader's application.
    pub aid: Aid,
    /// The card's application as it was selected, with 9F29 if that was appended.
    pub adf_name: Aid,
    /// The kernel.
    pub kernel_id: KernelId,
}

/// What becomes of the sale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Disposition {
    /// The goods may be handed over.
    Approved,
    /// They may not.
    Declined,
    /// Nothing was decided: the transaction ended, or goes on at another interface.
    #[default]
    None,
}

/// The issuer approves with this Authorisation Response Code, and with no other.
const APPROVED: [u8; 2] = *b"00";

impl Disposition {
    /// The final word after the last Final Outcome (Book A, tables 6-3 and 6-4). `asked`: what the issuer answered if it was
    /// asked, `Some(None)` if it could not be reached, which counts as a decline. A kernel that declines after a restart
    /// overrules the issuer's approval; any other Outcome without a decision of its own follows the issuer.
    pub fn after(result: Option<OutcomeResult>, asked: Option<Option<[u8; 2]>>) -> Self {
        match (result, asked) {
            (Some(OutcomeResult::Approved), _) => Self::Approved,
            (Some(OutcomeResult::Declined), _) => Self::Declined,
            (_, None) => Self::None,
            (_, Some(Some(APPROVED))) => Self::Approved,
            (_, Some(_)) => Self::Declined,
        }
    }

    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::None => "none",
        }
    }
}
