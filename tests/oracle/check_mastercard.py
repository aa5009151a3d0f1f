#!/usr/bin/env python3
"""Recompute what `emvtap pay` says of Mastercard cards from the bytes it exchanged: check_mastercard.py BINARY

Cryptograms and checksums come from pyemv, certificates and signatures from integers and hashlib, decisions from mastercard.py. Exit
code 1 if anything disagrees, or if something was never checked. check_taps.py runs it, too."""

import json
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import files
import plan
import rsa
import tlv

warnings.filterwarnings("ignore", message=".*TripleDES")  # pyemv needs it, cryptography is moving it
import mastercard  # noqa: E402
from mastercard import Bad, Reader, bit, demand, flat  # noqa: E402

AMOUNTS = ["0.00", "1.00", "4.99", "5.00", "5.01", "24.99", "25.00", "25.01", "29.99", "30.00", "30.01", "49.99", "50.00", "50.01", "75.00",
           "99.99", "100.00", "100.01", "499.99", "500.00", "500.01", "1000.00", "1000.01"]
# Cards that differ from the credit card in one point.
VARIANTS = {
    "version-20": ('version = 20', ""), "version-17": ('version = 17\ndiscretionary = "0000 00000000000000FF"', ""),
    "no-cvm-list": ("", "", ["57", "5A", "5F24", "5F25", "5F28", "5F30", "5F34", "8C", "9F07", "9F08", "9F0D", "9F0E", "9F0F", "9F42", "9F4A"]),
    "cvm-fail": ("", '"8E" = "00000000 00000000 0000"'), "cvm-unknown": ("", '"8E" = "00000000 00000000 4600 1F00"'),
    "cvm-amounts": ("", '"8E" = "00001388 000003E8 4207 4208 5E06 1F03"'), "cvm-cash": ("", '"8E" = "00000000 00000000 4204 4205 4201 1F02 1E00"'),
    "no-verification": ("", '"82" = "0980"'), "usage-none": ("", '"9F07" = "0000"'), "usage-home": ("", '"9F07" = "A980"'),
    "usage-abroad": ("", '"9F07" = "5540"'), "other-version": ("", '"9F08" = "0003"'), "expired": ("", '"5F24" = { date = "2026-06-14" }'),
    "last-day": ("", '"5F24" = { date = "2026-06-15" }'), "not-yet": ("", '"5F25" = { date = "2026-06-16" }'),
    "deny-abroad": ("", '"9F07" = "0000"\n"9F0E" = "0010000000"'), "other-currency": ("", '"9F42" = 840\n"8E" = "00001388 00000000 4206 1F03"'),
    "default-only": ("", '"9F0F" = "0000000000"\n"9F0D" = "0000000000"'),
}


def text(tap):
    return " ".join(tap.arguments())


class Terminal(files.Terminal):
    """With the data objects of the Mastercard combination over the terminal's own."""

    def __init__(self, name):
        path = files.ROOT / "terminals" / (name + ".toml")
        super().__init__(path, {})
        file = files.load(path)
        names = {"Terminal Capabilities": "9F33", "Additional Terminal Capabilities": "9F40", "IFD Serial Number": "9F1E",
                 "Merchant Category Code": "9F15", "Merchant Identifier": "9F16", "Terminal Identification": "9F1C"}
        combination = next(one for one in file["combination"] if one["kernel"] == "02")
        self.types = combination.get("types", list(mastercard.KINDS))
        limit = combination.get("transaction-limit")
        self.limit = files.minor_units(limit) if limit else None
        rows = file["data"] | combination["data"]
        raw = lambda value: value["text"].encode() if isinstance(value, dict) else bytes.fromhex(value)
        self.objects = {names.get(name, name): raw(value) for name, value in rows.items() if len(name) <= 6 or name in names}


