//! Powers of public numbers: the third and the 65537th, modulo an odd number.
//!
//! Nothing here is secret, so nothing has to take the same time for every number. A cube is two products with a division each,
//! by Knuth's algorithm D with a reciprocal; for seventeen products Montgomery's form pays, which has no quotients to guess.

/// A modulus with what reductions need. Limbs stand with the least significant first.
#[derive(Clone)]
pub(super) struct Modulus {
    limbs: Vec<u64>,
    /// The modulus times 2^`shift`, which sets the top bit of the top limb.
    divisor: Vec<u64>,
    shift: u32,
    /// ⌊(2^128 − 1) / d⌋ − 2^64 for the top limb d of the divisor.
    reciprocal: u64,
    /// −1 / modulus mod 2^64
    inverse: u64,
}

impl Modulus {
    /// From big-endian bytes whose first has its top bit set and whose last is odd; two limbs or more.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let limbs = limbs_of(bytes);
        let shift = limbs.last().map_or(0, |top| top.leading_zeros());
        let mut divisor = limbs.clone();
        shift_left(&mut divisor, shift);
        let top = divisor.last().copied().unwrap_or_default();
        let (reciprocal, _) = halves(u128::MAX.checked_div(top.into()).unwrap_or_default());
        let inverse = limbs.first().map_or(0, |lowest| negative_inverse(*lowest));
        Self { limbs, divisor, shift, reciprocal, inverse }
    }

    /// base³ mod modulus, in whole limbs. `base`: big-endian, as long as the modulus and below it.
    pub(super) fn cube(&self, base: &[u8]) -> Vec<u8> {
        let mut base = limbs_of(base);
        let mut product = vec![0; 2 * base.len()];
        square(&base, &mut product);
        self.divide(&mut product);
        let squared: Vec<u64> = product.iter().copied().take(base.len()).collect();
        // Divided by the shifted modulus, a shifted product leaves the shifted remainder.
        shift_left(&mut base, self.shift);
        multiply(&squared, &base, &mut product);
        self.divide(&mut product);
        let remainder = product.get_mut(..base.len()).unwrap_or_default();
        shift_right(remainder, self.shift);
        bytes_of(remainder)
    }

    /// base^65537 mod modulus, as [`cube`](Self::cube).
    pub(super) fn power_65537(&self, base: &[u8]) -> Vec<u8> {
        let base = limbs_of(base);
        let mut product = vec![0; base.len()];
        product.extend_from_slice(&base);
        self.divide(&mut product);
        let mut power: Vec<u64> = product.iter().copied().take(base.len()).collect();
        for _ in 0..16 {
            square(&power, &mut product);
            self.leave_form(&mut product, &mut power);
        }
        // The last factor is not in Montgomery's form, and so the product is not either.
        multiply(&power, &base, &mut product);
        self.leave_form(&mut product, &mut power);
        if is_at_least(&power, &self.limbs) {
            subtract_product(&mut power, &self.limbs, 1);
        }
        bytes_of(&power)
    }

    /// Leaves the remainder of the division by `divisor` in the lower limbs (Knuth, 4.3.1 D).
    fn divide(&self, number: &mut [u64]) {
        let count = self.divisor.len();
        let digits = number.len().saturating_sub(count);
        if let Some(high) = number.get_mut(digits..).filter(|high| is_at_least(high, &self.divisor)) {
            subtract_product(high, &self.divisor, 1);
        }
        for at in (0..digits).rev() {
            let Some((top, rest)) = window(number, at, count) else { return };
            let borrow = subtract_product(rest, &self.divisor, self.digit(*top, rest));
            let (difference, mut under) = top.overflowing_sub(borrow);
            *top = difference;
            while under {
                let (sum, over) = top.overflowing_add(add_product(rest, &self.divisor, 1));
                (*top, under) = (sum, !over);
            }
        }
    }

    /// A digit of the quotient, or a little more: the top limbs over those of the divisor, by its reciprocal (Möller and
    /// Granlund, Improved division by invariant integers, algorithm 4), then Knuth's test with one limb more.
    fn digit(&self, top: u64, rest: &[u64]) -> u64 {
        let ([.., third, second], [.., low, high]) = (rest, &self.divisor[..]) else { return 0 };
        if top >= *high {
            return u64::MAX;
        }
        let (fraction, guess) = halves(wide(self.reciprocal, top) + (u128::from(top) << 64 | u128::from(*second)));
        let mut digit = guess.wrapping_add(1);
        let mut remainder = second.wrapping_sub(digit.wrapping_mul(*high));
        if remainder > fraction {
            digit = digit.wrapping_sub(1);
            remainder = remainder.wrapping_add(*high);
        }
        if remainder >= *high {
            digit = digit.wrapping_add(1);
            remainder = remainder.wrapping_sub(*high);
        }
        while wide(digit, *low) > u128::from(remainder) << 64 | u128::from(*third) {
            digit = digit.wrapping_sub(1);
            match remainder.checked_add(*high) {
                Some(sum) => remainder = sum,
                None => break,
            }
        }
        digit
    }

    /// product / 2^(64 · limbs) mod modulus, perhaps with the modulus added, but in as many limbs as it has.
    fn leave_form(&self, product: &mut [u64], quotient: &mut [u64]) {
        let count = self.limbs.len();
        let mut carry = false;
        for at in 0..count {
            let Some((next, rest)) = window(product, at, count) else { return };
            let factor = rest.first().map_or(0, |lowest| lowest.wrapping_mul(self.inverse));
            let (sum, over) = next.overflowing_add(add_product(rest, &self.limbs, factor));
            let (sum, over_again) = sum.overflowing_add(carry.into());
            (*next, carry) = (sum, over | over_again);
        }
        quotient.iter_mut().zip(product.iter().skip(count)).for_each(|(to, from)| *to = *from);
        if carry {
            subtract_product(quotient, &self.limbs, 1);
        }
    }
}

