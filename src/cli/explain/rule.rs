//! Rules of the books.

use super::page::Page;
use crate::{
    data::dictionary::{ROWS, Row},
    diag::suggest,
    entry::rules,
    kernel::rule::Rule,
};

/// The books that rules are cited from.
const BOOKS: [(&str, &str); 7] = [
    ("A", "EMV Contactless Book A, architecture and general requirements"),
    ("B", "EMV Contactless Book B, Entry Point"),
    ("C-3", "EMV Contactless Book C-3, Kernel 3 (Visa)"),
    ("2", "EMV Book 2, security and key management"),
    ("3", "EMV Book 3, application specification"),
    ("VCPS", "Visa Contactless Payment Specification"),
    ("emvtap", "emvtap itself, no book"),
];

const fn named(book: &'static str, number: &'static str, words: &'static str) -> Rule {
    Rule { book, number, words }
}

/// Requirements that findings about cards and terminals name, and no decision in a transaction cites.
const NAMED: [Rule; 6] = [
    named("A", "5.7", "what a reader configuration has for each application, kernel and transaction type"),
    named("A", "8.1.1.9", "reserved bits of what is configured are 0"),
    named("A", "table 5-4", "the bits of the Terminal Transaction Qualifiers"),
    named("B", "3.1.1.1", "before a transaction its indicators, and the bits of the TTQ that it sets, are reset"),
    named("C-3", "3.2", "which modes the card and the reader have in common"),
    named("C-3", "A.1", "the data objects of the kernel, their formats and who sets them"),
];

fn all() -> impl Iterator<Item = Rule> {
    rules::of_every_book().chain(NAMED)
}

/// The book a person means: `C-3`, `c3`, `B`.
pub(super) fn book(text: &str) -> Option<&'static str> {
    let wanted = text.to_uppercase().replace('-', "");
    rules::of_every_book().map(|rule| rule.book).find(|name| name.to_uppercase().replace('-', "") == wanted)
}

/// The rule with this number, or the rules of a section. Without a book, of every book.
///
/// # Errors
/// The nearest number.
pub(super) fn pages(book: Option<&str>, number: &str) -> Result<Vec<Page>, String> {
    let of_book = || all().filter(move |rule| book.is_none_or(|book| rule.book == book));
    let exact: Vec<Page> = of_book().filter(|rule| rule.number.eq_ignore_ascii_case(number)).map(page).collect();
    if !exact.is_empty() {
        return Ok(exact);
    }
    let section: Vec<Rule> = of_book()
        .filter(|rule| {
            let rest = rule.number.strip_prefix(number);
            rest.is_some_and(|rest| number.is_empty() || rest.starts_with(['.', ' ']))
        })
        .collect();
    if section.is_empty() {
        let numbers: Vec<&str> = of_book().map(|rule| rule.number).collect();
        return Err(suggest(number, numbers));
    }
    let title = book.map_or("rules of several books".to_owned(), |book| about(book).to_owned());
    let subject = format!("{} {number}", book.unwrap_or_default());
    let rows = section.iter().map(|rule| vec![rule.to_string(), rule.words.to_owned()]).collect();
    Ok(vec![Page::new("rule", subject.trim(), title).list("rules that emvtap cites", rows)])
}

fn about(book: &str) -> &'static str {
    BOOKS.iter().find(|(name, _)| *name == book).map_or("", |(_, title)| title)
}

fn page(rule: Rule) -> Page {
    let section = rule.number.split(" step").next().unwrap_or_default();
    let parent = section.rsplit_once('.').map_or(section, |(parent, _)| parent);
    let siblings = rules::of_every_book().filter(|other| {
        other.book == rule.book
            && other.number != rule.number
            && other.number.starts_with(parent)
            && parent.contains('.')
    });
    let siblings = siblings.map(|other| vec![other.to_string(), other.words.to_owned()]).collect();
    let mut page =
        Page::new("rule", rule.to_string(), rule.words).fact("book", about(rule.book)).fact("section", rule.number);
    page = page.list("beside it", siblings);
    let mut names: Vec<&str> = Vec::new();
    for row in ROWS.iter().filter(|row| mentions(rule.words, row)) {
        if !names.contains(&short(row)) {
            names.push(short(row));
            page = page.see(format!("emvtap explain {}", row.tag));
        }
    }
    page.see("emvtap pay 12.50 -v")
}

/// The rules that name an object.
pub(super) fn about_object(row: &Row) -> Vec<Vec<String>> {
    let of_kernel = |rule: &Rule| row.kernels.iter().any(|scope| scope.name() == rule.book);
    let naming = rules::of_every_book()
        .filter(|rule| mentions(rule.words, row) && (!rule.book.starts_with("C-") || of_kernel(rule)));
    naming.map(|rule| vec![rule.to_string(), rule.words.to_owned()]).collect()
}

fn short(row: &Row) -> &'static str {
    row.constant.rsplit_once('_').map_or(row.constant, |(name, _)| name)
}

/// Whether a text names an object, by its abbreviation, its name or its tag.
fn mentions(text: &str, row: &Row) -> bool {
    let abbreviation = short(row);
    let tag = row.tag.to_string();
    let word = |word: &str| word == abbreviation && word.len() > 2 || word == tag && tag.len() == 4;
    let plain = row.name.split(" (").next().unwrap_or_default();
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).any(word) || plain.contains(' ') && text.contains(plain)
}
