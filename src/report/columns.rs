//! Aligned columns that fit any width: time, step, status, explanation, rules.

use super::Paint;

/// Where the step stands.
const STEP_AT: usize = 11;
/// How wide a step is, with the gap after it.
const STEP: usize = 17;
/// How wide a status is, with the gap after it.
const STATUS: usize = 8;
/// Where explanations stand.
const NOTE_AT: usize = STEP_AT + STEP + STATUS;
/// Explanations are not spread wider than an eye follows.
const WIDTH_MAX: usize = 140;
/// From here on rules have a column of their own.
const WIDTH_WIDE: usize = 110;
/// How wide it is, with the gap before it.
const RULES: usize = 32;
/// Narrower than this nothing useful can be aligned: explanations stand below their steps.
const WIDTH_ALIGNED: usize = 60;
/// Where they stand there.
const BELOW_AT: usize = 4;
/// Narrower pages are written as if they were this wide.
const WIDTH_MIN: usize = 36;

/// A page of some width.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    width: usize,
    /// Whether text is coloured.
    pub paint: Paint,
}

/// How a status is to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// As one would wish.
    Good,
    /// Not as one would wish.
    Bad,
    /// Neither.
    #[default]
    Neutral,
}

/// One step of a transaction.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// `0.4`, with its unit where it is wanted.
    pub time: String,
    /// What was done.
    pub step: String,
    /// How it went, in a word.
    pub status: String,
    /// How that is to be seen.
    pub mood: Mood,
    /// What it means.
    pub note: String,
    /// The rules that made it so.
    pub rules: String,
}

impl Columns {
    /// A page of `width` characters.
    pub fn new(width: usize, paint: Paint) -> Self {
        Self { width: width.clamp(WIDTH_MIN, WIDTH_MAX), paint }
    }

    /// How many characters a line has at most.
    pub const fn width(self) -> usize {
        self.width
    }

    const fn is_aligned(self) -> bool {
        self.width >= WIDTH_ALIGNED
    }

