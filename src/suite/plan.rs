//! From cases to taps: every variant of a case, with what it lays over what.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    case::{Case, Check, Setup, Tap},
    expression::Expression,
    ics,
    load::CaseText,
    needs,
    resolve::{self, PlannedTap},
    vary,
};
use crate::diag::Problem;

/// One variant of a case.
#[derive(Clone, Debug)]
pub struct Planned {
    /// `C3-CVM-014`, or `C3-CVM-014/below`; values of several axes are joined by `+`.
    pub id: String,
    /// What is tested, in a line.
    pub title: Arc<str>,
    /// More for people; may be empty.
    pub description: Arc<str>,
    /// Words to select by.
    pub tags: Arc<[String]>,
    /// Where the case applies; `None`: everywhere.
    pub applies: Option<Arc<Expression>>,
    /// Axis → value.
    pub variant: BTreeMap<String, String>,
    /// The taps, before cards and terminals are made.
    pub plan: Vec<TapPlan>,
    /// Where the case stands in the file.
    pub(super) span: core::ops::Range<usize>,
    pub(super) source: Arc<CaseText>,
}

/// One tap as the file says it.
#[derive(Clone, Debug)]
pub struct TapPlan {
    /// What is tapped with what: what comes later is laid over what comes before.
    pub(super) layers: Vec<Layer>,
    /// What must be seen.
    pub checks: Vec<Arc<Check>>,
}

/// One `given` of the file.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    /// Where it stands: `case`, `3`, `given`.
    pub path: Vec<String>,
    /// What it says.
    pub setup: Arc<Setup>,
    /// The tap it was written for; a further tap that names a card or a terminal starts with that as it is.
    pub tap: usize,
}

impl Planned {
    /// The id without the variant: `C3-CVM-014`.
    pub fn case_id(&self) -> &str {
        self.id.split_once('/').map_or(&self.id, |(id, _)| id)
    }

    /// What must be seen, tap by tap.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        self.plan.iter().flat_map(|tap| &tap.checks).map(AsRef::as_ref)
    }

    /// The ids of the requirements that the case cites, each once, in order.
    pub fn requirements(&self) -> Vec<&str> {
        let mut ids = Vec::new();
        for id in self.checks().flat_map(|check| &check.requirement) {
            if !ids.contains(&id.get_ref().as_str()) {
                ids.push(id.get_ref().as_str());
            }
        }
        ids
    }

    /// The taps, ready to be done. Cards and terminals are made here, once for all taps that have the same.
    ///
    /// # Errors
    /// What a card, a terminal or a value of the file has wrong, at its place.
    pub fn taps(&self) -> Result<Vec<PlannedTap>, Problem> {
        self.plan.iter().enumerate().map(|(at, tap)| resolve::tap(&self.source, tap, at)).collect()
    }

    /// A mistake of the case as a whole.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        self.source.problem(self.span.clone(), message)
    }
}

/// What the cases of a file have in common.
pub(super) struct Common {
    pub given: Setup,
    pub tags: Vec<String>,
    pub applies: Option<toml::Spanned<String>>,
}

/// Every variant of every case.
pub(super) fn cases(source: &Arc<CaseText>, common: Common, cases: Vec<Case>) -> Result<Vec<Planned>, Problem> {
    let given = Layer { path: path(&["given"]), setup: Arc::new(common.given), tap: 0 };
    let mut planner = Planner { source, common: &given, tags: &common.tags, applies: None, at: 0 };
    planner.applies = common.applies.map(|text| planner.expression(&text)).transpose()?;
    let mut planned = Vec::new();
    for (at, case) in cases.into_iter().enumerate() {
        planner.at = at;
        planner.case(case, &mut planned)?;
    }
    Ok(planned)
}

fn path(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// A value of an axis, ready to be shared.
struct Value {
    name: String,
    layer: Layer,
    checks: Vec<Arc<Check>>,
}

struct Planner<'a> {
    source: &'a Arc<CaseText>,
    common: &'a Layer,
    tags: &'a [String],
    /// Where the whole file applies.
    applies: Option<Arc<Expression>>,
    /// Which case of the file.
    at: usize,
}

