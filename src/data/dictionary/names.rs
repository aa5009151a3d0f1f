//! Finding an object by what a person calls it.

use core::fmt;
use std::{collections::HashMap, sync::LazyLock};

use super::{ROWS, Row, row, rows};
use crate::{data::scope::Scope, tlv::Tag};

/// Names that neither the books' spelling nor a constant gives.
const ALIASES: &[(&str, Tag)] = &[
    ("AID", super::AID_TERMINAL_9F06),
    ("API", super::APPLICATION_PRIORITY_INDICATOR_87),
    ("Application Identifier", super::AID_TERMINAL_9F06),
    ("Application Primary Account Number", super::PAN_5A),
    ("ARC", super::AUTHORISATION_RESPONSE_CODE_8A),
    ("AUC", super::APPLICATION_USAGE_CONTROL_9F07),
    ("Card Risk Management Data Object List 1", super::CDOL1_8C),
    ("Card Risk Management Data Object List 2", super::CDOL2_8D),
    ("Cardholder Verification Method List", super::CVM_LIST_8E),
    ("CARD", super::CARD_AUTHENTICATION_RELATED_DATA_9F69),
    ("Dedicated File Name", super::DF_NAME_84),
    ("Dynamic Data Authentication Data Object List", super::DDOL_9F49),
    ("IDS", super::IDS_DIRECTORY_D2),
    ("Integrated Data Storage", super::IDS_DIRECTORY_D2),
    ("PSN", super::PAN_SEQUENCE_NUMBER_5F34),
    ("Primary Account Number", super::PAN_5A),
    ("Processing Options Data Object List", super::PDOL_9F38),
    ("Static Data Authentication Tag List", super::SDA_TAG_LIST_9F4A),
    ("Track 2", super::TRACK_2_EQUIVALENT_DATA_57),
    ("UN", super::UNPREDICTABLE_NUMBER_9F37),
];

/// Why a name says no object.
#[derive(Clone, Debug)]
pub enum NameError {
    /// Nothing is called like this; names that are close, best first.
    Unknown(Vec<&'static str>),
    /// Several objects are called like this.
    Ambiguous(Vec<&'static Row>),
}

/// The hint, to follow a message that says what was written: `did you mean …?`, or the choices with their tags.
impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(near) if near.is_empty() => write!(f, "write the tag in hex, or the object's name"),
            Self::Unknown(near) => {
                write!(f, "did you mean ")?;
                for (position, name) in near.iter().enumerate() {
                    write!(f, "{}`{name}`", if position == 0 { "" } else { " or " })?;
                }
                write!(f, "?")
            }
            Self::Ambiguous(rows) => {
                write!(f, "write the tag: ")?;
                for (position, row) in rows.iter().enumerate() {
                    let comma = if position == 0 { "" } else { ", " };
                    write!(f, "{comma}{} ({}, {})", row.tag, row.name, row.kernels)?;
                }
                Ok(())
            }
        }
    }
}

impl core::error::Error for NameError {}

/// The tag that a person means: hex (`82`), the books' name (`Application Interchange Profile`), a short name (`AIP`), the name
/// of the constant (`AIP_82`). Case, spaces and punctuation do not matter. Names that several objects have are decided by the
/// scope if it knows only one of them.
///
/// # Errors
/// Nothing, or more than one thing, is called like this.
///
/// ```
/// use emvtap::data::{Scope, dictionary::{tag_named, AIP_82}};
///
/// for text in ["82", "AIP", "Application Interchange Profile", "application-interchange-profile", "AIP_82"] {
///     assert_eq!(tag_named(text, Some(Scope::K3)).unwrap(), AIP_82);
/// }
/// ```
pub fn tag_named(text: &str, scope: Option<Scope>) -> Result<Tag, NameError> {
    match text.trim().parse() {
        Ok(tag) => Ok(tag),
        Err(_) => by_name(text, scope).map(|row| row.tag),
    }
}

/// The row that a person means by a name; hex is no name.
///
/// # Errors
/// Nothing, or more than one thing, is called like this.
pub fn by_name(text: &str, scope: Option<Scope>) -> Result<&'static Row, NameError> {
    let wanted: String = plain(text).collect();
    let found = match NAMED.get(&wanted) {
        None => return Err(NameError::Unknown(near(&wanted))),
        Some(Named::Alias(tag)) => {
            let found = scope.and_then(|scope| row(*tag, scope)).or(rows(*tag).first());
            return found.ok_or_else(|| NameError::Unknown(Vec::new()));
        }
        Some(Named::Rows(found)) => found,
    };
    let known = |row: &&&Row| scope.is_some_and(|scope| row.kernels.contains(scope));
    let of_scope: Vec<&Row> = found.iter().filter(known).copied().collect();
    match (found.as_slice(), of_scope.as_slice()) {
        ([only], _) | (_, [only]) => Ok(only),
        _ => Err(NameError::Ambiguous(found.clone())),
    }
}

