"""Application cryptograms and ARPCs of the Visa cryptogram versions, computed by pyemv."""

from pyemv import ac, kd

# EMV Book 2 table 26, in this order.
TABLE_26 = ["9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36"]
# What the simulated issuer tells the card with an ARPC of method 2: Card Status Update byte 2 bit 8, "issuer approves".
CSU_APPROVED = bytes.fromhex("00800000")


def version(iad):
    """The cryptogram version number: IAD formats 0/1/3 start with 06, formats 2/4 with 1F."""
    return {0x06: iad[2], 0x1F: iad[1]}[iad[0]]


def cvn_byte(number):
    """Versions are written in decimal for 10, 17 and 18 (0A, 11, 12), and as the byte itself for 22."""
    return {10: 0x0A, 17: 0x11, 18: 0x12, 22: 0x22}[number]


def session_key(issuer, psn, atc):
    """(key for AC and ARPC, whether ARPC method 2 is used)."""
    if issuer.cvn in (10, 17):
        return kd.derive_icc_mk_a(issuer.master_key, issuer.pan, psn), False
    master = kd.derive_icc_mk_b(issuer.master_key, issuer.pan, psn)
    return kd.derive_common_sk(master, atc + bytes(6)), True


def application_cryptogram(issuer, sent, card):
    """TC, ARQC or AAC, from what the terminal sent (by PDOL) and what the card answered."""
    iad, known = card["9F10"], sent | {"82": card["82"], "9F36": card["9F36"]}
    key, _ = session_key(issuer, card["5F34"].hex(), card["9F36"])
    if issuer.cvn == 17:
        return ac.generate_ac(key, known["9F02"] + known["9F37"] + known["9F36"] + iad[4:5], ac.PaddingType.VISA)
    data = b"".join(known[tag] for tag in TABLE_26)
    if issuer.cvn == 10:
        return ac.generate_ac(key, data + iad[3:7], ac.PaddingType.VISA)
    return ac.generate_ac(key, data + iad, ac.PaddingType.EMV)


def arpc(issuer, card, response_code):
    """What the issuer must answer to an ARQC."""
    key, second_method = session_key(issuer, card["5F34"].hex(), card["9F36"])
    if second_method:
        return ac.generate_arpc_2(key, card["9F26"], CSU_APPROVED)
    return ac.generate_arpc_1(key, card["9F26"], response_code.encode("ascii"))
