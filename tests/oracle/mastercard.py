"""What Kernel 2 has to do with a Mastercard card, from the public facts of Book C-2: action codes, CVM, relay resistance, track data,
the signature over the transaction, and the Outcome. Shares nothing with emvtap; keys and MACs are pyemv's."""

import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from pyemv import ac, kd, mac

import rsa
import tlv

try:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError:  # before it was moved
    from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES

DEFAULTS = {"DF8117": "00", "DF8118": "00", "DF8119": "00", "DF811A": "9F6A04", "DF811B": "00", "DF811E": "F0", "DF811F": "00",
            "DF8120": "840000000C", "DF8121": "840000000C", "DF8122": "840000000C", "DF8123": "00" * 6, "DF8124": "00" * 6,
            "DF8125": "00" * 6, "DF8126": "00" * 6, "DF812C": "F0", "DF8132": "0014", "DF8133": "0032", "DF8134": "0012",
            "DF8135": "0018", "DF8136": "012C", "DF8137": "32", "9F09": "0002", "9F40": "0000000000", "9F6D": "0001"}
TABLE_26 = ["9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36"]
EMV_RECORD = ("9F02 9F03 9F26 5F24 82 50 5A 5F34 9F12 9F36 9F07 9F09 9F27 9F34 84 9F1E 9F10 9F11 9F24 9F19 9F33 9F1A 9F35 95 57 9F53 "
              "5F2A 9A 9C 9F37").split()
MAG_STRIPE_RECORD = "50 9F12 84 9F11 9F6D 9F24 56 9F6B".split()
KINDS = {"purchase": 0x00, "cash": 0x01, "cashback": 0x09, "refund": 0x20}
CVMS = {0: "no-cvm", 1: "signature", 2: "online-pin", 3: "confirmation-code-verified", 15: None}


class Bad(Exception):
    """Something that must hold does not."""


def demand(holds, what):
    if not holds:
        raise Bad(what)


def bit(value, byte, number):
    return bool(value[byte - 1] >> (number - 1) & 1)


def number(value):
    """Binary coded decimal."""
    return int(value.hex())


# Cryptograms

def application_cryptogram(issuer, known, iad):
    """AC of M/Chip: CVN 16 and 17 with session keys from counter and unpredictable number, 20 and 21 with the common ones; 17 and 21
    with the counters of the Issuer Application Data."""
    master = kd.derive_icc_mk_a(issuer.master_key, issuer.pan, known["5F34"].hex())
    tail = known["9F37"] if iad[1] in (0x10, 0x11) else bytes(4)
    key = kd.derive_common_sk(master, known["9F36"] + bytes(2) + tail)
    data = b"".join(known[tag] for tag in TABLE_26) + iad[2:8] + (iad[10:18] if iad[1] & 1 else b"")
    return ac.generate_ac(key, data, ac.PaddingType.EMV)


def dynamic_data(terminal, card, static_data, signature, sent, hashed, pan, today):
    """Opens the signature of a GENERATE AC: the ICC dynamic data. Raises rsa.Bad."""
    ca = terminal.ca_keys.get((bytes.fromhex("A000000004"), card["8F"]))
    rsa.demand(ca is not None, "CA key is unknown")
    issuer = rsa.issuer_key(ca, card, pan, today)
    key = rsa.card_key(issuer, card, static_data + card["82"], pan, today)
    block = rsa.recover(key, signature, "signature")
    rsa.demand(block[1:3] == b"\x05\x01", "signature: format or hash algorithm")
    size = block[3]
    rsa.demand(size <= len(block) - 25 and set(block[4 + size:-21]) <= {0xBB}, "signature: padding")
    rsa.check_hash(block, sent["9F37"], "signature")
    dynamic = block[4:4 + size]
    first = dynamic[0]
    rsa.demand(2 <= first <= 8, "signature: ICC dynamic number")
    rest = dynamic[1 + first:]
    rsa.demand(rest[9:29] == hashlib.sha1(hashed).digest(), "signature: transaction data hash")
    return rest[:1], rest[1:9], rest[29:]


# Mag-stripe mode

