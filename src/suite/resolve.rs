//! From what a case says to what is tapped: profiles made, values read.

use std::{collections::BTreeMap, slice, sync::Arc};

use serde::Deserialize;
use toml::{Spanned, Table, Value};

use super::{
    answer::{self, HostPlan},
    case::{Check, Setup},
    fragment::{self, Origin},
    load::CaseText,
    plan::{Layer, TapPlan},
    profiles::Recipe,
    settings::Setting,
    stock::{Blank, Fitted},
};
use crate::{
    bytes::Hex,
    card::{
        Card, Profile,
        fault::{self, Fault},
    },
    data::{Amount, text::HexText},
    diag::{self, Problem},
    host::Policy,
    run::{Transaction, usual},
    terminal::{Terminal, TransactionType},
    time::DateTime,
};

/// One tap, ready to be done.
#[derive(Clone, Debug)]
pub struct PlannedTap {
    /// The card's profile.
    pub card: Arc<Profile>,
    /// Whether the card is the one of the tap before it, with its counters, and not a new one.
    pub same_card: bool,
    /// The terminal.
    pub terminal: Arc<Terminal>,
    /// The same as the text of a terminal profile.
    pub terminal_toml: Arc<Table>,
    /// What the merchant wants.
    pub transaction: Transaction,
    /// Whether the reader is always on.
    pub autorun: bool,
    /// Whether nothing is tapped, but the kernel cleans its log of torn transactions.
    pub clean: bool,
    /// Everything that goes wrong: the card's own faults, and those of the case.
    pub faults: Vec<Fault>,
    /// Who answers online requests.
    pub host: HostPlan,
    /// The Unpredictable Numbers of the kernel activations, in order.
    pub unpredictable_numbers: Vec<Vec<u8>>,
    /// What must be seen.
    pub checks: Vec<Check>,
    /// What is put in, for people: `card`, `terminal`, `amount`, … → value.
    pub inputs: BTreeMap<String, String>,
    blank: Arc<Blank>,
}

impl PlannedTap {
    /// A new card. Keys and certificates are made once for all that have the same profile.
    ///
    /// # Errors
    /// The profile cannot become a card.
    pub fn issue(&self, seed: u64) -> Result<Card, Problem> {
        self.blank.issue(seed)
    }
}

/// Makes a tap. `at`: which of its case, from 0.
pub(super) fn tap(source: &CaseText, plan: &TapPlan, at: usize) -> Result<PlannedTap, Problem> {
    Resolver { source, plan, at, inputs: BTreeMap::new() }.tap()
}

struct Resolver<'a> {
    source: &'a CaseText,
    plan: &'a TapPlan,
    at: usize,
    inputs: BTreeMap<String, String>,
}

impl<'a> Resolver<'a> {
    fn tap(mut self) -> Result<PlannedTap, Problem> {
        let blank = self.card()?;
        let fitted = self.terminal()?;
        let transaction = self.transaction(&fitted.terminal)?;
        let faults = [blank.profile.faults.clone(), self.faults()?].concat();
        let (host, unpredictable_numbers) = (self.host()?, self.unpredictable_numbers()?);
        let autorun = self.last(|setup| setup.autorun.as_ref()).copied().unwrap_or(false);
        if autorun {
            self.say("start", "B, the reader is always on");
        }
        let clean = self.last(|setup| setup.clean.as_ref()).copied().unwrap_or(false);
        if clean {
            self.say("signal", "CLEAN, nothing is tapped");
        }
        Ok(PlannedTap {
            card: Arc::clone(&blank.profile),
            same_card: self.keeps_card(),
            terminal: Arc::clone(&fitted.terminal),
            terminal_toml: Arc::clone(&fitted.table),
            transaction,
            autorun,
            clean,
            faults,
            host,
            unpredictable_numbers,
            checks: self.plan.checks.iter().map(|check| Check::clone(check)).collect(),
            inputs: self.inputs,
            blank,
        })
    }

    fn say(&mut self, what: &str, value: impl Into<String>) {
        self.inputs.insert(what.to_owned(), value.into());
    }

