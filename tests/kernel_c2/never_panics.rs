//! Whatever the card answers, and wherever it is torn away, the kernel ends, and soon.

use emvtap::{
    apdu::LinkFault,
    kernel::{
        c2::{C2, Options},
        outcome::OutcomeResult as R,
    },
};
use proptest::prelude::*;

use crate::harness::{Ran, Reply, Scene, all, hex, map, tlv};

/// Transactions that go through every state.
fn stories() -> Vec<Scene> {
    let storage = Scene::default()
        .terminal(0xDF810D, "02")
        .terminal(0x9F5C, "0102030405060708")
        .discretionary(0x9F5D, "010700")
        .discretionary(0x9F5E, "541333008902001101")
        .profile(0x9F5F, "80")
        .profile(0x9F7D, "0011223344556677")
        .profile(0x9F7F, "01020304")
        .card(0x9F5B, "DF6008 DF6108")
        .card(0x9F51, "9F3704")
        .terminal(0xDF60, "1122334455667788")
        .terminal(0xDF62, "80")
        .terminal(0xDF8108, "40")
        .terminal(0xDF810A, "02")
        .terminal(0xDF811D, "01")
        .terminal(0xDF8112, "9F75 9F36")
        .terminal(0xFF8102, "9F75020102")
        .terminal(0xFF8103, "9F75020103");
    let storage = Scene { more: hex("0011223344556677FFEEDDCCBBAA9988"), ..storage };
    let relay = Scene { elapsed: vec![20_000, 7_000], ..Scene::default() }.terminal(0xDF811B, "30").no_cda();
    let torn = storage.clone().lose(0xAE, 0).run().kept;
    let recovering = storage.clone().kept(&torn).terminal(0x9F37, "01020304");
    let mut stripe = Scene::default().profile(0x82, "0200").profile(0x94, "08010100");
    let record =
        [(0x9F65, "000E"), (0x9F66, "0E70"), (0x9F67, "03"), (0x9F6B, "5413339000001513D49121019000990000000F")];
    stripe.records.insert((1, 1), crate::harness::list(&record));
    stripe.answer = map(&[(0x9F36, "03F9"), (0x9F61, "A2C4"), (0xDF4B, "001000")]);
    let card = stripe.clone().terminal(0xDF811B, "00");
    vec![Scene::default(), storage, relay, recovering, stripe, card]
}

/// Runs with another answer to the n-th command; the rest is the card's.
fn with(scene: &Scene, nth: usize, change: &dyn Fn(Reply) -> Reply) -> Ran {
    let (mut number, mut pdol) = (0, Vec::new());
    let mut counts = std::collections::BTreeMap::new();
    scene.drive(&mut C2::new(scene.options.clone()), 600, &mut |command| {
        number += 1;
        let count: &mut usize = counts.entry(command[1]).or_default();
        *count += 1;
        let scripted = scene.scripted.get(&(command[1], *count - 1)).cloned();
        let reply = scripted.unwrap_or_else(|| scene.reply(command, &mut pdol));
        if number - 1 == nth { change(reply) } else { reply }
    })
}

#[test]
fn every_answer_may_be_cut_anywhere() {
    for scene in stories() {
        for nth in 0..scene.run().commands.len() {
            let length = std::cell::Cell::new(0);
            with(&scene, nth, &|reply| {
                length.set(reply.as_ref().map_or(0, Vec::len));
                reply
            });
            for cut in (0..length.get().saturating_sub(2)).step_by(1 + length.get() / 40) {
                with(&scene, nth, &|reply| reply.map(|bytes| [&bytes[..cut], &[0x90, 0x00]].concat()));
                with(&scene, nth, &|reply| {
                    reply.map(|mut bytes| {
                        bytes[cut] ^= 0xFF;
                        bytes
                    })
                });
            }
            for status in [[0x69, 0x85], [0x62, 0x00], [0x61, 0x10], [0x6C, 0x00]] {
                with(&scene, nth, &|_| Ok(status.to_vec()));
            }
        }
    }
}

