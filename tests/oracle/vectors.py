#!/usr/bin/env python3
"""Known answers for issuer cryptography, computed by other people's packages: vectors.py FOLDER

Writes issuer.json, values.json, key_blocks.json and roca.json for test-vectors/primitives from random inputs (repeatable:
the seed is fixed, but packages draw random padding of their own). pip install pyemv==1.5.0 psec==1.3.0 cryptography
roca-detect==1.2.12. Where a package has a class for a cryptogram version it computes the case; where it has none, the case
says which of its functions were put together."""

import json
import random
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
import psec  # noqa: E402
from cryptography.hazmat.primitives import cmac  # noqa: E402
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: E402
from pyemv import ac, cvn, cvv, kd, sm, tools  # noqa: E402

RANDOM = random.Random(20261122)
EACH = 8
PYEMV = "pyemv 1.5.0"
COMPOSED = "pyemv 1.5.0, its functions put together"
AES = "Python package cryptography, AES and CMAC put together"


def some(count):
    return bytes(RANDOM.randrange(256) for _ in range(count))


def digits(count):
    return "".join(str(RANDOM.randrange(10)) for _ in range(count))


def bcd(count):
    return bytes.fromhex(digits(2 * count))


def hexed(value):
    return value.hex().upper() if isinstance(value, (bytes, bytearray)) else value


def aes_cmac(key, data):
    made = cmac.CMAC(algorithms.AES(key))
    made.update(data)
    return made.finalize()


def aes_ecb(key, data):
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(data)


def aes_wide(key, one, two):
    if len(key) == 16:
        return aes_ecb(key, one)
    return (aes_ecb(key, two[0]) + aes_ecb(key, two[1]))[: len(key)]


def option_c(issuer, pan, psn):
    y = bytes.fromhex((pan + psn).zfill(32))
    return aes_wide(issuer, y, (y, bytes(b ^ 0xFF for b in y)))


def common_aes(key, r):
    r = bytes(r).ljust(16, b"\0")
    return aes_wide(key, r, (r[:2] + b"\xf0" + r[3:], r[:2] + b"\x0f" + r[3:]))


def unionpay_key(key, atc):
    left = tools.encrypt_tdes_ecb(key, bytes(6) + atc)
    right = tools.encrypt_tdes_ecb(key, bytes(6) + bytes(b ^ 0xFF for b in atc))
    return tools.adjust_key_parity(left + right)


def visa_iad(number, more=b""):
    return bytes([6, RANDOM.randrange(256), number, 3]) + some(3) + more


def mchip_iad(number, length=18):
    return bytes([RANDOM.randrange(256), number]) + some(length - 2)


def ccd_iad(code):
    return bytes([0x0F, code]) + some(14) + b"\x0f" + some(15)


class Case:
    """Random transaction data, and what every package needs of them."""

    def __init__(self, iad):
        self.iad = iad
        self.pan, self.psn = digits(RANDOM.choice([13, 15, 16, 16, 16, 17, 18, 19])), digits(2)
        self.keys = [some(16) for _ in range(3)]
        self.objects = {
            "amount": bcd(6), "amount_other": bcd(6), "country": bcd(2), "tvr": some(5), "currency": bcd(2),
            "date": bcd(3), "transaction_type": bcd(1), "unpredictable_number": some(4), "aip": some(2), "atc": some(2),
        }
        self.script = [some(5), some(RANDOM.randrange(1, 30))]
        self.code, self.csu = some(2), some(4)

    def values(self):
        return list(self.objects.values())

    def table_26(self):
        return b"".join(self.values())

    def done(self, name, number, source, cryptogram, arpc, mac, enciphered, keys=None):
        keys = keys or self.keys
        return {
            "id": f"{name}-{number}", "source": source, "version": name, "key": keys[0], "integrity_key": keys[1],
            "confidentiality_key": keys[2], "pan": self.pan, "psn": self.psn, **self.objects, "iad": self.iad,
            "cryptogram": cryptogram, "response_code": self.code, "csu": self.csu, "arpc": arpc,
            "header": self.script[0], "script_data": self.script[1], "script_mac": mac, "enciphered": enciphered,
        }


def of_class(name, make, iad, take, arpc, needs_atc=True, cipher_by="9F26"):
    for number in range(EACH):
        case = Case(iad())
        card = make(*case.keys, case.pan, case.psn)
        made = card.generate_ac(*case.values(), *take(case.iad))
        answer = arpc(card, case, made)
        header, data = case.script
        if needs_atc:
            mac = card.generate_command_mac(header, made, case.objects["atc"], data)
        else:
            mac = card.generate_command_mac(header, made, data)
        enciphered = card.encrypt_command_data(data, made if cipher_by == "9F26" else case.objects["atc"])
        yield case.done(name, number, PYEMV, made, answer, mac, enciphered)


