//! THE table of data objects: a tag number with a meaning appears here and nowhere else.
//!
//! Tags collide between kernels; such a number has several rows and the [`Scope`] tells them apart.
//!
//! ```
//! use emvtap::data::{Scope, dictionary::{self, TTQ_9F66}};
//!
//! assert_eq!(dictionary::row(TTQ_9F66, Scope::K3).unwrap().name, "Terminal Transaction Qualifiers (TTQ)");
//! assert_eq!(dictionary::row(TTQ_9F66, Scope::K2).unwrap().name, "PUNATC (Track2)");
//! ```

use core::fmt;

use super::{
    index,
    scope::{Scope, Scopes},
};
use crate::tlv::Tag;

mod names;
mod rows;

pub use names::{NameError, by_name, tag_called, tag_named};
pub use rows::*;

/// How a value is written (EMV Book 3, 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Alphabetic.
    A,
    /// Alphanumeric.
    An,
    /// Alphanumeric and special.
    Ans,
    /// Binary, bit fields, constructed objects and data object lists.
    B,
    /// Compressed numeric: digits, left-justified, padded with F.
    Cn,
    /// Numeric: digits, right-justified, padded with 0.
    N,
    /// Varies.
    Var,
}

/// Who gives an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The card.
    Card,
    /// Terminal, reader or kernel configuration, or the transaction.
    Terminal,
    /// The issuer.
    Issuer,
    /// Issuer or terminal.
    IssuerOrTerminal,
    /// Card or terminal.
    Either,
    /// The kernel.
    Kernel,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Card => "card",
            Self::Terminal => "terminal",
            Self::Issuer => "issuer",
            Self::IssuerOrTerminal => "issuer or terminal",
            Self::Either => "card or terminal",
            Self::Kernel => "kernel",
        })
    }
}

/// One meaning of a tag.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The tag.
    pub tag: Tag,
    /// The name of the constant, with the tag: `AIP_82`.
    pub constant: &'static str,
    /// The name, as the books spell it.
    pub name: &'static str,
    /// What the object is for, in one plain sentence; empty for objects of single kernels and cards.
    pub words: &'static str,
    /// How the value is written.
    pub format: Format,
    /// The format as the books write it: `n12`, `cn`, `b`.
    pub format_text: &'static str,
    /// Who gives it.
    pub origin: Origin,
    /// Fewest bytes.
    pub min: u16,
    /// Most bytes.
    pub max: u16,
    /// Allowed lengths are `min`, `min + step` and so on: 1 or 3, 8 or 16, multiples of 4.
    pub step: u16,
    /// The templates it may stand in; empty if it is never sent by a card, or anywhere.
    pub templates: &'static [Tag],
    /// Who knows it by this meaning.
    pub kernels: Scopes,
    /// Whether it tells who the cardholder or the account is: masked unless somebody asks for it.
    pub sensitive: bool,
}

impl Row {
    /// Whether a value may have this length.
    #[inline]
    pub fn allows(&self, length: usize) -> bool {
        let (min, max) = (usize::from(self.min), usize::from(self.max));
        // A division costs as much as all else that is asked of an object.
        (min..=max).contains(&length) && (self.step <= 1 || (length - min).is_multiple_of(self.step.into()))
    }

    /// The lengths in words: `2 bytes`, `1 or 3 bytes`, `0 to 252 bytes in steps of 4`.
    pub fn lengths(&self) -> String {
        match (self.min, self.max, self.step) {
            (1, 1, _) => "1 byte".to_owned(),
            (min, max, _) if min == max => format!("{min} bytes"),
            (min, max, step) if min + step == max => format!("{min} or {max} bytes"),
            (min, max, 1) => format!("{min} to {max} bytes"),
            (min, max, step) => format!("{min} to {max} bytes in steps of {step}"),
        }
    }
}

/// All meanings of a tag, in the order of the table; none if the dictionary does not know it.
#[inline]
pub fn rows(tag: Tag) -> &'static [Row] {
    let found = index::slot(tag).and_then(|slot| index::TAGS.get(slot));
    found.and_then(|slot| ROWS.get(slot.first_row..)?.get(..slot.rows)).unwrap_or_default()
}