    /// The lines of a step, each with its line end.
    pub fn row(self, row: &Row) -> String {
        if !self.is_aligned() {
            let lead = format!("{} {}  {}", row.time.trim_start(), row.step, self.status(row));
            return format!("{}\n{}{}", lead.trim_end(), self.below(0, &row.note), self.below(0, &row.rules));
        }
        let wide = self.width >= WIDTH_WIDE;
        let status_width = row.status.chars().count();
        let note_at = if status_width < STATUS { NOTE_AT } else { STEP_AT + STEP + status_width + 2 };
        let note_width = self.width - note_at - if wide { RULES } else { 0 };
        let mut notes = wrap(&row.note, note_width);
        let mut rules = if wide { wrap(&row.rules, RULES - 2) } else { Vec::new() };
        let mut tail = if wide { String::new() } else { row.rules.clone() };
        if notes.is_empty() && (!rules.is_empty() || !tail.is_empty()) {
            notes.push(String::new());
        }
        let count = notes.len().max(rules.len()).max(1);
        notes.resize(count, String::new());
        rules.resize(count, String::new());

        let mut text = String::new();
        for (at, (note, rules)) in notes.iter().zip(&rules).enumerate() {
            let lead = if at == 0 { self.lead(row) } else { " ".repeat(note_at) };
            let gap = " ".repeat(note_width.saturating_sub(note.chars().count()) + 2);
            let mut line = format!("{lead}{note}");
            if !rules.is_empty() {
                line = format!("{line}{gap}{}", self.paint.quiet(rules));
            } else if at + 1 == count && !tail.is_empty() {
                let free = note_width.saturating_sub(note.chars().count());
                let wanted = tail.chars().count();
                if wanted + 2 <= free {
                    line = format!("{line}{}{}", " ".repeat(free - wanted), self.paint.quiet(&tail));
                    tail.clear();
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        for line in wrap(&tail, note_width) {
            text.push_str(&self.right(&line));
        }
        text
    }

    /// A line at the right edge.
    fn right(self, line: &str) -> String {
        let indent = " ".repeat(self.width.saturating_sub(line.chars().count()));
        format!("{indent}{}\n", self.paint.quiet(line))
    }

    /// Lines below a step of a page that has no columns.
    fn below(self, indent: usize, text: &str) -> String {
        let lead = BELOW_AT + indent;
        wrap(text, self.width - lead).into_iter().map(|line| format!("{}{line}\n", " ".repeat(lead))).collect()
    }

    fn status(self, row: &Row) -> String {
        match row.mood {
            Mood::Good => self.paint.good(&row.status),
            Mood::Bad => self.paint.bad(&row.status),
            Mood::Neutral => row.status.clone(),
        }
    }

    fn lead(self, row: &Row) -> String {
        let step = format!("{:<STEP$}", row.step);
        let status = self.status(row);
        let pad = STATUS.saturating_sub(row.status.chars().count()).max(2);
        format!("{:<STEP_AT$}{step}{status}{}", row.time, " ".repeat(pad))
    }

    /// A detail below a step: a label and text that wraps beside it.
    pub fn detail(self, label: &str, text: &str) -> String {
        if !self.is_aligned() {
            return format!("{}{}\n{}", " ".repeat(BELOW_AT), self.paint.quiet(label), self.below(2, text));
        }
        let label_width = label.chars().count();
        let beside = if label_width < 22 { 24 } else { label_width + 2 };
        let text_at = STEP_AT + beside;
        let mut lines = wrap(text, self.width.saturating_sub(text_at).max(20)).into_iter();
        let first = lines.next().unwrap_or_default();
        let pad = " ".repeat(beside - label_width);
        let line = format!("{}{}{pad}{first}", " ".repeat(STEP_AT), self.paint.quiet(label));
        let mut out = format!("{}\n", line.trim_end());
        for line in lines {
            out.push_str(&format!("{}{line}\n", " ".repeat(text_at)));
        }
        out
    }

    /// Text that wraps below a step, `indent` levels deep.
    pub fn indented(self, indent: usize, text: &str) -> String {
        let lead = if self.is_aligned() { STEP_AT } else { BELOW_AT } + 2 * indent;
        wrap(text, self.width.saturating_sub(lead + 2).max(20))
            .into_iter()
            .enumerate()
            .map(|(at, line)| format!("{}{line}\n", " ".repeat(lead + if at == 0 { 0 } else { 2 })))
            .collect()
    }
}

/// Breaks text at spaces into lines of at most `width` characters; a word that fills a line by itself is broken where the line
/// ends, between two bytes if it is hex.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        loop {
            let used = line.chars().count();
            let gap = usize::from(used > 0);
            let length = rest.chars().count();
            let room = width.saturating_sub(used + gap);
            if length <= room {
                line.push_str(if used > 0 { " " } else { "" });
                line.push_str(rest);
                break;
            }
            if length > width && room >= 2 {
                let at = rest.char_indices().nth(room - room % 2).map_or(rest.len(), |(at, _)| at);
                let (head, tail) = rest.split_at(at);
                line.push_str(if used > 0 { " " } else { "" });
                line.push_str(head);
                rest = tail;
            }
            lines.push(core::mem::take(&mut line));
        }
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Row {
        Row {
            time: "   0.1 ms".to_owned(),
            step: "pre-processing".to_owned(),
            note: "12.50 is below the CVM limit 50.00 · above the floor limit 0.00 → online cryptogram required"
                .to_owned(),
            rules: "B 3.1.1.6 3.1.1.9".to_owned(),
            ..Row::default()
        }
    }

    #[test]
    fn no_line_is_wider_than_the_page() {
        let hex = Row { note: "00A4".repeat(70), status: "unverifiable".to_owned(), ..sample() };
        for width in 36..=220 {
            let columns = Columns::new(width, Paint::Plain);
            let detail = columns.detail("C-3 5.4.1.1", &sample().note);
            for text in [columns.row(&sample()), columns.row(&hex), columns.indented(1, &"AB".repeat(200)), detail] {
                for line in text.lines() {
                    assert!(line.chars().count() <= width, "{width}: {line}");
                    assert_eq!(line, line.trim_end());
                }
            }
        }
    }

    #[test]
    fn rules_stand_beside_a_wide_explanation_and_below_a_narrow_one() {
        let wide = Columns::new(140, Paint::Plain).row(&sample());
        assert!(wide.lines().next().unwrap().ends_with("B 3.1.1.6 3.1.1.9"), "{wide}");
        let narrow = Columns::new(80, Paint::Plain).row(&sample());
        let last = narrow.lines().last().unwrap();
        assert_eq!(last.chars().count(), 80, "{narrow}");
        assert!(last.ends_with("B 3.1.1.6 3.1.1.9"), "{narrow}");
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let coloured =
            Columns::new(100, Paint::Colour).row(&Row { status: "9000".into(), mood: Mood::Good, ..sample() });
        let plain = Columns::new(100, Paint::Plain).row(&Row { status: "9000".into(), mood: Mood::Good, ..sample() });
        assert_ne!(coloured, plain);
        let mut stripped = String::new();
        let mut rest = coloured.as_str();
        while let Some((text, escape)) = rest.split_once('\u{1b}') {
            stripped.push_str(text);
            rest = escape.split_once('m').unwrap().1;
        }
        assert_eq!(stripped + rest, plain);
    }

    #[test]
    fn words_are_kept_whole_where_they_fit() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("> ABCDEFGH", 5), ["> AB", "CDEF", "GH"]);
        assert_eq!(wrap("→→→ →", 4), ["→→→", "→"]);
        assert!(wrap("  ", 5).is_empty());
    }
}
