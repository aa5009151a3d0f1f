"""A part of Kernel 3: EMV mode, fDDA version 01, no issuer update, no MSD, no Dynamic Reader Limits.

`Kernel.run` gives an outcome as the shim protocol has it, or the name of an Outcome that stays inside Entry Point.
"""

import datetime

import oda
from emv import Gone, Malformed, digits, fill, objects, primitives

# Lengths of the card's objects: least and most bytes; N: digits only, C: digits and then F (C-3, Annex A).
FORMATS = {
    "5A": (1, 10, "C"), "5F20": (2, 26, ""), "5F24": (3, 3, "N"), "5F28": (2, 2, "N"), "5F34": (1, 1, "N"), "57": (1, 19, ""),
    "82": (2, 2, ""), "84": (5, 16, ""), "8F": (1, 1, ""), "9F07": (2, 2, ""), "9F10": (1, 32, ""), "9F26": (8, 8, ""),
    "9F27": (1, 1, ""), "9F36": (2, 2, ""), "9F5D": (6, 6, "N"), "9F69": (5, 16, ""), "9F6C": (2, 2, ""), "9F6E": (4, 4, ""),
}

SELECT_NEXT = "select-next"
TRY_AGAIN = "try-again"

DATA_RECORD = (
    "9F02 9F03 9F26 82 9F36 5F34 9F7C 9F10 9F39 9F1A 9F33 57 5F2A 9A 9C 9F37 9F6E 9F27 5A 5F20 5F24 9F66 9F5D 9F21 5F28 9F07 84 "
    "9F24 9F19"
).split()


class End(Exception):
    """The kernel is done."""

    def __init__(self, outcome, ui=None):
        self.outcome, self.ui = outcome, ui


def ui(message, status, **more):
    return {"message": message, "status": status, **more}


def end_application():
    return End({"result": "end-application"}, ui("1C", "processing-error"))


def another_interface(message, interface=None):
    return End(
        {"result": "try-another-interface", "alternate_interface": interface}, ui(message, "processing-error")
    )


