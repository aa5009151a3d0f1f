"""EMV certificates and signatures with integers and hashlib only (EMV Book 2 sections 5, 6 and annex A2)."""

import hashlib
from calendar import monthrange
from datetime import date
from typing import NamedTuple


class Bad(Exception):
    """A check of Book 2 failed; the text names it."""


class PublicKey(NamedTuple):
    modulus: bytes
    exponent: bytes


def demand(holds, what):
    if not holds:
        raise Bad(what)


def ca_checksum(rid, index, key):
    """Book 2 table 27: SHA-1 over RID, index, modulus and exponent."""
    return hashlib.sha1(rid + index + key.modulus + key.exponent).digest()


def recover(key, signed, what):
    """Open a signature block; checks length, header and trailer."""
    demand(len(signed) == len(key.modulus), f"{what}: {len(signed)} bytes, the key has {len(key.modulus)}")
    number = pow(int.from_bytes(signed, "big"), int.from_bytes(key.exponent, "big"), int.from_bytes(key.modulus, "big"))
    block = number.to_bytes(len(signed), "big")
    demand(block[-1] == 0xBC, f"{what}: trailer {block[-1]:02X}")
    demand(block[0] == 0x6A, f"{what}: header {block[0]:02X}")
    return block


def check_hash(block, rest, what):
    demand(hashlib.sha1(block[1:-21] + rest).digest() == block[-21:-1], f"{what}: hash")


def check_expiry(mmyy, today, what):
    """MMYY as BCD; the last day of the month still counts. Years 50 to 99 are 19xx."""
    month, year = int(mmyy[:1].hex()), int(mmyy[1:].hex())
    year += 1900 if year >= 50 else 2000
    demand(1 <= month <= 12, f"{what}: month {month}")
    demand(today <= date(year, month, monthrange(year, month)[1]), f"{what}: expired {month:02}/{year}")


def assemble_key(field, size, exponent_size, remainder, exponent, what):
    """The modulus from certificate field and remainder; padding and lengths must agree."""
    demand(exponent_size == len(exponent), f"{what}: exponent length")
    demand(exponent in (b"\x03", b"\x01\x00\x01"), f"{what}: exponent {exponent.hex()}")
    if size <= len(field):
        demand(not remainder, f"{what}: remainder that is not needed")
        demand(set(field[size:]) <= {0xBB}, f"{what}: padding")
        return PublicKey(field[:size], exponent)
    demand(len(remainder) == size - len(field), f"{what}: remainder length")
    return PublicKey(field + remainder, exponent)


def issuer_key(ca, card, pan, today, revoked=()):
    """Book 2 section 5.3: the issuer public key, or Bad. `revoked` are serial numbers of certificates of this CA key."""
    what = "issuer certificate"
    block = recover(ca, card["90"], what)
    demand(block[1] == 0x02, f"{what}: format {block[1]:02X}")
    demand(block[11] == 0x01, f"{what}: hash algorithm {block[11]:02X}")
    check_hash(block, card.get("92", b"") + card["9F32"], what)
    identifier = block[2:6].hex().upper().rstrip("F")
    demand(3 <= len(identifier) <= 8 and pan.startswith(identifier), f"{what}: issuer identifier {identifier}")
    check_expiry(block[6:8], today, what)
    demand(block[8:11] not in revoked, f"{what}: revoked")
    demand(block[12] == 0x01, f"{what}: key algorithm {block[12]:02X}")
    return assemble_key(block[15:-21], block[13], block[14], card.get("92", b""), card["9F32"], what)


def card_key(issuer, card, static_data, pan, today):
    """Book 2 section 6.4: the ICC public key, or Bad."""
    what = "ICC certificate"
    block = recover(issuer, card["9F46"], what)
    demand(block[1] == 0x04, f"{what}: format {block[1]:02X}")
    demand(block[17] == 0x01, f"{what}: hash algorithm {block[17]:02X}")
    check_hash(block, card.get("9F48", b"") + card["9F47"] + static_data, what)
    demand(block[2:12].hex().upper().rstrip("F") == pan, f"{what}: PAN")
    check_expiry(block[12:14], today, what)
    demand(block[18] == 0x01, f"{what}: key algorithm {block[18]:02X}")
    return assemble_key(block[21:-21], block[19], block[20], card.get("9F48", b""), card["9F47"], what)


def check_fdda(key, card, sent):
    """Kernel 3: the signed dynamic data 9F4B, version 01: 9F37, 9F02, 5F2A, whole 9F69 are hashed."""
    what = "signed dynamic data"
    demand("9F69" in card, f"{what}: 9F69 is missing")
    demand(card["9F69"][:1] == b"\x01", f"{what}: version {card['9F69'][:1].hex()}")
    block = recover(key, card["9F4B"], what)
    demand(block[1] == 0x05, f"{what}: format {block[1]:02X}")
    demand(block[2] == 0x01, f"{what}: hash algorithm {block[2]:02X}")
    size = block[3]
    demand(size <= len(block) - 25, f"{what}: dynamic data length")
    demand(set(block[4 + size:-21]) <= {0xBB}, f"{what}: padding")
    dynamic = block[4:4 + size]
    demand(dynamic and 2 <= dynamic[0] <= 8 and dynamic[0] < len(dynamic), f"{what}: ICC dynamic number")
    check_hash(block, sent["9F37"] + sent["9F02"] + sent["5F2A"] + card["9F69"], what)


def check_sda(issuer, card, static_data):
    """Book 2 section 5.4: the signed static application data 93."""
    what = "signed static data"
    block = recover(issuer, card["93"], what)
    demand(block[1] == 0x03, f"{what}: format {block[1]:02X}")
    demand(block[2] == 0x01, f"{what}: hash algorithm {block[2]:02X}")
    check_hash(block, static_data, what)


def check_chain(terminal, rid, card, static_data, sent, pan, today):
    """Everything from the CA key to the fDDA signature, or the static one. Raises Bad, and KeyError for an object that is missing."""
    ca = terminal.ca_keys.get((rid, card["8F"]))
    demand(ca is not None, f"CA key {card['8F'].hex().upper()} is unknown")
    if "9F4A" in card:
        demand(card["9F4A"] == b"\x82", "9F4A names more than the AIP")
        static_data += card["82"]
    revoked = [serial for key, serial in terminal.revoked if key == (rid, card["8F"])]
    issuer = issuer_key(ca, card, pan, today, revoked)
    if "9F4B" in card:
        check_fdda(card_key(issuer, card, static_data, pan, today), card, sent)
    else:
        check_sda(issuer, card, static_data)