/// A tear at every exchange ends as the book says, and the next tap of the same card ends as well.
#[test]
fn a_tear_at_every_exchange_is_survived() {
    for (story, scene) in stories().iter().enumerate() {
        for nth in 0..scene.run().commands.len() {
            for fault in [LinkFault::Timeout, LinkFault::Transmission, LinkFault::Protocol] {
                let ran = with(scene, nth, &|_| Err(fault));
                let instruction = ran.commands[nth][1];
                let l1 = match fault {
                    LinkFault::Timeout => "01",
                    LinkFault::Transmission => "02",
                    _ => "03",
                };
                match (instruction, ran.outcome.result) {
                    (0xA8, result) => assert_eq!(result, R::TryAgain),
                    // After the cryptogram a card that leaves while it is written changes nothing.
                    (0xDA, R::Approved | R::OnlineRequest) => continue,
                    (_, result) => assert_eq!(result, R::EndApplication, "{story} {nth}: {:?}", ran.rules.last()),
                }
                assert_eq!(&ran.object(0xDF8115)[..2], l1, "{story} {nth}");
                let second = scene.clone().kept(&ran.kept).run();
                assert!(!matches!(second.outcome.result, R::TryAgain), "{story} {nth}");
                let other = Scene::default().no_cda().kept(&ran.kept).card(0x5F34, "77").run();
                assert_eq!(other.outcome.result, R::Approved, "{story} {nth}: another card knows nothing of it");
            }
        }
    }
}

fn reply() -> impl Strategy<Value = Reply> {
    let status = prop_oneof![8 => Just([0x90, 0x00]), 1 => any::<[u8; 2]>()];
    let tag = prop_oneof![
        prop::sample::select(vec![
            0x57, 0x5A, 0x82, 0x94, 0x8C, 0x8E, 0x9F10, 0x9F26, 0x9F27, 0x9F36, 0x9F4B, 0x8F, 0x90, 0x92, 0x9F32,
            0x9F46, 0x9F47, 0x9F48, 0x9F4A, 0x5F24, 0x5F28, 0x9F07, 0x56, 0x9F62, 0x9F63, 0x9F64, 0x9F65, 0x9F66,
            0x9F67, 0x9F6B, 0x9F69, 0x9F60, 0x9F61, 0xDF4B, 0x9F51, 0x9F5B, 0x9F7D
        ]),
        0x80_u32..0xBF,
    ];
    let value = prop::collection::vec(any::<u8>(), 0..24);
    let content = prop::collection::btree_map(tag, value, 0..12).prop_map(|map| all(&map));
    let template = prop::sample::select(vec![0x70_u32, 0x77, 0x80]);
    let data = prop_oneof![
        6 => (template, content).prop_map(|(tag, content)| tlv(tag, &content)),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ];
    prop_oneof![
        20 => (data, status).prop_map(|(data, status)| Ok([data, status.to_vec()].concat())),
        1 => Just(Err(LinkFault::Timeout)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_answers_in_any_order_end(
        replies in prop::collection::vec(reply(), 1..12),
        fci in prop::option::weighted(0.1, prop::collection::vec(any::<u8>(), 0..40)),
        good in 0..6_usize,
        configuration in any::<u8>(),
        kept in prop::collection::vec(any::<u8>(), 0..20),
        profile in prop::sample::select(vec!["1981", "0000", "1B81", "0200"]),
        locator in prop::collection::vec(any::<[u8; 4]>(), 1..3),
    ) {
        let mut scene = Scene::default().profile(0x82, profile).kept(&kept);
        scene.terminal.insert(0xDF811B, vec![configuration]);
        scene.fci = fci;
        if good == 0 {
            scene.profile.insert(0x94, locator.concat());
        }
        let (mut number, mut pdol) = (0, Vec::new());
        scene.drive(&mut C2::new(Options::default()), 63 * 255 + 10, &mut |command| {
            number += 1;
            if number <= good { scene.reply(command, &mut pdol) } else { replies[number % replies.len()].clone() }
        });
    }
}
