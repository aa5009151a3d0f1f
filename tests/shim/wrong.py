#!/usr/bin/env python3
"""A terminal that is wrong in one place: it stands between emvtap and a right one, and changes one thing.

    wrong.py NAME COMMAND...    the wrong terminal, as a shim
    wrong.py --all EMVTAP       each of them against the cases that are there for it: every one has to FAIL, and without a change to PASS
"""

import json
import subprocess
import sys
import threading

from emv import Malformed, find, list_entries, objects

PPSE = "325041592E5359532E4444463031"
TYPES = {"purchase": "00", "cash": "01", "refund": "20"}
# Lengths of the terminal's own values, for those that fill lists at the wrong end.
NUMBERS = {"9A": 3, "5F2A": 2, "9F1A": 2, "9F21": 3, "9F35": 1, "9F15": 2, "9F01": 6}
OTHERS = {"9F33": 3, "9F40": 5, "9F16": 15, "9F1C": 8, "9F1E": 8, "9F37": 4, "9F4E": 11, "9F34": 3, "95": 5}


def tlv(tag, value):
    length = bytes([len(value)]) if len(value) < 128 else bytes([0x81, len(value)])
    return bytes.fromhex(tag) + length + value


def inside(data):
    """Every object, templates opened."""
    for tag, value, _ in objects(data):
        yield tag, value
        if int(tag[:2], 16) & 0x20:
            yield from inside(value)


class Wrong:
    """What is changed on the way; by default nothing. Each method gives the messages that go on."""

    def __init__(self, name):
        self.name, _, self.detail = name.partition(":")
        self.type, self.terminal, self.sent, self.lists, self.swallow = "00", None, "", {}, False

    def to_subject(self, message):
        if message["type"] == "configure":
            self.terminal = message
        elif message["type"] == "start":
            self.type = message["transaction"]["type"]
            return self.start(message)
        elif message["type"] == "response":
            return self.response(message)
        return [message]

    def start(self, message):
        if self.type != TYPES.get(self.detail):
            return [message]
        if self.name == "date":
            return [{**message, "now": "2026-01-31" + message["now"][10:]}]
        tag = {"currency": "5F2A", "country": "9F1A"}.get(self.name)
        if tag is None:
            return [message]
        wrong = {**self.terminal["terminal"], "data": {**self.terminal["terminal"]["data"], tag: "0826"}}
        transaction = {**message["transaction"], **({"currency": "0826"} if tag == "5F2A" else {})}
        return [{**self.terminal, "reset": False, "terminal": wrong}, {**message, "transaction": transaction}]

    def response(self, message):
        if self.swallow:
            self.swallow = False
            return []
        data = bytes.fromhex(message["hex"])
        try:
            self.lists.update((tag, value) for tag, value in inside(data[:-2]) if tag in ("9F38", "8C"))
            if self.name == "directory" and PPSE in self.sent:
                data = self.directory(data[:-2]) + data[-2:]
        except (Malformed, TypeError):
            pass
        return [{**message, "hex": data.hex().upper()}]

    def directory(self, answer):
        """As a reader would see it that stops, or looks, where it should not."""
        seen = b""
        for tag, value, whole in objects(find(answer, "6F", "A5", "BF0C")):
            parts = {part: inner for part, inner, _ in objects(value)} if tag == "61" else {}
            stops = {
                "unknown": tag != "61",
                "unknown-inside": any(part not in ("4F", "50", "87", "9F2A", "9F29") for part in parts),
                "no-name": tag == "61" and not 5 <= len(parts.get("4F", b"")) <= 16,
                "kernel": "9F2A" in parts,
            }
            if stops.get(self.detail):
                break
            if self.detail == "any-kernel" and tag == "61":
                whole = tlv("61", b"".join(inner for part, _, inner in objects(value) if part != "9F2A"))
            if self.detail == "any-template" and int(tag[:2], 16) & 0x20:
                whole = tlv("61", value)
            seen += whole
        return tlv("6F", tlv("84", find(answer, "6F", "84")) + tlv("A5", tlv("BF0C", seen)))

    def to_runner(self, message):
        if message["type"] == "command":
            return self.command(message)
        if message["type"] == "outcome" and self.name == "extra" and self.type == TYPES[self.detail]:
            self.swallow = True
            return [{"type": "command", "hex": "80CA9F3600"}, message]
        message = json.loads(json.dumps(message))
        if message["type"] == "data_exchange" and message.get("to_send") and self.name == "tells":
            message["to_send"][self.detail] = "5413330089001102"
        objects_of = {"request": ("online", "tags"), "record": ("outcome", "data_record")}.get(self.name)
        if objects_of and message["type"] == objects_of[0] and message.get("result", "online-request") == "online-request":
            told = message[objects_of[1]]
            # Kernel 2 has results, Kernel 3 has none: each gets what is the other's.
            if told.pop("9F34", None) is None:
                told["9F34"] = "1F0302"
        return [message]

    def command(self, message):
        self.sent = message["hex"].upper()
        raw = bytes.fromhex(self.sent)
        if self.name == "twice" and raw[:2] == b"\x00\xb2" and self.type == TYPES[self.detail] and raw[2] == 1:
            self.swallow = True
            return [message, message]
        dol = self.lists.get({b"\x80\xa8": "9F38", b"\x80\xae": "8C"}.get(raw[:2]))
        if dol is None or self.name not in ("more", "fill"):
            return [message]
        data = raw[5 : 5 + raw[4]]
        values = data if raw[1] == 0xAE else find(data, "83")
        values = values + b"\0" if self.name == "more" else self.fill(dol, values)
        data = values if raw[1] == 0xAE else tlv("83", values)
        return [{**message, "hex": (raw[:4] + bytes([len(data)]) + data + b"\0").hex().upper()}]

    def fill(self, dol, values):
        out, at = b"", 0
        for tag, length in list_entries(dol):
            value, at = values[at : at + length], at + length
            own = (NUMBERS if self.detail == "numbers" else OTHERS).get(tag, length)
            if length > own:
                moved = (value[length - own :], bytes(length - own))
                value = moved[0] + moved[1] if self.detail == "numbers" else bytes(length - own) + value[:own]
            out += value
        return out


