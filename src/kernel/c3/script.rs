//! The second presentment: issuer scripts (C-3, 6.2).

use super::{State, Step, answer, outcome, rules};
use crate::{
    apdu::{Command, LinkFault, Response},
    data::{
        Source,
        dictionary::{
            ISSUER_SCRIPT_COMMAND_86, ISSUER_SCRIPT_IDENTIFIER_9F18, ISSUER_SCRIPT_RESULTS_9F5B,
            ISSUER_SCRIPT_TEMPLATE_1_71, ISSUER_SCRIPT_TEMPLATE_2_72,
        },
    },
    kernel::{
        contract::{Cx, Input},
        fault::Fault,
    },
    tlv::{self, Tag},
};

/// The most bytes that scripts may have together.
const SCRIPTS_MAX: usize = 128;

/// Waits for the answer to one script command.
#[derive(Debug)]
pub struct ExpectScript {
    progress: Progress,
}

/// How far the scripts have come.
#[derive(Debug, Default)]
struct Progress {
    /// The script that is performed, from 0.
    script: usize,
    /// The command of it that is next, from 0.
    command: usize,
    /// Issuer Script Results of the scripts before it.
    results: Vec<u8>,
}

/// What came of a script.
#[derive(Clone, Copy)]
enum Verdict {
    NotPerformed,
    Failed,
    Performed,
}

/// Begins with the first script, or ends if there is none.
pub fn start(cx: &mut Cx<'_>) -> Step {
    let length = issuer_scripts(cx).len();
    if length > SCRIPTS_MAX {
        cx.rule(
            rules::ISSUER_UPDATE,
            format_args!("scripts of {length} bytes, at most {SCRIPTS_MAX} are allowed: refused"),
        );
        return Step::done(outcome::issuer_update_done(None));
    }
    Progress::default().next(cx)
}

/// Ends because the card is gone: the issuer's answer stands.
pub fn abandon(fault: LinkFault, cx: &mut Cx<'_>) -> Step {
    cx.rule(rules::ISSUER_UPDATE, format_args!("{fault}: the update ends, the issuer's answer stands"));
    Progress::default().not_performed_from_here(cx)
}

impl ExpectScript {
    /// Goes on after success or a warning, gives the script up after anything else.
    pub fn reply(self, input: Input<'_>, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        let mut progress = self.progress;
        match answer(input) {
            Ok(Response { status, .. }) if matches!(status.sw1(), 0x90 | 0x62 | 0x63) => {
                progress.command += 1;
                Ok(progress.next(cx))
            }
            Ok(Response { status, .. }) => {
                cx.rule(rules::ISSUER_UPDATE, format_args!("script command answered {status}: the script ends"));
                progress.conclude(Verdict::Failed, cx);
                Ok(progress.next(cx))
            }
            Err(fault) => {
                cx.rule(rules::ISSUER_UPDATE, format_args!("{fault}: the update ends, the issuer's answer stands"));
                progress.conclude(Verdict::Failed, cx);
                Ok(progress.not_performed_from_here(cx))
            }
        }
    }
}

impl Progress {
    /// The next command of this script or the next, or the end.
    fn next(mut self, cx: &mut Cx<'_>) -> Step {
        while let Some(script) = script(issuer_scripts(cx), self.script) {
            match values(script, ISSUER_SCRIPT_COMMAND_86)
                .nth(self.command)
                .map(|bytes| Command::raw("issuer script", bytes))
            {
                Some(Ok(command)) => return Step::Send(command, State::Script(ExpectScript { progress: self })),
                Some(Err(_)) => self.conclude(Verdict::Failed, cx),
                None if self.command == 0 => self.conclude(Verdict::NotPerformed, cx),
                None => self.conclude(Verdict::Performed, cx),
            }
        }
        self.end(cx)
    }

    /// Notes what came of this script and turns to the next.
    fn conclude(&mut self, verdict: Verdict, cx: &Cx<'_>) {
        let result = match verdict {
            Verdict::NotPerformed => 0x00,
            Verdict::Failed => 0x10 | u8::try_from(self.command + 1).unwrap_or(u8::MAX).min(0x0F),
            Verdict::Performed => 0x20,
        };
        let body = script(issuer_scripts(cx), self.script).unwrap_or_default();
        let identifier = values(body, ISSUER_SCRIPT_IDENTIFIER_9F18).next().and_then(|value| value.first_chunk::<4>());
        self.results.push(result);
        self.results.extend_from_slice(identifier.unwrap_or(&[0; 4]));
        self.script += 1;
        self.command = 0;
    }

    fn not_performed_from_here(mut self, cx: &mut Cx<'_>) -> Step {
        while script(issuer_scripts(cx), self.script).is_some() {
            self.conclude(Verdict::NotPerformed, cx);
        }
        self.end(cx)
    }

    /// The kernel has nothing to add to the issuer's decision but the results.
    fn end(self, cx: &mut Cx<'_>) -> Step {
        if self.results.is_empty() {
            return Step::done(outcome::issuer_update_done(None));
        }
        cx.set(ISSUER_SCRIPT_RESULTS_9F5B, &self.results, Source::Kernel);
        let mut results = Vec::new();
        tlv::write_object(&mut results, ISSUER_SCRIPT_RESULTS_9F5B, &self.results);
        Step::done(outcome::issuer_update_done(Some(results)))
    }
}

fn issuer_scripts<'a>(cx: &Cx<'a>) -> &'a [u8] {
    cx.activation.issuer.map_or(&[], |issuer| &issuer.scripts)
}

/// A script by its position: templates 71 come before templates 72.
fn script(scripts: &[u8], position: usize) -> Option<&[u8]> {
    values(scripts, ISSUER_SCRIPT_TEMPLATE_1_71).chain(values(scripts, ISSUER_SCRIPT_TEMPLATE_2_72)).nth(position)
}

/// The values of the objects with this tag, up to the first bytes that are not TLV.
fn values(bytes: &[u8], tag: Tag) -> impl Iterator<Item = &[u8]> {
    tlv::objects(bytes).map_while(Result::ok).filter(move |object| object.tag == tag).map(|object| object.value)
}
