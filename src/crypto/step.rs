//! The checks of Book 2 by name.

/// One check of Book 2, in the order they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The certificate or signature is as long as the key it is verified with.
    Length,
    /// The recovered block ends with BC. Also fails for a number that is not below the modulus.
    Trailer,
    /// The recovered block starts with 6A.
    Header,
    /// Certificate format or signed data format.
    Format,
    /// The hash algorithm indicator is 01, SHA-1.
    HashAlgorithm,
    /// The hash is the one computed.
    Hash,
    /// The issuer identifier is the leftmost 3 to 8 digits of the PAN.
    IssuerIdentifier,
    /// The recovered PAN is the card's.
    Pan,
    /// The last day of the certificate's month has not passed.
    Expiry,
    /// The certificate is not on the revocation list.
    Revocation,
    /// The public key algorithm indicator is 01, RSA.
    KeyAlgorithm,
    /// The remainder completes the modulus, and the modulus is one RSA can work with.
    Remainder,
    /// The exponent is 3 or 65537 and as long as the certificate says.
    Exponent,
    /// The ICC dynamic data lie inside the signed data.
    DynamicData,
}

/// What a step is a step of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Structure {
    /// Issuer public key certificate (90)
    IssuerCertificate,
    /// ICC public key certificate (9F46)
    IccCertificate,
    /// Signed Static Application Data (93)
    StaticSignature,
    /// Signed Dynamic Application Data (9F4B)
    DynamicSignature,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 14] = [
        Self::Length,
        Self::Trailer,
        Self::Header,
        Self::Format,
        Self::HashAlgorithm,
        Self::Hash,
        Self::IssuerIdentifier,
        Self::Pan,
        Self::Expiry,
        Self::Revocation,
        Self::KeyAlgorithm,
        Self::Remainder,
        Self::Exponent,
        Self::DynamicData,
    ];

    /// The name for people and reports: `hash-algorithm`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Trailer => "trailer",
            Self::Header => "header",
            Self::Format => "format",
            Self::HashAlgorithm => "hash-algorithm",
            Self::Hash => "hash",
            Self::IssuerIdentifier => "issuer-identifier",
            Self::Pan => "pan",
            Self::Expiry => "expiry",
            Self::Revocation => "revocation",
            Self::KeyAlgorithm => "key-algorithm",
            Self::Remainder => "remainder",
            Self::Exponent => "exponent",
            Self::DynamicData => "dynamic-data",
        }
    }

    /// What it asks for, in a line.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Length => "certificate or signature is as long as the key it is verified with",
            Self::Trailer => "the recovered data ends with BC",
            Self::Header => "the recovered data starts with 6A",
            Self::Format => "the format is the one of this certificate or signature",
            Self::HashAlgorithm => "the hash algorithm is SHA-1",
            Self::Hash => "the hash is the one computed",
            Self::IssuerIdentifier => "the issuer identifier is the leftmost 3 to 8 digits of the PAN",
            Self::Pan => "the recovered PAN is the card's",
            Self::Expiry => "the certificate has not expired",
            Self::Revocation => "the certificate is not on the revocation list",
            Self::KeyAlgorithm => "the public key algorithm is RSA",
            Self::Remainder => "the remainder completes the modulus",
            Self::Exponent => "the exponent is 3 or 65537",
            Self::DynamicData => "the ICC dynamic data lies inside the signed data",
        }
    }

    /// Section and step of Book 2: `6.3 step 4`. `None` if the structure has no such step. The limits of exponent and
    /// ICC dynamic data have no step of their own and are found where they are used.
    pub const fn rule(self, structure: Structure) -> Option<&'static str> {
        match structure {
            Structure::IssuerCertificate => self.issuer_rule(),
            Structure::IccCertificate => self.icc_rule(),
            Structure::StaticSignature => self.static_rule(),
            Structure::DynamicSignature => self.dynamic_rule(),
        }
    }

    const fn issuer_rule(self) -> Option<&'static str> {
        Some(match self {
            Self::Length => "6.3 step 1",
            Self::Trailer => "6.3 step 2",
            Self::Header => "6.3 step 3",
            Self::Format => "6.3 step 4",
            Self::HashAlgorithm => "6.3 step 6",
            Self::Hash => "6.3 step 7",
            Self::IssuerIdentifier => "6.3 step 8",
            Self::Expiry => "6.3 step 9",
            Self::Revocation => "6.3 step 10",
            Self::KeyAlgorithm => "6.3 step 11",
            Self::Remainder | Self::Exponent => "6.3 step 12",
            Self::Pan | Self::DynamicData => return None,
        })
    }

    const fn icc_rule(self) -> Option<&'static str> {
        Some(match self {
            Self::Length => "6.4 step 1",
            Self::Trailer => "6.4 step 2",
            Self::Header => "6.4 step 3",
            Self::Format => "6.4 step 4",
            Self::HashAlgorithm => "6.4 step 6",
            Self::Hash => "6.4 step 7",
            Self::Pan => "6.4 step 8",
            Self::Expiry => "6.4 step 9",
            Self::KeyAlgorithm => "6.4 step 10",
            Self::Remainder | Self::Exponent => "6.4 step 11",
            Self::IssuerIdentifier | Self::Revocation | Self::DynamicData => return None,
        })
    }

    const fn static_rule(self) -> Option<&'static str> {
        Some(match self {
            Self::Length => "5.4 step 1",
            Self::Trailer => "5.4 step 2",
            Self::Header => "5.4 step 3",
            Self::Format => "5.4 step 4",
            Self::HashAlgorithm => "5.4 step 6",
            Self::Hash => "5.4 step 7",
            _ => return None,
        })
    }

    const fn dynamic_rule(self) -> Option<&'static str> {
        Some(match self {
            Self::Length => "6.5.2 step 1",
            Self::Trailer => "6.5.2 step 2",
            Self::Header => "6.5.2 step 3",
            Self::Format => "6.5.2 step 4",
            Self::HashAlgorithm => "6.5.2 step 6",
            Self::Hash => "6.5.2 step 7",
            Self::DynamicData => "6.5.1 table 15",
            _ => return None,
        })
    }
}

/// The first step that failed, with what was wanted and found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFailed {
    /// The step
    pub step: Step,
    /// What was expected, for people: hex or words
    pub expected: String,
    /// What was found
    pub found: String,
}

/// Watches the steps: called for each with whether it passed. Nothing is called after the first that fails.
pub type Watch<'w> = &'w mut dyn FnMut(Step, bool);

/// Makes checks and tells the watcher. Words are made only for the one that fails.
pub(super) struct Checks<'w> {
    watch: Watch<'w>,
}

impl<'w> Checks<'w> {
    pub(super) fn new(watch: Watch<'w>) -> Self {
        Self { watch }
    }

    pub(super) fn check<E: ToString, F: ToString>(
        &mut self,
        step: Step,
        passed: bool,
        expected: impl FnOnce() -> E,
        found: impl FnOnce() -> F,
    ) -> Result<(), StepFailed> {
        (self.watch)(step, passed);
        if passed {
            return Ok(());
        }
        Err(StepFailed { step, expected: expected().to_string(), found: found().to_string() })
    }

    /// A check that one byte has one value.
    pub(super) fn byte(&mut self, step: Step, expected: u8, found: Option<u8>) -> Result<(), StepFailed> {
        self.check(step, found == Some(expected), || format!("{expected:02X}"), || shown(found))
    }
}

/// A byte in hex, or the word for none.
pub(super) fn shown(byte: Option<u8>) -> String {
    byte.map_or_else(|| "nothing".to_owned(), |byte| format!("{byte:02X}"))
}
