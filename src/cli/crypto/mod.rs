//! `emvtap crypto`: what cards and issuers compute, step by step. Nothing is computed here: every step calls what cards, issuers
//! and kernels call.

mod arpc;
mod arqc;
mod block;
mod cert;
mod chain;
mod cvc3;
mod dukpt;
mod input;
mod key;
mod keyblock;
mod keys;
mod method;
mod oda;
mod page;
mod pinblock;
mod script;
mod steps;

pub use page::SCHEMA;

use super::{
    args::crypto::{Crypto, LookAtCertificates},
    exit::Exit,
    failure::Failure,
    out::Environment,
};

/// Runs the verb.
pub fn run(verb: &Crypto, environment: &Environment) -> Result<Exit, Failure> {
    match verb {
        Crypto::Arqc(verb) => arqc::run(verb, environment),
        Crypto::Arpc(verb) => arpc::run(verb, environment),
        Crypto::Keys(verb) => keys::run(verb, environment),
        Crypto::Cvc3(verb) => cvc3::run(verb, environment),
        Crypto::Dcvv(verb) => cvc3::dcvv(verb, environment),
        Crypto::Script(verb) => script::run(verb, environment),
        Crypto::Pinblock(verb) => pinblock::run(verb, environment),
        Crypto::Oda(verb) => oda::run(verb, environment),
        Crypto::Cert(LookAtCertificates::Build(verb)) => cert::build(verb, environment),
        Crypto::Cert(LookAtCertificates::Inspect(verb)) => cert::inspect(verb, environment),
        Crypto::Dukpt(verb) => dukpt::run(verb, environment),
        Crypto::Keyblock(verb) => keyblock::run(verb, environment),
    }
}
