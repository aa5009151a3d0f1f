#!/usr/bin/env python3
"""A small contactless terminal behind emvtap's shim protocol: Entry Point and a part of Kernel 3, with nothing but Python.

    emvtap test run --subject 'shim:python3 tests/shim/terminal.py'

It shows what a shim looks like (docs/shim.md explains the messages), and, because it was written from the books' rules and not
from emvtap's code, it disagrees where one of the two is wrong. What it does not do it says: `unsupported`.
"""

import json
import sys

import kernel3
from emv import Gone, Malformed, find, list_entries, objects
from kernel3 import SELECT_NEXT, TRY_AGAIN, ui

PPSE = b"2PAY.SYS.DDF01"
# The kernel that an application without 9F2A asks for, by the beginning of its AID (Book B, 3.3.2.5 C).
DEFAULT_KERNELS = {
    "A000000003": 3, "A000000004": 2, "A000000025": 4, "A000000065": 5, "A000000152": 6, "A000000324": 6, "A000000333": 7,
}


class Unsupported(Exception):
    """This terminal does not do that."""


class Shim:
    """The messages, one a line. Everything this terminal wants from outside goes through here."""

    def send(self, kind, **content):
        print(json.dumps({"type": kind, **content}), flush=True)

    def receive(self):
        line = sys.stdin.readline()
        if not line:
            sys.exit(0)
        return json.loads(line)

    def ask(self, kind, **content):
        self.send(kind, **content)
        answer = self.receive()
        if answer["type"] == "lost":
            raise Gone(answer["reason"])
        return answer

    def command(self, header, data=None):
        """Data and status word of the card's answer."""
        body = "" if data is None else f"{len(data):02X}{data.hex().upper()}"
        answer = self.ask("command", hex=f"{header}{body}00")["hex"]
        return bytes.fromhex(answer[:-4]), answer[-4:].upper()

    # The card's language preference: it goes with every message once it is known (Book A, 8.1.1.17).
    language = None

    def ui(self, request):
        self.send("ui", **request, **({"language": self.language} if self.language else {}))

    def log(self, text):
        self.send("log", text=text)

    def unsupported(self, what):
        raise Unsupported(what)


class Combination:
    """A reader combination with the indicators of pre-processing (Book A, table 5-3)."""

    def __init__(self, said):
        self.aid, self.kernel = said["aid"].upper(), said["kernel"].upper()
        self.said = said
        self.ttq = bytearray.fromhex(said["ttq"]) if said.get("ttq") else None
        self.allowed = True

    def preprocess(self, amount, unit):
        """Book B, 3.1.1.1 to 3.1.1.12."""
        limit = lambda name: self.said.get(name)
        floor = limit("floor_limit") if limit("floor_limit") is not None else limit("terminal_floor_limit")
        status_check = bool(self.said.get("status_check")) and amount == unit
        zero = amount == 0 and self.said.get("zero_amount_allowed") is not False
        self.allowed = amount != 0 or zero
        if limit("transaction_limit") is not None and amount >= limit("transaction_limit"):
            self.allowed = False
        if self.ttq is None:
            return
        self.ttq[1] &= 0x3F
        if floor is not None and amount > floor or status_check:
            self.ttq[1] |= 0x80
        if zero and self.ttq[0] & 0x08:
            self.allowed = False
        elif zero:
            self.ttq[1] |= 0x80
        if limit("cvm_required_limit") is not None and amount >= limit("cvm_required_limit"):
            self.ttq[1] |= 0x40


def rank(priority):
    """1 is the best; none, or 0, ranks with 15 (Book B, 3.3.1.1)."""
    number = priority[0] & 0x0F if priority else 0
    return number or 15


def requested_kernel(identifier, aid):
    """Book B, 3.3.2.5 C: hex of the kernel, "00" for any; None if the entry is to be skipped."""
    if not identifier:
        return f"{DEFAULT_KERNELS.get(aid[:10], 0):02X}"
    if identifier[0] >> 6 in (0, 1):
        return f"{identifier[0]:02X}"
    if len(identifier) < 3 or not identifier[0] & 0x3F:
        return None
    return identifier[:3].hex().upper()


