"""Reads the card in the first reader with pyscard and checks it against what EMV and PC/SC part 3 say."""
from smartcard.CardConnection import CardConnection
from smartcard.System import readers
from smartcard.util import toBytes, toHexString


def main():
    connection = readers()[0].createConnection()
    connection.connect(CardConnection.T1_protocol)

    def send(text):
        data, sw1, sw2 = connection.transmit(toBytes(text))
        return bytes(data), f"{sw1:02X}{sw2:02X}"

    def expect(text, status="9000"):
        data, found = send(text)
        assert found == status, f"{text}: {found}, wanted {status}"
        return data

    atr = connection.getATR()
    assert toHexString(atr) == "3B 80 80 01 01", toHexString(atr)
    assert expect("FF CA 00 00 00").hex() == "04112233445566"
    assert expect("FF CA 01 00 00") == b""
    ppse = expect("00 A4 04 00 0E 32 50 41 59 2E 53 59 53 2E 44 44 46 30 31 00")
    aid = bytes.fromhex("A0000000031010")
    assert b"2PAY.SYS.DDF01" in ppse and aid in ppse
    fci = expect("00 A4 04 00 07 A0 00 00 00 03 10 10 00")
    assert fci[0] == 0x6F and b"\x9f\x38" in fci, "an FCI with a PDOL"
    expect("00 A4 04 00 07 A0 00 00 00 99 99 99 00", "6A82")
    expect("00 B2 01 0C 00", "6985")
    # Off and on again: nothing is selected any more.
    connection.disconnect()
    connection.connect(CardConnection.T1_protocol)
    expect("80 A8 00 00 02 83 00 00", "6985")
    connection.disconnect()


main()
