//! The rules of Book C-3 that Kernel 3 cites, with the numbers of version 2.x, and of Visa's specification where the book has
//! dropped something. A word in place of a number: the requirement's number is not known.

use crate::kernel::rule::rules;

rules! {
    "C-3" {
        FORM_FACTOR = "4.1.1.1" "the Form Factor Indicator says that the card was read without contact";
        OFFLINE_BALANCE = "4.3.1.1" "the Available Offline Spending Amount is shown as balance and handed on";
        READER_LIMITS = "5.1.2" "the limits of the card's program take the place of the reader's own";
        GPO_STATUS = "5.2.2.2" "what follows from the answer to GET PROCESSING OPTIONS";
        RECORDS = "5.4.1" "the records that the AFL names are read, in its order";
        CARD_READ = "5.4.1.1" "after the last record the card may leave, and the cardholder is told";
        MANDATORY_DATA = "5.4.2.1" "the data objects that a transaction needs are all there";
        CARD_DATA = "5.4.2.2" "the card's data objects come once and in their format";
        CRYPTOGRAM_TYPE = "5.4.3.1" "the type of the cryptogram comes from the CID, or else from the Issuer Application Data";
        CRYPTOGRAM_CHECK = "5.4.3.2" "an AAC declines, an ARQC goes online, a TC may be approved";
        EXPIRATION = "5.5.1.1" "an offline approval needs an application that has not expired";
        EXCEPTION_FILE = "5.5.1.2" "a card on the exception file is not approved offline";
        CASH = "5.5.1.3" "Application Usage Control allows cash";
        CASHBACK = "5.5.1.4" "Application Usage Control allows cashback";
        ATM = "5.5.1.5" "an offline approval is not for ATMs";
        AUTHENTICATION = "5.6.1.1" "a card that approves offline is authenticated: fDDA, or SDA without 9F4B";
        AUTHENTICATION_FAILED = "5.6.1.2" "what the card wants when it cannot be authenticated";
        CVM_BY_READER = "5.7.1.1" "the reader chooses the CVM for a card without CTQ";
        CVM_BY_CARD = "5.7.1.2" "the card's CTQ choose the CVM: online PIN, consumer device, signature";
        CVM_NONE = "5.7.1.3" "without a common CVM the transaction has none, or is declined where one is required";
        ONLINE = "5.8.1.1" "the transaction goes online";
        ONLINE_WITH_UPDATE = "5.8.1.2" "the card is presented again for the issuer's answer";
        APPROVED = "5.9.1.1" "the transaction is approved offline";
        DECLINED = "5.9.1.2" "the transaction is declined offline";
        REFUND = "refund" "a refund asks for account data, not for the card's consent";
        ISSUER_UPDATE = "6.2.1" "issuer scripts go to the card, one command after the other";
        ISSUER_AUTHENTICATION = "6.2.1.1" "issuer authentication data goes to the card, whose answer changes nothing";
        PAN = "A.2" "the PAN is the one in Track 2 Equivalent Data";
    }
    "VCPS" {
        MAG_STRIPE = "mag-stripe" "cards and readers without EMV mode go online with track data";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{c3::outcome::rule_of, fault::Fault};

    #[test]
    fn every_fault_violates_a_rule() {
        for fault in Fault::one_of_each() {
            assert!(ALL.contains(&rule_of(fault)), "{fault:?}");
        }
    }
}
