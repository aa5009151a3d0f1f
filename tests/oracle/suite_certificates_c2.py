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


EXCHANGED = "B1B2B3B4C0FFEE01000F00280018"  # relay resistance: both entropies, minimum, maximum, estimate


def after_relay(extra):
    return answer(sent=asked(tvr="0000008002", number="B1B2B3B4"), number="B1B2B3B4", extra=extra)


LONG = "9F27810180" + tlv("9F36", "0001") + tlv("9F10", IAD)
LATE = answered(iad="0110A50003220000000000000000000000FF")
# What is wrong, or just right: the name of the variant → the value.
MADE = {
    ("C2-CDA-010", "90"): {
        "header": issuer(header=0x4A), "trailer": issuer(trailer=0xBD), "format": issuer(format=4), "hash": issuer(wrong=1),
        "hash-algorithm": issuer(hash=2), "key-algorithm": issuer(algorithm=2), "key-length": issuer(length=175),
        "identifier-other": issuer("476173FF"), "identifier-last-digit": issuer("541334FF"),
        "identifier-eight-digits-other": issuer("54133309"), "expired-last-month": issuer(expiry="1026"),
        "expired-last-year": issuer(expiry="1225"),
    },
    ("C2-CDA-011", "90"): {
        "as-it-is": issuer(), "identifier-three-digits": issuer("541FFFFF"), "identifier-eight-digits": issuer("54133300"),
        "this-month": issuer(expiry="1126"), "next-january": issuer(expiry="0127"), "other-serial": issuer(serial="ABCDEF"),
    },
    ("C2-CDA-012", "9F46"): {
        "header": card(header=0x4A), "trailer": card(trailer=0xBD), "format": card(format=2), "hash": card(wrong=1),
        "hash-algorithm": card(hash=2), "key-algorithm": card(algorithm=2), "key-length-shorter": card(length=127),
        "key-length-longer": card(length=160), "pan-other": card("5413330089001103"), "pan-longer": card(PAN + "0"),
        "pan-shorter": card(PAN[:-1]), "expired-last-month": card(expiry="1026"), "expired-last-year": card(expiry="1225"),
        "without-aip": card(static=RECORD), "another-aip": card(static=RECORD + b"\x18\x80"), "without-records": card(static=b"\x19\x80"),
    },
    ("C2-CDA-013", "9F46"): {"as-it-is": card(), "this-month": card(expiry="1126"), "next-january": card(expiry="0127")},
    ("C2-CDA-020", "answer"): {
        "header": answer(header=0x4A), "trailer": answer(trailer=0xBD), "format": answer(format=3), "hash": answer(wrong=1),
        "hash-algorithm": answer(hash=2), "dynamic-data-too-long": answer(said=104), "dynamic-data-too-short": answer(said=20),
        "other-number": answer(number="A1B2C3D5"), "number-zero": answer(number="00000000"), "no-number": answer(number=""),
        "key-of-the-issuer": answer(key=ISSUER), "dynamic-number-one-byte": answer(dynamic="01"),
        "dynamic-number-nine-bytes": answer(dynamic="010203040506070809"),
    },
    ("C2-CDA-021", "answer"): {
        "cid-in-signature-tc": answer(answered(), cid="40"), "cid-in-signature-other-bits": answer(answered(), cid="81"),
        "cid-in-answer": answer(answered("88"), cid="80"),
    },
    ("C2-CDA-022", "answer"): {
        "amount": answer(sent=asked(amount="000000001251")), "tvr": answer(sent=asked(tvr="0000000001")),
        "cvm-results": answer(sent=asked(cvm="3F0002")), "without-cdol": answer(sent=""), "with-pdol": answer(pdol="00"),
        "counter": answer(answered(), over=answered(atc="0002")), "issuer-data": answer(answered(), over=LATE),
        "without-objects": answer(answered(), over=""),
        "order": answer(answered(), over=tlv("9F36", "0001") + tlv("9F27", "80") + tlv("9F10", IAD)),
        "object-more": answer(answered(more=tlv("9F7B", "01")), over=answered()),
        "object-less": answer(answered(), over=answered(more=tlv("9F7B", "01"))),
    },
    ("C2-CDA-023", "answer"): {
        "as-it-is": answer(), "another-cryptogram": answer(cryptogram="FFFFFFFFFFFFFFFF"), "dynamic-number-two-bytes": answer(dynamic="0102"),
        "unknown-object": answer(answered(more=tlv("9F7B", "01"))), "cryptogram-beside-the-signature": answer(answered(more=tlv("9F26", CRYPTOGRAM))),
        "signature-first": tlv("77", tlv("9F4B", signature()) + answered()), "long-lengths": tlv("77", LONG + tlv("9F4B", signature(objects=LONG))),
    },
    ("C2-CDA-024", "answer"): {
        "as-it-is": answer(pdol="A1B2C3D4000000001250"), "other-pdol-data": answer(pdol="A1B2C3D4000000001251"),
        "template-83-included": answer(pdol="830AA1B2C3D4000000001250"), "without-pdol-data": answer(),
    },
    ("C2-CDA-026", "answer"): {
        "as-it-is": after_relay(EXCHANGED), "none": after_relay(""), "terminal-entropy": after_relay("A" + EXCHANGED[1:]),
        "card-entropy": after_relay(EXCHANGED[:8] + "D" + EXCHANGED[9:]), "minimum": after_relay(EXCHANGED[:16] + "0010" + EXCHANGED[20:]),
        "maximum": after_relay(EXCHANGED[:20] + "0029" + EXCHANGED[24:]), "estimate": after_relay(EXCHANGED[:24] + "0019"),
        "shorter": after_relay(EXCHANGED[:-2]), "other-order": after_relay(EXCHANGED[8:16] + EXCHANGED[:8] + EXCHANGED[16:]),
    },
}


def main():
    file = ROOT / "test-vectors/suites/c2/authentication.toml"
    cases = {case["id"]: case for case in tomllib.loads(file.read_text())["case"]}
    same = 0
    for (case, what), values in MADE.items():
        [axis] = cases[case]["vary"].values()
        for name, value in values.items():
            given = axis[name]["given"]
            stated = given["faults"][-1]["kind"]["answer"] if what == "answer" else given["card-with"]["application"]["mastercard"]["data"][what]
            assert stated == value, f"{case}/{name}: {what} is another one"
            same += 1
    print(f"{same} values are those of this script")


if __name__ == "__main__":
    main()
