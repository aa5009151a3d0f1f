"""What an Entry Point and a Kernel 3 terminal should decide. Written from Books A, B and C-3 alone; C-3 requirement
numbers in comments. Where the book is open, the default named beside it is taken."""

from dataclasses import dataclass, field
from datetime import date

import rsa
import tlv
from files import minor_units

TYPES = {"purchase": 0x00, "cash": 0x01, "cashback": 0x09, "refund": 0x20}
READ_OK = "card-read-successfully"
ERROR = "processing-error"


def bit(data, byte, number):
    """byte counts from 1, number from 8 (most significant) to 1; an absent object has no bits."""
    return bool(data) and data[byte - 1] >> (number - 1) & 1 == 1


@dataclass
class Expected:
    result: str
    cvm: str | None = None
    ui: list = field(default_factory=list)
    alternate_interface: str | None = None
    oda: str | None = None
    with_record: bool = False
    issuer_update: bool = False


def preprocess(terminal, amount, kind):
    """Book B 3.1.1: [(AID, TTQ)] of the combinations that are allowed."""
    allowed = []
    for combination in terminal.combinations:
        if kind not in combination.get("types", TYPES):
            continue
        ttq = bytearray(terminal.ttq or bytes.fromhex(combination["ttq"]))
        ttq[1] &= 0x3F  # 3.1.1.2
        refused = zero = False
        if amount == 0:  # 3.1.1.4
            refused = combination.get("zero-amount-allowed") is False
            zero = not refused
        if "transaction-limit" in combination:  # 3.1.1.5
            refused |= amount >= minor_units(combination["transaction-limit"])
        floor = None
        if "floor-limit" in combination:  # 3.1.1.6
            floor = minor_units(combination["floor-limit"])
        elif terminal.terminal_floor is not None:  # 3.1.1.7
            floor = int.from_bytes(terminal.terminal_floor, "big")
        online = floor is not None and amount > floor  # 3.1.1.9
        online |= combination.get("status-check", False) and amount == 100  # 3.1.1.3, 3.1.1.10
        if zero and bit(ttq, 1, 4):  # 3.1.1.11
            refused = True
        online |= zero and not bit(ttq, 1, 4)
        cvm = "cvm-required-limit" in combination and amount >= minor_units(combination["cvm-required-limit"])  # 3.1.1.8
        ttq[1] |= (0x80 if online else 0) | (0x40 if cvm else 0)
        if not refused:
            allowed += [(bytes.fromhex(aid), bytes(ttq)) for aid in combination["aids"]]
    return allowed


def select(ppse, allowed):
    """Book B 3.3.2.5 and 3.3.3.2: (ADF name, TTQ) of the best candidate for kernel 3, or None."""
    proprietary = dict(tlv.parse(tlv.only(ppse, "6F")))["A5"]
    directory = dict(tlv.parse(proprietary))["BF0C"]
    entries = [dict(tlv.parse(value)) for tag, value in tlv.parse(directory) if tag == "61"]
    candidates = []
    for aid, ttq in allowed:
        for place, entry in enumerate(entries):
            name, kernel = entry.get("4F", b""), entry.get("9F2A", b"\x03")
            if 5 <= len(name) <= 16 and name.startswith(aid) and kernel[:1] in (b"\x03", b"\x00"):
                candidates.append(((entry.get("87", b"\x0F")[0] & 0x0F) or 15, place, name, ttq))
    return min(candidates)[2:] if candidates else None


def before_the_card(terminal, amount, kind):
    """The outcome when pre-processing leaves nothing (3.1.1.13), else None."""
    if preprocess(terminal, amount, kind):
        return None
    return Expected("try-another-interface", ui=[("18", ERROR)])


def after_gpo(status):
    """5.2.2.2: the outcome of a GPO that does not succeed, else None. There is one candidate, so Select Next ends (3.3.2.7)."""
    if status == b"\x90\x00":
        return None
    shown = ("1C", "ready-to-read") if status == b"\x69\x85" else ("1C", ERROR)
    return Expected("end-application", ui=[("15", "ready-to-read"), shown])


def cryptogram_type(card):
    """5.4.3.1: the CID, or IAD byte 5 bits 6-5 without one."""
    code = card["9F27"][0] >> 6 if "9F27" in card else card["9F10"][4] >> 4 & 3
    return {0: "AAC", 1: "TC", 2: "ARQC", 3: "RFU"}[code]


def expired(card, today):
    """5.5.1.1: the expiry day itself is still valid."""
    if "5F24" not in card:
        return True
    year, month, day = (int(part) for part in (card["5F24"][:1].hex(), card["5F24"][1:2].hex(), card["5F24"][2:].hex()))
    return today > date(year + (1900 if year >= 50 else 2000), month, day)


def usage_allowed(card, country, byte):
    """9F07: byte 1 bits 8, 7 for cash, byte 2 bits 8, 7 for cashback; domestic, international."""
    if "9F07" not in card or "5F28" not in card:
        return False
    return bit(card["9F07"], byte, 8 if card["5F28"] == country else 7)


