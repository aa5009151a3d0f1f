//! The terminal file: what a person writes, checked and turned into a reader's configuration.

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::{
    Combination, Currency, ListedKey, ca_keys,
    combination::{Objects, Place},
    data_exchange::Exchange,
    values::Country,
    written::Written,
};
use crate::{
    crypto::{Exception, Revocation, Trust},
    data::{dictionary as d, text::HexArray},
    diag::{self, Problem},
    entry::{Configuration, DataAnswer, KernelId, Options, TransactionTable},
    kernel::registry,
    time::DateTime,
    tlv::Tag,
};

static BUILTIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/terminals");

/// The name of the schema.
pub const SCHEMA: &str = "emvtap.terminal/1";

/// The names of the built-in terminals, in alphabetical order.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = BUILTIN.files().filter_map(|file| file.path().file_stem()?.to_str()).collect();
    names.sort_unstable();
    names
}

/// A transaction type, by the word people use and the value of 9C (Book A, table 5-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransactionType {
    /// Goods or services.
    Purchase,
    /// Cash advance.
    Cash,
    /// Purchase with cashback.
    Cashback,
    /// Refund.
    Refund,
}

impl TransactionType {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Purchase, Self::Cashback, Self::Refund, Self::Cash];

    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Cash => "cash",
            Self::Cashback => "cashback",
            Self::Refund => "refund",
        }
    }

    /// The value of 9C.
    pub const fn code(self) -> u8 {
        match self {
            Self::Purchase => 0x00,
            Self::Cash => 0x01,
            Self::Cashback => 0x09,
            Self::Refund => 0x20,
        }
    }

    /// From the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

/// A terminal, as its file describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Terminal {
    #[serde(rename = "schema")]
    _schema: String,
    /// One line for people.
    pub title: String,
    /// What it is for, in a sentence or two.
    #[serde(default)]
    pub description: String,
    /// The currency it works in.
    pub currency: Currency,
    country: Country,
    r#type: HexArray<1>,
    /// The clock, if it does not follow the command line's.
    pub clock: Option<DateTime>,
    /// Lists of CA public keys, by name.
    #[serde(default)]
    ca_keys: Vec<toml::Spanned<String>>,
    /// Keys of CAs that are in no list: those of one's own test cards. They come before the lists'.
    #[serde(default)]
    ca_key: Vec<toml::Spanned<ca_keys::Key>>,
    #[serde(default)]
    revoked: Vec<Revoked>,
    /// The exception file.
    #[serde(default)]
    exceptions: Vec<Exception>,
    #[serde(default)]
    data: Written,
    /// What `data` says, in bytes.
    #[serde(skip)]
    objects: Objects,
    /// The combinations, in the order of the file.
    #[serde(rename = "combination")]
    pub combinations: Vec<Combination>,
    /// What the terminal says to a kernel that exchanges data with it.
    #[serde(default)]
    data_exchange: Vec<Exchange>,
    #[serde(default)]
    kernel: registry::Settings,
    #[serde(default)]
    entry: Options,
    #[serde(skip)]
    trust: Trust,
    #[serde(skip)]
    listed_keys: Vec<ListedKey>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoked {
    rid: HexArray<5>,
    index: HexArray<1>,
    serial: HexArray<3>,
}

/// What is wrong with a kernel that this program does not have.
fn no_kernel(kernel: KernelId, place: &Place<'_>, span: core::ops::Range<usize>) -> Problem {
    let message = match kernel.bytes() {
        [1 | 4..=8] => format!("kernel {kernel} is not implemented"),
        _ => format!("there is no kernel {kernel}"),
    };
    let hint = "kernels 02 and 03 are; `implemented-by` lets one of them do the work of another";
    Problem::at(place.file, place.text, span, message).hint(hint)
}

impl Terminal {
    /// A built-in terminal; `None` if there is none of this name.
    pub fn builtin(name: &str) -> Option<Result<Self, Problem>> {
        let text = Self::builtin_text(name)?;
        Some(Self::from_text(&format!("terminals/{name}.toml"), text))
    }

