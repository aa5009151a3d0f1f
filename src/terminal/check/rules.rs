//! The one table of what is looked at in a terminal.

use crate::diag::{Check, Level, checks};

checks! {
    OBJECT_VALUE = "object-value" Error "EMV Book 3" "A1";
    RESERVED_BITS = "reserved-bits" Warning "A" "8.1.1.9";
    CARD_OBJECT = "card-object" Warning "EMV Book 3" "A1";
    TERMINAL_DATA = "terminal-data" Warning "A" "5.7";
    COUNTRY = "country" Error "ISO 3166-1" "";
    TERMINAL_TYPE = "terminal-type" Error "EMV Book 4" "A1";
    KERNEL_2_MODES = "kernel-modes" Error "C-2" "S3.15";
    KERNEL_2_OFFLINE_PIN = "kernel-offline-pin" Error "C-2" "CVM.18";
    TTQ_MISSING = "ttq-missing" Error "A" "5.7";
    TTQ_MODE = "ttq-mode" Error "C-3" "A.1";
    TTQ_DYNAMIC = "ttq-dynamic" Warning "B" "3.1.1.1";
    TTQ_PIN = "ttq-online-pin" Warning "A" "table 5-4";
    TTQ_SIGNATURE = "ttq-signature" Warning "A" "table 5-4";
    TTQ_CONTACT = "ttq-contact-chip" Warning "A" "table 5-4";
    PIN_PAD = "pin-pad" Warning "EMV Book 4" "A3";
    OFFLINE_ONLY = "offline-only" Error "C-3" "ICS";
    TYPE_ONLINE = "type-online" Warning "EMV Book 4" "A1";
    TYPE_ATTENDED = "type-attended" Warning "EMV Book 4" "A1";
    FLOOR_ONLINE_ONLY = "floor-online-only" Warning "B" "3.1.1.6";
    FLOOR_LIMIT = "floor-limit" Warning "B" "3.1.1.6";
    CVM_LIMIT = "cvm-limit" Warning "B" "3.1.1.8";
    ZERO_OFFLINE = "zero-amount-offline" Warning "B" "3.1.1.11";
    STATUS_OFFLINE = "status-check-offline" Warning "B" "3.1.1.11";
    KERNEL_MSD = "kernel-mag-stripe" Warning "VCPS" "mag-stripe";
    KERNEL_ODA = "kernel-online-authentication" Warning "C-3" "3.3.4";
    KERNEL_UPDATE = "kernel-issuer-update" Warning "C-3" "5.8.1.2";
    PROGRAM = "program-duplicate" Error "C-3" "5.1.2";
    PROGRAM_LIMIT = "program-limit" Warning "C-3" "5.1.2";
    CA_KEYS = "ca-keys" Error "C-3" "5.6.1.1";
    CA_KEY_EXPIRED = "ca-key-expired" Warning "EMV Book 2" "11.2.3";
    KERNEL_APPLICATION = "kernel-application" Warning "B" "3.3.2.5";
    AID_DUPLICATE = "aid-duplicate" Error "A" "5.7";
    AID_PREFIX = "aid-prefix" Warning "B" "3.3.2.5";
    TYPES_EMPTY = "types-empty" Warning "A" "5.7";
    SERVICE = "service-without-combination" Warning "EMV Book 4" "A3";
}
