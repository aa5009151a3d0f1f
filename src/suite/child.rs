//! Child processes that are ended together with whatever they have started.

use std::{
    io::Read,
    process::{Child, ChildStderr, Command},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// How much of what a child says on stderr is kept: the end.
const COMPLAINT_MAX: usize = 600;

/// How long somebody waits for the rest of what a child that has ended said: a child of its own may keep stderr open.
const PATIENCE: Duration = Duration::from_millis(300);

/// What a child says on stderr; somebody listens in a thread.
#[derive(Clone, Debug, Default)]
pub(super) struct Complaints(Arc<(Mutex<Heard>, Condvar)>);

/// The end of it, and whether more may come.
#[derive(Debug, Default)]
struct Heard {
    end: Vec<u8>,
    open: bool,
}

impl Complaints {
    /// Listens until the child closes it.
    pub(super) fn of(stderr: ChildStderr) -> Self {
        let complaints = Self::default();
        complaints.heard().open = true;
        let ear = complaints.clone();
        thread::spawn(move || ear.keep_the_end(stderr));
        complaints
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep_the_end(&self, mut stderr: ChildStderr) {
        let mut buffer = [0; 1024];
        while let Ok(count @ 1..) = stderr.read(&mut buffer) {
            let mut heard = self.heard();
            heard.end.extend(buffer.iter().take(count));
            let over = heard.end.len().saturating_sub(COMPLAINT_MAX);
            heard.end.drain(..over);
        }
        self.heard().open = false;
        self.0.1.notify_all();
    }

    /// The last lines of a child that has ended, as they follow what went wrong: `; on stderr: …`. Empty if there are none.
    pub(super) fn last(&self) -> String {
        let waited = self.0.1.wait_timeout_while(self.heard(), PATIENCE, |heard| heard.open);
        let (heard, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&heard.end);
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