class Activation:
    """What one activation of the kernel exchanged."""

    def __init__(self, exchanges):
        self.fci, self.card, self.static, self.relay, self.sent = {}, {}, b"", [], {}
        self.gac, self.ccc, self.pdol, self.recovered = None, None, b"", False
        entries = []
        for one in exchanges:
            command, answer = bytes.fromhex(one["command"]), bytes.fromhex(one["response"])
            body, name = answer[:-2], one["name"]
            if name == "SELECT":
                self.fci = flat(body)
            elif name == "GET PROCESSING OPTIONS":
                self.pdol = command[7:-1]
                fields = tlv.parse(body)
                self.card |= dict(fields) if not tlv.is_constructed(fields[0][0]) else flat(body)
                if "80" in self.card:
                    self.card |= {"82": self.card["80"][:2], "94": self.card["80"][2:]}
                afl = self.card["94"]
                entries = [(afl[at] >> 3, afl[at + 1] + n, n < afl[at + 3]) for at in range(0, len(afl), 4)
                           for n in range(afl[at + 2] - afl[at + 1] + 1)]
            elif name == "READ RECORD":
                sfi, record = command[3] >> 3, command[2]
                if (sfi, record, True) in entries:
                    self.static += tlv.only(body, "70")
                self.card |= flat(body)
            elif name.startswith("EXCHANGE RELAY"):
                self.relay.append((tlv.only(body, "80"), one["us"]))
                self.entropy = command[5:9]
            elif name in ("GENERATE AC", "RECOVER AC"):
                self.gac, self.recovered = (command, body), name == "RECOVER AC"
            elif name.startswith("COMPUTE"):
                self.ccc = (command, body)


