//! What a Kernel 3 can be configured with, beside the data objects of its combination.

use serde::Deserialize;

/// What an open choice leads to when it does not lead to the usual end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Try Again: Entry Point polls again by itself.
    TryAgain,
    /// End Application with a restart at B: the terminal decides.
    EndApplication,
}

/// What a refund (9C = 20) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refund {
    /// A transaction like any other: an AAC declines, card and cardholder are verified.
    AsPurchase,
    /// A question for account data: an AAC does not decline, and there is neither offline data authentication nor CVM. A TC
    /// or AAC ends as Approved, an ARQC goes online, each with the data record.
    AccountData,
    /// The same, but the kernel decides nothing: End Application with the data record, without a message.
    EndApplication,
}

/// When an object that the card sends twice ends the application (5.4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicates {
    /// Once everything is read, as the requirement's number says: the cardholder has been told to take the card (5.4.1.1).
    AfterReading,
    /// At once: what is left is not read.
    WhileReading,
}

/// Product options of Kernel 3 (the ICS declares them), and switches for what editions of the book and implementations of it
/// do differently. The default of a switch is the reading that most of them share.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Whether an offline approval needs an application that has not expired (5.5.1.1). Default true; a product that only
    /// works online has no such check.
    pub expiration_check: bool,
    /// Whether an offline approval needs a card that is not on the exception file (5.5.1.2). Default true: it does nothing
    /// without entries.
    pub exception_file: bool,
    /// Whether Application Usage Control limits cash (5.5.1.3). Default true: it does nothing for other transaction types.
    pub cash_check: bool,
    /// Whether Application Usage Control limits cashback (5.5.1.4). Default true: it does nothing without cashback.
    pub cashback_check: bool,
    /// Whether offline approvals at ATMs (terminal types 14, 15, 16) are checked (5.5.1.5). Default false: the branches are
    /// known from a single implementation.
    pub atm_check: bool,
    /// Whether 9F5D is shown as balance and given as discretionary data (4.3.1.1). Default true: a card that sends it wants
    /// it shown.
    pub display_offline_balance: bool,
    /// Whether a card may be updated with the issuer's answer on a second presentment (5.8.1.2). Default true: TTQ byte 3
    /// bit 8 and the card's CTQ still have to agree.
    pub issuer_update: bool,
    /// Whether fDDA of online transactions is verified (3.3.4.1) if TTQ byte 1 bit 1 says so. Default false: it is for transit.
    pub fdda_for_online: bool,
    /// Whether SDA of online transactions is verified (3.3.4.2) if TTQ byte 1 bit 1 says so. Default false: it is for transit.
    pub sda_for_online: bool,
    /// Whether SDA is enough for an offline approval when there is no 9F4B (5.6.1.1). Default true; some kernels know fDDA only.
    pub sda_for_offline: bool,
    /// Whether SDA needs AIP byte 1 bit 7, "SDA supported" (5.6.1.1). Default false: C-3 reads that bit for online transactions.
    pub sda_needs_aip: bool,
    /// Whether an online transaction whose authentication failed (3.3.4) is declined. Default false: the result is for the
    /// terminal, a gate that has to decide about entry.
    pub decline_if_online_oda_fails: bool,
    /// Whether fDDA version 00, which signs nothing but the unpredictable number, is accepted. Default false: C-3 wants 01,
    /// version 00 is of VCPS 2.0.
    pub fdda_version_00: bool,
    /// Whether fDDA needs AIP byte 1 bit 6, "DDA supported" (5.6.1.1). Default true; some kernels do not look.
    pub fdda_needs_aip: bool,
    /// Whether the PAN of Track 2 Equivalent Data serves certificates when there is no 5A. Default true: 57 is mandatory and
    /// 5A is not.
    pub pan_from_track_2: bool,
    /// Whether a CA public key beyond its own last day fails authentication. Default false: such keys are withdrawn from
    /// terminals, Book 2 does not ask for a check.
    pub ca_key_expiry_check: bool,
    /// Whether DF Name (84) is mandatory in the answer to SELECT (5.4.2.1). Default true; a product declares it.
    pub df_name_mandatory: bool,
    /// When an object that the card sends twice ends the application (5.4.2.2). Default after-reading; some kernels find it
    /// while they read.
    pub duplicates: Duplicates,
    /// Whether an object that means nothing to the kernel may come twice (5.4.2.2). Default true: it is ignored each time;
    /// some kernels end.
    pub repeated_unknown_objects: bool,
    /// Whether a card that declines (AAC, or a reserved type) may leave out mandatory objects other than those that tell the
    /// type (5.4.2.1). Default false: the check comes before the type is known; a single implementation turns them round.
    pub declining_card_may_omit: bool,
    /// Whether online PIN serves a card without CTQ at a reader without consumer device CVM (5.7.1.1). Default true; some
    /// kernels decline.
    pub online_pin_without_ctq: bool,
    /// Whether signature serves a card that asks for online PIN, which the reader has not, and signature (5.7.1.2). Default true.
    pub signature_for_unsupported_pin: bool,
    /// Whether Declined says "No CVM" in its CVM parameter (5.9.1.2). Default true; Book A, B.3 has N/A.
    pub cvm_of_declined: bool,
    /// Whether an approval or online request with signature asks for a receipt. Default false: the parameter is N/A, receipts
    /// are the terminal's policy.
    pub receipt_for_signature: bool,
    /// Whether an approval with signature shows message 1A, "approved, please sign". Default false: Book A, B.1 shows 03.
    pub approved_please_sign: bool,
    /// Whether an online request of an offline-only reader is declined. Default true: 5.8 is for readers that can go online.
    pub decline_online_when_offline_only: bool,
    /// What a refund is. Default account-data: money goes to the cardholder, so that a card's refusal to spend protects nobody,
    /// while an issuer whose card asks for it is still asked. Implementations do not agree.
    pub refund: Refund,
    /// Whether cashback is known by its amount too, with 9C = 00 and 9F03 above zero (5.5.1.4; Book A, table 5-6 tolerates it).
    /// Default false: most kernels look at 9C = 09 only.
    pub cashback_by_amount: bool,
    /// Whether another interface for cash and cashback needs a reader with contact chip, TTQ byte 1 bit 5 (5.5.1.3, 5.5.1.4).
    /// Default false: one implementation looks.
    pub switch_needs_contact_chip: bool,
    /// Whether the proprietary Issuer Country Code (9F57) counts before 5F28 (5.5.1.3, 5.5.1.4). Default false: a single
    /// implementation does so.
    pub proprietary_issuer_country: bool,
    /// Whether a card that declines (AAC) may still have another interface for cash and cashback (5.5.1.3, 5.5.1.4). Default
    /// false: it is declined.
    pub declining_card_may_switch: bool,
    /// Whether an approval that goes online anyhow, because TTQ ask for it, needs an application that has not expired (5.5.1.1).
    /// Default true: it is checked for every TC.
    pub expiration_check_online: bool,
    /// Whether a consumer device CVM counts only if TTQ byte 3 bit 7 says that the reader supports it (5.7.1.2), as before VCPS
    /// 2.1.3. Default false.
    pub vcps_before_2_1_3_cdcvm: bool,
    /// Whether CTQ byte 1 bit 1, "not valid for contactless ATM", is reserved as in older editions of C-3, so that 5.5.1.5 does
    /// not look at it. Default false: VCPS gives it its meaning.
    pub ctq_without_atm_bit: bool,
    /// Whether readers whose TTQ byte 1 bit 8 says so take mag-stripe mode cards, as in VCPS 1.4.2 and 2.x. Default false: C-3
    /// has no such path.
    pub msd: bool,
    /// What status word 6986 of GET PROCESSING OPTIONS leads to (5.2.2.2). Default try-again.
    pub see_phone: Retry,
    /// What an error of the air interface leads to. Default try-again.
    pub link_fault: Retry,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            expiration_check: true,
            exception_file: true,
            cash_check: true,
            cashback_check: true,
            atm_check: false,
            display_offline_balance: true,
            issuer_update: true,
            fdda_for_online: false,
            sda_for_online: false,
            sda_for_offline: true,
            sda_needs_aip: false,
            decline_if_online_oda_fails: false,
            fdda_version_00: false,
            fdda_needs_aip: true,
            pan_from_track_2: true,
            ca_key_expiry_check: false,
            df_name_mandatory: true,
            duplicates: Duplicates::AfterReading,
            repeated_unknown_objects: true,
            declining_card_may_omit: false,
            online_pin_without_ctq: true,
            signature_for_unsupported_pin: true,
            cvm_of_declined: true,
            receipt_for_signature: false,
            approved_please_sign: false,
            decline_online_when_offline_only: true,
            refund: Refund::AccountData,
            cashback_by_amount: false,
            switch_needs_contact_chip: false,
            proprietary_issuer_country: false,
            declining_card_may_switch: false,
            expiration_check_online: true,
            vcps_before_2_1_3_cdcvm: false,
            ctq_without_atm_bit: false,
            msd: false,
            see_phone: Retry::TryAgain,
            link_fault: Retry::TryAgain,
        }
    }
}
