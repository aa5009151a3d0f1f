//! The issuer reads what the card made.

use emvtap::{
    card::Profile,
    crypto::cryptogram::CryptogramCheck,
    host::{Answer, Host, Issuer, IssuerKey, Policy, Request},
    link::Faulty,
    terminal::TransactionType,
    tlv::{Tag, write_object},
};

use crate::{harness::bytes, taps};

#[test]
fn an_issuer_reads_the_checksum_of_a_track() {
    let track = filled("5413330089001102D3012201", "112", "680", "001");
    let profile = Profile::builtin("mastercard-mag-stripe").unwrap();
    let mut issuer = issuer(&profile);
    let mut ask = |track: &str| {
        let mut record = Vec::new();
        write_object(&mut record, Tag::new(0x9F6B), &bytes(track));
        let answer = issuer.authorise(Request { data_record: &record, online_pin: false });
        (answer.cryptogram, answer.cryptogram_version, answer.response_code)
    };
    assert_eq!(ask(&track), (Some(CryptogramCheck::Valid), Some("CVC3"), Some(*b"00")), "{track}");
    assert_eq!(ask(&track).0, Some(CryptogramCheck::Wrong), "the same counter again is the one a thousand later");
    let other = filled("5413330089001102D3012201", "113", "680", "001");
    assert_eq!(ask(&other).0, Some(CryptogramCheck::Wrong));
    assert_eq!(ask("5413330089001102D3012201").0, Some(CryptogramCheck::Unverifiable));
}

/// A track 2 with 13 digits of discretionary data as a terminal fills it for 9F65 000E, 9F66 0E70, 9F67 03.
fn filled(head: &str, checksum: &str, number: &str, counter: &str) -> String {
    format!("{head}0{counter}00{number}{checksum}3F")
}

fn issuer(profile: &Profile) -> Issuer {
    let checksums = profile
        .checksum_keys()
        .map(|card| IssuerKey::checksum(card.prefix, card.key.0, card.pcvc3, card.punatc, card.natc));
    Issuer::new(checksums, Policy::default())
}

/// An issuer that notes what it found.
struct Listening(Issuer, Option<CryptogramCheck>);

impl Host for Listening {
    fn authorise(&mut self, request: Request<'_>) -> Answer {
        let answer = self.0.authorise(request);
        self.1 = answer.cryptogram;
        answer
    }
}

/// A tap at a built-in terminal: the chain of Outcomes, and what the issuer found.
fn tap(card: &str, terminal: &str, minor_units: u64) -> (String, Option<CryptogramCheck>) {
    let card = taps::card(card);
    let mut place = taps::place(terminal, |_| {});
    let transaction = taps::transaction(TransactionType::Purchase, minor_units);
    let mut link = Faulty::new(taps::link(&card), card.profile.faults.iter().cloned());
    let mut host = Listening(taps::issuer(&card.profile, ""), None);
    let told = taps::tap(&mut place, &transaction, &mut link, &mut host);
    (told.chain(), host.1)
}

#[test]
fn kernel_2_and_the_issuer_take_every_card() {
    for (card, terminal, amount, chain) in [
        ("mastercard-credit", "mc-attended", 25_00, "online-request"),
        ("mastercard-credit-no-cda", "mc-attended", 25_00, "online-request"),
        ("mastercard-mag-stripe", "mc-attended", 25_00, "online-request"),
        ("mastercard-online-pin", "mc-attended", 75_00, "online-request"),
        ("mastercard-phone", "mc-attended", 25_00, "online-request"),
        ("mastercard-phone", "mc-attended", 75_00, "end-application B > online-request"),
        ("mastercard-data-storage", "mc-data-exchange", 25_00, "online-request"),
        ("mastercard-torn", "mc-attended", 25_00, "end-application B > online-request"),
        ("mastercard-maestro", "mc-attended", 75_00, "online-request"),
        ("mastercard-domestic-cobadge", "mc-attended", 25_00, "online-request"),
    ] {
        assert_eq!(
            tap(card, terminal, amount),
            (chain.to_owned(), Some(CryptogramCheck::Valid)),
            "{card} {terminal} {amount}"
        );
    }
}