    /// The file of a built-in terminal.
    pub fn builtin_text(name: &str) -> Option<&'static str> {
        BUILTIN.get_file(format!("{name}.toml"))?.contents_utf8()
    }

    /// Reads a terminal file; `file` is its name in messages.
    pub fn from_text(file: &str, text: &str) -> Result<Self, Problem> {
        diag::expect_schema(file, text, SCHEMA)?;
        let mut terminal: Self = diag::from_toml(file, text)?;
        let currency = terminal.currency;
        terminal.objects = terminal.data.objects(file, text)?;
        for combination in &mut terminal.combinations {
            combination.objects = combination.data.objects(file, text)?;
            combination.read_limits(Place { file, text, currency })?;
            let kernel = combination.implementation();
            if registry::build(kernel.get_ref().bytes(), &terminal.kernel).is_none() {
                return Err(no_kernel(*kernel.get_ref(), &Place { file, text, currency }, kernel.span()));
            }
        }
        for exchange in &mut terminal.data_exchange {
            exchange.objects = exchange.data.objects(file, text)?;
            exchange.check(file, text)?;
        }
        (terminal.trust, terminal.listed_keys) = terminal.read_trust(file, text)?;
        Ok(terminal)
    }

    /// What it trusts, and the keys as their lists have them.
    fn read_trust(&self, file: &str, text: &str) -> Result<(Trust, Vec<ListedKey>), Problem> {
        let mut trust = Trust::default();
        let mut listed = Vec::new();
        for key in &self.ca_key {
            listed.push(ca_keys::read_key("own", file, text, key.clone())?);
        }
        for name in &self.ca_keys {
            let Some(keys) = ca_keys::builtin(name.get_ref()) else {
                let message = format!("there is no list of CA keys `{}`", name.get_ref());
                return Err(
                    Problem::at(file, text, name.span(), message).hint(diag::suggest(name.get_ref(), ca_keys::names()))
                );
            };
            listed.extend(keys?);
        }
        trust.revoked.extend(self.revoked.iter().map(|entry| Revocation {
            rid: entry.rid.0,
            index: u8::from_be_bytes(entry.index.0),
            serial: entry.serial.0,
        }));
        trust.exceptions.clone_from(&self.exceptions);
        trust.ca_keys.extend(listed.iter().map(|listed| listed.key.clone()));
        Ok((trust, listed))
    }

    /// Gives a data object another value wherever it is configured: in a combination's Entry Point data (9F66, 9F1B), in
    /// kernel configuration data, or among the terminal's own objects.
    pub fn set(&mut self, tag: Tag, value: &[u8]) -> Result<(), String> {
        let wrong = |wanted: usize| format!("{tag} has {wanted} bytes, not {}", value.len());
        match tag {
            d::TTQ_9F66 => {
                let ttq = value.try_into().map_err(|_| wrong(4))?;
                self.combinations.iter_mut().for_each(|combination| combination.entry.ttq = Some(ttq));
            }
            d::TERMINAL_FLOOR_LIMIT_9F1B => {
                let limit = u32::from_be_bytes(value.try_into().map_err(|_| wrong(4))?);
                self.combinations.iter_mut().for_each(|c| c.entry.terminal_floor_limit = Some(limit));
            }
            d::TERMINAL_COUNTRY_CODE_9F1A => self.country = Country(value.try_into().map_err(|_| wrong(2))?),
            d::TERMINAL_TYPE_9F35 => self.r#type = HexArray(value.try_into().map_err(|_| wrong(1))?),
            _ => {
                let mut inside = false;
                for combination in &mut self.combinations {
                    if let Some(found) = combination.objects.get_mut(&tag) {
                        *found = value.to_vec();
                        inside = true;
                    }
                }
                if !inside {
                    self.objects.insert(tag, value.to_vec());
                }
            }
        }
        Ok(())
    }

    /// Works in another currency from now on. Limits keep their numbers.
    pub fn set_currency(&mut self, currency: Currency) {
        self.currency = currency;
    }

    /// The data objects of the terminal itself.
    pub fn data(&self) -> Vec<(Tag, Vec<u8>)> {
        let mut data = vec![
            (d::TERMINAL_COUNTRY_CODE_9F1A, self.country.0.to_vec()),
            (d::TRANSACTION_CURRENCY_CODE_5F2A, self.currency.to_bcd().to_vec()),
            (d::TRANSACTION_CURRENCY_EXPONENT_5F36, vec![self.currency.exponent()]),
            (d::TERMINAL_TYPE_9F35, self.r#type.0.to_vec()),
        ];
        data.extend(self.objects.iter().map(|(tag, value)| (*tag, value.clone())));
        data
    }

    /// What its kernels are configured with beside data objects.
    pub const fn settings(&self) -> &registry::Settings {
        &self.kernel
    }

    /// What its Entry Point does where the books leave a choice.
    pub fn entry_options(&self) -> Options {
        self.entry.clone()
    }

    /// What the terminal trusts.
    pub const fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The CA keys it trusts, list by list.
    pub fn listed_keys(&self) -> &[ListedKey] {
        &self.listed_keys
    }

    /// The reader configuration, with new kernels.
    pub fn configuration(&self) -> Configuration {
        let tables = TransactionType::ALL
            .map(|kind| TransactionTable {
                transaction_types: vec![kind.code()],
                combinations: self
                    .combinations
                    .iter()
                    .filter(|combination| combination.types.contains(&kind))
                    .flat_map(|combination| combination.build(&self.kernel))
                    .collect(),
            })
            .into();
        Configuration {
            terminal: self.data(),
            tables,
            trust: self.trust.clone(),
            currency_exponent: self.currency.exponent(),
            data_exchange: self.data_exchange(),
        }
    }

    /// What the terminal says to kernels that exchange data with it.
    pub fn data_exchange(&self) -> Vec<DataAnswer> {
        self.data_exchange.iter().map(Exchange::build).collect()
    }
}
