//! A hand-made transaction for the tests of the reports.

use super::{jsonl::SCHEMA, recording::Header};
use crate::{
    apdu::StatusWord,
    crypto::cryptogram::CryptogramCheck,
    data::Source,
    kernel::{
        event::{Event, HostSummary, Sink},
        outcome::{Cvm, MessageId, Outcome, OutcomeResult, Start, UiRequest, UiStatus},
    },
    time::Micros,
    tlv::Tag,
};

pub const PAN: &str = "4761739001010119";

/// What a recording of it says first.
pub fn header() -> Header {
    let text = |text: &str| text.to_owned();
    Header {
        schema: text(SCHEMA),
        amount: text("12.50"),
        currency: text("EUR"),
        r#type: text("purchase"),
        card: text("visa-credit"),
        terminal: text("retail-attended"),
        clock: text("2026-06-15T12:00:00"),
        ..Header::default()
    }
}

/// A Visa card that goes online and is approved.
pub fn approved_online(sink: &mut dyn Sink) -> Outcome {
    let aid = hex::decode("A0000000031010").unwrap();
    let mut tell = |at: u64, event: Event<'_>| sink.event(Micros(at), &event);
    tell(0, Event::EntryPoint { start: Start::A, restart: false });
    tell(10, Event::Rule { book: "B", rule: "3.1.1.6", note: format_args!("12.50 is over the floor limit 0.00") });
    tell(10, Event::Rule { book: "B", rule: "3.1.1.9", note: format_args!("online cryptogram required") });
    tell(20, Event::Ui(&UiRequest::new(MessageId::PRESENT_CARD, UiStatus::ReadyToRead)));
    tell(20, Event::FieldOn);
    tell(30, Event::CardPresent);
    exchange(&mut tell, 200, "SELECT PPSE", "00A404000E325041592E5359532E444446303100", &(ppse() + "9000"));
    tell(220, Event::Candidate { adf_name: &aid, aid: &aid, kernel: &[3], priority: 1 });
    exchange(
        &mut tell,
        300,
        "SELECT",
        "00A4040007A000000003101000",
        "6F1A 8407A0000000031010 A50F 500456495341 9F3806 9F66049F0206 9000",
    );
    tell(
        320,
        Event::KernelActivated {
            adf_name: &aid,
            aid: &aid,
            kernel: &[3],
            start: Start::C,
            restart: false,
            select_status: Some(StatusWord::OK),
        },
    );
    tell(330, Event::State { book: "C-3", name: "Waiting for GPO Response" });
    exchange(
        &mut tell,
        400,
        "GET PROCESSING OPTIONS",
        "80A800000C830A2600400000000000125000",
        "7731 82022000 9F360200FF 57114761739001010119D31122011143804400 9F100706011203A00000 9F26081122334455667788 9000",
    );
    tell(420, Event::Data { tag: Tag::new(0x82), value: &[0x20, 0], source: Source::Card });
    tell(430, Event::Rule { book: "C-3", rule: "5.4.3.1", note: format_args!("card {PAN} wants to go online") });
    let record = hex::decode("57114761739001010119D311220111438044009F26081122334455667788").unwrap();
    let outcome = Outcome {
        cvm: Cvm::NoCvm,
        data_record: Some(record),
        ui_on_outcome: Some(UiRequest::new(MessageId::AUTHORISING, UiStatus::NotReady)),
        ..Outcome::new(OutcomeResult::OnlineRequest)
    };
    tell(500, Event::Outcome { outcome: &outcome, is_final: true });
    let answer = HostSummary {
        response_code: Some(*b"00"),
        cryptogram: Some(CryptogramCheck::Valid),
        cryptogram_version: Some("CVN 18"),
        arpc: Some(&[0xAB, 0xCD]),
        authentication_data: None,
        scripts: &[],
        note: "",
        elapsed: Micros(100),
    };
    tell(1100, Event::Host { answer: &answer });
    outcome
}

fn ppse() -> String {
    "6F1E840E325041592E5359532E4444463031A50CBF0C0961074F05A000000003".to_owned()
}

fn exchange(tell: &mut impl FnMut(u64, Event<'_>), at: u64, name: &'static str, command: &str, response: &str) {
    let bytes = |text: &str| hex::decode(text.replace(' ', "")).unwrap();
    tell(at, Event::Command { name, bytes: &bytes(command) });
    tell(at + 12, Event::Response { bytes: &bytes(response), elapsed: Micros(12) });
}
