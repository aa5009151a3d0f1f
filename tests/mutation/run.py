"""Do the suites catch mistakes? Mutants of cargo-mutants, woven into one build, each run against the suites until the first case fails.

    python3 tests/mutation/run.py COPY -f 'src/entry/**' -f 'src/kernel/c3/**'

COPY is a folder for a copy of the tree, its build, and mutants.json with what came of each mutant; what is there already is not run again,
unless its function has been changed since.
The build has a target folder of its own: cargo would take the copy for the tree.
`--again` runs what survived again, after cases have been added to the tree. `--again all` runs everything again. Needs cargo-mutants.
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import weave

TREE = pathlib.Path(__file__).parents[2]
HANGS = 60  # seconds without an answer


def listed(paths):
    """The mutants, numbered from 1, and how many more there are that cannot be woven: those outside of functions."""
    filters = [word for path in paths for word in ("-f", path)]
    text = subprocess.run(["cargo", "mutants", "--list", "--json", *filters], cwd=TREE, check=True, capture_output=True, text=True).stdout
    mutants = json.loads(text)
    inside = [mutant for mutant in mutants if mutant["function"]]
    return [{**mutant, "number": number, "key": key(mutant)} for number, mutant in enumerate(inside, 1)], len(mutants) - len(inside)


def key(mutant, tree=TREE):
    """What a mutant is, wherever its function stands in the file: as long as that is the same text, results stay true."""
    function, at = mutant["function"], mutant["span"]["start"]
    start, end = function["span"]["start"], function["span"]["end"]
    lines = (tree / mutant["file"]).read_text().split("\n")[start["line"] - 1 : end["line"]]
    text = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
    place = f"+{at['line'] - start['line']}:{at['column']}"
    return f"{mutant['file']} {function['function_name']} {text} {place} {mutant['genre']} {mutant['replacement']}"


def put(path, text):
    """Writes what has changed, so that cargo builds no more than it must."""
    if not (path.is_file() and path.read_text() == text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def copied(copy, mutants):
    """The tree as git knows it, but for what is woven."""
    own = {mutant["file"] for mutant in mutants} | {"src/lib.rs", "tests/suite.rs"}
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=TREE, check=True, capture_output=True, text=True).stdout
    for name in set(names.splitlines()) - own:
        source, to = TREE / name, copy / name
        if source.is_file() and not (to.is_file() and to.read_bytes() == source.read_bytes()):
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, to)


def woven(copy, mutants, without):
    """Writes the sources with all mutants but those."""
    files = collections.defaultdict(list)
    for mutant in mutants:
        files[mutant["file"]]
        if mutant["number"] not in without:
            files[mutant["file"]].append(mutant)
    for file, inside in files.items():
        put(copy / file, weave.weave((TREE / file).read_text(), inside))
    put(copy / "src/mutant.rs", weave.SWITCH)
    library = (TREE / "src/lib.rs").read_text()
    put(copy / "src/lib.rs", library.replace("pub mod link;", "pub mod link;\n#[allow(missing_docs)]\npub mod mutant;"))
    tests = (TREE / "tests/suite.rs").read_text() + (TREE / "tests/mutation/mutants.rs").read_text()
    put(copy / "tests/suite.rs", tests)


def cargo(copy, *words):
    environment = {"CARGO_PROFILE_DEV_OPT_LEVEL": "1", **os.environ, "CARGO_TARGET_DIR": str(copy / "target")}
    return subprocess.run(["cargo", *words], cwd=copy, capture_output=True, text=True, env=environment)


def errors(copy, output):
    """Mutant → what the compiler says of it; and errors of nobody."""
    of, others = {}, []
    for line in output.splitlines():
        if '"compiler-message"' not in line:
            continue
        message = json.loads(line)["message"]
        if message["level"] != "error":
            continue
        mine = set()
        for span in message["spans"]:
            if span["is_primary"]:
                before = "\n".join((copy / span["file_name"]).read_text().split("\n")[: span["line_start"]])
                marks = re.findall(r"/\*([ME])(\d+)\*/", before)
                if marks and marks[-1][0] == "M":
                    mine.add(int(marks[-1][1]))
        for number in mine:
            code = (message.get("code") or {}).get("code")
            of.setdefault(number, f"{code or 'syntax'}: {message['message']}")
        if not mine and message["spans"]:
            others.append(message["rendered"])
    return of, others


def compiled(copy, mutants, known):
    """Weaves until the compiler is content; gives mutant → why it is not viable. `known`: the same of another time, by key."""
    unviable = {mutant["number"]: known[mutant["key"]] for mutant in mutants if mutant["key"] in known}
    while True:
        woven(copy, mutants, unviable)
        check = cargo(copy, "check", "--lib", "--message-format=json")
        if check.returncode == 0:
            return unviable
        found, others = errors(copy, check.stdout)
        if not found:
            sys.exit("".join(others) or check.stderr)
        print(f"{len(found)} mutants do not compile", flush=True)
        unviable |= found


def executable(copy):
    built = cargo(copy, "test", "--test", "suite", "--no-run", "--message-format=json")
    if built.returncode != 0:
        sys.exit(built.stderr)
    paths = [json.loads(line).get("executable") for line in built.stdout.splitlines() if '"compiler-artifact"' in line]
    return [path for path in paths if path][-1]


def answers(program, numbers, copy, worker):
    """Mutant, and what came of it, until the program hangs or dies: then None comes."""
    listed = copy / f"numbers-{worker}"
    listed.write_text(" ".join(map(str, numbers)))
    environment = dict(os.environ, MUTANTS=str(listed))
    child = subprocess.Popen(
        ["prlimit", f"--as={4 << 30}", program, "--nocapture", "--exact", "mutants"],
        env=environment, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )
    lines = queue.Queue()

    def read():
        for line in child.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    try:
        while True:
            line = lines.get(timeout=HANGS)
            if line is None:
                yield None, "died"
                return
            if answer := re.search(r"MUTANT (\d+) (.*)", line):
                yield int(answer.group(1)), answer.group(2)
    except queue.Empty:
        yield None, "hung"
    finally:
        child.kill()
        child.wait()


def run(program, numbers, copy, worker, results, keep):
    left = list(numbers)
    while left:
        for number, what in answers(program, left, copy, worker):
            if number == 0:
                if what != "MISSED":
                    print(f"without a mutant {what} fails", flush=True)
                    os._exit(1)
                continue
            if number is None:
                number = left[0] if left else None
            if number is None:
                return
            results[number] = what
            left.remove(number)
            if what in ("MISSED", "hung", "died"):
                print(what, number, flush=True)
            keep()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("copy", type=pathlib.Path)
    parser.add_argument("-f", "--file", action="append", required=True, help="paths as cargo mutants takes them")
    parser.add_argument("--again", nargs="?", const="survivors", choices=["survivors", "all"])
    parser.add_argument("-s", "--suites", help="which folders of suites are run, `ep c3`; without it all")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="how many mutants are run at once")
    flags = parser.parse_args()
    if flags.suites:
        os.environ["MUTANT_SUITES"] = flags.suites
    flags.copy.mkdir(parents=True, exist_ok=True)
    copy = flags.copy.resolve()
    mutants, outside = listed(flags.file)
    kept, refused = copy / "mutants.json", copy / "unviable.json"
    read = lambda file: json.loads(file.read_text()) if file.exists() and flags.again != "all" else {}
    known = read(kept)
    copied(copy, mutants)
    unviable = compiled(copy, mutants, read(refused))
    names = {mutant["number"]: mutant["name"] for mutant in mutants}
    keys = {mutant["number"]: mutant["key"] for mutant in mutants}
    results = {number: known[key] for number, key in keys.items() if key in known and number not in unviable}
    if flags.again:
        results = {number: what for number, what in results.items() if what != "MISSED"}
    lock = threading.Lock()

    def keep():
        with lock:
            kept.write_text(json.dumps({keys[number]: what for number, what in list(results.items())}, indent=1))

    program = executable(copy)
    left = [number for number in names if number not in results and number not in unviable]
    workers = [threading.Thread(target=run, args=(program, left[n :: flags.jobs], copy, n, results, keep)) for n in range(flags.jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    missed = [number for number, what in results.items() if what == "MISSED"]
    print(f"{len(mutants) + outside} mutants, {outside} not in a function, {len(unviable)} do not compile, {len(results)} run, {len(missed)} survived:")
    print(*(names[number] for number in sorted(missed)), sep="\n")
    refused.write_text(json.dumps({keys[number]: why for number, why in unviable.items()}, indent=1))
    print("not viable:", collections.Counter(why.split(":")[0] for why in unviable.values()))


if __name__ == "__main__":
    main()
