//! The rules that all kernels share: those of Books A and B that a kernel has to follow, of Book 3 about records, and of
//! Book 2 about authentication.

use crate::{
    crypto::certificate::{Step, Structure},
    kernel::rule::{Rule, rules},
};

rules! {
    "A" {
        OUTCOMES = "table 6-1" "what the Outcomes mean, and where they start again";
        CONTACT_CARD = "8.1.1.10" "a contact card ends the contactless transaction";
    }
    "B" {
        READER_OBJECT = "3.6.1.1" "what is the reader's to give is not taken from the card";
        UNKNOWN_OBJECT = "3.6.1.2" "data objects that mean nothing to the kernel are ignored";
    }
    "3" {
        SIGNED_RECORDS = "10.3" "records to be authenticated are templates 70";
    }
    "2" {
        STATIC_SIGNATURE = "5.4" "Signed Static Application Data is verified with the issuer public key";
        ISSUER_CERTIFICATE = "6.3" "the issuer public key is recovered with the CA public key";
        ICC_CERTIFICATE = "6.4" "the ICC public key is recovered with the issuer public key";
        DYNAMIC_SIGNATURE = "6.5.2" "Signed Dynamic Application Data is verified with the ICC public key";
    }
}

/// The rule that a verification as a whole follows.
pub const fn of_structure(structure: Structure) -> Rule {
    match structure {
        Structure::IssuerCertificate => ISSUER_CERTIFICATE,
        Structure::IccCertificate => ICC_CERTIFICATE,
        Structure::StaticSignature => STATIC_SIGNATURE,
        Structure::DynamicSignature => DYNAMIC_SIGNATURE,
    }
}

/// The rule that one step of a verification follows; that of the whole for a step that Book 2 does not number.
pub fn of_step(step: Step, structure: Structure) -> Rule {
    let whole = of_structure(structure);
    step.rule(structure).map_or(whole, |number| Rule { number, words: step.words(), ..whole })
}

/// The numbered steps of Book 2's verifications. Where two checks are one step, the first speaks for it.
pub fn steps() -> impl Iterator<Item = Rule> {
    use Structure::{DynamicSignature, IccCertificate, IssuerCertificate, StaticSignature};
    [StaticSignature, IssuerCertificate, IccCertificate, DynamicSignature].into_iter().flat_map(|structure| {
        let mut last = None;
        let numbered = Step::ALL.into_iter().filter(move |step| {
            let number = step.rule(structure);
            number.is_some() && core::mem::replace(&mut last, number) != number
        });
        numbered.map(move |step| of_step(step, structure))
    })
}
