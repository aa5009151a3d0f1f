//! Mistakes in case files, and what the linter says of them, word for word.

use std::sync::Arc;

use super::*;

const CATALOGUE: &str = "schema = 'emvtap.requirements/1'\n[book.C-3]\ntitle = 'x'\nedition = '2.11'\n\
    [[requirement]]\nid = 'C-3/5.7'\nbook = 'C-3'\nsection = '5.7'\ntext = 'x'\n\
    [[requirement]]\nid = 'C-3/5.8'\nbook = 'C-3'\nsection = '5.8'\ntext = 'x'\nuntestable = 'nobody sees it'\n";
const HEAD: &str = "schema = 'emvtap.case/1'\ntitle = 'x'\ngiven.amount = '1.00'\n";
const CASE: &str = "[[case]]\nid = 'C3-X-001'\ntitle = 'x'\n";

fn lint(text: &str) -> Vec<String> {
    let catalogue = Arc::new(Catalogue::parse("r.toml", CATALOGUE).unwrap());
    let suite = load::suite("x", "x.toml", &format!("{HEAD}{text}"), Arc::new(|_: &str| None)).unwrap();
    let findings = Linter::new(catalogue).suite(&suite);
    findings.iter().map(|finding| format!("{}: {}", finding.check.name, finding.problem)).collect()
}

/// The findings without the picture of the line.
fn lines(text: &str) -> Vec<String> {
    all_lines(text).into_iter().filter(|line| !line.starts_with("outcome-only")).collect()
}

/// The same with those that only say how a tap ends, as most examples do.
fn all_lines(text: &str) -> Vec<String> {
    let short = |found: String| {
        let (first, rest) = found.split_once('\n').unwrap_or((found.as_str(), ""));
        let hint = rest.split_once("hint: ").map_or(String::new(), |(_, hint)| format!(" [{hint}]"));
        format!("{first}{hint}")
    };
    lint(text).into_iter().map(short).collect()
}

fn check(statement: &str) -> Vec<String> {
    lines(&format!("{CASE}check = [{{ requirement = ['C-3/5.7'], {statement} }}]\n"))
}

#[test]
fn a_good_case_has_nothing_wrong() {
    let all = "outcome = ['approved', 'online-request'], outcomes = ['approved'], cvm = 'none', start = 'B', \
        sends = ['SELECT PPSE', 'read record 2.1'], sent = { GPO = { '9F02' = ['000000000100', 'length 6'], TTQ = '36??4000' } }, \
        sent-data = { GPO = 'present' }, data-record = { CTQ = 'absent' }, selected = 'A0000000031010', \
        ui = [{ message = '17', status = 'card-read-successfully' }], never-ui = [{ message = 'none' }]";
    assert_eq!(check(all), Vec::<String>::new());
}

#[test]
fn a_mistake_is_shown_at_its_place_with_a_hint() {
    let text = format!("{CASE}check = [{{ requirement = ['C-3/5.7'], outcome = 'aproved' }}]\n");
    assert_eq!(
        lint(&text)[1..],
        ["unknown-word: x.toml:7:49: `outcome` is never `aproved`\n  |\n\
          7 | check = [{ requirement = ['C-3/5.7'], outcome = 'aproved' }]\n  \
          |                                                 ^^^^^^^^^\n\nhint: did you mean `approved`?"]
    );
}

