//! A data object, and what values of it say.

use super::{page::Page, parts, rule};
use crate::{
    bytes::Hex,
    data::{
        Scope,
        bits::{self, Bit, Meaning, Table},
        decode::{Masking, value_text},
        dictionary::{self, Row},
    },
    terminal::Currency,
    tlv::{self, Tag},
};

/// What is asked about an object.
pub(super) struct Question<'a> {
    /// The object.
    pub tag: Tag,
    /// The meaning, if it was named.
    pub named: Option<&'static Row>,
    /// The kernel that reads it, if it matters.
    pub scope: Option<Scope>,
    /// One value is explained, two are compared.
    pub values: &'a [Vec<u8>],
    /// Only what concerns this bit.
    pub bit: Option<Bit>,
}

/// A page for each meaning that the question leaves.
pub(super) fn pages(question: &Question<'_>) -> Vec<Page> {
    let all = dictionary::rows(question.tag);
    let of_scope = question.scope.and_then(|scope| dictionary::row(question.tag, scope));
    let wanted: Vec<&Row> = match question.named.or(of_scope) {
        Some(row) => vec![row],
        None => all.iter().collect(),
    };
    let fits = |row: &&&Row| question.values.iter().all(|value| row.allows(value.len()));
    let fitting: Vec<&Row> = wanted.iter().filter(fits).copied().collect();
    let shown = if fitting.is_empty() { wanted } else { fitting };
    let others: Vec<&Row> = all.iter().filter(|row| shown.iter().all(|shown| shown.name != row.name)).collect();
    let pages = shown.iter().map(|row| page(row, &others, question));
    pages.filter(|page| question.bit.is_none() || !page.lists.is_empty()).collect()
}

fn page(row: &'static Row, others: &[&Row], question: &Question<'_>) -> Page {
    let page = Page::new("tag", row.tag.to_string(), row.name);
    let tables: Vec<&Table> = bits::tables(row.tag, question.scope)
        .filter(|table| row.kernels.iter().any(|scope| table.scopes.contains(scope)))
        .collect();
    let with_bits = |mut page: Page, rows: &dyn Fn(&Table) -> Vec<Vec<String>>| {
        for table in &tables {
            page = page.list(format!("bits, as read by {}", table.scopes), rows(table));
        }
        page
    };
    let whole = format!("emvtap explain {}", row.tag);
    match question.values {
        [] if question.bit.is_some() => with_bits(page, &|table| meanings(table, question.bit)).see(whole),
        [] => {
            let elsewhere = others.iter().map(|other| vec![other.kernels.to_string(), other.name.to_owned()]);
            with_bits(about(page, row).fact("beware", foreign(row, question.scope)), &|table| meanings(table, None))
                .list("the same tag elsewhere", elsewhere.collect())
                .list("rules about it", rule::about_object(row))
        }
        [value] => {
            let page = with_bits(said(page, row, question.values), &|table| of_value(table, value));
            let set = |byte: usize| value.get(byte).copied().unwrap_or(0);
            let rows = reserved(&tables, value.len(), set, |place| u8::from(place.is_set(value)).to_string());
            if tables.is_empty() && !is_list(row) {
                return page.list("parts", parts::of_value(row, question.scope, value)).see(whole);
            }
            page.list("reserved bits that are set", if tables.is_empty() { Vec::new() } else { rows }).see(whole)
        }
        [first, second, ..] => {
            let page = with_bits(said(page, row, question.values), &|table| differences(table, first, second));
            if tables.is_empty() {
                let parts = parts::differences(row, question.scope, first, second);
                return page
                    .list("parts that differ", parts)
                    .list("bytes that differ", bytes(first, second))
                    .see(whole);
            }
            let byte = |value: &[u8], place: usize| value.get(place).copied().unwrap_or(0);
            let differ = |place: usize| byte(first, place) ^ byte(second, place);
            let change = |place: Bit| format!("{} → {}", u8::from(place.is_set(first)), u8::from(place.is_set(second)));
            let rows = reserved(&tables, first.len().max(second.len()), differ, change);
            page.list("reserved bits that differ", rows).see(whole)
        }
    }
}

