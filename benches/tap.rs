//! Whole virtual taps on one thread with nobody watching, each beside the sum of the cryptography it cannot do without, in
//! the same run: `online` has one cryptogram, `fdda` a cryptogram, a signature and three recoveries.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{Criterion, criterion_group, criterion_main};
use emvtap::{
    card::{Card, Profile},
    crypto::{
        certificate::{
            IccInput, IccSubject, IssuerInput, IssuerSubject, issue_icc, issue_issuer, recover_icc, recover_issuer,
        },
        cryptogram::{CryptogramData, VisaCvn},
        rsa::PrivateKey,
        signature::{sign_sdad, verify_sdad},
        trust::{CaKey, Trust},
    },
    data::Amount,
    host::Offline,
    kernel::{
        event::{Event, Silent, Sink},
        outcome::OutcomeResult,
    },
    link::VirtualCard,
    report::{Mask, Recording, recording::Header},
    run::{Parts, Reader, Seeded, Transaction},
    terminal::Terminal,
    time::{Date, Micros},
};

/// The card's counters allow so many taps in a row.
const TAPS_A_CARD: u64 = 500;

/// Times `taps` whole transactions; cards are issued outside the clock.
fn taps(card: &str, terminal: &str, cents: u64, wanted: OutcomeResult, taps: u64, events: &mut dyn Sink) -> Duration {
    let profile = Profile::builtin(card).expect("a built-in card");
    let terminal = Terminal::builtin(terminal).expect("a built-in terminal").expect("well-formed");
    let mut reader = Reader::new(terminal.configuration());
    let amount = Amount::new(cents).expect("twelve digits");
    let sale = Transaction::purchase(amount, "2026-06-15T12:00:00Z".parse().expect("a moment"));
    let mut random = Seeded::new(1);
    let mut spent = Duration::ZERO;
    let mut left = taps;
    while left > 0 {
        let batch = left.min(TAPS_A_CARD);
        left -= batch;
        let mut link = VirtualCard::new(Card::new(&profile, 1).expect("a card"));
        let start = Instant::now();
        for _ in 0..batch {
            let parts = Parts { link: &mut link, host: &mut Offline, random: &mut random, events };
            let tap = reader.pay(black_box(&sale), parts);
            assert_eq!(tap.outcomes.last().map(|outcome| outcome.result), Some(wanted));
        }
        spent += start.elapsed();
    }
    spent
}

/// What every cryptogram of these taps is computed over.
const DATA: CryptogramData<'_> = CryptogramData {
    amount: [0, 0, 0, 0, 0x25, 0],
    amount_other: [0; 6],
    country: [0x00, 0x56],
    tvr: [0; 5],
    currency: [0x09, 0x78],
    date: [0x26, 0x06, 0x15],
    transaction_type: 0,
    unpredictable_number: [1, 2, 3, 4],
    aip: [0x20, 0x00],
    atc: [0x00, 0x01],
    iad: &[0x06, 0x01, 0x12, 0x03, 0xA0, 0xB8, 0x00],
};

/// A key pair from `cards/keys`.
fn key(text: &str) -> PrivateKey {
    let file: toml::Table = text.parse().expect("TOML");
    let bytes = |name: &str| hex::decode(file[name].as_str().expect("text")).expect("hex");
    PrivateKey::from_primes(&bytes("p"), &bytes("q"), &bytes("exponent")).expect("a key")
}

/// The cryptography of one fDDA tap and nothing else, with the keys of the card that taps.
struct Fdda {
    ca: CaKey,
    card: PrivateKey,
    issuer_certificate: Vec<u8>,
    issuer_remainder: Vec<u8>,
    card_certificate: Vec<u8>,
    card_remainder: Vec<u8>,
    trust: Trust,
}

const PAN: [u8; 10] = [0x40, 0x12, 0x88, 0x88, 0x88, 0x88, 0x18, 0x81, 0xFF, 0xFF];
const STATIC_DATA: [u8; 64] = [0x5A; 64];
/// 9F37, 9F02, 5F2A, 9F69.
const TERMINAL_DATA: [u8; 20] = [0x37; 20];

