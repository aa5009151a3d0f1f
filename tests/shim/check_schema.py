#!/usr/bin/env python3
"""Checks what emvtap and a shim have said to each other, as tee.py wrote it down, against the schema: check_schema.py SCHEMA FILE"""

import json
import sys

from jsonschema import Draft202012Validator

schema = json.load(open(sys.argv[1], encoding="utf-8"))
Draft202012Validator.check_schema(schema)
part = lambda name: Draft202012Validator({**schema, "anyOf": [{"$ref": f"#/$defs/{name}"}]})
validators = {">": part("to-subject"), "<": part("from-subject")}
# What the runner takes, and what it calls nonsense.
taken = [
    {"type": "outcome", "result": "ONLINE_REQUEST", "data_record": None, "cvm": None},
    {"type": "command", "hex": "00a4 0400"},
    {"type": "done", "disposition": "approved"},
    {"type": "hello", "name": None},
]
refused = [
    {"type": "outcome", "result": "perhaps"},
    {"type": "outcome", "result": "declined", "data_record": {"ZZ": "00"}},
    {"type": "command", "hex": ""},
    {"type": "done", "disposition": "perhaps"},
]
for message in taken + refused:
    if validators["<"].is_valid(message) != (message in taken):
        sys.exit(f"{message} should {'' if message in taken else 'not '}be a message")
kinds, seen = set(), {}
for line in open(sys.argv[2], encoding="utf-8"):
    message = json.loads(line[1:])
    key = (line[0], message["type"])
    # A terminal is checked as often as it is new; the rest is quick.
    if key[1] == "configure" and seen.get(line):
        continue
    seen[line] = True
    kinds.add(key)
    for error in validators[line[0]].iter_errors(message):
        sys.exit(f"{line.strip()[:200]}\n{error.message}")
expected = {(">", kind) for kind in "hello configure start card response lost host bye".split()}
expected |= {("<", kind) for kind in "hello field command ui online outcome done".split()}
if expected - kinds:
    sys.exit(f"never said: {sorted(expected - kinds)}")
print(f"{len(seen)} different messages of {len(kinds)} kinds are as the schema has them")
