"""All mutants of `cargo mutants --list --json` in one source tree: each function becomes a match over the number of the mutant that is
alive. Used by run.py beside it.

`crate::mutant::active()` says which mutant is alive, `crate::mutant::set` wakes one; 0 is none. The compiler's errors about a mutant stand
between the marks /*M10*/ and /*E10*/.
"""

import collections
import re

SWITCH = """//! Which mutant is alive.
use std::sync::atomic::{AtomicUsize, Ordering};
static ACTIVE: AtomicUsize = AtomicUsize::new(0);
pub fn active() -> usize { ACTIVE.load(Ordering::Relaxed) }
pub fn set(mutant: usize) { ACTIVE.store(mutant, Ordering::Relaxed); }
"""


def body_of(text, end):
    """Where the body of the function begins that ends here."""
    depth, at = 0, end - 1
    while True:
        depth += {"}": 1, "{": -1}.get(text[at], 0)
        if depth == 0:
            return at
        at -= 1


def opaque(head):
    """The type that all arms of a function that gives `impl Trait` can have; None if it gives no such thing."""
    given = re.search(r"->\s*impl\s+(.*?)\s*(?:\bwhere\b.*)?$", head, re.S)
    if not given:
        return None
    bounds = given.group(1)
    return f"Box<dyn {bounds}>" if "+ '" in bounds else f"Box<dyn {bounds} + '_>"


def weave(text, mutants):
    """The text with the mutants in it."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    place = lambda at: starts[at["line"] - 1] + at["column"] - 1
    functions = collections.defaultdict(list)
    for mutant in mutants:
        span = mutant["function"]["span"]
        functions[place(span["start"]), place(span["end"])].append(mutant)
    edits = []
    for (start, end), inside in functions.items():
        at = body_of(text, end)
        head, body = text[start:at], text[at:end]
        boxed = opaque(head)
        arm = (lambda value: f"Box::new({value})") if boxed else (lambda value: value)
        arms = ""
        for mutant in inside:
            first, last = place(mutant["span"]["start"]), place(mutant["span"]["end"])
            changed = text[at:first] + mutant["replacement"] + text[last:end]
            if mutant["genre"] == "FnValue":
                changed = "{ " + mutant["replacement"] + " }"
            number = mutant["number"]
            arms += f"/*M{number}*/ {number} => {arm(changed)},\n/*E{number}*/\n"
        choice = f"match crate::mutant::active() {{\n{arms}_ => {arm(body)}\n}}"
        if boxed:
            choice = f"let chosen: {boxed} = {choice}; chosen"
        head = re.sub(r"\bconst fn\b", "fn", head)
        edits.append((start, end, f"{head}{{ {choice} }}"))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