#[test]
fn words_commands_objects_and_patterns() {
    for (statement, said) in [
        (
            "outcomes = ['try-again']",
            "unknown-word: x.toml:7:51: `outcomes` is never `try-again` [known are approved, declined, online-request, try-another-interface, end-application]",
        ),
        (
            "cvm = 'pin'",
            "unknown-word: x.toml:7:45: `cvm` is never `pin` [known are no-cvm, signature, online-pin, confirmation-code-verified, none]",
        ),
        ("outcome = []", "unknown-word: x.toml:7:49: nothing can be one of no words"),
        (
            "sends = ['SELCT PPSE']",
            "unknown-command: x.toml:7:48: unknown command `SELCT PPSE` [did you mean `SELECT`?]",
        ),
        (
            "sent = { GP = { TTQ = 'present' } }",
            "unknown-command: x.toml:7:48: unknown command `GP` [did you mean `GPO`?]",
        ),
        (
            "data-record = { 'Aplication Cryptogram' = 'present' }",
            "unknown-object: x.toml:7:55: `Aplication Cryptogram` names no data object [did you mean `Application Cryptogram`?]",
        ),
        ("data-record = { '9F26' = '123' }", "bad-pattern: x.toml:7:64: `123` has an odd number of hex digits"),
        ("data-record = { '9F26' = ['length 8', 'bite 1'] }", "bad-pattern: x.toml:7:77: `bite 1` is neither hex"),
        (
            "data-record = { '9F26' = [] }, outcome = 'approved'",
            "bad-pattern: x.toml:7:64: an empty list states nothing",
        ),
        (
            "selected = 'Visa'",
            "unknown-word: x.toml:7:50: `Visa` is no application [write 5 to 16 bytes in hex, or `none`]",
        ),
        (
            "sends = ['GPO'], outcome = ['declined', 'approved', 'online-request', 'try-another-interface', 'end-application']",
            "allows-everything: x.toml:7:66: every `outcome` is allowed [leave out",
        ),
        ("never-tells = ['Pan Card'], sends = ['GPO']", "unknown-object: x.toml:7:54: `Pan Card` names no data object"),
        (
            "sent = { GPO = { '9F02' = 'present', '9F15' = '5999' } }",
            "never-asked: x.toml:7:76: C3-X-001: this is never judged: the card's PDOL does not ask for 9F15 [let the card",
        ),
        (
            "sent = { 'GENERATE AC ARQC' = { '9F37' = 'length 4' } }",
            "never-asked: x.toml:7:71: C3-X-001: this is never judged: the card's CDOL1 does not ask for 9F37",
        ),
        ("ui = [{ message = '1' }]", "unknown-word: x.toml:7:57: `1` is no message"),
        ("ui = [{ status = 'ready' }]", "unknown-word: x.toml:7:56: `status` is never `ready`"),
        ("ui = [{ }]", "unknown-word: x.toml:7:45: a request of which nothing is said"),
        ("because = 'why not'", "empty-check: x.toml:7:10: the check states nothing"),
        ("never-sends = ['GPO']", "only-negative: x.toml:5:6: the case only says what must not be seen"),
        ("data-record = { '9F26' = 'absent' }, online = false", "only-negative: x.toml:5:6: "),
    ] {
        let found = check(statement);
        assert!(found.len() == 1 && found[0].starts_with(said), "{statement}: {found:#?}");
    }
}

#[test]
fn a_word_at_the_end_of_a_tap_is_not_enough() {
    let found = |statement: &str| {
        let found = all_lines(&format!("{CASE}check = [{{ requirement = ['C-3/5.7'], {statement} }}]\n"));
        found.iter().any(|line| line.starts_with("outcome-only: x.toml:5:6: the case only says how the tap ends"))
    };
    assert!(found("outcome = 'approved', never-sends = ['GPO']") && found("disposition = 'none', receipt = false"));
    for more in
        ["sends = ['GPO']", "commands = []", "uis = []", "well-formed = true", "data-record = { '57' = 'present' }"]
    {
        assert!(!found(&format!("outcome = 'approved', {more}")), "{more}");
    }
    let some = format!(
        "{CASE}[case.vary.a]\nx = {{ check = [{{ requirement = ['C-3/5.7'], outcome = 'approved', commands = [] }}] }}\n\
         y = {{ check = [{{ requirement = ['C-3/5.7'], outcome = 'approved' }}] }}\n"
    );
    assert_eq!(all_lines(&some).len(), 1, "a value of an axis is enough to be blind");
}

