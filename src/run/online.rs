//! What the terminal does with a Final Outcome: going online, and the final word (Book A, 8.1.1.21 and 8.1.1.22, tables 6-3
//! and 6-4).

use super::{Disposition, Parts};
use crate::{
    apdu::LinkFault,
    host::{Answer, Request},
    kernel::{
        contract::IssuerResponse,
        event::{Event, HostSummary},
        outcome::{Cvm, MessageId, OnlineResponseData, Outcome, Start, UiRequest, UiStatus},
    },
    time::Micros,
};

/// Shown when the card may stay no longer (8.1.1.21).
pub(super) const REMOVAL_TIMEOUT: UiRequest = UiRequest::new(MessageId::CARD_READ_OK, UiStatus::CardReadSuccessfully);

/// What came of going online.
#[derive(Debug)]
pub(super) struct Online {
    pub(super) issuer: IssuerResponse,
    /// When the answer came.
    pub(super) arrived: Micros,
    /// When the removal time-out ran out, if it did before the answer came.
    pub(super) timed_out: Option<Micros>,
}

impl Online {
    /// Sends the authorisation request.
    pub(super) fn ask(outcome: &Outcome, parts: &mut Parts<'_>, now: Micros) -> (Self, Answer) {
        let data_record = outcome.data_record.as_deref().unwrap_or_default();
        let mut answer = parts.host.authorise(Request { data_record, online_pin: outcome.cvm == Cvm::OnlinePin });
        let limit = Micros::tenths(outcome.removal_timeout.into());
        let issuer = IssuerResponse {
            response_code: answer.response_code,
            authentication_data: answer.authentication_data.take(),
            scripts: core::mem::take(&mut answer.scripts),
        };
        let timed_out = (limit > Micros::ZERO && answer.elapsed > limit).then_some(now + limit);
        (Self { issuer, arrived: now + answer.elapsed, timed_out }, answer)
    }

    /// Where the kernel wants to be started again with this answer (8.1.1.22).
    pub(super) fn restart(&self, outcome: &Outcome) -> Option<Start> {
        outcome.start.filter(|_| match outcome.online_response_data {
            OnlineResponseData::Any => true,
            OnlineResponseData::EmvData => self.issuer.has_emv_data(),
            OnlineResponseData::NotApplicable => false,
        })
    }
}

/// Lets people see the answer.
pub(super) fn show(answer: &Answer, issuer: &IssuerResponse, now: Micros, parts: &mut Parts<'_>) {
    let summary = HostSummary {
        response_code: answer.response_code,
        cryptogram: answer.cryptogram,
        cryptogram_version: answer.cryptogram_version,
        arpc: answer.arpc.as_deref(),
        authentication_data: issuer.authentication_data.as_deref(),
        scripts: &issuer.scripts,
        note: &answer.note,
        elapsed: answer.elapsed,
    };
    parts.events.event(now, &Event::Host { answer: &summary });
}

/// The final word, be it that a fault of the link stopped the tap.
pub(super) fn disposition(
    outcome: Option<&Outcome>,
    online: Option<&Online>,
    stopped: Option<LinkFault>,
) -> Disposition {
    let asked = online.map(|online| online.issuer.response_code);
    match stopped {
        // The transaction goes on at the contact interface, with an application of its own (8.1.1.10).
        Some(LinkFault::ContactCard) => Disposition::None,
        Some(_) => Disposition::after(None, asked),
        None => Disposition::after(outcome.map(|outcome| outcome.result), asked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::outcome::OutcomeResult;

    fn answered(code: Option<[u8; 2]>) -> Online {
        let issuer = IssuerResponse { response_code: code, ..IssuerResponse::default() };
        Online { issuer, arrived: Micros::ZERO, timed_out: None }
    }

    /// Book A, tables 6-3 (no answer yet) and 6-4 (after one).
    #[test]
    fn the_final_word() {
        use Disposition::{Approved, Declined, None as Nothing};
        use OutcomeResult as R;
        let (yes, no, offline) = (answered(Some(*b"00")), answered(Some(*b"05")), answered(None));
        for (result, online, expected) in [
            (R::Approved, None, Approved),
            (R::Declined, None, Declined),
            (R::EndApplication, None, Nothing),
            (R::TryAnotherInterface, None, Nothing),
            (R::OnlineRequest, Some(&yes), Approved),
            (R::OnlineRequest, Some(&no), Declined),
            (R::OnlineRequest, Some(&offline), Declined),
            (R::Approved, Some(&yes), Approved),
            (R::Declined, Some(&yes), Declined),
            (R::EndApplication, Some(&yes), Approved),
            (R::EndApplication, Some(&no), Declined),
        ] {
            let outcome = Outcome::new(result);
            assert_eq!(disposition(Some(&outcome), online, None), expected, "{result} {online:?}");
        }
        let outcome = Outcome::new(R::OnlineRequest);
        assert_eq!(disposition(Some(&outcome), Some(&yes), Some(LinkFault::NoCard)), Approved);
        assert_eq!(disposition(Some(&outcome), Some(&yes), Some(LinkFault::ContactCard)), Nothing);
        assert_eq!(disposition(None, None, Some(LinkFault::NoCard)), Nothing);
    }

    /// Book A, 8.1.1.22.
    #[test]
    fn which_answers_restart() {
        use OnlineResponseData::{Any, EmvData, NotApplicable};
        let mut with_data = answered(Some(*b"00"));
        with_data.issuer.authentication_data = Some(vec![0; 10]);
        let mut with_script = answered(Some(*b"00"));
        with_script.issuer.scripts = vec![0x72, 0x00];
        let without = answered(Some(*b"00"));
        for (wanted, online, expected) in [
            (Any, &without, true),
            (Any, &with_data, true),
            (EmvData, &without, false),
            (EmvData, &with_data, true),
            (EmvData, &with_script, true),
            (NotApplicable, &with_data, false),
        ] {
            let start = Some(Start::C);
            let outcome = Outcome { start, online_response_data: wanted, ..Outcome::new(OutcomeResult::OnlineRequest) };
            assert_eq!(online.restart(&outcome), start.filter(|_| expected), "{wanted:?}");
            assert_eq!(online.restart(&Outcome { start: None, ..outcome }), None);
        }
    }
}
