//! The story of a transaction, told while it happens: a line a step, and as much below it as is asked for.

use super::{
    Mask, Paint,
    columns::{Columns, Mood, Row},
    gist,
    objects::Objects,
};
use crate::{
    bytes::Hex,
    crypto::cryptogram::CryptogramCheck,
    data::{Scope, dictionary as tags},
    entry::KernelId,
    kernel::{
        event::{Event, HostSummary, Sink},
        outcome::{Cvm, Outcome, Start, UiRequest},
    },
    time::Micros,
};

mod combinations;
mod ending;
mod held;
mod step;
mod told;
mod words;

pub use ending::Ending;
use step::{Below, Cited, PRE_PROCESSING, Step};

/// How much is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// How it ended (`-q`).
    Ending,
    /// The steps.
    #[default]
    Steps,
    /// Every rule with its note, and the display (`-v`).
    Rules,
    /// Also bytes, data objects and states (`-vv`).
    Bytes,
    /// Also every change of the data store (`-vvv`).
    Everything,
}

/// Tells a transaction. Text appears in [`Narration::take`] as soon as a step is complete.
#[derive(Debug)]
pub struct Narration {
    columns: Columns,
    detail: Detail,
    mask: Mask,
    text: String,
    step: Option<Step>,
    timed: bool,
    /// The data object list the next command answers, and the AFL, as the card gave them.
    pdol: Vec<u8>,
    afl: Vec<u8>,
    /// The kernel at work, whose meaning of a tag counts.
    scope: Option<Scope>,
    commands: usize,
    /// Pre-processing, until it is known which combination it was done for, and where in the text it belongs.
    held: Option<(Step, usize)>,
}

impl Narration {
    /// A narration for a page of `width` characters.
    pub fn new(width: usize, paint: Paint, detail: Detail, mask: Mask) -> Self {
        Self {
            columns: Columns::new(width, paint),
            detail,
            mask,
            text: String::new(),
            step: None,
            timed: false,
            pdol: Vec::new(),
            afl: Vec::new(),
            scope: None,
            commands: 0,
            held: None,
        }
    }

    /// The first line: what is run, and with what.
    pub fn headline(&mut self, command: &str, parts: &[(&str, &str)]) {
        if self.detail > Detail::Ending {
            self.text.push_str(&ending::headline(self.columns, command, parts));
        }
    }

    /// The last lines.
    pub fn end(&mut self, ending: &Ending<'_>) {
        self.flush();
        self.tell_held(None);
        if self.detail > Detail::Ending {
            self.text.push('\n');
        }
        self.text.push_str(&ending.line(self.columns, self.detail, self.commands));
    }

    fn flush(&mut self) {
        let Some(mut step) = self.step.take() else { return };
        if self.detail == Detail::Ending || (step.minor && self.detail == Detail::Steps) {
            return;
        }
        step.row.time = words::time(step.at, !self.timed);
        self.timed = true;
        if self.detail == Detail::Steps && step.row.step == PRE_PROCESSING && combinations::differ(&step.rules) {
            self.tell_held(None);
            self.held = Some((step, self.text.len()));
            return;
        }
        let told = self.told(step, None);
        self.text.push_str(&told);
    }

    /// A step as text. `kernel`: whose step it is, if that is to be said.
    fn told(&self, mut step: Step, kernel: Option<String>) -> String {
        let mut text = String::new();
        let about = step.fold(self.detail, &self.mask).or(kernel);
        let note = words::sentence(&step.notes);
        step.row.note = match about {
            Some(about) => format!("{about}: {note}"),
            None => note,
        };
        if self.detail < Detail::Rules {
            step.row.rules = words::cited(&step.rules);
        }
        text.push_str(&self.columns.row(&step.row));
        for below in &step.details {
            match below {
                Below::Text(below) => text.push_str(below),
                Below::Rule(rule, notes) => text.push_str(&self.columns.detail(rule, &words::joined(notes))),
            }
        }
        text
    }

