//! The objects of an authorisation request that an issuer looks at.

use crate::{
    bytes::Hex,
    crypto::cryptogram::CryptogramData,
    data::{
        Amount,
        dictionary::{
            AIP_82, AMOUNT_AUTHORISED_9F02, AMOUNT_OTHER_9F03, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36, DF_NAME_84,
            IAD_9F10, PAN_5A, PAN_SEQUENCE_NUMBER_5F34, POS_ENTRY_MODE_9F39, TERMINAL_COUNTRY_CODE_9F1A,
            TRACK_2_DATA_9F6B, TRACK_2_EQUIVALENT_DATA_57, TRANSACTION_CURRENCY_CODE_5F2A, TRANSACTION_DATE_9A,
            TRANSACTION_TYPE_9C, TVR_95, UNPREDICTABLE_NUMBER_9F37,
        },
    },
    tlv::{self, Tag},
};

/// A data record: objects one after the other.
#[derive(Clone, Copy)]
pub struct Record<'a>(pub &'a [u8]);

impl<'a> Record<'a> {
    /// The value of an object.
    pub fn value(self, tag: Tag) -> Option<&'a [u8]> {
        tlv::find(self.0, tag)?.ok().map(|object| object.value)
    }

    /// An object that must be there with `N` bytes; an error in words.
    fn fixed<const N: usize>(self, tag: Tag) -> Result<[u8; N], String> {
        let value = self.value(tag).ok_or_else(|| format!("{tag} is missing"))?;
        value.try_into().map_err(|_| format!("{tag} should have {N} bytes, it has {}", value.len()))
    }

    /// The registered application provider, if the record names the application (84).
    pub fn rid(self) -> Option<[u8; 5]> {
        self.value(DF_NAME_84)?.first_chunk().copied()
    }

    /// Whether it is the record of mag-stripe mode, with a CVC3 on its track and no cryptogram.
    pub fn has_checksum(self) -> bool {
        self.value(APPLICATION_CRYPTOGRAM_9F26).is_none() && self.track_2_data().is_some()
    }

    /// Whether it is a record of mag-stripe mode from before C-3 (POS Entry Mode 91) with the card's track 2 and no cryptogram.
    pub fn has_track_only(self) -> bool {
        let has = |tag| self.value(tag).is_some();
        let is_mag_stripe = self.value(POS_ENTRY_MODE_9F39) == Some(&[0x91]);
        is_mag_stripe && has(TRACK_2_EQUIVALENT_DATA_57) && !has(APPLICATION_CRYPTOGRAM_9F26)
    }

    /// Track 2 of mag-stripe mode (9F6B).
    pub fn track_2_data(self) -> Option<&'a [u8]> {
        self.value(TRACK_2_DATA_9F6B)
    }

    /// The digits of the PAN: 5A, or track 2 up to its separator.
    pub fn pan_digits(self) -> Result<String, String> {
        if let Some(pan) = self.value(PAN_5A) {
            return Ok(Hex(pan).to_string().trim_end_matches('F').to_owned());
        }
        let track_2 = self.value(TRACK_2_EQUIVALENT_DATA_57).or_else(|| self.track_2_data());
        let track_2 = track_2.ok_or("there is neither 5A nor 57")?;
        Ok(Hex(track_2).to_string().split('D').next().unwrap_or_default().to_owned())
    }

    /// The PAN sequence number; 00 if it is missing (EMV Book 2, A1.4.1).
    pub fn sequence_number(self) -> u8 {
        self.fixed(PAN_SEQUENCE_NUMBER_5F34).map_or(0, |[number]| number)
    }

    /// The amount in minor units, if there is one.
    pub fn amount(self) -> Option<u64> {
        self.fixed(AMOUNT_AUTHORISED_9F02).ok().and_then(Amount::from_bcd).map(Amount::minor_units)
    }

    /// The cryptogram, and what it should be over; an error in words.
    pub fn cryptogram(self) -> Result<([u8; 8], CryptogramData<'a>), String> {
        let data = self.data()?;
        Ok((self.fixed(APPLICATION_CRYPTOGRAM_9F26)?, data))
    }

    /// What a cryptogram is over; an error in words.
    pub fn data(self) -> Result<CryptogramData<'a>, String> {
        let [transaction_type] = self.fixed(TRANSACTION_TYPE_9C)?;
        Ok(CryptogramData {
            amount: self.fixed(AMOUNT_AUTHORISED_9F02)?,
            // A record without an other amount says there is none.
            amount_other: self.value(AMOUNT_OTHER_9F03).map_or(Ok([0; 6]), |_| self.fixed(AMOUNT_OTHER_9F03))?,
            country: self.fixed(TERMINAL_COUNTRY_CODE_9F1A)?,
            tvr: self.fixed(TVR_95)?,
            currency: self.fixed(TRANSACTION_CURRENCY_CODE_5F2A)?,
            date: self.fixed(TRANSACTION_DATE_9A)?,
            transaction_type,
            unpredictable_number: self.fixed(UNPREDICTABLE_NUMBER_9F37)?,
            aip: self.fixed(AIP_82)?,
            atc: self.fixed(ATC_9F36)?,
            iad: self.value(IAD_9F10).ok_or("9F10 is missing")?,
        })
    }
}