impl Fdda {
    fn new() -> Self {
        let ca = key(include_str!("../cards/keys/visa-ca-e2.toml"));
        let issuer = key(include_str!("../cards/keys/visa-issuer-b.toml"));
        let card = key(include_str!("../cards/keys/visa-card-b.toml"));
        let (expiry, serial) = ([0x12, 0x35], [0, 0, 1]);
        let subject = IssuerSubject { identifier: [0x40, 0x12, 0x88, 0xFF], expiry, serial, key: issuer.public() };
        let issuer_issued = issue_issuer(&ca, subject).expect("fits");
        let subject = IccSubject { pan: PAN, expiry, serial, key: card.public(), static_data: &STATIC_DATA };
        let card_issued = issue_icc(&issuer, subject).expect("fits");
        let public = ca.public();
        Self {
            ca: CaKey::new(*b"\xA0\0\0\0\x03", 0xE2, public.modulus(), public.exponent()).expect("a key"),
            card,
            issuer_certificate: issuer_issued.certificate,
            issuer_remainder: issuer_issued.remainder,
            card_certificate: card_issued.certificate,
            card_remainder: card_issued.remainder,
            trust: Trust::default(),
        }
    }

    fn run(&self) {
        let today = Date::new(2026, 6, 15).expect("a day");
        let watch = &mut |_, _| ();
        let sdad = sign_sdad(&self.card, 0x05, &[0x02, 0x00, 0x01], &TERMINAL_DATA).expect("fits");
        let input = IssuerInput {
            certificate: &self.issuer_certificate,
            remainder: &self.issuer_remainder,
            exponent: &[0x01, 0x00, 0x01],
            pan: &PAN,
        };
        let issuer = recover_issuer(&self.ca, input, &self.trust, today, watch).expect("recovers");
        let input = IccInput {
            certificate: &self.card_certificate,
            remainder: &self.card_remainder,
            exponent: &[3],
            pan: &PAN,
            static_data: &STATIC_DATA,
        };
        let card = recover_icc(&issuer.key, input, today, watch).expect("recovers");
        verify_sdad(&card.key, &sdad, &[0x05], &TERMINAL_DATA, watch).expect("verifies");
    }
}

fn tap(c: &mut Criterion) {
    let master_key = *b"\x01\x23\x45\x67\x89\xAB\xCD\xEF\xFE\xDC\xBA\x98\x76\x54\x32\x10";
    let mut group = c.benchmark_group("tap/online");
    group.bench_function("cryptography", |b| {
        b.iter(|| VisaCvn::Cvn18.cryptogram(black_box(&master_key), black_box(&DATA)));
    });
    let online =
        |n, events: &mut dyn Sink| taps("visa-phone", "retail-attended", 2500, OutcomeResult::OnlineRequest, n, events);
    group.bench_function("emvtap", |b| b.iter_custom(|n| online(n, &mut Silent)));
    group.finish();

    let mut group = c.benchmark_group("tap/fdda");
    let fdda = Fdda::new();
    group.bench_function("cryptography", |b| {
        b.iter(|| {
            fdda.run();
            VisaCvn::Cvn10.cryptogram(black_box(&master_key), black_box(&DATA))
        });
    });
    let offline =
        |n, events: &mut dyn Sink| taps("visa-debit-offline", "retail-offline", 25, OutcomeResult::Approved, n, events);
    group.bench_function("emvtap", |b| b.iter_custom(|n| offline(n, &mut Silent)));
    group.bench_function("emvtap, recorded", |b| {
        b.iter_custom(|n| {
            let mut recording = Recording::with_header(Mask::off(), &Header::default());
            let mut keep = |at: Micros, event: &Event<'_>| {
                recording.event(at, event);
                black_box(recording.take());
            };
            offline(n, &mut keep)
        });
    });
    group.finish();
}

criterion_group!(benches, tap);
criterion_main!(benches);
