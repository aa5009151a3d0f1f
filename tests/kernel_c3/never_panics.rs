//! Whatever the card answers, the kernel ends, and soon.

use emvtap::{
    apdu::LinkFault,
    kernel::c3::{C3, Options},
};
use proptest::prelude::*;

use crate::harness::{Reply, Scene, objects, tlv};

/// Every AFL ends: 63 entries of 255 records.
const BUDGET: usize = 63 * 255 + 2;

fn reply() -> impl Strategy<Value = Reply> {
    let status = prop_oneof![8 => Just([0x90, 0x00]), 1 => any::<[u8; 2]>()];
    let tag = prop_oneof![
        prop::sample::select(vec![
            0x57, 0x5A, 0x82, 0x94, 0x9F10, 0x9F26, 0x9F27, 0x9F36, 0x9F4B, 0x9F69, 0x9F6C, 0x9F6E, 0x8F, 0x90, 0x92,
            0x93, 0x9F32, 0x9F46, 0x9F47, 0x9F48, 0x9F4A, 0x5F24, 0x5F28, 0x9F07, 0x9F5D
        ]),
        0x80_u32..0xBF,
    ];
    let value = prop::collection::vec(any::<u8>(), 0..24);
    let content = prop::collection::btree_map(tag, value, 0..12).prop_map(|map| objects(&map));
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
        fci in prop::collection::vec(any::<u8>(), 0..40),
        good_fci in prop::bool::weighted(0.9),
        card in any::<bool>(),
        ttq in any::<[u8; 4]>(),
        kind in prop::sample::select(vec!["00", "01", "09", "20"]),
        msd in any::<bool>(),
        mutation in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let mut scene = Scene { ttq, ..Scene::default() }.terminal(0x9C, kind);
        if !good_fci {
            scene.fci = Some(fci);
        }
        let mut sound = [tlv(0x77, &objects(&scene.card)), vec![0x90, 0x00]].concat();
        if let Some((at, byte)) = mutation {
            *at.get_mut(&mut sound) = byte;
        }
        let mut number = 0;
        let mut card_answer = |_: &[u8]| {
            number += 1;
            if card && number == 1 { Ok(sound.clone()) } else { replies[number % replies.len()].clone() }
        };
        let options = Options { msd, atm_check: true, cashback_by_amount: true, ..Options::default() };
        scene.drive(&mut C3::new(options), BUDGET, &mut card_answer);
    }
}
