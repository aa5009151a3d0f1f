
/// Wakes one mutant after the other, and says which case catches it first. Profiles are read anew for each: they are made with its code.
#[test]
fn mutants() {
    use std::io::Write;
    let numbers = std::fs::read_to_string(std::env::var("MUTANTS").unwrap()).unwrap();
    let conditions = conditions();
    for number in std::iter::once(0).chain(numbers.split_whitespace().map(|number| number.parse().unwrap())) {
        emvtap::mutant::set(number);
        let caught = std::panic::catch_unwind(|| first_that_fails(&conditions));
        emvtap::mutant::set(0);
        let caught = caught.unwrap_or_else(|_| Some("a panic while the suites are read".to_owned()));
        println!("MUTANT {number} {}", caught.as_deref().unwrap_or("MISSED"));
        std::io::stdout().flush().unwrap();
    }
}

/// `MUTANT_SUITES` says which folders of suites: `ep c3`. Without it all are run.
fn first_that_fails(conditions: &Conditions) -> Option<String> {
    let folders = std::env::var("MUTANT_SUITES").unwrap_or_else(|_| "ep c2 c3".to_owned());
    let is_run = |name: &String| name.split_once('/').is_some_and(|(of, _)| folders.split(' ').any(|folder| folder == of));
    let suites: Vec<_> = names().iter().filter(|name| is_run(name)).map(|name| suite(name)).collect();
    let cases: Vec<&Planned> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let mut subject = Builtin::default();
    // Far apart first: cases beside one another catch the same.
    let spread = 37;
    let order = (0..spread).flat_map(|from| cases.iter().skip(from).step_by(spread));
    for case in order {
        if perform(case, &mut subject, conditions).result.verdict != Verdict::Pass {
            return Some(case.id.clone());
        }
    }
    None
}
