//! GMP of the system (LGPL-3.0 or GPL-2.0): measured beside, linked into nothing that is shipped.

use std::ptr;

use crate::{
    Peer,
    rsa::{Recovery, digest},
};

/// `mpz_t`
#[repr(C)]
struct Number {
    room: i32,
    size: i32,
    limbs: *mut u64,
}

#[link(name = "gmp")]
unsafe extern "C" {
    fn __gmpz_init(number: *mut Number);
    fn __gmpz_clear(number: *mut Number);
    fn __gmpz_import(n: *mut Number, count: usize, order: i32, size: usize, endian: i32, nails: usize, from: *const u8);
    fn __gmpz_export(
        to: *mut u8,
        count: *mut usize,
        order: i32,
        size: usize,
        endian: i32,
        nails: usize,
        n: *const Number,
    );
    fn __gmpz_powm_ui(result: *mut Number, base: *const Number, exponent: u64, modulus: *const Number);
    fn __gmpz_powm_sec(result: *mut Number, base: *const Number, exponent: *const Number, modulus: *const Number);
    fn __gmpz_invert(result: *mut Number, number: *const Number, modulus: *const Number) -> i32;
    fn __gmpz_mul(result: *mut Number, a: *const Number, b: *const Number);
    fn __gmpz_add(result: *mut Number, a: *const Number, b: *const Number);
    fn __gmpz_sub(result: *mut Number, a: *const Number, b: *const Number);
    fn __gmpz_sub_ui(result: *mut Number, a: *const Number, b: u64);
    fn __gmpz_mod(result: *mut Number, number: *const Number, modulus: *const Number);
}

impl Number {
    fn new() -> Self {
        let mut number = Self { room: 0, size: 0, limbs: ptr::null_mut() };
        unsafe { __gmpz_init(&mut number) };
        number
    }

    fn of(bytes: &[u8]) -> Self {
        let mut number = Self::new();
        unsafe { __gmpz_import(&mut number, bytes.len(), 1, 1, 1, 0, bytes.as_ptr()) };
        number
    }

    /// A number that `work` makes.
    fn made(work: impl FnOnce(*mut Self)) -> Self {
        let mut number = Self::new();
        work(&mut number);
        number
    }

    /// At most `room` bytes.
    fn bytes(&self, room: usize) -> Vec<u8> {
        let (mut bytes, mut count) = (vec![0; room], 0);
        unsafe { __gmpz_export(bytes.as_mut_ptr(), &mut count, 1, 1, 1, 0, self) };
        bytes.truncate(count);
        bytes
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        unsafe { __gmpz_clear(self) };
    }
}

pub fn recover(input: &Recovery) -> usize {
    let (modulus, base) = (Number::of(&input.modulus), Number::of(&input.signature));
    let power = Number::made(|to| unsafe { __gmpz_powm_ui(to, &base, input.exponent.into(), &modulus) });
    digest(&power.bytes(input.modulus.len()))
}

/// CRT with `mpz_powm_sec`, which takes the same time for every exponent of a length.
pub fn signing(p: &[u8], q: &[u8], exponent: &[u8]) -> Peer<[u8]> {
    let (p, q, exponent) = (Number::of(p), Number::of(q), Number::of(exponent));
    let private = |prime: &Number| {
        let below = Number::made(|to| unsafe { __gmpz_sub_ui(to, prime, 1) });
        Number::made(|to| unsafe {
            __gmpz_invert(to, &exponent, &below);
        })
    };
    let (dp, dq) = (private(&p), private(&q));
    let inverse = Number::made(|to| unsafe {
        __gmpz_invert(to, &q, &p);
    });
    Peer::new("GMP, mpz_powm_sec", move |block: &[u8]| {
        let block_number = Number::of(block);
        let of_p = Number::made(|to| unsafe { __gmpz_powm_sec(to, &block_number, &dp, &p) });
        let of_q = Number::made(|to| unsafe { __gmpz_powm_sec(to, &block_number, &dq, &q) });
        let result = Number::made(|to| unsafe {
            __gmpz_sub(to, &of_p, &of_q);
            __gmpz_mul(to, to, &inverse);
            __gmpz_mod(to, to, &p);
            __gmpz_mul(to, to, &q);
            __gmpz_add(to, to, &of_q);
        });
        digest(&result.bytes(block.len()))
    })
}
