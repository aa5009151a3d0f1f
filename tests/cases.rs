//! Conformance cases: what a file says, and what is tapped because of it.

use std::sync::Arc;

use emvtap::{
    diag::Problem,
    suite::{load, plan::Planned, resolve::PlannedTap},
};

const HEAD: &str = "schema = 'emvtap.case/1'\ntitle = 'a suite'\n";

fn suite(text: &str) -> Result<Vec<Planned>, Problem> {
    let text = format!("{HEAD}{text}");
    let beside = Arc::new(|name: &str| {
        (name == "other.toml").then(|| "schema = 'emvtap.card/1'\nextends = 'visa/phone'\ntitle = 'other'\n".to_owned())
    });
    load::suite("c3/x", "x.toml", &text, beside).map(|suite| suite.cases)
}

fn taps(text: &str) -> Vec<Vec<PlannedTap>> {
    let cases = suite(text).unwrap_or_else(|problem| panic!("{problem}"));
    cases.iter().map(|case| case.taps().unwrap_or_else(|problem| panic!("{problem}"))).collect()
}

fn refused(text: &str) -> String {
    match suite(text) {
        Err(problem) => problem.to_string(),
        Ok(cases) => cases.iter().find_map(|case| case.taps().err()).expect("a mistake").to_string(),
    }
}

const CASE: &str = "[[case]]\nid = 'OUR-ANY-001'\ntitle = 'x'\n";

#[test]
fn what_nobody_says_is_as_in_pay() {
    let all = taps(&format!("given.amount = '25.00'\n{CASE}"));
    let [tap] = all[0].as_slice() else { panic!() };
    assert_eq!((tap.card.file.as_str(), tap.terminal.title.as_str()), ("visa-credit", "attended retail terminal"));
    assert_eq!(tap.transaction.amount.minor_units(), 2500);
    assert_eq!((tap.transaction.kind, tap.transaction.when.to_string().as_str()), (0x00, "2026-06-15T12:00:00"));
    assert!(!tap.autorun && tap.faults.is_empty() && tap.unpredictable_numbers.is_empty() && !tap.same_card);
    assert_eq!(tap.inputs["amount"], "25.00 EUR");
    tap.issue(7).unwrap();
}

#[test]
fn the_last_who_says_something_counts_and_fragments_lie_over_one_another() {
    let all = taps(
        "[given]\namount = '1.00'\ncard = 'visa-credit'\nclock = '2027-01-01T00:00:00Z'\n\
         [given.card-with.application.visa.data]\nCTQ = '8000'\n'9F6E' = '20700000'\n\
         [[case]]\nid = 'OUR-ANY-001'\ntitle = 'x'\n[case.given]\namount = '2.00'\nset.TTQ = '26000000'\n\
         [case.given.card-with.application.visa.counters]\natc = 7\n\
         [case.given.terminal-with]\ncountry = '276'\ncombination.floor-limit = '3.00'\n\
         [case.vary.ctq.signature.given.card-with.application.visa.data]\nCTQ = '4000'\n\
         [case.vary.ctq.none.given.card-with.application.visa]\ndata.CTQ = '0000'\n",
    );
    let ctq = |tap: &PlannedTap| tap.card.applications[0].data[&"9F6C".parse().unwrap()].clone();
    assert_eq!(all.iter().map(|taps| ctq(&taps[0])).collect::<Vec<_>>(), [[0, 0], [0x40, 0]]);
    let tap = &all[1][0];
    assert_eq!((tap.transaction.amount.minor_units(), tap.card.applications[0].atc), (200, 7));
    assert_eq!(tap.transaction.when.to_string(), "2027-01-01T00:00:00");
    let entry = tap.terminal.combinations[0].entry();
    assert_eq!((entry.ttq, entry.floor_limit.map(|limit| limit.minor_units())), (Some([0x26, 0, 0, 0]), Some(300)));
    assert_eq!(tap.terminal_toml["country"].as_str(), Some("276"));
    assert_eq!(tap.terminal_toml["combination"][0]["ttq"].as_str(), Some("26000000"));
}

