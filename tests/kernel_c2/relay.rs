//! R1: relay resistance at each of its thresholds. With the default configuration 1.8 ms of command and 2.4 ms of answer are on
//! the way; the card of the scene says 1.6 to 8.0 ms.

use emvtap::kernel::{c2::Rounding, outcome::OutcomeResult as R};

use crate::harness::{Ran, Said, Scene, assert_result};

/// A scene in which the exchanges take so many units of 100 µs, the way included.
fn timed(units: &[u64]) -> Scene {
    let elapsed = units.iter().map(|units| (units + 42) * 100).collect();
    Scene { elapsed, ..Scene::default() }.terminal(0xDF811B, "30").unsigned().no_cda()
}

fn answers(scene: Scene, times: &str) -> Scene {
    scene.script(0xEA, 0, &format!("800A C0FFEE01 {times} 9000"))
}

fn measured(ran: &Ran) -> (String, String) {
    (ran.object(0xDF8306), ran.tvr())
}

#[test]
pub fn a_card_within_its_times_is_near() {
    let ran = timed(&[0x30]).run();
    assert_eq!(measured(&ran), ("0030".to_owned(), "8000000002".to_owned()));
    assert_eq!(ran.sent(0xEA).len(), 1);
    let entropy = &ran.sent(0xEA)[0][10..18];
    assert_eq!((ran.object(0x9F37), ran.object(0xDF8301)), (entropy.to_owned(), entropy.to_owned()));
    assert_ne!(entropy, "8B55633B");
}

#[test]
pub fn a_card_that_is_too_fast_lies() {
    // 1.6 ms less the grace of 2.0 ms is nothing: nobody is faster than that.
    assert_result(&timed(&[0]).run(), R::Approved);
    let lies = |units| answers(timed(&[units]), "0064 0096 0018").run();
    lies(0x4F).ends("40F0F0F090F0FF00", "00060000001C");
    assert_eq!(measured(&lies(0x50)).1, "8000000002");
}

#[test]
pub fn a_card_that_is_too_slow_gets_two_more_chances() {
    let most = 0x50 + 0x32;
    let ran = timed(&[most]).run();
    assert_eq!((ran.sent(0xEA).len(), ran.tvr().as_str()), (1, "8000000002"));
    let ran = timed(&[most + 1, 0x20]).run();
    assert_eq!((ran.sent(0xEA).len(), ran.object(0xDF8307).as_str(), ran.tvr().as_str()), (2, "01", "8000000002"));
    let ran = timed(&[most + 1, most + 1, most + 1]).run();
    assert_eq!((ran.sent(0xEA).len(), ran.object(0xDF8307).as_str(), ran.tvr().as_str()), (3, "02", "8000000006"));
    let numbers: std::collections::BTreeSet<_> = ran.sent(0xEA).into_iter().collect();
    assert_eq!(numbers.len(), 3, "a new number each time");
    assert!(numbers.contains(&format!("80EA000004{}00", ran.object(0x9F37))) || ran.object(0x9F37).len() == 8);
}

#[test]
pub fn estimates_that_do_not_agree_exceed_the_threshold() {
    // Half of 18 hex is 0C, twice is 30.
    for (estimate, tvr) in [("000C", "02"), ("000B", "0A"), ("0030", "02"), ("0031", "0A"), ("0000", "0A")] {
        let ran = answers(timed(&[0x20]), &format!("0010 0050 {estimate}")).run();
        assert_eq!(ran.tvr(), format!("80000000{tvr}"), "{estimate}");
    }
    let ran = answers(timed(&[0x20]), "0010 0050 0018").terminal_zero().run();
    assert_eq!(ran.tvr(), "800000000A");
}

impl Scene {
    fn terminal_zero(self) -> Self {
        self.terminal(0xDF8135, "0000")
    }
}

#[test]
pub fn an_answer_far_over_the_least_time_exceeds_the_threshold() {
    for (units, tvr) in [(0x10 + 0x12C, "02"), (0x10 + 0x12D, "0A")] {
        let ran = answers(timed(&[units]), "0010 FFFF 0018").run();
        assert_eq!(ran.tvr(), format!("80000000{tvr}"));
    }
}

#[test]
pub fn times_are_cut_to_whole_units_and_never_negative() {
    let exact = |elapsed, option: Rounding| {
        let scene = Scene { elapsed: vec![elapsed], ..timed(&[]) };
        scene.option(|options| options.relay_resistance_rounding = option).run().object(0xDF8306)
    };
    assert_eq!(exact(4_200 + 3_299, Rounding::Down), "0020");
    assert_eq!(exact(4_200 + 3_201, Rounding::Up), "0021");
    assert_eq!(exact(0, Rounding::Down), "0000");
    let endless = Scene { elapsed: vec![u64::MAX / 2], ..timed(&[]) };
    assert_eq!(endless.run().object(0xDF8306), "FFFF");
}

#[test]
pub fn wrong_answers_have_their_ends() {
    let wrong = |reply: &str| timed(&[0x20]).script(0xEA, 0, reply).run();
    wrong("6985").ends("40F0F0F090F0FF00", "00030069851C");
    for reply in ["9000", "8009 C0FFEE01 0010 0050 00 9000", "770A C0FFEE01 0010 0050 0018 9000", "800A C0FFEE 9000"] {
        wrong(reply).ends("40F0F0F090F0FF00", "00040000001C");
    }
    timed(&[0x20]).lose(0xEA, 0).run().ends("4010F0F050F0FF00", "010000000021");
    timed(&[0x20]).interject(1, Said::Stop).run().ends("40F0F0F010F0FF00", "0000020000FF");
    let ran = timed(&[0x20]).interject(1, Said::Objects("9F0206000000002500".to_owned())).run();
    assert_eq!(ran.record(0x9F02).unwrap(), "000000002500");
}

#[test]
pub fn relay_resistance_needs_both() {
    assert_eq!(timed(&[0x20]).terminal(0xDF811B, "20").run().tvr(), "8000000001");
    assert_eq!(timed(&[0x20]).profile(0x82, "1980").run().tvr(), "8000000001");
}

/// The example of `c2.md`, 10.1: entropy A1B2C3D4, no repeat, key F1, 0.7 ms.
#[test]
pub fn track_2_tells_the_issuer() {
    let scene = timed(&[7]).script(0xEA, 0, "800A A1B2C3D4 0000 0050 0018 9000").card(0x8F, "F1");
    let ran = scene.run();
    assert_eq!(ran.record(0x57).unwrap(), "5413330089020011D49122010050132178000F");
    let ran = scene.card(0x57, "5413330089020011123D49122010000000000F").run();
    assert_eq!(ran.record(0x57).unwrap(), "5413330089020011123D49122010050132000F");
    // With a repeat, and a time of 50.0 ms, in a card whose key has one digit.
    let slow = timed(&[600, 500]).script(0xEA, 0, "800A 00000001 0000 0050 0018 9000");
    let ran = slow.script(0xEA, 1, "800A 000A0001 0000 FFFF 0018 9000").card(0x8F, "05").run();
    assert_eq!(ran.record(0x57).unwrap(), "5413330089020011D49122015100001010050F");
}