class TapCheck:
    """The checks of one result."""

    def __init__(self, tap, profile, result, counts):
        self.tap, self.result, self.counts = tap, result, counts
        self.issuer = files.Issuer(profile, result["aid"])
        application = next(iter(profile["application"].values()))
        self.cvc3 = application["keys"].get("cvc3")
        self.terminal = Terminal(tap.terminal)

    def problems(self):
        exchanges = self.result["exchanges"]
        if self.terminal.limit is not None and files.minor_units(self.tap.amount) >= self.terminal.limit:  # Book B, 3.1.1.5 and 13
            self.counts["over Entry Point's limit"] += 1
            if exchanges or [one["result"] for one in self.result["outcomes"]] != ["try-another-interface"]:
                yield "the amount is over Entry Point's limit, and it went on"
            return
        starts = [at for at, one in enumerate(exchanges) if one["name"] == "SELECT PPSE"] + [len(exchanges)]
        activations = [Activation(exchanges[start:end]) for start, end in zip(starts, starts[1:], strict=False)]
        self.reader = Reader(self.terminal, self.tap, files.minor_units(self.tap.amount), self.tap.clock or "2026-06-15T12:00:00Z")
        expected = []
        for activation in activations:
            try:
                expected.append(self.activation(activation))
            except Bad as bad:
                yield str(bad)
                return
        found = [(outcome["result"], outcome["cvm"]) for outcome in self.result["outcomes"]]
        if found != expected:
            yield f"outcomes are {found}, expected {expected}"
        last = expected[-1][0]
        disposition = {"approved": "approved", "declined": "declined", "online-request": "approved"}.get(last, "none")
        if self.result["disposition"] != disposition:
            yield f"disposition is {self.result['disposition']}, expected {disposition}"
        for result, cvm in expected:
            self.counts[f"outcome {result}"] += 1
            self.counts[f"cvm {cvm}"] += 1

    def activation(self, seen):
        card = seen.fci | seen.card
        emv = bit(card["82"], 2, 8) and not bit(self.reader.data["DF811B"], 1, 7)
        if not emv and bit(self.reader.data["DF811B"], 1, 8):
            self.counts["no mag-stripe mode"] += 1
            return "end-application", None
        if emv and seen.relay:
            self.relay = self.reader.relay_resistance(seen.relay)
            self.counts[f"relay resistance {self.relay}"] += 1
            if self.relay is None:
                return "end-application", None
        else:
            self.relay = 0x01
            demand(not (emv and bit(card["82"], 2, 1) and bit(self.reader.data["DF811B"], 1, 5)), "no relay resistance")
        if self.reader.over("DF8125" if self.reader.on_device(card) else "DF8124"):
            demand(seen.gac is None and seen.ccc is None, "the amount is over the transaction limit")
            self.counts["over the limit"] += 1
            return "end-application", None
        return self.emv(seen, card) if emv else self.mag_stripe(seen, card)

    # EMV mode

    def emv(self, seen, card):
        reader = self.reader
        cda = bit(card["82"], 1, 1) and bit(reader.data["DF811F"], 1, 4)
        cvm, results, byte_3, missing = reader.verification(card)
        tvr = bytes([(0 if cda else 0x80) | (0x20 if missing else 0), reader.restrictions(card), byte_3,
                     0x80 if reader.over("DF8123") else 0, self.relay])
        command, answer = seen.gac
        cdol = tlv.parse_dol(card["8C"])
        size = sum(length for _, length in cdol)
        data = command[5:5 + command[4]]
        sent = tlv.split_by_dol(cdol, data[:size])
        wanted = reader.action(card, tvr)
        if not cda and reader.on_device(card):
            wanted = 0x00
        acis = card.get("9F5D", bytes(3))
        written = len(data) > size
        demand(written or command[2] & 0xC0 == wanted, f"P1 is {command[2]:02X}, expected {wanted:02X}")
        demand(bool(command[2] & 0x10) == (cda and (wanted != 0 or written or bit(acis, 2, 1))), f"P1 is {command[2]:02X}: signature")
        capabilities = reader.capabilities()
        for tag, value in (("95", tvr), ("9F34", results), ("9F33", capabilities), *((tag, reader.data[tag]) for tag in ("9F02", "9F03", "9C", "9A", "5F2A", "9F1A", "9F35", "9F21"))):
            demand(sent.get(tag, value) == value, f"{tag} is {sent.get(tag, b'').hex()}, expected {value.hex()}")
        if seen.relay:
            demand(sent["9F37"] == seen.entropy, "9F37 is not the entropy of the last exchange")
        given = flat(answer)
        known = card | given | sent
        cid, cryptogram = given["9F27"], given.get("9F26")
        demand(cid[0] & 0xC0 <= command[2] & 0xC0 or cid[0] & 0xC0 == 0x80 and wanted == 0x40, "the card gives more than it was asked for")
        signed = "9F4B" in given
        problem = None
        if signed:
            problem, cryptogram = self.signature(seen, card, given, sent, data[:size], cid)
        if problem:
            self.counts["cam failed"] += 1
            return "end-application", mastercard.CVMS[cvm]
        own = mastercard.application_cryptogram(self.issuer, known, given["9F10"])
        demand(cryptogram == own, f"the cryptogram is {cryptogram.hex()}, pyemv computes {own.hex()}")
        self.counts[f"{ {0: 'AAC', 1: 'TC', 2: 'ARQC'}[cid[0] >> 6]} CVN {given['9F10'][1]}"] += 1
        self.counts[f"cryptogram {self.tap.label}"] += 1
        if mastercard.second_tap(known):
            self.counts["second tap"] += 1
            return "end-application", mastercard.CVMS[cvm]
        self.records(known | {"9F26": cryptogram, "95": tvr, "9F34": results, "9F33": capabilities}, mastercard.EMV_RECORD, signed or not seen.relay or cid[0] & 0xC0 == 0)
        host = self.result["host"]
        demand(cid[0] & 0xC0 != 0x80 or host is None or host["arqc"] == "valid", f"the issuer says {host}")
        return reader.outcome(cid[0], capabilities, card), mastercard.CVMS[cvm]

    def signature(self, seen, card, given, sent, data, cid):
        """(problem, cryptogram)."""
        body = b"".join(tlv.encode(tag, value) for tag, value in tlv.parse(tlv.only(seen.gac[1], "77")) if tag != "9F4B")
        try:
            parts = mastercard.dynamic_data(self.terminal, card, seen.static, given["9F4B"], sent, seen.pdol + data + body, self.issuer.pan, self.reader.today)
        except rsa.Bad as bad:
            return str(bad), None
        demand(parts[0] == cid, "the signed CID is another one")
        rest = parts[2]
        if seen.relay:
            block, rest = rest[-14:], rest[:-14]
            if block != seen.entropy + seen.relay[-1][0]:
                self.counts["relay resistance signed otherwise"] += 1
                return "relay resistance", None
            self.counts["relay resistance signed"] += 1
        demand(len(rest) in (0, 8, 16, 32), "the rest of the dynamic data")
        self.counts["summaries"] += bool(rest)
        self.counts["signature"] += 1
        return None, parts[1]

    def records(self, known, tags, is_track_the_cards):
        objects = self.reader.data | known
        wanted = {tag: objects[tag] for tag in tags if tag in objects}
        found = {tag: bytes.fromhex(value) for tag, value in self.result["data_record"].items()}
        if not is_track_the_cards:
            track, first = found["57"].hex().upper(), known["57"].hex().upper()
            demand(track[:track.index("D") + 8] == first[:first.index("D") + 8], "57 is another track")
            wanted["57"] = found["57"]
        demand(found == wanted, f"data record: differs in {sorted(tag for tag in found | wanted if found.get(tag) != wanted.get(tag))}")

    # Mag-stripe mode

    def mag_stripe(self, seen, card):
        reader = self.reader
        command, answer = seen.ccc
        given = flat(answer)
        sent = tlv.split_by_dol(tlv.parse_dol(card.get("9F69", reader.data["DF811A"])), command[5:5 + command[4]])
        digits, verified = sent["9F6A"], bool(given.get("DF4B", bytes(3))[1] & 0x10)
        room = bin(int.from_bytes(card["9F66"], "big")).count("1") - card["9F67"][0]
        demand(int(digits.hex()) < 10 ** room, f"9F6A has more than {room} digits")
        if "9F61" not in given:
            demand(mastercard.second_tap(given), "no checksum, and nothing to do")
            self.counts["second tap"] += 1
            return "end-application", "confirmation-code-verified" if reader.over("DF8126") else None
        key = mastercard.kd.derive_icc_mk_a(bytes.fromhex(files.load(files.ROOT / "cards" / "keys" / (self.cvc3 + ".toml"))["value"]), self.issuer.pan, "00")
        last = (room + 5) % 10 if verified else room
        tracks = {}
        for track, checksum, maps in (("9F6B", "9F61", ("9F65", "9F66", "9F67")), ("56", "9F60", ("9F62", "9F63", "9F64"))):
            own = mastercard.cvc3(key, card[track], digits, given["9F36"])
            demand(own == given[checksum], f"{checksum} is {given[checksum].hex()}, pyemv computes {own.hex()}")
            written = card[track].decode() if track == "56" else card[track].hex().upper().rstrip("F")
            start = (written.rindex("^") if track == "56" else written.index("D")) + 8
            bits = [card[tag] for tag in maps]
            new = written[:start] + mastercard.filled(written[start:], bits[0], bits[1], bits[2][0], digits, given["9F36"], own, last)
            tracks[track] = new.encode() if track == "56" else bytes.fromhex(new + "F" * (len(new) % 2))
        self.records(card | tracks, mastercard.MAG_STRIPE_RECORD, True)
        self.counts[f"CVC3 {self.tap.label}"] += 1
        if reader.on_device(card):
            return "online-request", "confirmation-code-verified" if verified else "no-cvm"
        capability = reader.data["DF811E" if reader.over("DF8126") else "DF812C"][0] >> 4
        return "online-request", mastercard.CVMS[capability]


