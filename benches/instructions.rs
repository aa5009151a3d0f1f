//! The hot paths for a counter of instructions, which other work on the machine does not disturb: `.ci/instructions` runs every
//! case under callgrind, which counts inside `measured` alone. Without arguments it names the cases; with a case it runs it.

mod common;

use std::{env, hint::black_box};

use common::{
    inputs, minimal,
    taps::{
        Authentication, Bench, CDA, Case, DATA, FDDA, MAG_STRIPE, MASTER_KEY, ONLINE, Online, mastercard_cryptogram,
        record,
    },
};
use emvtap::{
    apdu::{Command, CommandHeader, Response},
    crypto::{
        cryptogram::VisaCvn,
        des::{Padding, TripleDes},
        rsa::PublicKey,
    },
    data::Store,
    kernel::event::Silent,
    tlv::{Budget, walk},
};

/// How often a case runs inside the counter.
const REPEAT: usize = 10;

/// What is counted. Its name is the one that `.ci/instructions` looks for.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    (0..REPEAT).for_each(|_| work());
}

/// A case by its name. It has run once before it is counted, so that memory which is kept is there.
type Prepared = Box<dyn FnMut()>;
/// Makes a case ready.
type Prepare = fn(&str) -> Prepared;

fn cases() -> Vec<(String, Prepare)> {
    let mut cases: Vec<(String, Prepare)> = Vec::new();
    for input in ["fci", "record", "stream"] {
        cases.push((format!("walk/{input}/minimal"), walk_minimal));
        cases.push((format!("walk/{input}/emvtap"), walk_ours));
        cases.push((format!("load/{input}/minimal"), load_minimal));
        cases.push((format!("load/{input}/emvtap"), load_ours));
        cases.push((format!("load/{input}/emvtap, validated"), load_validated));
    }
    cases.push(("apdu/build and split".into(), |_| Box::new(apdu)));
    cases.push(("3des/retail MAC over 48 bytes".into(), |_| Box::new(mac)));
    for exponent in ["3", "65537"] {
        cases.push((format!("rsa/recover 1408 bits/{exponent}"), recover));
    }
    cases.push(("tap/online/cryptography and parsing".into(), |_| {
        let mut online = Online::new();
        Box::new(move || online.run())
    }));
    cases.push(("tap/online/emvtap".into(), |_| tap(ONLINE)));
    cases.push(("tap/online/emvtap, recorded".into(), |_| recorded_tap(ONLINE)));
    cases.push(("tap/fdda/cryptography".into(), |_| {
        let fdda = Authentication::fdda();
        Box::new(move || {
            fdda.run();
            visa_cryptogram();
        })
    }));
    cases.push(("tap/fdda/emvtap".into(), |_| tap(FDDA)));
    cases.push(("tap/fdda/emvtap, recorded".into(), |_| recorded_tap(FDDA)));
    cases.push(("tap/cda/cryptography".into(), |_| {
        let cda = Authentication::cda();
        Box::new(move || {
            cda.run();
            black_box(mastercard_cryptogram());
        })
    }));
    cases.push(("tap/cda/emvtap".into(), |_| tap(CDA)));
    cases.push(("tap/cda/emvtap, recorded".into(), |_| recorded_tap(CDA)));
    cases.push(("tap/mag-stripe/emvtap".into(), |_| tap(MAG_STRIPE)));
    cases
}

fn bytes(case: &str) -> Vec<u8> {
    let name = case.split('/').nth(1).expect("a name");
    inputs().find(|(input, _)| *input == name).expect("an input").1
}

fn walk_minimal(case: &str) -> Prepared {
    let bytes = bytes(case);
    Box::new(move || {
        let (mut count, mut sum) = (0, 0);
        minimal::visit(black_box(&bytes), &mut count, &mut sum);
        black_box((count, sum));
    })
}

fn walk_ours(case: &str) -> Prepared {
    let bytes = bytes(case);
    Box::new(move || {
        let (mut count, mut sum) = (0, 0);
        for step in walk(black_box(&bytes), Budget::default()) {
            let Ok((_, object)) = step else { break };
            count += 1;
            sum += object.value.len();
        }
        black_box((count, sum));
    })
}

fn load_minimal(case: &str) -> Prepared {
    let bytes = bytes(case);
    let mut flat = minimal::Flat::new();
    Box::new(move || {
        flat.clear();
        minimal::load(black_box(&bytes), &mut flat);
    })
}

fn load_ours(case: &str) -> Prepared {
    let bytes = bytes(case);
    let mut store = Store::new();
    Box::new(move || {
        store.clear();
        common::load(black_box(&bytes), &mut store);
    })
}

/// With what a kernel looks up in the dictionary.
fn load_validated(case: &str) -> Prepared {
    let bytes = bytes(case);
    let mut store = Store::new();
    Box::new(move || {
        store.clear();
        common::load_validated(black_box(&bytes), &mut store);
    })
}

fn apdu() {
    let data = [0x5A; 33];
    let _ = black_box(Command::get_processing_options(black_box(&data)).map(|command| command.bytes().len()));
    let command = Command::read_record(black_box(2), 1);
    black_box(CommandHeader::parse(black_box(command.bytes())));
    black_box(Response::parse(black_box(&[0x77; 142])));
}

fn mac() {
    let cipher = TripleDes::new(black_box(&MASTER_KEY));
    black_box(cipher.mac(Padding::Iso, &[black_box(&[0x5A; 48])]));
}

fn recover(case: &str) -> Prepared {
    let exponent: &[u8] = if case.ends_with("65537") { &[1, 0, 1] } else { &[3] };
    let mut modulus: Vec<u8> = (0..176u8).map(|byte| byte.wrapping_mul(0x6D) ^ 0x5A).collect();
    modulus[0] |= 0x80;
    modulus[175] |= 1;
    let mut signature = modulus.clone();
    signature[0] &= 0x7F;
    Box::new(move || {
        let key = PublicKey::new(black_box(&modulus), exponent).expect("a key");
        black_box(key.recover(black_box(&signature)).expect("below"));
    })
}

fn visa_cryptogram() {
    black_box(VisaCvn::Cvn18.cryptogram(black_box(&MASTER_KEY), black_box(&DATA)));
}

fn tap(case: Case) -> Prepared {
    let mut bench = Bench::new(case);
    Box::new(move || bench.tap(&mut Silent))
}

fn recorded_tap(case: Case) -> Prepared {
    let mut bench = Bench::new(case);
    Box::new(move || record(|sink| bench.tap(sink)))
}

fn main() {
    let wanted = env::args().nth(1).filter(|argument| argument != "--bench");
    let cases = cases();
    match wanted {
        None => cases.iter().for_each(|(name, _)| println!("{name}")),
        Some(wanted) => {
            let (name, prepare) = cases.iter().find(|(name, _)| *name == wanted).expect("a case");
            let mut work = prepare(name);
            work();
            measured(&mut work);
        }
    }
}
