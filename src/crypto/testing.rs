//! What the tests of this room share.

use proptest::test_runner::Config;

use super::{
    certificate::{Step, StepFailed},
    rsa::PrivateKey,
};

/// Test keys of 512, 768, 1024, 1152, 1408 and 1984 bits with exponents 3 and 65537.
pub(super) fn key(bits: u32, exponent: u32) -> PrivateKey {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../test-vectors/primitives/rsa.json")).unwrap();
    let id = format!("{bits}-{exponent}-0");
    let case = cases.iter().find(|case| case["id"] == id.as_str()).unwrap();
    let number = |field: &str| hex::decode(case[field].as_str().unwrap()).unwrap();
    PrivateKey::from_primes(&number("p"), &number("q"), &number("exponent")).unwrap()
}

/// Property tests that leave no files behind.
pub(super) fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// Runs a verification and asserts that exactly `step` failed: every step before it in `order` was seen to pass, none
/// after it was tried.
pub(super) fn assert_fails_at<T: core::fmt::Debug>(
    order: &[Step],
    step: Step,
    verify: impl FnOnce(&mut dyn FnMut(Step, bool)) -> Result<T, StepFailed>,
) -> StepFailed {
    let mut seen = Vec::new();
    let failed = verify(&mut |step, passed| seen.push((step, passed))).unwrap_err();
    let wanted: Vec<_> = order.iter().take_while(|other| **other != step).map(|other| (*other, true)).collect();
    assert_eq!(seen, [wanted, vec![(step, false)]].concat());
    assert_eq!(failed.step, step);
    failed
}

/// A recovered and changed block, signed again. With `rehash`, the hash is made right again over the block and these.
pub(super) fn change(
    key: &PrivateKey,
    signature: &[u8],
    change: impl FnOnce(&mut [u8]),
    rehash: Option<&[&[u8]]>,
) -> Vec<u8> {
    use sha1::{Digest, Sha1};
    let mut block = key.public().recover(signature).unwrap();
    change(&mut block);
    if let Some(more) = rehash {
        let at = block.len() - 21;
        let hash = Sha1::digest([&block[1..at], &more.concat()].concat());
        block[at..at + 20].copy_from_slice(&hash);
    }
    key.sign(&block).unwrap()
}

/// `bytes` with one bit the other way round.
pub(super) fn flip(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 0x80 >> (bit % 8);
    bytes
}
