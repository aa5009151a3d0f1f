//! Exception file and certificate revocation list, from a terminal file to the Outcome.

use emvtap::{card::Profile, kernel::outcome::OutcomeResult as R, link::VirtualCard, terminal::Terminal};

use crate::{
    harness::{Scene, TC},
    reader::{Card, Ran, pay, terminal},
};

/// The default card is 4761739001010010 with PAN sequence number 01; it approves offline, and the reader goes online.
#[test]
fn the_exception_file_of_the_terminal_declines_a_card() {
    for (list, result) in [
        ("", R::OnlineRequest),
        ("exceptions = [\"4761739001010010\"]", R::Declined),
        ("exceptions = [\"4761739001010119\", \"4761739001010010/01\"]", R::Declined),
        ("exceptions = [\"4761739001010010/02\"]", R::OnlineRequest),
    ] {
        let card = Scene::default().set(0x9F10, TC).set(0x5F24, "311231").card;
        let ran = pay(&terminal(list, "floor-limit = \"0.00\""), 0x00, "5.00", &mut Card::new(card));
        assert_eq!(ran.result(), result, "{list}: {:?}", ran.rules);
        assert_eq!(ran.cites("C-3 5.5.1.2"), !list.is_empty(), "{list}");
    }
    let without =
        terminal("exceptions = [\"4761739001010010\"]", "floor-limit = \"0.00\"\n[kernel.c3]\nexception-file = false");
    let card = Scene::default().set(0x9F10, TC).set(0x5F24, "311231").card;
    assert_eq!(pay(&without, 0x00, "5.00", &mut Card::new(card)).result(), R::OnlineRequest);
}

/// One tap of a built-in card at a terminal file.
fn tap(text: &str, card: &str, amount: &str) -> Ran {
    let terminal = Terminal::from_text("t.toml", text).unwrap_or_else(|problem| panic!("{problem}"));
    let profile = Profile::builtin(card).unwrap();
    pay(&terminal, 0x00, amount, &mut VirtualCard::new(emvtap::card::Card::new(&profile, 7).unwrap()))
}

/// Book 2, 6.3 step 10. The built-in card is certified by key E2 under serial number 000001, and goes online if it cannot be
/// authenticated.
#[test]
fn the_revocation_list_of_the_terminal_fails_authentication() {
    let plain = Terminal::builtin_text("retail-offline").unwrap();
    let revoked = |index, serial| {
        format!("{plain}\n[[revoked]]\nrid = \"A000000003\"\nindex = \"{index}\"\nserial = \"{serial}\"\n")
    };
    for (text, result) in [
        (plain.to_owned(), R::Approved),
        (revoked("E2", "000001"), R::OnlineRequest),
        (revoked("E2", "000002"), R::Approved),
        (revoked("E1", "000001"), R::Approved),
    ] {
        let ran = tap(&text, "visa-debit-offline", "12.00");
        assert_eq!(ran.result(), result, "{:?}", ran.rules);
        assert!(ran.cites("2 6.3 step 10"));
        assert_eq!(ran.cites("C-3 5.6.1.2"), result == R::OnlineRequest);
    }
}
