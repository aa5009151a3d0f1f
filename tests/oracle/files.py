"""What the files of the repository say: cards, keys, terminals, CA keys (TOML). Only the parts the checks need."""

import tomllib
from pathlib import Path

import rsa

ROOT = Path(__file__).resolve().parents[2]
CURRENCIES = {"EUR": "0978"}


def load(path):
    with open(path, "rb") as file:
        return tomllib.load(file)


def merge(base, over):
    """`extends`: tables are merged, everything else is replaced."""
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = merge(base[key], value) if both else value
    return merged


def load_card(path):
    """A card profile with its `extends` followed; names are relative to cards/."""
    card = load(path)
    if "extends" in card:
        card = merge(load_card(ROOT / "cards" / (card["extends"] + ".toml")), card)
    return card


class Issuer:
    """What the issuer of a card knows: cryptogram version, master key, the PAN as personalised."""

    def __init__(self, profile, aid=None):
        applications = list(profile["application"].values())
        application = next((one for one in applications if one["aid"] == aid), applications[0])
        self.cvn = application["cryptogram"]["version"]
        key = load(ROOT / "cards" / "keys" / (application["keys"]["master"] + ".toml"))
        assert key["test"] is True and key["kind"] == "issuer-master"
        self.master_key = bytes.fromhex(key["value"])
        self.pan = application["data"]["5A"].replace(" ", "").rstrip("F")
        self.psn = f"{application['data']['5F34']:02}"
        self.name = application["data"].get("5F20", {"text": "NO NAME/ON CARD"})["text"]
        self.track2 = application["data"]["57"].replace(" ", "").upper()


def builtin_card(name):
    """`visa-credit` is cards/visa/credit.toml."""
    return ROOT / "cards" / (name.replace("-", "/", 1) + ".toml")


def minor_units(text):
    whole, _, cents = text.partition(".")
    return int(whole) * 100 + int((cents + "00")[:2])


class Terminal:
    """A terminal configuration with the `--set` overrides of one run applied."""

    def __init__(self, path, overrides):
        file = load(path)
        self.country = overrides.get("9F1A", bytes.fromhex("0" + file["country"]))
        self.currency = bytes.fromhex(CURRENCIES[file["currency"]])
        self.capabilities = overrides.get("9F33", bytes.fromhex(file["data"]["Terminal Capabilities"]))
        self.entry_mode = bytes.fromhex(file["data"].get("POS Entry Mode", ""))
        self.terminal_floor = overrides.get("9F1B")
        # The model of Entry Point follows Kernel 3; limits of other kernels in the same terminal are like its own.
        self.combinations = [one for one in file["combination"] if one["kernel"] == "03"]
        self.ttq = overrides.get("9F66")
        self.type = file["type"]
        self.exceptions = file.get("exceptions", [])
        self.options = file.get("kernel", {}).get("c3", {})
        self.revoked = [
            ((bytes.fromhex(one["rid"]), bytes.fromhex(one["index"])), bytes.fromhex(one["serial"])) for one in file.get("revoked", [])
        ]
        self.ca_keys = {}
        for name in file["ca-keys"]:
            self.ca_keys.update(load_ca_keys(name))


    def option(self, name, default):
        """A setting of kernel 3."""
        return self.options.get(name, default)


def load_ca_keys(name):
    """{(RID, index): key}; each checksum is recomputed, and a wrong one is fatal."""
    keys = {}
    for entry in load(ROOT / "terminals" / "ca" / (name + ".toml"))["key"]:
        rid, index = bytes.fromhex(entry["rid"]), bytes.fromhex(entry["index"])
        key = rsa.PublicKey(bytes.fromhex(entry["modulus"]), bytes.fromhex(entry["exponent"]))
        rsa.demand(rsa.ca_checksum(rid, index, key).hex().upper() == entry["checksum"], f"CA key {entry['index']}: checksum")
        keys[rid, index] = key
    return keys
