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


@dataclass
class Combination:
    """A combination after pre-processing: `sets` are the Dynamic Reader Limits (c3 13), by program id."""
    aid: bytes
    ttq: bytes
    allowed: bool
    extended: bool
    sets: dict

    def limits_for(self, program):
        """(TTQ, allowed): of the longest set whose id the card's 9F5A begins with, else of the combination."""
        matching = [name for name in self.sets if program is not None and program.startswith(name)]
        return self.sets[max(matching, key=len)] if matching else (self.ttq, self.allowed)


def judge(ttq, limits, amount, terminal_floor=None, zero_unless_stated=None):
    """Book B 3.1.1.2 to 3.1.1.12 for one set of limits: (copy of TTQ, allowed)."""
    ttq = bytearray(ttq)
    ttq[1] &= 0x3F  # 3.1.1.2
    zero_allowed = limits.get("zero-amount-allowed", zero_unless_stated)
    refused = zero = False
    if amount == 0 and zero_allowed is not None:  # 3.1.1.4
        refused, zero = not zero_allowed, zero_allowed
    if "transaction-limit" in limits:  # 3.1.1.5
        refused |= amount >= minor_units(limits["transaction-limit"])
    floor = terminal_floor  # 3.1.1.7
    if "floor-limit" in limits:  # 3.1.1.6
        floor = minor_units(limits["floor-limit"])
    online = floor is not None and amount > floor  # 3.1.1.9
    online |= limits.get("status-check", False) and amount == 100  # 3.1.1.3, 3.1.1.10
    if zero and bit(ttq, 1, 4):  # 3.1.1.11
        refused = True
    online |= zero and not bit(ttq, 1, 4)
    cvm = "cvm-required-limit" in limits and amount >= minor_units(limits["cvm-required-limit"])  # 3.1.1.8
    ttq[1] |= (0x80 if online else 0) | (0x40 if cvm else 0)
    return bytes(ttq), not refused


def preprocess(terminal, amount, kind):
    """Book B 3.1.1: the combinations that may be selected. One with limits by program always may; they count after SELECT."""
    found = []
    for settings in terminal.combinations:
        floor = None
        if terminal.terminal_floor is not None:
            floor = int.from_bytes(terminal.terminal_floor, "big")
        elif "terminal-floor-limit" in settings:
            floor = minor_units(settings["terminal-floor-limit"])
        if kind not in settings.get("types", TYPES):
            continue
        static = terminal.ttq or bytes.fromhex(settings["ttq"])
        ttq, allowed = judge(static, settings, amount, floor, zero_unless_stated=True)
        sets = {bytes.fromhex(one["program-id"]): judge(static, one, amount) for one in settings.get("dynamic-limits", [])}
        if allowed or sets:
            extended = settings.get("extended-selection", False)
            found += [Combination(bytes.fromhex(aid), ttq, allowed, extended, sets) for aid in settings["aids"]]
    return found


def candidates(ppse, combinations):
    """Book B 3.3.2.5: [(priority, place, name to select, index of the combination)], the best is the smallest (3.3.3.2)."""
    proprietary = dict(tlv.parse(tlv.only(ppse, "6F")))["A5"]
    directory = dict(tlv.parse(proprietary))["BF0C"]
    entries = [dict(tlv.parse(value)) for tag, value in tlv.parse(directory) if tag == "61"]
    found = []
    for index, combination in enumerate(combinations):
        for place, entry in enumerate(entries):
            name, kernel = entry.get("4F", b""), entry.get("9F2A") or b"\x03"
            if 5 <= len(name) <= 16 and name.startswith(combination.aid) and kernel[:1] in (b"\x03", b"\x00"):
                name += entry.get("9F29", b"") if combination.extended else b""  # 3.3.3.3
                found.append(((entry.get("87", b"\x0F")[0] & 0x0F) or 15, place, name, index))
    return found


