//! A child process that is not trusted: it may say nothing, too much, nonsense, or die, and nobody waits for it longer than they want to.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    thread,
    time::{Duration, Instant},
};

use super::message::UNIMPLEMENTED;
use crate::{
    link::Stop,
    suite::{
        child::{self, Complaints},
        seen::Ended,
    },
};

/// How long one wait is at most, so that a wish to stop is heard.
const SLICE: Duration = Duration::from_millis(100);
/// The longest line that is read.
const LINE_MAX: usize = 256 * 1024;
/// Lines that wait to be looked at; a flood waits in the pipe.
const LINES_WAITING: usize = 64;
/// How long a process that has closed its output may take to end, and one that has been told goodbye.
const PATIENCE: Duration = Duration::from_secs(1);

/// A running subject.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// Closed to say that nothing more will come.
    input: Option<Sender<String>>,
    lines: Receiver<Line>,
    complaints: Complaints,
    stop: Stop,
}

/// What was read.
#[derive(Debug)]
enum Line {
    Bytes(Vec<u8>),
    TooLong,
}

impl Line {
    /// As text; `None` if it is blank.
    fn text(self) -> Result<Option<String>, Silence> {
        let Self::Bytes(bytes) = self else {
            return Err(Silence::Nonsense(format!("a line of more than {LINE_MAX} bytes")));
        };
        let line =
            String::from_utf8(bytes).map_err(|_| Silence::Nonsense("a line that is not UTF-8 text".to_owned()))?;
        Ok(Some(line.trim().to_owned()).filter(|line| !line.is_empty()))
    }
}

impl Process {
    /// Starts a program. `command`: its name and arguments; `stop`: whether to wait for it no longer.
    pub(super) fn start(command: &[String], stop: Stop) -> Result<Self, String> {
        let program = command.first().map(String::as_str).unwrap_or_default();
        let mut start = child::command(command).ok_or("there is no command")?;
        start.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = start.spawn().map_err(|error| format!("`{program}` cannot be started: {error}"))?;
        let (Some(stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(format!("`{program}` has no standard streams"));
        };
        let (input, to_write) = channel();
        let (read, lines) = sync_channel(LINES_WAITING);
        let complaints = Complaints::of(stderr);
        thread::spawn(move || write_lines(stdin, &to_write));
        thread::spawn(move || read_lines(stdout, &read));
        Ok(Self { child, input: Some(input), lines, complaints, stop })
    }

    /// Sends a line. A process that has ended is noticed by who reads.
    pub(super) fn send(&self, line: String) {
        if let Some(input) = &self.input {
            let _ = input.send(line);
        }
    }

    /// The next line that is not blank. The error says why there is none.
    pub(super) fn line(&mut self, deadline: Instant) -> Result<String, Silence> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left.min(SLICE)) {
                Ok(line) => {
                    if let Some(line) = line.text().transpose() {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout) if self.stop.is_wanted() => return Err(Silence::Stopped),
                Err(RecvTimeoutError::Timeout) if left > SLICE => {}
                Err(RecvTimeoutError::Timeout) => return Err(Silence::TimedOut),
                Err(RecvTimeoutError::Disconnected) => return Err(self.death()),
            }
        }
    }

    /// A line that is there already, or comes this soon. The end of the output is none.
    pub(super) fn waiting(&self, patience: Duration) -> Option<Result<String, Silence>> {
        loop {
            if let Some(line) = self.lines.recv_timeout(patience).ok()?.text().transpose() {
                return Some(line);
            }
        }
    }

    /// How it died; what it said about that.
    fn death(&mut self) -> Silence {
        let status = self.wait();
        match status {
            Some(status) if status.code() == Some(UNIMPLEMENTED) => Silence::Unimplemented,
            Some(status) if status.success() => Silence::Left,
            Some(status) => Silence::Died(match status.code() {
                Some(code) => format!("ended with exit status {code}{}", self.complaints.last()),
                None => format!("was killed ({status}){}", self.complaints.last()),
            }),
            None => Silence::Died(format!("closed its output and went on running{}", self.complaints.last())),
        }
    }

    fn wait(&mut self) -> Option<std::process::ExitStatus> {
        let start = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if start.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(5)),
                _ => return None,
            }
        }
    }

    /// Says goodbye with this line and gives it a moment to leave.
    pub(super) fn part(mut self, line: String) {
        self.send(line);
        self.input = None;
        self.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.input = None;
        child::end(&mut self.child);
    }
}

/// Why there is no line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// It took too long.
    TimedOut,
    /// Somebody wishes to stop.
    Stopped,
    /// What it wrote is no message.
    Nonsense(String),
    /// It ended with an exit status of 0.
    Left,
    /// It ended with exit status 89.
    Unimplemented,
    /// It ended otherwise.
    Died(String),
}

impl Silence {
    /// As the end of a tap, after `last` was sent.
    pub(super) fn ended(self, last: &str) -> Ended {
        match self {
            Self::TimedOut => Ended::TimedOut(format!("said nothing after `{last}` until the time was up")),
            Self::Stopped => Ended::Broken("the run was interrupted".to_owned()),
            Self::Nonsense(what) => Ended::Misbehaved(format!("wrote {what} after `{last}`")),
            Self::Left => Ended::Misbehaved(format!("ended with exit status 0 after `{last}`")),
            Self::Unimplemented => Ended::Unsupported(format!("exit status {UNIMPLEMENTED} after `{last}`")),
            Self::Died(how) => Ended::Misbehaved(format!("{how} (after `{last}`)")),
        }
    }
}

fn write_lines(mut stdin: ChildStdin, lines: &Receiver<String>) {
    for line in lines {
        if stdin.write_all(line.as_bytes()).and_then(|()| stdin.write_all(b"\n")).and_then(|()| stdin.flush()).is_err()
        {
            return;
        }
    }
}

fn read_lines(stdout: ChildStdout, lines: &SyncSender<Line>) {
    let mut stdout = BufReader::new(stdout);
    let longest = u64::try_from(LINE_MAX).unwrap_or(u64::MAX);
    loop {
        let mut line = Vec::new();
        match stdout.by_ref().take(longest).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(LINE_MAX) if !line.ends_with(b"\n") => {
                let _ = lines.send(Line::TooLong);
                return;
            }
            Ok(_) => {
                if lines.send(Line::Bytes(line)).is_err() {
                    return;
                }
            }
        }
    }
}