/// Says that a kernel does not know the object by this meaning.
fn foreign(row: &Row, scope: Option<Scope>) -> String {
    let unknown = |scope: &Scope| !row.kernels.contains(*scope) && !row.kernels.card_only(*scope);
    let words = |scope: Scope| format!("{} does not know this object; this is what it is to others", scope.name());
    scope.filter(unknown).map(words).unwrap_or_default()
}

/// What the dictionary says.
fn about(page: Page, row: &Row) -> Page {
    let templates: Vec<String> = row
        .templates
        .iter()
        .map(|tag| dictionary::rows(*tag).first().map_or(tag.to_string(), |row| format!("{tag} {}", row.name)))
        .collect();
    let privacy = if row.sensitive { "tells who the cardholder is: masked unless --unmask" } else { "" };
    page.fact("is", row.words)
        .fact("known to", row.kernels.to_string())
        .fact("set by", row.origin.to_string())
        .fact("format", format!("{}, {}", row.format_text, row.lengths()))
        .fact("stands in", templates.join(", "))
        .fact("privacy", privacy)
}

/// The values, and what they say as a whole.
fn said(mut page: Page, row: &Row, values: &[Vec<u8>]) -> Page {
    for (label, value) in ["value", "other value"].into_iter().zip(values) {
        let words = match value_text(row, value, Masking::Sensitive) {
            _ if CURRENCIES.contains(&row.tag) && currency(value).is_some() => currency(value).unwrap_or_default(),
            Ok(Some(words)) if words != Hex(value).to_string() => format!(" = {words}"),
            Ok(_) => String::new(),
            Err(wrong) => format!(" is not as it should be: {wrong}"),
        };
        let hex = if row.sensitive { "(masked)".to_owned() } else { Hex(value).to_string() };
        page = page.fact(label, format!("{hex}{words}"));
        if !row.allows(value.len()) {
            page = page.fact("length", format!("{} wanted, {} found", row.lengths(), value.len()));
        }
    }
    match values {
        [first, second] if first == second => page.fact("differ", "no, the values are the same"),
        [value] if is_list(row) => page.list("asks for", entries(value)),
        _ => page,
    }
}

/// Objects that are a currency of ISO 4217 in n3.
const CURRENCIES: [Tag; 2] = [dictionary::TRANSACTION_CURRENCY_CODE_5F2A, dictionary::APPLICATION_CURRENCY_CODE_9F42];

fn currency(value: &[u8]) -> Option<String> {
    let currency = Currency::from_bcd(value.try_into().ok()?)?;
    Some(format!(" = {}, {}", currency.code(), currency.name()))
}

fn is_list(row: &Row) -> bool {
    row.constant.contains("DOL") && !row.constant.contains("RELATED")
}

fn entries(list: &[u8]) -> Vec<Vec<String>> {
    let entries = tlv::dol_entries(list).map_while(Result::ok);
    let name = |tag| dictionary::rows(tag).first().map_or("unknown", |row| row.name).to_owned();
    entries.map(|entry| vec![entry.tag.to_string(), format!("{} bytes", entry.length), name(entry.tag)]).collect()
}

fn touches(meaning: &Meaning, bit: Option<Bit>) -> bool {
    bit.is_none_or(|bit| bit.byte() == meaning.bit.byte() && bit.mask() & meaning.bit.mask() != 0)
}

fn meanings(table: &Table, bit: Option<Bit>) -> Vec<Vec<String>> {
    let touching = table.meanings.iter().filter(|meaning| touches(meaning, bit));
    touching
        .map(|meaning| match meaning.bit.is_single() {
            true => vec![meaning.bit.to_string(), String::new(), meaning.words.to_owned()],
            false => {
                vec![meaning.bit.to_string(), digits(meaning.bit.mask(), meaning.bit.value()), meaning.words.to_owned()]
            }
        })
        .collect()
}

