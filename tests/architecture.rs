//! The rooms of the house: which may import which, and what only some may touch.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The rooms from left to right; a room may import only from steps to its left, and from its own step where it says so.
const STEPS: &[&[&str]] = &[
    &["bytes", "time"],
    &["diag"],
    &["tlv"],
    &["apdu"],
    &["data", "dump"],
    &["crypto"],
    &["kernel", "card", "host"],
    &["entry"],
    &["terminal", "link"],
    &["run"],
    &["suite"],
    &["report"],
    &["cli"],
];

/// Rooms that never see each other although one stands to the left: card and kernel must not share a misreading.
const STRANGERS: &[(&str, &str)] = &[("entry", "card"), ("entry", "host"), ("terminal", "card")];

/// What only these rooms may use, by the text that gives it away.
const CONFINED: &[(&str, &[&str])] = &[
    ("std::fs", &["link", "run", "cli"]),
    ("std::io", &["link", "run", "suite", "cli", "report"]),
    ("std::net", &["link", "run", "cli"]),
    ("std::thread", &["link", "run", "suite", "cli"]),
    ("std::process", &["link", "run", "suite", "cli"]),
    ("SystemTime", &["link", "run", "cli"]),
    ("Instant::now", &["link", "run", "suite", "cli"]),
    ("println!", &["cli"]),
    ("eprintln!", &["cli"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file without comments and without its test module.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn room_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next()?.as_os_str().to_str()?;
    let room = first.strip_suffix(".rs").unwrap_or(first);
    (room != "lib" && room != "main").then(|| room.to_owned())
}

/// The rooms named after `crate::`, alone or in a brace list.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let word = |text: &str| {
            text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
        };
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (at, c) in list.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && !c.is_whitespace() => {
                        found.insert(word(&list[at..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            found.insert(word(rest));
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn step(room: &str) -> usize {
    STEPS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .unwrap_or_else(|| panic!("room `{room}` is in no step; give it its place in tests/architecture.rs"))
}

#[test]
fn rooms_import_only_from_their_left() {
    let mut wrong = Vec::new();
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let Some(room) = room_of(&path) else { continue };
        for imported in imports(&code(&path)) {
            let stranger = STRANGERS.contains(&(room.as_str(), imported.as_str()));
            if imported != room && (step(&imported) >= step(&room) || stranger) {
                wrong.push(format!("{}: `{room}` imports `{imported}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows against the architecture:\n{}", wrong.join("\n"));
}

#[test]
fn files_clocks_threads_and_printing_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let Some(room) = room_of(&path) else { continue };
        let code = code(&path);
        for (what, rooms) in CONFINED {
            if code.contains(what) && !rooms.contains(&room.as_str()) {
                wrong.push(format!("{}: `{room}` uses {what}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_check_sees_what_it_should() {
    let code = "use crate::{\n    apdu::{Command, Response},\n    tlv,\n};\nfn f() { crate::card::x() }";
    let names: Vec<_> = imports(code).into_iter().collect();
    assert_eq!(names, ["apdu", "card", "tlv"]);
}