/// Every built-in case can be read, and each of its taps made.
#[test]
fn the_built_in_suites_can_be_tapped() {
    for name in load::names() {
        let suite = load::builtin(&name).unwrap().unwrap_or_else(|problem| panic!("{problem}"));
        for case in &suite.cases {
            case.taps().unwrap_or_else(|problem| panic!("{}: {problem}", case.id));
        }
    }
}

#[test]
fn a_further_tap_goes_on_with_the_same_card_unless_it_says_another() {
    let all = taps(
        "[[case]]\nid = 'OUR-ANY-001'\ntitle = 'x'\n\
         given = { amount = '1.00', faults = ['tear-gpo'], card-with.application.visa.data.CTQ = '8000' }\n\
         then = [{}, { given = { faults = [], card = 'visa-phone' } }, { given.card-with.application.visa.data.CTQ = '0080' }]\n",
    );
    let [first, second, third, fourth] = all[0].as_slice() else { panic!() };
    assert_eq!([first, second, third, fourth].map(|tap| tap.same_card), [false, true, false, false]);
    assert!(Arc::ptr_eq(&first.card, &second.card));
    assert_eq!((first.faults.len(), second.faults.len(), third.faults.len()), (1, 1, 0));
    let ctq = |tap: &PlannedTap| tap.card.applications[0].data[&"9F6C".parse().unwrap()].clone();
    let phone = taps(&format!("given.amount = '1'\n{CASE}given.card = 'visa-phone'\n"));
    assert_eq!(ctq(third), ctq(&phone[0][0]), "not what lay over the first card");
    assert_eq!(ctq(fourth), [0x00, 0x80]);
}

#[test]
fn several_axes_are_named_in_their_order_and_values_lie_over_one_another() {
    let cases = suite(&format!(
        "given.amount = '1'\n{CASE}[case.vary.b]\nx.given.set.TTQ = '26000000'\ny = {{}}\n\
         [case.vary.a]\nhigh.given.amount = '2'\nlow.given.set.'9F35' = '25'\n"
    ))
    .unwrap();
    let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["OUR-ANY-001/high+x", "OUR-ANY-001/high+y", "OUR-ANY-001/low+x", "OUR-ANY-001/low+y"]);
    assert_eq!(cases[2].taps().unwrap()[0].inputs["set"], "9F35 = 25, 9F66 = 26000000");
    assert_eq!(cases[1].variant["a"], "high");
}

