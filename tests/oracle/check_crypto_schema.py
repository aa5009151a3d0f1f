#!/usr/bin/env python3
"""Checks what `emvtap crypto` writes as JSON against its schema: check_crypto_schema.py EMVTAP

Runs every command line of the golden files `tests/cli/crypto-*.txt` with `--format json`, once masked and once not. What they
refuse writes nothing; every operation has to have written something."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parents[1] / "cli"


def sections(path):
    """The parts of a golden file by name, as tests/cli.rs reads them."""
    found, name = {}, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("--- "):
            name = line[4:]
            found[name] = []
        elif name:
            found[name].append(line)
    return {name: "".join(f"{line}\n" for line in lines) for name, lines in found.items()}


def written(emvtap, case, more):
    """What the command line of a golden file writes with more flags."""
    words = [word for word in case["args"].splitlines() if word not in ("--format", "json", "text", *more)]
    with tempfile.TemporaryDirectory() as folder:
        for name, body in case.items():
            if name.startswith("file "):
                Path(folder, name[5:]).write_text(body, encoding="utf-8")
        env = dict(line.split("=", 1) for line in case.get("env", "").splitlines() if "=" in line)
        done = subprocess.run([emvtap, *words, "--format", "json", *more], cwd=folder, env=env, input=case.get("stdin", ""),
                              capture_output=True, text=True, check=False)
    return done.stdout


def main(emvtap):
    emvtap = os.path.abspath(emvtap)
    schema = json.loads(subprocess.run([emvtap, "schema", "crypto"], capture_output=True, text=True, check=True).stdout)
    Draft202012Validator.check_schema(schema)
    validator, seen, count = Draft202012Validator(schema), set(), 0
    for path in sorted(FOLDER.glob("crypto-*.txt")):
        case = sections(path)
        if not case["args"].startswith("crypto\n") or "help" in case["args"]:
            continue
        for more in [[], ["--show-keys", "--unmask"]]:
            text = written(emvtap, case, more)
            if not text.startswith("{"):
                continue
            page = json.loads(text)
            count += 1
            seen.add(page["operation"])
            for error in validator.iter_errors(page):
                inner = min(error.context, key=lambda one: len(one.path), default=error)
                sys.exit(f"{path.name} {more}: {error.message[:300]}\n{inner.message[:300]}")
            # What is not of the schema is found out.
            for wrong in [{**page, "more": 1}, {**page, "result": {**page["result"], "Surprise": 1}}, {**page, "operation": "x"}]:
                if validator.is_valid(wrong):
                    sys.exit(f"{path.name}: the schema takes {list(wrong)} as well")
    missing = set(schema["properties"]["operation"]["enum"]) - seen
    if missing:
        sys.exit(f"no golden file writes {sorted(missing)}")
    print(f"{count} pages of {len(seen)} operations are as the schema has them")


if __name__ == "__main__":
    main(*sys.argv[1:])
