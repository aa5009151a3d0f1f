//! Choices that the book leaves to the implementation, that its editions make differently, or that public sources do not agree
//! about.

use serde::Deserialize;

use crate::data::text::HexArray;

/// An edition of Book C-2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Edition {
    /// With relay resistance.
    #[serde(rename = "2.6")]
    V2_6,
    /// With the Payment Account Reference in the lists of mag-stripe mode.
    #[serde(rename = "2.10")]
    V2_10,
    /// Without balance reading; User Interface Request Data of 13 bytes; Token Requestor ID in the data record.
    #[default]
    #[serde(rename = "2.11")]
    V2_11,
    /// Without mag-stripe mode.
    #[serde(rename = "2.12")]
    V2_12,
}

/// What a card that is lost during GET PROCESSING OPTIONS leads to (S3.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GpoLost {
    /// Try Again without a message.
    #[default]
    TryAgain,
    /// End Application with "present card again", as everywhere else.
    EndApplication,
}

/// How elapsed microseconds become units of 100 µs (SR1.18).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Cut off.
    #[default]
    Down,
    /// Rounded up.
    Up,
}

/// What a data object list of the card that cannot be read to its end leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MalformedList {
    /// A parsing error for the PDOL, a CARD DATA ERROR for the others.
    #[default]
    Refuse,
    /// The entries that can be read are answered.
    AnswerHead,
}

/// The choices, under their names in terminal files (`[kernel.c2]`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "each is a named switch of the settings")]
pub struct Options {
    /// The edition of the book. Default 2.11.
    pub edition: Edition,
    /// Implementation option MAG: mag-stripe mode. Default true; without it Kernel Configuration (DF811B) counts as if bit 8 were
    /// set, as it always does in edition 2.12.
    pub mag_stripe: bool,
    /// Implementation option IDS/TTR: integrated data storage and recovery of torn transactions. Default true; what a terminal
    /// does not configure (DF810D, DF811D) stays off anyway.
    pub data_storage: bool,
    /// Implementation option DE: data exchange with the terminal. Default true; without it the kernel asks for nothing and waits
    /// for nothing.
    pub data_exchange: bool,
    /// Whether a tag of private class that the card may not give is passed over; else it is a parsing error. Default true.
    pub skip_private_tags: bool,
    /// Whether the PAN in 57 has to be the one in 5A for a record to be understood. Default false: one implementation does so.
    pub compare_track_2_pan: bool,
    /// Whether Tags To Read (DF8112) are asked for when they are absent, and not only when they are empty (S1.10). Default
    /// false.
    pub ask_absent_tags_to_read: bool,
    /// The class byte of RECOVER AC. Default 80, as of every other payment command; implementations send 00.
    pub recover_ac_class: u8,
    /// What a card that is lost during GET PROCESSING OPTIONS leads to (S3.5). Default try-again.
    pub gpo_lost: GpoLost,
    /// How the time of relay resistance is rounded (SR1.18). Default down.
    pub relay_resistance_rounding: Rounding,
    /// Whether cash is manual cash for the conditions of the CVM List at an attended terminal (type 01) and with type 17. Default
    /// true.
    pub manual_cash: bool,
    /// Whether offline PIN counts as unsupported whatever Terminal Capabilities say (CVM.17). Default true: there is no Outcome
    /// for it.
    pub no_offline_pin: bool,
    /// Whether the two status bits of relay resistance in TVR byte 5 count as zero where action codes are missing (TAA.6, TAA.7).
    /// Default false: TVR is compared with zero as it is.
    pub ignore_relay_resistance_status: bool,
    /// Whether Terminal Risk Management Data (9F1D) byte 3 bit 6, "CDCVM without CDA", keeps GAC.23 from asking for an AAC.
    /// Default false: no implementation looks.
    pub cdcvm_without_cda: bool,
    /// Whether the data of the DSDOL are part of the transaction data hash. Default false: only PDOL and CDOL1 are.
    pub hash_dsdol: bool,
    /// Whether a card that computes no checksum and needs no second tap is declined after on-device verification too (S14.19.3).
    /// Default true; else the application ends.
    pub decline_without_checksum: bool,
    /// Whether the Field Off Request is taken back for an amount over the limit in mag-stripe mode (S78.11), as in EMV mode.
    /// Default true.
    pub keep_field_over_limit: bool,
    /// What a data object list of the card that cannot be read to its end leads to. Default refuse.
    pub malformed_list: MalformedList,
    /// Whether a bit of a map beyond the discretionary data of its track is a CARD DATA ERROR (S7.22). Default true; else there
    /// is no digit for it, and the others are written.
    pub refuse_bits_beyond_track: bool,
    /// Entries of the AFL, four bytes each, that are not read where there will be no CDA and Kernel Configuration (DF811B) bit 3
    /// is 0: that bit asks for all records even then, and which ones may be left out no source says. Default none.
    pub unread_without_cda: Vec<HexArray<4>>,
    /// The first edition whose data records have the Payment Account Reference (9F24). Default 2.10.
    pub account_reference_since: Edition,
    /// Whether a CA public key has to be within its validity. Default false: such keys are withdrawn from terminals.
    pub ca_key_expiry_check: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            edition: Edition::V2_11,
            mag_stripe: true,
            data_storage: true,
            data_exchange: true,
            skip_private_tags: true,
            compare_track_2_pan: false,
            ask_absent_tags_to_read: false,
            recover_ac_class: 0x80,
            gpo_lost: GpoLost::TryAgain,
            relay_resistance_rounding: Rounding::Down,
            manual_cash: true,
            no_offline_pin: true,
            ignore_relay_resistance_status: false,
            cdcvm_without_cda: false,
            hash_dsdol: false,
            decline_without_checksum: true,
            keep_field_over_limit: true,
            malformed_list: MalformedList::Refuse,
            refuse_bits_beyond_track: true,
            unread_without_cda: Vec::new(),
            account_reference_since: Edition::V2_10,
            ca_key_expiry_check: false,
        }
    }
}

impl Options {
    /// Whether there is a mag-stripe mode.
    pub fn has_mag_stripe(&self) -> bool {
        self.mag_stripe && self.edition < Edition::V2_12
    }

    /// Whether balances are read.
    pub fn has_balance(&self) -> bool {
        self.edition < Edition::V2_11
    }

    /// How many bytes User Interface Request Data (DF8116) have.
    pub fn ui_length(&self) -> usize {
        if self.edition < Edition::V2_11 { 22 } else { 13 }
    }
}
