//! Arguments that are secret, or name where a secret is.

use core::{fmt, ops::Deref};

use zeroize::Zeroizing;

/// A key or a PIN, or where one is: wiped after use, and not shown with the other arguments.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl Deref for SecretText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let secret = SecretText::from("0123456789ABCDEF");
        assert_eq!((&*secret, format!("{secret:?}")), ("0123456789ABCDEF", "SecretText(…)".to_owned()));
    }
}
