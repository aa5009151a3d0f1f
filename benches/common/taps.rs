//! Whole virtual taps, and the cryptography that they cannot do without.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use emvtap::{
    card::{Card, Profile},
    crypto::{
        SymmetricKey,
        cda::{DynamicData, transaction_data_hash},
        certificate::{
            IccInput, IccSubject, Issued, IssuerInput, IssuerSubject, issue_icc, issue_issuer, recover_icc,
            recover_issuer,
        },
        cryptogram::{CryptogramData, VisaCvn},
        rsa::PrivateKey,
        scheme::Version,
        signature::{sign_sdad, verify_sdad},
        trust::{CaKey, Trust},
    },
    data::{Amount, Source, Store},
    host::Offline,
    kernel::{
        event::{Event, Sink},
        outcome::OutcomeResult,
    },
    link::VirtualCard,
    report::{Mask, Recording, recording::Header},
    run::{Parts, Reader, Seeded, Transaction},
    terminal::Terminal,
    time::{Date, Micros},
    tlv::{Budget, walk},
};

/// The card's counters allow so many taps in a row.
const TAPS_A_CARD: u64 = 500;

/// A transaction that is tapped again and again.
#[derive(Clone, Copy)]
pub struct Case {
    pub card: &'static str,
    pub terminal: &'static str,
    pub cents: u64,
    pub wanted: OutcomeResult,
}

/// Kernel 3, one cryptogram.
pub const ONLINE: Case =
    Case { card: "visa-phone", terminal: "retail-attended", cents: 2500, wanted: OutcomeResult::OnlineRequest };
/// Kernel 3, a signature and three recoveries.
pub const FDDA: Case =
    Case { card: "visa-debit-offline", terminal: "retail-offline", cents: 25, wanted: OutcomeResult::Approved };
/// Kernel 2, the same.
pub const CDA: Case =
    Case { card: "mastercard-offline", terminal: "mc-offline", cents: 25, wanted: OutcomeResult::Approved };
/// Kernel 2, track data with a checksum.
pub const MAG_STRIPE: Case =
    Case { card: "mastercard-mag-stripe", terminal: "mc-attended", cents: 2500, wanted: OutcomeResult::OnlineRequest };

/// A reader with a card in its field.
pub struct Bench {
    case: Case,
    card: Card,
    link: VirtualCard,
    reader: Reader,
    sale: Transaction,
    random: Seeded,
}

impl Bench {
    pub fn new(case: Case) -> Self {
        let profile = Profile::builtin(case.card).expect("a built-in card");
        let card = Card::new(&profile, 1).expect("a card");
        let terminal = Terminal::builtin(case.terminal).expect("a built-in terminal").expect("well-formed");
        let amount = Amount::new(case.cents).expect("twelve digits");
        Self {
            case,
            link: VirtualCard::new(card.with_seed(1)),
            card,
            reader: Reader::new(terminal.configuration()),
            sale: Transaction::purchase(amount, "2026-06-15T12:00:00Z".parse().expect("a moment")),
            random: Seeded::new(1),
        }
    }

    /// The same card again, as it left the factory.
    pub fn new_card(&mut self) {
        self.link = VirtualCard::new(self.card.with_seed(1));
    }

    pub fn tap(&mut self, events: &mut dyn Sink) {
        let parts = Parts { link: &mut self.link, host: &mut Offline, random: &mut self.random, events };
        let tap = self.reader.pay(black_box(&self.sale), parts);
        assert_eq!(tap.outcomes.last().map(|outcome| outcome.result), Some(self.case.wanted));
    }
}

/// Times `taps` whole transactions; cards are made outside the clock.
pub fn time(case: Case, taps: u64, events: &mut dyn Sink) -> Duration {
    let mut bench = Bench::new(case);
    let mut spent = Duration::ZERO;
    let mut left = taps;
    while left > 0 {
        let batch = left.min(TAPS_A_CARD);
        left -= batch;
        bench.new_card();
        let start = Instant::now();
        (0..batch).for_each(|_| bench.tap(events));
        spent += start.elapsed();
    }
    spent
}