class Decision:
    """One transaction in Kernel 3, from the end of READ RECORD on (C-3 5.4 to 5.9)."""

    def __init__(self, terminal, card, sent, chain, today):
        self.card, self.sent, self.chain, self.today = card, sent, chain, today
        self.country, self.ttq, self.ctq = terminal.country, sent["9F66"], card.get("9F6C")
        self.offline_only = bit(self.ttq, 1, 4)
        self.decline = self.online = False
        self.oda, self.cvm = None, "no-cvm"

    def expected(self):
        self.by_cryptogram()
        for step in (self.expiry, self.usage, self.authenticate):
            switch = None if self.decline else step()
            if switch:
                message, interface = switch
                shown = [("15", "ready-to-read"), ("17", READ_OK), (message, ERROR)]
                return Expected("try-another-interface", ui=shown, alternate_interface=interface, oda=self.oda)
        if not self.decline:
            self.choose_cvm()
        return self.conclude()

    def by_cryptogram(self):
        """5.4.3.2"""
        self.type = cryptogram_type(self.card)
        self.decline = self.type in ("AAC", "RFU")
        self.online = self.type == "ARQC" or (self.type == "TC" and bit(self.ttq, 2, 8))

    def expiry(self):
        """5.5.1.1, for a TC only"""
        if self.type == "TC" and expired(self.card, self.today):
            if bit(self.ctq, 1, 4) and not self.offline_only:
                self.online = True
            else:
                self.decline = True

    def usage(self):
        """5.5.1.3 and 5.5.1.4; option on"""
        kind = self.sent["9C"][0]
        for matching, byte, switch_bit in ((kind in (0x01, 0x17), 1, 3), (kind == 0x09, 2, 2)):
            if matching and not usage_allowed(self.card, self.country, byte):
                if bit(self.ctq, 1, switch_bit):
                    return "18", None
                self.decline = True
        return None

    def authenticate(self):
        """5.6.1: only for what would be approved offline"""
        if self.online:
            return None
        failure = "no AIP bit for DDA" if not bit(self.card["82"], 1, 6) else self.chain
        self.oda = "failed" if failure else "ok"
        if not failure:
            return None
        if bit(self.ctq, 1, 6) and not self.offline_only:
            self.online = True
        elif bit(self.ctq, 1, 5) and bit(self.ttq, 1, 5):
            return "1D", "contact-chip"
        else:
            self.decline = True
        return None

    def choose_cvm(self):
        """5.7.1; open points: online PIN without CDCVM and CTQ is allowed, signature after unsupported PIN too"""
        required, pin, signature = bit(self.ttq, 2, 7), bit(self.ttq, 1, 3), bit(self.ttq, 1, 2)
        if self.ctq is None:
            if required and signature:
                self.cvm = "signature"
            elif required and pin:
                self.cvm, self.online = "online-pin", True
            elif required:
                self.decline = True
        elif bit(self.ctq, 1, 8) and pin:
            self.cvm, self.online = "online-pin", True
        elif bit(self.ctq, 2, 8):
            related = self.card.get("9F69")
            if related[5:7] == self.ctq if related is not None else self.type == "ARQC":
                self.cvm = "confirmation-code-verified"
            else:
                self.decline = True
        elif bit(self.ctq, 1, 7) and signature:
            self.cvm = "signature"
        elif required:
            self.decline = True

    def conclude(self):
        """5.8, 5.9; open points: a need to go online on an offline-only reader declines; 03 also with signature"""
        if self.decline or (self.online and self.offline_only):
            result, cvm, message = "declined", "no-cvm", "07"
        elif self.online:
            result, cvm, message = "online-request", self.cvm, "1B"
        else:
            result, cvm, message = "approved", self.cvm, "03"
        update = result == "online-request" and bit(self.ttq, 3, 8) and bit(self.ctq, 2, 7)
        shown = [("15", "ready-to-read"), ("17", READ_OK), (message, READ_OK)]
        return Expected(result, cvm, shown, oda=self.oda, with_record=result != "declined", issuer_update=update)


def data_record(terminal, card, sent):
    """C-3 annex, the objects of the data record that are present (c3 10)."""
    record = {tag: sent[tag] for tag in ("9F02", "9F1A", "5F2A", "9A", "9C", "9F37")}
    # 9F03 matters with cashback; emvtap sends it always, which the book does not forbid
    record |= {"9F03": sent["9F03"], "9F39": terminal.entry_mode, "9F33": terminal.capabilities, "95": bytes(5)}
    record |= {tag: card[tag] for tag in ("9F26", "82", "9F36", "5F34", "9F7C", "9F10", "57") if tag in card}
    if "9F6E" in card:  # 4.1.1.1
        record["9F6E"] = card["9F6E"][:3] + bytes([card["9F6E"][3] & 0xF0])
    return record


def chain_problem(terminal, card, static_data, sent, today):
    """Why offline data authentication must fail, or an empty string."""
    pan = card.get("5A", b"").hex().upper().rstrip("F") or card["57"].hex().upper().split("D")[0]
    try:
        rsa.check_chain(terminal.ca_keys, bytes.fromhex("A000000003"), card, static_data, sent, pan, today)
    except rsa.Bad as problem:
        return str(problem)
    except KeyError as missing:
        return f"{missing} is missing"
    return ""
