//! GENERATE AC and RECOVER AC (C-2, 5.4, 5.7).

use super::{Applet, Session, Values, compute::Decided, device::Owner};
use crate::{
    apdu::{CommandHeader, StatusWord},
    card::{
        Reply, duration,
        profile::Recovery,
        risk::{self, CryptogramType, TerminalData},
        status,
    },
    data::{
        bits::application_capabilities_information::CDA_OVER_EVERY_CRYPTOGRAM,
        dictionary::{
            APPLICATION_CAPABILITIES_INFORMATION_9F5D, APPLICATION_CRYPTOGRAM_9F26, ATC_9F36, CID_9F27, IAD_9F10,
            POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B, RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80,
            RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, SDAD_9F4B, TERMINAL_TYPE_9F35,
        },
    },
    time::Micros,
    tlv::Writer,
};

/// An answer that the card keeps in case nobody heard it.
#[derive(Clone)]
pub(super) struct Answered {
    told: Values,
    response: Vec<u8>,
}

/// What P1 asks for (EMV Book 3, 6.5.5.2).
struct Asked {
    kind: CryptogramType,
    with_signature: bool,
}

impl Asked {
    const fn read(p1: u8) -> Option<Self> {
        let kind = match p1 & 0xEF {
            0x00 => CryptogramType::Aac,
            0x40 => CryptogramType::Tc,
            0x80 => CryptogramType::Arqc,
            _ => return None,
        };
        Some(Self { kind, with_signature: p1 & 0x10 != 0 })
    }
}

impl Applet {
    pub(super) fn generate_ac(&mut self, session: &mut Session, command: &CommandHeader<'_>, seed: u64) -> Reply {
        let asked = Asked::read(command.p1).filter(|_| command.p2 == 0).ok_or(status::WRONG_PARAMETERS)?;
        let split = command.data.split_at_checked(Values::length(&self.lists.cdol1)).ok_or(status::WRONG_LENGTH)?;
        let (sent, stored) = split;
        let told = Values::split(&self.lists.cdol1, sent).ok_or(status::WRONG_LENGTH)?;
        let written = match stored {
            [] => None,
            stored => Some(Values::split_open(&self.lists.dsdol, stored).ok_or(status::WRONG_LENGTH)?),
        };
        let terminal = TerminalData::split(&self.lists.cdol1, sent).ok_or(status::WRONG_LENGTH)?;
        session.spend()?;
        let owner = self.owner(&told);
        let kind = self.decide(&asked, owner, &told, &terminal);
        let is_signed = asked.with_signature && self.issued.card_key.is_some() && self.signs(kind);
        let decided = Decided { kind, is_signed, owner };
        let iad = self.application_data(&terminal, &decided);
        let cryptogram = self.cryptogram(&terminal, &iad);
        let summaries = match &mut self.slot {
            Some(slot) if is_signed => slot.sign(written.as_ref()),
            _ => Vec::new(),
        };
        let answered = self.answered(&decided, &iad);
        let signature = is_signed.then(|| {
            let signed = (summaries.as_slice(), terminal.unpredictable_number);
            self.sign(session, (kind, cryptogram), (sent, &answered), signed, seed)
        });
        let response = match signature.flatten() {
            Some(signature) => template(|out| {
                out.raw(&answered);
                out.object(SDAD_9F4B, &signature);
            }),
            None if self.settings.plain_answer => self.plain(kind, cryptogram, &iad),
            None => template(|out| {
                out.raw(&answered);
                out.object(APPLICATION_CRYPTOGRAM_9F26, &cryptogram);
            }),
        };
        let told = session.told.clone().with(told);
        self.last = Some(Answered { told, response: response.clone() }).filter(|_| !self.lists.drdol.is_empty());
        let signing = if is_signed { duration::SIGNATURE } else { Micros::ZERO };
        Ok((response, StatusWord::OK, duration::GENERATE_AC + signing))
    }

    /// What the card gives: at most what it was asked for.
    fn decide(&mut self, asked: &Asked, owner: Owner, told: &Values, terminal: &TerminalData) -> CryptogramType {
        let (wanted, spent) = risk::decide(&self.application.risk, terminal, self.spent);
        let kind = wanted.min(asked.kind);
        if owner == Owner::Missing || kind == CryptogramType::Arqc && is_offline_only(told) {
            return CryptogramType::Aac;
        }
        if kind == CryptogramType::Tc {
            self.spent = spent;
        }
        kind
    }

    /// Whether the card signs a cryptogram of this type: a refusal only if it says so (9F5D).
    fn signs(&self, kind: CryptogramType) -> bool {
        let capabilities = self.application.data.get(&APPLICATION_CAPABILITIES_INFORMATION_9F5D);
        kind != CryptogramType::Aac || capabilities.is_some_and(|value| CDA_OVER_EVERY_CRYPTOGRAM.is_set(value))
    }

    /// The objects of the answer but cryptogram and signature.
    fn answered(&self, decided: &Decided, iad: &[u8]) -> Vec<u8> {
        let mut out = Writer::new();
        out.object(CID_9F27, &[decided.kind.cid()]);
        out.object(ATC_9F36, &self.atc.to_be_bytes());
        out.object(IAD_9F10, iad);
        if let Some(interaction) = decided.owner.interaction() {
            out.object(POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B, &interaction);
        }
        out.finish()
    }

    /// Response format 1: the values without tags.
    fn plain(&self, kind: CryptogramType, cryptogram: [u8; 8], iad: &[u8]) -> Vec<u8> {
        let mut out = Writer::new();
        let values = [&[kind.cid()][..], &self.atc.to_be_bytes(), &cryptogram, iad].concat();
        out.object(RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80, &values);
        out.finish()
    }

    /// RECOVER AC: the last answer again, if the transaction was the one that the DRDOL data describe. `6985` if there is none.
    pub(super) fn recover_ac(&mut self, session: &mut Session, command: &CommandHeader<'_>) -> Reply {
        if self.lists.drdol.is_empty() {
            return Err(status::UNKNOWN_INSTRUCTION);
        }
        let described = Values::split(&self.lists.drdol, command.data).ok_or(status::WRONG_LENGTH)?;
        let is_it =
            |answered: &&Answered| self.settings.recovery == Recovery::Last || described.agree_with(&answered.told);
        let answered = self.last.as_ref().filter(is_it);
        let response = answered.ok_or(status::CONDITIONS_NOT_SATISFIED)?.response.clone();
        session.spend()?;
        Ok((response, StatusWord::OK, duration::GENERATE_AC))
    }
}

fn template(content: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut out = Writer::new();
    out.nest(RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77, content);
    out.finish()
}

/// Whether the terminal says that it never goes online (EMV Book 4, table 24).
fn is_offline_only(told: &Values) -> bool {
    told.array(TERMINAL_TYPE_9F35).is_some_and(|[kind]| matches!(kind, 0x13 | 0x16 | 0x23 | 0x26 | 0x36))
}
