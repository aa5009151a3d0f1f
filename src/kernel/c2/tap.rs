//! What every step of a tap has at hand.

use super::{
    dialogue::Dialogue,
    ends,
    fault::Fault,
    options::Options,
    parameters::Parameters,
    state::Step,
    torn::{Kept, TornRecord},
};
use crate::{
    apdu::CryptogramRequest,
    data::{
        bits::{ids_status, kernel_configuration},
        dictionary::{IDS_STATUS_DF8128, KERNEL_CONFIGURATION_DF811B},
    },
    kernel::{
        contract::Cx,
        shared::{records::Reading, static_data::StaticData},
    },
};

/// In which mode the transaction is, which decides about the lists at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The answer to GET PROCESSING OPTIONS has not said.
    #[default]
    Undecided,
    /// EMV mode.
    Emv,
    /// Mag-stripe mode.
    MagStripe,
}

/// ODA Status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OdaStatus {
    /// No offline data authentication.
    #[default]
    None,
    /// Combined DDA/Application Cryptogram generation.
    Cda,
}

/// The objects of the book that have no tag, and the kernel's memory.
#[derive(Debug, Default)]
pub struct Tap {
    pub options: Options,
    pub static_data: StaticData,
    pub mode: Mode,
    pub parameters: Parameters,
    pub dialogue: Dialogue,
    /// Active AFL, and the record of it that is next.
    pub afl: Vec<u8>,
    pub reading: Option<Reading>,
    pub oda: OdaStatus,
    /// AC Type.
    pub ac_type: CryptogramRequest,
    /// Reader Contactless Transaction Limit.
    pub limit: [u8; 6],
    /// nUN: how many digits of the unpredictable number track data have room for.
    pub digits_of_number: u8,
    /// The objects of the answer to GENERATE AC, without the signature.
    pub answer: Vec<u8>,
    /// The data of the DSDOL that went to the card.
    pub dsdol_data: Vec<u8>,
    /// What outlives the transaction.
    pub kept: Kept,
    /// Torn Temp Record.
    pub torn: Option<TornRecord>,
    /// Room for a list of the card while the store is written to, and for the data that answer it.
    pub list: Vec<u8>,
    pub data: Vec<u8>,
}

impl Tap {
    /// Begins anew, with the memory there is: a tap allocates nothing between its commands.
    pub fn clear(&mut self) {
        let Self {
            options: _,
            static_data,
            mode,
            parameters,
            dialogue,
            afl,
            reading,
            oda,
            ac_type,
            limit,
            digits_of_number,
            answer,
            dsdol_data,
            kept,
            torn,
            list: _,
            data: _,
        } = self;
        static_data.clear();
        [afl, answer, dsdol_data].into_iter().for_each(Vec::clear);
        (*mode, *oda, *ac_type) = (Mode::default(), OdaStatus::default(), CryptogramRequest::default());
        (*parameters, *dialogue, *kept) = (Parameters::default(), Dialogue::default(), Kept::default());
        (*limit, *digits_of_number, *reading, *torn) = ([0; 6], 0, None, None);
    }

    /// A fault becomes an Outcome, and what outlives the transaction is kept.
    pub fn settle(&mut self, step: Result<Step, Fault>, cx: &mut Cx<'_>) -> Step {
        let step = step.unwrap_or_else(|fault| Step::done(ends::of_fault(fault, self, cx)));
        if matches!(step, Step::Done(_)) {
            *cx.kept = self.kept.to_bytes();
        }
        step
    }

    /// Tells the terminal what is needed and what there is to send.
    pub fn tell_terminal(&mut self, cx: &mut Cx<'_>) {
        self.dialogue.tell(self.options.data_exchange, cx);
    }

    /// Kernel Configuration (DF811B), with what the implementation does not have.
    pub fn configuration(&self, cx: &Cx<'_>) -> [u8; 1] {
        let mut configuration = [super::database::byte(KERNEL_CONFIGURATION_DF811B, cx)];
        if !self.options.has_mag_stripe() {
            kernel_configuration::NO_MAG_STRIPE_MODE.set(&mut configuration);
        }
        configuration
    }

    /// Whether integrated data storage reads.
    pub fn ids_read(&self, cx: &Cx<'_>) -> bool {
        super::database::has(IDS_STATUS_DF8128, ids_status::READ, cx)
    }

    /// Whether integrated data storage writes.
    pub fn ids_write(&self, cx: &Cx<'_>) -> bool {
        super::database::has(IDS_STATUS_DF8128, ids_status::WRITE, cx)
    }
}
