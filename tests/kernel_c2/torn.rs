//! Transactions that are torn apart, and what the next tap makes of them: S9, S10, S11.

use emvtap::kernel::{c2::Kept, outcome::OutcomeResult as R};

use crate::harness::{Ran, Scene, assert_result, find, hex, text};

const AGAIN: &str = "4010F00050F0FF00";
const LOST: &str = "010000000021";

/// A card and a reader that recover.
fn recoverable() -> Scene {
    Scene::default().card(0x9F51, "9F3704 9F0206").terminal(0xDF811D, "02")
}

fn torn(scene: &Scene) -> Ran {
    let ran = scene.clone().lose(0xAE, 0).run();
    ran.ends(AGAIN, LOST);
    ran
}

/// What the card of the scene would have answered.
fn cryptogram(scene: &Scene) -> String {
    let command = scene.run().commands.into_iter().find(|command| command[1] == 0xAE).unwrap();
    text(&scene.reply(&command, &mut Vec::new()).unwrap())
}

#[test]
pub fn a_torn_transaction_is_remembered() {
    let ran = torn(&recoverable());
    let kept = Kept::parse(&ran.kept).unwrap();
    let record = text(kept.torn[0].bytes());
    assert_eq!(kept.torn.len(), 1);
    for part in ["5A085413330089020011", "5F340101", "DF8114 01 50", "9F37048B55633B", "DF8113 0A 8B55633B000000001000"]
    {
        assert!(record.contains(&part.replace(' ', "")), "{part} in {record}");
    }
    for scene in [
        recoverable().terminal(0xDF811D, "00"),
        recoverable().without_card(0x9F51),
        recoverable().option(|options| options.data_storage = false),
    ] {
        assert!(torn(&scene).kept.is_empty());
    }
}

#[test]
pub fn the_next_tap_recovers_the_cryptogram() {
    let first = recoverable();
    let kept = torn(&first).kept;
    // The amount and the number of the torn transaction stand, whatever the second tap has.
    let second = first.clone().terminal(0x9F37, "01020304").amount("000000002000").kept(&kept);
    let ran = second.script(0xD0, 0, &cryptogram(&first)).run();
    assert_result(&ran, R::Approved);
    assert_eq!(ran.sent(0xD0), ["80D000000A8B55633B00000000100000"]);
    assert_eq!((ran.record(0x9F02).unwrap(), ran.record(0x9F37).unwrap()), ("000000001000".into(), "8B55633B".into()));
    assert!(ran.kept.is_empty() && ran.sent(0xAE).is_empty());
    let class = first.clone().kept(&kept).option(|options| options.recover_ac_class = 0);
    assert!(class.run().sent(0xD0)[0].starts_with("00D0"));
}

#[test]
pub fn another_card_recovers_nothing() {
    let kept = torn(&recoverable()).kept;
    let other = recoverable().no_cda().card(0x5F34, "02").kept(&kept).run();
    assert!(other.sent(0xD0).is_empty());
    assert_eq!(other.kept, kept);
    let without = recoverable().no_cda().without_card(0x5F34).kept(&kept).run();
    assert!(without.sent(0xD0).is_empty());
}

#[test]
pub fn a_card_that_knows_nothing_gives_a_new_cryptogram() {
    let kept = torn(&recoverable()).kept;
    let again = || recoverable().kept(&kept);
    let ran = again().run();
    assert_result(&ran, R::Approved);
    assert_eq!((ran.sent(0xD0).len(), ran.sent(0xAE).len()), (1, 1));
    assert!(ran.kept.is_empty() && ran.cites("S11.5") && ran.cites("S11.114"));
    again().lose(0xD0, 0).run().ends(AGAIN, LOST);
    assert_eq!(again().lose(0xD0, 0).run().kept, kept);
    let twice = again().terminal(0x9F37, "01020304").lose(0xAE, 0).run();
    twice.ends(AGAIN, LOST);
    let kept = Kept::parse(&twice.kept).unwrap();
    assert_eq!(kept.torn.len(), 1);
    assert!(text(kept.torn[0].bytes()).contains("9F370401020304"));
}

