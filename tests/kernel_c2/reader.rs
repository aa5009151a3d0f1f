//! Kernel 2 inside a reader: Entry Point activates it for its combinations, the terminal file configures it and speaks to it, and
//! what it keeps outlives a transaction.

use emvtap::{
    apdu::LinkFault,
    data::Amount,
    entry::KernelId,
    host::{Answer, Host, Request},
    kernel::{c2::Kept, event::Event, outcome::OutcomeResult as R},
    link::Link,
    run::{Parts, Reader, Seeded, Tap, Transaction},
    terminal::{Terminal, names},
    time::Micros,
};

use crate::harness::{Scene, ca_keys, hex, text, tlv};

/// The card of a scene behind a directory.
struct Card {
    scene: Scene,
    pdol: Vec<u8>,
    commands: Vec<String>,
    /// The instruction after which it is torn away, once.
    torn_at: Option<u8>,
}

impl Card {
    fn new(scene: Scene) -> Self {
        Self { scene, pdol: Vec::new(), commands: Vec::new(), torn_at: None }
    }
}

impl Link for Card {
    fn activate(&mut self) -> Result<Micros, LinkFault> {
        Ok(Micros(5_000))
    }

    fn exchange(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<Micros, LinkFault> {
        self.commands.push(text(command));
        if self.torn_at.take_if(|instruction| *instruction == command[1]).is_some() {
            return Err(LinkFault::Timeout);
        }
        let answer = match command {
            [0x00, 0xA4, _, _, 0x0E, ..] => {
                let entry = tlv(0x61, &[tlv(0x4F, &hex("A0000000041010")), tlv(0x87, &[1])].concat());
                let name = tlv(0x84, b"2PAY.SYS.DDF01");
                [tlv(0x6F, &[name, tlv(0xA5, &tlv(0xBF0C, &entry))].concat()), vec![0x90, 0x00]].concat()
            }
            [0x80, 0xEA, _, _, _, entropy @ ..] => {
                let times = format!("{} C0FFEE01 {}", text(&entropy[..4]), self.scene.times);
                self.scene.more = hex(&times);
                self.scene.reply(command, &mut self.pdol)?
            }
            [0x00, 0xA4, ..] => [self.scene.select(), vec![0x90, 0x00]].concat(),
            [0x80, 0xCA, high, low, ..] => [vec![*high, *low, 0x02, 0xCA, 0xFE], vec![0x90, 0x00]].concat(),
            _ => self.scene.reply(command, &mut self.pdol)?,
        };
        response.extend(answer);
        Ok(Micros(10_000))
    }

    fn deactivate(&mut self, _: Micros) {}

    fn wait_for_removal(&mut self) -> Result<Micros, LinkFault> {
        Ok(Micros(500_000))
    }
}

/// Approves everything.
struct Yes;

impl Host for Yes {
    fn authorise(&mut self, _: Request<'_>) -> Answer {
        Answer { response_code: Some(*b"00"), ..Answer::default() }
    }
}

fn terminal(name: &str) -> Reader {
    let terminal = Terminal::builtin(name).unwrap().unwrap_or_else(|problem| panic!("{problem}"));
    let mut configuration = terminal.configuration();
    configuration.trust.ca_keys.extend(ca_keys().ca_keys);
    Reader::new(configuration)
}

fn pay(reader: &mut Reader, card: &mut Card, amount: &str) -> (Tap, Vec<String>) {
    let sale = Transaction::purchase(Amount::parse(amount, 2).unwrap(), "2026-11-21T12:00:00Z".parse().unwrap());
    let mut rules = Vec::new();
    let mut events = |_: Micros, event: &Event<'_>| {
        if let Event::Rule { book: "C-2", rule, .. } = event {
            rules.push(rule.to_string());
        }
    };
    let parts = Parts { link: card, host: &mut Yes, random: &mut Seeded::new(7), events: &mut events };
    let tap = reader.pay(&sale, parts);
    (tap, rules)
}