#[test]
fn requirements_ids_and_expectations() {
    let good = "check = [{ requirement = ['C-3/5.7'], outcome = 'approved', sends = ['GPO'] }]\n";
    for (text, said) in [
        (CASE.to_owned(), "no-expectation: x.toml:5:6: the case expects nothing"),
        (
            format!("{CASE}check = [{{ requirement = [], outcome = 'approved' }}]\n"),
            "no-requirement: x.toml:7:26: the check follows from nothing",
        ),
        (
            format!("{CASE}check = [{{ requirement = ['C-3/5.7', 'C-3/5.6'], outcome = 'approved' }}]\n"),
            "unknown-requirement: x.toml:7:38: there is no requirement `C-3/5.6` [did you mean `C-3/5.",
        ),
        (
            format!("{CASE}check = [{{ requirement = ['C-3/5.8'], outcome = 'approved', sends = ['GPO'] }}]\n"),
            "untestable: x.toml:7:27: the catalogue says that no case can assert `C-3/5.8`: nobody sees it",
        ),
        (
            format!("{CASE}{good}{CASE}{good}"),
            "id-reused: x.toml:9:6: `C3-X-001` is the case at x.toml:5 [an id is never used again]",
        ),
        (format!("{CASE}{good}").replace("C3-X-001", "first"), "id-form: x.toml:5:6: `first` does not look like an id"),
        (
            format!("[cards.mine]\nextends = 'visa/credit'\n{CASE}{good}"),
            "unused: x.toml:4:8: nobody uses the card `mine`",
        ),
        (
            format!("{CASE}{good}applies = 'c3.issuer-update and not c3.issuer-update'\n"),
            "unreachable: x.toml:8:11: no subject can ever meet this",
        ),
        (
            format!("{CASE}{good}applies = 'c3.msd'\ngiven.terminal-with.kernel.c3.msd = false\n"),
            "unreachable: x.toml:5:6: C3-X-001: no subject can ever meet `c3.msd and not c3.msd` [part of it follows",
        ),
        (
            format!("{CASE}{good}applies = 'c3.issuer-update and c3.modes = offline-only'\n"),
            "unreachable: x.toml:8:11: no subject can ever meet this",
        ),
        (
            format!(
                "{CASE}[case.vary.a]\nx = {{ check = [{{ requirement = ['C-3/5.7'], outcome = 'approved' }}] }}\ny = {{}}\n"
            ),
            "no-expectation: x.toml:5:6: some variants of the case expect nothing",
        ),
        (format!("{CASE}{good}[case.vary.a]\n'b+c' = {{}}\n"), "variant-form: x.toml:9:1: `b+c` cannot name a variant"),
        (format!("{CASE}{good}[case.vary.a]\n"), "empty-axis: x.toml:8:12: the axis `a` has no values"),
        (
            format!("{CASE}{good}[case.vary]\na.x.given.amount = '2'\nb.y.given.amount = '3'\n"),
            "axes-collide: x.toml:10:11: the axes `a` and `b` both say `amount` [put it into one axis]",
        ),
        (
            format!("{CASE}{good}given.card-with.application.visa.gpo = false\n"),
            "unmakeable: x.toml:8:29: missing field `gpo`",
        ),
    ] {
        let found = lines(&text);
        assert!(found.len() == 1 && found[0].starts_with(said), "{text}: {found:#?}");
    }
}

/// What the card asks for in one variant or tap it need not ask for in another; a fault may change its list.
#[test]
fn what_no_list_asks_for_is_found_in_every_variant_and_tap() {
    let sent = "{ requirement = ['C-3/5.7'], sent = { GPO = { '9F15' = '5999' } } }";
    let with = |list: &str| format!("{{ application = {{ visa = {{ data = {{ '9F38' = '{list}' }} }} }} }}");
    let text = format!(
        "{CASE}check = [{{ requirement = ['C-3/5.7'], sends = ['GPO'] }}]\n[case.vary.list]\n\
         asks = {{ given = {{ card-with = {} }}, check = [{sent}] }}\nasks-not = {{ given = {{ card-with = {} }}, check = [{sent}] }}\n\
         [[case.then]]\ncheck = [{sent}]\n",
        with("9F66049F1502"),
        with("9F66049F3704"),
    );
    let (found, why) = (lines(&text), "C3-X-001/asks-not: this is never judged: the card's PDOL does not ask for 9F15");
    assert!(found.len() == 2 && found.iter().all(|line| line.contains(why)), "{found:#?}");
    assert!(
        ["10:162", "12:56"].iter().zip(&found).all(|(at, line)| line.contains(&format!("x.toml:{at}: "))),
        "{found:#?}"
    );
    let fault = "{ name = 'x', command = 'SELECT', kind = { objects = { set = { object = '9F38', value = '9F66049F1502' } } } }";
    assert_eq!(lines(&format!("{CASE}check = [{sent}]\ngiven.faults = [{fault}]\n")), Vec::<String>::new());
    let second = "{ requirement = ['C-3/5.7'], sent = { 'GPO #2' = { '9F15' = '5999' } } }";
    assert_eq!(lines(&format!("{CASE}check = [{second}]\n")).len(), 1);
}
