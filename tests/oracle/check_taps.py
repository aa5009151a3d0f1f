#!/usr/bin/env python3
"""Recompute what `emvtap pay` says from the bytes it exchanged: check_taps.py BINARY

Cryptograms come from pyemv, certificates and signatures from integers and hashlib, decisions from model.py. Nothing of
emvtap's own conclusions is taken as given. What is about Mastercard is in check_mastercard.py. Exit code 1 if anything disagrees, or if something was never checked."""

import json
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import contract
import files
import model
import plan
import rsa
import tlv
from walk import Walk

warnings.filterwarnings("ignore", message=".*TripleDES")  # pyemv needs it, cryptography is moving it
import check_mastercard  # noqa: E402
import cryptogram  # noqa: E402


class Checker:
    """Runs taps; `counts` collects how often each kind of check was really made."""

    def __init__(self, binary):
        self.binary = binary

    def call(self, words):
        return subprocess.run([self.binary, *words], capture_output=True, text=True, timeout=60, check=False)

    def run(self, tap):
        counts, problems = Counter(), []
        try:
            self.check(tap, counts, problems)
        except (KeyError, ValueError, IndexError, TypeError, tlv.TlvError) as error:
            problems.append(f"{type(error).__name__}: {error}")
        return tap, counts, problems

    def check(self, tap, counts, problems):
        done = self.call([*tap.arguments(), "--format", "json", "--unmask"])
        if done.returncode != 0:
            problems.append(f"exit code {done.returncode}: {done.stderr.strip()[:200]}")
            return
        result = json.loads(done.stdout)
        problems += contract.shape(result)
        issuer = files.Issuer(files.load_card(card_path(tap.card)), result["aid"])
        checked = TapCheck(tap, issuer, result, counts)
        problems += checked.problems()
        if tap.masked_too:
            problems += self.masking(tap, issuer, result, counts)

    def masking(self, tap, issuer, open_, counts):
        masked = self.call([*tap.arguments(), "--format", "json"]).stdout
        if not contract.same_length(json.loads(masked), open_):
            yield "masking changed a length"
        outputs = [masked] + [self.call([*tap.arguments(), *more]).stdout for more in (["-vvv"], ["--format", "jsonl"])]
        for text in outputs:
            for leak in contract.leaks(text, issuer):
                yield f"without --unmask the output contains {leak}"
        if open_["exchanges"]:
            certified = dict(tlv.flatten(b"".join(card_answers(json.loads(masked))))).get("9F46")
            if certified is not None and certified == dict(tlv.flatten(b"".join(card_answers(open_)))).get("9F46"):
                yield "the ICC certificate is not masked: the PAN can be recovered from it"
            if not contract.leaks(json.dumps(open_), issuer):
                yield "the unmasked output shows nothing to mask"
        counts["masked"] += 1


def card_answers(result):
    """The bodies of the answers of the kernel's commands, without status words."""
    return [bytes.fromhex(e["response"])[:-2] for e in result["exchanges"] if e["name"] in ("GET PROCESSING OPTIONS", "READ RECORD")]


def card_path(name):
    return Path(name) if name.endswith(".toml") else files.builtin_card(name)