def variants(folder):
    for name, (cryptogram, data, *objects) in VARIANTS.items():
        path = Path(folder) / (name + ".toml")
        section = f"[application.mastercard.cryptogram]\n{cryptogram}\n" if cryptogram else ""
        section += "".join(f'[application.mastercard.records]\n"2.1" = {{ oda = true, objects = {json.dumps(one)} }}\n' for one in objects)
        path.write_text(f'schema = "emvtap.card/1"\nextends = "mastercard/credit"\ntitle = "{name}"\n[application.mastercard.data]\n{data}\n{section}')
        yield str(path)


def taps(cards, terminals, folder):
    for card, terminal, amount in product(cards, terminals, AMOUNTS):
        yield plan.Tap(card, terminal, amount)
    for card, kind in product(cards, ("cash", "cashback", "refund")):
        yield plan.Tap(card, "mc-attended", "20.00", kind=kind)
    for path in variants(folder):
        for terminal, amount in product(terminals, ("4.00", "20.00", "75.00")):
            yield plan.Tap(path, terminal, amount)
        for kind in ("cash", "cashback", "refund"):
            yield plan.Tap(path, "mc-attended", "20.00", kind=kind)
    for card, seed in product(cards, (2, 3)):
        yield plan.Tap(card, "mc-attended", "12.50", seed)


