"""Certificates and signatures of test-vectors/suites/c3/oda-*.toml, made from the test keys in cards/keys with nothing but Python's
integers and SHA-1 (EMV Book 2, tables 6, 13, 14, 15, 17).

    python3 tests/oracle/suite_certificates.py        # says which stated values are those that this script makes
"""

import hashlib
import pathlib
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAN = "4012888888881881"
# Record 2.1 of visa/debit-offline: 5A 5F20 5F24 5F25 5F28 5F30 9F07 9F4A.
RECORD = bytes.fromhex(
    "5A08" + PAN + "5F2011" + b"CARDHOLDER/EMVTAP".hex() + "5F2403301231" + "5F2503220101" + "5F28020276" + "5F30020201" + "9F0702FFC0" + "9F4A0182"
)


class Key:
    def __init__(self, name):
        file = tomllib.loads((ROOT / "cards/keys" / f"{name}.toml").read_text())
        number = lambda field: int("".join(file[field].split()), 16)
        p, q, e = number("p"), number("q"), number("exponent")
        self.n, self.d = p * q, pow(e, -1, (p - 1) * (q - 1))
        self.length = (self.n.bit_length() + 7) // 8
        self.modulus = self.n.to_bytes(self.length, "big")
        self.exponent = bytes.fromhex("".join(file["exponent"].split()))

    def sign(self, header, body, hashed, trailer=0xBC, wrong=0):
        digest = bytearray(hashlib.sha1(body + hashed).digest())
        digest[0] ^= wrong
        block = bytes([header]) + body + bytes(digest) + bytes([trailer])
        assert len(block) == self.length
        return pow(int.from_bytes(block, "big"), self.d, self.n).to_bytes(self.length, "big").hex().upper()


CA, ISSUER, CARD = Key("visa-ca-e2"), Key("visa-issuer-b"), Key("visa-card-b")


def certificate(signer, subject, format, who, expiry, serial, static=b"", header=0x6A, hash=1, algorithm=1, length=None, **end):
    room = signer.length - len(who) - 32
    left, remainder = subject.modulus[:room].ljust(room, b"\xBB"), subject.modulus[room:]
    fields = [hash, algorithm, subject.length if length is None else length, len(subject.exponent)]
    body = bytes([format]) + who + bytes.fromhex(expiry + serial) + bytes(fields) + left
    return signer.sign(header, body, remainder + subject.exponent + static, **end)


def issuer(who="401288FF", expiry="1235", serial="000001", format=2, **rest):
    return certificate(CA, ISSUER, format, bytes.fromhex(who), expiry, serial, **rest)


def card(pan=PAN, expiry="1235", static=RECORD + b"\x20\x00", format=4, **rest):
    return certificate(ISSUER, CARD, format, bytes.fromhex(pan.ljust(20, "F")), expiry, "000002", static, **rest)


def dynamic(data="020001", number="A1B2C3D4", amount="000000001250", currency="0978", related="0111223344200000", format=5, hash=1, said=None, header=0x6A, **end):
    data = bytes.fromhex(data)
    body = (bytes([format, hash, len(data) if said is None else said]) + data).ljust(CARD.length - 22, b"\xBB")
    return CARD.sign(header, body, bytes.fromhex(number + amount + currency + related), **end)


def static(format=3, hash=1, signed=RECORD + b"\x40\x00", header=0x6A, **end):
    body = (bytes([format, hash]) + bytes.fromhex("DAC0")).ljust(ISSUER.length - 22, b"\xBB")
    return ISSUER.sign(header, body, signed, **end)


# What is wrong: the name of the variant → the value.
MADE = {
    ("C3-ODI-010", "90"): {
        "header": issuer(header=0x4A), "trailer": issuer(trailer=0xBD), "format": issuer(format=4), "hash": issuer(wrong=1),
        "key-length": issuer(length=175), "key-algorithm": issuer(algorithm=2), "hash-algorithm": issuer(hash=2),
        "identifier-other": issuer("476173FF"), "identifier-last-digit": issuer("401289FF"),
        "identifier-eight-digits-other": issuer("40128889"), "expired-last-month": issuer(expiry="1026"),
        "expired-last-year": issuer(expiry="1225"),
    },
    ("C3-ODI-011", "90"): {
        "identifier-three-digits": issuer("401FFFFF"), "identifier-eight-digits": issuer("40128888"),
        "this-month": issuer(expiry="1126"), "next-january": issuer(expiry="0127"), "other-serial": issuer(serial="ABCDEF"),
    },
    ("C3-ODC-010", "9F46"): {
        "header": card(header=0x4A), "trailer": card(trailer=0xBD), "format": card(format=2), "hash": card(wrong=1),
        "hash-without-aip": card(static=RECORD), "pan-other": card("4761739001010010"), "pan-last-digit": card("4012888888881882"),
        "pan-longer": card(PAN + "0"), "pan-shorter": card(PAN[:-1]), "expired-last-month": card(expiry="1026"),
        "key-algorithm": card(algorithm=2), "hash-algorithm": card(hash=2), "key-length-shorter": card(length=127),
        "key-length-longer": card(length=160), "this-month": card(expiry="1126"),
    },
    ("C3-ODC-020", "9F4B"): {
        "header": dynamic(header=0x4A), "trailer": dynamic(trailer=0xBD), "format": dynamic(format=3), "hash": dynamic(wrong=1),
        "hash-algorithm": dynamic(hash=2), "dynamic-data-too-long": dynamic(said=105), "other-number": dynamic(number="A1B2C3D5"),
        "other-amount": dynamic(amount="000000000125"), "other-currency": dynamic(currency="0840"),
        "other-related-data": dynamic(related="0111223344000000"),
    },
    ("C3-ODW-021", "93"): {
        "header": static(header=0x4A), "trailer": static(trailer=0xBD), "format": static(format=5), "hash": static(wrong=1),
        "hash-algorithm": static(hash=2), "hash-of-static-data": static(signed=RECORD),
    },
}


def main():
    cases = {}
    for file in sorted((ROOT / "test-vectors/suites/c3").glob("oda-*.toml")):
        cases |= {case["id"]: case for case in tomllib.loads(file.read_text())["case"]}
    same = 0
    for (case, tag), values in MADE.items():
        [axis] = cases[case]["vary"].values()
        for name, value in values.items():
            stated = axis[name]["given"]["card-with"]["application"]["visa"]["data"][tag]
            assert stated == value, f"{case}/{name}: {tag} is another one"
            same += 1
    print(f"{same} values are those of this script")


if __name__ == "__main__":
    main()
