"""BER-TLV and data object lists, as EMV uses them. Independent of emvtap's own parser."""


class TlvError(Exception):
    """The bytes are not well-formed BER-TLV."""


def take_tag(data, at):
    """Read one tag at `at`; return (tag as upper-case hex, offset behind it)."""
    end = at + 1
    if data[at] & 0x1F == 0x1F:
        while data[end] & 0x80:
            end += 1
        end += 1
    return data[at:end].hex().upper(), end


def take_length(data, at):
    """Read a length of 1 to 3 bytes; return (length, offset behind it)."""
    first = data[at]
    if first < 0x80:
        return first, at + 1
    if first not in (0x81, 0x82):
        raise TlvError(f"length byte {first:02X}")
    count = first & 0x7F
    return int.from_bytes(data[at + 1:at + 1 + count], "big"), at + 1 + count


def parse(data):
    """One level of TLV: a list of (tag, value). Filler bytes 00 and FF between objects are skipped."""
    found, at = [], 0
    try:
        while at < len(data):
            if data[at] in (0x00, 0xFF):
                at += 1
                continue
            tag, at = take_tag(data, at)
            length, at = take_length(data, at)
            if at + length > len(data):
                raise TlvError(f"{tag}: {length} bytes announced, {len(data) - at} left")
            found.append((tag, data[at:at + length]))
            at += length
    except IndexError as error:
        raise TlvError("truncated") from error
    return found


def is_constructed(tag):
    return int(tag[:2], 16) & 0x20 != 0


def flatten(data):
    """All primitive objects of a template tree, in order of appearance."""
    for tag, value in parse(data):
        if is_constructed(tag):
            yield from flatten(value)
        else:
            yield tag, value


def only(data, tag):
    """The value of the one object that `data` must be."""
    objects = parse(data)
    if [name for name, _ in objects] != [tag]:
        raise TlvError(f"expected exactly one {tag}, found {[name for name, _ in objects]}")
    return objects[0][1]


def encode(tag, value):
    """One TLV object; lengths below 65536."""
    size = len(value)
    if size < 0x80:
        length = bytes([size])
    elif size < 0x100:
        length = bytes([0x81, size])
    else:
        length = bytes([0x82]) + size.to_bytes(2, "big")
    return bytes.fromhex(tag) + length + value


def parse_dol(data):
    """A data object list: [(tag, length)]."""
    entries, at = [], 0
    while at < len(data):
        tag, at = take_tag(data, at)
        entries.append((tag, data[at]))
        at += 1
    return entries


def split_by_dol(dol, values):
    """Cut the concatenated values a terminal sent for `dol` back into {tag: value}."""
    fields, at = {}, 0
    for tag, length in dol:
        fields[tag] = values[at:at + length]
        at += length
    if at != len(values):
        raise TlvError(f"the list asks for {at} bytes, the command carries {len(values)}")
    return fields