def composed(name, iad, master, session, tail, padding, answer, messaging):
    """answer: (method, card key or session key); messaging: function of card key, case, cryptogram to the two keys' use."""
    for number in range(EACH):
        case = Case(iad())
        card = master(case.keys[0], case.pan, case.psn)
        key = session(card, case)
        data = tail(case) if name == "visa-17" else case.table_26() + tail(case)
        made = ac.generate_ac(key, data, padding)
        method, which = answer
        arpc_key = card if which == "card" else key
        arpc = ac.generate_arpc_1(arpc_key, made, case.code) if method == 1 else ac.generate_arpc_2(arpc_key, made, case.csu)
        mac, enciphered = messaging(master, case, made)
        yield case.done(name, number, COMPOSED, made, arpc, mac, enciphered)


def visa_messaging(derive):
    def both(master, case, made):
        keys = [derive(master(key, case.pan, case.psn), case, made) for key in case.keys[1:]]
        header, data = case.script
        mac = sm.generate_command_mac(keys[0], header + case.objects["atc"] + made + data)
        return mac, sm.encrypt_command_data(keys[1], data, sm.EncryptionType.VISA)
    return both


def mastercard_messaging(master, case, made):
    keys = [kd.derive_common_sk(master(key, case.pan, case.psn), made) for key in case.keys[1:]]
    header, data = case.script
    mac = sm.generate_command_mac(keys[0], header + case.objects["atc"] + made + data)
    return mac, sm.encrypt_command_data(keys[1], data, sm.EncryptionType.MASTERCARD)


def pad(data, block):
    data += b"\x80"
    return data + bytes(-len(data) % block)


def ccd_messaging(master, case, made):
    keys = [kd.derive_common_sk(master(key, case.pan, case.psn), made) for key in case.keys[1:]]
    header, data = case.script
    chained = made + pad(header[:4], 8) + pad(data, 8)
    # The blocks are whole: method 1 adds nothing.
    mac = ac.generate_ac(keys[0], chained, ac.PaddingType.VISA)
    return mac, sm.encrypt_command_data(keys[1], data, sm.EncryptionType.EMV)


def by_visa(card, case, _):
    return kd.derive_visa_sm_sk(card, case.objects["atc"])


def by_common(card, _, made):
    return kd.derive_common_sk(card, made)


def by_unionpay(card, case, _):
    return unionpay_key(card, case.objects["atc"])


def common(card, case):
    return kd.derive_common_sk(card, case.objects["atc"] + bytes(6))


def none(card, _):
    return card


def cvr(case):
    return case.iad[3:7]


def whole(case):
    return case.iad


def aes_cases(name, iad, tail, arpc, chained):
    for number in range(EACH):
        case = Case(iad())
        size = [16, 24, 32][number % 3]
        keys = [some(size) for _ in range(3)]
        masters = [option_c(key, case.pan, case.psn) for key in keys]
        session = common_aes(masters[0], case.objects["atc"])
        made = aes_cmac(session, case.table_26() + tail(case.iad))[:8]
        if arpc == 2:
            answer = aes_cmac(session, made + case.csu)[:4]
        else:
            answer = aes_cmac(session, made + case.code + bytes(6))[:8]
        header, data = case.script
        smi, smc = (common_aes(key, made) for key in masters[1:])
        if chained:
            text = made + bytes(8) + pad(header[:4], 16) + pad(data, 16)
        else:
            text = header + case.objects["atc"] + made + data
        cipher = Cipher(algorithms.AES(smc), modes.CBC(bytes(16))).encryptor().update(pad(data, 16))
        yield case.done(name, number, AES, made, answer, aes_cmac(smi, text)[:8], cipher, keys)


