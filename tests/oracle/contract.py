"""The promises of `pay --format json` (schema emvtap.tap/1): names, vocabularies, spelling, masking."""

import re

HEX = re.compile(r"(?:[0-9A-F]{2})*")
RESULTS = {"approved", "declined", "online-request", "try-another-interface", "end-application", "select-next", "try-again"}
CVMS = {None, "no-cvm", "signature", "online-pin", "confirmation-code-verified"}
STATUSES = {"not-ready", "idle", "ready-to-read", "processing", "card-read-successfully", "processing-error"}
MESSAGES = set("03 07 09 0F 10 14 15 16 17 18 19 1A 1B 1C 1D 1E 20 21 FF".split())
TOP = set("schema outcome outcomes disposition kernel aid adf_name exchanges data_record discretionary_data ui rules oda host".split())
OUTCOME = set("result start cvm online_response_data alternate_interface receipt field_off_ms removal_timeout_ms".split())


def shape(tap):
    """Yields what is wrong with the form of one result."""
    def keys(what, value, required, optional=()):
        if not required <= set(value) <= required | set(optional):
            yield f"{what} has the fields {sorted(value)}"

    yield from keys("the result", tap, TOP)
    yield from keys("outcome", tap["outcome"], OUTCOME)
    outcome = tap["outcome"]
    vocabulary = [
        ("schema", tap["schema"], {"emvtap.tap/1"}),
        ("result", outcome["result"], RESULTS),
        ("cvm", outcome["cvm"], CVMS),
        ("start", outcome["start"], {None, "A", "B", "C", "D"}),
        ("online_response_data", outcome["online_response_data"], {"none", "emv-data", "any"}),
        ("alternate_interface", outcome["alternate_interface"], {None, "contact-chip", "mag-stripe"}),
        ("disposition", tap["disposition"], {"approved", "declined", "none"}),
        ("kernel", tap["kernel"], {None, "C-3"}),
    ]
    for what, value, allowed in vocabulary:
        if value not in allowed:
            yield f"{what} is {value!r}"
    if not isinstance(outcome["receipt"], bool) or type(outcome["removal_timeout_ms"]) is not int:
        yield "receipt or removal_timeout_ms has another type"
    for exchange in tap["exchanges"]:
        yield from keys("an exchange", exchange, {"name", "command", "response", "us"})
        if not HEX.fullmatch(exchange["command"]) or not HEX.fullmatch(exchange["response"]) or not exchange["response"]:
            yield f"{exchange['name']}: not upper-case hex"
    for objects in (tap["data_record"], tap["discretionary_data"]):
        for tag, value in objects.items():
            if not HEX.fullmatch(tag) or not HEX.fullmatch(value):
                yield f"{tag}: not upper-case hex"
    last = 0
    for request in tap["ui"]:
        yield from keys("a ui request", request, {"at_us", "message", "text", "status"}, {"language", "value", "hold_ms"})
        # A request may change the status only (Book A, B.8): it has no message then, and no text.
        known = request["message"] in MESSAGES and request["text"] or request["message"] is request["text"] is None
        if not known or request["status"] not in STATUSES:
            yield f"ui request {request}"
        if request["at_us"] < last:
            yield "ui requests go back in time"
        last = request["at_us"]
    for rule in tap["rules"]:
        yield from keys("a rule", rule, {"book", "rule", "note"})
    if tap["oda"] is not None:
        yield from keys("oda", tap["oda"], {"method", "result"}, {"reason"})
        if tap["oda"]["method"] not in ("fdda", "sda") or tap["oda"]["result"] not in ("ok", "failed"):
            yield f"oda {tap['oda']}"
    if tap["host"] is not None:
        yield from keys("host", tap["host"], {"arqc", "response_code", "arpc"}, {"note", "cryptogram_version"})


def secrets(issuer):
    """What must not be seen without --unmask, as text and as the hex of that text."""
    pan, name = issuer.pan, issuer.name
    track2 = issuer.track2.rstrip("F")
    discretionary = track2.split("D")[1]
    found = {pan, track2, name, discretionary, pan[6:]}
    return found | {text.encode("ascii").hex().upper() for text in found | {name.split("/")[0]}}


def leaks(text, issuer):
    """Secrets in an output, also if it was wrapped or grouped."""
    packed = re.sub(r"\s", "", text)
    return [secret for secret in secrets(issuer) if secret in packed]


def same_length(masked, open_):
    """A masked result has the bytes of the open one, only hidden."""
    pairs = [(a[key], b[key]) for a, b in zip(masked["exchanges"], open_["exchanges"], strict=True) for key in ("command", "response")]
    pairs += [(masked["data_record"][tag], value) for tag, value in open_["data_record"].items()]
    return all(len(a) == len(b) for a, b in pairs)