def cvc3(key, track, digits, atc):
    iv = mac.mac_iso9797_3(key[:8], key[8:], track, 2)[-2:]
    engine = Cipher(TripleDES(key + key[:8]), modes.ECB()).encryptor()
    return engine.update(iv + digits + atc)[-2:]


def filled(data, checksum_map, number_map, counters, digits, atc, checksum, last):
    """The discretionary data (digits as text) with checksum, number and counter in their places, from the right."""
    data = list(data)

    def positions(bits):
        value = int.from_bytes(bits, "big")
        return [at for at in range(len(bits) * 8) if value >> at & 1]

    def put(places, text):
        for place, digit in zip(places, reversed(text.rjust(len(places), "0")), strict=False):
            data[len(data) - 1 - place] = digit

    places = positions(number_map)
    split = len(places) - counters
    put(positions(checksum_map), f"{int.from_bytes(checksum, 'big'):05}")
    put(places[:split], digits.hex())
    put(places[split:], f"{int.from_bytes(atc, 'big'):05}")
    data[-1] = str(last)
    return "".join(data)


# Decisions

class Reader:
    """The configuration of Kernel 2, and one transaction."""

    def __init__(self, terminal, tap, amount, clock):
        rows = {tag: bytes.fromhex(value) for tag, value in DEFAULTS.items()}
        objects = terminal.objects | {"9F1A": terminal.country, "5F2A": terminal.currency, "9F35": bytes.fromhex(terminal.type)}
        self.data = rows | objects
        self.kind = KINDS[tap.kind]
        self.amount, self.other = amount, tap.other
        self.today = tap.today
        self.data |= {"9F02": bytes.fromhex(f"{amount:012}"), "9F03": bytes.fromhex(f"{tap.other:012}"), "9C": bytes([self.kind]),
                      "9A": bytes.fromhex(clock[2:10].replace("-", "")), "9F21": bytes.fromhex(clock[11:19].replace(":", ""))}

    def over(self, tag):
        return self.amount > number(self.data[tag])

    def on_device(self, card):
        return bit(card["82"], 1, 2) and bit(self.data["DF811B"], 1, 6)

    def capabilities(self):
        return self.data["DF8117"] + self.data["DF8118" if self.over("DF8126") else "DF8119"] + self.data["DF811F"]

    def relay_resistance(self, answers):
        """TVR byte 5, and the ten bytes of the last answer; `answers`: (bytes, µs) of every exchange. None: the card lies."""
        word = lambda tag: int.from_bytes(self.data[tag], "big")
        for at, (answer, elapsed) in enumerate(answers):
            least, most, estimate = (int.from_bytes(answer[start:start + 2], "big") for start in (4, 6, 8))
            measured = max(0, elapsed // 100 - word("DF8134") - min(estimate, word("DF8135")))
            if measured < max(0, least - word("DF8132")):
                return None
            slow = measured > most + word("DF8133")
            demand(at == len(answers) - 1 or slow, "relay resistance: an exchange more than needed")
            demand(at < len(answers) - 1 or not slow or at == 2, "relay resistance: an exchange too few")
        ours, per_cent = word("DF8135"), word("DF8137")
        disagree = estimate == 0 or estimate * 100 // ours < per_cent or ours * 100 // estimate < per_cent
        exceeded = disagree or max(0, measured - least) > word("DF8136")
        return 0x02 | slow << 2 | exceeded << 3

    def restrictions(self, card):
        """TVR byte 2."""
        found = 0x80 if card.get("9F08", self.data["9F09"]) != self.data["9F09"] else 0
        day = self.data["9A"]
        century = lambda date: (0 if date[0] >= 0x50 else 1, date)
        if "5F25" in card and century(day) < century(card["5F25"]):
            found |= 0x20
        if century(day) > century(card["5F24"]):
            found |= 0x40
        if "9F07" not in card:
            return found
        usage, kind = card["9F07"], self.data["9F35"]
        atm = kind in (b"\x14", b"\x15", b"\x16") and bit(self.data["9F40"], 1, 8)
        if not bit(usage, 1, 2 if atm else 1):
            return found | 0x10
        if "5F28" not in card:
            return found
        home = card["5F28"] == self.data["9F1A"]
        any_of = lambda *bits: any(bit(usage, *one) for one in bits)
        if self.kind in (0x01, 0x17) and not any_of((1, 8 if home else 7)):
            found |= 0x10
        if self.kind in (0x00, 0x09) and not any_of(*(((1, 6), (1, 4)) if home else ((1, 5), (1, 3)))):
            found |= 0x10
        if self.other and not any_of((2, 8 if home else 7)):
            found |= 0x10
        return found

    def verification(self, card):
        """(CVM, 9F34, TVR byte 3, ICC data missing)."""
        none = lambda results, tvr=0, missing=False: (0, bytes.fromhex(results), tvr, missing)
        if self.on_device(card):
            return (3, bytes.fromhex("010002"), 0, False) if self.over("DF8126") else none("3F0002")
        if not bit(card["82"], 1, 5):
            return none("3F0000")
        rules = card.get("8E", b"")
        if not rules:
            return none("3F0000", 0, True)
        support = self.capabilities()[1]
        supported = {0x02: support & 0x40, 0x1E: support & 0x20, 0x1F: support & 0x08}
        cash, unattended = self.kind in (0x01, 0x17), self.data["9F35"][0] & 0x0F in (4, 5, 6)
        manual, cashback = cash and not unattended, self.kind == 0x09
        levels = int.from_bytes(rules[:4], "big"), int.from_bytes(rules[4:8], "big")
        ours = card.get("9F42") == self.data["5F2A"]
        tvr = 0
        pairs = [rules[at:at + 2] for at in range(8, len(rules) - 1, 2)]
        for at, (code, condition) in enumerate(pairs):
            level = levels[condition >= 8]
            holds = {0: True, 1: cash and unattended, 2: not (cash and unattended) and not manual and not cashback,
                     3: bool(supported.get(code & 0x3F)), 4: manual, 5: cashback, 6: ours and self.amount < level,
                     7: ours and self.amount > level, 8: ours and self.amount < level, 9: ours and self.amount > level}
            if not holds.get(condition):
                continue
            if code & 0x3F not in (0, 1, 2, 3, 4, 5, 0x1E, 0x1F):
                tvr |= 0x40
            elif supported.get(code & 0x3F):
                result = {0x02: (2, 0, 0x04), 0x1E: (1, 0, 0), 0x1F: (0, 2, 0)}[code & 0x3F]
                return result[0], bytes([code, condition, result[1]]), tvr | result[2], False
            if not code & 0x40 or at == len(pairs) - 1:
                failed = bytes([code, condition, 1]) if code & 0x3F == 0 else bytes.fromhex("3F0001")
                return 0, failed, tvr | 0x80, False
        return none("3F0001", tvr | 0x80)

    def action(self, card, tvr):
        """What is asked for: 00, 40, 80."""
        hits = lambda tac, iac: any(a & (b | c) for a, b, c in zip(tvr, self.data[tac], iac, strict=True))
        everything, nothing = b"\xff" * 5, bytes(5)
        if hits("DF8121", card.get("9F0E", nothing)):
            return 0x00
        kind = self.data["9F35"].hex()
        if kind in ("11", "21", "14", "24", "34"):
            return 0x80
        if kind in ("23", "26", "36", "13", "16"):
            return 0x00 if hits("DF8120", card.get("9F0D", everything)) else 0x40
        return 0x80 if hits("DF8122", card.get("9F0F", everything)) else 0x40

    def outcome(self, cid, capabilities, card):
        """The result of a good answer without a second tap."""
        if cid & 0xC0 != 0x00:
            return "approved" if cid & 0xC0 == 0x40 else "online-request"
        if self.kind not in (0x00, 0x01, 0x09, 0x17):
            return "end-application"
        third = card.get("9F6E", b"")
        device = len(third) >= 6 and not third[2] & 0x80 and third[4:6] != b"00"
        return "declined" if not bit(capabilities, 1, 6) or device else "try-another-interface"


def second_tap(card):
    information = card.get("DF4B", b"")
    return any(a & b for a, b in zip(information, bytes.fromhex("00030F"), strict=False))


def flat(data):
    return dict(tlv.flatten(data))