def issuer():
    one = lambda card, case, made: card.generate_arpc(made, case.code)  # noqa: E731
    two = lambda card, case, made: card.generate_arpc(made, case.objects["atc"], case.csu)  # noqa: E731
    one_atc = lambda card, case, made: card.generate_arpc(made, case.objects["atc"], case.code)  # noqa: E731
    interac = lambda card, case, made: card.generate_arpc(  # noqa: E731
        made, case.objects["unpredictable_number"], case.objects["atc"], case.code)
    visa, emv = ac.PaddingType.VISA, ac.PaddingType.EMV
    counters = lambda iad: (iad[2:8], iad[10:18])  # noqa: E731
    yield from of_class("visa-10", cvn.VisaCVN10, lambda: visa_iad(10), lambda iad: (iad[3:7],), one, cipher_by="9F36")
    yield from composed("visa-17", lambda: visa_iad(17), kd.derive_icc_mk_a, none,
                        lambda c: c.objects["amount"] + c.objects["unpredictable_number"] + c.objects["atc"] + c.iad[4:5],
                        visa, (1, "card"), visa_messaging(by_visa))
    yield from of_class("visa-18", cvn.VisaCVN18, lambda: visa_iad(18, some(RANDOM.randrange(9))), lambda iad: (iad,), two,
                        cipher_by="9F36")
    yield from of_class("visa-22", cvn.VisaCVN22, lambda: b"\x1f\x22" + some(30), lambda iad: (iad,), two)
    yield from of_class("mastercard-16", cvn.MasterCardCVN16, lambda: mchip_iad(0x10), lambda iad: (iad[2:8],), one)
    yield from of_class("mastercard-17", cvn.MasterCardCVN17, lambda: mchip_iad(0x11), counters, one)
    yield from of_class("mastercard-20", cvn.MasterCardCVN20, lambda: mchip_iad(0x14), lambda iad: (iad[2:8],), one_atc)
    yield from of_class("mastercard-21", cvn.MasterCardCVN21, lambda: mchip_iad(0x15), counters, one_atc)
    yield from of_class("interac-133", cvn.InteracCVN133, lambda: b"\x15\x01\x85" + some(19), lambda iad: (iad,), interac,
                        needs_atc=False)
    tree = lambda card, case: kd.derive_emv2000_tree_sk(card, case.objects["atc"])  # noqa: E731
    a, b = kd.derive_icc_mk_a, kd.derive_icc_mk_b
    yield from composed("mastercard-18", lambda: mchip_iad(0x12), a, tree, lambda c: c.iad[2:8], emv, (1, "session"),
                        mastercard_messaging)
    yield from composed("mastercard-19", lambda: mchip_iad(0x13), a, tree, lambda c: c.iad[2:8] + c.iad[10:18], emv,
                        (1, "session"), mastercard_messaging)
    yield from composed("ccd-a5", lambda: ccd_iad(0xA5), b, common, whole, emv, (2, "session"), ccd_messaging)
    yield from composed("jcb-01", lambda: bytes([7, 1, 1, 3]) + some(4), a, none, cvr, visa, (1, "card"),
                        visa_messaging(by_visa))
    yield from composed("jcb-04", lambda: bytes([7, 1, 4, 3]) + some(4), a, common, whole, emv, (2, "session"),
                        visa_messaging(by_common))
    yield from composed("amex-01", lambda: visa_iad(1), a, none, cvr, visa, (1, "card"), visa_messaging(by_visa))
    yield from composed("amex-02", lambda: visa_iad(2), a, common, whole, emv, (1, "session"), visa_messaging(by_common))
    yield from composed("discover-05", lambda: bytes([7, 1, 5, 3]) + some(4), a, common, whole, emv, (1, "session"),
                        visa_messaging(by_common))
    yield from composed("unionpay-01", lambda: bytes([7, 1, 1, 3]) + some(4), a,
                        lambda card, case: unionpay_key(card, case.objects["atc"]), cvr, emv, (1, "session"),
                        visa_messaging(by_unionpay))
    yield from aes_cases("ccd-a6", lambda: ccd_iad(0xA6), lambda iad: iad, 2, True)
    yield from aes_cases("mastercard-22", lambda: mchip_iad(0x16), lambda iad: iad[2:8], 1, False)
    yield from aes_cases("mastercard-23", lambda: mchip_iad(0x17, 28), lambda iad: iad[2:8] + iad[10:], 1, False)


