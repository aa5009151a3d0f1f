"""One tap as a terminal must go through it: which command has to come next (Book B 3.3, C-3 3 and 4), and where the answers
lead. Follows what was exchanged; what it computes itself is what had to be sent, and the outcome."""

import model
import tlv
from model import ERROR, READ_OK, Expected, bit

MANDATORY = ("9F26", "82", "9F36", "9F10", "57")  # 5.4.2.1; 84 and 9F38 come with the FCI
# What a reader knows better than a card (Book B 3.6.1.1).
OF_THE_READER = {"9F02", "9F03", "9F1A", "5F2A", "9A", "9C", "9F37", "9F66", "95", "9F33", "9F35", "9F40", "9F21", "9F39"}


class End(Exception):
    """The kernel ends the application (5.2.2.2, 5.4)."""


class Walk:
    """`expected` is the Outcome that has to come, or None where no source says which."""

    def __init__(self, terminal, exchanges, amount, kind, other, today):
        self.terminal, self.exchanges, self.at = terminal, exchanges, 0
        self.amount, self.kind, self.other, self.today = amount, kind, other, today
        self.ui = [("15", "ready-to-read")]
        self.aid, self.ttq, self.msd, self.nothing_left = None, None, False, False
        self.fci, self.sent, self.card, self.static_data = {}, {}, {}, b""
        self.chain = None
        self.expected = self.tap()

    @property
    def after(self):
        """The exchanges that came after the kernel had decided."""
        return self.exchanges[self.at:]

    def situations(self):
        """What this tap went through, for the counts: (name, whether)."""
        answers = [exchange["response"] for exchange in self.exchanges if exchange["name"] == "GET PROCESSING OPTIONS"]
        terminal, decided = self.terminal, bool(self.card) and not self.msd
        yield "refused before the card", not self.exchanges
        yield "refused GPO", any(not answer.endswith("9000") for answer in answers)
        yield "see phone", any(answer.endswith("6986") for answer in answers)
        yield "select next", len(answers) > 1 and answers[0].endswith("6985")
        yield "mag-stripe mode", self.msd
        yield "limits by program", decided and any("dynamic-limits" in one for one in terminal.combinations)
        yield "exception file", decided and bool(terminal.exceptions)
        yield "ATM check", decided and terminal.option("atm-check", False)
        yield "authenticated online", decided and model.authenticates_online(terminal, self.ttq, self.card)
        yield "ended by the kernel", self.expected is not None and self.expected.ui[-1:] == [("1C", ERROR)]

    def take(self, command, name):
        """The body and the status word of the answer to `command`, which has to be next."""
        if self.at >= len(self.exchanges):
            raise ValueError(f"{name} {command.hex().upper()} should have been sent")
        exchange = self.exchanges[self.at]
        if exchange["command"] != command.hex().upper() or exchange["name"] != name:
            raise ValueError(f"exchange {self.at + 1} should be {name} {command.hex().upper()}, and is {exchange}")
        self.at += 1
        response = bytes.fromhex(exchange["response"])
        return response[:-2], response[-2:].hex().upper()

    def tap(self):
        combinations = model.preprocess(self.terminal, self.amount, self.kind)
        if not combinations:  # 3.1.1.13
            self.ui = []
            return Expected("try-another-interface", ui=[("18", ERROR)])
        for _ in range(4):
            outcome = self.presentment(combinations)
            if outcome != "try again":
                return outcome
            if self.terminal.option("see-phone", "try-again") == "end-application":
                self.nothing_left = True
                return None  # the terminal restarts by itself; how often is its own affair
            self.ui += [("20", ERROR), (None, "ready-to-read")]
        raise ValueError("the terminal tries again and again")

    def presentment(self, combinations):
        """Start B to the kernel's Outcome."""
        ppse, status = self.take(bytes.fromhex("00A404000E") + b"2PAY.SYS.DDF01" + b"\0", "SELECT PPSE")
        candidates = model.candidates(ppse, combinations) if status == "9000" else []
        while candidates:
            candidate = min(candidates)
            candidates.remove(candidate)
            _, _, name, index = candidate
            fci, status = self.take(bytes.fromhex("00A40400") + bytes([len(name)]) + name + b"\0", "SELECT")
            if status != "9000":  # 3.3.3.5
                continue
            objects = list(tlv.flatten(fci))
            self.aid, self.fci = combinations[index].aid, dict(objects)
            if not any(tag == "9F66" for tag, _ in tlv.parse_dol(self.fci.get("9F38", b""))):  # 3.3.3.6
                continue
            self.ttq, allowed = combinations[index].limits_for(self.fci.get("9F5A"))
            if not allowed:
                continue
            outcome = self.kernel(objects)
            if outcome != "select next":
                return outcome
        self.nothing_left = True
        return Expected("end-application", ui=[("1C", "ready-to-read")])  # 3.3.2.7

    def kernel(self, objects):
        emv = bit(self.ttq, 1, 6)
        gpo, status = self.initiate()
        if status == "6985":
            return "select next"
        if status == "6984" and emv:
            return Expected("try-another-interface", ui=[("1D", ERROR)], alternate_interface="contact-chip")
        if status == "6986" and emv:
            return "try again"
        if status != "9000":
            return Expected("end-application", ui=[("1C", ERROR)])
        try:
            readable = self.read(gpo, objects)
        except (End, tlv.TlvError):
            return Expected("end-application", ui=[("1C", ERROR)])
        if self.terminal.option("duplicates", "after-reading") == "while-reading" and len(objects) > len(dict(objects)):
            return Expected("end-application", ui=[("1C", ERROR)])
        self.ui.append(("17", READ_OK))  # 5.4.1.1
        try:
            self.merge(objects)
            offered = self.terminal.option("msd", False) and bit(self.ttq, 1, 8)
            self.msd = offered and (not emv or bit(self.card["82"], 2, 8))
            if self.msd:
                return model.mag_stripe(self)
            self.complete()
        except End:
            return Expected("end-application", ui=[("1C", ERROR)])
        self.chain = "" if readable else "a signed record is no template 70"
        self.chain = self.chain or model.chain_problem(self.terminal, self.card, self.static_data, self.sent, self.today)
        if self.kind == "refund":  # open in every source: no outcome to compare
            return None
        return model.Decision(self.terminal, self.card, self.sent, self.chain, self.today).expected()

    def initiate(self):
        """GPO: the values of the PDOL; only 9F37 is free."""
        dol = tlv.parse_dol(self.fci["9F38"])
        free = bytes.fromhex(self.exchanges[self.at]["command"])[7:-1] if self.at < len(self.exchanges) else b""
        wanted = {
            "9F66": self.ttq, "9F02": bytes.fromhex(f"{self.amount:012}"), "9F03": bytes.fromhex(f"{self.other:012}"),
            "9F1A": self.terminal.country, "95": bytes(5), "5F2A": self.terminal.currency,
            "9A": bytes.fromhex(self.today.strftime("%y%m%d")), "9C": bytes([model.TYPES[self.kind]]),
            "9F37": tlv.split_by_dol(dol, free)["9F37"],
        }
        self.sent = {tag: wanted[tag] for tag, _ in dol}
        values = b"".join(self.sent[tag] for tag, _ in dol)
        field = b"\x83" + bytes([len(values)]) + values
        return self.take(bytes.fromhex("80A80000") + bytes([len(field)]) + field + b"\0", "GET PROCESSING OPTIONS")

    def read(self, gpo, objects):
        """GPO answer and records; False if a signed record cannot be authenticated."""
        ((template, value),) = tlv.parse(gpo)
        if template == "80":
            if len(value) < 6 or len(value) % 4 != 2:
                raise End
            answer = [("82", value[:2]), ("94", value[2:])]
        elif template == "77":
            answer = list(tlv.flatten(value))
        else:
            raise End
        objects += answer
        found = dict(answer)
        if len(found.get("82", b"")) != 2:
            raise End
        self.static_data, readable = b"", True
        afl = found.get("94", b"")
        for sfi, first, last, signed in (afl[i:i + 4] for i in range(0, len(afl), 4)):
            if sfi & 7 or not 1 <= sfi >> 3 <= 30 or not 1 <= first <= last or signed > last - first + 1:
                raise End
            for number in range(first, last + 1):
                record, status = self.take(bytes([0x00, 0xB2, number, sfi | 4, 0x00]), "READ RECORD")
                is_template = record[:1] == b"\x70"
                if status != "9000" or (sfi >> 3 <= 10 and not is_template):
                    raise End
                objects += tlv.flatten(record)
                if number - first < signed:
                    readable &= is_template
                    self.static_data += tlv.only(record, "70") if sfi >> 3 <= 10 else record
        return readable

    def merge(self, objects):
        """5.4.2.2: every object once."""
        self.card = {}
        for tag, value in objects:
            if tag in OF_THE_READER:
                continue
            if tag in self.card:
                raise End
            self.card[tag] = value

    def complete(self):
        """5.4.2.1 and A.2: what must be there, and the two PANs."""
        needed = list(MANDATORY)
        if self.for_online():
            needed += ["8F", "90", "9F32", "5A"]
            needed += ["9F46", "9F47", "9F69"] if "9F4B" in self.card else ["93"]
        if any(tag not in self.card for tag in needed):
            raise End
        if "5A" in self.card and model.digits(self.card["5A"]) != model.digits(self.card["57"]).split("D")[0]:
            raise End
        if "9F27" not in self.card and len(self.card["9F10"]) < 5:  # 5.4.3.1
            raise End

    def for_online(self):
        return model.authenticates_online(self.terminal, self.ttq, self.card)
