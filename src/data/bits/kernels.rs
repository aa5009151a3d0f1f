//! Bits of objects that belong to single kernels (contactless Books C-2 to C-8).

super::bits! {
    KERNELS:
    /// Card Transaction Qualifiers (C-3, Annex A).
    ctq CTQ_9F6C "K3,K7" {
        1 [8] ONLINE_PIN_REQUIRED "online PIN required";
        1 [7] SIGNATURE_REQUIRED "signature required";
        1 [6] GO_ONLINE_IF_ODA_FAILS "go online if offline data authentication fails and the reader can go online";
        1 [5] SWITCH_INTERFACE_IF_ODA_FAILS "switch interface if offline data authentication fails and the reader has contacts";
        1 [4] GO_ONLINE_IF_EXPIRED "go online if the application is expired";
        1 [3] SWITCH_INTERFACE_FOR_CASH "switch interface for cash transactions";
        1 [2] SWITCH_INTERFACE_FOR_CASHBACK "switch interface for cashback transactions";
        1 [1] NOT_VALID_AT_ATM "not valid for contactless ATM transactions";
        2 [8] CDCVM_PERFORMED "consumer device CVM performed";
        2 [7] ISSUER_UPDATE_SUPPORTED "card supports issuer update processing";
    }
    /// Form Factor Indicator of Visa.
    ffi FORM_FACTOR_INDICATOR_9F6E "K3" {
        1 [8-6 = 0b001] VERSION_1 "version 1";
        1 [5-1 = 0] CARD "card";
        1 [5-1 = 1] MINI_CARD "mini-card";
        1 [5-1 = 2] NON_CARD "neither card nor phone";
        1 [5-1 = 3] MOBILE_PHONE "mobile phone";
        1 [5-1 = 4] WRIST_WORN "wrist-worn device";
        2 [8] PASSCODE "passcode capable";
        2 [7] SIGNATURE_PANEL "signature panel";
        2 [6] HOLOGRAM "hologram";
        2 [5] CVV2 "CVV2";
        2 [4] TWO_WAY_MESSAGING "two-way messaging";
        2 [3] CLOUD_CREDENTIALS "cloud-based credentials";
        2 [2] BIOMETRIC "biometric cardholder verification";
        4 [4-1 = 0] CONTACTLESS "contactless, ISO 14443";
        4 [4-1 = 1] NOT_USED "no transaction technology";
    }
    /// Mobile Support Indicator of Kernel 2.
    mobile_support_indicator MOBILE_SUPPORT_INDICATOR_9F7E "K2" {
        1 [2] OD_CVM_REQUIRED "on-device CVM required";
        1 [1] MOBILE_SUPPORTED "mobile supported";
    }
    /// Application Capabilities Information of Kernel 2; byte 1 bits 8-5 are its version, byte 3 the scheme of standalone data
    /// storage: how long the envelopes are.
    application_capabilities_information APPLICATION_CAPABILITIES_INFORMATION_9F5D "K2" {
        1 [8-5 = 0] VERSION_0 "version 0";
        1 [8-5 = 1] VERSION_1 "version 1";
        1 [4-1 = 0] NO_DATA_STORAGE "data storage not supported";
        1 [4-1 = 1] DATA_STORAGE_1 "data storage version 1";
        1 [4-1 = 2] DATA_STORAGE_2 "data storage version 2";
        2 [3] FIELD_OFF_DETECTION "field-off detection supported";
        2 [2] BALANCE_READING "balance reading supported";
        2 [1] CDA_OVER_EVERY_CRYPTOGRAM "CDA over TC, ARQC and AAC";
        3 [8-1 = 0] ENVELOPES_UNDEFINED "envelopes of undefined length";
        3 [8-1 = 1] ENVELOPES_32 "envelopes of 32 bytes";
        3 [8-1 = 2] ENVELOPES_48 "envelopes of 48 bytes";
        3 [8-1 = 3] ENVELOPES_64 "envelopes of 64 bytes";
        3 [8-1 = 4] ENVELOPES_96 "envelopes of 96 bytes";
        3 [8-1 = 5] ENVELOPES_128 "envelopes of 128 bytes";
        3 [8-1 = 6] ENVELOPES_160 "envelopes of 160 bytes";
        3 [8-1 = 7] ENVELOPES_192 "envelopes of 192 bytes";
        3 [8-1 = 8] ENVELOPES_32_AND_64 "envelopes of 32 bytes, 9F78 of 64";
    }
    /// Card Data Input Capability of Kernel 2.
    card_data_input_capability CARD_DATA_INPUT_CAPABILITY_DF8117 "K2" {
        1 [8] MANUAL_KEY_ENTRY "manual key entry";
        1 [7] MAGNETIC_STRIPE "magnetic stripe";
        1 [6] CONTACT_CHIP "IC with contacts";
    }
    /// CVM Capability - CVM Required of Kernel 2.
    cvm_capability_cvm_required CVM_CAPABILITY_CVM_REQUIRED_DF8118 "K2" {
        1 [8] PLAINTEXT_PIN "plaintext PIN for offline verification";
        1 [7] ONLINE_PIN "enciphered PIN for online verification";
        1 [6] SIGNATURE "signature";
        1 [5] ENCIPHERED_PIN "enciphered PIN for offline verification";
        1 [4] NO_CVM "no CVM required";
    }
    /// CVM Capability - No CVM Required of Kernel 2.
    cvm_capability_no_cvm_required CVM_CAPABILITY_NO_CVM_REQUIRED_DF8119 "K2" {
        1 [8] PLAINTEXT_PIN "plaintext PIN for offline verification";
        1 [7] ONLINE_PIN "enciphered PIN for online verification";
        1 [6] SIGNATURE "signature";
        1 [5] ENCIPHERED_PIN "enciphered PIN for offline verification";
        1 [4] NO_CVM "no CVM required";
    }
    /// Security Capability of Kernel 2.
    security_capability SECURITY_CAPABILITY_DF811F "K2" {
        1 [8] SDA "SDA";
        1 [7] DDA "DDA";
        1 [6] CARD_CAPTURE "card capture";
        1 [4] CDA "CDA";
    }
    /// Kernel Configuration of Kernel 2.
    kernel_configuration KERNEL_CONFIGURATION_DF811B "K2" {
        1 [8] NO_MAG_STRIPE_MODE "mag-stripe mode not supported";
        1 [7] NO_EMV_MODE "EMV mode not supported";
        1 [6] ON_DEVICE_CVM "on-device cardholder verification supported";
        1 [5] RELAY_RESISTANCE "relay resistance protocol supported";
        1 [4] PAYMENT_SYSTEM "reserved for the payment system";
        1 [3] READ_ALL_RECORDS "read all records even when no CDA";
    }
    /// Kernel Configuration of Kernel 8.
    kernel_configuration_k8 KERNEL_CONFIGURATION_9F8209 "K8" {
        1 [6] RSA_CERTIFICATES "RSA certificates enabled";
        1 [5] RELAY_RESISTANCE "relay resistance protocol enabled";
        1 [4] REPORT_LOCAL_AUTHENTICATION "local authentication failure is reported in the TVR";
    }
    /// Reference Control Parameter of Kernel 2.
    reference_control_parameter REFERENCE_CONTROL_PARAMETER_DF8114 "K2" {
        1 [8-7 = 0b00] AAC "AAC";
        1 [8-7 = 0b01] TC "TC";
        1 [8-7 = 0b10] ARQC "ARQC";
        1 [5] CDA "CDA signature requested";
    }
    /// POS Cardholder Interaction Information of Kernel 2; byte 1 is its version.
    pos_cardholder_interaction_information POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B "K2" {
        2 [5] OD_CVM_SUCCESSFUL "on-device CVM verification successful";
        2 [4] CONTEXT_CONFLICTING "context is conflicting";
        2 [3] CHANGE_PIN "offline change PIN required";
        2 [2] ACKNOWLEDGEMENT_REQUIRED "acknowledgement required";
        2 [1] OD_CVM_REQUIRED "on-device CVM required";
    }
    /// Integrated Data Storage Status of Kernel 2.
    ids_status IDS_STATUS_DF8128 "K2" {
        1 [8] READ "read";
        1 [7] WRITE "write";
    }
    /// DS Slot Management Control of Kernel 2.
    ds_slot_management_control DS_SLOT_MANAGEMENT_CONTROL_9F6F "K2" {
        1 [8] PERMANENT "permanent slot type";
        1 [7] VOLATILE "volatile slot type";
        1 [6] LOW_VOLATILITY "low volatility";
        1 [5] LOCKED "locked slot";
        1 [1] DEACTIVATED "deactivated slot";
    }
    /// DS ODS Info of Kernel 2.
    ds_ods_info DS_ODS_INFO_DF62 "K2" {
        1 [8] PERMANENT "permanent slot type";
        1 [7] VOLATILE "volatile slot type";
        1 [6] LOW_VOLATILITY "low volatility";
        1 [4] DECLINE_ON_ERROR "decline payment transaction in case of data storage error";
    }
    /// DS ODS Info For Reader of Kernel 2.
    ds_ods_info_for_reader DS_ODS_INFO_FOR_READER_DF810A "K2" {
        1 [8] USABLE_FOR_TC "usable for TC";
        1 [7] USABLE_FOR_ARQC "usable for ARQC";
        1 [6] USABLE_FOR_AAC "usable for AAC";
        1 [3] STOP_IF_NO_DS_ODS_TERM "stop if no DS ODS Term";
        1 [2] STOP_IF_WRITE_FAILED "stop if write failed";
    }
    /// DS Slot Availability of Kernel 2.
    ds_slot_availability DS_SLOT_AVAILABILITY_9F5F "K2" {
        1 [8] PERMANENT "permanent slot type";
        1 [7] VOLATILE "volatile slot type";
    }
    /// DS Summary Status of Kernel 2.
    ds_summary_status DS_SUMMARY_STATUS_DF810B "K2" {
        1 [8] SUCCESSFUL_READ "successful read";
        1 [7] SUCCESSFUL_WRITE "successful write";
    }
    /// DS AC Type of Kernel 2.
    ds_ac_type DS_AC_TYPE_DF8108 "K2" {
        1 [8-7 = 0b00] AAC "AAC";
        1 [8-7 = 0b01] TC "TC";
        1 [8-7 = 0b10] ARQC "ARQC";
    }
    /// Pre-Gen AC Put Data Status of Kernel 2.
    pre_gen_ac_put_data_status PRE_GEN_AC_PUT_DATA_STATUS_DF810F "K2" {
        1 [8] COMPLETED "completed";
    }
    /// Post-Gen AC Put Data Status of Kernel 2.
    post_gen_ac_put_data_status POST_GEN_AC_PUT_DATA_STATUS_DF810E "K2" {
        1 [8] COMPLETED "completed";
    }
    /// Contactless Reader Capabilities of Kernel 4.
    contactless_reader_capabilities CONTACTLESS_READER_CAPABILITIES_9F6D "K4" {
        1 [8-7 = 0b01] MAG_STRIPE_ONLY "mag-stripe mode";
        1 [8-7 = 0b10] EMV_AND_MAG_STRIPE_LEGACY "EMV and mag-stripe mode (legacy)";
        1 [8-7 = 0b11] EMV_AND_MAG_STRIPE "EMV and mag-stripe mode";
        1 [4] CVM_REQUIRED "CVM required";
    }
    /// Enhanced Contactless Reader Capabilities of Kernel 4.
    enhanced_reader_capabilities ENHANCED_CL_READER_CAPABILITIES_9F6E "K4" {
        1 [8] CONTACT "contact mode supported";
        1 [7] MAG_STRIPE_MODE "contactless mag-stripe mode supported";
        1 [6] FULL_ONLINE "contactless EMV full online mode supported (legacy)";
        1 [5] PARTIAL_ONLINE "contactless EMV partial online mode supported";
        1 [4] MOBILE "contactless mobile supported";
        1 [3] TRY_ANOTHER_INTERFACE "try another interface after a decline";
        2 [8] MOBILE_CVM "mobile CVM supported";
        2 [7] ONLINE_PIN "online PIN supported";
        2 [6] SIGNATURE "signature supported";
        2 [5] PLAINTEXT_PIN "plaintext offline PIN supported";
        3 [8] OFFLINE_ONLY "reader is offline only";
        3 [7] CVM_REQUIRED "CVM required";
        4 [8] EXEMPT_FROM_NO_CVM "exempt from no-CVM checks";
        4 [7] DELAYED_AUTHORISATION "delayed authorisation terminal";
        4 [6] TRANSIT "transit terminal";
        4 [3-1 = 0b001] VERSION_2_2 "kernel version 2.2 or 2.3";
        4 [3-1 = 0b010] VERSION_2_4 "kernel version 2.4 to 2.6";
        4 [3-1 = 0b011] VERSION_2_7 "kernel version 2.7 or later";
    }
    /// Card Interface and Payment Capabilities of Kernel 4.
    card_interface_capabilities CARD_INTERFACE_AND_PAYMENT_CAPABILITIES_9F70 "K4" {
        1 [8] KEYED_ENTRY "keyed data entry";
        1 [7] MAGNETIC_STRIPE "physical magnetic stripe";
        1 [6] CONTACT "contact EMV interface";
        1 [5] CONTACTLESS "contactless EMV interface";
        1 [4] MOBILE "mobile interface";
        1 [3] NO_MAG_STRIPE_MODE "mag-stripe mode not supported";
        2 [8] DELAYED_AUTHORISATION "delayed authorisation usage is stated";
        2 [7] DOMESTIC "valid for domestic delayed authorisation";
        2 [6] INTERNATIONAL "valid for international delayed authorisation";
    }
    /// Terminal Interchange Profile of Kernel 5.
    terminal_interchange_profile TERMINAL_INTERCHANGE_PROFILE_9F53 "K5" {
        1 [8] CVM_REQUIRED "CVM required by the reader";
        1 [7] SIGNATURE "signature supported";
        1 [6] ONLINE_PIN "online PIN supported";
        1 [5] ON_DEVICE_CVM "on-device CVM supported";
        1 [3] TRANSIT "transit reader";
        1 [2] CONTACT_CHIP "EMV contact chip supported";
        1 [1] CONTACT_OFFLINE_PIN "contact chip offline PIN supported";
        2 [8] ISSUER_UPDATE "issuer update supported";
    }
    /// Cardholder Verification Status of Kernel 5.
    cardholder_verification_status CARDHOLDER_VERIFICATION_STATUS_9F50 "K5" {
        1 [8-5 = 0] NO_CVM "no CVM";
        1 [8-5 = 1] SIGNATURE "signature";
        1 [8-5 = 2] ONLINE_PIN "online PIN";
        1 [8-5 = 3] ON_DEVICE_CVM "on-device CVM";
    }
    /// Card Processing Requirements of Kernel 6.
    cpr CARD_PROCESSING_REQUIREMENTS_9F71 "K6" {
        1 [8] ONLINE_PIN_REQUIRED "online PIN required";
        1 [7] SIGNATURE_REQUIRED "signature required";
        1 [6] PID_LIMIT "PID limit reached or loyalty transaction approved";
        1 [5] CDCVM_PERFORMED "consumer device CVM performed";
        2 [8] SWITCH_INTERFACE_IF_NOT_ONLINE "switch interface if unable to go online";
        2 [7] GO_ONLINE_IF_CDA_FAILED "go online if CDA failed";
        2 [6] DECLINE_OR_SWITCH_IF_CDA_FAILED "decline or switch interface if CDA failed";
        2 [5] ISSUER_UPDATE_SUPPORTED "issuer update processing supported";
        2 [4] GO_ONLINE_IF_EXPIRED "go online if the application is expired";
        2 [3] DECLINE_IF_EXPIRED "decline if the application is expired";
        2 [2] FALL_BACK_TO_SIGNATURE "CVM may fall back to signature";
        2 [1] FALL_BACK_TO_NO_CVM "CVM may fall back to no CVM";
    }
}