def values():
    """Single values: PIN blocks, check values, CVC3, dCVV, tree keys, PIN change."""
    def case(operation, number, source, result, **fields):
        return {"id": f"{operation}-{number}", "source": source, "operation": operation, **fields, "result": result}

    for number in range(20):
        pin, pan = digits(RANDOM.randrange(4, 13)), digits(RANDOM.randrange(13, 20))
        yield case("pin-block-0", number, "psec 1.3.0", psec.pinblock.encode_pinblock_iso_0(pin, pan), pin=pin, pan=pan)
        yield case("pin-block-2", number, "psec 1.3.0", psec.pinblock.encode_pinblock_iso_2(pin), pin=pin, pan=pan)
        yield case("pin-block-3", number, "psec 1.3.0", psec.pinblock.encode_pinblock_iso_3(pin, pan), pin=pin, pan=pan)
        key = some([16, 24, 32][number % 3])
        pan = digits(RANDOM.randrange(10, 20))
        yield case("pin-block-4", number, "psec 1.3.0", psec.pinblock.encipher_pinblock_iso_4(key, pin, pan), pin=pin, pan=pan,
                   key=key)
        key = some([8, 16, 24][number % 3])
        yield case("kcv-des", number, "psec 1.3.0", psec.des.generate_kcv(key, 3), key=key)
        key = some([16, 24, 32][number % 3])
        yield case("kcv-aes", number, "Python package cryptography", aes_cmac(key, bytes(16))[:5], key=key)
        yield case("kcv-aes-zero", number, "psec 1.3.0", psec.aes.encrypt_aes_ecb(key, bytes(16))[:3], key=key)
        key, atc = some(16), some(2)
        yield case("odd-parity", number, "psec 1.3.0", bytes(psec.des.adjust_key_parity(key)), key=key)
        for height, branches in [(8, 4), (16, 2)]:
            made = kd.derive_emv2000_tree_sk(key, atc, height, branches)
            yield case(f"tree-{branches}", number, PYEMV, made, key=key, atc=atc)
        track, un = some(RANDOM.randrange(10, 60)), bcd(4)
        yield case("cvc3", number, PYEMV, cvv.generate_cvc3(key, track, atc, un), key=key, track=track, atc=atc,
                   unpredictable_number=un)
        pan, expiry, service = digits(RANDOM.randrange(13, 20)), digits(4), digits(3)
        made = psec.cvv.generate_cvv(key, pan, expiry, service)
        if len(made) == 3:
            yield case("cvv", number, "psec 1.3.0", made, key=key, pan=pan, expiry=expiry, service_code=service)
        counter = RANDOM.randrange(1, 10000)
        made = psec.cvv.generate_cvv(key, f"{counter:04}" + pan[4:], expiry, service)
        if len(made) == 3:
            yield case("dcvv", number, "psec 1.3.0, with the counter over the first digits", made, key=key, pan=pan,
                       expiry=expiry, service_code=service, counter=f"{counter:04X}")
        new, current = digits(RANDOM.randrange(4, 13)), digits(RANDOM.randrange(4, 13))
        yield case("visa-pin", number, PYEMV, sm.format_vis_pin_block(key, new), key=key, pin=new, current="")
        yield case("visa-pin-current", number, PYEMV, sm.format_vis_pin_block(key, new, current), key=key, pin=new,
                   current=current)
        data = some(RANDOM.randrange(1, 40))
        mac = psec.mac.generate_cbc_mac(key, data, 2, 8, psec.mac.Algorithm.DES)
        yield case("mac-1", number, "psec 1.3.0", mac, key=key, data=data)
    yield from three_parts(case)
    for number, (source, pin, block) in enumerate(PUBLISHED_1):
        yield case("pin-block-1", number, source, block, pin=pin)


# Numbers of their own, so that what stands behind them stays as it is.
THREE = random.Random(20261123)


def three_parts(case):
    """What the field does with triple DES keys of 24 bytes."""
    for number in range(20):
        key = THREE.randbytes(24 if number % 4 else 16)
        pin, pan = ("".join(THREE.choice("0123456789") for _ in range(length)) for length in (4 + number % 9, 13 + number % 7))
        for kind, clear in [
            ("0", psec.pinblock.encode_pinblock_iso_0(pin, pan)),
            ("2", psec.pinblock.encode_pinblock_iso_2(pin)),
            ("3", psec.pinblock.encode_pinblock_iso_3(pin, pan)),
        ]:
            block = psec.des.encrypt_tdes_ecb(key, clear)
            yield case(f"enciphered-pin-block-{kind}", number, "psec 1.3.0", block, pin=pin, pan=pan, key=key)
        key, data = THREE.randbytes(24), THREE.randbytes(THREE.randrange(1, 40))
        for padding in (1, 2):
            mac = psec.mac.generate_cbc_mac(key, data, padding, 8, psec.mac.Algorithm.DES)
            yield case(f"mac-1-three-parts-{padding}", number, "psec 1.3.0", mac, key=key, data=data)
        made = cmac.CMAC(algorithms.TripleDES(key))
        made.update(bytes(8))
        yield case("kcv-des-cmac", number, "Python package cryptography", made.finalize()[:3], key=key)


