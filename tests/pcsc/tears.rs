//! Cards that leave too early, cards that say nothing, services that end.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::{Child, Command},
    sync::mpsc::{self, Receiver},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use emvtap::{
    apdu::LinkFault,
    card::{Card, Profile},
    link::{
        Link, Stop, VirtualCard,
        vpcd::{self, Identity, Session, Visit},
    },
    time::Micros,
};

use crate::pcscd::{Pcscd, result};

/// A card that leaves instead of answering its n-th command.
struct Torn {
    card: VirtualCard,
    left: usize,
}

impl Link for Torn {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        self.card.activate()
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        match self.left {
            0 => return Err(LinkFault::Timeout),
            _ => self.left -= 1,
        }
        self.card.exchange(command, response)
    }

    fn deactivate(&mut self, hold: Micros) {
        self.card.deactivate(hold);
    }

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        self.card.wait_for_removal()
    }
}

/// Puts cards into the reader, one after the other, each torn out at its count of commands.
fn tear(port: u16, counts: &'static [usize]) -> JoinHandle<()> {
    thread::spawn(move || {
        for count in counts {
            let profile = Profile::builtin("visa-credit").unwrap();
            let card = VirtualCard::new(Card::new(&profile, 1).unwrap());
            let mut stream = vpcd::connect("127.0.0.1", port).unwrap();
            let mut session = Session {
                card: &mut Torn { card, left: *count },
                identity: &Identity::phone(1),
                visit: Visit::OneTap,
                stop: &Stop::default(),
                expired: &|| false,
                watch: &mut |_| (),
            };
            session.run(&mut stream).unwrap();
            drop(stream);
            thread::sleep(Duration::from_secs(1));
        }
    })
}

#[test]
fn a_card_torn_out_at_any_command_and_put_back_is_read_again() {
    let pcscd = Pcscd::start();
    // The first leaves during GET PROCESSING OPTIONS, the second during a record, the third stays.
    let cards = tear(pcscd.port(), &[2, 4, 100]);
    pcscd.await_reader("card present");
    let pay = pcscd.emvtap(&["pay", "1", "--reader", "--host", "sim", "-v"]).output().unwrap();
    let (code, said) = result(&pay);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("lost    the card does not answer").count(), 2, "{said}");
    assert!(said.contains("ONLINE REQUEST → APPROVED"), "{said}");
    cards.join().unwrap();
}

#[test]
fn a_card_that_is_torn_out_and_stays_away_ends_the_tap() {
    let pcscd = Pcscd::start();
    let cards = tear(pcscd.port(), &[1]);
    pcscd.await_reader("card present");
    let (code, said) = result(&pcscd.emvtap(&["pay", "1", "--reader", "--timeout", "3"]).output().unwrap());
    assert_eq!(code, Some(5), "{said}");
    cards.join().unwrap();
}

/// A card that sends its ATR and answers no command; tells when one has come.
fn mute(port: u16, stop: Stop) -> (JoinHandle<()>, Receiver<()>) {
    let (tell, commands) = mpsc::channel();
    let card = thread::spawn(move || {
        let mut stream: TcpStream = vpcd::connect("127.0.0.1", port).unwrap();
        let mut header = [0; 2];
        while !stop.is_wanted() {
            if stream.read_exact(&mut header).is_err() {
                continue;
            }
            let mut message = vec![0; usize::from(u16::from_be_bytes(header))];
            if stream.read_exact(&mut message).is_err() {
                continue;
            }
            match message[..] {
                [4] => drop(stream.write_all(&[0, 5, 0x3B, 0x80, 0x80, 0x01, 0x01])),
                [_] | [] => {}
                _ => drop(tell.send(())),
            }
        }
    });
    (card, commands)
}

#[test]
fn a_driver_that_does_not_come_back_costs_the_exchange_and_nothing_more() {
    let pcscd = Pcscd::start();
    let stop = Stop::default();
    let (card, _commands) = mute(pcscd.port(), stop.clone());
    pcscd.await_reader("card present");
    let started = Instant::now();
    let (code, said) = result(&pcscd.emvtap(&["pay", "1", "--reader", "--timeout", "2"]).output().unwrap());
    assert!(started.elapsed() < Duration::from_secs(40), "it hung");
    assert_eq!(code, Some(7), "{said}");
    assert!(said.contains("the driver"), "{said}");
    stop.now();
    card.join().unwrap();
}

/// A payment whose first command is with the card, which does not answer.
fn hanging(pcscd: &Pcscd, stop: &Stop) -> (Child, JoinHandle<()>) {
    let (card, commands) = mute(pcscd.port(), stop.clone());
    pcscd.await_reader("card present");
    let pay = pcscd.emvtap(&["pay", "1", "--reader", "--timeout", "60"]).spawn().unwrap();
    commands.recv_timeout(Duration::from_secs(20)).expect("a command");
    (pay, card)
}