/// Every bit with what it is; of a field the value that it has.
fn of_value(table: &Table, value: &[u8]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut seen: Vec<(u8, u8)> = Vec::new();
    for meaning in table.meanings.iter().filter(|meaning| usize::from(meaning.bit.byte()) <= value.len()) {
        let place = meaning.bit;
        if seen.contains(&(place.byte(), place.mask())) {
            continue;
        }
        seen.push((place.byte(), place.mask()));
        let words = if is_flag(table, place) { meaning.words.to_owned() } else { field(table, place, value) };
        rows.push(vec![place.to_string(), digits(place.mask(), at(value, place)), words]);
    }
    rows
}

/// What differs: a row for each bit or field.
fn differences(table: &Table, first: &[u8], second: &[u8]) -> Vec<Vec<String>> {
    let mut seen: Vec<(u8, u8)> = Vec::new();
    let mut rows = Vec::new();
    for meaning in table.meanings {
        let place = meaning.bit;
        let (before, after) = (at(first, place) & place.mask(), at(second, place) & place.mask());
        if before == after || seen.contains(&(place.byte(), place.mask())) {
            continue;
        }
        seen.push((place.byte(), place.mask()));
        let words = match is_flag(table, place) {
            true => meaning.words.to_owned(),
            false => format!("{} → {}", field(table, place, first), field(table, place, second)),
        };
        let change = format!("{} → {}", digits(place.mask(), before), digits(place.mask(), after));
        rows.push(vec![place.to_string(), change, words]);
    }
    rows
}

/// Whether this is one bit with one meaning, and not a value of a field.
fn is_flag(table: &Table, place: Bit) -> bool {
    let same = |other: &&Meaning| other.bit.byte() == place.byte() && other.bit.mask() == place.mask();
    place.is_single() && table.meanings.iter().filter(same).count() == 1
}

/// What the bits say together.
fn field(table: &Table, place: Bit, value: &[u8]) -> String {
    let same = |meaning: &&Meaning| meaning.bit.byte() == place.byte() && meaning.bit.mask() == place.mask();
    let found = table.meanings.iter().filter(same).find(|meaning| meaning.bit.is_set(value));
    found.map_or("no meaning", |meaning| meaning.words).to_owned()
}

fn at(value: &[u8], place: Bit) -> u8 {
    value.get(usize::from(place.byte()).saturating_sub(1)).copied().unwrap_or(0)
}

/// The bits under a mask, highest first.
fn digits(mask: u8, byte: u8) -> String {
    (0..8).rev().filter(|bit| mask >> bit & 1 == 1).map(|bit| if byte >> bit & 1 == 1 { '1' } else { '0' }).collect()
}

/// The bits that no table knows, of those that `wanted` picks from each byte.
fn reserved(
    tables: &[&Table],
    length: usize,
    wanted: impl Fn(usize) -> u8,
    shown: impl Fn(Bit) -> String,
) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (place, byte) in (0..length).zip(1..=u8::MAX) {
        let meanings = tables.iter().flat_map(|table| table.meanings).filter(|meaning| meaning.bit.byte() == byte);
        let left = meanings.fold(wanted(place), |left, meaning| left & !meaning.bit.mask());
        let bits = (1..=8).rev().filter(|number| left >> (number - 1) & 1 == 1).map(|number| Bit::new(byte, number));
        rows.extend(bits.map(|bit| vec![bit.to_string(), shown(bit), "reserved".to_owned()]));
    }
    rows
}

fn bytes(first: &[u8], second: &[u8]) -> Vec<Vec<String>> {
    let hex = |value: &[u8], place: usize| value.get(place).map_or("none".to_owned(), |byte| format!("{byte:02X}"));
    (0..first.len().max(second.len()))
        .filter(|place| first.get(*place) != second.get(*place))
        .map(|place| vec![format!("byte {}", place + 1), format!("{} → {}", hex(first, place), hex(second, place))])
        .collect()
}