/// What a tag means to a scope: the meaning it works with, else the one its cards have, else that of the contact world, else
/// the only one there is. `None` if the dictionary does not know the tag, or knows it only by several foreign meanings.
pub fn row(tag: Tag, scope: Scope) -> Option<&'static Row> {
    let rows = rows(tag);
    let find = |wanted: &dyn Fn(Scopes) -> bool| rows.iter().find(|row| wanted(row.kernels));
    find(&|kernels| kernels.contains(scope))
        .or_else(|| find(&|kernels| kernels.card_only(scope)))
        .or_else(|| find(&|kernels| kernels.contains(Scope::Contact)))
        .or(match rows {
            [only] => Some(only),
            _ => None,
        })
}

/// What a tag means inside a template, which tells some meanings apart, to a scope if one is known: the first meaning that fits
/// both, else that of [`row`], else without a scope the first.
pub fn row_in(tag: Tag, scope: Option<Scope>, template: Option<Tag>) -> Option<&'static Row> {
    let stands_in = |row: &Row| template.is_some_and(|template| row.templates.contains(&template));
    let known = |row: &Row| scope.is_none_or(|scope| row.kernels.contains(scope));
    let rows = rows(tag);
    let fitting = rows.iter().find(|row| stands_in(row) && known(row));
    fitting.or_else(|| scope.map_or(rows.first(), |scope| row(tag, scope)))
}

/// What a tag means like [`row_in`]; if no scope is known, and a length is, the first meaning that may have it.
pub fn row_fitting(
    tag: Tag,
    scope: Option<Scope>,
    template: Option<Tag>,
    length: Option<usize>,
) -> Option<&'static Row> {
    let found = row_in(tag, scope, template)?;
    match length {
        Some(length) if scope.is_none() && !found.allows(length) => {
            rows(tag).iter().find(|row| row.allows(length)).or(Some(found))
        }
        _ => Some(found),
    }
}

/// Whether an object tells the PAN to anybody who has the public key of the CA. The certificates of the card's keys hold it (EMV
/// Book 2, 6.4 and 7.1); the hash in the static signature says which of the few that fit is the right one (5.4).
pub fn gives_pan_away(tag: Tag) -> bool {
    matches!(tag, ICC_PUBLIC_KEY_CERTIFICATE_9F46 | ICC_PIN_ENCIPHERMENT_PK_CERTIFICATE_9F2D | SSAD_93)
}

/// Whether any meaning of the tag is sensitive. A tag that the dictionary does not know may hide anything, and is.
pub fn is_sensitive(tag: Tag) -> bool {
    let rows = rows(tag);
    rows.is_empty() || rows.iter().any(|row| row.sensitive)
}

/// The format by which a data object list pads and cuts a value: that of the terminal's meaning of the tag if it has one, else
/// of the first.
pub fn padding(tag: Tag) -> Format {
    let rows = rows(tag);
    let row = rows.iter().find(|row| row.origin == Origin::Terminal).or(rows.first());
    row.map_or(Format::B, |row| row.format)
}

