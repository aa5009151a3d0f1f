//! The card and the terminal of a tap: a profile that somebody names, and what the case lays over it.

use std::{collections::BTreeMap, sync::Arc};

use toml::{Spanned, Table, Value};

use super::{
    fragment::{self, Origin},
    load::CaseText,
    settings::{self, Setting},
    stock::{Blank, Fitted, Unfit},
};
use crate::{
    card::{self, Profile},
    diag::{self, Problem},
    terminal::{self, Terminal},
};

const CARD_SCHEMA: &str = "emvtap.card/1";
/// Most terminals in one line of `extends`.
const CHAIN_MAX: usize = 16;

/// A profile by name, and fragments of it, the first of which lies lowest.
pub(super) struct Recipe<'a> {
    pub source: &'a CaseText,
    /// A profile of the case file, a built-in one, or a file beside it.
    pub name: &'a str,
    /// Where the name is written; `None` if nobody wrote it.
    pub named: Option<&'a Spanned<String>>,
    /// The fragments with their places in the case file.
    pub fragments: Vec<(Vec<String>, &'a Table)>,
}

impl<'a> Recipe<'a> {
    /// The texts of the fragments.
    pub fn texts(&self) -> Vec<String> {
        self.fragments.iter().map(|(_, table)| fragment::text(table)).collect()
    }

    /// What `profiles` of the case file say of what is named, and of what it extends there.
    pub fn own_texts(&self, profiles: &BTreeMap<String, Spanned<Table>>) -> String {
        let mut said: Vec<String> = Vec::new();
        let mut name = Some(self.name);
        while let Some(own) = name.and_then(|name| profiles.get(name)).filter(|_| said.len() < CHAIN_MAX) {
            said.push(fragment::text(own.get_ref()).trim_end().to_owned());
            name = own.get_ref().get("extends").and_then(Value::as_str);
        }
        said.join("\n# which is\n")
    }

    fn paths(&self) -> Vec<Vec<String>> {
        self.fragments.iter().map(|(path, _)| path.clone()).collect()
    }