fn result(tap: &Tap) -> R {
    tap.outcome().unwrap().result
}

#[test]
fn every_mastercard_terminal_takes_a_card() {
    for (name, amount, expected) in [
        ("mc-attended", "12.50", R::OnlineRequest),
        ("mc-attended", "900.00", R::EndApplication),
        ("mc-unattended", "4.00", R::Approved),
        ("mc-unattended", "12.50", R::OnlineRequest),
        ("mc-offline", "12.50", R::Approved),
        ("mc-data-exchange", "12.50", R::OnlineRequest),
    ] {
        let (tap, rules) = pay(&mut terminal(name), &mut Card::new(Scene::default()), amount);
        assert_eq!(result(&tap), expected, "{name} {amount}: {rules:?}");
        assert_eq!(tap.selected.unwrap().kernel_id, KernelId::C2);
    }
    assert_eq!(names().into_iter().filter(|name| name.starts_with("mc-")).count(), 5);
}

#[test]
fn a_gate_measures_how_far_away_a_card_is() {
    // An exchange takes 10 ms here: 5.8 ms of work, as much as the card of the scene says it may need.
    let near = Scene::default().unsigned().gives(0x00);
    let (_, rules) = pay(&mut terminal("mc-transit"), &mut Card::new(near), "0.00");
    assert!(rules.iter().any(|rule| rule == "SR1.32") && !rules.iter().any(|rule| rule == "SR1.28"), "{rules:?}");
    // A card that says it needs less is asked three times, and denied.
    let far = Scene { times: "0000 0001 0018", ..Scene::default() };
    let mut card = Card::new(far);
    let (tap, rules) = pay(&mut terminal("mc-transit"), &mut card, "0.00");
    assert_eq!(card.commands.iter().filter(|command| command.starts_with("80EA")).count(), 3);
    assert!(rules.iter().any(|rule| rule == "SR1.28") && rules.iter().any(|rule| rule == "TAA.3"), "{rules:?}");
    assert_eq!(result(&tap), R::Declined);
}

#[test]
fn a_terminal_reads_and_writes_the_card() {
    let mut card = Card::new(Scene::default());
    let (tap, rules) = pay(&mut terminal("mc-data-exchange"), &mut card, "12.50");
    assert_eq!(result(&tap), R::OnlineRequest, "{rules:?}");
    assert!(card.commands.iter().any(|command| command == "80CA9F7500"), "{:?}", card.commands);
    assert!(card.commands.iter().any(|command| command == "80DA9F7504CAFE0001"), "{:?}", card.commands);
    assert!(rules.iter().any(|rule| rule == "S6.5"), "the terminal is slow, and awaited");
}

#[test]
fn a_torn_transaction_survives_the_reader() {
    let scene = Scene::default().card(0x9F51, "9F3704");
    let mut first = terminal("mc-attended");
    let mut card = Card::new(scene.clone());
    card.torn_at = Some(0xAE);
    let (tap, rules) = pay(&mut first, &mut card, "12.50");
    // The card comes back within the tap, and is asked for the old cryptogram, which it has not.
    assert_eq!(result(&tap), R::OnlineRequest, "{rules:?}");
    assert!(rules.iter().any(|rule| rule == "S10.7"));
    let mut reader = terminal("mc-attended");
    let mut gone = Card::new(scene.clone());
    gone.torn_at = Some(0xAE);
    gone.scene = scene.clone().terminal(0x9F37, "00000000");
    let kept = first.kept(KernelId::C2).to_vec();
    assert!(kept.is_empty(), "what was recovered is not kept");
    let record = Scene::default().card(0x9F51, "9F3704").terminal(0xDF811D, "01").lose(0xAE, 0).run().kept;
    assert_eq!(Kept::parse(&record).unwrap().torn.len(), 1);
    reader.keep(KernelId::C2, record);
    let (_, rules) = pay(&mut reader, &mut Card::new(scene), "12.50");
    assert!(rules.iter().any(|rule| rule == "S456.47"), "{rules:?}");
}
