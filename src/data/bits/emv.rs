//! Bits of general EMV objects (EMV Book 3, Annex C; contactless Books A and C-n where kernels differ).

super::bits! {
    EMV:
    /// Application Interchange Profile, byte 1, as every kernel reads it.
    aip AIP_82 "K1,K2,K3,K4,K5,K6,K7,C" {
        1 [8] XDA "XDA supported";
        1 [7] SDA "SDA supported";
        1 [6] DDA "DDA supported";
        1 [5] CARDHOLDER_VERIFICATION "cardholder verification supported";
        1 [4] TERMINAL_RISK_MANAGEMENT "terminal risk management is to be performed";
        1 [3] ISSUER_AUTHENTICATION "issuer authentication supported";
        1 [1] CDA "CDA supported";
    }
    /// Application Interchange Profile, byte 2, for Kernels 1, 3 and 7.
    aip_k1 AIP_82 "K1,K3,K7" {
        2 [8] MAG_STRIPE_MODE "mag-stripe mode supported (legacy)";
    }
    /// Application Interchange Profile, what only Kernel 2 reads.
    aip_k2 AIP_82 "K2" {
        1 [2] ON_DEVICE_CARDHOLDER_VERIFICATION "on-device cardholder verification supported";
        2 [8] EMV_MODE "EMV mode supported";
        2 [1] RELAY_RESISTANCE "relay resistance protocol supported";
    }
    /// Application Interchange Profile, byte 2, for Kernel 4.
    aip_k4 AIP_82 "K4" {
        2 [8] EMV_MODE "EMV mode supported";
        2 [7] MOBILE "mobile device";
        2 [6] HCE "contactless transaction or host card emulation";
    }
    /// Application Interchange Profile, byte 2, for Kernel 5.
    aip_k5 AIP_82 "K5" {
        2 [8] EMV_MODE "EMV mode supported";
    }
    /// Application Interchange Profile, byte 2, for Kernel 6.
    aip_k6 AIP_82 "K6" {
        2 [8] MAG_STRIPE_MODE "mag-stripe mode";
    }
    /// Application Interchange Profile for Kernel 8.
    aip_k8 AIP_82 "K8" {
        1 [1] LOCAL_AUTHENTICATION "local authentication supported";
        2 [4] OFFLINE_CAPABLE "offline capable";
        2 [3-2 = 0b01] IAD_MAC_AT_DEFAULT_OFFSET "IAD-MAC is copied to the default offset";
        2 [3-2 = 0b10] IAD_MAC_AT_CARD_OFFSET "IAD-MAC is copied to the offset the card names";
        2 [1] RELAY_RESISTANCE "relay resistance protocol supported";
    }
    /// Terminal Verification Results, what contact and contactless share.
    tvr TVR_95 "K1,K2,K3,K4,K5,K6,K7,C" {
        1 [8] ODA_NOT_PERFORMED "offline data authentication was not performed";
        1 [7] SDA_FAILED "SDA failed";
        1 [6] ICC_DATA_MISSING "ICC data missing";
        1 [5] ON_EXCEPTION_FILE "card appears on the terminal exception file";
        1 [4] DDA_FAILED "DDA failed";
        1 [3] CDA_FAILED "CDA failed";
        1 [2] SDA_SELECTED "SDA selected";
        1 [1] XDA_SELECTED "XDA selected";
        2 [8] VERSIONS_DIFFER "ICC and terminal have different application versions";
        2 [7] EXPIRED "expired application";
        2 [6] NOT_YET_EFFECTIVE "application not yet effective";
        2 [5] SERVICE_NOT_ALLOWED "requested service not allowed for card product";
        2 [4] NEW_CARD "new card";
        2 [2] BIOMETRIC_PERFORMED "biometric performed and successful";
        2 [1] BIOMETRIC_TEMPLATE_FORMAT "biometric template format not supported";
        3 [8] CARDHOLDER_VERIFICATION_FAILED "cardholder verification was not successful";
        3 [7] UNRECOGNISED_CVM "unrecognised CVM";
        3 [6] PIN_TRY_LIMIT_EXCEEDED "PIN try limit exceeded";
        3 [5] PIN_PAD_NOT_WORKING "PIN entry required and PIN pad not present or not working";
        3 [4] PIN_NOT_ENTERED "PIN entry required, PIN pad present, but PIN was not entered";
        3 [3] ONLINE_PIN_ENTERED "online CVM captured";
        3 [2] BIOMETRIC_DEVICE_NOT_WORKING "biometric required and capture device not working";
        3 [1] BIOMETRIC_BYPASSED "biometric required and subtype entry was bypassed";
        4 [8] FLOOR_LIMIT_EXCEEDED "transaction exceeds floor limit";
        4 [7] LOWER_LIMIT_EXCEEDED "lower consecutive offline limit exceeded";
        4 [6] UPPER_LIMIT_EXCEEDED "upper consecutive offline limit exceeded";
        4 [5] RANDOMLY_SELECTED "transaction selected randomly for online processing";
        4 [4] FORCED_ONLINE "merchant forced transaction online";
        4 [3] BIOMETRIC_TRY_LIMIT_EXCEEDED "biometric try limit exceeded";
        4 [2] BIOMETRIC_TYPE "a selected biometric type is not supported";
        4 [1] XDA_FAILED "XDA signature verification failed";
        5 [8] DEFAULT_TDOL "default TDOL used";
        5 [7] ISSUER_AUTHENTICATION_FAILED "issuer authentication failed";
        5 [6] SCRIPT_FAILED_BEFORE "script processing failed before final GENERATE AC";
        5 [5] SCRIPT_FAILED_AFTER "script processing failed after final GENERATE AC";
    }
    /// Terminal Verification Results, the end of byte 5 in the contact world.
    tvr_contact TVR_95 "C" {
        5 [3] CA_ECC_KEY_MISSING "CA ECC key missing";
        5 [2] ECC_KEY_RECOVERY_FAILED "ECC key recovery failed";
    }
    /// Terminal Verification Results, the end of byte 5 for the kernels with relay resistance.
    tvr_relay TVR_95 "K2,K8" {
        5 [4] RELAY_RESISTANCE_THRESHOLD "relay resistance threshold exceeded";
        5 [3] RELAY_RESISTANCE_TIME_LIMITS "relay resistance time limits exceeded";
        5 [2-1 = 0b01] RELAY_RESISTANCE_NOT_PERFORMED "relay resistance protocol not performed";
        5 [2-1 = 0b10] RELAY_RESISTANCE_PERFORMED "relay resistance protocol performed";
    }
    /// Terminal Verification Results for Kernel 8, which uses few of them.
    tvr_k8 TVR_95 "K8" {
        1 [8] LOCAL_AUTHENTICATION_NOT_PERFORMED "local authentication was not performed";
        1 [3] LOCAL_AUTHENTICATION_FAILED "local authentication failed";
        2 [8] VERSIONS_DIFFER "ICC and terminal have different application versions";
        2 [7] EXPIRED "expired application";
        2 [6] NOT_YET_EFFECTIVE "application not yet effective";
        2 [5] SERVICE_NOT_ALLOWED "requested service not allowed for card product";
        3 [8] CARDHOLDER_VERIFICATION_FAILED "cardholder verification was not successful";
        3 [7] UNRECOGNISED_CVM "unrecognised CVM";
        3 [3] ONLINE_PIN_ENTERED "online CVM captured";
        4 [8] FLOOR_LIMIT_EXCEEDED "transaction exceeds floor limit";
        5 [8] KERNEL_8_FORMAT "Kernel 8 processing and TVR format";
        5 [7] AID_MISMATCH "AID of card and terminal differ";
    }
    /// Transaction Status Information.
    tsi TSI_9B "ALL" {
        1 [8] ODA_PERFORMED "offline data authentication was performed";
        1 [7] CARDHOLDER_VERIFICATION_PERFORMED "cardholder verification was performed";
        1 [6] CARD_RISK_MANAGEMENT_PERFORMED "card risk management was performed";
        1 [5] ISSUER_AUTHENTICATION_PERFORMED "issuer authentication was performed";
        1 [4] TERMINAL_RISK_MANAGEMENT_PERFORMED "terminal risk management was performed";
        1 [3] SCRIPT_PROCESSING_PERFORMED "script processing was performed";
    }
    /// Application Usage Control.
    auc APPLICATION_USAGE_CONTROL_9F07 "ALL" {
        1 [8] DOMESTIC_CASH "valid for domestic cash transactions";
        1 [7] INTERNATIONAL_CASH "valid for international cash transactions";
        1 [6] DOMESTIC_GOODS "valid for domestic goods";
        1 [5] INTERNATIONAL_GOODS "valid for international goods";
        1 [4] DOMESTIC_SERVICES "valid for domestic services";
        1 [3] INTERNATIONAL_SERVICES "valid for international services";
        1 [2] AT_ATMS "valid at ATMs";
        1 [1] AT_OTHER_THAN_ATMS "valid at terminals other than ATMs";
        2 [8] DOMESTIC_CASHBACK "domestic cashback allowed";
        2 [7] INTERNATIONAL_CASHBACK "international cashback allowed";
    }
    /// Cryptogram Information Data.
    cid CID_9F27 "ALL" {
        1 [8-7 = 0b00] AAC "AAC: declined";
        1 [8-7 = 0b01] TC "TC: approved offline";
        1 [8-7 = 0b10] ARQC "ARQC: online authorisation requested";
        1 [6-5 = 0b01] PAYMENT_SYSTEM_1 "payment-system specific cryptogram 1";
        1 [6-5 = 0b10] PAYMENT_SYSTEM_2 "payment-system specific cryptogram 2";
        1 [6-5 = 0b11] PAYMENT_SYSTEM_3 "payment-system specific cryptogram 3";
        1 [4] ADVICE_REQUIRED "advice required";
        1 [3-1 = 0b001] SERVICE_NOT_ALLOWED "reason: service not allowed";
        1 [3-1 = 0b010] PIN_TRY_LIMIT_EXCEEDED "reason: PIN try limit exceeded";
        1 [3-1 = 0b011] ISSUER_AUTHENTICATION_FAILED "reason: issuer authentication failed";
    }
    /// Cardholder Verification Method Results: method, condition, result.
    cvm_results CVM_RESULTS_9F34 "ALL" {
        1 [7] NEXT_IF_UNSUCCESSFUL "the next rule applies if this CVM is unsuccessful";
        1 [6-1 = 0x00] FAIL "fail CVM processing";
        1 [6-1 = 0x01] PLAINTEXT_PIN "plaintext PIN verified by the card";
        1 [6-1 = 0x02] ONLINE_PIN "enciphered PIN verified online";
        1 [6-1 = 0x03] PLAINTEXT_PIN_AND_SIGNATURE "plaintext PIN verified by the card, and signature";
        1 [6-1 = 0x04] ENCIPHERED_PIN "enciphered PIN verified by the card";
        1 [6-1 = 0x05] ENCIPHERED_PIN_AND_SIGNATURE "enciphered PIN verified by the card, and signature";
        1 [6-1 = 0x06] FACE_OFFLINE "facial biometric, offline";
        1 [6-1 = 0x07] FACE_ONLINE "facial biometric, online";
        1 [6-1 = 0x08] FINGER_OFFLINE "finger biometric, offline";
        1 [6-1 = 0x09] FINGER_ONLINE "finger biometric, online";
        1 [6-1 = 0x0A] PALM_OFFLINE "palm biometric, offline";
        1 [6-1 = 0x0B] PALM_ONLINE "palm biometric, online";
        1 [6-1 = 0x0C] IRIS_OFFLINE "iris biometric, offline";
        1 [6-1 = 0x0D] IRIS_ONLINE "iris biometric, online";
        1 [6-1 = 0x0E] VOICE_OFFLINE "voice biometric, offline";
        1 [6-1 = 0x0F] VOICE_ONLINE "voice biometric, online";
        1 [6-1 = 0x1E] SIGNATURE "signature";
        1 [6-1 = 0x1F] NO_CVM "no CVM required";
        1 [6-1 = 0x3F] NOT_PERFORMED "no CVM performed";
        2 [8-1 = 0x00] ALWAYS "always";
        2 [8-1 = 0x01] UNATTENDED_CASH "if unattended cash";
        2 [8-1 = 0x02] NOT_CASH "if not unattended cash, manual cash or purchase with cashback";
        2 [8-1 = 0x03] SUPPORTED "if the terminal supports the CVM";
        2 [8-1 = 0x04] MANUAL_CASH "if manual cash";
        2 [8-1 = 0x05] CASHBACK "if purchase with cashback";
        2 [8-1 = 0x06] UNDER_X "if in the application currency and under X";
        2 [8-1 = 0x07] OVER_X "if in the application currency and over X";
        2 [8-1 = 0x08] UNDER_Y "if in the application currency and under Y";
        2 [8-1 = 0x09] OVER_Y "if in the application currency and over Y";
        3 [8-1 = 0x00] UNKNOWN "unknown";
        3 [8-1 = 0x01] FAILED "failed";
        3 [8-1 = 0x02] SUCCESSFUL "successful";
    }
    /// Application Priority Indicator; bits 4-1 are the priority, 1 the highest, 0 none.
    api APPLICATION_PRIORITY_INDICATOR_87 "ALL" {
        1 [8] CONFIRMATION_REQUIRED "application needs the cardholder's confirmation";
        1 [4-1 = 0x0] NO_PRIORITY "no priority";
        1 [4-1 = 0x1] PRIORITY_1 "priority 1, the highest";
        1 [4-1 = 0x2] PRIORITY_2 "priority 2";
        1 [4-1 = 0x3] PRIORITY_3 "priority 3";
        1 [4-1 = 0x4] PRIORITY_4 "priority 4";
        1 [4-1 = 0x5] PRIORITY_5 "priority 5";
        1 [4-1 = 0x6] PRIORITY_6 "priority 6";
        1 [4-1 = 0x7] PRIORITY_7 "priority 7";
        1 [4-1 = 0x8] PRIORITY_8 "priority 8";
        1 [4-1 = 0x9] PRIORITY_9 "priority 9";
        1 [4-1 = 0xA] PRIORITY_10 "priority 10";
        1 [4-1 = 0xB] PRIORITY_11 "priority 11";
        1 [4-1 = 0xC] PRIORITY_12 "priority 12";
        1 [4-1 = 0xD] PRIORITY_13 "priority 13";
        1 [4-1 = 0xE] PRIORITY_14 "priority 14";
        1 [4-1 = 0xF] PRIORITY_15 "priority 15, the lowest";
    }
}
