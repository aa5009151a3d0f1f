//! Where a case applies: an expression over what a subject supports, like `c3.issuer-update and not (c3.modes = online-only)`.
//!
//! An item alone is true if it is supported; `=`, `!=`, `<`, `<=`, `>`, `>=` compare it with a word or a number. `not` binds most
//! closely, then `and`, then `or`.

use core::{fmt, ops::Range};

use super::ics::Value;
use crate::diag::Problem;

/// An expression of applicability, with the text it was written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    text: String,
    pub(super) tree: Tree,
}

/// What is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    Not(Box<Tree>),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
    Compare(Comparison),
}

/// An item compared with a value; alone it is compared with "yes".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comparison {
    pub item: String,
    pub relation: Relation,
    pub value: Value,
    /// Where the item stands in the text, and the value if it is written.
    pub at: Range<usize>,
    pub value_at: Option<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The signs, longer ones first.
const SIGNS: [(&str, Relation); 6] = [
    ("!=", Relation::Different),
    ("<=", Relation::LessOrEqual),
    (">=", Relation::GreaterOrEqual),
    ("=", Relation::Equal),
    ("<", Relation::Less),
    (">", Relation::Greater),
];

impl Relation {
    /// Whether it asks which of two numbers is more.
    pub const fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::Different)
    }

    pub fn holds(self, left: &Value, right: &Value) -> bool {
        match (self, left, right) {
            (Self::Equal, ..) => left == right,
            (Self::Different, ..) => left != right,
            (Self::Less, Value::Number(left), Value::Number(right)) => left < right,
            (Self::LessOrEqual, Value::Number(left), Value::Number(right)) => left <= right,
            (Self::Greater, Value::Number(left), Value::Number(right)) => left > right,
            (Self::GreaterOrEqual, Value::Number(left), Value::Number(right)) => left >= right,
            _ => false,
        }
    }
}

/// What is wrong with a small text inside a file: where in it, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Bytes of the small text.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Wrong {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), hint: None }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The same as a mistake in the file whose text holds the small one at `written`.
    pub fn in_file(&self, file: &str, text: &str, written: &toml::Spanned<String>) -> Problem {
        let span = written.span();
        let quoted = text.get(span.clone()).unwrap_or_default();
        // Where the text stands behind the quotes; with escapes in it nobody can say, and the whole is shown.
        let inside = quoted.find(written.get_ref().as_str()).filter(|_| !written.get_ref().is_empty());
        let at = match inside {
            Some(lead) => span.start + lead + self.at.start..span.start + lead + self.at.end.max(self.at.start + 1),
            None => span,
        };
        Problem { hint: self.hint.clone(), ..Problem::at(file, text, at, &self.message) }
    }
}

impl Expression {
    /// Reads an expression. Whether there are such items is another question.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens, at: 0, end: text.len() };
        let tree = parser.or()?;
        match parser.peek() {
            None => Ok(Self { text: text.to_owned(), tree }),
            Some((at, Token::Close)) => Err(Wrong::new(at, "there is no `(` to this `)`")),
            Some((at, _)) => Err(Wrong::new(at, "wanted `and`, `or` or the end")),
        }
    }
}

impl Expression {
    /// The items that it is about.
    pub(super) fn items(&self) -> impl Iterator<Item = &str> {
        self.tree.comparisons().into_iter().map(|comparison| comparison.item.as_str())
    }

