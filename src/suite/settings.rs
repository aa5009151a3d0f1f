//! `set`: data objects of a terminal with other values, written into its profile where they belong.

use toml::{Spanned, Table, Value};

use super::load::CaseText;
use crate::{
    bytes::Hex,
    data::{
        Amount, dictionary as d,
        text::{TagText, terminal_object},
    },
    diag::Problem,
    terminal::Currency,
    tlv::Tag,
};

/// One object with another value.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub tag: Tag,
    value: Vec<u8>,
    /// The value in hex.
    pub text: String,
    /// What is wrong if it has no place in a profile.
    wrong: Problem,
}

impl Setting {
    /// Reads one. `name`: tag or name of the object.
    pub fn read(source: &CaseText, name: &str, value: &Spanned<String>) -> Result<Self, Problem> {
        let wrong = |message| source.problem(value.span(), message);
        let (tag, value) = terminal_object(name, value.get_ref()).map_err(wrong)?;
        let text = Hex(&value).to_string();
        Ok(Self { tag, wrong: wrong(format!("{tag} cannot be {text} in a terminal profile")), value, text })
    }
}

/// Gives the object its value: in the Entry Point data of each combination (9F66, 9F1B), among the terminal's own keys (9F1A, 9F35),
/// or wherever `data` has it.
pub(super) fn put(table: &mut Table, setting: &Setting) -> Result<(), Problem> {
    let text = Value::from(setting.text.as_str());
    match setting.tag {
        d::TTQ_9F66 => combinations(table).for_each(|combination| {
            combination.insert("ttq".to_owned(), text.clone());
        }),
        d::TERMINAL_FLOOR_LIMIT_9F1B => {
            let currency = table.get("currency").and_then(Value::as_str).and_then(Currency::parse);
            let exponent = currency.map_or(2, Currency::exponent);
            let limit = setting.value.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
            let amount = Amount::new(limit).unwrap_or(Amount::ZERO).display(exponent).to_string();
            combinations(table).for_each(|combination| {
                combination.insert("terminal-floor-limit".to_owned(), Value::from(amount.as_str()));
            });
        }
        d::TERMINAL_COUNTRY_CODE_9F1A => {
            let digits = setting.text.strip_prefix('0').filter(|text| text.bytes().all(|digit| digit.is_ascii_digit()));
            table.insert("country".to_owned(), Value::from(digits.ok_or_else(|| setting.wrong.clone())?));
        }
        d::TERMINAL_TYPE_9F35 => {
            table.insert("type".to_owned(), text);
        }
        tag => {
            let mut inside = false;
            for data in combinations(table).filter_map(|combination| combination.get_mut("data")?.as_table_mut()) {
                inside |= replace(data, tag, &text);
            }
            let data = table.entry("data").or_insert_with(|| Value::Table(Table::new())).as_table_mut();
            if let Some(data) = data.filter(|_| !inside)
                && !replace(data, tag, &text)
            {
                data.insert(tag.to_string(), text);
            }
        }
    }
    Ok(())
}

fn combinations(table: &mut Table) -> impl Iterator<Item = &mut Table> {
    let combinations = table.get_mut("combination").and_then(Value::as_array_mut);
    combinations.into_iter().flatten().filter_map(Value::as_table_mut)
}

/// Gives the object its value, by whatever name it is there; whether it is.
fn replace(data: &mut Table, tag: Tag, text: &Value) -> bool {
    let found = data.iter_mut().find(|(name, _)| name.parse::<TagText>().is_ok_and(|TagText(named)| named == tag));
    found.map(|(_, value)| value.clone_from(text)).is_some()
}
