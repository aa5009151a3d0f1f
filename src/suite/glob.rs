//! Names with `*` and `?`, as people write them to select cases.

/// Whether `text` is what `pattern` says: `*` stands for any characters, `?` for one; capitals do not matter.
///
/// ```
/// use emvtap::suite::glob;
///
/// assert!(glob::matches("C3-CVM-*", "C3-CVM-014/below"));
/// assert!(!glob::matches("C3-CVM-01?", "C3-CVM-014/below"));
/// ```
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().flat_map(char::to_lowercase).collect();
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    rest_matches(&pattern, &text)
}

/// What everything that the pattern means begins with, in small letters.
pub fn head(pattern: &str) -> String {
    pattern.split(['*', '?']).next().unwrap_or_default().to_lowercase()
}

/// Goes back only to the last star: linear in each, never exponential.
fn rest_matches(mut pattern: &[char], mut text: &[char]) -> bool {
    let mut star: Option<(&[char], &[char])> = None;
    loop {
        match (pattern, text) {
            ([], []) => return true,
            (['*', after @ ..], _) => {
                star = Some((after, text));
                pattern = after;
            }
            ([wanted, after @ ..], [found, rest @ ..]) if *wanted == '?' || wanted == found => {
                (pattern, text) = (after, rest);
            }
            _ => match star {
                Some((after, [_, rest @ ..])) => {
                    star = Some((after, rest));
                    (pattern, text) = (after, rest);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, wanted) in [
            ("", "", true),
            ("*", "", true),
            ("a", "", false),
            ("C3-*-014", "C3-CVM-014", true),
            ("c3-*", "C3-CVM-014", true),
            ("*cvm*1?", "C3-CVM-014", true),
            ("*cvm*1??", "C3-CVM-014", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("?", "é", true),
        ] {
            assert_eq!(matches(pattern, text), wanted, "{pattern} {text}");
        }
        assert!(!matches(&"*a".repeat(40), &"a".repeat(39)));
    }
}
