//! One connection to the virtual reader.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    thread,
    time::{Duration, Instant},
};

use super::Identity;
use crate::{
    link::{Link, Stop},
    time::Micros,
};

/// How long one read waits at most, so that a wish to stop is heard.
const SLICE: Duration = Duration::from_millis(100);
/// After power off, how long the reader may take to switch on again before the tap counts as over. Terminals switch the
/// field off and on inside a transaction, by Book B at most for 25 s but in practice for less than two.
const PAUSE: Duration = Duration::from_secs(2);

/// When the card is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// After one tap: power off after at least one command.
    OneTap,
    /// Never.
    Stays,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen<'a> {
    /// The reader gave power.
    PowerOn,
    /// The reader took the power away.
    PowerOff,
    /// Off and on again.
    Reset,
    /// A command, what was answered, and the time the card took, simulated.
    Exchange(&'a [u8], &'a [u8], Micros),
    /// A command that only the reader answers, of class FF.
    Reader(&'a [u8], &'a [u8]),
    /// The card left during this command.
    Torn(&'a [u8]),
}

/// A card in the virtual reader.
pub struct Session<'a> {
    /// The card.
    pub card: &'a mut dyn Link,
    /// What the reader knows of it.
    pub identity: &'a Identity,
    /// When it is taken away.
    pub visit: Visit,
    /// Whether to stop.
    pub stop: &'a Stop,
    /// Whether waiting for the reader any longer is no use.
    pub expired: &'a dyn Fn() -> bool,
    /// Who watches.
    pub watch: &'a mut dyn FnMut(Seen<'_>),
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The tap is over.
    Tapped,
    /// The card left by itself.
    Torn,
    /// Somebody wished to stop.
    Stopped,
    /// Waiting any longer was no use.
    Expired,
    /// The reader closed the connection: the service ended, or another card was there first.
    Closed,
}

/// A connection to the virtual reader.
pub type Stream = TcpStream;

