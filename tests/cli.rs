//! The command line as people and scripts see it: one file a case in `tests/cli`, with arguments, environment, files, and the
//! exit code, stdout and stderr that must come of them. `UPDATE_GOLDEN=1` writes what comes into the files.
//!
//! A case is a text of sections: `--- NAME` on a line of its own, then the text of the section. Sections are `args` (one
//! argument a line), `env` (`NAME=value`), `file PATH` (written before the run), `stdin` (piped in), `code`, `stdout`, `stderr`, and
//! `not-in-stdout` (lines that must not occur).

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

struct Case {
    path: PathBuf,
    sections: Vec<(String, String)>,
}

impl Case {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let mut sections: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            match (line.strip_prefix("--- "), sections.last_mut()) {
                (Some(name), _) => sections.push((name.to_owned(), String::new())),
                (None, Some((_, body))) => body.push_str(&format!("{line}\n")),
                (None, None) => assert!(line.is_empty() || line.starts_with('#'), "{}: {line}", path.display()),
            }
        }
        Self { path, sections }
    }

    fn section(&self, name: &str) -> &str {
        self.sections.iter().find(|(known, _)| known == name).map_or("", |(_, body)| body)
    }

    /// What the case pipes in: nothing, or its section `stdin`.
    fn stdin(&self, directory: &Path) -> Stdio {
        if self.section("stdin").is_empty() {
            return Stdio::null();
        }
        let path = directory.join("stdin.in");
        fs::write(&path, self.section("stdin")).unwrap();
        fs::File::open(path).unwrap().into()
    }

    /// Runs the case in a directory of its own. Gives code, stdout and stderr.
    fn run(&self) -> [String; 3] {
        let name = self.path.file_stem().unwrap();
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
        fs::create_dir_all(&directory).unwrap();
        for (name, body) in &self.sections {
            if let Some(file) = name.strip_prefix("file ") {
                fs::write(directory.join(file), body).unwrap();
            }
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
        command.args(self.section("args").lines()).current_dir(&directory).stdin(self.stdin(&directory)).env_clear();
        command.envs(self.section("env").lines().filter_map(|line| line.split_once('=')));
        let output = command.output().unwrap();
        let code = output.status.code().map_or("killed".to_owned(), |code| code.to_string());
        [format!("{code}\n"), text(output.stdout), text(output.stderr)]
    }

    /// Writes what came into the file, in place of what was expected.
    fn update(&self, found: &[String; 3]) {
        let head: String = fs::read_to_string(&self.path)
            .unwrap()
            .lines()
            .take_while(|l| !l.starts_with("--- "))
            .fold(String::new(), |head, line| head + line + "\n");
        let kept = self.sections.iter().filter(|(name, _)| !RESULTS.contains(&name.as_str()));
        let came = RESULTS.iter().map(|name| (*name).to_owned()).zip(found.iter().cloned());
        let text = kept.cloned().chain(came).map(|(name, body)| format!("--- {name}\n{body}"));
        fs::write(&self.path, head + &text.collect::<String>()).unwrap();
    }
}

const RESULTS: [&str; 3] = ["code", "stdout", "stderr"];

/// Cases are for every system.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap().replace("emvtap.exe", "emvtap").replace("\r\n", "\n")
}

