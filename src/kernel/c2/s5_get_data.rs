//! S5, Waiting for GET DATA response. Whatever the card answers, the transaction goes on.

use super::{
    Tap, database,
    fault::Fault,
    rules,
    s3r1_first_command::next_command,
    s456_common,
    state::{State, Step, lost, stop, update},
};
use crate::{
    apdu::Response,
    kernel::contract::{Cx, Input},
    tlv::{self, Tag, write_object},
};

/// Waits for this object (Active Tag).
#[derive(Debug)]
pub struct ExpectGetData(pub Tag);

impl ExpectGetData {
    pub fn reply(self, input: Input<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        match input {
            Input::Card(response) => self.take(response, tap, cx),
            Input::Link(fault) => Err(lost(fault, rules::S5_4, cx)),
            Input::Terminal(data) => Ok(update(data, rules::S5_1, State::S5(self), tap, cx)),
            Input::Stop => Err(stop(rules::S5_7, cx)),
            Input::Timeout => Ok(Step::Stay(State::S5(self))),
        }
    }

    fn take(self, response: Response<'_>, tap: &mut Tap, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        let Self(tag) = self;
        let next = next_command(tap);
        let is_it = tlv::objects(response.data).next().and_then(Result::ok).is_some_and(|object| object.tag == tag);
        let taken =
            response.status.is_ok() && is_it && database::parse_and_store(response.data, &tap.options, cx).is_ok();
        if taken {
            cx.rule(rules::S5_23, format_args!("{tag} goes to the terminal"));
            tap.dialogue.send(tag, cx);
        } else {
            let status = response.status;
            cx.rule(
                rules::S5_24,
                format_args!("GET DATA answered {status} without a sound {tag}: the terminal gets none"),
            );
            write_object(&mut tap.dialogue.to_send, tag, &[]);
        }
        s456_common::go_on(next, tap, cx)
    }
}
