//! A command written field by field, `CLA=00 INS=A4 P1=04 P2=00 data=A000…`; apdutool of Java Card has its answer behind it:
//! `CLA: 00, INS: a4, … Lc: 07, a0, …, Le: 1e, 6f, …, SW1: 90, SW2: 00`.

/// A command, and its response if the line has one.
pub(super) fn line(text: &str) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let text = text.to_ascii_lowercase();
    let mut bytes = Vec::new();
    let mut rest = text.as_str();
    for name in ["cla", "ins", "p1", "p2"] {
        let (value, behind) = field(rest, name)?;
        let [byte] = *value else { return None };
        bytes.push(byte);
        rest = behind;
    }
    let (lc, le) = (field(rest, "lc"), field(rest, "le"));
    let data = field(rest, "data").map(|(data, _)| data);
    let written = lc.map(|(lc, _)| lc).unwrap_or_default();
    // Behind Lc the data follow without a name of their own.
    let data = data.unwrap_or_else(|| written.get(1..).unwrap_or_default().to_vec());
    // A count that does not fit belongs to something else.
    if written.first().is_some_and(|lc| usize::from(*lc) != data.len()) {
        return None;
    }
    if !data.is_empty() {
        bytes.push(u8::try_from(data.len()).ok()?);
        bytes.extend(data);
    }
    let answer = le.map(|(le, _)| le).unwrap_or_default();
    let status = || Some([field(rest, "sw1")?.0, field(rest, "sw2")?.0].concat()).filter(|status| status.len() == 2);
    match (answer.split_first(), status()) {
        // Le of apdutool is the length of what came.
        (Some((_, data)), Some(status)) => {
            bytes.push(0);
            Some((bytes, Some([data, &status].concat())))
        }
        (Some((le, _)), None) => {
            bytes.push(*le);
            Some((bytes, None))
        }
        (None, status) => {
            // READ RECORD and SELECT without a word on Le want all there is.
            bytes.push(0);
            Some((bytes, status))
        }
    }
}

/// The bytes behind a name, and what is behind the name.
fn field<'a>(text: &'a str, name: &str) -> Option<(Vec<u8>, &'a str)> {
    let (before, rest) = text.split_once(name)?;
    let value = rest.trim_start().strip_prefix([':', '='])?;
    if before.ends_with(char::is_alphanumeric) {
        return None;
    }
    let words = value.split([' ', ',', ';', '\t']).filter(|word| !word.is_empty());
    let hex = words.map_while(|word| hex::decode(word.trim_start_matches("0x")).ok());
    Some((hex.flatten().collect(), value))
}