#[test]
fn a_service_that_crashes_while_a_command_is_out_ends_the_tap() {
    let mut pcscd = Pcscd::start();
    let stop = Stop::default();
    let (pay, card) = hanging(&pcscd, &stop);
    pcscd.crash();
    let crashed = Instant::now();
    let (code, said) = result(&pay.wait_with_output().unwrap());
    assert!(crashed.elapsed() < Duration::from_secs(9), "it waited for the driver");
    assert_eq!(code, Some(7), "{said}");
    stop.now();
    card.join().unwrap();
}

#[test]
fn ctrl_c_while_a_command_is_out_is_heard_at_once() {
    let pcscd = Pcscd::start();
    let stop = Stop::default();
    let (pay, card) = hanging(&pcscd, &stop);
    let number = pay.id().to_string();
    assert!(Command::new("kill").args(["-INT", &number]).status().unwrap().success());
    let asked = Instant::now();
    let (code, said) = result(&pay.wait_with_output().unwrap());
    assert!(asked.elapsed() < Duration::from_secs(9), "it waited for the driver");
    assert_eq!(code, Some(130), "{said}");
    stop.now();
    card.join().unwrap();
    let _card = pcscd.serve(&["visa-credit"]);
    let (code, said) = result(&pcscd.emvtap(&["pay", "1", "--reader", "--timeout", "20"]).output().unwrap());
    assert_eq!(code, Some(0), "the reader is free: {said}");
}

#[test]
fn a_service_that_ends_is_said_and_not_waited_for() {
    let mut pcscd = Pcscd::start();
    let pay = pcscd.emvtap(&["pay", "1", "--reader", "--timeout", "60"]).spawn().unwrap();
    thread::sleep(Duration::from_secs(1));
    pcscd.restart();
    let (code, said) = result(&pay.wait_with_output().unwrap());
    assert_eq!(code, Some(7), "{said}");
}

#[test]
fn a_served_card_comes_back_when_the_service_does() {
    let mut pcscd = Pcscd::start();
    let _card = pcscd.serve(&["visa-credit", "--repeat"]);
    pcscd.restart();
    pcscd.await_reader("card present");
    let (code, said) = result(&pcscd.emvtap(&["pay", "1", "--reader", "--host", "sim"]).output().unwrap());
    assert_eq!(code, Some(0), "{said}");
}

/// A fault of one moment happens at that moment only: the card that comes back is read.
#[test]
fn a_served_card_that_tears_once_pays() {
    let pcscd = Pcscd::start();
    let _card = pcscd.serve(&["visa-credit", "--repeat", "--fault", "tear-gpo"]);
    let (code, said) = result(&pcscd.emvtap(&["pay", "1", "--reader", "1", "--host", "sim"]).output().unwrap());
    assert!(code == Some(0) && said.contains("APPROVED"), "{said}");
}

#[test]
fn a_second_card_finds_the_slot_busy() {
    let pcscd = Pcscd::start();
    let _card = pcscd.serve(&["visa-credit", "--repeat"]);
    let port = pcscd.port().to_string();
    let second = pcscd.emvtap(&["card", "serve", "visa-credit", "--timeout", "1", "--port", &port]).output().unwrap();
    let (code, said) = result(&second);
    assert!(code == Some(7) && said.contains("is busy"), "{said}");
}

/// What a card behind a relay takes too long for is seen at a reader, too.
#[test]
fn a_slow_relay_is_seen_at_a_reader() {
    let pcscd = Pcscd::start();
    let _card = pcscd.serve(&["mastercard-relay-slow"]);
    let line = ["pay", "5", "--reader", "1", "--terminal", "mc-transit", "--format", "json"];
    let json: serde_json::Value = serde_json::from_slice(&pcscd.emvtap(&line).output().unwrap().stdout).unwrap();
    assert_eq!(json["data_record"]["95"], "000000000E", "relay resistance time limits exceeded");
}

/// The time of a card that takes long really passes, in the reader as at the card; the terminal waits for it.
#[test]
fn a_card_that_takes_two_seconds_is_waited_for() {
    let pcscd = Pcscd::start();
    let _card = pcscd.serve(&["visa-credit", "--fault", "slow-gpo"]);
    let line = ["pay", "12.50", "--reader", "--host", "sim", "--expect", "approved", "--format", "json"];
    let pay = pcscd.emvtap(&line).output().unwrap();
    assert_eq!(pay.status.code(), Some(0), "{}", result(&pay).1);
    let told: serde_json::Value = serde_json::from_slice(&pay.stdout).unwrap();
    assert_eq!(
        (told["outcome"]["result"].as_str(), told["disposition"].as_str()),
        (Some("online-request"), Some("approved"))
    );
    let exchanges = told["exchanges"].as_array().unwrap();
    let slow = exchanges.iter().filter(|exchange| exchange["us"].as_u64().unwrap() >= 2_000_000);
    let slow: Vec<&str> = slow.map(|exchange| exchange["name"].as_str().unwrap()).collect();
    assert_eq!(slow, ["GET PROCESSING OPTIONS"], "{exchanges:#?}");
}
