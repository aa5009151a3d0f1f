//! What the card of a scene answers.

use emvtap::crypto::{
    cda::{DynamicData, transaction_data_hash},
    rsa::PrivateKey,
    signature::{FORMAT_DYNAMIC, sign_sdad},
};

use super::{CDOL, Reply, Scene, all, hex, in_order, template, tlv};

/// The key of the card of chain `own`.
fn key() -> PrivateKey {
    let p = "EC972F4C4E183C5C48DFC4FC6D4DE68F47776E7604A32D4B051E04EAE70CECCACBD50971399A7C97793244533BE2EE3A425A2C1386E4B247";
    let q = "F7E02D72CDE024E9489E1D96E504898C75EC8AD299D21CBF937D50561E777B81766C567475C6A4B519639923C5DBA15F3752385CC834FD1F";
    PrivateKey::from_primes(&hex(p), &hex(q), &[3]).unwrap()
}

impl Scene {
    /// The answer to SELECT.
    pub fn select(&self) -> Vec<u8> {
        let mut inside = all(&self.proprietary);
        if !self.discretionary.is_empty() {
            inside.extend(tlv(0xBF0C, &all(&self.discretionary)));
        }
        let name = tlv(0x84, &hex("A0000000041010"));
        tlv(0x6F, &[name, tlv(0xA5, &inside)].concat())
    }

    /// What the card answers.
    pub fn reply(&self, command: &[u8], pdol: &mut Vec<u8>) -> Reply {
        match command {
            [0x80, 0xA8, ..] => {
                *pdol = command[7..command.len() - 1].to_vec();
                Ok(template(0x77, &all(&self.profile)))
            }
            [0x00, 0xB2, number, p2, ..] => match self.records.get(&(p2 >> 3, *number)) {
                Some(record) => Ok(template(0x70, &in_order(record))),
                None => Ok(vec![0x6A, 0x83]),
            },
            [0x80, 0xAE, p1, _, length, data @ ..] => Ok(self.cryptogram(*p1, &data[..usize::from(*length)], pdol)),
            [0x80, 0xEA, ..] => Ok(hex(&format!("800A C0FFEE01 {} 9000", self.times))),
            [0x80, 0x2A, ..] => Ok(template(0x77, &all(&self.answer))),
            [0x80, 0xDA, ..] => Ok(vec![0x90, 0x00]),
            [_, 0xD0, ..] => Ok(vec![0x6A, 0x88]),
            _ => Ok(vec![0x6A, 0x88]),
        }
    }

    /// CID, counter, Issuer Application Data, and either the cryptogram or its signature.
    fn cryptogram(&self, p1: u8, data: &[u8], pdol: &[u8]) -> Vec<u8> {
        let cid = self.gives.unwrap_or(p1 & 0xC0);
        let mut answer = self.answer.clone();
        answer.insert(0x9F27, vec![cid]);
        if !self.signs || p1 & 0x10 == 0 {
            answer.insert(0x9F26, hex("A1A2A3A4A5A6A7A8"));
            return template(0x77, &all(&answer));
        }
        let body = all(&answer);
        let signed = DynamicData {
            icc_dynamic_number: &hex("1122334455667788"),
            cid,
            cryptogram: *b"\xA1\xA2\xA3\xA4\xA5\xA6\xA7\xA8",
            data_hash: transaction_data_hash(&[pdol, &data[..self.cdol_length()], &body]),
            more: &self.more,
        };
        let at =
            CDOL.split(' ').take(7).map(|entry| usize::from_str_radix(&entry[entry.len() - 2..], 16).unwrap()).sum();
        let number: [u8; 4] = data[at..at + 4].try_into().unwrap();
        let sdad = sign_sdad(&key(), FORMAT_DYNAMIC, &signed.to_bytes(), &number).unwrap();
        template(0x77, &[body, tlv(0x9F4B, &sdad)].concat())
    }

    fn cdol_length(&self) -> usize {
        CDOL.split(' ').map(|entry| usize::from_str_radix(&entry[entry.len() - 2..], 16).unwrap()).sum()
    }
}
