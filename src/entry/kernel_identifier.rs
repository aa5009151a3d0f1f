//! Which kernel a directory entry asks for (Book B, 3.3.2.5 C and D; tables 3-4 and 3-5).

use super::{KernelId, Options};
use crate::data::aids;

/// What an entry asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requested {
    /// Requested Kernel ID 0: whatever the reader has for the application.
    Any,
    /// This kernel.
    Kernel(KernelId),
}

impl Requested {
    /// Whether a reader combination's kernel will do (3.3.2.5 D).
    pub fn suits(self, kernel: KernelId) -> bool {
        self == Self::Any || self == Self::Kernel(kernel)
    }
}

/// The kernel that an entry asks for. `identifier`: the value of its 9F2A, if it has one; `aid`: the reader's application
/// that matched. `None`: the entry cannot be used.
pub fn requested(identifier: Option<&[u8]>, aid: &[u8], options: &Options) -> Option<Requested> {
    match identifier.unwrap_or_default() {
        [] => Some(default(aid)),
        [0, ..] => Some(Requested::Any),
        // International (b8b7 = 00), or reserved (01): byte 1 counts, whatever follows.
        [number @ ..=0x7F, ..] => Some(Requested::Kernel(KernelId::international(*number))),
        // Domestic, in EMVCo's format (10) or a proprietary one (11). A short identifier of 0 means "the kernel associated
        // with the ADF name", which Book B leaves outside.
        [number, extended @ ..] => {
            let [second, third, ..] = extended else { return None };
            if number & 0x3F == 0 {
                return options.domestic_kernel_zero_is_any.then_some(Requested::Any);
            }
            KernelId::new(&[*number, *second, *third]).map(Requested::Kernel)
        }
    }
}

/// For applications whose entry names none, the provider decides (3.3.2.5 C).
fn default(aid: &[u8]) -> Requested {
    aids::provider(aid).map_or(Requested::Any, |provider| Requested::Kernel(KernelId::international(provider.kernel)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(identifier: Option<&[u8]>, aid: &[u8]) -> Option<Requested> {
        requested(identifier, aid, &Options::default())
    }

    #[test]
    fn a_domestic_identifier_without_number_may_be_any_kernel() {
        let options = Options { domestic_kernel_zero_is_any: true, ..Options::default() };
        let asked = |identifier: &[u8]| requested(Some(identifier), &[0xA0, 0, 0, 0, 3], &options);
        assert_eq!(asked(&[0x80, 0x09, 0x78]), Some(Requested::Any));
        assert_eq!(asked(&[0x80, 0x09]), None, "too short all the same");
        assert_eq!(asked(&[0x81, 0x09, 0x78]), kernel(&[0x81, 0x09, 0x78]));
    }

    fn kernel(identifier: &[u8]) -> Option<Requested> {
        Some(Requested::Kernel(KernelId::new(identifier).unwrap()))
    }

    /// Book B, 3.3.2.5 C, first table.
    #[test]
    fn without_identifier_the_application_decides() {
        for (aid, number) in [
            ("A00000002501", 4),
            ("A0000001523010", 6),
            ("A0000003241010", 6),
            ("A0000000651010", 5),
            ("A0000000041010", 2),
            ("A000000333010101", 7),
            ("A0000000031010", 3),
        ] {
            let aid = hex::decode(aid).unwrap();
            assert_eq!(asked(None, &aid), kernel(&[number]));
            assert_eq!(asked(Some(&[]), &aid), kernel(&[number]), "an empty 9F2A is as good as none");
        }
        assert_eq!(asked(None, &[0xA0, 0, 0, 0, 1, 0, 1]), Some(Requested::Any));
    }

    /// Book B, table 3-5.
    #[test]
    fn an_identifier_is_read_by_its_type() {
        for (identifier, expected) in [
            ("24FFFF", kernel(&[0x24])),
            ("240000", kernel(&[0x24])),
            ("23FF00FF00FF00FF", kernel(&[0x23])),
            ("2102030405060708", kernel(&[0x21])),
            ("0312", kernel(&[0x03])),
            ("43", kernel(&[0x43])),
            ("40", kernel(&[0x40])),
            ("00", Some(Requested::Any)),
            ("000978", Some(Requested::Any)),
            ("810978", kernel(&[0x81, 0x09, 0x78])),
            ("8109780000000000", kernel(&[0x81, 0x09, 0x78])),
            ("FF2222", kernel(&[0xFF, 0x22, 0x22])),
            ("81", None),
            ("80", None),
            ("C001", None),
            ("800978", None),
            ("C00978", None),
        ] {
            let bytes = hex::decode(identifier).unwrap();
            assert_eq!(asked(Some(&bytes), &[0xA0, 0, 0, 0, 3]), expected, "{identifier}");
        }
    }

    #[test]
    fn an_identifier_suits_only_its_like() {
        let domestic = KernelId::new(&[0x81, 0x09, 0x78]).unwrap();
        assert!(Requested::Any.suits(domestic));
        assert!(Requested::Kernel(domestic).suits(domestic));
        assert!(!Requested::Kernel(KernelId::C3).suits(domestic));
        assert!(!Requested::Kernel(KernelId::international(0x43)).suits(KernelId::C3));
    }
}
