//! The private exponentiation with the Chinese remainder theorem, in constant time.

use crypto_bigint::{
    NonZero, Odd, Uint,
    modular::{FixedMontyForm, FixedMontyParams},
};
use zeroize::Zeroize;

/// A private key of some size.
pub(super) trait Crt: Send + Sync {
    /// block^d mod n, big-endian, with leading zeros. The block is at most as long as the modulus.
    fn power(&self, block: &[u8]) -> Vec<u8>;
}

/// Prepares a key in the smallest number of 64-bit limbs its primes fit into. `None` if the primes are even, equal, too
/// long, or do not go with the exponent. Whether they are prime is not tested.
pub(super) fn prepare(p: &[u8], q: &[u8], exponent: &[u8]) -> Option<Box<dyn Crt>> {
    let (p, q) = (without_zeros(p), without_zeros(q));
    match p.len().max(q.len()).div_ceil(8) {
        0..=4 => boxed::<4>(p, q, exponent),
        5 => boxed::<5>(p, q, exponent),
        6 => boxed::<6>(p, q, exponent),
        7 => boxed::<7>(p, q, exponent),
        8 => boxed::<8>(p, q, exponent),
        9 => boxed::<9>(p, q, exponent),
        10 => boxed::<10>(p, q, exponent),
        11 => boxed::<11>(p, q, exponent),
        12 => boxed::<12>(p, q, exponent),
        13..=14 => boxed::<14>(p, q, exponent),
        15..=16 => boxed::<16>(p, q, exponent),
        _ => None,
    }
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

fn boxed<const L: usize>(p: &[u8], q: &[u8], exponent: &[u8]) -> Option<Box<dyn Crt>> {
    let [p, q, e] = [p, q, exponent].map(number::<L>);
    let q_inverse = q.invert_odd_mod(&Odd::new(p).into_option()?).into_option()?;
    let (p, q) = (Prime::new(p, &e)?, Prime::new(q, &e)?);
    let q_inverse = FixedMontyForm::new(&q_inverse, &p.parameters);
    Some(Box::new(Key { p, q, q_inverse }))
}

fn number<const L: usize>(bytes: &[u8]) -> Uint<L> {
    Uint::from_be_slice_truncated(bytes, Uint::<L>::BITS)
}

/// One prime with its exponent d mod (prime − 1).
struct Prime<const L: usize> {
    parameters: FixedMontyParams<L>,
    exponent: Uint<L>,
}

impl<const L: usize> Prime<L> {
    fn new(prime: Uint<L>, e: &Uint<L>) -> Option<Self> {
        let order = NonZero::new(prime.wrapping_sub(&Uint::ONE)).into_option()?;
        let exponent = e.invert_mod(&order).into_option()?;
        Some(Self { parameters: FixedMontyParams::new(Odd::new(prime).into_option()?), exponent })
    }

    /// (high · R + low)^d mod this prime, where R = 2^(64 L). Entering Montgomery form multiplies by R and reduces, so
    /// entering it twice does for the high half what a division would.
    fn power(&self, high: &Uint<L>, low: &Uint<L>) -> FixedMontyForm<L> {
        let high = FixedMontyForm::new(high, &self.parameters).to_montgomery();
        let base = FixedMontyForm::new(&high, &self.parameters).add(&FixedMontyForm::new(low, &self.parameters));
        base.pow_amm(&self.exponent)
    }
}

struct Key<const L: usize> {
    p: Prime<L>,
    q: Prime<L>,
    /// q⁻¹ mod p
    q_inverse: FixedMontyForm<L>,
}

impl<const L: usize> Crt for Key<L> {
    /// Garner: m = m_q + q · ((m_p − m_q) · q⁻¹ mod p).
    fn power(&self, block: &[u8]) -> Vec<u8> {
        let (high, low) = block.split_at_checked(block.len().saturating_sub(8 * L)).unwrap_or_default();
        let (high, low) = (number::<L>(high), number::<L>(low));
        let of_p = self.p.power(&high, &low);
        let of_q = self.q.power(&high, &low).retrieve();
        let factor = of_p.sub(&FixedMontyForm::new(&of_q, &self.p.parameters)).mul(&self.q_inverse).retrieve();
        let (low, high) = factor.widening_mul(self.q.parameters.modulus().as_ref());
        let (low, carry) = low.carrying_add(&of_q, crypto_bigint::Limb::ZERO);
        let (high, _) = high.carrying_add(&Uint::ZERO, carry);
        [high.to_be_bytes().as_ref(), low.to_be_bytes().as_ref()].concat()
    }
}

impl<const L: usize> Drop for Key<L> {
    fn drop(&mut self) {
        for prime in [&mut self.p, &mut self.q] {
            prime.parameters.zeroize();
            prime.exponent.zeroize();
        }
        self.q_inverse.zeroize();
    }
}