class Kernel:
    def __init__(self, shim, terminal, combination, reader, fci):
        self.shim, self.terminal, self.reader = shim, terminal, reader
        self.card, self.seen = {}, set()
        self.ttq = reader["9F66"]
        self.options = terminal["kernels"].get("c3", {})
        self.rid = combination["aid"][:10].upper()
        self.fci = fci
        self.static = b""
        self.decline = self.online = False

    def run(self):
        """The outcome, and the request that is shown with it."""
        try:
            self.take(self.fci)
            self.initiate()
            self.shim.ui(ui("17", "card-read-successfully"))
            self.check_data()
            self.classify()
            self.restrict()
            self.authenticate()
            cvm = self.choose_cvm()
            return self.decide(cvm)
        except End as end:
            return end.outcome, end.ui
        except Malformed:
            end = end_application()
            return end.outcome, end.ui

    def ttq_bit(self, byte, bit):
        return bool(self.ttq[byte - 1] >> (bit - 1) & 1)

    def ctq(self, byte, bit):
        value = self.card.get("9F6C", b"\0\0")
        return bool(value[byte - 1] >> (bit - 1) & 1)

    def take(self, data):
        """Objects of the card. What the terminal says counts more; what comes twice ends it (5.4.2.2)."""
        for tag, value in primitives(data):
            if tag in self.reader:
                continue
            if tag in self.seen:
                raise end_application()
            self.seen.add(tag)
            self.check_format(tag, value)
            self.card[tag] = value
            if tag == "5F2D" and len(value) in (2, 4, 6, 8):
                self.shim.language = value.decode("ascii", "replace")

    def check_format(self, tag, value):
        least, most, kind = FORMATS.get(tag, (0, 255, ""))
        text = value.hex().rstrip("f") if kind == "C" else value.hex()
        if not least <= len(value) <= most or kind and not text.isdigit():
            raise end_application()

    def initiate(self):
        pdol = self.card.get("9F38")
        if pdol is None:
            raise end_application()
        data = fill(pdol, self.reader)
        command = bytes([0x83]) + (bytes([0x81]) if len(data) > 127 else b"") + bytes([len(data)]) + data
        try:
            answer, status = self.shim.command("80A80000", command)
        except Gone:
            raise self.lost()
        if status == "6984":
            raise another_interface("1D", "contact-chip")
        if status == "6985":
            raise End(SELECT_NEXT)
        if status == "6986":
            raise End(TRY_AGAIN, ui("20", "processing-error", hold_ms=1300))
        if status != "9000":
            raise end_application()
        parts = list(objects(answer))
        if len(parts) != 1:
            raise end_application()
        tag, value, _ = parts[0]
        if tag == "80":
            if len(value) < 6:
                raise end_application()
            self.take(b"\x82\x02" + value[:2] + b"\x94" + bytes([len(value) - 2]) + value[2:])
        elif tag == "77":
            self.take(value)
        else:
            raise end_application()
        if len(self.card.get("82", b"")) != 2:
            raise end_application()
        self.read(self.card.get("94", b""))

    def lost(self):
        return End(TRY_AGAIN, ui("21", "ready-to-read"))

    def read(self, afl):
        if len(afl) % 4:
            raise end_application()
        entries = [afl[at : at + 4] for at in range(0, len(afl), 4)]
        for sfi, first, last, count in entries:
            if sfi & 7 or not 1 <= sfi >> 3 <= 30 or not 1 <= first <= last or count > last - first + 1:
                raise end_application()
        for sfi, first, last, count in entries:
            for number in range(first, last + 1):
                self.record(sfi >> 3, number, number - first < count)

    def record(self, sfi, number, signed):
        try:
            answer, status = self.shim.command(f"00B2{number:02X}{sfi << 3 | 4:02X}")
        except Gone:
            raise self.lost()
        if status != "9000":
            raise end_application()
        if signed and self.static is not None:
            part = oda.static_data(sfi, answer)
            self.static = None if part is None else self.static + part
        parts = list(objects(answer))
        if sfi <= 10 and [tag for tag, _, _ in parts] != ["70"]:
            raise end_application()
        for tag, value, _ in parts:
            if tag == "70":
                self.take(value)

    def check_data(self):
        """5.4.2.1 and A.2."""
        needed = ["9F26", "82", "9F36", "9F10", "57", "9F38"]
        if self.options.get("df-name-mandatory", True):
            needed.append("84")
        if any(not self.card.get(tag) for tag in needed):
            raise end_application()
        if "5A" in self.card and digits(self.card["5A"]) != self.card["57"].hex().upper().split("D")[0]:
            raise end_application()

    def classify(self):
        """5.4.3.1, 5.4.3.2."""
        if "9F27" in self.card:
            self.kind = self.card["9F27"][0] >> 6
        elif len(self.card["9F10"]) >= 5:
            self.kind = self.card["9F10"][4] >> 4 & 3
        else:
            raise end_application()
        self.decline = self.kind in (0, 3)
        self.online = self.kind == 2 or self.kind == 1 and self.ttq_bit(2, 8)

    def restrict(self):
        """5.5.1.1 and 5.5.1.2: the restrictions of this kernel."""
        expiry = self.card.get("5F24")
        # Years from 50 on are those of the last century.
        century = lambda date: (date[0] < 0x50, date)
        expired = expiry is None or century(self.reader["9A"]) > century(expiry)
        if self.kind == 1 and not self.decline and expired and self.options.get("expiration-check", True):
            if self.ctq(1, 4) and not self.ttq_bit(1, 4):
                self.online = True
            else:
                self.decline = True
        if self.kind == 1 and self.terminal["exceptions"] and self.options.get("exception-file", True):
            number = self.card.get("5F34", b"\0").hex()
            for entry in self.terminal["exceptions"]:
                if entry["pan"] == oda.pan(self.card) and entry["sequence_number"] in (None, number):
                    self.decline = True

    def authenticate(self):
        """5.6.1."""
        if self.online or self.decline:
            return
        if "93" in self.card and "9F4B" not in self.card:
            self.shim.unsupported("SDA")
        day = self.reader["9A"].hex()
        today = datetime.date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
        try:
            oda.authenticate(self.card, self.reader, {**self.terminal, "rid": self.rid}, self.static, today)
        except oda.Failed as failed:
            self.shim.log(f"ODA failed: {failed}")
            if self.ctq(1, 6) and not self.ttq_bit(1, 4):
                self.online = True
            elif self.ctq(1, 5) and self.ttq_bit(1, 5):
                raise another_interface("1D", "contact-chip")
            else:
                self.decline = True

    def choose_cvm(self):
        """5.7.1."""
        if self.decline:
            return None
        required = self.ttq_bit(2, 7)
        if "9F6C" not in self.card:
            if required and self.ttq_bit(1, 2):
                return "signature"
            if required and self.ttq_bit(1, 3):
                self.online = True
                return "online-pin"
        elif self.ctq(1, 8) and self.ttq_bit(1, 3):
            self.online = True
            return "online-pin"
        elif self.ctq(2, 8):
            related = self.card.get("9F69")
            if related is not None and related[5:7] == self.card["9F6C"] or related is None and self.kind == 2:
                return "confirmation-code-verified"
            self.decline = True
            return None
        elif self.ctq(1, 7) and self.ttq_bit(1, 2):
            return "signature"
        if required:
            self.decline = True
            return None
        return "no-cvm"

    def decide(self, cvm):
        """5.8, 5.9."""
        if self.online and self.ttq_bit(1, 4):
            self.decline = True
        balance = {}
        discretionary = {}
        if "9F5D" in self.card and self.options.get("display-offline-balance", True):
            balance = {"qualifier": "balance", "value": int(self.card["9F5D"].hex())}
            discretionary = {"9F5D": self.card["9F5D"].hex().upper()}
        if self.decline:
            outcome = {"result": "declined", "cvm": "no-cvm", "discretionary_data": discretionary}
            return outcome, ui("07", "card-read-successfully", **balance)
        outcome = {
            "result": "online-request" if self.online else "approved",
            "cvm": cvm,
            "receipt": cvm == "signature",
            "data_record": self.data_record(),
            "discretionary_data": discretionary,
        }
        if self.online:
            if self.ttq_bit(3, 8) and self.ctq(2, 7):
                self.shim.unsupported("issuer update")
            return outcome, ui("1B", "card-read-successfully", **balance)
        return outcome, ui("03", "card-read-successfully", **balance)

    def data_record(self):
        known = {**self.card, **self.reader, "9F39": b"\x07"}
        if "9F6E" in known and len(known["9F6E"]) == 4:
            form = known["9F6E"]
            known["9F6E"] = form[:3] + bytes([form[3] & 0xF0])
        record = {tag: known[tag].hex().upper() for tag in DATA_RECORD if tag in known}
        return {**record, "95": "0000000000"}