    fn begin(&mut self, at: Micros, name: &str) -> &mut Step {
        self.flush();
        self.step.insert(Step { at, row: Row { step: name.to_owned(), ..Row::default() }, ..Step::default() })
    }

    fn objects(&self) -> Objects<'_> {
        Objects { columns: self.columns, mask: &self.mask, scope: self.scope }
    }

    /// The step at hand; a minor one if there is none.
    fn current(&mut self, at: Micros, name: &str) -> &mut Step {
        self.step.get_or_insert_with(|| Step {
            at,
            row: Row { step: name.to_owned(), ..Row::default() },
            minor: true,
            ..Step::default()
        })
    }

    fn detail(&mut self, at: Micros, from: Detail, label: &str, text: &str) {
        if self.detail >= from {
            let line = self.columns.detail(label, text);
            self.current(at, "").details.push(Below::Text(line));
        }
    }

    fn command(&mut self, at: Micros, name: &str, bytes: &[u8]) {
        self.commands += 1;
        let shown = self.mask.bytes(bytes);
        let mut details = String::new();
        if self.detail >= Detail::Bytes {
            details.push_str(&self.columns.indented(0, &format!("> {}", Hex(&shown))));
            if let Some(data) = words::dol_data(bytes).filter(|_| !self.pdol.is_empty()) {
                details.push_str(&self.objects().listed(&self.pdol, data));
            }
        }
        let step = self.begin(at, &gist::step(name, bytes));
        step.command = bytes.to_vec();
        step.details.push(Below::Text(details));
    }

    fn response(&mut self, at: Micros, bytes: &[u8]) {
        self.mask.learn(bytes);
        let Some((data, status)) = bytes.split_last_chunk::<2>() else {
            return self.lost(at, "no status word");
        };
        let (shown, bytes_wanted) = (self.mask.response(bytes), self.detail >= Detail::Bytes);
        let mut details = String::new();
        if bytes_wanted {
            details.push_str(&self.columns.indented(0, &format!("< {}", Hex(&shown))));
            details.push_str(&self.objects().tree(data));
        }
        let command = core::mem::take(&mut self.current(at, "response").command);
        if let Some(afl) = gist::afl(data).filter(|_| matches!(command.as_slice(), [_, 0xA8, ..])) {
            self.afl = afl.to_vec();
        }
        if matches!(command.as_slice(), [_, 0xA4, ..]) {
            self.pdol = gist::find(data, tags::PDOL_9F38).unwrap_or_default().to_vec();
        }
        if self.detail == Detail::Rules && matches!(command.as_slice(), [_, 0xA8 | 0xAE | 0xB2, ..]) {
            let names = self.objects().names(data);
            details.extend((!names.is_empty()).then(|| self.columns.detail("holds", &names)));
        }
        let notes = gist::answer(&command, bytes, &self.afl, &self.mask);
        let step = self.current(at, "response");
        step.answered = step.rules.len();
        step.row.status = Hex(status).to_string();
        step.row.mood = if *status == [0x90, 0x00] { Mood::Good } else { Mood::Bad };
        step.notes.extend(notes);
        step.details.push(Below::Text(details));
    }

    /// The air interface, or the card, gave no answer.
    fn lost(&mut self, at: Micros, why: &str) {
        let unanswered = self.step.as_ref().is_some_and(|step| !step.command.is_empty());
        let step = if unanswered { self.current(at, "") } else { self.begin(at, "card") };
        step.row.status = "lost".to_owned();
        step.row.mood = Mood::Bad;
        step.notes.push(why.to_owned());
        step.command.clear();
    }

    fn rule(&mut self, at: Micros, book: &'static str, rule: &'static str, note: String) {
        let told = self.mask.text(&note).into_owned();
        // Those of combinations are told together in the end.
        let wanted = self.detail >= Detail::Rules && !combinations::is_of_one(&note);
        // The steps of a certificate are many and mostly good: a line a certificate, unless bytes are wanted.
        let section = rule.split(" step").next().filter(|_| book == "2" && self.detail == Detail::Rules);
        let label = format!("{book} {}", section.unwrap_or(rule));
        let decision = told::decision(book, rule);
        if let Some(Some(name)) = decision
            && self.step.as_ref().is_none_or(|step| step.row.step != name)
        {
            self.begin(at, name);
        }
        let with_steps = decision.is_some() && self.detail == Detail::Steps;
        let step = self.current(at, "reader");
        step.notes.extend(with_steps.then(|| told.clone()));
        step.rules.push((book, rule, note));
        match step.details.last_mut() {
            _ if !wanted => {}
            Some(Below::Rule(last, notes)) if *last == label => notes.push(told),
            _ => step.details.push(Below::Rule(label, vec![told])),
        }
    }

    fn entry_point(&mut self, at: Micros, start: Start, restart: bool) {
        let name = match start {
            Start::A => PRE_PROCESSING,
            Start::B => "activation",
            Start::C => "selection",
            Start::D => "kernel again",
        };
        let step = self.begin(at, name);
        step.minor = start != Start::A && !restart;
        if restart {
            step.notes.push(format!("Entry Point starts again at {}", start.name()));
        }
    }

    fn kernel(&mut self, at: Micros, kernel: &[u8], aid: &[u8], adf_name: &[u8]) {
        let name = KernelId::new(kernel).map_or_else(|| Hex(kernel).to_string(), |kernel| kernel.to_string());
        self.flush();
        self.tell_held(Some(&format!("{} {name}", Hex(aid))));
        self.scope = kernel.first().filter(|_| kernel.len() == 1).and_then(|number| Scope::kernel(*number));
        let step = self.begin(at, &format!("kernel {name}"));
        step.minor = true;
        step.notes.push(match aid == adf_name {
            true => Hex(aid).to_string(),
            false => format!("{} as {}", Hex(adf_name), Hex(aid)),
        });
    }

    fn oda(&mut self, at: Micros, method: &str, failure: Option<String>) {
        let failure = failure.map(|why| self.mask.text(&why).into_owned());
        // What failed is the last that was checked; what a success rests on is what the kernel says of it.
        let telling = |(book, ..): &Cited| failure.is_some() || *book != "2";
        let last = |mut rules: Vec<Cited>| {
            let last = rules.iter().rposition(telling).map(|last| rules.remove(last));
            (last.into_iter().collect(), rules)
        };
        let reasons = if self.detail == Detail::Steps { self.reasons(last) } else { Vec::new() };
        let told = words::reasons(&reasons, &self.mask);
        let step = self.begin(at, &words::method(method));
        step.notes = if failure.is_none() { words::keys(&told) } else { Vec::new() };
        step.answered = reasons.len();
        step.rules = reasons;
        step.row.status = if failure.is_none() { "ok" } else { "failed" }.to_owned();
        step.row.mood = if failure.is_none() { Mood::Good } else { Mood::Bad };
        step.notes.extend(failure);
    }

    fn ui(&mut self, at: Micros, request: &UiRequest) {
        let text = words::ui(request);
        self.detail(at, Detail::Rules, "display", &text);
    }

    fn outcome(&mut self, at: Micros, outcome: &Outcome, is_final: bool) {
        let record = [("data record", &outcome.data_record), ("discretionary data", &outcome.discretionary_data)];
        let mut details = String::new();
        for (label, data) in record.into_iter().filter(|_| self.detail >= Detail::Bytes) {
            if let Some(data) = data {
                self.mask.learn_objects(data);
                details.push_str(&self.columns.indented(0, label));
                details.push_str(&self.objects().tree(data));
            }
        }
        let steps_only = self.detail == Detail::Steps;
        let reasons = if steps_only { self.reasons(|rules| words::deciding(outcome, rules)) } else { Vec::new() };
        let told = words::reasons(&reasons, &self.mask);
        let step = self.begin(at, "outcome");
        step.minor = is_final && steps_only && reasons.is_empty();
        step.details.push(Below::Text(details));
        if !(is_final && steps_only) {
            step.notes = words::outcome(outcome);
        }
        if steps_only {
            let error = words::error(outcome, &told);
            step.notes.extend(told);
            step.notes.extend(error);
            step.rules = reasons;
        }
    }

    /// Of the rules since the card answered those that `choose` takes: their place is beside what they led to. The others stay.
    fn reasons(&mut self, choose: impl Fn(Vec<Cited>) -> (Vec<Cited>, Vec<Cited>)) -> Vec<Cited> {
        let Some(step) = &mut self.step else { return Vec::new() };
        // Without a card's answer the step has told its rules; the last of them decided.
        let told = if step.row.status.is_empty() { step.rules.len().saturating_sub(1) } else { 0 };
        let since = step.answered.max(told).min(step.rules.len());
        let (chosen, left) = choose(step.rules.split_off(since));
        step.rules.extend(left);
        chosen
    }

    fn host(&mut self, at: Micros, answer: &HostSummary<'_>) {
        let note = self.mask.text(answer.note).into_owned();
        let step = self.begin(at, "host");
        let approved = answer.response_code == Some(*b"00");
        step.row.status = answer.response_code.map_or_else(|| "silent".to_owned(), |code| gist::text(&code));
        step.row.mood = if approved { Mood::Good } else { Mood::Bad };
        if let Some(check) = answer.cryptogram {
            let version = answer.cryptogram_version.map(|version| format!(" ({version})")).unwrap_or_default();
            step.notes.push(format!("ARQC {}{version}", check.name()));
        }
        // A good cryptogram and an approval need no reason.
        let telling = !(approved && answer.cryptogram == Some(CryptogramCheck::Valid));
        step.notes.extend((telling && !note.is_empty()).then_some(note));
    }
}