#[test]
fn every_case_gives_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut wrong = Vec::new();
    for path in paths {
        let case = Case::read(path);
        let found = case.run();
        for forbidden in case.section("not-in-stdout").lines() {
            assert!(!found[1].contains(forbidden), "{}: `{forbidden}` in stdout", case.path.display());
        }
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            case.update(&found);
            continue;
        }
        for (name, found) in RESULTS.iter().zip(&found) {
            let expected = case.section(name);
            if expected != found {
                wrong.push(format!(
                    "{} {name}\nexpected\n~~~\n{expected}~~~\nfound\n~~~\n{found}~~~\n",
                    case.path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}UPDATE_GOLDEN=1 accepts what was found", wrong.join("\n"));
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    let run = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
        command.args(["pay", "12.50", "--format", format]).output().unwrap().stdout
    };
    for format in ["text", "json", "jsonl"] {
        let first = run(format);
        assert!(!first.is_empty());
        assert_eq!(first, run(format));
    }
}

/// Whatever the format and the detail, no account number and no name leaves the program unasked.
#[test]
fn no_built_in_card_tells_its_number() {
    let (mut runs, mut told) = (0, 0);
    for name in emvtap::card::builtin::names() {
        let profile = emvtap::card::Profile::builtin(&name).unwrap();
        let pan = profile.applications[0].pan_digits();
        let terminal = if name.starts_with("mastercard") { "mc-attended" } else { "retail-attended" };
        let ascii: String = pan.bytes().map(|digit| format!("{digit:02X}")).collect();
        for flags in [&["-vvv"][..], &["--format", "json"], &["--format", "jsonl"]] {
            let run = |more: &[&str]| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
                command.args(["pay", "5", "--card", &name, "--terminal", terminal]).args(flags).args(more);
                text(command.output().unwrap().stdout)
            };
            let (masked, clear) = (run(&[]), run(&["--unmask"]));
            runs += 1;
            told += usize::from(clear.replace(['\n', ' '], "").contains(&pan));
            let masked = masked.replace(['\n', ' '], "");
            assert!(!masked.contains(&pan) && !masked.contains(&ascii), "{name} {flags:?}: {masked}");
        }
    }
    assert!(told > runs * 3 / 4, "{told} of {runs}: the test looks for the wrong numbers");
}

/// A reader that goes away (`| head -1`) is no error, and nothing is said about it.
#[test]
fn a_closed_pipe_is_quiet() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
    command.args(["pay", "12.50", "-vvv"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(output.stderr)), (Some(0), String::new()));
}

#[test]
fn every_shell_gets_a_script_with_the_verbs() {
    let script = |shell: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_emvtap")).args(["completions", shell]).output().unwrap();
        assert_eq!((output.status.code(), text(output.stderr)), (Some(0), String::new()), "{shell}");
        text(output.stdout)
    };
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = script(shell);
        assert!(
            ["pay", "explain", "--expect", "terminal"].iter().all(|word| script.contains(word.trim_start_matches('-'))),
            "{shell}"
        );
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(script(shell).contains("visa-credit") && script(shell).contains("retail-attended"), "{shell}");
    }
}

#[test]
fn every_verb_has_a_manual_page() {
    for verb in ["", "pay", "card", "terminal", "explain", "completions", "man"] {
        let words = ["man", verb].into_iter().filter(|word| !word.is_empty());
        let output = Command::new(env!("CARGO_BIN_EXE_emvtap")).args(words).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{verb}");
        assert!(text(output.stdout).contains(".TH emvtap"), "{verb}");
    }
}

/// Every rule that a narration cites can be looked up as it is printed.
#[test]
fn every_rule_can_be_explained_as_it_is_cited() {
    for rule in emvtap::entry::rules::of_every_book() {
        let output = Command::new(env!("CARGO_BIN_EXE_emvtap")).args(["explain", &rule.to_string()]).output().unwrap();
        assert_eq!((output.status.code(), text(output.stderr)), (Some(0), String::new()), "{rule}");
        assert!(text(output.stdout).starts_with(&format!(" {rule} ")), "{rule}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_with_card_data_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unmasked.jsonl");
    let mut command = Command::new(env!("CARGO_BIN_EXE_emvtap"));
    let output = command.args(["pay", "1", "--format", "jsonl", "--unmask", "-o"]).arg(&path).output().unwrap();
    assert_eq!((output.status.code(), text(output.stdout)), (Some(0), String::new()));
    assert!(text(output.stderr).contains("in the clear"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
