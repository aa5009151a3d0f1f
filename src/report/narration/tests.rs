use super::*;
use crate::{
    apdu::LinkFault,
    kernel::outcome::OutcomeResult,
    report::story::{self, PAN},
};

fn told(width: usize, detail: Detail, mask: Mask) -> String {
    let mut narration = Narration::new(width, Paint::Plain, detail, mask);
    narration.headline("emvtap pay 12.50", &[("card", "visa-credit"), ("terminal", "retail-attended"), ("seed", "7")]);
    let outcome = story::approved_online(&mut narration);
    narration.end(&Ending {
        outcome: Some(&outcome),
        disposition: "approved",
        stopped: None,
        elapsed: Micros(1300),
        again: "emvtap pay 12.50 --seed 7",
    });
    narration.take()
}

#[test]
fn the_steps_on_a_page_of_eighty() {
    let expected = " emvtap pay 12.50   card visa-credit   terminal retail-attended   seed 7

   0.0 ms  pre-processing           12.50 is over the floor limit 0.00 · online
                                    cryptogram required        B 3.1.1.6 3.1.1.9
   0.0     field on                 card present
   0.2     SELECT PPSE      9000    A0000000031010 → C-3
   0.3     SELECT           9000    A0000000031010 VISA · PDOL 2 objects
   0.4     GPO              9000    ARQC · AIP 2000
   0.5     outcome                  card 476173******0119 wants to go online
                                                                     C-3 5.4.3.1
   1.1     host             00      ARQC valid (CVN 18)

 ONLINE REQUEST → APPROVED   no CVM · 3 commands · 1.3 ms
 why: emvtap pay 12.50 --seed 7 -v
";
    let found = told(80, Detail::Steps, Mask::on());
    assert_eq!(found, expected, "{found}");
}

#[test]
fn only_the_end_when_quiet() {
    let found = told(80, Detail::Ending, Mask::on());
    assert_eq!(found, " ONLINE REQUEST → APPROVED   no CVM · 3 commands · 1.3 ms\n");
}

#[test]
fn more_detail_adds_and_never_widens() {
    let mut last = 0;
    for detail in [Detail::Ending, Detail::Steps, Detail::Rules, Detail::Bytes, Detail::Everything] {
        for width in [60, 80, 120, 200] {
            let text = told(width, detail, Mask::on());
            for line in text.lines() {
                assert!(line.chars().count() <= width, "{detail:?} {width}: {line}");
            }
        }
        let lines = told(80, detail, Mask::on()).lines().count();
        assert!(lines > last, "{detail:?}");
        last = lines;
    }
}

#[test]
fn every_level_masks_and_every_level_can_show() {
    assert!(!told(200, Detail::Everything, Mask::on()).contains(PAN));
    assert!(told(200, Detail::Everything, Mask::off()).contains(PAN));
    let masked = told(200, Detail::Bytes, Mask::on());
    assert!(masked.contains("57 Track 2 Equivalent Data: 476173FFFFFF0119DFFFFFFFFFFFFFFFFF (masked)"), "{masked}");
}

#[test]
fn bytes_come_with_the_objects_they_hold() {
    let text = told(200, Detail::Bytes, Mask::on());
    for part in [
        "> 80A800000C830A2600400000000000125000",
        "9F66 Terminal Transaction Qualifiers (TTQ): 26004000",
        "9F02 Amount, Authorised (Numeric): 000000001250",
        "50 Application Label: 56495341 = \"VISA\"",
        "C-3 state",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_lost_card_is_told_where_it_was_lost() {
    let mut narration = Narration::new(80, Paint::Plain, Detail::Steps, Mask::on());
    narration.event(Micros(0), &Event::Command { name: "SELECT", bytes: &[0, 0xA4, 4, 0] });
    narration.event(Micros(9), &Event::LinkFault(LinkFault::Timeout));
    let outcome = Outcome::new(OutcomeResult::TryAgain);
    narration.event(Micros(10), &Event::Outcome { outcome: &outcome, is_final: false });
    narration.event(Micros(12), &Event::FieldOn);
    let text = narration.take();
    assert!(text.contains("   0.0 ms  SELECT           lost    the card does not answer\n"), "{text}");
    assert!(text.contains("   0.0     outcome                  try-again\n"), "{text}");
}

#[test]
fn without_an_outcome_it_says_why() {
    let mut narration = Narration::new(100, Paint::Plain, Detail::Steps, Mask::on());
    narration.end(&Ending {
        outcome: None,
        disposition: "none",
        stopped: Some("no card was presented"),
        elapsed: Micros(0),
        again: "emvtap pay 1",
    });
    let found = narration.take();
    assert!(found.starts_with("\n STOPPED   no card was presented · 0 commands · 0.0 ms   "), "{found}");
    assert!(found.ends_with("   why: emvtap pay 1 -v\n"), "{found}");
}

#[test]
fn pre_processing_is_that_of_the_selected_combination() {
    let told = |aid: &str, kernel: u8| {
        let mut narration = Narration::new(100, Paint::Plain, Detail::Steps, Mask::on());
        let rule = |rule, note| Event::Rule { book: "B", rule, note };
        let mut tell = |event: Event<'_>| {
            narration.event(Micros(0), &event);
            narration.take()
        };
        let mut text = tell(Event::EntryPoint { start: Start::A, restart: false });
        text += &tell(rule("3.1.1.5", format_args!("12.50 < transaction limit 500.00 (A0000000041010 C-2)")));
        text += &tell(rule("3.1.1.5", format_args!("12.50 < transaction limit 500.00 (A0000000031010 C-3)")));
        text += &tell(rule("3.1.1.6", format_args!("12.50 > floor limit 0.00 (A0000000031010 C-3)")));
        text += &tell(Event::FieldOn);
        let aid = hex::decode(aid).unwrap();
        let (adf_name, kernel) = (aid.as_slice(), &[kernel][..]);
        let (start, restart, select_status) = (Start::A, false, None);
        text += &tell(Event::KernelActivated { adf_name, aid: &aid, kernel, start, restart, select_status });
        text += &tell(Event::FieldOff { hold: None });
        text
    };
    let first = |text: String| text.lines().next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    let visa = told("A0000000031010", 3);
    assert!(visa.find("pre-processing") < visa.find("field on"), "{visa}");
    assert_eq!(first(visa), "0.0 ms pre-processing C-3: 12.50 > floor limit 0.00 B 3.1.1.6");
    let mastercard = first(told("A0000000041010", 2));
    assert_eq!(mastercard, "0.0 ms pre-processing C-2: 12.50 < transaction limit 500.00 B 3.1.1.5");
    let nobody = first(told("A0000000651010", 5));
    assert_eq!(nobody, "0.0 ms pre-processing C-5: no limits to compare the amount with");
}