/// The tag of the first object that a word names; `None` if it names none. Looks for no names near it: to be asked of any word.
pub fn tag_called(word: &str) -> Option<Tag> {
    match NAMED.get(&plain(word).collect::<String>())? {
        Named::Alias(tag) => Some(*tag),
        Named::Rows(rows) => rows.first().map(|row| row.tag),
    }
}

/// What a name means.
enum Named {
    Alias(Tag),
    Rows(Vec<&'static Row>),
}

/// Every name, plain: a profile asks for dozens.
static NAMED: LazyLock<HashMap<String, Named>> = LazyLock::new(|| {
    let mut named: HashMap<String, Named> = HashMap::new();
    for row in ROWS {
        for name in names(row) {
            let named = named.entry(plain(name).collect()).or_insert_with(|| Named::Rows(Vec::new()));
            // A row may have a name twice: with and without brackets.
            if let Named::Rows(rows) = named
                && !rows.last().is_some_and(|last| core::ptr::eq(*last, row))
            {
                rows.push(row);
            }
        }
    }
    named.extend(ALIASES.iter().map(|(alias, tag)| (plain(alias).collect(), Named::Alias(*tag))));
    named
});

/// What a row may be called: its name, with and without what stands in brackets, what stands in brackets, and its constant with
/// and without the tag.
fn names(row: &'static Row) -> impl Iterator<Item = &'static str> {
    let brackets = row.name.split_once(" (").and_then(|(before, rest)| Some([before, rest.split_once(')')?.0]));
    let without_tag = row.constant.rsplit_once('_').map(|(name, _)| name);
    [row.name, row.constant].into_iter().chain(without_tag).chain(brackets.into_iter().flatten())
}

/// Letters and digits only, in lower case.
fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The names nearest to a misspelt one, at most three, as far as they are near.
fn near(wanted: &str) -> Vec<&'static str> {
    let mut near: Vec<(usize, &'static str)> = ROWS
        .iter()
        .flat_map(names)
        .map(|name| (strsim::damerau_levenshtein(wanted, &plain(name).collect::<String>()), name))
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3 && *distance < wanted.len())
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.retain(|(distance, _)| *distance <= best + 1);
    let mut names: Vec<&str> = Vec::new();
    for (_, name) in near {
        if names.len() < 3 && !names.iter().any(|known| plain(known).eq(plain(name))) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::data::dictionary::*;

    fn found(text: &str) -> Tag {
        tag_named(text, Some(Scope::K3)).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn people_may_write_a_name_in_many_ways() {
        for (tag, texts) in [
            (AIP_82, &["82", "AIP", "aip", "application_interchange_profile"][..]),
            (TTQ_9F66, &["9f66", "TTQ", "Terminal Transaction Qualifiers", "Terminal Transaction Qualifiers (TTQ)"]),
            (AMOUNT_AUTHORISED_9F02, &["Amount, Authorised (Numeric)", "AMOUNT_AUTHORISED_9F02"]),
            (UNPREDICTABLE_NUMBER_9F37, &["UN", "unpredictable number"]),
            (PAN_5A, &["PAN", "Primary Account Number", " 5A "]),
        ] {
            for text in texts {
                assert_eq!(found(text), tag, "{text}");
            }
        }
    }

    #[test]
    fn the_name_of_every_constant_is_unique_and_no_name_looks_like_hex() {
        let constants: BTreeSet<String> = ROWS.iter().map(|row| plain(row.constant).collect()).collect();
        assert_eq!(constants.len(), ROWS.len());
        for name in ROWS.iter().flat_map(names).chain(ALIASES.iter().map(|(alias, _)| *alias)) {
            assert!(name.parse::<Tag>().is_err(), "{name} would be read as a tag");
        }
    }

    #[test]
    fn shared_names_are_decided_by_the_kernel_or_reported() {
        let error = tag_named("Kernel Configuration", None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "write the tag: DF811B (Kernel Configuration, C-2), 9F8209 (Kernel Configuration, C-8)"
        );
        assert_eq!(tag_named("Kernel Configuration", Some(Scope::K8)).unwrap(), KERNEL_CONFIGURATION_9F8209);
    }

    #[test]
    fn misspelt_names_get_a_suggestion() {
        let hint = |text: &str| tag_named(text, None).unwrap_err().to_string();
        assert_eq!(hint("Aplication Lable"), "did you mean `Application Label`?");
        assert_eq!(hint("track 2 equivalant data"), "did you mean `Track 2 Equivalent Data`?");
        assert_eq!(hint("xyzzyxyzzyxyzzy"), "write the tag in hex, or the object's name");
        assert_eq!(hint(""), "write the tag in hex, or the object's name");
    }
}