# PIN blocks of format 1 that other people published: no package here makes them.
PUBLISHED_1 = [("openemv/dukpt, its test of PIN blocks (ISO 9564-1:2017 format 1)", "12345", "1512345EDCBA9876"),
               ("moov-io/pinblock, its test of ISO 1", "1234", "141234FFFFFFFFFF"),
               ("moov-io/pinblock, its test of ISO 1", "123456789012", "1C123456789012FF")]


def key_blocks():
    usages = ["P0", "B0", "B1", "D0", "E0", "E1", "E2", "K0", "K1", "M3", "M6", "C0"]
    for number in range(48):
        version = "DDDB"[number % 4]
        protection = some([16, 24, 32][number % 3] if version == "D" else [16, 24][number // 4 % 2])
        algorithm = RANDOM.choice("AT")
        key = some(RANDOM.choice([16, 24, 32]) if algorithm == "A" else RANDOM.choice([16, 24]))
        header = psec.tr31.Header(version, usages[number % 12], algorithm, RANDOM.choice("BENXGVC"), f"{number:02}",
                                  RANDOM.choice("ENS"))
        if number % 3 == 1:
            header.blocks["KS"] = "00604B120F929280" + "0" * RANDOM.randrange(4)
        if number % 6 == 1:
            header.blocks["IK"] = digits(RANDOM.randrange(1, 17))
        block = psec.tr31.wrap(protection, header, key, RANDOM.choice([None, 0, len(key), 40]))
        yield {"id": f"{version}-{number}", "source": "psec 1.3.0", "protection_key": protection, "key": key,
               "usage": header.key_usage, "algorithm": header.algorithm, "mode": header.mode_of_use,
               "key_version": header.version_num, "exportability": header.exportability,
               "optional": [[name, header.blocks[name]] for name in header.blocks], "block": block}
    yield from long_key_blocks()


def long_key_blocks():
    """Optional blocks too long for two digits of length; no random numbers are drawn, so that what follows stays as it is."""
    for version, protection in ("D", bytes(range(32))), ("B", bytes(range(24))):
        for length in 251, 252, 300:
            header = psec.tr31.Header(version, "D0", "A", "N", "00", "E")
            header.blocks["LB"] = "label " * (length // 6) + "x" * (length % 6)
            key = bytes(range(100, 116))
            block = psec.tr31.wrap(protection, header, key)
            yield {"id": f"{version}-long-{length}", "source": "psec 1.3.0", "protection_key": protection, "key": key,
                   "usage": "D0", "algorithm": "A", "mode": "N", "key_version": "00", "exportability": "E",
                   "optional": [["LB", header.blocks["LB"]]], "block": block}


def is_prime(number):
    if any(number % small == 0 for small in (3, 5, 7, 11, 13, 17, 19, 23)):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(12):
        power = pow(RANDOM.randrange(2, number - 1), odd, number)
        if power not in (1, number - 1) and not any((power := pow(power, 2, number)) == number - 1 for _ in range(twos - 1)):
            return False
    return True


def roca():
    from roca.detect import RocaFingerprinter
    detect = RocaFingerprinter()
    small = [2] + detect.primes
    product = 1
    for prime in small:
        product *= prime

    def faulty(bits):
        while True:
            k = RANDOM.randrange(2 ** (bits - 1) // product, 2**bits // product)
            number = k * product + pow(65537, RANDOM.randrange(product), product)
            if is_prime(number):
                return number

    def sound(bits):
        while not is_prime(number := RANDOM.randrange(2 ** (bits - 1), 2**bits) | 1):
            pass
        return number

    for number in range(24):
        bits = [512, 576, 640, 704, 992][number % 5]
        make = faulty if number % 2 else sound
        modulus = make(bits) * make(bits)
        found = bool(detect.has_fingerprint(modulus))
        assert found == bool(number % 2)
        yield {"id": f"roca-{number}", "source": "roca-detect 1.2.12", "modulus": modulus.to_bytes(bits // 4, "big"),
               "fingerprint": found}


def main(folder):
    for name, cases in [("issuer", issuer), ("values", values), ("key_blocks", key_blocks), ("roca", roca)]:
        lines = [json.dumps({field: hexed(value) for field, value in case.items()}) for case in cases()]
        Path(folder, f"{name}.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
        print(name, len(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