    /// What the last layer says that says anything.
    fn last<T: 'a + ?Sized>(&self, part: impl Fn(&'a Setup) -> Option<&'a T>) -> Option<&'a T> {
        self.plan.layers.iter().rev().find_map(|layer| part(&layer.setup))
    }

    /// What each layer says that counts: a further tap that names another card or terminal starts with that as it is.
    fn laid<T: 'a>(
        &self,
        named: impl Fn(&Setup) -> bool,
        part: impl Fn(&'a Setup) -> Option<&'a T>,
    ) -> Vec<(&'a Layer, &'a T)> {
        let mut found: Vec<(&'a Layer, &'a T)> = Vec::new();
        for layer in &self.plan.layers {
            if layer.tap > 0 && named(&layer.setup) {
                found.clear();
            }
            found.extend(part(&layer.setup).map(|part| (layer, part)));
        }
        found
    }

    /// Whether a further tap says nothing of the card.
    fn keeps_card(&self) -> bool {
        let mut own = self.plan.layers.iter().filter(|layer| layer.tap == self.at);
        self.at > 0 && own.all(|layer| layer.setup.card.is_none() && layer.setup.card_with.is_none())
    }

    fn recipe(
        &mut self,
        key: &str,
        named: Option<&'a Spanned<String>>,
        usual: &'static str,
        fragments: Vec<(&'a Layer, &'a Spanned<Table>)>,
    ) -> Recipe<'a> {
        let with = format!("{key}-with");
        let place = |layer: &Layer| [layer.path.as_slice(), slice::from_ref(&with)].concat();
        let fragments = fragments.into_iter().map(|(layer, table)| (place(layer), table.get_ref())).collect();
        let name = named.map_or(usual, |name| name.get_ref());
        let recipe = Recipe { source: self.source, name, named, fragments };
        self.say(key, name);
        let own = recipe.own_texts(if key == "card" { &self.source.cards } else { &self.source.terminals });
        if !own.is_empty() {
            self.say(&format!("{key}-is"), own);
        }
        let texts = recipe.texts();
        if !texts.is_empty() {
            self.say(&with, texts.join("\n").trim_end());
        }
        recipe
    }

    fn card(&mut self) -> Result<Arc<Blank>, Problem> {
        let fragments = self.laid(|setup| setup.card.is_some(), |setup| setup.card_with.as_ref());
        let named = self.last(|setup| setup.card.as_ref());
        self.recipe("card", named, usual::CARD, fragments).card()
    }

    fn terminal(&mut self) -> Result<Arc<Fitted>, Problem> {
        let is_named = |setup: &Setup| setup.terminal.is_some();
        let fragments = self.laid(is_named, |setup| setup.terminal_with.as_ref());
        let named = self.last(|setup| setup.terminal.as_ref());
        let recipe = self.recipe("terminal", named, usual::TERMINAL, fragments);
        let mut set: Vec<Setting> = Vec::new();
        for (name, value) in self.laid(is_named, |setup| setup.set.as_ref()).into_iter().flat_map(|(_, set)| set) {
            let setting = Setting::read(self.source, name, value)?;
            set.retain(|other| other.tag != setting.tag);
            set.push(setting);
        }
        if !set.is_empty() {
            let said: Vec<String> = set.iter().map(|setting| format!("{} = {}", setting.tag, setting.text)).collect();
            self.say("set", said.join(", "));
        }
        recipe.terminal(&set)
    }

    fn transaction(&mut self, terminal: &Terminal) -> Result<Transaction, Problem> {
        let Some(amount) = self.last(|setup| setup.amount.as_ref()) else {
            let problem = Problem::file(&self.source.file, "a tap has no amount");
            return Err(problem.hint("say `amount` in the `given` of the file, the case or the tap"));
        };
        let kind = match self.last(|setup| setup.r#type.as_ref()) {
            None => TransactionType::Purchase,
            Some(word) => TransactionType::parse(word.get_ref()).ok_or_else(|| {
                let problem = self.wrong(word, format!("there is no transaction type `{}`", word.get_ref()));
                problem.hint(diag::suggest(word.get_ref(), TransactionType::ALL.map(TransactionType::name)))
            })?,
        };
        let other = self.last(|setup| setup.other.as_ref());
        let when = self.moment(terminal)?;
        let currency = terminal.currency;
        let read = |text: &Spanned<String>| {
            currency.parse_amount(text.get_ref()).ok_or_else(|| {
                let problem = self.wrong(text, format!("`{}` is no amount in {}", text.get_ref(), currency.code()));
                problem.hint(format!("write major units with at most {} decimal places", currency.exponent()))
            })
        };
        let transaction = Transaction {
            other: other.map_or(Ok(Amount::ZERO), read)?,
            ..Transaction::new(kind.code(), read(amount)?, when)
        };
        self.say("amount", format!("{} {}", amount.get_ref(), currency.code()));
        self.say("type", kind.name());
        self.say("clock", when.to_string());
        if let Some(other) = other {
            self.say("other", other.get_ref());
        }
        Ok(transaction)
    }

    fn wrong(&self, written: &Spanned<impl Sized>, message: impl Into<String>) -> Problem {
        self.source.problem(written.span(), message)
    }

    /// What the terminal takes for now: what the case says, then its own clock, then the usual.
    fn moment(&self, terminal: &Terminal) -> Result<DateTime, Problem> {
        if let Some(clock) = self.last(|setup| setup.clock.as_ref()) {
            return clock.get_ref().parse().map_err(|message: &str| self.wrong(clock, message));
        }
        let usual = || usual::CLOCK.parse().map_err(|message: &str| Problem::file(&self.source.file, message));
        terminal.clock.map_or_else(usual, Ok)
    }

    fn faults(&mut self) -> Result<Vec<Fault>, Problem> {
        let Some(written) = self.last(|setup| setup.faults.as_ref()) else { return Ok(Vec::new()) };
        let mut faults = Vec::new();
        for item in written {
            faults.extend(self.fault(item)?);
        }
        if !faults.is_empty() {
            let said: Vec<String> = faults.iter().map(Fault::to_string).collect();
            self.say("faults", said.join("\n"));
        }
        Ok(faults)
    }

    fn fault(&self, written: &Spanned<Value>) -> Result<Vec<Fault>, Problem> {
        match written.get_ref() {
            Value::String(name) => match fault::named(name)? {
                found if found.is_empty() => {
                    let hint = fault::unknown(name).unwrap_or("`emvtap card list --faults` names them".to_owned());
                    Err(self.wrong(written, format!("there is no fault `{name}`")).hint(hint))
                }
                found => Ok(found),
            },
            Value::Table(table) => {
                let table = fragment::with(table.clone(), "name", Fault::OF_A_CASE);
                let read = Fault::deserialize(table).map_err(|error| {
                    let (message, hint) = diag::explain(error.message());
                    Problem { hint, ..self.wrong(written, message) }
                });
                read.map(|fault| vec![fault])
            }
            other => {
                let message = format!("a fault is a name or a table, found {}", other.type_str());
                Err(self.wrong(written, message))
            }
        }
    }

    fn host(&mut self) -> Result<HostPlan, Problem> {
        let written = self.last(|setup| setup.host.as_ref());
        let plan = match written.map(Spanned::get_ref) {
            None => HostPlan::named(usual::HOST),
            Some(Value::String(word)) => HostPlan::named(word),
            Some(Value::Table(table)) => Some(self.policy(table)?),
            Some(_) => None,
        };
        let said = written.map_or(usual::HOST.to_owned(), |host| match host.get_ref() {
            Value::String(word) => word.clone(),
            other => other.to_string(),
        });
        match (plan, written) {
            (Some(plan), _) => {
                self.say("host", said);
                Ok(plan)
            }
            (None, Some(written)) => {
                Err(self.wrong(written, format!("there is no host {said}")).hint(diag::suggest(&said, answer::WORDS)))
            }
            (None, None) => Ok(HostPlan::Offline),
        }
    }

    fn policy(&self, table: &Table) -> Result<HostPlan, Problem> {
        let made = fragment::text(&fragment::with(table.clone(), "schema", "emvtap.host/1"));
        let layers = self.plan.layers.iter().filter(|layer| layer.setup.host.is_some());
        let from = layers.map(|layer| [layer.path.as_slice(), &["host".to_owned()]].concat()).collect();
        let policy = Policy::parse("host", &made);
        policy
            .map(|policy| HostPlan::Issuer(Box::new(policy)))
            .map_err(|problem| Origin { source: self.source, made: &made, from }.relocate(&problem))
    }

    fn unpredictable_numbers(&mut self) -> Result<Vec<Vec<u8>>, Problem> {
        let Some(written) = self.last(|setup| setup.unpredictable_numbers.as_ref()) else { return Ok(Vec::new()) };
        let read = |text: &Spanned<String>| match text.get_ref().parse() {
            Ok(HexText(number)) if !number.is_empty() => Ok(number),
            Ok(_) => Err(self.wrong(text, "an unpredictable number has a byte at least")),
            Err(message) => Err(self.wrong(text, message)),
        };
        let numbers: Vec<Vec<u8>> = written.iter().map(read).collect::<Result<_, _>>()?;
        let said: Vec<String> = numbers.iter().map(|number| Hex(number).to_string()).collect();
        self.say("unpredictable-numbers", said.join(", "));
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::suite::load;

    #[test]
    fn faults_and_profiles_of_the_file_say_what_they_are() {
        let text = "schema = 'emvtap.case/1'\ntitle = 'mine'\n[given]\namount = '1.00'\ncard = 'second'\n\
            [cards.first]\nextends = 'visa/credit'\napplication.visa.data.CTQ = '8000'\n\
            [cards.second]\nextends = 'first'\napplication.visa.data.9F6E = '20000000'\n\
            [[case]]\nid = 'MY-001'\ntitle = 'x'\ngiven = { faults = [{ command = 'GPO', kind = { status = '6985' } }, \
            { command = 'READ RECORD 2.1', kind = { keep = 3 } }] }\n[[case.check]]\nrequirement = []\noutcome = 'declined'\n";
        let suite = load::suite("mine", "mine.toml", text, Arc::new(|_| None)).unwrap();
        let inputs = suite.cases[0].taps().unwrap().remove(0).inputs;
        assert_eq!(
            inputs["faults"],
            "GPO: status word 6985\nREAD RECORD 2.1: only the first 3 bytes of the answer arrive"
        );
        let card = &inputs["card-is"];
        let places = ["extends = \"first\"", "9F6E = \"20000000\"", "extends = \"visa/credit\"", "CTQ = \"8000\""];
        let found: Vec<usize> = places.iter().map(|said| card.find(said).unwrap_or_else(|| panic!("{card}"))).collect();
        assert!(found.is_sorted(), "{card}");
        assert!(!inputs.contains_key("terminal-is"));
    }
}
