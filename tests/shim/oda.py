"""Offline data authentication as Kernel 3 does it: fDDA version 01 (EMV Book 2, 6; C-3, Annex C)."""

import calendar
import datetime
import hashlib

from emv import digits, objects


class Failed(Exception):
    """Authentication failed; says where."""


def recovered(signature, key, header, what):
    """The content of a signature that has the right frame."""
    modulus, exponent = key
    if len(signature) != len(modulus):
        raise Failed(f"{what}: length")
    number = pow(int.from_bytes(signature, "big"), int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
    content = number.to_bytes(len(modulus), "big")
    if content[0] != 0x6A or content[1] != header or content[-1] != 0xBC:
        raise Failed(f"{what}: frame")
    return content


def check_hash(content, rest, what):
    if hashlib.sha1(content[1:-21] + rest).digest() != content[-21:-1]:
        raise Failed(f"{what}: hash")


def check_date(month_year, today, what):
    month, year = int(month_year[:1].hex()), 2000 + int(month_year[1:].hex())
    if not 1 <= month <= 12 or datetime.date(year, month, calendar.monthrange(year, month)[1]) < today:
        raise Failed(f"{what}: expired")


def public_key(field, length, remainder, exponent, what):
    """A modulus whose end may stand outside the certificate."""
    modulus = field[:length] if length <= len(field) else field + remainder
    if len(modulus) != length or exponent not in (b"\x03", b"\x01\0\x01"):
        raise Failed(f"{what}: key")
    return modulus, exponent


def issuer_key(card, terminal, today):
    index, rid = card["8F"].hex().upper(), terminal["rid"]
    ca = next((key for key in terminal["ca_keys"] if key["rid"] == rid and key["index"] == index), None)
    if ca is None:
        raise Failed("CA key: unknown")
    what = "issuer certificate"
    content = recovered(card["90"], (bytes.fromhex(ca["modulus"]), bytes.fromhex(ca["exponent"])), 0x02, what)
    remainder, exponent = card.get("92", b""), card["9F32"]
    check_hash(content, remainder + exponent, what)
    prefix = digits(content[2:6])
    if len(prefix) < 3 or not pan(card).startswith(prefix):
        raise Failed(f"{what}: identifier")
    check_date(content[6:8], today, what)
    serial = content[8:11].hex().upper()
    if any((entry["rid"], entry["index"], entry["serial"]) == (rid, index, serial) for entry in terminal["revoked"]):
        raise Failed(f"{what}: revoked")
    if content[11:13] != b"\1\1":
        raise Failed(f"{what}: algorithm")
    return public_key(content[15:-21], content[13], remainder, exponent, what)


def card_key(card, issuer, static, today):
    what = "card certificate"
    content = recovered(card["9F46"], issuer, 0x04, what)
    remainder, exponent = card.get("9F48", b""), card["9F47"]
    check_hash(content, remainder + exponent + static, what)
    if digits(content[2:12]) != pan(card):
        raise Failed(f"{what}: PAN")
    check_date(content[12:14], today, what)
    if content[17:19] != b"\1\1":
        raise Failed(f"{what}: algorithm")
    return public_key(content[21:-21], content[19], remainder, exponent, what)


def pan(card):
    return digits(card["5A"]) if "5A" in card else card["57"].hex().upper().split("D")[0]


def authenticate(card, reader, terminal, records, today):
    """Raises Failed unless the card has proved that it is one. `records`: what is authenticated statically; None if it cannot be."""
    missing = [tag for tag in ("9F4B", "8F", "90", "9F32", "9F46", "9F47", "9F69") if tag not in card]
    if missing:
        raise Failed(f"missing: {missing[0]}")
    if not card["82"][0] & 0x20:
        raise Failed("AIP: no DDA")
    if card["9F69"][:1] != b"\x01":
        raise Failed("9F69: version")
    if records is None:
        raise Failed("static data: no template 70")
    if "9F4A" in card:
        if card["9F4A"] != b"\x82":
            raise Failed("static data: tag list")
        records += card["82"]
    issuer = issuer_key(card, terminal, today)
    key = card_key(card, issuer, records, today)
    content = recovered(card["9F4B"], key, 0x05, "signature")
    check_hash(content, reader["9F37"] + reader["9F02"] + reader["5F2A"] + card["9F69"], "signature")
    if content[2] != 1:
        raise Failed("signature: algorithm")
    if content[3] > len(content) - 25:
        raise Failed("signature: length of dynamic data")


def static_data(sfi, record):
    """What a record adds to the static data; None if it is no template 70."""
    try:
        parts = list(objects(record))
    except Exception:
        return None
    if len(parts) != 1 or parts[0][0] != "70":
        return None
    return parts[0][1] if sfi <= 10 else record
