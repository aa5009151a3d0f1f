"""Data objects and data object lists, as far as a contactless terminal needs them."""


class Malformed(Exception):
    """Bytes that are no data objects."""


class Gone(Exception):
    """The card does not answer; says why not."""


def objects(data):
    """The data objects in `data`, as (tag, value, whole), with tags in upper-case hex. Filler bytes are skipped."""
    at = 0
    while at < len(data):
        if data[at] in (0x00, 0xFF):
            at += 1
            continue
        start, at = at, at + 1
        if data[start] & 0x1F == 0x1F:
            while at < len(data) and data[at] & 0x80:
                at += 1
            at += 1
        tag = data[start:at].hex().upper()
        if at >= len(data):
            raise Malformed(f"{tag} has no length")
        length, at = data[at], at + 1
        if length > 0x80:
            count = length & 0x7F
            if count > 3 or at + count > len(data):
                raise Malformed(f"{tag} has a length that cannot be")
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        elif length == 0x80:
            raise Malformed(f"{tag} has an indefinite length")
        if at + length > len(data):
            raise Malformed(f"{tag} is cut short")
        yield tag, data[at : at + length], data[start : at + length]
        at += length


def find(data, *path):
    """The value of the first object at a path of tags; None if there is none."""
    for tag in path:
        data = next((value for known, value, _ in objects(data) if known == tag), None)
        if data is None:
            return None
    return data


def primitives(data):
    """Every primitive object, templates opened."""
    for tag, value, _ in objects(data):
        if int(tag[:2], 16) & 0x20:
            yield from primitives(value)
        else:
            yield tag, value


def list_entries(dol):
    """(tag, length) of each entry of a data object list."""
    at = 0
    while at < len(dol):
        start, at = at, at + 1
        if dol[start] & 0x1F == 0x1F:
            while at < len(dol) and dol[at] & 0x80:
                at += 1
            at += 1
        if at >= len(dol):
            raise Malformed("a data object list is cut short")
        yield dol[start:at].hex().upper(), dol[at]
        at += 1


# Numeric objects of the terminal: they are shortened and lengthened on the left.
NUMERIC = {"9F02", "9F03", "9F1A", "5F2A", "5F36", "9A", "9C", "9F21", "9F35", "9F39", "9F15", "9F01"}


def fill(dol, known):
    """What a data object list asks for; zeros for what nobody knows."""
    out = b""
    for tag, length in list_entries(dol):
        value = known.get(tag, b"")
        if tag in NUMERIC and tag in known:
            out += value[-length:].rjust(length, b"\0") if length else b""
        else:
            out += value[:length].ljust(length, b"\0")
    return out


def digits(value):
    """The digits of a compressed numeric value."""
    return value.hex().upper().rstrip("F")
