"""Certificates and signatures of test-vectors/suites/c2, made from the test keys in cards/keys with nothing but Python's integers and
SHA-1 (EMV Book 2, tables 6, 13, 14, 18, 22; Book C-2 for what relay resistance adds).

    python3 tests/oracle/suite_certificates_c2.py     # says which stated values are those that this script makes
"""

import hashlib
import pathlib
import tomllib

from suite_certificates import ROOT, Key, certificate as any_certificate

CA, ISSUER, CARD = Key("mc-ca-e1"), Key("mc-issuer-a"), Key("mc-card-a")
PAN = "5413330089001102"


def tlv(tag, value):
    value = value.replace(" ", "")
    length = len(value) // 2
    return f"{tag}{length:02X}{value}" if length < 128 else f"{tag}81{length:02X}{value}"


CDOL1 = "9F02069F03069F1A0295055F2A029A039C019F37049F35019F45029F4C089F34039F21039F7C14"
# Record 2.1 of mastercard/credit, the one that is signed.
OBJECTS = [
    ("57", "5413330089001102D30122010000012300000F"), ("5A", PAN), ("5F24", "301231"), ("5F25", "220101"), ("5F28", "0276"), ("5F30", "0201"),
    ("5F34", "01"), ("8C", CDOL1), ("8E", "00000000000000005E0342031F03"), ("9F07", "FFC0"), ("9F08", "0002"), ("9F0D", "F45084800C"),
    ("9F0E", "0000000000"), ("9F0F", "F45084800C"), ("9F42", "0978"), ("9F4A", "82"),
]
RECORD = bytes.fromhex("".join(tlv(tag, value) for tag, value in OBJECTS))


def issuer(who="541333FF", expiry="1235", serial="000001", format=2, subject=ISSUER, **rest):
    return any_certificate(CA, subject, format, bytes.fromhex(who), expiry, serial, **rest)


def card(pan=PAN, expiry="1235", static=RECORD + b"\x19\x80", format=4, subject=CARD, **rest):
    return any_certificate(ISSUER, subject, format, bytes.fromhex(pan.ljust(20, "F")), expiry, "000002", static, **rest)


IAD = "0110A00003220000000000000000000000FF"
CRYPTOGRAM = "1122334455667788"


def asked(amount="000000001250", tvr="0000008001", cvm="1F0302", number="A1B2C3D4"):
    """The values of CDOL1 at the terminal mc-attended."""
    return f"{amount}0000000000000056{tvr}0978261122 00{number}220000{'00' * 8}{cvm}123456{'00' * 20}".replace(" ", "")


def answered(cid="80", atc="0001", iad=IAD, more=""):
    return tlv("9F27", cid) + tlv("9F36", atc) + tlv("9F10", iad) + more


def signature(cid="80", cryptogram=CRYPTOGRAM, number="A1B2C3D4", pdol="", sent=None, objects=None, dynamic="0102030405060708", extra="", hashed=None, said=None,
              format=5, hash=1, header=0x6A, key=CARD, digest=None, **end):
    """9F4B of a combined signature. `said`: another length of the dynamic data than is right."""
    sent, objects = asked() if sent is None else sent, answered(cid) if objects is None else objects
    digest = digest or hashlib.sha1(bytes.fromhex(pdol + sent + objects)).hexdigest()
    data = bytes.fromhex(f"{len(dynamic) // 2:02X}" + dynamic + cid + cryptogram + digest + extra)
    body = (bytes([format, hash, len(data) if said is None else said]) + data).ljust(key.length - 22, b"\xBB")
    return key.sign(header, body, bytes.fromhex(number), **end)


def answer(objects=None, **how):
    """The whole answer to GENERATE AC."""
    objects = answered(how.get("cid", "80")) if objects is None else objects
    return tlv("77", objects + tlv("9F4B", signature(objects=how.pop("over", objects), **how)))
