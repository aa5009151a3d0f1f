//! Whose meaning of a tag: the same number means different things to different kernels.

use core::fmt;

/// One world in which a tag has one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Scope {
    /// Kernel 1: some legacy Visa and JCB cards.
    K1,
    /// Kernel 2: Mastercard.
    K2,
    /// Kernel 3: Visa.
    K3,
    /// Kernel 4: American Express.
    K4,
    /// Kernel 5: JCB.
    K5,
    /// Kernel 6: Discover.
    K6,
    /// Kernel 7: UnionPay.
    K7,
    /// Kernel 8: EMVCo's own.
    K8,
    /// Entry Point.
    EntryPoint,
    /// EMV Book 3, contact.
    Contact,
    /// Offline biometrics of EMV 4.4.
    Biometric,
    /// ISO 7816 without EMV.
    Iso7816,
    /// What a Visa card keeps for itself.
    VisaCard,
    /// Interac Flash.
    Interac,
    /// GlobalPlatform.
    GlobalPlatform,
}

impl Scope {
    /// All of them, in order.
    pub const ALL: [Self; 15] = [
        Self::K1,
        Self::K2,
        Self::K3,
        Self::K4,
        Self::K5,
        Self::K6,
        Self::K7,
        Self::K8,
        Self::EntryPoint,
        Self::Contact,
        Self::Biometric,
        Self::Iso7816,
        Self::VisaCard,
        Self::Interac,
        Self::GlobalPlatform,
    ];

    /// The kernel with an EMVCo number, 1 to 8.
    pub fn kernel(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number.checked_sub(1)?)).filter(|_| number <= 8).copied()
    }

    /// The word of the dictionary and of the narration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::K1 => "C-1",
            Self::K2 => "C-2",
            Self::K3 => "C-3",
            Self::K4 => "C-4",
            Self::K5 => "C-5",
            Self::K6 => "C-6",
            Self::K7 => "C-7",
            Self::K8 => "C-8",
            Self::EntryPoint => "Entry Point",
            Self::Contact => "contact",
            Self::Biometric => "biometric",
            Self::Iso7816 => "ISO 7816",
            Self::VisaCard => "Visa card",
            Self::Interac => "Interac",
            Self::GlobalPlatform => "GlobalPlatform",
        }
    }

    #[expect(clippy::as_conversions, reason = "a fieldless enumeration in a constant")]
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of scopes, each either working with an object or only having it on its cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    acts: u32,
    card: u32,
}

impl Scopes {
    /// Every contactless kernel, Entry Point and the contact world.
    pub const ALL: Self = Self { acts: 0x3FF, card: 0 };

    /// Reads what the tables write: `ALL`, or words like `K3`, `K4(card)`, `EP`, `C`, `7816`, comma-separated. Only for
    /// constants: an unknown word stops the build.
    #[expect(clippy::indexing_slicing, reason = "runs in the compiler only")]
    pub const fn parse(text: &str) -> Self {
        let mut scopes = Self { acts: 0, card: 0 };
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let mut length = 0;
            while length < rest.len() && rest[length] != b',' {
                length += 1;
            }
            let (word, after) = rest.split_at(length);
            scopes = scopes.with(word);
            rest = match after {
                [_, tail @ ..] => tail,
                [] => after,
            };
        }
        scopes
    }

    #[expect(clippy::panic, reason = "runs in the compiler only")]
    const fn with(self, word: &[u8]) -> Self {
        let acts = match word {
            b"ALL" => return Self { acts: self.acts | Self::ALL.acts, ..self },
            [b'K', number @ b'1'..=b'8'] => 1 << (*number - b'1'),
            [b'K', number @ b'1'..=b'8', b'(', b'c', b'a', b'r', b'd', b')'] => {
                return Self { card: self.card | 1 << (*number - b'1'), ..self };
            }
            b"EP" => Scope::EntryPoint.bit(),
            b"C" => Scope::Contact.bit(),
            b"C(bio)" => Scope::Biometric.bit(),
            b"7816" => Scope::Iso7816.bit(),
            b"VSDC" => Scope::VisaCard.bit(),
            b"Interac" => Scope::Interac.bit(),
            b"GlobalPlatform" => Scope::GlobalPlatform.bit(),
            _ => panic!("unknown scope"),
        };
        Self { acts: self.acts | acts, ..self }
    }

    /// Whether the scope works with the object.
    pub const fn contains(self, scope: Scope) -> bool {
        self.acts & scope.bit() != 0
    }

    /// Whether the scope's cards have the object without the terminal acting on it.
    pub const fn card_only(self, scope: Scope) -> bool {
        self.card & scope.bit() != 0
    }

    /// The members, those that only have it on the card included.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope) || self.card_only(*scope))
    }
}

/// `every kernel`, or names: `C-2, C-3 (card only)`.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.acts & Self::ALL.acts == Self::ALL.acts {
            return f.write_str("every kernel");
        }
        for (position, scope) in self.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            let note = if self.contains(scope) { "" } else { " (card only)" };
            write!(f, "{comma}{scope}{note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_members() {
        let scopes = Scopes::parse("K3,K7(card),EP");
        assert_eq!(scopes.iter().collect::<Vec<_>>(), [Scope::K3, Scope::K7, Scope::EntryPoint]);
        assert!(scopes.contains(Scope::K3) && !scopes.contains(Scope::K7) && scopes.card_only(Scope::K7));
        assert_eq!(scopes.to_string(), "C-3, C-7 (card only), Entry Point");
        assert_eq!(Scopes::parse("ALL").to_string(), "every kernel");
        assert_eq!(Scopes::parse("ALL").iter().count(), 10);
    }

    #[test]
    fn kernels_have_numbers() {
        assert_eq!([0, 1, 3, 8, 9].map(Scope::kernel), [None, Some(Scope::K1), Some(Scope::K3), Some(Scope::K8), None]);
    }
}
