"""All mutants of `cargo mutants --list --json` in one build: each function becomes a match over the number of the mutant that is alive.

    cargo mutants --list --json -f 'src/entry/**' -f 'src/kernel/c3/**' > mutants.json
    python3 tests/mutation/weave.py mutants.json COPY [--without 10,15,…]

COPY is a copy of the source tree, which is changed: `crate::mutant::active()` says which mutant is alive, `crate::mutant::set` wakes one.
`--without` names mutants that do not compile (cargo-mutants calls them unviable); the compiler's errors stand between the marks /*M10*/
and /*E10*/ of the mutant. Functions that give `impl Trait` cannot be woven: each arm would have another type.
"""

import collections
import json
import pathlib
import re
import sys

SWITCH = """//! Which mutant is alive.
use std::sync::atomic::{AtomicUsize, Ordering};
static ACTIVE: AtomicUsize = AtomicUsize::new(0);
pub fn active() -> usize { ACTIVE.load(Ordering::Relaxed) }
pub fn set(mutant: usize) { ACTIVE.store(mutant, Ordering::Relaxed); }
"""


def weave(text, mutants):
    """The text with the mutants in it, and those that cannot be."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    place = lambda at: starts[at["line"] - 1] + at["column"] - 1
    functions, left_out = collections.defaultdict(list), []
    for mutant in mutants:
        span = mutant["function"]["span"]
        functions[place(span["start"]), place(span["end"])].append(mutant)
    edits = []
    for (start, end), inside in functions.items():
        depth, at = 0, end - 1
        while True:
            depth += {"}": 1, "{": -1}.get(text[at], 0)
            if depth == 0:
                break
            at -= 1
        head, body = text[start:at], text[at:end]
        if "impl " in head.partition("->")[2]:
            left_out += inside
            continue
        arms = ""
        for mutant in inside:
            first, last = place(mutant["span"]["start"]), place(mutant["span"]["end"])
            changed = text[at:first] + mutant["replacement"] + text[last:end]
            if mutant["genre"] == "FnValue":
                changed = "{ " + mutant["replacement"] + " }"
            number = mutant["number"]
            arms += f"/*M{number}*/ {number} => {changed}\n/*E{number}*/\n"
        head = re.sub(r"\bconst fn\b", "fn", head)
        edits.append((start, end, f"{head}{{ match crate::mutant::active() {{\n{arms}_ => {body}\n}} }}"))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text, left_out


def main():
    mutants, copy = json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2])
    without = {int(number) for number in sys.argv[4].split(",")} if len(sys.argv) > 4 else set()
    files = collections.defaultdict(list)
    for number, mutant in enumerate(mutants, 1):
        if number not in without:
            files[mutant["file"]].append(mutant | {"number": number})
    left_out = []
    for file, inside in files.items():
        text, no = weave((copy / file).read_text(), inside)
        (copy / file).write_text(text)
        left_out += no
    (copy / "src/mutant.rs").write_text(SWITCH)
    library = copy / "src/lib.rs"
    library.write_text(library.read_text().replace("pub mod link;", "pub mod link;\n#[allow(missing_docs)]\npub mod mutant;"))
    print(len(mutants), "mutants,", len(left_out), "left out:", *(mutant["name"] for mutant in left_out), sep="\n")


if __name__ == "__main__":
    main()
