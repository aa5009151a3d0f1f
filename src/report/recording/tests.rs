//! What is written can be read, and what is read is what was written.

use super::*;
use crate::report::{Mask, Recording, story};

fn written() -> String {
    let mut recording = Recording::with_header(Mask::off(), &story::header());
    story::approved_online(&mut recording);
    recording.end(Micros(1300), "approved", None);
    recording.hand_over(str::to_owned)
}

#[test]
fn a_recording_that_is_told_writes_itself() {
    let text = written();
    let recorded = Recorded::read("x", &text).unwrap();
    let mut again = Recording::with_header(Mask::off(), &story::header());
    recorded.tell(&mut again);
    let events = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let (mut wanted, found) = (events(&text), events(&again.hand_over(str::to_owned)));
    assert!(wanted.pop().unwrap().contains("\"end\""));
    assert_eq!(found, wanted);
    assert_eq!(recorded.end.as_ref().map(|end| end.disposition.as_str()), Some("approved"));
    assert_eq!(recorded.outcome(), Some(story::approved_online(&mut Silent)));
}

#[test]
fn the_card_can_be_asked_again() {
    let recorded = Recorded::read("x", &written()).unwrap();
    let steps = recorded.steps();
    assert!(matches!(steps.first(), Some(Step::Activation(Ok(Micros(10))))));
    assert_eq!(steps.len(), 4, "one activation, three commands");
    assert_eq!(recorded.answers()[0].response_code, Some(*b"00"));
}

/// As after a crash: at every length there is a recording, and nothing that was complete is lost.
#[test]
fn a_recording_may_be_cut_off_anywhere_after_its_header() {
    let text = written();
    let header = text.find('\n').unwrap();
    for length in header + 1..=text.len() {
        let recorded = Recorded::read("x", &text[..length]).unwrap();
        let whole = text[..length].matches('\n').count() - 1;
        let found = recorded.lines.len() + usize::from(recorded.end.is_some());
        assert!(found == whole || (found == whole + 1 && !recorded.torn), "{length}");
    }
}

#[test]
fn a_wrong_line_in_the_middle_is_shown() {
    let text = written().replace("\"event\":\"field-on\"", "\"event\":\"field-off\",\"hold_ms\":\"x\"");
    let problem = Recorded::read("x", &text).unwrap_err();
    assert_eq!(problem.message, "`hold_ms` is no number of milliseconds: \"x\"");
    let line = text.lines().position(|line| line.contains("hold_ms\":\"x\"")).unwrap() + 1;
    assert_eq!(problem.position.unwrap().line, line);
}

#[test]
fn a_misspelt_key_of_the_header_gets_a_hint() {
    let problem = Recorded::read("x", &written().replacen("\"card\"", "\"crad\"", 1)).unwrap_err();
    assert_eq!(
        (problem.message.as_str(), problem.hint.as_deref()),
        ("unknown key `crad`", Some("did you mean `card`?"))
    );
}