    /// What all of them say together; `None` if there are none. What is said twice is said once.
    pub(super) fn all<'a>(expressions: impl Iterator<Item = &'a Self>) -> Option<Self> {
        let mut parts: Vec<&Self> = Vec::new();
        for expression in expressions {
            if !parts.iter().any(|known| known.text == expression.text) {
                parts.push(expression);
            }
        }
        let text = |part: &Self| match part.tree {
            Tree::Or(..) => format!("({})", part.text),
            _ => part.text.clone(),
        };
        match parts.as_slice() {
            [] => None,
            [only] => Some((*only).clone()),
            several => Self::parse(&several.iter().map(|part| text(part)).collect::<Vec<_>>().join(" and ")).ok(),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Tree {
    /// Its comparisons, from left to right.
    pub fn comparisons(&self) -> Vec<&Comparison> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Comparison>) {
        match self {
            Self::Not(inner) => inner.collect(found),
            Self::And(left, right) | Self::Or(left, right) => {
                left.collect(found);
                right.collect(found);
            }
            Self::Compare(comparison) => found.push(comparison),
        }
    }

    /// Whether it holds, as far as that can be said of the items whose values are known.
    pub fn holds(&self, value: &dyn Fn(&str) -> Option<Value>) -> Option<bool> {
        match self {
            Self::Not(inner) => inner.holds(value).map(|holds| !holds),
            Self::And(left, right) => match (left.holds(value), right.holds(value)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(left, right) => match (left.holds(value), right.holds(value)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Compare(comparison) => {
                value(&comparison.item).map(|found| comparison.relation.holds(&found, &comparison.value))
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Word(String),
    Sign(Relation),
}

fn tokens(text: &str) -> Result<Vec<(Range<usize>, Token)>, Wrong> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
        let (length, token) = match (rest.chars().next(), sign) {
            (Some(c), _) if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            (Some('('), _) => (1, Token::Open),
            (Some(')'), _) => (1, Token::Close),
            (_, Some((sign, relation))) => (sign.len(), Token::Sign(*relation)),
            (Some(_), None) if word > 0 => (word, Token::Word(rest.get(..word).unwrap_or_default().to_owned())),
            (Some(c), None) => {
                let wrong = Wrong::new(at..at + c.len_utf8(), format!("`{c}` means nothing here"));
                return Err(
                    wrong.hint("write items with `and`, `or`, `not`, parentheses, and `=`, `!=`, `<`, `<=`, `>`, `>=`")
                );
            }
            (None, _) => break,
        };
        tokens.push((at..at + length, token));
        at += length;
    }
    Ok(tokens)
}

struct Parser<'a> {
    tokens: &'a [(Range<usize>, Token)],
    at: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<(Range<usize>, &Token)> {
        self.tokens.get(self.at).map(|(at, token)| (at.clone(), token))
    }

    /// Takes the word if it comes next.
    fn takes(&mut self, wanted: &str) -> bool {
        let is_next = matches!(self.peek(), Some((_, Token::Word(word))) if word == wanted);
        self.at += usize::from(is_next);
        is_next
    }

    fn or(&mut self) -> Result<Tree, Wrong> {
        let mut tree = self.and()?;
        while self.takes("or") {
            tree = Tree::Or(Box::new(tree), Box::new(self.and()?));
        }
        Ok(tree)
    }

    fn and(&mut self) -> Result<Tree, Wrong> {
        let mut tree = self.not()?;
        while self.takes("and") {
            tree = Tree::And(Box::new(tree), Box::new(self.not()?));
        }
        Ok(tree)
    }

    fn not(&mut self) -> Result<Tree, Wrong> {
        let mut negated = false;
        while self.takes("not") {
            negated = !negated;
        }
        let tree = self.single()?;
        Ok(if negated { Tree::Not(Box::new(tree)) } else { tree })
    }

    fn single(&mut self) -> Result<Tree, Wrong> {
        let here = self.end.saturating_sub(1)..self.end;
        let next = self.peek().map(|(at, token)| (at, token.clone()));
        self.at += 1;
        match next {
            Some((open, Token::Open)) => {
                let tree = self.or()?;
                let closed = matches!(self.peek(), Some((_, Token::Close)));
                self.at += 1;
                if closed { Ok(tree) } else { Err(Wrong::new(open, "there is no `)` to this `(`")) }
            }
            Some((at, Token::Word(word))) if !matches!(word.as_str(), "and" | "or") => self.comparison(at, word),
            Some((at, _)) => Err(Wrong::new(at, "wanted an item of the ICS, `not` or `(`")),
            None => Err(Wrong::new(here, "wanted an item of the ICS, found the end")),
        }
    }

    fn comparison(&mut self, at: Range<usize>, item: String) -> Result<Tree, Wrong> {
        let Some((sign_at, Token::Sign(relation))) = self.peek() else {
            let (relation, value) = (Relation::Equal, Value::Bool(true));
            return Ok(Tree::Compare(Comparison { item, relation, value, at, value_at: None }));
        };
        let relation = *relation;
        self.at += 1;
        let Some((value_at, Token::Word(word))) = self.peek() else {
            return Err(Wrong::new(sign_at, "wanted a word or a number behind this"));
        };
        let value = Value::parse(word);
        self.at += 1;
        Ok(Tree::Compare(Comparison { item, relation, value, at, value_at: Some(value_at) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> Option<bool> {
        let value = |item: &str| match item {
            "yes" => Some(Value::Bool(true)),
            "no" => Some(Value::Bool(false)),
            "three" => Some(Value::Number(3)),
            "colour" => Some(Value::Word("red".to_owned())),
            _ => None,
        };
        Expression::parse(text).unwrap().tree.holds(&value)
    }

    #[test]
    fn not_binds_before_and_and_before_or() {
        for (text, expected) in [
            ("yes", Some(true)),
            ("not yes", Some(false)),
            ("not not yes", Some(true)),
            ("yes or no and no", Some(true)),
            ("(yes or no) and no", Some(false)),
            ("not no and yes", Some(true)),
            ("not (no or yes)", Some(false)),
            ("three = 3 and three>=3 and three <= 3 and not three < 3 and three != 4", Some(true)),
            ("three > 2 and three < 4", Some(true)),
            ("colour = red", Some(true)),
            ("colour != red", Some(false)),
            ("unknown or yes", Some(true)),
            ("unknown and no", Some(false)),
            ("unknown and yes", None),
            ("not unknown", None),
        ] {
            assert_eq!(holds(text), expected, "{text}");
        }
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, at, message) in [
            ("a and", 4..5, "wanted an item of the ICS, found the end"),
            ("", 0..0, "wanted an item of the ICS, found the end"),
            ("a and or b", 6..8, "wanted an item of the ICS, `not` or `(`"),
            ("(a or b", 0..1, "there is no `)` to this `(`"),
            ("a) or b", 1..2, "there is no `(` to this `)`"),
            ("a b", 2..3, "wanted `and`, `or` or the end"),
            ("a & b", 2..3, "`&` means nothing here"),
            ("a = ", 2..3, "wanted a word or a number behind this"),
            ("é", 0..2, "`é` means nothing here"),
        ] {
            let wrong = Expression::parse(text).unwrap_err();
            assert_eq!((wrong.at, wrong.message.as_str()), (at, message), "{text}");
        }
    }
}