    fn unknown<'n>(&self, what: &str, known: impl IntoIterator<Item = &'n str>) -> Problem {
        let message = format!("there is no {what} `{}`", self.name);
        let problem = match self.named {
            Some(named) => self.source.problem(named.span(), message),
            None => Problem::file(&self.source.file, message),
        };
        problem.hint(diag::suggest(self.name, known))
    }

    /// The card.
    pub fn card(&self) -> Result<Arc<Blank>, Problem> {
        let is_builtin = card::builtin::builtin(self.name).is_some();
        if !is_builtin && self.own_card(self.name).is_none() && (self.source.beside)(self.name).is_none() {
            let names = card::builtin::names();
            return Err(self.unknown("card", names.iter().chain(self.source.cards.keys()).map(String::as_str)));
        }
        let texts = self.texts();
        let recipe = format!("{}\n{}", self.name, texts.join("\n# over it:\n"));
        let made = self.source.stock.card(recipe, || self.profile(&texts).map(Blank::new));
        made.map_err(|problem| self.of_card(&problem, &texts))
    }

    /// A chain of profiles, each of which extends the one before it: what is named, then the fragments.
    fn profile(&self, texts: &[String]) -> Result<Profile, Problem> {
        let Some(last) = texts.len().checked_sub(1) else { return self.named_profile() };
        let layer = |at: usize| {
            let base = at.checked_sub(1).map_or_else(|| self.name.to_owned(), layer_name);
            let text = texts.get(at)?;
            Some(format!("schema = \"{CARD_SCHEMA}\"\nextends = {}\n{text}", Value::from(base)))
        };
        let find = |name: &str| match name.strip_prefix(LAYER).and_then(|at| at.parse().ok()) {
            Some(at) => layer(at),
            None => self.own_card(name).or_else(|| (self.source.beside)(name)),
        };
        Profile::parse(&layer_name(last), &layer(last).unwrap_or_default(), &find)
    }

    fn named_profile(&self) -> Result<Profile, Problem> {
        if card::builtin::builtin(self.name).is_some() {
            return Profile::builtin(self.name);
        }
        let find = |name: &str| self.own_card(name).or_else(|| (self.source.beside)(name));
        Profile::parse(self.name, &find(self.name).unwrap_or_default(), &find)
    }

    /// The text of a card of the case file.
    fn own_card(&self, name: &str) -> Option<String> {
        let table = self.source.cards.get(name)?.get_ref().clone();
        Some(fragment::text(&fragment::with(table, "schema", CARD_SCHEMA)))
    }

    /// A mistake of the card, where it stands in the case file.
    fn of_card(&self, problem: &Problem, texts: &[String]) -> Problem {
        let at = problem.file.strip_prefix(LAYER).and_then(|at| at.parse::<usize>().ok());
        let place = at.and_then(|at| Some((texts.get(at)?, self.fragments.get(at)?)));
        if let Some((text, (path, _))) = place {
            // Two lines stand before the fragment.
            let made = format!("\n\n{text}");
            return Origin { source: self.source, made: &made, from: vec![path.clone()] }.relocate(problem);
        }
        if let Some(made) = self.own_card(&problem.file) {
            let from = vec![vec!["cards".to_owned(), problem.file.clone()]];
            return Origin { source: self.source, made: &made, from }.relocate(problem);
        }
        self.with_what_lies_over(problem)
    }

    /// A mistake in a file that is none without the fragments.
    fn with_what_lies_over(&self, problem: &Problem) -> Problem {
        let Some((path, _)) = self.fragments.last() else { return problem.clone() };
        let place = self.source.places().problem_at_key(path, "");
        let line = place.position.map_or(String::new(), |at| format!(":{}", at.line));
        let said = problem.hint.as_ref().map_or(String::new(), |hint| format!("{hint}; "));
        problem.clone().hint(format!("{said}{}{line} lays something over it", self.source.file))
    }

    /// The terminal, with some data objects set.
    pub fn terminal(&self, set: &[Setting]) -> Result<Arc<Fitted>, Problem> {
        let said: Vec<String> = set.iter().map(|set| format!("{} = {}", set.tag, set.text)).collect();
        let recipe = format!("{}\n{}\n{}", self.name, self.texts().join("\n# over it:\n"), said.join("\n"));
        let table = || self.table(self.name, &mut Vec::new());
        let made = self.source.stock.terminal(recipe, || fitted(table()?, &self.fragments, set));
        made.map_err(|unfit| {
            let (problem, text) = *unfit;
            let bases = self.source.terminals.keys().map(|name| vec!["terminals".to_owned(), name.clone()]);
            match text {
                Some(made) => {
                    let from = bases.chain(self.paths()).collect();
                    Origin { source: self.source, made: &made, from }.relocate(&problem)
                }
                None => problem,
            }
        })
    }

    /// The table of a terminal and of what it extends.
    fn table(&self, name: &str, chain: &mut Vec<String>) -> Result<Table, Unfit> {
        if chain.iter().any(|known| known == name) || chain.len() == CHAIN_MAX {
            let path = ["terminals".to_owned(), name.to_owned(), "extends".to_owned()];
            let places = self.source.places();
            let message = format!("terminal `{name}` extends itself in the end");
            return Err(Box::new((places.problem(&path, message), None)));
        }
        chain.push(name.to_owned());
        if let Some(own) = self.source.terminals.get(name) {
            let mut own = own.get_ref().clone();
            return match own.remove("extends") {
                Some(Value::String(base)) => {
                    let mut table = self.table(&base, chain)?;
                    fragment::overlay(&mut table, &own);
                    Ok(table)
                }
                _ => Ok(fragment::with(own, "schema", terminal::SCHEMA)),
            };
        }
        let builtin = Terminal::builtin_text(name).map(str::to_owned);
        let Some(text) = builtin.or_else(|| (self.source.beside)(name)) else {
            let names = terminal::names();
            let known = names.into_iter().chain(self.source.terminals.keys().map(String::as_str));
            let mut problem = self.unknown("terminal", known);
            if let [.., owner, _] = chain.as_slice() {
                let path = ["terminals".to_owned(), owner.clone(), "extends".to_owned()];
                let message = format!("there is no terminal `{name}`");
                problem = Problem { hint: problem.hint, ..self.source.places().problem(&path, message) };
            }
            return Err(Box::new((problem, None)));
        };
        diag::from_toml(name, &text).map_err(|problem| Box::new((problem, None)))
    }
}

/// What fragments are called as files; no profile is called like this.
const LAYER: &str = "case fragment ";

fn layer_name(at: usize) -> String {
    format!("{LAYER}{at}")
}

/// Lays fragments and settings over a terminal. An error that is about the text that came of it comes with that.
fn fitted(mut table: Table, fragments: &[(Vec<String>, &Table)], set: &[Setting]) -> Result<Fitted, Unfit> {
    fragments.iter().for_each(|(_, over)| fragment::overlay(&mut table, over));
    for setting in set {
        settings::put(&mut table, setting).map_err(|problem| Box::new((problem, None)))?;
    }
    let text = fragment::text(&table);
    match Terminal::from_text("terminal", &text) {
        Ok(terminal) => Ok(Fitted { terminal: Arc::new(terminal), table: Arc::new(table) }),
        Err(problem) => Err(Box::new((problem, Some(text)))),
    }
}
