//! Applications by identifier: whose they are, and the kernel for those whose directory entry names none.

/// A registered application provider whose applications have a default kernel (Book B, table 3-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The registered identifier (RID), the first five bytes of an application identifier.
    pub rid: [u8; 5],
    /// The brand.
    pub name: &'static str,
    /// The number of the kernel.
    pub kernel: u8,
}

/// An application, or all whose identifiers begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// What the identifiers begin with.
    pub prefix: &'static [u8],
    /// Scheme and product.
    pub name: &'static str,
    /// Which kernel serves it where Book B leaves that open; empty if there is nothing to say.
    pub note: &'static str,
}

/// Every provider with a default kernel.
pub const PROVIDERS: [Provider; 7] = [
    Provider { rid: [0xA0, 0x00, 0x00, 0x00, 0x03], name: "Visa", kernel: 3 },
    Provider { rid: [0xA0, 0x00, 0x00, 0x00, 0x04], name: "Mastercard", kernel: 2 },
    Provider { rid: [0xA0, 0x00, 0x00, 0x00, 0x25], name: "American Express", kernel: 4 },
    Provider { rid: [0xA0, 0x00, 0x00, 0x00, 0x65], name: "JCB", kernel: 5 },
    Provider { rid: [0xA0, 0x00, 0x00, 0x01, 0x52], name: "Discover", kernel: 6 },
    Provider { rid: [0xA0, 0x00, 0x00, 0x03, 0x24], name: "Discover", kernel: 6 },
    Provider { rid: [0xA0, 0x00, 0x00, 0x03, 0x33], name: "UnionPay", kernel: 7 },
];

/// The applications that people meet, by identifier.
pub static APPLICATIONS: &[Application] = &[
    application(&[0xA0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10], "Visa credit or debit", ""),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x03, 0x20, 0x10], "Visa Electron", ""),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x03, 0x20, 0x20], "V PAY", ""),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x03, 0x30, 0x10], "Visa Interlink", ""),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x03, 0x80, 0x10], "Visa Plus, for cash machines", ""),
    application(
        &[0xA0, 0x00, 0x00, 0x00, 0x98, 0x08, 0x40],
        "Visa US common debit",
        "usually configured with Kernel 3",
    ),
    application(
        &[0xA0, 0x00, 0x00, 0x00, 0x98, 0x08, 0x48],
        "Visa US common debit",
        "usually configured with Kernel 3",
    ),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x04, 0x10, 0x10], "Mastercard credit or debit", ""),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x04, 0x30, 0x60], "Maestro", ""),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x04, 0x22, 0x03], "Mastercard US debit, US Maestro", ""),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x04, 0x60, 0x00], "Cirrus", ""),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x05, 0x00, 0x01], "Maestro UK", "usually configured with Kernel 2"),
    application(
        &[0xB0, 0x12, 0x34, 0x56, 0x78],
        "Mastercard or Maestro, for tests",
        "usually configured with Kernel 2",
    ),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x25, 0x01], "American Express", ""),
    application(&[0xA0, 0x00, 0x00, 0x07, 0x90], "American Express, China", "usually configured with Kernel 4"),
    application(
        &[0xA0, 0x00, 0x00, 0x00, 0x42, 0x10, 0x10],
        "CB, France, credit or debit",
        "a domestic kernel, or the one that 9F2A names",
    ),
    application(
        &[0xA0, 0x00, 0x00, 0x00, 0x42, 0x20, 0x10],
        "CB, France, debit",
        "a domestic kernel, or the one that 9F2A names",
    ),
    application(&[0xA0, 0x00, 0x00, 0x00, 0x65, 0x10, 0x10], "JCB", ""),
    application(&[0xA0, 0x00, 0x00, 0x01, 0x52, 0x30, 0x10], "Discover, Diners Club, D-PAS", ""),
    application(&[0xA0, 0x00, 0x00, 0x01, 0x52, 0x40, 0x10], "Discover US common debit", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x24, 0x10, 0x10], "Discover ZIP", ""),
    application(&[0xA0, 0x00, 0x00, 0x01, 0x21, 0x10, 0x10], "Dankort", "a domestic kernel"),
    application(&[0xA0, 0x00, 0x00, 0x01, 0x21, 0x47, 0x11], "Visa/Dankort", "usually configured with Kernel 3"),
    application(&[0xA0, 0x00, 0x00, 0x01, 0x21, 0x47, 0x12], "Dankort J/Speedy", "usually configured with Kernel 5"),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01], "UnionPay debit", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x02], "UnionPay credit", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x03], "UnionPay quasi-credit", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x06], "UnionPay Electronic Cash", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x08], "UnionPay US common debit", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x37, 0x10], "GIM-UEMOA", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x59, 0x10, 0x10, 0x02, 0x80, 0x01], "girocard", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x71, 0x00, 0x01], "Verve", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x84, 0x10], "eftpos Australia, savings", ""),
    application(&[0xA0, 0x00, 0x00, 0x03, 0x84, 0x20], "eftpos Australia, cheque", ""),
    application(&[0xA0, 0x00, 0x00, 0x02, 0x77, 0x10, 0x10], "Interac", "its own kernel, Interac Flash"),
    application(
        &[0xA0, 0x00, 0x00, 0x02, 0x28, 0x10, 0x10],
        "mada, Saudi Arabia, on M/Chip",
        "usually configured with Kernel 2",
    ),
    application(
        &[0xA0, 0x00, 0x00, 0x02, 0x28, 0x20, 0x10],
        "mada, Saudi Arabia, on VIS",
        "usually configured with Kernel 3",
    ),
    application(&[0xA0, 0x00, 0x00, 0x05, 0x24, 0x10, 0x10], "RuPay", ""),
    application(&[0xA0, 0x00, 0x00, 0x06, 0x58, 0x10, 0x10], "Mir credit", ""),
    application(&[0xA0, 0x00, 0x00, 0x06, 0x58, 0x10, 0x11], "Mir credit", ""),
    application(&[0xA0, 0x00, 0x00, 0x06, 0x58, 0x20, 0x10], "Mir debit", ""),
    application(&[0xA0, 0x00, 0x00, 0x06, 0x20, 0x06, 0x20], "Debit Network Alliance, US common debit", ""),
    application(&[0xA0, 0x00, 0x00, 0x07, 0x32], "Meeza", ""),
    application(&[0xA0, 0x00, 0x00, 0x06, 0x72, 0x30, 0x10], "TROY credit", ""),
    application(&[0xA0, 0x00, 0x00, 0x06, 0x72, 0x30, 0x20], "TROY debit", ""),
    application(&[0xA0, 0x00, 0x00, 0x01, 0x54, 0x44, 0x42], "Banricompras", ""),
    application(&[0xA0, 0x00, 0x00, 0x01, 0x41, 0x00, 0x01], "PagoBANCOMAT", ""),
    application(&[0xD5, 0x78, 0x00, 0x00, 0x02, 0x10, 0x10], "BankAxept", ""),
];