class TapCheck:
    """The checks of one result."""

    def __init__(self, tap, issuer, result, counts):
        self.tap, self.issuer, self.result, self.counts = tap, issuer, result, counts
        self.card, self.sent = {}, {}
        sets = {tag: bytes.fromhex(value) for tag, value in (text.split("=") for text in tap.overrides)}
        self.terminal = files.Terminal(files.ROOT / "terminals" / (tap.terminal + ".toml"), sets)
        self.amount = files.minor_units(tap.amount)

    def problems(self):
        self.walk = Walk(self.terminal, self.result["exchanges"], self.amount, self.tap.kind, self.tap.other, self.tap.today)
        self.card, self.sent, self.after = self.walk.card, self.walk.sent, self.walk.after
        seen = (self.result["aid"], self.result["kernel"])
        wanted = (self.walk.aid and self.walk.aid.hex().upper(), self.walk.aid and "C-3")
        if self.walk.aid and not self.walk.nothing_left and seen != wanted:
            yield f"aid and kernel are {seen}, expected {wanted}"
        self.counts["GPO data"] += bool(self.sent)
        for what, seen in self.walk.situations():
            self.counts[what] += seen
        if self.walk.chain is not None:
            yield from self.chains()
        if "9F26" in self.card:
            yield from self.cryptograms()
        if self.walk.expected is None:
            self.counts["refund"] += 1
            return
        yield from self.compare(self.walk.expected)

    def chains(self):
        """The certificates and signatures of the card, if it sent any."""
        walk = self.walk
        if not walk.chain:
            self.counts[f"chain {self.tap.label}"] += 1
            damaged = bytes([walk.static_data[0] ^ 1]) + walk.static_data[1:]
            if not model.chain_problem(self.terminal, self.card, damaged, self.sent, self.tap.today):
                yield "the oracle itself accepts damaged static data"
        elif "9F4B" in self.card and self.tap.label in SOUND and not self.tap.clock:
            yield f"the chain of a sound card is bad: {walk.chain}"

    def cryptograms(self):
        if cryptogram.version(self.card["9F10"]) != cryptogram.cvn_byte(self.issuer.cvn):
            yield f"9F10 names another cryptogram version than {self.issuer.cvn}"
        own = cryptogram.application_cryptogram(self.issuer, self.sent, self.card)
        kind = model.cryptogram_type(self.card)
        if kind != {0: "AAC", 1: "TC", 2: "ARQC"}[self.card["9F10"][4] >> 4 & 3]:
            yield "9F27 and the issuer application data disagree about the cryptogram type"
        if self.tap.label == "visa-bad-signature":  # computes over another unpredictable number, and the issuer must notice
            if own == self.card["9F26"] or (self.result["host"] or {"arqc": "wrong"})["arqc"] != "wrong":
                yield "a cryptogram over other data was accepted"
            return
        if own != self.card["9F26"]:
            yield f"{kind}: the card sent {self.card['9F26'].hex().upper()}, pyemv computes {own.hex().upper()}"
        self.counts[f"cryptogram {self.tap.label}"] += 1
        self.counts[f"{kind} CVN {self.issuer.cvn}"] += 1
        host = self.result["host"]
        if host is None:
            return
        if self.tap.host == "sim" and (host["arqc"], host["response_code"]) != ("valid", "00"):
            yield f"the issuer did not accept a good cryptogram: {host}"
        if host["arpc"] is not None:
            own = cryptogram.arpc(self.issuer, self.card, host["response_code"]).hex().upper()
            if own != host["arpc"]:
                yield f"ARPC: the issuer sent {host['arpc']}, pyemv computes {own}"
            self.counts[f"ARPC CVN {self.issuer.cvn}"] += 1
        elif self.tap.host == "sim":
            yield "the issuer answered without an ARPC"

    def compare(self, expected):
        result, outcome, host = self.result, self.result["outcome"], self.result["host"]
        disposition = {"approved": "approved", "declined": "declined"}.get(expected.result, "none")
        if expected.result == "online-request":
            disposition = "approved" if host and host["response_code"] == "00" else "declined"
            record = result["data_record"]
            track_only = record.get("9F39") == "91" and "9F26" not in record and host and host["arqc"] is None
            good = host and (host["arqc"] == "valid" or track_only)
            if host and self.tap.host == "sim" and host["response_code"] != ("00" if good else "05"):
                yield f"the issuer answered {host}"
        elif host is not None:
            yield "the issuer was asked without an online request"
        ui = [(request["message"], request["status"]) for request in result["ui"]]
        expected.ui = self.walk.ui + expected.ui
        if expected.issuer_update and host and host["arpc"]:
            yield from self.issuer_update(ui, expected, disposition)
            return
        start, online_data = ("B", "emv-data") if expected.issuer_update else (None, "none")
        for what, seen, wanted in [
            ("result", outcome["result"], expected.result), ("cvm", outcome["cvm"], expected.cvm),
            ("start", outcome["start"], start), ("online_response_data", outcome["online_response_data"], online_data),
            ("alternate_interface", outcome["alternate_interface"], expected.alternate_interface),
            ("disposition", result["disposition"], disposition), ("ui", ui, expected.ui),
            ("oda", result["oda"] and result["oda"]["result"], expected.oda),
        ]:
            if seen != wanted:
                yield f"{what} is {seen}, expected {wanted}"
        self.counts[f"outcome {expected.result}"] += 1
        self.counts[f"cvm {expected.cvm}"] += 1
        self.counts[f"oda {expected.oda}"] += 1
        yield from self.records(expected)

    def records(self, expected):
        record = model.data_record(self.walk) if expected.with_record else {}
        seen = {tag: bytes.fromhex(value) for tag, value in self.result["data_record"].items()}
        if seen != record:
            yield f"data record: differs in {sorted(tag for tag in seen | record if seen.get(tag) != record.get(tag))}"
        ended = expected.result in ("approved", "declined", "online-request") and not self.walk.msd
        balance = self.card.get("9F5D") if ended else None
        discretionary = {} if balance is None else {"9F5D": balance.hex().upper()}
        if self.result["discretionary_data"] != discretionary:
            yield f"discretionary data is {self.result['discretionary_data']}, expected {discretionary}"
        value = None
        if balance is not None:
            value = {"qualifier": "balance", "minor_units": int(balance.hex()), "currency": self.terminal.currency.hex()}
            self.counts["balance"] += 1
        if self.result["ui"][-1].get("value") != value:
            yield f"balance shown is {self.result['ui'][-1].get('value')}, expected {value}"

    def issuer_update(self, ui, expected, disposition):
        """C-3 section on issuer update: SELECT again, EXTERNAL AUTHENTICATE with 91, no GPO, End Application without a message."""
        names = [exchange["name"] for exchange in self.after]
        arpc = bytes.fromhex(self.result["host"]["arpc"])
        second = arpc + (cryptogram.CSU_APPROVED if len(arpc) == 4 else b"00")
        command = (bytes.fromhex("00820000") + bytes([len(second)]) + second).hex().upper()
        if names != ["SELECT", "EXTERNAL AUTHENTICATE"] or not self.after[1]["command"].startswith(command):
            yield f"issuer update: {[exchange['command'] for exchange in self.after]}, expected {command}"
        if ui != [*expected.ui, ("21", "ready-to-read")]:
            yield f"issuer update: ui is {ui}"
        results = [outcome["result"] for outcome in self.result["outcomes"]]
        if results != ["online-request", "end-application"] or self.result["disposition"] != disposition:
            yield f"issuer update: outcomes are {results}; the host response must stand"
        if (self.result["outcome"]["result"], self.result["outcome"]["cvm"]) != ("online-request", expected.cvm):
            yield f"issuer update: the request's CVM {expected.cvm} must outlive the second presentment"
        if not self.result["data_record"]:
            yield "issuer update: the request's data record must outlive the second presentment"
        self.counts["issuer update"] += 1