# Each wrong terminal, and the cases of which every one must notice it.
CASES = {
    **{f"{what}:{kind}": [f"C3-EXA-004/*+{kind}", f"C3-EXA-004/*+{kind}-*", f"C2-EXA-007/*+{kind}"] for what in ("date", "currency", "country") for kind in TYPES},
    "twice:refund": ["C3-EXA-005/refund*", "C2-EXA-008/refund"],
    "twice:cash": ["C3-EXA-005/cash", "C2-EXA-008/cash"],
    "extra:refund": ["C3-EXA-005/refund*", "C3-EXA-006/refund*", "C2-EXA-008/refund"],
    "extra:cash": ["C3-EXA-005/cash", "C3-EXA-006/cash", "C2-EXA-008/cash"],
    "more": ["C3-GPO-006/*", "C2-GAC-021/*", "C3-EXA-004/*", "C2-EXA-007/*"],
    "fill:numbers": ["C3-GPO-006/c*y-longer", "C3-GPO-006/date-longer", "C2-GAC-021/c*y-longer", "C2-GAC-021/date-longer"],
    "fill:others": ["C3-GPO-006/*capabilities-longer", "C3-GPO-006/merchant-longer", "C2-GAC-021/cvm-results-longer"],
    "tells:5A": ["C2-DEX-029/*"],
    "request": ["C2-EXA-009/*", "C2-EXA-010", "C3-EXA-007/*"],
    "record": ["C2-EXA-009/*", "C2-EXA-010", "C3-EXA-007/*"],
    "directory:unknown": ["EP-EXA-013/unknown-objects", "EP-EXA-013/unknown-templates", "EP-EXA-013/all-of-them"],
    "directory:unknown-inside": ["EP-EXA-013/unknown-objects-in-entries", "EP-EXA-013/all-of-them"],
    "directory:no-name": ["EP-EXA-013/without-names", "EP-EXA-013/names-of-no-use", "EP-EXA-013/all-of-them"],
    "directory:kernel": ["EP-EXA-013/unknown-kernels", "EP-EXA-013/kernels-without-the-bytes", "EP-EXA-013/all-of-them"],
    "directory:any-kernel": ["EP-EXA-013/unknown-kernels", "EP-EXA-013/all-of-them"],
    "directory:any-template": ["EP-EXA-013/unknown-templates"],
}


def proxy(name, command):
    wrong = Wrong(name)
    shim = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def carry(source, target, change):
        for line in source:
            for message in change(json.loads(line)):
                target.write(json.dumps(message) + "\n")
                target.flush()
        target.close()

    back = threading.Thread(target=carry, args=(shim.stdout, sys.stdout, wrong.to_runner))
    back.start()
    carry(sys.stdin, shim.stdin, wrong.to_subject)
    back.join()
    sys.exit(shim.wait())


def verdicts(emvtap, name, ids):
    subject = f"shim:python3 {__file__} {name} {emvtap} test shim"
    line = [emvtap, "test", "run", "--subject", subject, "--format", "json", *(word for glob in ids for word in ("--id", glob))]
    cases = json.loads(subprocess.run(line, capture_output=True, text=True, check=False).stdout)["cases"]
    return {case["id"]: case["verdict"] for case in cases if case["verdict"] != "N/A"}


def main(emvtap):
    count = 0
    for name, ids in CASES.items():
        for kind, wanted in [("nothing", "PASS"), (name, "FAIL")]:
            found = verdicts(emvtap, kind, ids)
            wrong = {case: verdict for case, verdict in found.items() if verdict != wanted}
            if wrong or not found:
                sys.exit(f"{kind} against {ids}: wanted {wanted}, found {wrong or 'no case'}")
            count += wanted == "FAIL" and len(found)
    print(f"{len(CASES)} wrong terminals fail {count} cases, which the right one passes")


if __name__ == "__main__":
    if sys.argv[1] == "--all":
        main(*sys.argv[2:])
    else:
        proxy(sys.argv[1], sys.argv[2:])
