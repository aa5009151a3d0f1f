//! Hex as people and programs write it.

use core::fmt;

/// Why a text is not hex, with the place in bytes from its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// A character that is neither a digit nor stands between bytes.
    Character(usize, char),
    /// The number of digits is odd; the place is that of the digit that is alone.
    Odd(usize),
    /// There are no digits.
    Empty,
}

impl HexError {
    /// Where it is.
    pub const fn at(self) -> usize {
        match self {
            Self::Character(at, _) | Self::Odd(at) => at,
            Self::Empty => 0,
        }
    }
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(_, c) => write!(f, "`{}` is no hex digit", c.escape_default()),
            Self::Odd(_) => write!(f, "an odd number of hex digits: this one is alone"),
            Self::Empty => write!(f, "no hex digits"),
        }
    }
}

/// Reads hex digits, with what people put around bytes: blanks, line ends, `:` `,` `;` `-` `_` `.` brackets, quotes, `0x`, `\x`.
///
/// # Errors
/// See [`HexError`].
pub fn hexadecimal(text: &str) -> Result<Vec<u8>, HexError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high: Option<(usize, u8)> = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        match c {
            '0' | '\\' if matches!(next, Some('x' | 'X')) && high.is_none() => {
                characters.next();
            }
            _ if c.is_whitespace() || ":,;-_.[](){}<>\"'|".contains(c) => {}
            _ => {
                let digit =
                    c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(HexError::Character(at, c))?;
                match high.take() {
                    Some((_, high)) => bytes.push(high << 4 | digit),
                    None => high = Some((at, digit)),
                }
            }
        }
    }
    match high {
        Some((at, _)) => Err(HexError::Odd(at)),
        None if bytes.is_empty() => Err(HexError::Empty),
        None => Ok(bytes),
    }
}