const fn application(prefix: &'static [u8], name: &'static str, note: &'static str) -> Application {
    Application { prefix, name, note }
}

/// The provider of an application, if it has a default kernel.
///
/// ```
/// let aid = [0xA0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10];
/// assert_eq!(emvtap::data::aids::provider(&aid).unwrap().kernel, 3);
/// ```
pub fn provider(aid: &[u8]) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| aid.starts_with(&provider.rid))
}

/// What an application is: the longest prefix that fits.
pub fn named(aid: &[u8]) -> Option<&'static Application> {
    let fitting = APPLICATIONS.iter().filter(|application| aid.starts_with(application.prefix));
    fitting.max_by_key(|application| application.prefix.len())
}

/// The applications whose identifiers begin like this.
pub fn beginning_with(start: &[u8]) -> impl Iterator<Item = &'static Application> {
    APPLICATIONS.iter().filter(move |application| application.prefix.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_names_an_application() {
        let name = |aid: &str| named(&hex::decode(aid).unwrap()).map(|application| application.name);
        assert_eq!(name("A0000000031010"), Some("Visa credit or debit"));
        assert_eq!(name("A000000003101003"), Some("Visa credit or debit"));
        assert_eq!(name("A000000025010402"), Some("American Express"));
        assert_eq!(name("A000000003"), None);
        assert_eq!(beginning_with(&[0xA0, 0, 0, 3, 0x33]).count(), 5);
    }

    #[test]
    fn prefixes_come_once_and_have_a_provider_and_more() {
        for (at, application) in APPLICATIONS.iter().enumerate() {
            assert!((5..=16).contains(&application.prefix.len()), "{application:?}");
            assert!(
                APPLICATIONS.iter().skip(at + 1).all(|other| other.prefix != application.prefix),
                "{application:?}"
            );
        }
    }
}
