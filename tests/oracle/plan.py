"""Which taps are run: built-in cards and terminals, and variants of them."""

from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

import files

AMOUNTS = ["0.00", "1.00", "4.00", "20.00", "40.00", "75.00"]
SEEDS = [1, 7]
# At and around the limits of the built-in terminals.
EDGES = ["4.99", "5.00", "5.01", "24.99", "25.00", "30.00", "30.01", "49.99", "50.00", "50.01", "499.99", "500.00"]
TTQS = ["36004000", "B6004000", "26004000", "16004000", "32004000", "34004000", "30004000", "20000000", "28004000", "2E004000",
        "37004000", "36C04000", "3600C000", "36000000"]
# For terminals that take more than EMV mode without dynamic limits: authentication for online, both modes, only mag-stripe mode.
OTHER_TTQS = ["21004000", "2F004000", "37C08000", "96004000", "B6C04000", "28004000"]
PROGRAM_EDGES = ["0.00", "19.99", "20.00", "30.00", "30.01", "99.99", "100.00", "199.99", "200.00", "999.99", "1000.00"]
# Cards that extend a built-in one: what differs in the data, and what is left out of the GPO answer.
CTQS = ["0000", "8000", "4000", "C000", "2000", "1000", "3000", "0800", "0400", "0200", "0080", "8080", "4080", "0040", "0100", "FEC0"]
FAULTY = {
    "other-9f4b": {"9F4B": "5A" * 128},
    "short-9f4b": {"9F4B": "5A" * 64},
    "no-dda": {"82": "0000"},
    "9f4a-more": {"9F4A": "8284"},
    "unknown-ca": {"8F": "99"},
    "old-fdda": {"9F69": "00112233442800"},
    "other-ctq-in-9f69": {"9F69": "01112233440000"},
    "short-9f69": {"9F69": "0111223344"},
    "no-usage": {"9F07": "0000"},
    "home-usage": {"9F07": "8080"},
    "ends-on-the-day": {"5F24": "260615"},
    "ended-yesterday": {"5F24": "260614"},
}
FAULTY_CTQS = ["0000", "1000", "2000", "3000", "0480", "0280", "2880"]


@dataclass(frozen=True)
class Tap:
    """One run of `emvtap pay`."""
    card: str
    terminal: str
    amount: str
    seed: int = 1
    kind: str = "purchase"
    overrides: tuple = ()
    host: str = "sim"
    clock: str = ""
    masked_too: bool = False

    @property
    def other(self):
        """The cashback part, in minor units."""
        return 100 if self.kind == "cashback" else 0

    @property
    def today(self):
        return date.fromisoformat(self.clock[:10] or "2026-06-15")

    @property
    def label(self):
        return "variants" if self.card.endswith(".toml") else self.card

    def arguments(self):
        words = ["pay", self.amount, "--card", self.card, "--terminal", self.terminal, "--seed", str(self.seed)]
        words += ["--type", self.kind, "--host", self.host]
        if self.kind == "cashback":
            words += ["--other", "1.00"]
        if self.clock:
            words += ["--clock", self.clock]
        for override in self.overrides:
            words += ["--set", override]
        return words


def variants(folder):
    """Cards that differ from built-in ones in one point, written as files; yields (path, whether to try many TTQs)."""
    def write(name, base, data, more=""):
        text = "\n".join(f'"{tag}" = "{value}"' for tag, value in data.items())
        path = Path(folder) / (name + ".toml")
        path.write_text(f'schema = "emvtap.card/1"\nextends = "visa/{base}"\ntitle = "{name}"\n{more}\n'
                        f"[application.visa.data]\n{text}\n")
        return str(path)

    for base, ctq in product(("credit", "debit-offline", "expired"), CTQS):
        yield write(f"{base}-{ctq}", base, {"9F6C": ctq}), True
    for (name, data), ctq in product(FAULTY.items(), FAULTY_CTQS):
        yield write(f"{name}-{ctq}", "debit-offline", {"9F6C": ctq} | data), False
    for leave_out, base in product(("9F6C", "9F27", "9F6E"), ("credit", "debit-offline")):
        card = files.load_card(files.ROOT / "cards" / "visa" / (base + ".toml"))
        gpo = card["application"]["visa"]["gpo"]
        lists = "\n".join(f"{kind} = {[tag for tag in tags if tag != leave_out]}" for kind, tags in gpo.items())
        yield write(f"{base}-without-{leave_out}", base, {}, f"[application.visa.gpo]\n{lists}\n"), True


def plan(every_card, terminals, cards, folder):
    """Every tap to run."""
    others = [card for card in every_card if card not in cards]
    for card, terminal, amount in product(others, terminals, [*AMOUNTS, "600.00"]):
        yield Tap(card, terminal, amount)
    for card, kind in product(every_card, ("cash", "cashback", "refund")):
        for terminal in ("cash-desk", "atm", "retail-offline", "msd-legacy"):
            yield Tap(card, terminal, "20.00", kind=kind)
        for country in ("0276", "0840"):
            yield Tap(card, "cash-desk", "20.00", kind=kind, overrides=("9F1A=" + country, "9F66=36004000"))
        yield Tap(card, "retail-offline", "4.00", kind=kind)
    for card, ttq in product(others, TTQS):
        yield Tap(card, "retail-offline", "4.00", overrides=("9F66=" + ttq,))
    for card, terminal, ttq in product(every_card, ("transit-gate", "msd-legacy", "retail-programs", "retail-exceptions"), OTHER_TTQS):
        yield Tap(card, terminal, "4.00", overrides=("9F66=" + ttq,))
    for card, amount in product(every_card, PROGRAM_EDGES):
        yield Tap(card, "retail-programs", amount)
    for card, terminal, amount, seed in product(cards, terminals, AMOUNTS, SEEDS):
        yield Tap(card, terminal, amount, seed, masked_too=seed == 1 and amount in ("0.00", "4.00", "40.00"))
    for card, terminal, kind in product(cards, terminals, ("cash", "cashback", "refund")):
        yield Tap(card, terminal, "20.00", kind=kind)
        yield Tap(card, terminal, "20.00", kind=kind, overrides=("9F1A=0276",))
    for card, ttq, amount in product(cards, TTQS, ("4.00", "75.00")):
        yield Tap(card, "retail-offline", amount, overrides=("9F66=" + ttq,))
    for card, terminal, amount in product(("visa-debit-offline", "visa-phone"), terminals, EDGES):
        yield Tap(card, terminal, amount)
    for card, host in product(cards, ("decline", "offline")):
        yield Tap(card, "retail-attended", "20.00", host=host)
    for card, day in product(cards, ("2030-12-31", "2031-01-01", "2024-06-30")):
        yield Tap(card, "retail-offline", "4.00", clock=day + "T12:00:00Z")
    yield from (Tap(card, "offline-only", "4.00", overrides=("9F1B=00000064",)) for card in cards)
    for path, many in variants(folder):
        ttqs = ("36004000", "22004000", "28004000", "3600C000") if many else ("36004000", "28004000")
        for ttq, amount in product(ttqs, ("4.00", "75.00") if many else ("4.00",)):
            yield Tap(path, "retail-offline", amount, overrides=("9F66=" + ttq,))
        for kind in ("cash", "cashback"):
            yield Tap(path, "retail-offline", "4.00", kind=kind)
