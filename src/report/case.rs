//! A case as a person reads it before it is run: what must be seen, in words.

use crate::suite::case::{Check, OneOf, Pattern, Ui};

/// Every statement of a check: `cvm is online-pin`.
pub fn statements(check: &Check) -> Vec<String> {
    let mut said = Vec::new();
    outcome(check, &mut said);
    commands(check, &mut said);
    exchange(check, &mut said);
    let requests = |requests: &[Ui]| requests.iter().map(Ui::words).collect::<Vec<_>>().join(", then ");
    if let Some(shown) = check.ui.as_deref().filter(|shown| !shown.is_empty()) {
        said.push(format!("the display shows {}", requests(shown)));
    }
    said.extend(check.uis.as_ref().map(|shown| match shown.as_slice() {
        [] => "the display shows nothing".to_owned(),
        shown => format!("the display shows {}, and nothing else", requests(shown)),
    }));
    said.extend(check.never_ui.iter().flatten().map(|request| format!("the display never shows {}", request.words())));
    if let Some(ms) = check.field_off_for_ms {
        said.push(format!("the field is off for {ms} ms at least"));
    }
    said.extend(
        check.held_back_ms.map(|ms| format!("the Final Outcome comes {ms} ms after the card's last answer at least")),
    );
    said
}

fn outcome(check: &Check, said: &mut Vec<String>) {
    said.extend(check.final_outcome.map(|number| format!("of Final Outcome {number}:")));
    if let Some(outcomes) = &check.outcomes {
        said.push(format!("the outcomes are {}", outcomes.join(", then ")));
    }
    let words: [(&str, &Option<OneOf>); 7] = [
        ("outcome", &check.outcome),
        ("the final word", &check.disposition),
        ("cvm", &check.cvm),
        ("start", &check.start),
        ("online response data", &check.online_response_data),
        ("alternate interface", &check.alternate_interface),
        ("the cryptogram", &check.cryptogram),
    ];
    said.extend(words.into_iter().filter_map(|(what, word)| Some(format!("{what} is {}", word.as_ref()?))));
    let ms = |ms: i64| if ms < 0 { "none".to_owned() } else { format!("{ms} ms") };
    said.extend(check.removals.map(|count| format!("awaited removals of the card: {count}")));
    said.extend(check.receipt.map(|wanted| format!("a receipt is {}asked for", if wanted { "" } else { "not " })));
    said.extend(check.field_off_ms.map(|time| format!("the field off request is {}", ms(time))));
    said.extend(check.removal_timeout_ms.map(|time| format!("the removal time-out is {}", ms(time))));
    for (what, objects) in [
        ("data record", &check.data_record),
        ("discretionary data", &check.discretionary_data),
        ("discretionary data of the last Final Outcome", &check.last_discretionary_data),
        ("coded outcome", &check.coded),
    ] {
        let objects = objects.iter().flatten();
        said.extend(objects.map(|(name, pattern)| format!("{what}: {name} is {}", text(pattern))));
    }
    said.extend(check.online.map(|asked| format!("the issuer is {}asked", if asked { "" } else { "not " })));
    let asked = check.online_data.iter().flatten();
    said.extend(asked.map(|(name, pattern)| format!("tells the issuer {name}: {}", text(pattern))));
}

fn commands(check: &Check, said: &mut Vec<String>) {
    let list = |commands: &[String]| if commands.is_empty() { "none".to_owned() } else { commands.join(", ") };
    said.extend(check.commands.as_ref().map(|commands| format!("the commands are {}", list(commands))));
    said.extend(check.sends.as_ref().map(|commands| format!("sends {}", commands.join(", then "))));
    said.extend(check.never_sends.iter().flatten().map(|command| format!("never sends {command}")));
    for (command, objects) in check.sent.iter().flatten() {
        said.extend(objects.iter().map(|(name, pattern)| format!("{command} carries {name}: {}", text(pattern))));
    }
    let data = check.sent_data.iter().flatten();
    said.extend(data.map(|(command, pattern)| format!("{command} carries {}", text(pattern))));
    said.extend(
        check.well_formed.filter(|wanted| *wanted).map(|_| "every command has the form of its definition".to_owned()),
    );
    said.extend(check.selected.as_ref().map(|aid| format!("the selected application is {aid}")));
}

/// What a kernel asks the terminal and tells it.
fn exchange(check: &Check, said: &mut Vec<String>) {
    said.extend(check.needs.as_ref().map(|needed| match needed.as_slice() {
        [] => "asks the terminal for nothing".to_owned(),
        needed => format!("asks the terminal for {}", needed.join(", then ")),
    }));
    said.extend(check.never_needs.iter().flatten().map(|name| format!("never asks the terminal for {name}")));
    let told = check.tells.iter().flatten();
    said.extend(told.map(|(name, pattern)| format!("tells the terminal {name}: {}", text(pattern))));
    said.extend(check.never_tells.iter().flatten().map(|name| format!("never tells the terminal {name}")));
}

fn text(pattern: &Pattern) -> String {
    pattern.texts().collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_has_words() {
        let text = "requirement = []\noutcome = ['approved', 'declined']\noutcomes = ['approved']\nreceipt = false\n\
            field-off-ms = -1\nonline = true\nonline-data = { '9F02' = 'present' }\ncommands = []\nsends = ['SELECT PPSE', 'GPO']\nnever-sends = ['GET DATA']\n\
            sent = { GPO = { TTQ = ['length 4', 'byte 1 bit 8 = 0'] } }\ndata-record = { '9F26' = 'present' }\n\
            ui = [{ message = '17' }, { status = 'idle' }]\nnever-ui = [{ message = '07' }]\nuis = [{ message = '17' }]\n\
            needs = ['9F02', '9F03']\nnever-needs = ['9F4E']\ntells = { '9F37' = 'length 4' }\nnever-tells = ['5A']\n\
            last-discretionary-data = { 'FF8101' = 'absent' }\nselected = 'A0000000031010'\nwell-formed = true\nremovals = 1\n";
        let check: Check = toml::from_str(text).unwrap();
        assert_eq!(
            statements(&check),
            [
                "the outcomes are approved",
                "outcome is approved or declined",
                "awaited removals of the card: 1",
                "a receipt is not asked for",
                "the field off request is none",
                "data record: 9F26 is present",
                "discretionary data of the last Final Outcome: FF8101 is absent",
                "the issuer is asked",
                "tells the issuer 9F02: present",
                "the commands are none",
                "sends SELECT PPSE, then GPO",
                "never sends GET DATA",
                "GPO carries TTQ: length 4 and byte 1 bit 8 = 0",
                "every command has the form of its definition",
                "the selected application is A0000000031010",
                "asks the terminal for 9F02, then 9F03",
                "never asks the terminal for 9F4E",
                "tells the terminal 9F37: length 4",
                "never tells the terminal 5A",
                "the display shows message 17, then status idle",
                "the display shows message 17, and nothing else",
                "the display never shows message 07",
            ]
        );
    }
}
