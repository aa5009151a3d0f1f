//! How an issuer answers, from a file (`emvtap.host/1`).

use serde::{Deserialize, Deserializer, de::Error};
use toml::Spanned;

use crate::{
    data::text::HexText,
    diag::{self, Problem},
    time::Micros,
};

const SCHEMA: &str = "emvtap.host/1";

/// How an issuer answers an authorisation request whose cryptogram is good.
///
/// ```
/// let text = "schema = 'emvtap.host/1'\n[[rule]]\nfrom = 10000\nresponse-code = '51'\n";
/// let policy = emvtap::host::Policy::parse("host.toml", text).unwrap();
/// assert_eq!(policy.response_code(Some(99_99)), *b"00");
/// assert_eq!(policy.response_code(Some(100_00)), *b"51");
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Policy {
    #[serde(rename = "schema")]
    _schema: String,
    #[serde(rename = "title")]
    _title: String,
    response_code: Code,
    delay_ms: u64,
    scripts: Vec<HexText>,
    authentication_data: Option<bool>,
    rule: Vec<Rule>,
    issuer: Vec<KnownIssuer>,
}

/// An issuer whose cards are not built in: the first digits of their PAN, and the name of the key file of its master key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownIssuer {
    /// Digits.
    pub prefix: Spanned<String>,
    /// A built-in key, or a file of `emvtap.key/1`.
    pub key: Spanned<String>,
}

/// Amounts from one to another, in minor units, both included, get a response code of their own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Rule {
    from: Option<u64>,
    to: Option<u64>,
    response_code: Code,
}

/// Two characters (8A, an2).
#[derive(Clone, Copy, Debug)]
struct Code([u8; 2]);

impl Default for Code {
    fn default() -> Self {
        Self(*b"00")
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let code = <[u8; 2]>::try_from(text.as_bytes()).ok().filter(|code| code.iter().all(u8::is_ascii_alphanumeric));
        code.map(Self)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is no response code; wanted two letters or digits")))
    }
}

impl Policy {
    /// Reads a host file. `file`: its name for messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        diag::expect_schema(file, text, SCHEMA)?;
        diag::from_toml(file, text)
    }

    /// The issuers whose cryptograms this host can verify besides those of the built-in cards.
    pub fn issuers(&self) -> &[KnownIssuer] {
        &self.issuer
    }

    /// The response code for an amount in minor units: of the first rule that covers it.
    pub fn response_code(&self, amount: Option<u64>) -> [u8; 2] {
        let covers = |rule: &&Rule, amount: u64| {
            rule.from.is_none_or(|from| amount >= from) && rule.to.is_none_or(|to| amount <= to)
        };
        let rule = amount.and_then(|amount| self.rule.iter().find(|rule| covers(rule, amount)));
        rule.map_or(self.response_code, |rule| rule.response_code).0
    }

    /// The scripts that go with every answer: whole 71 and 72 objects.
    pub fn scripts(&self) -> Vec<u8> {
        self.scripts.iter().flat_map(|script| script.0.iter().copied()).collect()
    }

    /// Whether an answer authenticates the issuer (91).
    pub fn has_authentication_data(&self) -> bool {
        self.authentication_data.unwrap_or(true)
    }

    /// How long an answer takes.
    pub const fn delay(&self) -> Micros {
        Micros(self.delay_ms.saturating_mul(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_may_come_without_authentication_data() {
        let policy = |text: &str| Policy::parse("host.toml", &format!("schema = 'emvtap.host/1'\n{text}")).unwrap();
        assert!(policy("").has_authentication_data());
        assert!(!policy("authentication-data = false").has_authentication_data());
    }

    #[test]
    fn the_first_rule_that_covers_the_amount_wins() {
        let text = "schema = 'emvtap.host/1'\nresponse-code = '05'\ndelay-ms = 120\nscripts = ['7200']\n\
                    [[rule]]\nfrom = 100\nto = 200\nresponse-code = '00'\n[[rule]]\nto = 150\nresponse-code = '51'\n";
        let policy = Policy::parse("host.toml", text).unwrap();
        let codes = [99, 100, 200, 201].map(|amount| policy.response_code(Some(amount)));
        assert_eq!(codes, [*b"51", *b"00", *b"00", *b"05"]);
        assert_eq!(policy.response_code(None), *b"05");
        assert_eq!((policy.delay(), policy.scripts()), (Micros(120_000), vec![0x72, 0x00]));
    }

    #[test]
    fn mistakes_are_shown_at_their_place() {
        let problem = Policy::parse("host.toml", "schema = 'emvtap.host/1'\nresponse-code = '5'\n").unwrap_err();
        assert_eq!(problem.position.unwrap().line, 2);
        let problem = Policy::parse("host.toml", "schema = 'emvtap.host/1'\nresponce-code = '05'\n").unwrap_err();
        assert_eq!(problem.hint.as_deref(), Some("did you mean `response-code`?"));
    }
}
