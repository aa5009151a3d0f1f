//! Taps that go well.

use std::{fs, process::Command, thread, time::Duration};

use crate::pcscd::{Pcscd, result, text};

#[test]
fn our_terminal_pays_with_our_card_in_a_reader() {
    let pcscd = Pcscd::start();
    let mut card = pcscd.serve(&["visa-credit"]);
    let pay = pcscd.emvtap(&["pay", "12.50", "--reader", "--host", "sim", "--expect", "approved"]).output().unwrap();
    let (code, said) = result(&pay);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("ONLINE REQUEST → APPROVED") && said.contains("ARQC valid"), "{said}");
    let (code, said) = card.left();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("80A80000  9000"), "{said}");
}

#[test]
fn a_tap_through_the_reader_says_what_a_tap_without_says() {
    let pcscd = Pcscd::start();
    let _card = pcscd.serve(&["visa-credit"]);
    let fixed = ["pay", "12.50", "--seed", "1", "--clock", "2026-06-15T12:00:00Z", "--host", "sim", "--format", "json"];
    let virtually = pcscd.emvtap(&fixed).output().unwrap();
    let really = pcscd.emvtap(&[&fixed[..], &["--reader", "1"]].concat()).output().unwrap();
    let told = |bytes: &[u8]| {
        let mut json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        let commands = json["exchanges"].as_array_mut().unwrap().iter_mut().map(|exchange| {
            exchange.as_object_mut().unwrap().remove("us");
            exchange.clone()
        });
        (commands.collect::<Vec<_>>(), json["outcome"].clone(), json["data_record"].clone(), json["host"].clone())
    };
    assert_eq!(told(&really.stdout), told(&virtually.stdout), "{}", text(&really.stderr));
}

#[test]
fn a_card_that_is_put_in_later_is_waited_for() {
    let pcscd = Pcscd::start();
    let pay = pcscd.emvtap(&["pay", "1", "--reader", "1", "--timeout", "20"]).spawn().unwrap();
    thread::sleep(Duration::from_millis(700));
    let _card = pcscd.serve(&["visa-credit"]);
    let (code, said) = result(&pay.wait_with_output().unwrap());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("present a card to Virtual PCD 00 00"), "{said}");
}

#[test]
fn without_a_card_waiting_ends() {
    let pcscd = Pcscd::start();
    let (code, said) = result(&pcscd.emvtap(&["pay", "1", "--reader", "--timeout", "1"]).output().unwrap());
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("no card was presented"), "{said}");
}

#[test]
fn two_taps_at_a_card_that_stays_and_the_counter_goes_on() {
    let pcscd = Pcscd::start();
    let _card = pcscd.serve(&["visa-credit", "--repeat"]);
    let atc = || {
        let pay = pcscd.emvtap(&["pay", "1", "--reader", "--format", "json"]).output().unwrap();
        let json: serde_json::Value = serde_json::from_slice(&pay.stdout).unwrap();
        u16::from_str_radix(json["data_record"]["9F36"].as_str().unwrap(), 16).unwrap()
    };
    let first = atc();
    assert_eq!(atc(), first + 1);
}

#[test]
fn ctrl_c_leaves_the_reader_free() {
    let pcscd = Pcscd::start();
    let waiting = pcscd.emvtap(&["pay", "1", "--reader"]).spawn().unwrap();
    thread::sleep(Duration::from_secs(1));
    let number = waiting.id().to_string();
    assert!(Command::new("kill").args(["-INT", &number]).status().unwrap().success());
    let (code, said) = result(&waiting.wait_with_output().unwrap());
    assert_eq!(code, Some(130), "{said}");
    let _card = pcscd.serve(&["visa-credit"]);
    let (code, said) = result(&pcscd.emvtap(&["pay", "1", "--reader", "--timeout", "10"]).output().unwrap());
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn readers_have_numbers_names_and_cards() {
    let pcscd = Pcscd::start();
    let _card = pcscd.serve(&["visa-credit", "--slot", "2", "--historical", "80", "--repeat"]);
    let (code, said) = result(&pcscd.emvtap(&["reader", "list", "-v"]).output().unwrap());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(" 1  Virtual PCD 00 00  contactless, empty"), "{said}");
    assert!(said.contains(" 2  Virtual PCD 00 01  contactless, card present\n      ATR       3B8180018080"), "{said}");
    let (code, said) = result(&pcscd.emvtap(&["pay", "1", "--reader"]).output().unwrap());
    assert_eq!(code, Some(0), "the reader with the card: {said}");
    for (name, wanted) in [("omnikey", 7), ("virtual", 2), ("77", 7)] {
        let (code, said) = result(&pcscd.emvtap(&["pay", "1", "--reader", name]).output().unwrap());
        assert_eq!(code, Some(wanted), "{name}: {said}");
    }
}

#[test]
fn two_cards_in_two_slots_are_two_cards_and_who_watches_sees_them_come() {
    let pcscd = Pcscd::start();
    let mut watch = pcscd.emvtap(&["reader", "watch"]).spawn().unwrap();
    let _first = pcscd.serve(&["visa-credit", "--repeat"]);
    let _second = pcscd.serve(&["mastercard-credit", "--slot", "2", "--repeat"]);
    pcscd.await_reader("Virtual PCD 00 01  contactless, card present");
    for (reader, terminal, kernel) in [("1", "retail-attended", "C-3"), ("2", "mc-attended", "C-2")] {
        let pay = ["pay", "12.50", "--reader", reader, "--terminal", terminal, "--host", "sim", "--expect", "approved"];
        let (code, said) = result(&pcscd.emvtap(&pay).output().unwrap());
        assert!(code == Some(0) && said.contains(kernel), "{said}");
    }
    let (code, said) = result(&pcscd.emvtap(&["reader", "doctor"]).output().unwrap());
    assert_eq!(code, Some(0), "{said}");
    thread::sleep(Duration::from_millis(500));
    watch.kill().unwrap();
    let (_, said) = result(&watch.wait_with_output().unwrap());
    for reader in ["Virtual PCD 00 00", "Virtual PCD 00 01"] {
        assert!(said.contains(reader), "{reader}: {said}");
    }
}

#[test]
fn an_issuer_that_the_host_file_names_verifies_its_card() {
    let pcscd = Pcscd::start();
    let folder = pcscd.folder();
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).unwrap();
        folder.join(name).display().to_string()
    };
    write(
        "own-master.toml",
        "schema = 'emvtap.key/1'\ntitle = 'own'\ntest = true\nkind = 'issuer-master'\nvalue = '00112233445566778899AABBCCDDEEFF'\n",
    );
    let card = write(
        "own.toml",
        "schema = 'emvtap.card/1'\ntitle = 'own'\nextends = 'visa/credit'\n[application.visa.data]\n\"5A\" = '4761739001010119'\n\
         \"57\" = '4761739001010119D30122010000012300000F'\n[application.visa.keys]\nmaster = 'own-master'\n",
    );
    let host =
        write("host.toml", "schema = 'emvtap.host/1'\n[[issuer]]\nprefix = '476173900101011'\nkey = 'own-master'\n");
    let _card = pcscd.serve(&[&card, "--repeat"]);
    for (host, wanted) in [("sim", "declined"), (&host, "approved")] {
        let pay = ["pay", "12.50", "--reader", "--host", host, "--expect", wanted];
        let (code, said) = result(&pcscd.emvtap(&pay).output().unwrap());
        assert_eq!(code, Some(0), "{host}: {said}");
    }
}