class Tap:
    """One tap: Entry Point."""

    def __init__(self, shim, terminal, start):
        self.shim, self.terminal = shim, terminal
        self.transaction = start["transaction"]
        self.numbers = iter(start.get("unpredictable_numbers") or [start["unpredictable_number"]])
        self.now = start["now"]
        kind = self.transaction["type"]
        self.combinations = [Combination(said) for said in terminal["combinations"] if kind in said["types"]]

    def run(self):
        """Sends everything up to the last Final Outcome."""
        for combination in self.combinations:
            if combination.said.get("dynamic_limits") is not None:
                raise Unsupported("Dynamic Reader Limits")
        if self.transaction.get("start", "A") == "A":
            unit = 10 ** self.terminal["exponent"]
            for combination in self.combinations:
                combination.preprocess(self.transaction["amount"], unit)
            if not any(combination.allowed for combination in self.combinations):
                return self.finish({"result": "try-another-interface"}, ui("18", "processing-error"))
        request = ui("15", "ready-to-read")
        while True:
            self.shim.ui(request)
            try:
                self.poll()
                outcome, request = self.select()
            except Gone as gone:
                if str(gone) not in ("timeout", "transmission", "protocol"):
                    return self.shim.send("done")
                request = ui("15", "ready-to-read")
                continue
            if outcome != TRY_AGAIN:
                return self.finish(outcome, request)
            if request["message"] == "20":
                # See phone: shown at once, with the field off for as long.
                self.shim.ui(request)
                self.shim.send("field", state="off", ms=request["hold_ms"])
                request = {"status": "ready-to-read"}

    def finish(self, outcome, request):
        """Book A, 8.1.1.21: shows what is to be shown, and goes online."""
        self.shim.send("outcome", **outcome, more=True)
        if request:
            self.shim.ui(request)
        disposition = outcome["result"] if outcome["result"] in ("approved", "declined") else "none"
        if outcome["result"] == "online-request":
            answer = self.shim.ask("online", tags=outcome["data_record"])
            disposition = "approved" if answer.get("response_code") == "00" else "declined"
        self.shim.send("done", disposition=disposition)

    def poll(self):
        """Book B, 3.2.1.3 to 3.2.1.5: until there is exactly one card."""
        colliding = False
        while True:
            try:
                self.shim.ask("field", state="on")
            except Gone as gone:
                if str(gone) == "collision" and not colliding:
                    self.shim.ui(ui("19", "processing-error"))
                elif str(gone) == "no-card" and colliding:
                    self.shim.ui(ui("19", "ready-to-read"))
                elif str(gone) != "collision":
                    raise
                colliding = str(gone) == "collision"
                continue
            if colliding:
                self.shim.ui(ui("19", "ready-to-read"))
            return

    def select(self):
        """Book B, 3.3: the outcome, and the request that goes with it."""
        candidates = self.candidates()
        while candidates:
            best = min(candidates, key=lambda candidate: (candidate[0], candidate[1]))
            _, _, name, extension, combination = best
            extended = extension if combination.said.get("extended_selection") else b""
            fci, status = self.shim.command("00A40400", name + extended)
            if status == "9000" and self.suits(fci, combination):
                outcome, request = self.kernel(combination, fci)
                if outcome != SELECT_NEXT:
                    return outcome, request
            candidates.remove(best)
        return {"result": "end-application"}, ui("1C", "ready-to-read")

    def candidates(self):
        directory, status = self.shim.command("00A40400", PPSE)
        found = []
        try:
            list(objects(directory))
            inside = find(directory, "6F", "A5", "BF0C") if status == "9000" else None
            entries = [value for tag, value, _ in objects(inside or b"") if tag == "61"]
        except Malformed:
            entries = []
        for combination in (combination for combination in self.combinations if combination.allowed):
            for at, entry in enumerate(entries):
                try:
                    part = {tag: value for tag, value, _ in reversed(list(objects(entry)))}
                except Malformed:
                    continue
                name = part.get("4F", b"")
                if not 5 <= len(name) <= 16 or not name.hex().upper().startswith(combination.aid):
                    continue
                wanted = requested_kernel(part.get("9F2A"), combination.aid)
                if wanted in ("00", combination.kernel):
                    found.append((rank(part.get("87")), at, name, part.get("9F29", b""), combination))
        return found

    def suits(self, fci, combination):
        """Book B, 3.3.3.6: Kernel 3 needs a PDOL that asks for the TTQ."""
        if combination.kernel != "03" or not combination.aid.startswith("A000000003"):
            return True
        try:
            pdol = find(fci, "6F", "A5", "9F38")
            suits = pdol is not None and any(tag == "9F66" for tag, _ in list_entries(pdol))
        except Malformed:
            suits = False
        if not suits and any((other.aid, other.kernel) == (combination.aid, "01") for other in self.combinations):
            raise Unsupported("Kernel 1")
        return suits

    def kernel(self, combination, fci):
        """Book B, 3.4: a kernel of its own for every activation."""
        implementation = combination.said.get("implemented_by") or combination.kernel
        if implementation != "03":
            raise Unsupported(f"kernel {implementation}")
        if combination.ttq is None or not combination.ttq[0] & 0x20:
            raise Unsupported("a reader without EMV mode")
        if combination.ttq[0] & 0x01:
            raise Unsupported("ODA for online authorisations")
        if self.transaction["type"] not in ("00",):
            raise Unsupported(f"transaction type {self.transaction['type']}")
        return kernel3.Kernel(self.shim, self.terminal, combination.said, self.reader_data(combination), fci).run()

    def reader_data(self, combination):
        """What reader and terminal know, by tag."""
        transaction = self.transaction
        day, time = self.now.split("T")
        data = {**self.terminal["data"], **combination.said.get("data", {}), **transaction.get("data", {})}
        data = {tag.upper(): bytes.fromhex(value) for tag, value in data.items()}
        number = next(self.numbers, None)
        if number is None:
            raise Unsupported("so many activations")
        return {
            **data,
            "9F02": bytes.fromhex(f"{transaction['amount']:012d}"),
            "9F03": bytes.fromhex(f"{transaction.get('other', 0):012d}"),
            "9C": bytes.fromhex(transaction["type"]),
            "9A": bytes.fromhex(day[2:].replace("-", "")),
            "9F21": bytes.fromhex(time[:8].replace(":", "")),
            "9F37": bytes.fromhex(number),
            "9F06": bytes.fromhex(combination.aid),
            "9F66": bytes(combination.ttq),
        }


def main():
    shim, terminal = Shim(), None
    while True:
        message = shim.receive()
        if message["type"] == "hello":
            shim.send("hello", name="a small terminal in Python", version="1", capabilities=["C-3"])
        elif message["type"] == "configure":
            terminal = message["terminal"]
        elif message["type"] == "start":
            shim.language = None
            try:
                Tap(shim, terminal, message).run()
            except Unsupported as what:
                shim.send("unsupported", what=str(what))
        elif message["type"] == "bye":
            return


if __name__ == "__main__":
    main()
