//! The exchanges of a log, one after the other.

use core::iter::Peekable;
use std::vec;

use super::{Entry, Kind, Session};
use crate::dump::{Dump, Exchange};

/// What a log has still to tell.
pub struct Log {
    exchanges: Peekable<vec::IntoIter<Exchange>>,
    problems: Peekable<vec::IntoIter<(usize, String)>>,
}

impl Log {
    /// A log that is about to be told. What is sensitive may stand before the response that says so, thus all are learnt first.
    pub fn new(log: Dump, session: &mut Session) -> Self {
        session.masked_before = log.masked;
        for exchange in &log.exchanges {
            session.learn_response(exchange.response.as_deref().unwrap_or_default());
        }
        Self { exchanges: log.exchanges.into_iter().peekable(), problems: log.problems.into_iter().peekable() }
    }

    /// The next exchange, or the next line that is wrong.
    pub fn next(&mut self, session: &mut Session) -> Option<Entry> {
        let line = self.exchanges.peek().map_or(usize::MAX, |exchange| exchange.line);
        if let Some((line, text)) = self.problems.next_if(|(problem, _)| *problem < line) {
            return Some(Entry { line: Some(line), text, ..Entry::new(Kind::Problem) });
        }
        let Exchange { line, command, response } = self.exchanges.next()?;
        let children = session.exchange(command.as_deref(), response.as_deref());
        let name = children.first().map(|entry| entry.name.clone()).unwrap_or_default();
        Some(Entry { line: Some(line), name, children, ..Entry::new(Kind::Exchange) })
    }
}