macro_rules! objects {
    ($($(#[doc = $words:literal])? $name:ident = $tag:literal, $text:literal, $format:ident $format_text:literal, $origin:ident,
        $min:literal..=$max:literal $(step $step:literal)?, [$($template:literal),*], $kernels:literal $(, $mark:ident)?;)*) => {
        use super::{Format, Origin, Row};
        use crate::{data::scope::Scopes, tlv::Tag};

        $(
            #[doc = $text]
            #[doc = ""]
            $(#[doc = $words])?
            pub const $name: Tag = Tag::new($tag);
        )*

        /// Every row, in the order of the table.
        pub static ROWS: &[Row] = ROWS_CONST;

        pub(in crate::data) const ROWS_CONST: &[Row] = &[$(Row {
            tag: $name,
            constant: stringify!($name),
            name: $text,
            words: concat!($($words)?).trim_ascii(),
            format: Format::$format,
            format_text: $format_text,
            origin: Origin::$origin,
            min: $min,
            max: $max,
            step: { let step: &[u16] = &[$($step)?]; if let [step] = step { *step } else { 1 } },
            templates: &[$(Tag::new($template)),*],
            kernels: Scopes::parse($kernels),
            sensitive: { let marks: &[&str] = &[$(stringify!($mark))?]; !marks.is_empty() },
        }),*];
    };
}

use objects;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_reads_a_shared_number_in_its_own_way() {
        let name = |tag, scope| row(tag, scope).map(|row| row.name);
        assert_eq!(name(CTQ_9F6C, Scope::K3), Some("Card Transaction Qualifiers (CTQ)"));
        assert_eq!(name(AIP_82, Scope::K3), Some("Application Interchange Profile"));
        assert_eq!(name(AIP_82, Scope::Biometric), Some("Biometric Subtype"));
        assert_eq!(name(OFFLINE_ACCUMULATOR_BALANCE_9F50, Scope::K5), Some("Cardholder Verification Status"));
        assert_eq!(
            name(OFFLINE_ACCUMULATOR_BALANCE_9F50, Scope::K4),
            Some("Application dual currency code (Amex card data)")
        );
        assert_eq!(name(OFFLINE_ACCUMULATOR_BALANCE_9F50, Scope::K3), None, "two foreign meanings say nothing");
        assert_eq!(name(TDOL_97, Scope::K3), Some("TDOL"), "a foreign meaning that is the only one");
        assert_eq!(name(Tag::new(0xD3), Scope::K3), None);
    }

    #[test]
    fn lengths_can_have_gaps() {
        let row = |tag| rows(tag)[0];
        let allowed = |row: Row| (0..20).filter(|length| row.allows(*length)).collect::<Vec<_>>();
        assert_eq!(allowed(row(ISSUER_PUBLIC_KEY_EXPONENT_9F32)), [1, 3]);
        assert_eq!(allowed(row(AFL_94)), [0, 4, 8, 12, 16]);
        assert_eq!(allowed(row(BIC_5F54)), [8, 11]);
        assert_eq!(allowed(row(AIP_82)), [2]);
        let words = [ISSUER_PUBLIC_KEY_EXPONENT_9F32, AFL_94, PAN_5A, CID_9F27, AIP_82].map(|tag| row(tag).lengths());
        let wanted =
            ["1 or 3 bytes", "0 to 252 bytes in steps of 4", "0 to 10 bytes", "1 byte", "2 bytes"].map(str::to_owned);
        assert_eq!(words, wanted);
    }

    #[test]
    fn every_row_is_sound() {
        for row in ROWS {
            assert!(row.min <= row.max && row.step > 0, "{}", row.constant);
            assert!(row.allows(row.min.into()) && row.allows(row.max.into()), "{}", row.constant);
            assert!(row.constant.ends_with(&format!("_{}", row.tag)), "{}", row.constant);
            assert!(row.kernels.iter().next().is_some(), "{}", row.constant);
            assert!(!row.words.ends_with('.') && row.words.trim() == row.words, "{}", row.constant);
            let well_formed = row.tag.to_string().parse() == Ok(row.tag);
            assert_eq!(well_formed, row.tag != DCVV_9F80, "{}", row.constant);
        }
    }

    #[test]
    fn what_entry_point_kernel_3_and_every_kernel_use_has_plain_words() {
        let general = |row: &&Row| [Scope::EntryPoint, Scope::K3].iter().all(|scope| row.kernels.contains(*scope));
        let of_kernel_3 = |row: &&Row| row.kernels.contains(Scope::K3);
        for row in ROWS.iter().filter(|row| general(row) || of_kernel_3(row)) {
            assert!(!row.words.is_empty(), "{}", row.constant);
        }
    }

    #[test]
    fn what_names_a_person_or_an_account_is_sensitive() {
        for tag in [PAN_5A, TRACK_2_EQUIVALENT_DATA_57, CARDHOLDER_NAME_5F20, TRACK_2_DATA_9F6B, Tag::new(0xDF01)] {
            assert!(is_sensitive(tag), "{tag}");
        }
        assert!(!is_sensitive(AIP_82) && !is_sensitive(APPLICATION_CRYPTOGRAM_9F26));
    }
}