#[test]
fn cards_and_terminals_of_the_file_extend_what_there_is() {
    let all = taps(
        "given.amount = '1'\n[cards.a]\nextends = 'b'\ntitle = 'a'\n[cards.b]\nextends = 'other.toml'\n\
         application.visa.data.CTQ = '4000'\n[terminals.t]\nextends = 'u'\n[terminals.u]\nextends = 'transit-gate'\ntitle = 'u'\n\
         [[case]]\nid = 'OUR-ANY-001'\ntitle = 'x'\ngiven = { card = 'a', terminal = 't' }\n\
         [[case]]\nid = 'OUR-ANY-002'\ntitle = 'x'\ngiven = { card = 'other.toml' }\n",
    );
    assert_eq!((all[0][0].card.title.as_str(), all[0][0].terminal.title.as_str()), ("a", "u"));
    assert_eq!(all[1][0].card.title, "other");
    // Made once, whoever wants it.
    let twice = taps(&format!("given.amount = '1'\n{CASE}[[case]]\nid = 'OUR-ANY-002'\ntitle = 'y'\n"));
    assert!(Arc::ptr_eq(&twice[0][0].card, &twice[1][0].card));
    assert!(Arc::ptr_eq(&twice[0][0].terminal, &twice[1][0].terminal));
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let mut wrong = Vec::new();
    for (text, said) in [
        (format!("{CASE}given.amuont = '1'"), "x.toml:6:7: unknown key `amuont`"),
        (
            format!("{CASE}given.amount = '1'\napplies = 'c3.issuer-update and (c3.isuer-update)'"),
            "x.toml:7:34: the ICS has no item `c3.isuer-update`",
        ),
        (
            format!("{CASE}given.amount = '1'\napplies = 'c3.issuer-update and'"),
            "x.toml:7:31: wanted an item of the ICS, found the end",
        ),
        (CASE.to_owned(), "x.toml: a tap has no amount"),
        (format!("{CASE}given.amount = '1.234'"), "x.toml:6:16: `1.234` is no amount in EUR"),
        (
            format!("{CASE}given = {{ amount = '1', type = 'purchas' }}"),
            "x.toml:6:32: there is no transaction type `purchas`",
        ),
        (
            format!("{CASE}given = {{ amount = '1', card = 'visa-credt' }}"),
            "x.toml:6:32: there is no card `visa-credt`",
        ),
        (format!("{CASE}given = {{ amount = '1', terminal = 'atn' }}"), "x.toml:6:36: there is no terminal `atn`"),
        (
            format!("{CASE}given = {{ amount = '1', faults = ['tear-gpu'] }}"),
            "x.toml:6:35: there is no fault `tear-gpu`",
        ),
        (
            format!("{CASE}given = {{ amount = '1', faults = [{{ command = 'GPO', kind = {{ tear = 'often' }} }}] }}"),
            "x.toml:6:35: unknown value `often`",
        ),
        (format!("{CASE}given = {{ amount = '1', host = 'simm' }}"), "x.toml:6:32: there is no host simm"),
        (
            format!("{CASE}given = {{ amount = '1', host = {{ responce-code = '00' }} }}"),
            "x.toml:6:34: unknown key `responce-code`",
        ),
        (
            format!("{CASE}given = {{ amount = '1', set = {{ TTQ = '36' }} }}"),
            "x.toml:6:39: Terminal Transaction Qualifiers (TTQ) (9F66) has 4 bytes, found 1",
        ),
        (format!("{CASE}given = {{ amount = '1', clock = 'noon' }}"), "x.toml:6:33: "),
        (
            format!("{CASE}given = {{ amount = '1', unpredictable-numbers = ['1'] }}"),
            "x.toml:6:50: an odd number of hex digits: 1",
        ),
        (format!("{CASE}given.amount = '1'\ngiven.card-with.application.visa.data.CTQQ = '00'"), "x.toml:7:"),
        (
            format!(
                "{CASE}given.amount = '1'\ngiven.card-with.application.visa.records.'2.1'.objects = ['5A', 'PANN']"
            ),
            "x.toml:7:58: unknown data object `PANN`",
        ),
        (
            format!("{CASE}given.amount = '1'\ngiven.terminal-with.combination.ttq = '36'"),
            "x.toml:7:39: wanted 4 bytes, found 1",
        ),
        (
            format!("{CASE}given.amount = '1'\ngiven.terminal-with.combination.tttq = '36'"),
            "x.toml:7:33: unknown key `tttq`",
        ),
        (
            format!("{CASE}given.amount = '1'\ngiven.terminal-with.ca-keys = ['vsa']"),
            "x.toml:7:32: there is no list of CA keys `vsa`",
        ),
        (
            format!("[cards.visa-credit]\nextends = 'visa-phone'\n{CASE}given.amount = '1'"),
            "x.toml:3:8: there is a built-in card `visa-credit`",
        ),
        (
            format!("[cards.a]\nextends = 'a'\n{CASE}given = {{ amount = '1', card = 'a' }}"),
            "x.toml:4:11: `a` extends itself in the end",
        ),
        (
            format!("[terminals.a]\nextends = 'a'\n{CASE}given = {{ amount = '1', terminal = 'a' }}"),
            "x.toml:4:11: terminal `a` extends itself in the end",
        ),
        (
            format!("[terminals.a]\nextends = 'atn'\n{CASE}given = {{ amount = '1', terminal = 'a' }}"),
            "x.toml:4:11: there is no terminal `atn`",
        ),
    ] {
        let found = refused(&text);
        if !found.starts_with(said) {
            wrong.push(format!("{said}\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let found = refused(&format!("{CASE}given.amount = '1'\ngiven.card-with.application.visa.data.'5A' = false"));
    assert!(found.contains("x.toml:7 lays something over it"), "{found}");
}

/// What the documentation shows can be tapped.
#[test]
fn the_examples_of_the_documentation_work() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cases.md")).unwrap();
    let blocks: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 10);
    let catalogue = emvtap::suite::catalogue::Catalogue::builtin().unwrap();
    let cited = page.split("requirement = [").skip(1).filter_map(|rest| rest.split(']').next());
    for id in cited.flat_map(|list| list.split('"').skip(1).step_by(2)) {
        assert!(catalogue.get(id).is_some(), "{id} is no requirement");
    }
    for block in blocks {
        let amount = "given.amount = '1'\n";
        let text = match block {
            _ if block.contains("emvtap.ics/1") => {
                emvtap::suite::ics::Ics::parse("docs", block).unwrap_or_else(|problem| panic!("{problem}"));
                continue;
            }
            _ if block.contains("emvtap.expectations/1") => {
                let read = emvtap::suite::expectations::Expectations::parse("docs", block);
                read.unwrap_or_else(|problem| panic!("{problem}"));
                continue;
            }
            _ if block.starts_with("schema") => block.split_once("\n\n").unwrap().1.to_owned(),
            _ if block.starts_with("[[case]]") => format!("{amount}{block}"),
            _ if block.starts_with("[cards") => {
                format!("{amount}{block}{CASE}given = {{ card = 'asking', terminal = 'transit' }}\n")
            }
            _ => format!("{amount}{CASE}{block}"),
        };
        taps(&text);
    }
}

/// The expression of each case.
fn applies(text: &str) -> Vec<String> {
    let cases = suite(text).unwrap_or_else(|problem| panic!("{problem}"));
    cases.iter().map(|case| case.applies.as_ref().map(ToString::to_string).unwrap_or_default()).collect()
}

#[test]
fn what_a_case_needs_follows_from_what_it_asks_for() {
    let check = "check = [{ requirement = ['C-3/5.7'], cvm = 'online-pin', online = true }]";
    for (file, case, needs) in [
        ("", "given.type = 'refund'", ""),
        ("", "given.autorun = true", "ep.autorun"),
        ("applies = 'kernel.c3'", "given.type = 'refund'", "kernel.c3 and c3.refunds"),
        ("applies = 'kernel.c3'", check, "kernel.c3 and c3.online-pin and c3.modes != offline-only"),
        ("applies = 'kernel.c3'", "applies = 'kernel.c1 or kernel.c3'", "kernel.c3 and (kernel.c1 or kernel.c3)"),
        (
            "applies = 'kernel.c3'",
            "check = [{ requirement = ['C-3/5.7'], outcomes = ['approved'] }]",
            "kernel.c3 and c3.modes != online-only",
        ),
        (
            "applies = 'kernel.c3'",
            "check = [{ requirement = ['C-3/5.7'], outcomes = ['online-request', 'approved'] }]",
            "kernel.c3 and c3.modes != offline-only",
        ),
        ("", "given.terminal-with.kernel.c3.msd = true", "c3.msd"),
        ("", "given.terminal-with.entry.not-allowed-status = 'ready-to-read'", "ep.not-allowed-status = ready-to-read"),
        ("", "given.terminal-with.combination.extended-selection = false", ""),
        ("", "given.terminal-with.combination.implemented-by = '03'", "ep.stand-in"),
        // What the terminal says counts before what is usual.
        (
            "applies = 'kernel.c3'",
            "given.terminal-with = { exceptions = ['1'], kernel.c3.exception-file = false }",
            "kernel.c3 and not c3.exception-file",
        ),
    ] {
        assert_eq!(applies(&format!("{file}\n{CASE}{case}\n")), [needs], "{file} {case}");
    }
    let own = "[terminals.own]\nextends = 'retail-attended'\nkernel.c3.refund = 'as-purchase'\n";
    let of_variants =
        format!("{CASE}given.terminal = 'own'\n[case.vary.x]\na = {{}}\nb = {{ given.type = 'cash' }}\n{own}");
    assert_eq!(applies(&of_variants), ["c3.refund = as-purchase"; 2]);
}

#[test]
fn tags_of_the_file_are_tags_of_its_cases() {
    let cases = suite(&format!("tags = ['a', 'b']\n{CASE}tags = ['b', 'c']\n")).unwrap();
    assert_eq!(*cases[0].tags, ["a", "b", "c"]);
}

#[test]
fn what_failed_in_a_run_can_be_run_again() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("failed-in");
    std::fs::create_dir_all(&folder).unwrap();
    let case = |number: u8, outcome: &str| {
        format!(
            "[[case]]\nid = 'OUR-ANY-00{number}'\ntitle = 'x'\ncheck = [{{ requirement = ['C-3/5.7.1.3'], outcome = '{outcome}' }}]\n"
        )
    };
    let cases = [case(1, "online-request"), case(2, "approved"), case(3, "online-request")].concat();
    std::fs::write(folder.join("our.toml"), format!("{HEAD}given.amount = '1'\n{cases}")).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emvtap"));
        let output = command.args(["test", "run", "our.toml", "-q"]).args(arguments).current_dir(&folder).output();
        output.unwrap().status.code()
    };
    let verdicts = |name: &str| -> Vec<(String, String)> {
        let results: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap();
        let word = |case: &serde_json::Value, key: &str| case[key].as_str().unwrap().to_owned();
        results["cases"].as_array().unwrap().iter().map(|case| (word(case, "id"), word(case, "verdict"))).collect()
    };
    assert_eq!(run(&["--report", "json=first.json"]), Some(1));
    assert_eq!(verdicts("first.json").len(), 3);
    assert_eq!(run(&["--failed-in", "first.json", "--report", "json=again.json"]), Some(1));
    assert_eq!(verdicts("again.json"), [("OUR-ANY-002".to_owned(), "FAIL".to_owned())]);
    assert_eq!(run(&["--failed-in", "first.json", "--id", "OUR-ANY-001"]), Some(4), "nothing is left to run");
}

#[test]
fn what_does_not_apply_is_not_run_and_says_why() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases");
    std::fs::create_dir_all(&folder).unwrap();
    let case = "applies = 'c3.issuer-update'\ncheck = [{ requirement = ['C-3/5.7.1.3'], outcome = 'approved' }]\n";
    std::fs::write(folder.join("our.toml"), format!("{HEAD}given.amount = '1'\n{CASE}{case}")).unwrap();
    std::fs::write(folder.join("ics.toml"), "schema = 'emvtap.ics/1'\n[items]\n'c3.issuer-update' = false\n").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emvtap"));
        let output =
            command.args(["test", "run", "our.toml", "--format", "json"]).args(arguments).current_dir(&folder).output();
        let results: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
        let case = &results["cases"][0];
        (case["verdict"].as_str().unwrap().to_owned(), case["reason"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(run(&[]).0, "FAIL");
    let why = "applies where c3.issuer-update; c3.issuer-update is no";
    assert_eq!(run(&["--ics", "ics.toml"]), ("N/A".to_owned(), why.to_owned()));
}
