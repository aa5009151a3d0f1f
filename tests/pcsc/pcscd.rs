//! A PC/SC service of the test's own, with a virtual reader, and what runs against it.

use std::{
    fs::{self, File},
    io::Read,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    thread,
    time::{Duration, Instant},
};

/// A running service; ends with the value.
pub struct Pcscd {
    folder: PathBuf,
    port: u16,
    /// Keeps other runs of these tests off the ports; given back by the system with the process at the latest.
    _claim: File,
    child: Child,
}

static NEXT: AtomicU16 = AtomicU16::new(0);

impl Pcscd {
    /// Starts one. A machine without the service fails the test: it is there to show that the real thing works.
    pub fn start() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("emvtap-pcscd-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (port, claim) = claim_ports();
        let child = launch(&folder, port);
        Self { folder, port, _claim: claim, child }
    }

    /// The port of the first slot.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Where its files are; goes with it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Ends the service at once, as a crash would.
    pub fn crash(&mut self) {
        self.end();
    }

    /// Ends the service and starts it again at the same place.
    pub fn restart(&mut self) {
        self.end();
        self.child = launch(&self.folder, self.port);
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// `emvtap` with these words, as a client of this service.
    pub fn emvtap(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
        command.args(words);
        self.client(command)
    }

    /// Any program, as a client of this service.
    pub fn client(&self, mut command: Command) -> Command {
        command.env("PCSCLITE_CSOCK_NAME", self.folder.join("pcscd.comm")).env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// `emvtap card serve` in the background, once its card is seen in the reader.
    pub fn serve(&self, words: &[&str]) -> Served {
        let port = self.port.to_string();
        let line = [&["card", "serve"], words, &["--port", &port]].concat();
        let child = self.emvtap(&line).spawn().unwrap();
        let served = Served { child };
        self.await_reader("card present");
        served
    }

    /// Waits until `reader list` shows this.
    pub fn await_reader(&self, what: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let list = text(&self.emvtap(&["reader", "list"]).output().unwrap().stdout);
            if list.contains(what) {
                return;
            }
            assert!(Instant::now() < deadline, "no `{what}` in:\n{list}");
            thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        self.end();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn launch(folder: &Path, port: u16) -> Child {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pcsc/private_pcscd.py");
    let log = File::create(folder.join("log")).unwrap();
    let mut child = Command::new("python3")
        .arg(script)
        .arg(folder)
        .arg(port.to_string())
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .expect("python3 is needed to start pcscd");
    let deadline = Instant::now() + Duration::from_secs(20);
    // The driver listens for cards: then the service is ready. Nobody connects to see that, for it would be a card.
    while !is_listening(port) {
        let ended = child.try_wait().unwrap();
        let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(
            ended.is_none() && Instant::now() < deadline,
            "pcscd with vpcd did not start (see .ci/pcsc):\n{}",
            log()
        );
        thread::sleep(Duration::from_millis(50));
    }
    child
}

/// Whether somebody listens on a port.
fn is_listening(port: u16) -> bool {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let (local, listening) = (format!(":{port:04X}"), "0A");
    tables.iter().flat_map(|table| table.lines()).any(|line| {
        let mut columns = line.split_whitespace().skip(1);
        let (address, state) = (columns.next().unwrap_or_default(), columns.nth(1).unwrap_or_default());
        address.ends_with(&local) && state == listening
    })
}

/// Two ports in a row that nobody uses, below those that systems give to outgoing connections, and a lock on them: another run
/// of these tests may look for ports at the same moment, before the service of this one listens.
fn claim_ports() -> (u16, File) {
    let first = u16::try_from(std::process::id() % 1000).unwrap() * 10;
    for port in (0..5000).map(|step| 20_000 + (first + step * 2) % 10_000) {
        let lock = File::create(std::env::temp_dir().join(format!("emvtap-vpcd-{port}.lock"))).unwrap();
        let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if lock.try_lock().is_ok() && is_free(port) && is_free(port + 1) {
            return (port, lock);
        }
    }
    panic!("no two free ports in a row");
}

/// A card in the reader; taken away with the value.
pub struct Served {
    child: Child,
}

impl Served {
    /// Takes the card away at once.
    pub fn pull(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until the card leaves by itself. Gives the exit code and what was said.
    pub fn left(&mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.pull();
    }
}

/// What a program wrote.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The exit code, and everything a program wrote.
pub fn result(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), format!("{}{}", text(&output.stdout), text(&output.stderr)))
}
