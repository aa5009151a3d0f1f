//! Application cryptograms from the issuer's master key to the MAC, each beside the block encryptions it cannot do without,
//! with the schedules already there: the raw speed of the cipher, in the same run. OpenSSL's raw speed is printed first, if it
//! is installed: one block of DES (a third of triple DES) or of AES.

use std::{hint::black_box, process::Command};

use aes::Aes128;
use criterion::{Criterion, criterion_group, criterion_main};
use des::{
    Des,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use emvtap::crypto::{SymmetricKey, cryptogram::CryptogramData, scheme::Version};

const PAN: [u8; 8] = [0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x00, 0x10];

fn data(iad: &[u8]) -> CryptogramData<'_> {
    CryptogramData {
        amount: [0, 0, 0, 0, 0x25, 0],
        amount_other: [0; 6],
        country: [0x00, 0x56],
        tvr: [0; 5],
        currency: [0x09, 0x78],
        date: [0x26, 0x06, 0x15],
        transaction_type: 0,
        unpredictable_number: [0xC1, 0x5C, 0x02, 0x89],
        aip: [0x20, 0x00],
        atc: [0x00, 0x01],
        iad,
    }
}

/// Nanoseconds a block of OpenSSL, as `openssl speed` measures it in one second.
fn openssl(cipher: &str, block: f64) -> Option<f64> {
    let words = ["speed", "-mr", "-seconds", "1", "-bytes", "8192", "-evp", cipher];
    let output = Command::new("openssl").args(words).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().find(|line| line.starts_with("+F:"))?;
    let speed: f64 = line.rsplit(':').next()?.parse().ok()?;
    Some(block / speed * 1e9)
}

fn cryptograms(c: &mut Criterion) {
    for (name, cipher, block) in [("DES", "des-ede3", 8.0 / 3.0), ("AES-128", "aes-128-ecb", 16.0)] {
        match openssl(cipher, block) {
            Some(time) => println!("openssl {name}: {time:.1} ns a block"),
            None => println!("openssl {name}: not measured, there is no openssl here"),
        }
    }
    let mut ccd = [0; 32];
    ccd[..2].copy_from_slice(&[0x0F, 0xA6]);
    // The version, its IAD, and its blocks: card key, session key, MAC (triple DES counts three).
    let cases: [(&str, &[u8], usize); 4] = [
        ("visa-10", &[6, 1, 0x0A, 3, 0xA0, 0, 0], 6 + 7),
        ("visa-18", &[6, 1, 0x12, 3, 0xA0, 0, 0], 6 + 6 + 8),
        ("mastercard-17", &[1, 0x11, 0xA0, 0, 3, 0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0x22], 6 + 6 + 9),
        ("ccd-a6", &ccd, 1 + 1 + 6),
    ];
    for (name, iad, blocks) in cases {
        let version = Version::named(name).expect("a version");
        let bytes = [0x5A; 16];
        let key = if version.is_aes() { SymmetricKey::aes(&bytes) } else { SymmetricKey::triple_des(&bytes) };
        let (key, data) = (key.expect("16 bytes"), data(iad));
        let mut group = c.benchmark_group(name);
        group.bench_function("from the issuer's key", |b| {
            b.iter(|| {
                let card = version.method.card_key.derive(black_box(&key), &PAN, 1).expect("a key");
                version.method.cryptogram(&card, black_box(&data)).expect("a cryptogram")
            });
        });
        group.bench_function("raw blocks", |b| {
            if version.is_aes() {
                let cipher = Aes128::new(&bytes.into());
                let mut block = [0; 16].into();
                b.iter(|| (0..blocks).for_each(|_| cipher.encrypt_block(black_box(&mut block))));
            } else {
                let cipher = Des::new(&[0x5A; 8].into());
                let mut block = [0; 8].into();
                b.iter(|| (0..blocks).for_each(|_| cipher.encrypt_block(black_box(&mut block))));
            }
        });
        group.finish();
    }
}

criterion_group!(benches, cryptograms);
criterion_main!(benches);