impl Planner<'_> {
    fn layer(&self, keys: &[&str], setup: Setup, tap: usize) -> Layer {
        let at = self.at.to_string();
        Layer { path: [path(&["case", &at]), path(keys)].concat(), setup: Arc::new(setup), tap }
    }

    fn case(&self, case: Case, planned: &mut Vec<Planned>) -> Result<(), Problem> {
        let applies = case.applies.as_ref().map(|text| self.expression(text)).transpose()?;
        let own = self.layer(&["given"], case.given, 0);
        let checks = shared(case.checks);
        let then: Vec<(Layer, Vec<Arc<Check>>)> = case
            .then
            .into_iter()
            .enumerate()
            .map(|(at, Tap { given, checks })| {
                (self.layer(&["then", &at.to_string(), "given"], given, at + 1), shared(checks))
            })
            .collect();
        let names: Vec<String> = case.vary.keys().cloned().collect();
        let axes: Vec<Vec<Value>> = case.vary.into_iter().map(|(axis, values)| self.axis(&axis, values)).collect();
        let (title, description) = (case.title.into(), case.description.into());
        let mut tags = self.tags.to_vec();
        tags.extend(case.tags.into_iter().filter(|tag| !self.tags.contains(tag)));
        let tags: Arc<[String]> = tags.into();
        let sizes: Vec<usize> = axes.iter().map(Vec::len).collect();
        for row in vary::combinations(&sizes, case.combine) {
            let picked: Vec<&Value> = axes.iter().zip(&row).filter_map(|(axis, value)| axis.get(*value)).collect();
            let mut layers = vec![self.common.clone(), own.clone()];
            layers.extend(picked.iter().map(|value| value.layer.clone()));
            let of_variant = picked.iter().flat_map(|value| &value.checks);
            let mut plan =
                vec![TapPlan { layers: layers.clone(), checks: checks.iter().chain(of_variant).cloned().collect() }];
            for (layer, checks) in &then {
                layers.push(layer.clone());
                plan.push(TapPlan { layers: layers.clone(), checks: checks.clone() });
            }
            let stated: Vec<&Expression> = self.applies.iter().chain(&applies).map(AsRef::as_ref).collect();
            let needs = needs::of(self.source, &stated, &plan);
            let applies = Expression::all(stated.into_iter().chain(&needs));
            let value_names: Vec<&str> = picked.iter().map(|value| value.name.as_str()).collect();
            let id = case.id.get_ref();
            planned.push(Planned {
                id: if picked.is_empty() { id.clone() } else { format!("{id}/{}", value_names.join("+")) },
                title: Arc::clone(&title),
                description: Arc::clone(&description),
                tags: Arc::clone(&tags),
                applies: applies.map(Arc::new),
                variant: names.iter().cloned().zip(value_names.iter().map(|name| (*name).to_owned())).collect(),
                plan,
                span: case.id.span(),
                source: Arc::clone(self.source),
            });
        }
        Ok(())
    }

    fn axis(&self, axis: &str, values: BTreeMap<String, Tap>) -> Vec<Value> {
        let value = |(name, Tap { given, checks }): (String, Tap)| Value {
            layer: self.layer(&["vary", axis, &name, "given"], given, 0),
            name,
            checks: shared(checks),
        };
        values.into_iter().map(value).collect()
    }

    fn expression(&self, text: &toml::Spanned<String>) -> Result<Arc<Expression>, Problem> {
        let parsed = Expression::parse(text.get_ref()).and_then(|parsed| {
            ics::Items::builtin().refuse(&parsed)?;
            Ok(parsed)
        });
        parsed.map(Arc::new).map_err(|wrong| wrong.in_file(&self.source.file, &self.source.text, text))
    }
}

fn shared(checks: Vec<Check>) -> Vec<Arc<Check>> {
    checks.into_iter().map(Arc::new).collect()
}