/// Gives `work` a sink that makes a line of a recording of every event.
pub fn record<T>(work: impl FnOnce(&mut dyn Sink) -> T) -> T {
    let mut recording = Recording::with_header(Mask::off(), &Header::default());
    let mut keep = |at: Micros, event: &Event<'_>| {
        recording.event(at, event);
        recording.hand_over(|line| {
            black_box(line);
        });
    };
    work(&mut keep)
}

/// What every cryptogram of these taps is computed over.
pub const DATA: CryptogramData<'_> = CryptogramData {
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

/// The card's master key.
pub const MASTER_KEY: [u8; 16] = *b"\x01\x23\x45\x67\x89\xAB\xCD\xEF\xFE\xDC\xBA\x98\x76\x54\x32\x10";

/// The issuer application data of the card of [`ONLINE`], whose cryptogram is computed over all of them.
const PHONE_IAD: [u8; 32] = {
    let mut iad = [0; 32];
    (iad[0], iad[1], iad[2], iad[4]) = (0x1F, 0x22, 0x01, 0xA4);
    iad
};

/// What one tap of [`ONLINE`] cannot do without: the card's cryptogram, and the reader's look at what the card says.
pub struct Online {
    responses: Vec<Vec<u8>>,
    store: Store,
}

impl Online {
    /// With the responses of a recorded tap of the same card.
    pub fn new() -> Self {
        let recording = include_str!("../../test-vectors/recordings/visa-phone.tap.jsonl");
        let events = recording.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        let responses = events.filter(|event| event["event"] == "response").map(|event| {
            let mut bytes = hex::decode(event["bytes"].as_str().expect("text")).expect("hex");
            bytes.truncate(bytes.len() - 2);
            bytes
        });
        Self { responses: responses.collect(), store: Store::new() }
    }

    pub fn run(&mut self) {
        let data = CryptogramData { iad: &PHONE_IAD, ..DATA };
        black_box(VisaCvn::Cvn22.cryptogram(black_box(&MASTER_KEY), black_box(&data)));
        self.store.clear();
        for response in &self.responses {
            for (_, object) in walk(black_box(response), Budget::default()).map_while(Result::ok) {
                if !object.tag.is_constructed() {
                    self.store.put(object.tag, object.value, Source::Card);
                }
            }
        }
        black_box(&self.store);
    }
}

