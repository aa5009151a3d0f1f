//! Bits of objects that terminals and readers are configured with (EMV Book 4, Annex A; contactless Book A, 5.7).

super::bits! {
    TERMINAL:
    /// Terminal Transaction Qualifiers (Book A, table 5-4).
    ttq TTQ_9F66 "K1,K3,K6,K7,EP" {
        1 [8] MAG_STRIPE_MODE "mag-stripe mode supported";
        1 [6] EMV_MODE "EMV mode supported";
        1 [5] CONTACT_CHIP "EMV contact chip supported";
        1 [4] OFFLINE_ONLY "offline-only reader";
        1 [3] ONLINE_PIN "online PIN supported";
        1 [2] SIGNATURE "signature supported";
        1 [1] ODA_FOR_ONLINE "offline data authentication for online authorisations supported";
        2 [8] ONLINE_CRYPTOGRAM_REQUIRED "online cryptogram required";
        2 [7] CVM_REQUIRED "CVM required";
        2 [6] CONTACT_OFFLINE_PIN "contact chip offline PIN supported";
        3 [8] ISSUER_UPDATE "issuer update processing supported";
        3 [7] CDCVM "consumer device CVM supported";
    }
    /// Terminal Transaction Qualifiers, what only Kernel 6 reads.
    ttq_k6 TTQ_9F66 "K6" {
        2 [4] FAST_MODE "fast mode supported";
        2 [3] TRANSIT_TERMINAL "transit terminal";
        3 [6] CDCVM_FOR_TRANSIT "consumer device CVM for transit merchant category codes supported";
        3 [4] CDCVM_REQUIRED "consumer device CVM required (C-6 2.6)";
    }
    /// Terminal Transaction Qualifiers, what only Kernel 7 reads.
    ttq_k7 TTQ_9F66 "K7" {
        4 [8] FDDA_VERSION_1 "fDDA version 1 supported";
    }
    /// Terminal Capabilities.
    terminal_capabilities TERMINAL_CAPABILITIES_9F33 "K1,K2,K3,K4,K5,K6,K7,C,EP" {
        1 [8] MANUAL_KEY_ENTRY "manual key entry";
        1 [7] MAGNETIC_STRIPE "magnetic stripe";
        1 [6] CONTACT_CHIP "IC with contacts";
        2 [8] PLAINTEXT_PIN "plaintext PIN for offline verification";
        2 [7] ONLINE_PIN "enciphered PIN for online verification";
        2 [6] SIGNATURE "signature";
        2 [5] ENCIPHERED_PIN "enciphered PIN for offline verification, RSA";
        2 [4] NO_CVM "no CVM required";
        2 [3] ONLINE_BIOMETRIC "online biometric";
        2 [2] OFFLINE_BIOMETRIC "offline biometric";
        2 [1] ENCIPHERED_PIN_ECC "enciphered PIN for offline verification, ECC";
        3 [8] SDA "SDA";
        3 [7] DDA "DDA";
        3 [6] CARD_CAPTURE "card capture";
        3 [4] CDA "CDA";
        3 [3] XDA "XDA";
    }
    /// Terminal Capabilities for Kernel 8.
    terminal_capabilities_k8 TERMINAL_CAPABILITIES_9F33 "K8" {
        1 [8] MANUAL_KEY_ENTRY "manual key entry";
        1 [7] MAGNETIC_STRIPE "magnetic stripe";
        1 [6] CONTACT_CHIP "IC with contacts";
        2 [8] PLAINTEXT_PIN "plaintext PIN for offline verification";
        2 [7] ONLINE_PIN "enciphered PIN for online verification";
        2 [6] SIGNATURE "signature";
        2 [5] ENCIPHERED_PIN "enciphered PIN for offline verification";
        2 [4] NO_CVM "no CVM required";
        2 [3] ON_DEVICE_CVM "on-device cardholder verification";
        3 [6] CARD_CAPTURE "card capture";
        3 [4] LOCAL_AUTHENTICATION "local authentication";
    }
    /// Additional Terminal Capabilities.
    additional_terminal_capabilities ADDITIONAL_TERMINAL_CAPABILITIES_9F40 "ALL" {
        1 [8] CASH "cash";
        1 [7] GOODS "goods";
        1 [6] SERVICES "services";
        1 [5] CASHBACK "cashback";
        1 [4] INQUIRY "inquiry";
        1 [3] TRANSFER "transfer";
        1 [2] PAYMENT "payment";
        1 [1] ADMINISTRATIVE "administrative";
        2 [8] CASH_DEPOSIT "cash deposit";
        3 [8] NUMERIC_KEYS "numeric keys";
        3 [7] ALPHABETIC_KEYS "alphabetic and special character keys";
        3 [6] COMMAND_KEYS "command keys";
        3 [5] FUNCTION_KEYS "function keys";
        4 [8] PRINT_ATTENDANT "print for the attendant";
        4 [7] PRINT_CARDHOLDER "print for the cardholder";
        4 [6] DISPLAY_ATTENDANT "display for the attendant";
        4 [5] DISPLAY_CARDHOLDER "display for the cardholder";
        4 [2] CODE_TABLE_10 "code table 10";
        4 [1] CODE_TABLE_9 "code table 9";
        5 [8] CODE_TABLE_8 "code table 8";
        5 [7] CODE_TABLE_7 "code table 7";
        5 [6] CODE_TABLE_6 "code table 6";
        5 [5] CODE_TABLE_5 "code table 5";
        5 [4] CODE_TABLE_4 "code table 4";
        5 [3] CODE_TABLE_3 "code table 3";
        5 [2] CODE_TABLE_2 "code table 2";
        5 [1] CODE_TABLE_1 "code table 1";
    }
    /// Terminal Type: who operates the terminal, and whether it is attended and online.
    terminal_type TERMINAL_TYPE_9F35 "ALL" {
        1 [8-5 = 1] FINANCIAL_INSTITUTION "operated by a financial institution";
        1 [8-5 = 2] MERCHANT "operated by a merchant";
        1 [8-5 = 3] CARDHOLDER "operated by the cardholder";
        1 [4-1 = 1] ATTENDED_ONLINE_ONLY "attended, online only";
        1 [4-1 = 2] ATTENDED_OFFLINE_WITH_ONLINE "attended, offline with online capability";
        1 [4-1 = 3] ATTENDED_OFFLINE_ONLY "attended, offline only";
        1 [4-1 = 4] UNATTENDED_ONLINE_ONLY "unattended, online only";
        1 [4-1 = 5] UNATTENDED_OFFLINE_WITH_ONLINE "unattended, offline with online capability";
        1 [4-1 = 6] UNATTENDED_OFFLINE_ONLY "unattended, offline only";
    }
    /// Transaction Type: the first two digits of the ISO 8583 processing code.
    transaction_type TRANSACTION_TYPE_9C "ALL" {
        1 [8-1 = 0x00] PURCHASE "purchase of goods or services";
        1 [8-1 = 0x01] CASH "cash";
        1 [8-1 = 0x09] PURCHASE_WITH_CASHBACK "purchase with cashback";
        1 [8-1 = 0x17] MANUAL_CASH "manual cash";
        1 [8-1 = 0x20] REFUND "refund";
        1 [8-1 = 0x21] DEPOSIT "deposit";
        1 [8-1 = 0x30] INQUIRY "inquiry";
        1 [8-1 = 0x31] BALANCE_INQUIRY "balance inquiry";
        1 [8-1 = 0x40] TRANSFER "transfer";
        1 [8-1 = 0x50] PAYMENT "payment";
    }
    /// POS Entry Mode.
    pos_entry_mode POS_ENTRY_MODE_9F39 "ALL" {
        1 [8-1 = 0x00] UNKNOWN "unknown";
        1 [8-1 = 0x01] MANUAL "manual";
        1 [8-1 = 0x02] MAGNETIC_STRIPE "magnetic stripe";
        1 [8-1 = 0x03] OPTICAL_CODE "optical code";
        1 [8-1 = 0x04] OCR "OCR";
        1 [8-1 = 0x05] CONTACT_CHIP "contact chip";
        1 [8-1 = 0x07] CONTACTLESS_EMV "contactless EMV";
        1 [8-1 = 0x10] CREDENTIAL_ON_FILE "credential on file";
        1 [8-1 = 0x80] FALLBACK "chip fell back to magnetic stripe";
        1 [8-1 = 0x90] FULL_TRACK "magnetic stripe, full track";
        1 [8-1 = 0x91] CONTACTLESS_MAG_STRIPE "contactless mag-stripe";
        1 [8-1 = 0x95] CHIP_CVV_UNRELIABLE "chip, CVV may be unreliable";
        1 [8-1 = 0x99] AS_ORIGINAL "as the original transaction";
    }
    /// Account Type.
    account_type ACCOUNT_TYPE_5F57 "ALL" {
        1 [8-5 = 0] DEFAULT "default account";
        1 [8-5 = 1] SAVINGS "savings account";
        1 [8-5 = 2] CHEQUE_OR_DEBIT "cheque or debit account";
        1 [8-5 = 3] CREDIT "credit account";
    }
    /// Kernel Identifier - Terminal, byte 4 (Book B, table 3-7).
    kernel_identifier_terminal KERNEL_IDENTIFIER_TERMINAL_96 "K8,EP" {
        4 [8] KERNEL_8_SUPPORTED "Kernel 8 supported by the reader";
        4 [7] KERNEL_8_FOR_TRANSACTION "Kernel 8 supported for this transaction";
    }
    /// Terminal Risk Management Data.
    terminal_risk_management_data TERMINAL_RISK_MANAGEMENT_DATA_9F1D "K2,K8" {
        1 [8] RESTART "restart supported";
        1 [7] ONLINE_PIN "online PIN (contactless)";
        1 [6] SIGNATURE "signature (contactless)";
        1 [5] ENCIPHERED_PIN "enciphered offline PIN (contactless)";
        1 [4] NO_CVM "no CVM (contactless)";
        1 [3] CDCVM "consumer device CVM (contactless)";
        1 [2] PLAINTEXT_PIN "plaintext offline PIN (contactless)";
        1 [1] PRESENT_AND_HOLD "present and hold supported";
        2 [8] CVM_LIMIT_EXCEEDED "CVM limit exceeded";
        2 [7] CONTACT_ONLINE_PIN "online PIN (contact)";
        2 [6] CONTACT_SIGNATURE "signature (contact)";
        2 [5] CONTACT_ENCIPHERED_PIN "enciphered offline PIN (contact)";
        2 [4] CONTACT_NO_CVM "no CVM (contact)";
        2 [3] CONTACT_CDCVM "consumer device CVM (contact)";
        2 [2] CONTACT_PLAINTEXT_PIN "plaintext offline PIN (contact)";
        3 [8] NO_MAG_STRIPE_MODE "mag-stripe mode not supported (contactless)";
        3 [7] NO_EMV_MODE "EMV mode not supported (contactless)";
        3 [6] CDCVM_WITHOUT_CDA "consumer device CVM without CDA supported";
        4 [8] CDCVM_BYPASS "consumer device CVM bypass requested";
        4 [7] SCA_EXEMPT "exempt from strong customer authentication";
    }
}