/// `count` limbs from `at` on, and the one above them.
fn window(number: &mut [u64], at: usize, count: usize) -> Option<(&mut u64, &mut [u64])> {
    number.get_mut(at..=at + count)?.split_last_mut()
}

fn limbs_of(bytes: &[u8]) -> Vec<u64> {
    let (first, whole) = bytes.as_rchunks::<8>();
    let top = first.iter().fold(0, |limb, byte| limb << 8 | u64::from(*byte));
    let whole = whole.iter().rev().map(|bytes| u64::from_be_bytes(*bytes));
    whole.chain((!first.is_empty()).then_some(top)).collect()
}

fn bytes_of(limbs: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(8 * limbs.len());
    limbs.iter().rev().for_each(|limb| bytes.extend_from_slice(&limb.to_be_bytes()));
    bytes
}

fn wide(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

/// The lower and the upper half.
fn halves(number: u128) -> (u64, u64) {
    let low = u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default();
    (low, u64::try_from(number >> 64).unwrap_or_default())
}

/// −1 / odd mod 2^64, by Newton's iteration: an odd number is its own inverse mod 8, and each step doubles the bits.
fn negative_inverse(odd: u64) -> u64 {
    let step = |inverse: u64, _| inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
    (0..5).fold(odd, step).wrapping_neg()
}

fn is_at_least(one: &[u64], other: &[u64]) -> bool {
    one.iter().rev().ge(other.iter().rev())
}

fn shift_left(limbs: &mut [u64], bits: u32) {
    let mut carry = 0;
    for limb in limbs {
        let out = limb.checked_shr(64 - bits).unwrap_or_default();
        *limb = *limb << bits | carry;
        carry = out;
    }
}

fn shift_right(limbs: &mut [u64], bits: u32) {
    let mut carry = 0;
    for limb in limbs.iter_mut().rev() {
        let out = limb.checked_shl(64 - bits).unwrap_or_default();
        *limb = *limb >> bits | carry;
        carry = out;
    }
}

/// `to` += `from` · `factor`; gives the carry. The chunks let the compiler unroll, which is a third of the time.
fn add_product(to: &mut [u64], from: &[u64], factor: u64) -> u64 {
    let add = |carry: u64, (to, from): (&mut u64, &u64)| {
        let (sum, carry) = halves(wide(*from, factor) + u128::from(*to) + u128::from(carry));
        *to = sum;
        carry
    };
    let ((to, to_rest), (from, from_rest)) = (to.as_chunks_mut::<4>(), from.as_chunks::<4>());
    let carry = to.iter_mut().zip(from).fold(0, |carry, (to, from)| to.iter_mut().zip(from).fold(carry, add));
    to_rest.iter_mut().zip(from_rest).fold(carry, add)
}

/// `to` −= `from` · `factor`; gives the borrow.
fn subtract_product(to: &mut [u64], from: &[u64], factor: u64) -> u64 {
    let subtract = |borrow: u64, (to, from): (&mut u64, &u64)| {
        let (product, borrow) = halves(wide(*from, factor) + u128::from(borrow));
        let (difference, under) = to.overflowing_sub(product);
        *to = difference;
        borrow + u64::from(under)
    };
    let ((to, to_rest), (from, from_rest)) = (to.as_chunks_mut::<4>(), from.as_chunks::<4>());
    let borrow = to.iter_mut().zip(from).fold(0, |borrow, (to, from)| to.iter_mut().zip(from).fold(borrow, subtract));
    to_rest.iter_mut().zip(from_rest).fold(borrow, subtract)
}

/// The product of two numbers of as many limbs; `product` has twice as many.
fn multiply(one: &[u64], other: &[u64], product: &mut [u64]) {
    product.fill(0);
    for (at, factor) in other.iter().enumerate() {
        let Some((top, rest)) = window(product, at, one.len()) else { return };
        *top = add_product(rest, one, *factor);
    }
}

/// The square: products of different limbs once, doubled, and the squares of the limbs.
fn square(number: &[u64], product: &mut [u64]) {
    product.fill(0);
    let mut rest = number;
    for at in 0..number.len() {
        let Some((factor, others)) = rest.split_first() else { return };
        if let Some((top, row)) = window(product, 2 * at + 1, others.len()).filter(|_| !others.is_empty()) {
            *top = add_product(row, others, *factor);
        }
        rest = others;
    }
    let (mut shifted_out, mut carry) = (0, 0);
    for ([low, high], limb) in product.as_chunks_mut::<2>().0.iter_mut().zip(number) {
        let (square_low, square_high) = halves(wide(*limb, *limb));
        let (doubled_low, doubled_high) = (*low << 1 | shifted_out, *high << 1 | *low >> 63);
        shifted_out = *high >> 63;
        let (sum, over) = halves(u128::from(doubled_low) + u128::from(square_low) + u128::from(carry));
        *low = sum;
        (*high, carry) = halves(u128::from(doubled_high) + u128::from(square_high) + u128::from(over));
    }
}