impl Sink for Narration {
    fn event(&mut self, at: Micros, event: &Event<'_>) {
        match event {
            Event::FieldOn => {
                self.begin(at, "field on");
            }
            Event::FieldOff { hold } => {
                let hold = hold.filter(|hold| *hold > 0).map(|hold| format!("for {}", words::tenths(hold)));
                self.begin(at, "field off").notes.extend(hold);
            }
            Event::CardPresent => self.current(at, "card").notes.push("card present".to_owned()),
            Event::Command { name, bytes } => self.command(at, name, bytes),
            Event::Response { bytes, .. } => self.response(at, bytes),
            Event::LinkFault(fault) => self.lost(at, &fault.to_string()),
            Event::EntryPoint { start, restart } => self.entry_point(at, *start, *restart),
            Event::Candidate { adf_name, kernel, .. } => {
                let kernel = KernelId::new(kernel).map_or_else(|| Hex(kernel).to_string(), |kernel| kernel.to_string());
                self.current(at, "candidates").notes.push(format!("{} → {kernel}", Hex(adf_name)));
            }
            Event::KernelActivated { adf_name, aid, kernel, .. } => self.kernel(at, kernel, aid, adf_name),
            Event::State { book, name } => self.detail(at, Detail::Bytes, &format!("{book} state"), name),
            Event::Rule { book, rule, note } => self.rule(at, book, rule, note.to_string()),
            Event::Data { tag, value, source } => {
                self.mask.learn_object(*tag, value);
                if self.detail >= Detail::Everything {
                    let line = self.objects().set(&format!("{} sets ", source.name()), *tag, value);
                    self.current(at, "reader").details.push(Below::Text(line));
                }
            }
            Event::Oda { method, failure } => self.oda(at, method, failure.as_ref().map(ToString::to_string)),
            Event::Ui(request) => self.ui(at, request),
            Event::Outcome { outcome, is_final } => self.outcome(at, outcome, *is_final),
            Event::Host { answer } => self.host(at, answer),
        }
    }
}

#[cfg(test)]
mod tests;