def digits(value):
    """The digits of a compressed numeric or track 2 value."""
    return value.hex().upper().rstrip("F")


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
        self.terminal, self.ttq, self.ctq = terminal, sent["9F66"], card.get("9F6C")
        self.offline_only = bit(self.ttq, 1, 4)
        self.decline = self.online = False
        self.oda, self.cvm = None, "no-cvm"

    def expected(self):
        self.by_cryptogram()
        for step in (self.expiry, self.exception_file, self.usage, self.atm, self.authenticate):
            switch = None if self.decline else step()
            if switch:
                message, interface = switch
                return Expected("try-another-interface", ui=[(message, ERROR)], alternate_interface=interface, oda=self.oda)
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

    def exception_file(self):
        """5.5.1.2, for a TC only: an account, or one card of it"""
        pan, sequence = digits(self.card["57"]).split("D")[0], self.card.get("5F34", b"").hex()
        listed = pan in self.terminal.exceptions or f"{pan}/{sequence}" in self.terminal.exceptions
        self.decline |= self.type == "TC" and listed

    def atm(self):
        """5.5.1.5; option off unless the terminal says otherwise; only what would be approved offline"""
        if not self.terminal.option("atm-check", False) or self.terminal.type not in ("14", "15", "16") or self.online:
            return None
        if self.ctq is None:
            self.decline = True
        elif not bit(self.ctq, 1, 1) or "9F07" not in self.card:
            self.online = True
        elif bit(self.card["9F07"], 1, 2):
            return "18", None
        else:
            self.decline = True
        return None

    def usage(self):
        """5.5.1.3 and 5.5.1.4; options on"""
        kind = self.sent["9C"][0]
        cashback = kind == 0x09
        if self.terminal.option("cashback-by-amount", False):
            cashback |= kind == 0x00 and any(self.sent["9F03"])
        for matching, byte, switch_bit in ((kind in (0x01, 0x17), 1, 3), (cashback, 2, 2)):
            if matching and not usage_allowed(self.card, self.terminal.country, byte):
                if bit(self.ctq, 1, switch_bit):
                    return "18", None
                self.decline = True
        return None

    def authenticate(self):
        """5.6.1: for what would be approved offline; on an ARQC where the terminal wants that, without consequences"""
        online = self.type == "ARQC" and authenticates_online(self.terminal, self.ttq, self.card)
        if self.online and not online:
            return None
        self.oda = "failed" if self.chain else "ok"
        if self.online or not self.chain:
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
        elif bit(self.ctq, 2, 8) and (bit(self.ttq, 3, 7) or not self.terminal.option("vcps-before-2-1-3-cdcvm", False)):
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
        return Expected(result, cvm, [(message, READ_OK)], oda=self.oda, with_record=result != "declined", issuer_update=update)


def data_record(walk):
    """C-3 annex, the objects of the data record that are present (c3 10; c3 14 in mag-stripe mode)."""
    terminal, card, sent = walk.terminal, walk.card, walk.sent
    if walk.msd:
        # 5F2A and 9C are not in c3's list, but an amount without its currency is none
        record = {tag: sent[tag] for tag in ("9F02", "9F66", "9F37", "9A", "5F2A", "9C")} | {"9F39": b"\x91", "9F21": bytes.fromhex("120000")}
        kept = ("9F26", "5F34", "9F36", "9F7C", "9F6E", "9F10", "57", "5F20", "9F1F")
        return record | {tag: card[tag] for tag in kept if tag in card}
    record = {tag: sent[tag] for tag in ("9F02", "9F1A", "5F2A", "9A", "9C", "9F37")}
    # 9F03 matters with cashback; emvtap sends it always, which the book does not forbid
    record |= {"9F03": sent["9F03"], "9F39": terminal.entry_mode, "9F33": terminal.capabilities, "95": bytes(5)}
    record |= {tag: card[tag] for tag in ("9F26", "82", "9F36", "5F34", "9F7C", "9F10", "57") if tag in card}
    if "9F6E" in card:  # 4.1.1.1
        record["9F6E"] = card["9F6E"][:3] + bytes([card["9F6E"][3] & 0xF0])
    return record


def mag_stripe(walk):
    """The path of older books (c3 14): track data, always online; the CVM is the reader's, signature before PIN."""
    cvm = None
    if "57" not in walk.card:
        return Expected("end-application", ui=[("1C", ERROR)])
    if not bit(walk.ttq, 2, 7):
        cvm = "no-cvm"
    elif bit(walk.ttq, 1, 2):
        cvm = "signature"
    elif bit(walk.ttq, 1, 3):
        cvm = "online-pin"
    return Expected("online-request", cvm, [("1B", READ_OK)], with_record=True)


def authenticates_online(terminal, ttq, card):
    """C-3 3.3.4: TTQ byte 1 bit 1, an option of the terminal, and a card that can."""
    fdda = terminal.option("fdda-for-online", False) and bit(card["82"], 1, 6)
    sda = terminal.option("sda-for-online", False) and bit(card["82"], 1, 7)
    return bit(ttq, 1, 1) and (fdda or sda)


def chain_problem(terminal, card, static_data, sent, today):
    """Why offline data authentication must fail, or an empty string. 9F4B decides for fDDA, else 93 for SDA (5.6.1.1)."""
    pan = digits(card["5A"]) if "5A" in card else digits(card["57"]).split("D")[0]
    if "9F4B" in card and not bit(card["82"], 1, 6):
        return "no AIP bit for DDA"
    try:
        rsa.check_chain(terminal, bytes.fromhex("A000000003"), card, static_data, sent, pan, today)
    except rsa.Bad as problem:
        return str(problem)
    except KeyError as missing:
        return f"{missing} is missing"
    return ""
