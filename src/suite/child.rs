//! Child processes that are ended together with whatever they have started.

use std::{
    io::Read,
    process::{Child, ChildStderr, Command},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// How much of what a child says on stderr is kept: the end.
const COMPLAINT_MAX: usize = 600;

/// What a child says on stderr; somebody listens in a thread.
#[derive(Clone, Debug, Default)]
pub(super) struct Complaints(Arc<Mutex<Vec<u8>>>);

impl Complaints {
    /// Listens until the child closes it.
    pub(super) fn of(stderr: ChildStderr) -> Self {
        let complaints = Self::default();
        let ear = complaints.clone();
        thread::spawn(move || ear.keep_the_end(stderr));
        complaints
    }

    fn keep_the_end(&self, mut stderr: ChildStderr) {
        let mut buffer = [0; 1024];
        while let Ok(count) = stderr.read(&mut buffer) {
            if count == 0 {
                return;
            }
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend(buffer.iter().take(count));
            let over = kept.len().saturating_sub(COMPLAINT_MAX);
            kept.drain(..over);
        }
    }

    /// The last lines, as they follow what went wrong: `; on stderr: …`. Empty if there are none.
    pub(super) fn last(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&bytes);
        let last: Vec<String> =
            text.lines().map(|line| printable(line.trim_end())).filter(|line| !line.is_empty()).collect();
        let last = last.get(last.len().saturating_sub(3)..).unwrap_or_default().join(" | ");
        if last.is_empty() { String::new() } else { format!("; on stderr: {last}") }
    }
}

/// Text of somebody else's on a terminal: control characters, with which it could do what it likes there, are only shown.
pub(super) fn printable(text: &str) -> String {
    let is_harmful = |c: char| {
        c.is_control() || matches!(c, '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if is_harmful(c) {
            out.extend(c.escape_unicode())
        } else {
            out.push(c)
        }
        out
    })
}

/// A command that starts a child with a process group of its own: Ctrl-C is for us, who then end what we have begun.
pub(super) fn command(words: &[String]) -> Option<Command> {
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    Some(command)
}

/// Ends a child, if it has not ended.
pub(super) fn end(child: &mut Child) {
    if matches!(child.try_wait(), Ok(None)) {
        #[cfg(unix)]
        {
            let group = format!("-{}", child.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(std::process::Stdio::null()).status();
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}
