//! Combinations of a terminal file: applications, their kernel, and the limits.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Currency, TransactionType, written::Written};
use crate::{
    data::{
        Amount,
        text::{HexArray, HexText},
    },
    diag::Problem,
    entry::{self, Aid, DynamicLimits, EntryPointData, KernelId},
    kernel::registry,
    tlv::Tag,
};

/// Data objects, as bytes.
pub(super) type Objects = BTreeMap<Tag, Vec<u8>>;

/// A limit, in major units of the terminal's currency.
type Limit = Option<toml::Spanned<String>>;

/// A combination of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Combination {
    /// The applications; each makes a combination with the kernel.
    pub aids: Vec<Aid>,
    /// The kernel that processes them.
    pub kernel: toml::Spanned<KernelId>,
    /// The kernel of this program that does its work, where there is none for `kernel`: a domestic scheme's, or one that Entry
    /// Point is tested with.
    pub implemented_by: Option<toml::Spanned<KernelId>>,
    #[serde(default = "every_type")]
    pub(super) types: Vec<TransactionType>,
    ttq: Option<HexArray<4>>,
    status_check: Option<bool>,
    zero_amount_allowed: Option<bool>,
    transaction_limit: Limit,
    floor_limit: Limit,
    terminal_floor_limit: Limit,
    cvm_required_limit: Limit,
    extended_selection: Option<bool>,
    /// Limits by the card's program; an empty list still leaves the decision to the time after SELECT.
    dynamic_limits: Option<Vec<ProgramLimits>>,
    #[serde(default)]
    pub(super) data: Written,
    /// What `data` says, in bytes.
    #[serde(skip)]
    pub(super) objects: Objects,
    /// Filled from the limits above once the currency is known.
    #[serde(skip)]
    pub(super) entry: EntryPointData,
    #[serde(skip)]
    programs: Vec<DynamicLimits>,
}

/// The limits of one program (C-3, 5.1.2).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ProgramLimits {
    program_id: toml::Spanned<HexText>,
    #[serde(default)]
    status_check: bool,
    zero_amount_allowed: Option<bool>,
    transaction_limit: Limit,
    floor_limit: Limit,
    cvm_required_limit: Limit,
}

fn every_type() -> Vec<TransactionType> {
    TransactionType::ALL.to_vec()
}

/// The file that is read, for messages, and the currency of its amounts.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub currency: Currency,
}

impl Place<'_> {
    fn amount(self, limit: &Limit) -> Result<Option<Amount>, Problem> {
        let Some(limit) = limit else { return Ok(None) };
        let wanted = || {
            let message = format!("`{}` is no amount in {}", limit.get_ref(), self.currency.code());
            Problem::at(self.file, self.text, limit.span(), message)
                .hint(format!("write major units with at most {} decimal places", self.currency.exponent()))
        };
        self.currency.parse_amount(limit.get_ref()).map(Some).ok_or_else(wanted)
    }
}

impl Combination {
    /// What Entry Point works with.
    pub const fn entry(&self) -> &EntryPointData {
        &self.entry
    }

    /// The kernel of this program that does the work.
    pub fn implementation(&self) -> &toml::Spanned<KernelId> {
        self.implemented_by.as_ref().unwrap_or(&self.kernel)
    }

    /// The limits by the card's program, in the order of the file.
    pub fn dynamic_limits(&self) -> &[DynamicLimits] {
        &self.programs
    }

    /// Kernel configuration data, over the terminal's.
    pub const fn data(&self) -> &BTreeMap<Tag, Vec<u8>> {
        &self.objects
    }

    /// The transaction types it serves.
    pub fn types(&self) -> &[TransactionType] {
        &self.types
    }

    /// Turns what the file says about limits into what Entry Point works with.
    pub(super) fn read_limits(&mut self, place: Place<'_>) -> Result<(), Problem> {
        let terminal_floor_limit = match place.amount(&self.terminal_floor_limit)? {
            None => None,
            Some(limit) => Some(u32::try_from(limit.minor_units()).map_err(|_| {
                let span = self.terminal_floor_limit.as_ref().map_or(0..0, toml::Spanned::span);
                let message = "the terminal floor limit (9F1B) has four bytes; this does not fit";
                Problem::at(place.file, place.text, span, message)
            })?),
        };
        self.entry = EntryPointData {
            status_check: self.status_check,
            zero_amount_allowed: self.zero_amount_allowed,
            transaction_limit: place.amount(&self.transaction_limit)?,
            floor_limit: place.amount(&self.floor_limit)?,
            terminal_floor_limit,
            cvm_required_limit: place.amount(&self.cvm_required_limit)?,
            ttq: self.ttq.map(|ttq| ttq.0),
            extended_selection: self.extended_selection,
            dynamic_reader_limits: self.dynamic_limits.is_some(),
        };
        if self.dynamic_limits.is_some() && *self.kernel.get_ref() != KernelId::C3 {
            let message = format!("kernel {} has no dynamic limits, only kernel 03 has", self.kernel.get_ref());
            return Err(Problem::at(place.file, place.text, self.kernel.span(), message));
        }
        let programs = self.dynamic_limits.iter().flatten();
        self.programs = programs.map(|program| program.read(place)).collect::<Result<_, _>>()?;
        Ok(())
    }

    /// The combinations that the reader is configured with, with new kernels.
    pub(super) fn build<'a>(
        &'a self,
        settings: &'a registry::Settings,
    ) -> impl Iterator<Item = entry::Combination> + 'a {
        let kernel_id = *self.kernel.get_ref();
        self.aids.iter().filter_map(move |aid| {
            let kernel = registry::build(self.implementation().get_ref().bytes(), settings)?;
            let data = self.objects.iter().map(|(tag, value)| (*tag, value.clone())).collect();
            let dynamic_limits = self.programs.clone();
            let bare = entry::Combination::new(*aid, kernel_id, kernel);
            Some(entry::Combination { entry: self.entry, dynamic_limits, data, ..bare })
        })
    }
}

impl ProgramLimits {
    fn read(&self, place: Place<'_>) -> Result<DynamicLimits, Problem> {
        let HexText(program_id) = self.program_id.get_ref().clone();
        if !(1..=16).contains(&program_id.len()) {
            let message = format!("a program (9F5A) has 1 to 16 bytes, this one has {}", program_id.len());
            return Err(Problem::at(place.file, place.text, self.program_id.span(), message));
        }
        Ok(DynamicLimits {
            program_id,
            status_check: self.status_check,
            zero_amount_allowed: self.zero_amount_allowed,
            transaction_limit: place.amount(&self.transaction_limit)?,
            floor_limit: place.amount(&self.floor_limit)?,
            cvm_required_limit: place.amount(&self.cvm_required_limit)?,
        })
    }
}
