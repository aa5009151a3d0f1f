//! Bits of Card Verification Results, which cards hand to their issuer inside the Issuer Application Data (9F10). Positions are
//! those in the Card Verification Results, not in 9F10.
//!
//! Visa and M/Chip layouts are proprietary; what is known is what openemv/emv-utils publishes (`emv_fields.h`). The layout of
//! the Common Core Definitions is EMV Book 3, Annex C8.3.

super::bits! {
    CVR:
    /// Visa, formats 0, 1 and 3: three bytes.
    cvr_visa IAD_9F10 "K1,K3,K7,C" {
        1 [8-7 = 0b00] SECOND_AAC "second GENERATE AC: AAC";
        1 [8-7 = 0b01] SECOND_TC "second GENERATE AC: TC";
        1 [8-7 = 0b10] SECOND_NOT_REQUESTED "second GENERATE AC: not requested";
        1 [6-5 = 0b00] FIRST_AAC "GPO or first GENERATE AC: AAC";
        1 [6-5 = 0b01] FIRST_TC "GPO or first GENERATE AC: TC";
        1 [6-5 = 0b10] FIRST_ARQC "GPO or first GENERATE AC: ARQC";
        1 [4] ISSUER_AUTHENTICATION_FAILED "issuer authentication performed and failed";
        1 [3] OFFLINE_PIN_PERFORMED "offline PIN verification performed";
        1 [2] OFFLINE_PIN_FAILED "offline PIN verification failed";
        1 [1] UNABLE_TO_GO_ONLINE "unable to go online";
        2 [8] LAST_ONLINE_NOT_COMPLETED "last online transaction not completed";
        2 [7] PIN_TRY_LIMIT_EXCEEDED "PIN try limit exceeded";
        2 [6] VELOCITY_EXCEEDED "velocity checking counters exceeded";
        2 [5] NEW_CARD "new card";
        2 [4] LAST_ISSUER_AUTHENTICATION_FAILED "issuer authentication failed in the last online transaction";
        2 [3] ISSUER_AUTHENTICATION_NOT_PERFORMED "issuer authentication not performed after online authorisation";
        2 [2] BLOCKED_BY_PIN_TRIES "application blocked by the card because of the PIN try limit";
        2 [1] LAST_SDA_FAILED "SDA failed in the last transaction";
        3 [4] SCRIPT_FAILED "issuer script processing failed";
        3 [3] LAST_DDA_FAILED "DDA failed in the last transaction";
        3 [2] DDA_PERFORMED "DDA performed";
        3 [1] PIN_COMMAND_MISSING "PIN verification command not received by a card that expects it";
    }
    /// Visa, formats 2 and 4: five bytes.
    cvr_visa_mobile IAD_9F10 "K1,K3,K7,C" {
        1 [8-5 = 0x0] NO_ENTITY "verifying entity: none";
        1 [8-5 = 0x1] ENTITY_VMPA "verifying entity: Visa mobile payment application";
        1 [8-5 = 0x2] ENTITY_MG "verifying entity: MG";
        1 [8-5 = 0x3] ENTITY_SE "verifying entity: application in the same secure element";
        1 [8-5 = 0x4] ENTITY_TEE "verifying entity: application in the trusted execution environment";
        1 [8-5 = 0x5] ENTITY_MOBILE_APPLICATION "verifying entity: mobile application";
        1 [8-5 = 0x6] ENTITY_TERMINAL "verifying entity: terminal";
        1 [8-5 = 0x7] ENTITY_CLOUD "verifying entity: cloud";
        1 [8-5 = 0x8] ENTITY_DEVICE "verifying entity: operating system of the device";
        1 [4-1 = 0x0] NO_CDCVM "verified by: nothing";
        1 [4-1 = 0x1] PASSCODE "verified by: passcode";
        1 [4-1 = 0x2] FINGER "verified by: finger";
        1 [4-1 = 0x3] PATTERN "verified by: pattern";
        1 [4-1 = 0x4] FACE "verified by: face";
        1 [4-1 = 0x5] IRIS "verified by: iris";
        1 [4-1 = 0x6] VOICE "verified by: voice";
        1 [4-1 = 0x7] PALM "verified by: palm";
        1 [4-1 = 0xD] SIGNATURE "verified by: signature";
        1 [4-1 = 0xE] ONLINE_PIN "verified by: online PIN";
        2 [8-7 = 0b00] SECOND_AAC "second GENERATE AC: AAC";
        2 [8-7 = 0b01] SECOND_TC "second GENERATE AC: TC";
        2 [8-7 = 0b10] SECOND_NOT_REQUESTED "second GENERATE AC: not requested";
        2 [6-5 = 0b00] FIRST_AAC "GPO or first GENERATE AC: AAC";
        2 [6-5 = 0b01] FIRST_TC "GPO or first GENERATE AC: TC";
        2 [6-5 = 0b10] FIRST_ARQC "GPO or first GENERATE AC: ARQC";
        2 [4] ISSUER_AUTHENTICATION_FAILED "issuer authentication performed and failed";
        2 [3] CDCVM_PERFORMED "consumer device CVM performed";
        2 [1] UNABLE_TO_GO_ONLINE "unable to go online";
        3 [8] LAST_ONLINE_NOT_COMPLETED "last online transaction not completed";
        3 [7] PIN_TRY_LIMIT_EXCEEDED "PIN try limit exceeded";
        3 [6] VELOCITY_EXCEEDED "velocity checking counters exceeded";
        3 [5] NEW_CARD "new card";
        3 [4] LAST_ISSUER_AUTHENTICATION_FAILED "issuer authentication failed in the last online transaction";
        3 [3] ISSUER_AUTHENTICATION_NOT_PERFORMED "issuer authentication not performed after online authorisation";
        3 [2] BLOCKED_BY_PIN_TRIES "application blocked by the card because of the PIN try limit";
        3 [1] LAST_SDA_FAILED "SDA failed in the last transaction";
        4 [4] SCRIPT_FAILED "issuer script processing failed";
        4 [3] LAST_DDA_FAILED "DDA failed in the last transaction";
        4 [2] DDA_PERFORMED "DDA performed";
        4 [1] PIN_COMMAND_MISSING "PIN verification command not received by a card that expects it";
        5 [8] NOT_DEBUG_MODE "device is not in debug mode";
        5 [7] NOT_ROOTED "device is not rooted";
        5 [6] NOT_HOOKED "mobile application is not hooked";
        5 [5] INTEGRITY "mobile application is intact";
        5 [4] CONNECTIVITY "device has data connectivity";
        5 [3] GENUINE "device is genuine";
        5 [2] CDCVM "consumer device CVM performed";
        5 [1] EMV_SESSION_KEYS "secure messaging uses EMV session keys";
    }
    /// M/Chip 4 and M/Chip Advance: six bytes.
    cvr_mchip IAD_9F10 "K2,C" {
        1 [8-7 = 0b00] SECOND_AAC "second GENERATE AC: AAC";
        1 [8-7 = 0b01] SECOND_TC "second GENERATE AC: TC";
        1 [8-7 = 0b10] SECOND_NOT_REQUESTED "second GENERATE AC: not requested";
        1 [6-5 = 0b00] FIRST_AAC "first GENERATE AC: AAC";
        1 [6-5 = 0b01] FIRST_TC "first GENERATE AC: TC";
        1 [6-5 = 0b10] FIRST_ARQC "first GENERATE AC: ARQC";
        1 [4] DATE_CHECK_FAILED "date check failed";
        1 [3] OFFLINE_PIN_PERFORMED "offline PIN verification performed";
        1 [2] ENCIPHERED_PIN_PERFORMED "offline enciphered PIN verification performed";
        1 [1] OFFLINE_PIN_SUCCESSFUL "offline PIN verification successful";
        2 [8] DDA "DDA returned";
        2 [7] FIRST_CDA "CDA returned in the first GENERATE AC";
        2 [6] SECOND_CDA "CDA returned in the second GENERATE AC";
        2 [5] ISSUER_AUTHENTICATION_PERFORMED "issuer authentication performed";
        2 [4] CIAC_SKIPPED "CIAC default skipped on a CAT3 terminal";
        2 [3] PIN_CHANGED "offline change PIN successful";
        2 [2] DISCRETIONARY_2 "issuer discretionary bit 2";
        2 [1] DISCRETIONARY_1 "issuer discretionary bit 1";
        4 [8] LAST_ONLINE_NOT_COMPLETED "last online transaction not completed";
        4 [7] UNABLE_TO_GO_ONLINE "unable to go online";
        4 [6] OFFLINE_PIN_NOT_PERFORMED "offline PIN verification not performed";
        4 [5] OFFLINE_PIN_FAILED "offline PIN verification failed";
        4 [4] PIN_TRY_LIMIT_EXCEEDED "PIN try limit exceeded";
        4 [3] INTERNATIONAL "international transaction";
        4 [2] DOMESTIC "domestic transaction";
        4 [1] ERRONEOUS_PIN_OK "terminal erroneously considers the offline PIN as correct";
        5 [8] LOWER_COUNTER_1 "lower limit of consecutive transactions, or of counter 1, exceeded";
        5 [7] UPPER_COUNTER_1 "upper limit of consecutive transactions, or of counter 1, exceeded";
        5 [6] LOWER_ACCUMULATOR_1 "lower limit of the cumulative amount, or of accumulator 1, exceeded";
        5 [5] UPPER_ACCUMULATOR_1 "upper limit of the cumulative amount, or of accumulator 1, exceeded";
        5 [4] GO_ONLINE_NEXT "go online on next transaction was set";
        5 [3] ISSUER_AUTHENTICATION_FAILED "issuer authentication failed";
        5 [2] SCRIPT_RECEIVED "script received";
        5 [1] SCRIPT_FAILED "script failed";
        6 [8] LOWER_COUNTER_2 "lower limit of counter 2 exceeded";
        6 [7] UPPER_COUNTER_2 "upper limit of counter 2 exceeded";
        6 [6] LOWER_ACCUMULATOR_2 "lower limit of accumulator 2 exceeded";
        6 [5] UPPER_ACCUMULATOR_2 "upper limit of accumulator 2 exceeded";
        6 [4] MAXIMUM_TRANSACTION_AMOUNT "maximum transaction amount exceeded";
        6 [3] DAYS_OFFLINE "number of days offline exceeded";
        6 [2] CHECK_TABLE_MATCH "match in the additional check table";
        6 [1] CHECK_TABLE_NO_MATCH "no match in the additional check table";
    }
    /// Common Core Definitions: five bytes.
    cvr_ccd IAD_9F10 "ALL" {
        1 [8-7 = 0b00] SECOND_AAC "second GENERATE AC: AAC";
        1 [8-7 = 0b01] SECOND_TC "second GENERATE AC: TC";
        1 [8-7 = 0b10] SECOND_NOT_REQUESTED "second GENERATE AC: not requested";
        1 [6-5 = 0b00] FIRST_AAC "first GENERATE AC: AAC";
        1 [6-5 = 0b01] FIRST_TC "first GENERATE AC: TC";
        1 [6-5 = 0b10] FIRST_ARQC "first GENERATE AC: ARQC";
        1 [4] CDA_PERFORMED "CDA performed";
        1 [3] DDA_PERFORMED "DDA performed";
        1 [2] ISSUER_AUTHENTICATION_NOT_PERFORMED "issuer authentication not performed";
        1 [1] ISSUER_AUTHENTICATION_FAILED "issuer authentication failed";
        2 [4] OFFLINE_PIN_PERFORMED "offline PIN verification performed";
        2 [3] OFFLINE_PIN_FAILED "offline PIN verification performed and not successful";
        2 [2] PIN_TRY_LIMIT_EXCEEDED "PIN try limit exceeded";
        2 [1] LAST_ONLINE_NOT_COMPLETED "last online transaction not completed";
        3 [8] LOWER_COUNT "lower offline transaction count limit exceeded";
        3 [7] UPPER_COUNT "upper offline transaction count limit exceeded";
        3 [6] LOWER_AMOUNT "lower cumulative offline amount limit exceeded";
        3 [5] UPPER_AMOUNT "upper cumulative offline amount limit exceeded";
        3 [4] DISCRETIONARY_1 "issuer discretionary bit 1";
        3 [3] DISCRETIONARY_2 "issuer discretionary bit 2";
        3 [2] DISCRETIONARY_3 "issuer discretionary bit 3";
        3 [1] DISCRETIONARY_4 "issuer discretionary bit 4";
        4 [4] SCRIPT_FAILED "issuer script processing failed";
        4 [3] LAST_ODA_FAILED "offline data authentication failed in the previous transaction";
        4 [2] GO_ONLINE_NEXT "go online on next transaction was set";
        4 [1] UNABLE_TO_GO_ONLINE "unable to go online";
    }
}