# Cards whose certificates and signatures have to be good everywhere.
SOUND = {"visa-credit", "visa-debit-offline", "visa-online-pin", "visa-expired", "visa-balance", "visa-long-pan", "visa-phone-offline"}
# What the rest is measured against: these have to be there, and every one of them is run with many settings.
CARDS = {"visa-credit", "visa-debit-offline", "visa-phone", "visa-online-pin", "visa-expired", "visa-declining"}
TERMINALS = {"retail-attended", "retail-offline", "unattended-vending", "offline-only", "atm"}


def outside_chains():
    """The certificate code against chains that others made; returns how many."""
    chains = json.loads((files.ROOT / "test-vectors" / "primitives" / "chains.json").read_text())
    for chain in chains if isinstance(chains, list) else chains["chains"]:
        ca = rsa.PublicKey(bytes.fromhex(chain["ca_modulus"]), bytes.fromhex(chain["ca_exponent"]))
        given = {name: bytes.fromhex(chain["issuer"][name]) for name in ("certificate", "remainder", "exponent")}
        card = {"90": given["certificate"], "92": given["remainder"], "9F32": given["exponent"]}
        text = str(chain["today"])
        today = date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
        key = rsa.issuer_key(ca, card, chain["pan"], today)
        assert key.modulus.hex().upper() == chain["issuer"]["modulus"], chain["id"]
    return len(chains if isinstance(chains, list) else chains["chains"])


def required(cards, counts):
    """What must have been checked at least once, or the run proved nothing."""
    needed = [f"cryptogram {card}" for card in cards]
    # these two answer without records
    needed += [f"chain {card}" for card in cards if card not in ("visa-phone", "visa-declining")] + ["refused GPO"]
    needed += [f"outcome {result}" for result in ("approved", "declined", "online-request", "try-another-interface")]
    needed += [f"cvm {cvm}" for cvm in ("no-cvm", "signature", "online-pin", "confirmation-code-verified")]
    needed += [f"ARQC CVN {cvn}" for cvn in (10, 17, 18, 22)] + [f"ARPC CVN {cvn}" for cvn in (10, 17, 18, 22)]
    needed += ["TC CVN 10", "AAC CVN 18", "oda ok", "oda failed", "masked", "issuer update", "balance"]
    needed += ["refused before the card", "limits by program", "exception file", "authenticated online", "mag-stripe mode"]
    needed += ["see phone", "select next", "ATM check", "ended by the kernel"]
    return [name for name in needed if not counts[name]]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check_taps.py BINARY")
    checker = Checker(sys.argv[1])
    names = {what: [entry["name"] for entry in json.loads(checker.call([what, "list", "--format", "json"]).stdout)["entries"]]
             for what in ("card", "terminal")}
    # The model is one of Kernel 3; cards and terminals of other kernels are judged elsewhere.
    names["card"] = [name for name in names["card"] if name.startswith("visa-")]
    names["terminal"] = [name for name in names["terminal"] if not name.startswith("mc-")]
    for what, modelled in ("card", CARDS), ("terminal", TERMINALS):
        missing = modelled - set(names[what])
        if missing:
            sys.exit(f"built-in {what}s are missing: {', '.join(sorted(missing))}")
    print(f"{outside_chains()} certificate chains of others opened")
    totals, passed, failed, per_card = Counter(), 0, 0, {}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(4) as pool:
        for tap, counts, problems in pool.map(checker.run, plan.plan(names["card"], names["terminal"], CARDS, folder)):
            totals += counts
            line = per_card.setdefault(tap.label, Counter())
            line["failed" if problems else "passed"] += 1
            passed, failed = passed + (not problems), failed + bool(problems)
            if problems:
                print(f"FAIL emvtap {' '.join(tap.arguments())}", *problems, sep="\n     ")
    for card, line in per_card.items():
        print(f"{card:20} {line['passed']:4} passed {line['failed']:4} failed")
    print("checked:", ", ".join(f"{name} {count}" for name, count in sorted(totals.items())))
    for name in required(sorted(CARDS), totals):
        failed += 1
        print(f"FAIL never checked: {name}")
    print(f"{passed} passed, {failed} failed")
    failed += check_mastercard.run(sys.argv[1])
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
