//! RSA: recovery with a key that was not seen before, bytes in and bytes out, and the card's signature with a prepared key.

use crypto_bigint::{
    BoxedUint, MontyForm, MontyMultiplier, Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};
use dashu_int::{UBig as Dashu, fast_div::ConstDivisor};
use emvtap::crypto::rsa::{PrivateKey, PublicKey};
use ibig::{UBig as Ibig, modular::ModuloRing};

use crate::Peer;

/// What is to be recovered. Big-endian; the signature is below the modulus.
pub struct Recovery {
    pub modulus: Vec<u8>,
    pub signature: Vec<u8>,
    pub exponent: u32,
}

/// The lengths of EMV's keys that are measured, in bits.
const LENGTHS: [usize; 4] = [1024, 1152, 1408, 1984];

/// Keys of cards whose primes have 512 and 576 bits.
const CARDS: [&str; 2] =
    [include_str!("../../../cards/keys/visa-card-b.toml"), include_str!("../../../cards/keys/visa-card-a.toml")];

pub fn compare() {
    println!("recover a message, key bytes in, message out");
    for exponent in [3, 65537] {
        for bits in LENGTHS {
            let (modulus, signature) = numbers(bits / 8);
            let input = Recovery { modulus, signature, exponent };
            crate::compare(&format!("{bits}, {exponent}"), &input, 20, &mut recovering());
        }
    }
    println!("sign, key prepared");
    for text in CARDS {
        let file: toml::Table = text.parse().expect("TOML");
        let number = |name: &str| hex::decode(file[name].as_str().expect("text")).expect("hex");
        let (p, q, exponent) = (number("p"), number("q"), number("exponent"));
        let key = PrivateKey::from_primes(&p, &q, &exponent).expect("a key");
        let block = vec![0x6A; key.public().len()];
        let title = format!("{} bits", block.len() * 8);
        #[cfg_attr(not(feature = "gmp"), allow(unused_mut, reason = "one more peer with the feature"))]
        let mut peers = vec![Peer::new("emvtap", move |block: &[u8]| digest(&key.sign(block).expect("below")))];
        #[cfg(feature = "gmp")]
        peers.push(crate::gmp::signing(&p, &q, &exponent));
        crate::compare(&title, block.as_slice(), 2, &mut peers);
    }
}

/// An odd modulus with its top bit set and a signature below it: any numbers do.
fn numbers(length: usize) -> (Vec<u8>, Vec<u8>) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    };
    let mut modulus: Vec<u8> = (0..length).map(|_| random()).collect();
    let mut signature: Vec<u8> = (0..length).map(|_| random()).collect();
    modulus[0] |= 0x80;
    modulus[length - 1] |= 1;
    signature[0] &= 0x7F;
    (modulus, signature)
}

/// The last bytes of a result, which only the right computation comes to.
pub fn digest(bytes: &[u8]) -> usize {
    bytes.iter().rev().take(6).fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}

fn recovering() -> Vec<Peer<Recovery>> {
    vec![
        Peer::new("emvtap", |input: &Recovery| {
            let exponent = if input.exponent == 3 { vec![3] } else { vec![1, 0, 1] };
            let key = PublicKey::new(&input.modulus, &exponent).expect("a key");
            digest(&key.recover(&input.signature).expect("below"))
        }),
        Peer::new("dashu-int 0.6", |input: &Recovery| {
            let (modulus, base) = (Dashu::from_be_bytes(&input.modulus), Dashu::from_be_bytes(&input.signature));
            let power = match input.exponent {
                3 => base.sqr() % &modulus * &base % &modulus,
                exponent => ConstDivisor::new(modulus).reduce(base).pow(&Dashu::from(exponent)).residue(),
            };
            digest(&power.to_be_bytes())
        }),
        Peer::new("ibig 0.3", |input: &Recovery| {
            let (modulus, base) = (Ibig::from_be_bytes(&input.modulus), Ibig::from_be_bytes(&input.signature));
            let power = match input.exponent {
                3 => &base * &base % &modulus * &base % &modulus,
                exponent => ModuloRing::new(&modulus).from(base).pow(&Ibig::from(exponent)).residue(),
            };
            digest(&power.to_be_bytes())
        }),
        Peer::new("crypto-bigint 0.7", |input: &Recovery| {
            let modulus = Odd::new(BoxedUint::from_be_slice_vartime(&input.modulus)).into_option().expect("odd");
            let params = BoxedMontyParams::new_vartime(modulus);
            let base = BoxedUint::from_be_slice_truncated(&input.signature, params.bits_precision());
            let base = BoxedMontyForm::new(base, &params);
            // Squarings by hand: its own power of a small exponent is slower.
            let squarings = input.exponent.ilog2();
            let mut multiplier = <BoxedMontyForm as MontyForm>::Multiplier::from(&params);
            let mut power = base.clone();
            (0..squarings).for_each(|_| multiplier.square_assign(&mut power));
            multiplier.mul_assign(&mut power, &base);
            digest(&power.retrieve().to_be_bytes())
        }),
        #[cfg(feature = "gmp")]
        Peer::new("GMP", crate::gmp::recover),
    ]
}