#[test]
pub fn a_new_cryptogram_is_checked_like_the_first() {
    let kept = torn(&recoverable()).kept;
    let again = || recoverable().kept(&kept);
    let unsigned = || again().no_cda();
    again().script(0xAE, 0, "6985").run().ends("40F0F00090F0FF00", "00030069851C");
    again().script(0xAE, 0, "9000").run().ends("40F0F00090F0FF00", "00040000001C");
    unsigned().script(0xAE, 0, "7704 9F270140 9000").run().ends("40F0F00090F0FF00", "00010000001C");
    unsigned().script(0xAE, 0, "7709 9F270140 9F36020042 9000").run().ends("40F0F00090F0FF00", "00010000001C");
    unsigned().gives(0xC0).run().ends("40F0F00090F0FF00", "00060000001C");
    again().unsigned().run().ends("40F0F00090F0FF00", "00060000001C");
    assert!(again().unsigned().gives(0x00).run().cites("S11.72"));
    let wrong = again().card(0x9F48, "00").run();
    wrong.ends("40F0F00090F0FF00", "00020000001C");
    assert!(wrong.cites("S11.46") && again().run().cites("S11.43"));
    assert!(again().answer(0xDF4B, "000100").run().cites("S11.111"));
    let written = again().terminal(0xFF8103, "9F750101").run();
    assert!(written.cites("S11.116"));
    let relay = Scene { elapsed: vec![7_000], ..unsigned() }.terminal(0xDF811B, "30").run();
    assert!(relay.cites("S11.79"));
}

#[test]
pub fn a_recovered_cryptogram_is_checked_too() {
    let kept = torn(&recoverable()).kept;
    let recovered = |answer: &str| recoverable().kept(&kept).script(0xD0, 0, answer).run();
    recovered("800B 40 0042 A1A2A3A4A5A6A7A8 9000").ends("40F0F00090F0FF00", "00040000001C");
    recovered("9000").ends("40F0F00090F0FF00", "00040000001C");
    recovered("7704 9F270140 9000").ends("40F0F00090F0FF00", "00010000001C");
    recovered("7709 9F2701C0 9F36020042 9000").ends("40F0F00090F0FF00", "00060000001C");
    recovered("7714 9F270140 9F36020042 9F2608 A1A2A3A4A5A6A7A8 9000").ends("40F0F00090F0FF00", "00060000001C");
    assert!(recovered("9000").kept.is_empty(), "the card has spoken");
}

#[test]
pub fn a_full_log_loses_its_oldest() {
    let tear =
        |sequence: &str, kept: &[u8]| recoverable().no_cda().card(0x5F34, sequence).kept(kept).lose(0xAE, 0).run();
    let first = tear("01", &[]);
    let second = tear("02", &first.kept);
    assert!(second.discretionary(0xFF8101).is_none());
    let third = tear("03", &second.kept);
    let evicted = third.discretionary(0xFF8101).unwrap();
    assert_eq!(find(&hex(&evicted), 0x5F34).unwrap(), "01");
    assert_eq!(Kept::parse(&third.kept).unwrap().torn.len(), 2);
}

/// A torn transaction that was to write into the card.
fn writing() -> Scene {
    let scene = recoverable()
        .terminal(0xDF810D, "02")
        .terminal(0x9F5C, "0102030405060708")
        .discretionary(0x9F5D, "010000")
        .discretionary(0x9F5E, "541333008902001101")
        .profile(0x9F5F, "80")
        .profile(0x9F7D, "0011223344556677")
        .profile(0x9F7F, "01020304")
        .card(0x9F5B, "DF6008")
        .terminal(0xDF60, "1122334455667788")
        .terminal(0xDF62, "80")
        .terminal(0xDF8108, "40")
        .terminal(0xDF810A, "02");
    Scene { more: hex("0011223344556677FFEEDDCCBBAA9988"), ..scene }
}

#[test]
pub fn a_torn_write_is_looked_after() {
    let kept = torn(&writing()).kept;
    let again = |more: &str| Scene { more: hex(more), ..writing().kept(&kept) };
    let good = again("0011223344556677FFEEDDCCBBAA9988").run();
    assert_result(&good, R::Approved);
    assert!(good.cites("S11.58") && good.discretionary(0xFF8101).is_none());
    let changed = again("1111111111111111FFEEDDCCBBAA9988").profile(0x9F7D, "1111111111111111").run();
    changed.ends("40F0F000B0F0FF00", "000B0000001C");
    assert!(changed.cites("S11.48") && changed.discretionary(0xFF8101).is_some());
    assert!(again("1111111111111111FFEEDDCCBBAA9988").run().cites("S11.52"));
    assert!(again("").run().cites("S11.50"));
    assert!(again("0011223344556677").run().cites("S11.56"));
    let unwritten = again("00112233445566770011223344556677").run();
    unwritten.ends("40F0F00090F0FF00", "000C0000001C");
    assert!(unwritten.cites("S11.60"));
    // The old record stays, because nobody knows whether the card has written.
    let twice = writing().kept(&kept).terminal(0x9F37, "01020304").lose(0xAE, 0).run();
    assert_eq!(Kept::parse(&twice.kept).unwrap().torn.len(), 2);
}

#[test]
pub fn what_is_no_log_is_no_log() {
    assert_result(&recoverable().kept(&[0xFF, 0x00]).run(), R::Approved);
}