/// The cryptogram of the M/Chip cards of these taps.
pub fn mastercard_cryptogram() -> [u8; 8] {
    let iad = &[1, 0x10, 0xA0, 0, 3, 0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let key = SymmetricKey::triple_des(black_box(&MASTER_KEY)).expect("16 bytes");
    let version = Version::named("mastercard-16").expect("a version");
    version.method.cryptogram(&key, black_box(&CryptogramData { iad, ..DATA })).expect("a cryptogram")
}

/// A key pair from `cards/keys`.
fn key(text: &str) -> PrivateKey {
    let file: toml::Table = text.parse().expect("TOML");
    let bytes = |name: &str| hex::decode(file[name].as_str().expect("text")).expect("hex");
    PrivateKey::from_primes(&bytes("p"), &bytes("q"), &bytes("exponent")).expect("a key")
}

/// The RSA and SHA-1 of one tap with offline data authentication and nothing else, with the keys of the card that taps.
pub struct Authentication {
    ca: CaKey,
    card: PrivateKey,
    issuer_exponent: Vec<u8>,
    issuer_certificate: Issued,
    card_certificate: Issued,
    trust: Trust,
    dynamic_data: Vec<u8>,
    terminal_data: Vec<u8>,
    /// What CDA hashes beside: PDOL and CDOL data and the answer to GENERATE AC.
    transaction_data: Vec<u8>,
}

const PAN: [u8; 10] = [0x40, 0x12, 0x88, 0x88, 0x88, 0x88, 0x18, 0x81, 0xFF, 0xFF];
const STATIC_DATA: [u8; 64] = [0x5A; 64];

impl Authentication {
    pub fn fdda() -> Self {
        let ca = key(include_str!("../../cards/keys/visa-ca-e2.toml"));
        let issuer = key(include_str!("../../cards/keys/visa-issuer-b.toml"));
        let card = key(include_str!("../../cards/keys/visa-card-b.toml"));
        // 9F37, 9F02, 5F2A, 9F69
        Self::new(&ca, &issuer, card, vec![0x02, 0x00, 0x01], vec![0x37; 20], Vec::new())
    }

    pub fn cda() -> Self {
        let ca = key(include_str!("../../cards/keys/mc-ca-e1.toml"));
        let issuer = key(include_str!("../../cards/keys/mc-issuer-a.toml"));
        let card = key(include_str!("../../cards/keys/mc-card-a.toml"));
        let data =
            DynamicData { icc_dynamic_number: &[1; 8], cid: 0x40, cryptogram: [2; 8], data_hash: [3; 20], more: &[] };
        Self::new(&ca, &issuer, card, data.to_bytes(), vec![0x37; 4], vec![0x9F; 110])
    }

    fn new(
        ca: &PrivateKey,
        issuer: &PrivateKey,
        card: PrivateKey,
        dynamic_data: Vec<u8>,
        terminal_data: Vec<u8>,
        transaction_data: Vec<u8>,
    ) -> Self {
        let (expiry, serial) = ([0x12, 0x35], [0, 0, 1]);
        let subject = IssuerSubject { identifier: [0x40, 0x12, 0x88, 0xFF], expiry, serial, key: issuer.public() };
        let issuer_certificate = issue_issuer(ca, subject).expect("fits");
        let subject = IccSubject { pan: PAN, expiry, serial, key: card.public(), static_data: &STATIC_DATA };
        let card_certificate = issue_icc(issuer, subject).expect("fits");
        let public = ca.public();
        Self {
            ca: CaKey::new(*b"\xA0\0\0\0\x03", 0xE2, public.modulus(), public.exponent()).expect("a key"),
            card,
            issuer_exponent: issuer.public().exponent().to_vec(),
            issuer_certificate,
            card_certificate,
            trust: Trust::default(),
            dynamic_data,
            terminal_data,
            transaction_data,
        }
    }

    /// The card signs, the terminal recovers two keys and verifies.
    pub fn run(&self) {
        self.hash();
        let sdad = sign_sdad(&self.card, 0x05, &self.dynamic_data, &self.terminal_data).expect("fits");
        let today = Date::new(2026, 6, 15).expect("a day");
        let watch = &mut |_, _| ();
        let input = IssuerInput {
            certificate: &self.issuer_certificate.certificate,
            remainder: &self.issuer_certificate.remainder,
            exponent: &self.issuer_exponent,
            pan: &PAN,
        };
        let issuer = recover_issuer(&self.ca, input, &self.trust, today, watch).expect("recovers");
        let input = IccInput {
            certificate: &self.card_certificate.certificate,
            remainder: &self.card_certificate.remainder,
            exponent: self.card.public().exponent(),
            pan: &PAN,
            static_data: &STATIC_DATA,
        };
        let card = recover_icc(&issuer.key, input, today, watch).expect("recovers");
        verify_sdad(&card.key, &sdad, &[0x05], &self.terminal_data, watch).expect("verifies");
        self.hash();
    }

    /// CDA: card and terminal hash the data of the transaction.
    fn hash(&self) {
        if !self.transaction_data.is_empty() {
            black_box(transaction_data_hash(&[black_box(&self.transaction_data)]));
        }
    }
}