def check(binary, tap):
    counts, problems = Counter(), []
    done = subprocess.run([binary, *tap.arguments(), "--format", "json", "--unmask"], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        return tap, counts, [f"exit code {done.returncode}: {done.stderr.strip()[:200]}"]
    try:
        path = Path(tap.card) if tap.card.endswith(".toml") else files.builtin_card(tap.card)
        problems += TapCheck(tap, files.load_card(path), json.loads(done.stdout), counts).problems()
    except (KeyError, ValueError, IndexError, TypeError, StopIteration, tlv.TlvError) as error:
        problems.append(f"{type(error).__name__}: {error}")
    return tap, counts, problems


REQUIRED = [*(f"ARQC CVN {version}" for version in (16, 17, 20, 21)), "TC CVN 16", "AAC CVN 16", "signature", "summaries", "cam failed", "second tap",
            "over the limit", "relay resistance signed", "relay resistance signed otherwise", "no mag-stripe mode", "CVC3 mastercard-mag-stripe",
            *(f"outcome {result}" for result in ("approved", "declined", "online-request", "try-another-interface", "end-application")),
            *(f"cvm {cvm}" for cvm in ("no-cvm", "signature", "online-pin", "confirmation-code-verified"))]


def run(binary):
    """How many taps did not agree, or what was never checked; prints what it finds."""
    names = {what: [entry["name"] for entry in json.loads(subprocess.run([binary, what, "list", "--format", "json"], capture_output=True, text=True, check=True).stdout)["entries"]]
             for what in ("card", "terminal")}
    # What a torn card does is a story of several taps, told elsewhere.
    cards = [name for name in names["card"] if name.startswith("mastercard-") and name != "mastercard-torn"]
    terminals = [name for name in names["terminal"] if name.startswith("mc-") or name == "retail-attended"]
    totals, passed, failed = Counter(), 0, 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(4) as pool:
        for tap, counts, problems in pool.map(lambda tap: check(binary, tap), taps(cards, terminals, folder)):
            totals += counts
            passed, failed = passed + (not problems), failed + bool(problems)
            if problems:
                print(f"FAIL emvtap {text(tap)}", *problems, sep="\n     ")
    print("checked:", ", ".join(f"{name} {count}" for name, count in sorted(totals.items())))
    for name in [name for name in REQUIRED if not totals[name]]:
        failed += 1
        print(f"FAIL never checked: {name}")
    print(f"Mastercard: {passed} passed, {failed} failed")
    return failed if passed else 1


if __name__ == "__main__":
    sys.exit(1 if run(sys.argv[1]) else 0)