/// Connects to the virtual reader.
///
/// # Errors
/// Those of the system: refused means that no service with `vpcd` runs there, not found that nobody knows the host's name.
pub fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::from(ErrorKind::NotFound);
    let addresses = (host, port).to_socket_addrs().map_err(|_| io::Error::from(ErrorKind::NotFound))?;
    for address in addresses {
        match TcpStream::connect_timeout(&address, Duration::from_secs(3)) {
            Ok(stream) => {
                stream.set_read_timeout(Some(SLICE))?;
                stream.set_write_timeout(Some(Duration::from_secs(5)))?;
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Waits until the reader says something: a card that lies there already keeps the next one waiting, connected and unheard. Gives
/// whether it has, or has closed the connection, before waiting is `over`.
///
/// # Errors
/// Those of the system.
pub fn is_heard(stream: &TcpStream, over: &dyn Fn() -> bool) -> io::Result<bool> {
    loop {
        match stream.peek(&mut [0]) {
            Ok(_) => return Ok(true),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted if over() => return Ok(false),
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => {}
                ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => return Ok(true),
                _ => return Err(error),
            },
        }
    }
}

/// What the session remembers of the tap.
#[derive(Clone, Copy, Default)]
struct Tap {
    /// Commands have come since the card entered the field.
    used: bool,
    /// When the power went off, if it has.
    off: Option<Instant>,
}

impl Session<'_> {
    /// Serves the card until it is taken away or the reader is gone.
    ///
    /// # Errors
    /// Those of the system; a connection that was closed is none.
    pub fn run(&mut self, stream: &mut TcpStream) -> io::Result<End> {
        let mut tap = Tap::default();
        let mut message = Vec::new();
        let mut reply = Vec::new();
        loop {
            match self.receive(stream, &mut message, tap)? {
                Received::Message => {}
                Received::Over(end) => return Ok(end),
            }
            match message[..] {
                [] => {}
                [0x00] => self.power_off(&mut tap),
                [0x01] => self.power_on(&mut tap, Seen::PowerOn),
                [0x02] => {
                    if tap.used && self.visit == Visit::OneTap {
                        tap.off.get_or_insert_with(Instant::now);
                    }
                    self.power_on(&mut tap, Seen::Reset);
                }
                [0x04] => send(stream, self.identity.atr())?,
                [_] => {}
                [0xFF, ..] => {
                    let answer = self.identity.answer(&message);
                    (self.watch)(Seen::Reader(&message, &answer));
                    send(stream, &answer)?;
                }
                _ => {
                    reply.clear();
                    tap = Tap { used: true, off: None };
                    match self.card.exchange(&message, &mut reply) {
                        Ok(elapsed) => {
                            self.pass(self.card.asked_time());
                            (self.watch)(Seen::Exchange(&message, &reply, elapsed));
                            send(stream, &reply)?;
                        }
                        Err(_) => {
                            (self.watch)(Seen::Torn(&message));
                            return Ok(End::Torn);
                        }
                    }
                }
            }
        }
    }

    /// Lets time pass for real, unless somebody wishes to stop.
    fn pass(&self, time: Micros) {
        let (start, time) = (Instant::now(), Duration::from_micros(time.0));
        while let Some(left) =
            time.checked_sub(start.elapsed()).filter(|left| !left.is_zero() && !self.stop.is_wanted())
        {
            thread::sleep(left.min(SLICE));
        }
    }

    fn power_on(&mut self, tap: &mut Tap, seen: Seen<'_>) {
        if seen == Seen::PowerOn {
            tap.off = None;
        }
        // A fault of polling is what the first command will show.
        let _ = self.card.activate();
        (self.watch)(seen);
    }

    fn power_off(&mut self, tap: &mut Tap) {
        self.card.deactivate(Micros::ZERO);
        (self.watch)(Seen::PowerOff);
        if tap.used {
            tap.off = Some(Instant::now());
        }
    }

    /// Waits for a message. The end of a tap shows only while nothing comes: the reader asks for the ATR all the time.
    fn receive(&self, stream: &mut TcpStream, message: &mut Vec<u8>, tap: Tap) -> io::Result<Received> {
        let tapped = || self.visit == Visit::OneTap && tap.off.is_some_and(|off| off.elapsed() >= PAUSE);
        let over = || match () {
            () if self.stop.is_wanted() => Some(End::Stopped),
            () if tapped() => Some(End::Tapped),
            () if (self.expired)() => Some(End::Expired),
            () => None,
        };
        if let Some(end) = over() {
            return Ok(Received::Over(end));
        }
        let mut length = [0; 2];
        if let Some(end) = fill(stream, &mut length, &over)? {
            return Ok(Received::Over(end));
        }
        message.clear();
        message.resize(usize::from(u16::from_be_bytes(length)), 0);
        // Inside a message only a wish to stop and a closed connection count.
        let stopped = || self.stop.is_wanted().then_some(End::Stopped);
        Ok(fill(stream, message, &stopped)?.map_or(Received::Message, Received::Over))
    }
}

enum Received {
    Message,
    Over(End),
}

/// Acknowledges what has come at once. `vpcd` writes length and command apart, and its system holds the second back until the
/// first is acknowledged (RFC 896); acknowledging late, as systems do (RFC 1122, 4.2.3.2), would cost every command 40 ms.
fn acknowledge(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream).set_tcp_quickack(true);
    #[cfg(not(target_os = "linux"))]
    let _ = stream;
}

/// Reads all of `buffer`; gives why not, if it cannot.
fn fill(stream: &mut TcpStream, buffer: &mut [u8], over: &dyn Fn() -> Option<End>) -> io::Result<Option<End>> {
    let mut rest = buffer;
    while !rest.is_empty() {
        acknowledge(stream);
        match stream.read(rest) {
            Ok(0) => return Ok(Some(End::Closed)),
            Ok(count) => rest = rest.split_at_mut_checked(count).map(|(_, rest)| rest).unwrap_or_default(),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                    if let Some(end) = over() {
                        return Ok(Some(end));
                    }
                }
                ErrorKind::Interrupted => {}
                ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => return Ok(Some(End::Closed)),
                _ => return Err(error),
            },
        }
    }
    Ok(None)
}

fn send(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    let length = u16::try_from(bytes.len()).map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
    let message = [&length.to_be_bytes(), bytes].concat();
    stream.write_all(&message)
}
