//! The issuer: verifies cryptograms, decides, and answers for the card. Sees data objects, never a kernel.

mod checksum;
mod file;
mod record;
mod sim;
mod version;

pub use file::{KnownIssuer, Policy};
pub use record::Record;
pub use sim::{Issuer, IssuerKey};

use crate::{bytes::Hex, crypto::cryptogram::CryptogramCheck, time::Micros};

/// What an acquirer is asked to authorise.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The data record of the Outcome: data objects one after the other.
    pub data_record: &'a [u8],
    /// Whether the cardholder's PIN comes with it.
    pub online_pin: bool,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The authorisation response code (8A): `00` is an approval; `None`: unable to go online.
    pub response_code: Option<[u8; 2]>,
    /// The value of 91.
    pub authentication_data: Option<Vec<u8>>,
    /// Whole 71 and 72 objects.
    pub scripts: Vec<u8>,
    /// What was found out about the cryptogram; `None` if nobody looked.
    pub cryptogram: Option<CryptogramCheck>,
    /// The version it was checked by: `CVN 18`.
    pub cryptogram_version: Option<&'static str>,
    /// The ARPC inside the authentication data.
    pub arpc: Option<Vec<u8>>,
    /// The reason, in words.
    pub note: String,
    /// How long it took.
    pub elapsed: Micros,
}

/// An authorisation response code as people write it: two characters; hex where they are none.
pub fn response_code(code: &[u8; 2]) -> String {
    match core::str::from_utf8(code) {
        Ok(text) if text.bytes().all(|byte| byte.is_ascii_graphic()) => text.to_owned(),
        _ => Hex(code).to_string(),
    }
}

/// Somebody who answers authorisation requests.
pub trait Host {
    /// Answers one request.
    fn authorise(&mut self, request: Request<'_>) -> Answer;
}

/// An issuer that declines everything with `05` and looks at nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decline;

impl Host for Decline {
    fn authorise(&mut self, _: Request<'_>) -> Answer {
        Answer { response_code: Some(*b"05"), note: "this host declines everything".to_owned(), ..Answer::default() }
    }
}

/// Nobody: the terminal is unable to go online.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offline;

impl Host for Offline {
    fn authorise(&mut self, _: Request<'_>) -> Answer {
        Answer { note: "unable to go online".to_owned(), ..Answer::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simple_hosts_never_look_at_the_cryptogram() {
        let request = Request { data_record: &[0xFF], online_pin: false };
        let declined = Decline.authorise(request);
        assert_eq!((declined.response_code, declined.cryptogram), (Some(*b"05"), None));
        let offline = Offline.authorise(request);
        assert_eq!((offline.response_code, offline.cryptogram), (None, None));
    }
}
