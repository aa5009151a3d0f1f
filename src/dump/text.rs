//! What programs do to text before anybody reads it.

use std::borrow::Cow;

/// Marks the beginning of a text, and the order of bytes in UTF-16.
const MARK: char = '\u{feff}';

/// The text of a file: UTF-8, or UTF-16 with its mark, as PowerShell writes it; without the mark.
///
/// # Errors
/// The bytes, if they are no text.
///
/// ```
/// assert_eq!(emvtap::dump::text(b"\xFF\xFE>\0".to_vec()).unwrap(), ">");
/// assert!(emvtap::dump::text(vec![0x9F]).is_err());
/// ```
pub fn text(bytes: Vec<u8>) -> Result<String, Vec<u8>> {
    let wide = |order: fn([u8; 2]) -> u16, rest: &[u8]| {
        let (units, odd) = rest.as_chunks::<2>();
        String::from_utf16(&units.iter().map(|unit| order(*unit)).collect::<Vec<_>>()).ok().filter(|_| odd.is_empty())
    };
    let text = match *bytes {
        [0xFF, 0xFE, ref rest @ ..] => wide(u16::from_le_bytes, rest),
        [0xFE, 0xFF, ref rest @ ..] => wide(u16::from_be_bytes, rest),
        _ => None,
    };
    match text {
        Some(text) => Ok(text),
        None => String::from_utf8(bytes)
            .map(|text| text.strip_prefix(MARK).map(str::to_owned).unwrap_or(text))
            .map_err(|error| error.into_bytes()),
    }
}

/// A text without its mark, with line feeds where lines end, and without colours: `ESC [ ... m` (ECMA-48, 8.3.117).
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    const ESCAPE: &str = "\u{1b}[";
    let text = text.strip_prefix(MARK).unwrap_or(text);
    let returns = text.contains('\r') && !text.contains('\n');
    if !returns && !text.contains(ESCAPE) {
        return Cow::Borrowed(text);
    }
    let mut pieces = text.split(ESCAPE);
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        plain.push_str(rest.strip_prefix(['m', 'K']).unwrap_or(rest));
    }
    Cow::Owned(if returns { plain.replace('\r', "\n") } else { plain })
}
