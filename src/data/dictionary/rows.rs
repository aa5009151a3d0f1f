//! The rows of THE table, by tag. A doc comment is the plain sentence that people read about the object; where it is missing,
//! the object matters to one kernel or card only.
//!
//! `NAME = tag, "name", format "as written", origin, min..=max step lengths apart, [templates], "scopes", sensitive;`
//!
//! Limits are the widest of all books. 9F2A is never 2 bytes long, which a range cannot say; 9F80 is no well-formed tag and
//! belongs to ZIP only.

#[rustfmt::skip]
super::objects! {
    OBJECT_IDENTIFIER_06 = 0x06, "Object identifier", B "b", Card, 0..=255, [0x73], "7816";
    COUNTRY_CODE_AND_NATIONAL_DATA_41 = 0x41, "Country code and national data", B "b", Card, 0..=255, [0x66], "7816";
    /// The first digits of the PAN, which name the issuer
    IIN_42 = 0x42, "Issuer Identification Number (IIN)", N "n6", Card, 3..=3, [0xBF0C, 0x73], "ALL";
    CARD_SERVICE_DATA_43 = 0x43, "Card service data", B "b", Card, 0..=255, [0x66], "7816";
    INITIAL_ACCESS_DATA_44 = 0x44, "Initial access data", B "b", Card, 0..=255, [0x66], "7816";
    CARD_ISSUER_DATA_45 = 0x45, "Card issuer data", B "b", Card, 0..=255, [0x66], "7816";
    PRE_ISSUING_DATA_46 = 0x46, "Pre-issuing data", B "b", Card, 0..=255, [0x66], "7816";
    CARD_CAPABILITIES_47 = 0x47, "Card capabilities", B "b", Card, 3..=3, [0x66], "7816";
    STATUS_INFORMATION_48 = 0x48, "Status information", B "b", Card, 1..=3, [0x66], "7816";
    EXTENDED_HEADER_LIST_4D = 0x4D, "Extended header list", B "b", Card, 0..=255, [], "7816";
    /// The name by which the card offers this application to a terminal
    ADF_NAME_4F = 0x4F, "ADF Name", B "b", Card, 5..=16, [0x61], "ALL";
    /// The name of the application as people may see it on the display
    APPLICATION_LABEL_50 = 0x50, "Application Label", Ans "ans", Card, 1..=16, [0x61, 0xA5], "ALL";
    PATH_51 = 0x51, "Path", B "b", Card, 0..=255, [0x73], "7816";
    COMMAND_TO_PERFORM_52 = 0x52, "Command to perform", B "b", Card, 0..=255, [0x61, 0x73], "7816";
    DISCRETIONARY_DATA_53 = 0x53, "Discretionary data", B "b", Card, 0..=255, [], "7816";
    TRACK_1_DATA_56 = 0x56, "Track 1 Data", Ans "ans", Card, 0..=76, [0x70], "K2,K6", sensitive;
    /// PAN, expiry date, service code and issuer data as track 2 of a magnetic stripe would have them
    TRACK_2_EQUIVALENT_DATA_57 = 0x57, "Track 2 Equivalent Data", B "b", Card, 0..=19, [0x70, 0x77], "ALL", sensitive;
    TRACK_3_DATA_58 = 0x58, "Track 3 data", B "b", Card, 0..=255, [], "7816", sensitive;
    CARD_EXPIRATION_DATE_ISO_59 = 0x59, "Card expiration date (ISO)", N "n4", Card, 2..=2, [], "7816";
    /// The account number on the card
    PAN_5A = 0x5A, "Application PAN", Cn "cn", Card, 0..=10, [0x70, 0x77], "ALL", sensitive;
    NAME_OF_AN_INDIVIDUAL_5B = 0x5B, "Name of an individual", Ans "ans", Card, 0..=255, [], "7816", sensitive;
    TAG_LIST_5C = 0x5C, "Tag list", B "b", Card, 0..=255, [], "7816";
    /// The name of the person the card belongs to
    CARDHOLDER_NAME_5F20 = 0x5F20, "Cardholder Name", Ans "ans", Card, 2..=26, [0x70, 0x77], "ALL", sensitive;
    /// The last day on which the application may be used, as YYMMDD
    APPLICATION_EXPIRATION_DATE_5F24 = 0x5F24, "Application Expiration Date", N "n6", Card, 3..=3, [0x70, 0x77], "ALL";
    /// The first day on which the application may be used, as YYMMDD
    APPLICATION_EFFECTIVE_DATE_5F25 = 0x5F25, "Application Effective Date", N "n6", Card, 3..=3, [0x70, 0x77], "ALL";
    /// The country of the issuer, ISO 3166 numeric; makes a transaction domestic or international
    ISSUER_COUNTRY_CODE_5F28 = 0x5F28, "Issuer Country Code", N "n3", Card, 2..=2, [0x70, 0x77], "ALL";
    /// The currency of the transaction, ISO 4217 numeric
    TRANSACTION_CURRENCY_CODE_5F2A = 0x5F2A, "Transaction Currency Code", N "n3", Terminal, 2..=2, [], "ALL";
    /// Up to four languages the cardholder prefers, ISO 639, best first
    LANGUAGE_PREFERENCE_5F2D = 0x5F2D, "Language Preference", An "an", Card, 2..=8 step 2, [0xA5], "ALL";
    /// What the card may be used for, as a magnetic stripe would say it
    SERVICE_CODE_5F30 = 0x5F30, "Service Code", N "n3", Card, 2..=2, [0x70, 0x77], "ALL";
    /// Tells cards with the same account number apart; enters the derivation of card keys
    PAN_SEQUENCE_NUMBER_5F34 = 0x5F34, "PAN Sequence Number", N "n2", Card, 1..=1, [0x70, 0x77], "ALL";
    /// How many decimal places the transaction currency has
    TRANSACTION_CURRENCY_EXPONENT_5F36 = 0x5F36, "Transaction Currency Exponent", N "n1", Terminal, 1..=1, [], "ALL";
    TRANSACTION_REFERENCE_CURRENCY_CODE_5F3C = 0x5F3C, "Transaction Reference Currency Code (legacy)", N "n3", Terminal, 2..=2, [], "C";
    TRANSACTION_REFERENCE_CURRENCY_EXPONENT_5F3D = 0x5F3D, "Transaction Reference Currency Exponent (legacy)", N "n1", Terminal, 1..=1, [], "C";
    /// Where the issuer can be found on the Internet
    ISSUER_URL_5F50 = 0x5F50, "Issuer URL", Ans "ans", Card, 0..=255, [0xBF0C, 0x73], "ALL";
    /// The international number of the bank account behind the card
    IBAN_5F53 = 0x5F53, "IBAN", Var "var", Card, 0..=34, [0xBF0C, 0x73], "ALL", sensitive;
    /// The international code of the issuing bank
    BIC_5F54 = 0x5F54, "Bank Identifier Code (BIC)", Var "var", Card, 8..=11 step 3, [0xBF0C, 0x73], "ALL";
    /// The country of the issuer in two letters
    ISSUER_COUNTRY_CODE_ALPHA_2_5F55 = 0x5F55, "Issuer Country Code alpha-2", A "a2", Card, 2..=2, [0xBF0C, 0x73], "ALL";
    /// The country of the issuer in three letters
    ISSUER_COUNTRY_CODE_ALPHA_3_5F56 = 0x5F56, "Issuer Country Code alpha-3", A "a3", Card, 3..=3, [0xBF0C, 0x73], "ALL";
    /// The kind of account the cardholder chose
    ACCOUNT_TYPE_5F57 = 0x5F57, "Account Type", N "n2", Terminal, 1..=1, [], "ALL";
    BIOMETRIC_INFORMATION_TEMPLATE_7F60 = 0x7F60, "Biometric Information Template (BIT)", B "b", Either, 0..=255, [0xBF4A, 0xBF4B], "C(bio)";
    /// One application in the list that the card offers
    APPLICATION_TEMPLATE_61 = 0x61, "Application Template", B "b", Card, 0..=252, [0x70, 0xBF0C], "ALL";
    FCP_TEMPLATE_62 = 0x62, "FCP Template", B "b", Card, 0..=252, [], "7816";
    /// What a card answers to SELECT
    FCI_TEMPLATE_6F = 0x6F, "FCI Template", B "b", Card, 0..=252, [], "ALL";
    /// The wrapping of a record
    READ_RECORD_RESPONSE_TEMPLATE_70 = 0x70, "READ RECORD response template", B "b", Card, 0..=252, [], "ALL";
    /// Commands from the issuer to the card, to be sent before the final cryptogram
    ISSUER_SCRIPT_TEMPLATE_1_71 = 0x71, "Issuer Script Template 1", B "b", Issuer, 0..=255, [], "ALL";
    /// Commands from the issuer to the card, to be sent after the final cryptogram
    ISSUER_SCRIPT_TEMPLATE_2_72 = 0x72, "Issuer Script Template 2", B "b", Issuer, 0..=255, [], "ALL";
    /// Issuer data of a directory entry
    DIRECTORY_DISCRETIONARY_TEMPLATE_73 = 0x73, "Directory Discretionary Template", B "b", Card, 0..=252, [0x61], "ALL";
    /// An answer whose objects carry their tags
    RESPONSE_MESSAGE_TEMPLATE_FORMAT_2_77 = 0x77, "Response Message Template Format 2", B "b", Card, 0..=253, [], "ALL";
    /// An answer whose values stand one after the other without tags
    RESPONSE_MESSAGE_TEMPLATE_FORMAT_1_80 = 0x80, "Response Message Template Format 1", B "b", Card, 0..=253, [], "ALL";
    /// The amount of the transaction as a binary number
    AMOUNT_AUTHORISED_BINARY_81 = 0x81, "Amount, Authorised (Binary)", B "b", Terminal, 4..=4, [], "C";
    BIOMETRIC_TYPE_81 = 0x81, "Biometric Type", B "b", Either, 0..=255, [0xA1, 0xBF4E], "C(bio)";
    /// What the card can do: offline data authentication, cardholder verification, risk management
    AIP_82 = 0x82, "Application Interchange Profile", B "b", Card, 2..=2, [0x77, 0x80], "ALL";
    BIOMETRIC_SUBTYPE_82 = 0x82, "Biometric Subtype", B "b", Either, 1..=1, [0xA1], "C(bio)";
    /// The wrapping of the data that the PDOL asked for
    COMMAND_TEMPLATE_83 = 0x83, "Command Template", B "b", Terminal, 0..=255, [], "ALL";
    /// The name of the selected file or application
    DF_NAME_84 = 0x84, "DF Name", B "b", Card, 5..=16, [0x6F], "ALL";
    /// One command APDU of an issuer script
    ISSUER_SCRIPT_COMMAND_86 = 0x86, "Issuer Script Command", B "b", Issuer, 0..=261, [0x71, 0x72], "ALL";
    /// The rank that the card gives to an application
    APPLICATION_PRIORITY_INDICATOR_87 = 0x87, "Application Priority Indicator", B "b", Card, 1..=1, [0x61, 0xA5], "ALL";
    /// The file that holds the directory of a contact card
    SHORT_FILE_IDENTIFIER_88 = 0x88, "Short File Identifier", B "b", Card, 1..=1, [0xA5], "ALL";
    /// The code with which the issuer approved
    AUTHORISATION_CODE_89 = 0x89, "Authorisation Code", Ans "ans", Issuer, 6..=6, [], "ALL";
    /// The decision of the issuer, or of the terminal in its place
    AUTHORISATION_RESPONSE_CODE_8A = 0x8A, "Authorisation Response Code", An "an2", IssuerOrTerminal, 2..=2, [], "ALL";
    /// What kind of terminal this is, for cards that select applications by it
    POI_INFORMATION_8B = 0x8B, "POI Information", B "b", Terminal, 0..=255, [], "EP";
    /// What the card wants to know with the first GENERATE AC
    CDOL1_8C = 0x8C, "CDOL1", B "b", Card, 0..=252, [0x70, 0x77], "K2,K4,K5,K8,C";
    /// What the card wants to know with the second GENERATE AC
    CDOL2_8D = 0x8D, "CDOL2", B "b", Card, 0..=252, [0x70, 0x77], "K5,C";
    /// The ways to verify the cardholder that the issuer accepts, in order, with two amounts X and Y
    CVM_LIST_8E = 0x8E, "CVM List", B "b", Card, 10..=252 step 2, [0x70, 0x77], "K1,K2,K4,K5,C";
    /// Which CA public key verifies the issuer certificate
    CA_PUBLIC_KEY_INDEX_8F = 0x8F, "CA Public Key Index (ICC)", B "b", Card, 1..=1, [0x70, 0x77], "ALL";
    /// The public key of the issuer, signed by the CA
    ISSUER_PUBLIC_KEY_CERTIFICATE_90 = 0x90, "Issuer Public Key Certificate", B "b", Card, 0..=248, [0x70, 0x77], "ALL";
    BIOMETRIC_SOLUTION_ID_90 = 0x90, "Biometric Solution ID", B "b", Either, 0..=255, [0xA1, 0xBF4E], "C(bio)";
    /// Proof for the card that the answer comes from its issuer
    ISSUER_AUTHENTICATION_DATA_91 = 0x91, "Issuer Authentication Data", B "b", Issuer, 8..=16, [], "ALL";
    /// The part of the issuer public key that did not fit into its certificate
    ISSUER_PUBLIC_KEY_REMAINDER_92 = 0x92, "Issuer Public Key Remainder", B "b", Card, 0..=248, [0x70, 0x77], "ALL";
    /// Data of the card, signed once by the issuer
    SSAD_93 = 0x93, "Signed Static Application Data", B "b", Card, 0..=248, [0x70, 0x77], "K2,K3,K4,C";
    /// Which records to read, and which of them are signed
    AFL_94 = 0x94, "Application File Locator", B "b", Card, 0..=252 step 4, [0x77, 0x80], "ALL";
    /// What the terminal found wrong or noteworthy, bit by bit
    TVR_95 = 0x95, "Terminal Verification Results", B "b", Terminal, 5..=5, [], "ALL";
    /// Which kernel the reader selected, for the card to know
    KERNEL_IDENTIFIER_TERMINAL_96 = 0x96, "Kernel Identifier - Terminal", B "b", Terminal, 8..=8, [], "EP,K8";
    /// What goes into the hash that stands for the transaction
    TDOL_97 = 0x97, "TDOL", B "b", Card, 0..=252, [0x70, 0x77], "C";
    /// The hash over what the TDOL asks for
    TC_HASH_VALUE_98 = 0x98, "TC Hash Value", B "b", Terminal, 20..=20, [], "C";
    /// The PIN that the cardholder entered, for offline or online verification
    TRANSACTION_PIN_DATA_99 = 0x99, "Transaction PIN Data", B "b", Terminal, 0..=255, [], "C", sensitive;
    /// The local date of the transaction, as YYMMDD
    TRANSACTION_DATE_9A = 0x9A, "Transaction Date", N "n6", Terminal, 3..=3, [], "ALL";
    /// Which steps the terminal performed
    TSI_9B = 0x9B, "Transaction Status Information", B "b", Terminal, 2..=2, [], "C,K6";
    /// What the transaction is: purchase, cash, refund
    TRANSACTION_TYPE_9C = 0x9C, "Transaction Type", N "n2", Terminal, 1..=1, [], "ALL";
    /// The name of a directory inside a directory
    DDF_NAME_9D = 0x9D, "DDF Name", B "b", Card, 5..=16, [0x61], "C";
    KERNEL_KEY_DATA_9E = 0x9E, "Kernel Key Data", B "b", Terminal, 0..=132, [], "K8";
    BIOMETRIC_HEADER_TEMPLATE_A1 = 0xA1, "Biometric Header Template", B "b", Either, 0..=255, [0x7F60], "C(bio)";
    /// The acquirer inside the payment system
    ACQUIRER_IDENTIFIER_9F01 = 0x9F01, "Acquirer Identifier", N "n6-11", Terminal, 6..=6, [], "ALL";
    /// The amount of the transaction, cashback included
    AMOUNT_AUTHORISED_9F02 = 0x9F02, "Amount, Authorised (Numeric)", N "n12", Terminal, 6..=6, [], "ALL";
    /// The cashback part of the amount
    AMOUNT_OTHER_9F03 = 0x9F03, "Amount, Other (Numeric)", N "n12", Terminal, 6..=6, [], "ALL";
    /// The cashback part of the amount as a binary number
    AMOUNT_OTHER_BINARY_9F04 = 0x9F04, "Amount, Other (Binary)", B "b", Terminal, 4..=4, [], "C";
    /// Data of the application that only issuer and payment system understand
    APPLICATION_DISCRETIONARY_DATA_9F05 = 0x9F05, "Application Discretionary Data", B "b", Card, 1..=32, [0x70, 0x77], "C";
    /// The application as the terminal knows it
    AID_TERMINAL_9F06 = 0x9F06, "AID (terminal)", B "b", Terminal, 5..=16, [], "ALL";
    /// Where and for what the issuer allows the card to be used
    APPLICATION_USAGE_CONTROL_9F07 = 0x9F07, "Application Usage Control", B "b", Card, 2..=2, [0x70, 0x77], "ALL";
    /// The version of the application on the card
    APPLICATION_VERSION_NUMBER_9F08 = 0x9F08, "Application Version Number (ICC)", B "b", Card, 2..=2, [0x70, 0x77], "ALL";
    /// The version of the application that the terminal supports
    APPLICATION_VERSION_NUMBER_TERMINAL_9F09 = 0x9F09, "Application Version Number (terminal)", B "b", Terminal, 2..=2, [], "ALL";
    /// Extra facts about an application that may guide its selection
    ASRPD_9F0A = 0x9F0A, "Application Selection Registered Proprietary Data (ASRPD)", B "b", Card, 0..=255, [0x61, 0x73, 0xBF0C], "ALL";
    /// A cardholder name of more than 26 characters
    CARDHOLDER_NAME_EXTENDED_9F0B = 0x9F0B, "Cardholder Name Extended", Ans "ans", Card, 27..=45, [0x70, 0x77], "ALL", sensitive;
    /// The first six or eight digits of the PAN, which name the issuer
    IINE_9F0C = 0x9F0C, "Issuer Identification Number Extended (IINE)", N "n6,n8", Card, 3..=4, [0xBF0C, 0x73], "ALL";
    /// TVR bits that make the issuer want a decline if the terminal cannot go online
    ISSUER_ACTION_CODE_DEFAULT_9F0D = 0x9F0D, "Issuer Action Code - Default", B "b", Card, 5..=5, [0x70, 0x77], "K2,K4,K5,C";
    /// TVR bits that make the issuer want a decline at once
    ISSUER_ACTION_CODE_DENIAL_9F0E = 0x9F0E, "Issuer Action Code - Denial", B "b", Card, 5..=5, [0x70, 0x77], "K2,K4,K5,C";
    /// TVR bits that make the issuer want to be asked online
    ISSUER_ACTION_CODE_ONLINE_9F0F = 0x9F0F, "Issuer Action Code - Online", B "b", Card, 5..=5, [0x70, 0x77], "K2,K4,K5,C";
    /// What the card tells its issuer about the transaction and its own checks
    IAD_9F10 = 0x9F10, "Issuer Application Data", B "b", Card, 0..=32, [0x77, 0x80], "ALL";
    /// The part of ISO 8859 in which the preferred name is written
    ISSUER_CODE_TABLE_INDEX_9F11 = 0x9F11, "Issuer Code Table Index", N "n2", Card, 1..=1, [0xA5], "ALL";
    /// The name of the application in the alphabet the cardholder prefers
    APPLICATION_PREFERRED_NAME_9F12 = 0x9F12, "Application Preferred Name", Ans "ans", Card, 1..=16, [0x61, 0xA5], "ALL";
    /// The counter value of the last transaction that went online
    LAST_ONLINE_ATC_REGISTER_9F13 = 0x9F13, "Last Online ATC Register", B "b", Card, 2..=2, [], "C";
    /// How many offline transactions in a row are fine while the terminal can go online
    LOWER_CONSECUTIVE_OFFLINE_LIMIT_9F14 = 0x9F14, "Lower Consecutive Offline Limit", B "b", Card, 1..=1, [0x70, 0x77], "C";
    /// The business of the merchant, ISO 18245
    MERCHANT_CATEGORY_CODE_9F15 = 0x9F15, "Merchant Category Code", N "n4", Terminal, 2..=2, [], "ALL";
    /// The merchant inside the acquirer
    MERCHANT_IDENTIFIER_9F16 = 0x9F16, "Merchant Identifier", Ans "ans", Terminal, 15..=15, [], "ALL";
    /// How many PIN tries are left
    PIN_TRY_COUNTER_9F17 = 0x9F17, "PIN Try Counter", B "b", Card, 1..=1, [], "C";
    /// The number by which the issuer knows a script again
    ISSUER_SCRIPT_IDENTIFIER_9F18 = 0x9F18, "Issuer Script Identifier", B "b", Issuer, 4..=4, [0x71, 0x72], "ALL";
    /// Who asked for the token that stands in place of the PAN
    TOKEN_REQUESTOR_ID_9F19 = 0x9F19, "Token Requestor ID", N "n11", Card, 6..=6, [0x70, 0x77], "ALL";
    /// The country of the terminal, ISO 3166 numeric
    TERMINAL_COUNTRY_CODE_9F1A = 0x9F1A, "Terminal Country Code", N "n3", Terminal, 2..=2, [], "ALL";
    /// The amount above which the terminal goes online, as a binary number
    TERMINAL_FLOOR_LIMIT_9F1B = 0x9F1B, "Terminal Floor Limit", B "b", Terminal, 4..=4, [], "C,K6,EP";
    /// The terminal at the merchant
    TERMINAL_IDENTIFICATION_9F1C = 0x9F1C, "Terminal Identification", An "an8", Terminal, 8..=8, [], "ALL";
    /// What the terminal tells the card about its CVMs and modes
    TERMINAL_RISK_MANAGEMENT_DATA_9F1D = 0x9F1D, "Terminal Risk Management Data", B "b", Terminal, 1..=8, [], "C,K2,K8";
    /// The serial number of the reader
    IFD_SERIAL_NUMBER_9F1E = 0x9F1E, "IFD Serial Number", An "an8", Terminal, 8..=8, [], "ALL";
    /// Issuer data of track 1
    TRACK_1_DISCRETIONARY_DATA_9F1F = 0x9F1F, "Track 1 Discretionary Data", Ans "ans", Card, 0..=255, [0x70, 0x77], "ALL", sensitive;
    /// Issuer data of track 2
    TRACK_2_DISCRETIONARY_DATA_9F20 = 0x9F20, "Track 2 Discretionary Data", Cn "cn", Card, 0..=255, [0x70, 0x77], "ALL", sensitive;
    /// The local time of the transaction, as HHMMSS
    TRANSACTION_TIME_9F21 = 0x9F21, "Transaction Time", N "n6", Terminal, 3..=3, [], "ALL";
    /// A CA public key of the terminal
    CA_PUBLIC_KEY_INDEX_TERMINAL_9F22 = 0x9F22, "CA Public Key Index (terminal)", B "b", Terminal, 1..=1, [], "ALL";
    /// How many offline transactions in a row are fine without any online connection
    UPPER_CONSECUTIVE_OFFLINE_LIMIT_9F23 = 0x9F23, "Upper Consecutive Offline Limit", B "b", Card, 1..=1, [0x70, 0x77], "C";
    /// Links all tokens and cards of one account without showing the PAN
    PAR_9F24 = 0x9F24, "Payment Account Reference (PAR)", An "an29", Card, 29..=29, [0x70, 0x77], "ALL", sensitive;
    /// The end of the PAN behind a token, for receipts
    LAST_4_DIGITS_OF_PAN_9F25 = 0x9F25, "Last 4 Digits of PAN", N "n4", Card, 2..=2, [0x70, 0x77], "ALL", sensitive;
    /// The MAC by which the issuer knows that the card agreed to this transaction
    APPLICATION_CRYPTOGRAM_9F26 = 0x9F26, "Application Cryptogram", B "b", Card, 8..=8, [0x77, 0x80], "ALL";
    /// Which cryptogram the card gave: approved, declined, or ask online
    CID_9F27 = 0x9F27, "Cryptogram Information Data", B "b", Card, 1..=1, [0x77, 0x80], "ALL";
    /// Bytes to append to the application name when it is selected
    EXTENDED_SELECTION_9F29 = 0x9F29, "Extended Selection", B "b", Card, 0..=255, [0x61], "EP,K3";
    /// The kernel that the card wants to be processed by
    KERNEL_IDENTIFIER_9F2A = 0x9F2A, "Kernel Identifier", B "b", Card, 1..=8, [0x61], "EP";
    KERNEL_QUALIFIER_9F2B = 0x9F2B, "Kernel Qualifier", B "b", Terminal, 8..=8, [], "K8";
    CARD_QUALIFIER_9F2C = 0x9F2C, "Card Qualifier", B "b", Card, 7..=7, [0xBF0C], "K8";
    ICC_PIN_ENCIPHERMENT_PK_CERTIFICATE_9F2D = 0x9F2D, "ICC PIN Encipherment PK Certificate", B "b", Card, 0..=248, [0x70, 0x77], "C";
    ICC_PIN_ENCIPHERMENT_PK_EXPONENT_9F2E = 0x9F2E, "ICC PIN Encipherment PK Exponent", B "b", Card, 1..=3 step 2, [0x70, 0x77], "C";
    ICC_PIN_ENCIPHERMENT_PK_REMAINDER_9F2F = 0x9F2F, "ICC PIN Encipherment PK Remainder", B "b", Card, 0..=255, [0x70, 0x77], "C";
    BIOMETRIC_TERMINAL_CAPABILITIES_9F30 = 0x9F30, "Biometric Terminal Capabilities", B "b", Terminal, 3..=3, [], "C";
    CARD_BIT_GROUP_TEMPLATE_9F31 = 0x9F31, "Card BIT Group Template", B "b", Card, 0..=255, [0x70], "C";
    /// The exponent of the issuer public key, 3 or 65537
    ISSUER_PUBLIC_KEY_EXPONENT_9F32 = 0x9F32, "Issuer Public Key Exponent", B "b", Card, 1..=3 step 2, [0x70, 0x77], "ALL";
    /// What the terminal can read, verify and authenticate
    TERMINAL_CAPABILITIES_9F33 = 0x9F33, "Terminal Capabilities", B "b", Terminal, 3..=3, [], "ALL";
    /// Which cardholder verification was done last, and what came of it
    CVM_RESULTS_9F34 = 0x9F34, "CVM Results", B "b", Terminal, 3..=3, [], "K1,K2,K4,K5,K8,C";
    /// Who operates the terminal, whether it is attended, and whether it goes online
    TERMINAL_TYPE_9F35 = 0x9F35, "Terminal Type", N "n2", Terminal, 1..=1, [], "ALL";
    /// How many transactions the card has begun; every cryptogram has its own
    ATC_9F36 = 0x9F36, "Application Transaction Counter", B "b", Card, 2..=2, [0x77, 0x80], "ALL";
    /// The challenge of the terminal, which keeps answers from being replayed
    UNPREDICTABLE_NUMBER_9F37 = 0x9F37, "Unpredictable Number", B "b", Terminal, 4..=4, [], "ALL";
    /// What the card wants to know with GET PROCESSING OPTIONS
    PDOL_9F38 = 0x9F38, "PDOL", B "b", Card, 0..=240, [0xA5], "ALL";
    /// How the card data came into the terminal
    POS_ENTRY_MODE_9F39 = 0x9F39, "POS Entry Mode", N "n2", Terminal, 1..=1, [], "ALL";
    AMOUNT_REFERENCE_CURRENCY_BINARY_9F3A = 0x9F3A, "Amount, Reference Currency (Binary)", B "b", Terminal, 4..=4, [], "C";
    /// Currencies in which the card converts amounts
    APPLICATION_REFERENCE_CURRENCY_9F3B = 0x9F3B, "Application Reference Currency", N "n3", Card, 2..=8 step 2, [0x70, 0x77], "C";
    TRANSACTION_REFERENCE_CURRENCY_CODE_9F3C = 0x9F3C, "Transaction Reference Currency Code", N "n3", Terminal, 2..=2, [], "C";
    TRANSACTION_REFERENCE_CURRENCY_EXPONENT_9F3D = 0x9F3D, "Transaction Reference Currency Exponent", N "n1", Terminal, 1..=1, [], "C";
    /// The kinds of terminal an application of the card is meant for
    TERMINAL_CATEGORIES_SUPPORTED_LIST_9F3E = 0x9F3E, "Terminal Categories Supported List", B "b", Card, 0..=255, [0xBF0C], "EP";
    /// What the card wants to know before the application is selected
    SDOL_9F3F = 0x9F3F, "Selection Data Object List (SDOL)", B "b", Card, 0..=255, [0xBF0C], "EP";
    /// Transaction kinds, keys, displays and printers of the terminal
    ADDITIONAL_TERMINAL_CAPABILITIES_9F40 = 0x9F40, "Additional Terminal Capabilities", B "b", Terminal, 5..=5, [], "ALL";
    /// The number of the transaction in the terminal
    TRANSACTION_SEQUENCE_COUNTER_9F41 = 0x9F41, "Transaction Sequence Counter", N "n4-8", Terminal, 2..=4, [], "ALL";
    /// The currency in which the card keeps its limits, ISO 4217 numeric
    APPLICATION_CURRENCY_CODE_9F42 = 0x9F42, "Application Currency Code", N "n3", Card, 2..=2, [0x70, 0x77], "ALL";
    APPLICATION_REFERENCE_CURRENCY_EXPONENT_9F43 = 0x9F43, "Application Reference Currency Exponent", N "n1", Card, 1..=4, [0x70, 0x77], "C";
    /// How many decimal places the application currency has
    APPLICATION_CURRENCY_EXPONENT_9F44 = 0x9F44, "Application Currency Exponent", N "n1", Card, 1..=1, [0x70, 0x77], "ALL";
    /// A code by which the issuer sees that static data authentication was done
    DATA_AUTHENTICATION_CODE_9F45 = 0x9F45, "Data Authentication Code", B "b", Card, 2..=2, [], "ALL";
    /// The public key of the card, signed by the issuer
    ICC_PUBLIC_KEY_CERTIFICATE_9F46 = 0x9F46, "ICC Public Key Certificate", B "b", Card, 0..=248, [0x70, 0x77], "ALL";
    /// The exponent of the card public key, 3 or 65537
    ICC_PUBLIC_KEY_EXPONENT_9F47 = 0x9F47, "ICC Public Key Exponent", B "b", Card, 1..=3 step 2, [0x70, 0x77], "ALL";
    /// The part of the card public key that did not fit into its certificate
    ICC_PUBLIC_KEY_REMAINDER_9F48 = 0x9F48, "ICC Public Key Remainder", B "b", Card, 0..=248, [0x70, 0x77], "ALL";
    /// What the card wants to sign in dynamic data authentication
    DDOL_9F49 = 0x9F49, "DDOL", B "b", Card, 0..=252, [0x70, 0x77], "C";
    /// Objects that are signed in addition to records; only the AIP may stand here
    SDA_TAG_LIST_9F4A = 0x9F4A, "SDA Tag List", B "b", Card, 0..=250, [0x70, 0x77], "ALL";
    /// The signature of the card over this transaction
    SDAD_9F4B = 0x9F4B, "Signed Dynamic Application Data", B "b", Card, 0..=248, [0x77, 0x80], "ALL";
    /// A number from the card that makes its signatures differ
    ICC_DYNAMIC_NUMBER_9F4C = 0x9F4C, "ICC Dynamic Number", B "b", Card, 2..=8, [], "ALL";
    /// Where the card keeps its transaction log, and how many entries it has
    LOG_ENTRY_9F4D = 0x9F4D, "Log Entry", B "b", Card, 2..=2, [0xBF0C, 0x73], "C,K2,K8";
    /// The merchant as the cardholder may read it later
    MERCHANT_NAME_AND_LOCATION_9F4E = 0x9F4E, "Merchant Name and Location", Ans "ans", Terminal, 0..=255, [], "ALL";
    /// What an entry of the transaction log holds
    LOG_FORMAT_9F4F = 0x9F4F, "Log Format", B "b", Card, 0..=255, [], "C";
    OFFLINE_ACCUMULATOR_BALANCE_9F50 = 0x9F50, "Offline Accumulator Balance", N "n12", Card, 6..=6, [], "K2";
    CARDHOLDER_VERIFICATION_STATUS_9F50 = 0x9F50, "Cardholder Verification Status", B "b", Card, 1..=1, [0x77], "K5";
    DUAL_CURRENCY_CODE_9F50 = 0x9F50, "Application dual currency code (Amex card data)", N "n3", Card, 2..=2, [0x70], "K4(card)";
    DRDOL_9F51 = 0x9F51, "DRDOL", B "b", Card, 0..=250, [0x70, 0x77], "K2";
    CARD_CURRENCY_CODE_9F51 = 0x9F51, "Application Currency Code (proprietary)", N "n3", Card, 2..=2, [0x70], "VSDC,K7(card)";
    APPLICATION_DEFAULT_ACTION_9F52 = 0x9F52, "Application Default Action (ADA)", B "b", Card, 2..=6, [0x70], "VSDC,K7(card)";
    TERMINAL_COMPATIBILITY_INDICATOR_9F52 = 0x9F52, "Terminal Compatibility Indicator", B "b", Terminal, 1..=1, [], "K5";
    TRANSACTION_CATEGORY_CODE_9F53 = 0x9F53, "Transaction Category Code", An "an", Terminal, 1..=1, [], "K2";
    TERMINAL_INTERCHANGE_PROFILE_9F53 = 0x9F53, "Terminal Interchange Profile (TIP)", B "b", Terminal, 3..=3, [], "K5";
    CL_CVR_9F53 = 0x9F53, "Contactless Card Verification Results (CL-CVR)", B "b", Card, 8..=8, [], "K6";
    INTERNATIONAL_CURRENCY_LIMIT_9F53 = 0x9F53, "Consecutive Transaction Limit (International currency)", B "b", Card, 1..=1, [0x70], "VSDC,K7(card)";
    DS_ODS_CARD_9F54 = 0x9F54, "DS ODS Card", B "b", Card, 0..=160, [0x77], "K2";
    CUMULATIVE_AMOUNT_LIMIT_9F54 = 0x9F54, "Cumulative Total Transaction Amount Limit", N "n12", Card, 6..=6, [0x70], "VSDC,K7(card)";
    GEOGRAPHIC_INDICATOR_9F55 = 0x9F55, "Issuer Authentication Flags / Geographic Indicator", B "b", Card, 1..=1, [0x70], "VSDC";
    ISSUER_PROPRIETARY_BITMAP_9F56 = 0x9F56, "Issuer Proprietary Bitmap / Auth Indicator", B "b", Card, 0..=255, [0x70], "VSDC,K7";
    /// The country of the issuer, in a tag of the payment system
    ISSUER_COUNTRY_CODE_PROPRIETARY_9F57 = 0x9F57, "Issuer Country Code (proprietary)", N "n3", Card, 2..=2, [0x70], "K3,K5,VSDC,K7(card)";
    CONSECUTIVE_TRANSACTION_LOWER_LIMIT_9F58 = 0x9F58, "Consecutive Transaction Counter Limit / Lower limit", B "b", Card, 1..=1, [0x70], "VSDC,K7(card)";
    INTERAC_MERCHANT_TYPE_9F58 = 0x9F58, "Merchant Type Indicator (Interac)", B "b", Terminal, 1..=1, [], "Interac";
    CONSECUTIVE_TRANSACTION_UPPER_LIMIT_9F59 = 0x9F59, "Consecutive Transaction Counter Upper Limit", B "b", Card, 1..=1, [0x70], "VSDC,K7(card)";
    INTERAC_TRANSACTION_INFORMATION_9F59 = 0x9F59, "Terminal Transaction Information (Interac)", B "b", Terminal, 3..=3, [], "Interac";
    /// The program of the card, for which the reader may have limits of its own
    APPLICATION_PROGRAM_IDENTIFIER_PROGRAM_ID_9F5A = 0x9F5A, "Application Program Identifier (Program ID)", B "b", Card, 1..=16, [0xBF0C], "K3";
    MEMBERSHIP_PRODUCT_IDENTIFIER_9F5A = 0x9F5A, "Membership Product Identifier", An "an", Card, 0..=8, [0x70], "K4";
    INTERAC_TRANSACTION_TYPE_9F5A = 0x9F5A, "Terminal Transaction Type (Interac)", B "b", Terminal, 1..=1, [], "Interac";
    ISSUER_URL_2_PBOC_9F5A = 0x9F5A, "Issuer URL 2 (PBOC)", Ans "ans", Card, 0..=255, [0xBF0C], "K7(card)";
    /// What came of the issuer script commands, for the issuer
    ISSUER_SCRIPT_RESULTS_9F5B = 0x9F5B, "Issuer Script Results", B "b", Kernel, 5..=255, [], "K3,K7,C";
    DSDOL_9F5B = 0x9F5B, "DSDOL", B "b", Card, 0..=250, [0x70, 0x77], "K2";
    PRODUCT_MEMBERSHIP_NUMBER_9F5B = 0x9F5B, "Product Membership Number", An "an", Card, 0..=32, [0x70], "K4", sensitive;
    DS_REQUESTED_OPERATOR_ID_9F5C = 0x9F5C, "DS Requested Operator ID", B "b", Terminal, 8..=8, [], "K2";
    MDOL_9F5C = 0x9F5C, "Magstripe Data Object List (MDOL)", B "b", Card, 0..=252, [0x70], "K5";
    CUMULATIVE_AMOUNT_UPPER_LIMIT_9F5C = 0x9F5C, "Cumulative Total Transaction Amount Upper Limit", N "n12", Card, 6..=6, [], "K3(card),K7(card)";
    /// What the card may still spend offline, for receipt and display
    AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D = 0x9F5D, "Available Offline Spending Amount", N "n12", Card, 6..=6, [0x77, 0x70], "K3,K7";
    APPLICATION_CAPABILITIES_INFORMATION_9F5D = 0x9F5D, "Application Capabilities Information (ACI)", B "b", Card, 3..=3, [0xBF0C], "K2";
    INTERAC_RECEIPT_REQUIRED_LIMIT_9F5D = 0x9F5D, "Receipt Required Limit (Interac)", N "n12", Terminal, 6..=6, [], "Interac";
    DS_ID_9F5E = 0x9F5E, "DS ID", N "n16-22", Card, 8..=11, [0xBF0C], "K2", sensitive;
    INTERNATIONAL_UPPER_LIMIT_9F5E = 0x9F5E, "Consecutive Transaction Intl Upper Limit", B "b", Card, 1..=1, [], "K3(card)";
    INTERAC_OPTION_STATUS_9F5E = 0x9F5E, "Terminal Option Status (Interac)", B "b", Terminal, 2..=2, [], "Interac";
    DS_SLOT_AVAILABILITY_9F5F = 0x9F5F, "DS Slot Availability", B "b", Card, 1..=1, [0x77], "K2";
    OFFLINE_BALANCE_9F5F = 0x9F5F, "Offline Balance", N "n12", Card, 6..=6, [0x77], "K5";
    INTERAC_FLOOR_LIMIT_9F5F = 0x9F5F, "Terminal Contactless Floor Limit (Interac)", N "n12", Terminal, 6..=6, [], "Interac";
    CVC3_TRACK1_9F60 = 0x9F60, "CVC3 (Track1)", B "b", Card, 2..=2, [0x77], "K2";
    ISSUER_UPDATE_PARAMETER_9F60 = 0x9F60, "Issuer Update Parameter", B "b", Card, 1..=1, [0x77], "K5";
    CVC3_TRACK2_9F61 = 0x9F61, "CVC3 (Track2)", B "b", Card, 2..=2, [0x77], "K2";
    CARDHOLDER_ID_NUMBER_PBOC_9F61 = 0x9F61, "Cardholder ID number (PBOC)", Ans "ans", Card, 0..=40, [0x70], "K7(card)", sensitive;
    PCVC3_TRACK1_9F62 = 0x9F62, "PCVC3 (Track1)", B "b", Card, 6..=6, [0x70], "K2";
    CARDHOLDER_ID_TYPE_PBOC_9F62 = 0x9F62, "Cardholder ID type (PBOC)", N "n2", Card, 1..=1, [0x70], "K7(card)";
    PUNATC_TRACK1_9F63 = 0x9F63, "PUNATC (Track1)", B "b", Card, 6..=6, [0x70], "K2";
    PRODUCT_IDENTIFICATION_INFORMATION_9F63 = 0x9F63, "Product Identification Information", B "b", Card, 0..=16, [0x70], "K7";
    OFFLINE_COUNTER_INITIAL_VALUE_9F63 = 0x9F63, "Offline Counter Initial Value", B "b", Card, 1..=1, [0x70], "VSDC";
    NATC_TRACK1_9F64 = 0x9F64, "NATC (Track1)", B "b", Card, 1..=1, [0x70], "K2";
    PCVC3_TRACK2_9F65 = 0x9F65, "PCVC3 (Track2)", B "b", Card, 2..=2, [0x70], "K2";
    /// What the reader supports and needs for this transaction
    TTQ_9F66 = 0x9F66, "Terminal Transaction Qualifiers (TTQ)", B "b", Terminal, 4..=4, [], "K3,K6,K7,K1";
    PUNATC_TRACK2_9F66 = 0x9F66, "PUNATC (Track2)", B "b", Card, 2..=2, [0x70], "K2";
    SINGLE_VALUE_LIMIT_CURRENCY_CODE_9F66 = 0x9F66, "Single transaction value limit check - dual currency code (Amex card data)", N "n3", Card, 2..=2, [0x70], "K4(card)";
    NATC_TRACK2_9F67 = 0x9F67, "NATC (Track2)", B "b", Card, 1..=1, [0x70], "K2";
    MSD_OFFSET_9F67 = 0x9F67, "MSD Offset", B "b", Card, 1..=1, [0x70], "VSDC";
    FORM_FACTOR_9F67 = 0x9F67, "Form Factor", N "n6", Card, 3..=3, [0x70], "K4";
    /// Risk options the card keeps for itself
    CARD_ADDITIONAL_PROCESSES_9F68 = 0x9F68, "Card Additional Processes", B "b", Card, 4..=4, [], "K3(card)";
    MAG_STRIPE_CVM_LIST_9F68 = 0x9F68, "Mag-stripe CVM List (PayPass 3.x)", B "b", Card, 10..=250, [0x70], "K2(card)";
    UDOL_9F69 = 0x9F69, "UDOL", B "b", Card, 0..=250, [0x70], "K2";
    /// Card data that goes into the fDDA signature: version, card unpredictable number, copy of the CTQ
    CARD_AUTHENTICATION_RELATED_DATA_9F69 = 0x9F69, "Card Authentication Related Data", B "b", Card, 5..=16, [0x77, 0x70], "K3,K7";
    UNPREDICTABLE_NUMBER_NUMERIC_9F6A = 0x9F6A, "Unpredictable Number (Numeric)", N "n8", Terminal, 4..=4, [], "K2";
    TRACK_2_DATA_9F6B = 0x9F6B, "Track 2 Data", B "b", Card, 0..=19, [0x70], "K2", sensitive;
    CARD_CVM_LIMIT_9F6B = 0x9F6B, "Card CVM Limit", N "n12", Card, 6..=6, [0x70], "K3(card),K7(card)";
    /// How the card wants the transaction to go on: CVM, online, other interface
    CTQ_9F6C = 0x9F6C, "Card Transaction Qualifiers (CTQ)", B "b", Card, 2..=2, [0x77, 0x70], "K3,K7";
    MAG_STRIPE_VERSION_CARD_9F6C = 0x9F6C, "Mag-stripe Application Version Number (Card, PayPass 3.x)", B "b", Card, 2..=2, [0x70], "K2(card)";
    MAG_STRIPE_VERSION_READER_9F6D = 0x9F6D, "Mag-stripe App Version Number (Reader)", B "b", Terminal, 2..=2, [], "K2";
    CONTACTLESS_READER_CAPABILITIES_9F6D = 0x9F6D, "Contactless Reader Capabilities", B "b", Terminal, 1..=1, [], "K4";
    VLP_EC_RESET_THRESHOLD_9F6D = 0x9F6D, "VLP / EC Reset Threshold", N "n12", Card, 6..=6, [0x70], "K1,K7";
    THIRD_PARTY_DATA_9F6E = 0x9F6E, "Third Party Data", B "b", Card, 5..=32, [0x70, 0xBF0C], "K2";
    /// What the card physically is, and what it can do
    FORM_FACTOR_INDICATOR_9F6E = 0x9F6E, "Form Factor Indicator (FFI)", B "b", Card, 4..=4, [0x77, 0x70], "K3";
    ENHANCED_CL_READER_CAPABILITIES_9F6E = 0x9F6E, "Enhanced CL Reader Capabilities", B "b", Terminal, 4..=4, [], "K4";
    DEVICE_INFORMATION_9F6E = 0x9F6E, "Device Information", B "b", Card, 4..=4, [0x70], "K5";
    FORM_FACTOR_INDICATOR_UPI_9F6E = 0x9F6E, "Form Factor Indicator (UPI)", B "b", Card, 4..=4, [0x77, 0x70], "K7";
    FORM_FACTOR_IDENTIFIER_9F6E = 0x9F6E, "Form Factor Identifier (D-PAS)", B "b", Card, 8..=8, [0xBF0C], "K6";
    DS_SLOT_MANAGEMENT_CONTROL_9F6F = 0x9F6F, "DS Slot Management Control", B "b", Card, 1..=1, [0x77], "K2";
    PROTECTED_DATA_ENVELOPE_1_9F70 = 0x9F70, "Protected Data Envelope 1", B "b", Card, 0..=192, [], "K2";
    CARD_INTERFACE_AND_PAYMENT_CAPABILITIES_9F70 = 0x9F70, "Card Interface and Payment Capabilities", B "b", Card, 2..=2, [0x70, 0x77], "K4";
    PROTECTED_DATA_ENVELOPE_2_9F71 = 0x9F71, "Protected Data Envelope 2", B "b", Card, 0..=192, [], "K2";
    MOBILE_CVM_RESULTS_9F71 = 0x9F71, "Mobile CVM Results", B "b", Card, 3..=3, [0x77], "K4";
    CARD_PROCESSING_REQUIREMENTS_9F71 = 0x9F71, "Card Processing Requirements (CPR)", B "b", Card, 2..=2, [0x77], "K6";
    PROTECTED_DATA_ENVELOPE_3_9F72 = 0x9F72, "Protected Data Envelope 3", B "b", Card, 0..=192, [], "K2";
    INTERNATIONAL_COUNTRY_LIMIT_9F72 = 0x9F72, "Consecutive Transaction Limit (Intl-country)", B "b", Card, 1..=1, [], "VSDC,K7";
    PROTECTED_DATA_ENVELOPE_4_9F73 = 0x9F73, "Protected Data Envelope 4", B "b", Card, 0..=192, [], "K2";
    CURRENCY_CONVERSION_PARAMETERS_9F73 = 0x9F73, "Currency Conversion Parameters", N "n8", Card, 4..=4, [], "VSDC";
    PROTECTED_DATA_ENVELOPE_5_9F74 = 0x9F74, "Protected Data Envelope 5", B "b", Card, 0..=192, [], "K2";
    VLP_ISSUER_AUTHORISATION_CODE_9F74 = 0x9F74, "VLP Issuer Authorisation Code", A "a6", Card, 6..=6, [0x70], "K1";
    EC_ISSUER_AUTHORISATION_CODE_9F74 = 0x9F74, "EC Issuer Authorisation Code", An "an", Card, 6..=6, [0x70], "K7";
    UNPROTECTED_DATA_ENVELOPE_1_9F75 = 0x9F75, "Unprotected Data Envelope 1", B "b", Card, 0..=192, [], "K2";
    CUMULATIVE_AMOUNT_LIMIT_DUAL_CURRENCY_9F75 = 0x9F75, "Cumulative Total Txn Amount Limit - dual currency", N "n12", Card, 6..=6, [], "VSDC";
    UNPROTECTED_DATA_ENVELOPE_2_9F76 = 0x9F76, "Unprotected Data Envelope 2", B "b", Card, 0..=192, [], "K2";
    SECONDARY_APPLICATION_CURRENCY_CODE_9F76 = 0x9F76, "Secondary Application Currency Code", N "n3", Card, 2..=2, [], "VSDC,K7";
    UNPROTECTED_DATA_ENVELOPE_3_9F77 = 0x9F77, "Unprotected Data Envelope 3", B "b", Card, 0..=192, [], "K2";
    VLP_FUNDS_LIMIT_EC_BALANCE_LIMIT_9F77 = 0x9F77, "VLP Funds Limit / EC balance limit", N "n12", Card, 6..=6, [0x70], "K1,K7";
    APPLICATION_SPECIFICATION_VERSION_AMEX_9F77 = 0x9F77, "Application Specification Version (Amex)", B "b", Card, 0..=255, [0x70], "K4";
    UNPROTECTED_DATA_ENVELOPE_4_9F78 = 0x9F78, "Unprotected Data Envelope 4", B "b", Card, 0..=192, [], "K2";
    VLP_SINGLE_EC_SINGLE_TXN_LIMIT_9F78 = 0x9F78, "VLP single / EC single txn limit", N "n12", Card, 6..=6, [0x70], "K1,K7";
    UNPROTECTED_DATA_ENVELOPE_5_9F79 = 0x9F79, "Unprotected Data Envelope 5", B "b", Card, 0..=192, [], "K2";
    VLP_AVAILABLE_EC_BALANCE_9F79 = 0x9F79, "VLP available / EC balance", N "n12", Card, 6..=6, [], "K1,K7";
    VLP_EC_TERMINAL_SUPPORT_INDICATOR_9F7A = 0x9F7A, "VLP / EC Terminal Support Indicator", N "n1", Terminal, 1..=1, [], "K1,K7";
    VLP_EC_TERMINAL_TRANSACTION_LIMIT_9F7B = 0x9F7B, "VLP / EC Terminal Transaction Limit", N "n12", Terminal, 6..=6, [], "K1,K7";
    MERCHANT_CUSTOM_DATA_9F7C = 0x9F7C, "Merchant Custom Data", B "b", Terminal, 20..=20, [], "K2";
    /// Data that card and issuer use as they like
    CUSTOMER_EXCLUSIVE_DATA_9F7C = 0x9F7C, "Customer Exclusive Data", B "b", Card, 0..=32, [0x77, 0x70], "K3";
    PARTNER_DISCRETIONARY_DATA_9F7C = 0x9F7C, "Partner Discretionary Data", B "b", Card, 0..=32, [0x70], "K5";
    PARTNER_PROPRIETARY_DATA_9F7C = 0x9F7C, "Partner Proprietary Data", B "b", Card, 0..=32, [0x77, 0x70], "K7";
    DS_SUMMARY_1_9F7D = 0x9F7D, "DS Summary 1", B "b", Card, 8..=16 step 8, [0x77], "K2";
    APPLICATION_SPECIFICATION_VERSION_9F7D = 0x9F7D, "Application Specification Version", B "b", Card, 1..=2, [0xBF0C], "K6";
    MOBILE_SUPPORT_INDICATOR_9F7E = 0x9F7E, "Mobile Support Indicator", B "b", Terminal, 1..=1, [], "K2";
    DCVV_9F7E = 0x9F7E, "DCVV (ZIP / D-PAS mag-stripe)", B "b", Card, 3..=3, [0x70], "K6";
    DS_UNPREDICTABLE_NUMBER_9F7F = 0x9F7F, "DS Unpredictable Number", B "b", Card, 4..=4, [0x77], "K2";
    CPLC_DATA_9F7F = 0x9F7F, "CPLC data", B "b", Card, 42..=42, [], "GlobalPlatform";
    DCVV_9F80 = 0x9F80, "DCVV (ZIP, before version 2)", B "b", Card, 3..=3, [0x70], "K6";
    /// The part of the SELECT answer that EMV defines
    FCI_PROPRIETARY_TEMPLATE_A5 = 0xA5, "FCI Proprietary Template", B "b", Card, 0..=240, [0x6F], "ALL";
    /// Issuer data in the SELECT answer; in the PPSE the list of applications
    FCI_ISSUER_DISCRETIONARY_DATA_BF0C = 0xBF0C, "FCI Issuer Discretionary Data", B "b", Card, 0..=222, [0xA5], "ALL";
    DATA_STORAGE_UPDATE_TEMPLATE_BF10 = 0xBF10, "Data Storage Update Template", B "b", Card, 0..=255, [], "K6";
    WRITE_DATA_STORAGE_TEMPLATE_BF11 = 0xBF11, "Write Data Storage Template", B "b", Terminal, 0..=255, [], "K6";
    OFFLINE_BIT_GROUP_TEMPLATE_BF4A = 0xBF4A, "Offline BIT Group Template", B "b", Card, 0..=255, [0x9F31], "C";
    ONLINE_BIT_GROUP_TEMPLATE_BF4B = 0xBF4B, "Online BIT Group Template", B "b", Card, 0..=255, [0x9F31], "C";
    BIOMETRIC_TRY_COUNTERS_TEMPLATE_BF4C = 0xBF4C, "Biometric Try Counters Template", B "b", Card, 0..=255, [], "C";
    PREFERRED_ATTEMPTS_TEMPLATE_BF4D = 0xBF4D, "Preferred Attempts Template", B "b", Card, 0..=255, [], "C";
    BIOMETRIC_VERIFICATION_DATA_TEMPLATE_BF4E = 0xBF4E, "Biometric Verification Data Template", B "b", Terminal, 0..=255, [], "C(bio)";
    /// What the reader writes into the card's Integrated Data Storage (IDS), an option of Kernel 3 that emvtap does not support
    IDS_RECORD_UPDATE_TEMPLATE_BF60 = 0xBF60, "IDS Record Update Template", B "b", Terminal, 0..=255, [], "K3";
    OFFLINE_BALANCE_D1 = 0xD1, "Offline Balance (D-PAS)", B "b", Card, 6..=6, [0x77], "K6";
    /// The slots of the card's Integrated Data Storage (IDS), an option of Kernel 3 that emvtap does not support
    IDS_DIRECTORY_D2 = 0xD2, "IDS Directory", B "b", Card, 0..=255, [0xBF0C], "K3";
    ENCRYPTED_RECORD_DA = 0xDA, "Encrypted READ RECORD response", B "b", Card, 0..=255, [], "K8";
    CRM_CAC_SWITCH_INTERFACE_DF30 = 0xDF30, "CRM-CAC Switch Interface (D-PAS card data)", B "b", Card, 3..=3, [], "K6(card)";
    CRM_CAC_DENIAL_DF31 = 0xDF31, "CRM-CAC Denial (D-PAS card data)", B "b", Card, 3..=3, [], "K6(card)";
    CRM_CAC_ONLINE_DF32 = 0xDF32, "CRM-CAC Online (D-PAS card data)", B "b", Card, 3..=3, [], "K6(card)";
    CRM_CAC_DEFAULT_DF33 = 0xDF33, "CRM-CAC Default (D-PAS card data)", B "b", Card, 3..=3, [], "K6(card)";
    CVM_CAC_ONLINE_PIN_DF34 = 0xDF34, "CVM-CAC Online PIN (D-PAS card data)", B "b", Card, 2..=2, [], "K6(card)";
    CVM_CAC_SIGNATURE_DF35 = 0xDF35, "CVM-CAC Signature (D-PAS card data)", B "b", Card, 2..=2, [], "K6(card)";
    CARD_FEATURE_VERSION_NUMBER_DF3A = 0xDF3A, "Card Feature Version Number", B "b", Card, 1..=1, [0xBF0C], "K6";
    CARD_FEATURE_DESCRIPTOR_DF3B = 0xDF3B, "Card Feature Descriptor", B "b", Card, 0..=255, [0xBF0C], "K6";
    EXTENDED_LOGGING_DATA_DF3C = 0xDF3C, "Extended Logging Data", B "b", Either, 1..=32, [], "K6";
    DATA_STORAGE_DIRECTORY_DF3D = 0xDF3D, "Data Storage Directory", B "b", Card, 8..=248 step 10, [], "K6";
    CARD_ID_DF3E = 0xDF3E, "Card ID", B "b", Card, 11..=64, [0x70], "K6", sensitive;
    DATA_STORE_DF3F = 0xDF3F, "Data Store", B "b", Card, 0..=255, [], "K6";
    POS_CARDHOLDER_INTERACTION_INFORMATION_DF4B = 0xDF4B, "POS Cardholder Interaction Information", B "b", Card, 3..=3, [0x77], "K2";
    FACIAL_TRY_COUNTER_DF50 = 0xDF50, "Facial Try Counter", B "b", Card, 1..=1, [0xBF4C], "C(bio)";
    PREFERRED_FACIAL_ATTEMPTS_DF50 = 0xDF50, "Preferred Facial Attempts", B "b", Card, 1..=1, [0xBF4D], "C(bio)";
    ENCIPHERED_BIOMETRIC_KEY_SEED_DF50 = 0xDF50, "Enciphered Biometric Key Seed", B "b", Terminal, 0..=255, [0xBF4E], "C(bio)";
    FINGER_TRY_COUNTER_DF51 = 0xDF51, "Finger Try Counter", B "b", Card, 1..=1, [0xBF4C], "C(bio)";
    PREFERRED_FINGER_ATTEMPTS_DF51 = 0xDF51, "Preferred Finger Attempts", B "b", Card, 1..=1, [0xBF4D], "C(bio)";
    ENCIPHERED_BIOMETRIC_DATA_DF51 = 0xDF51, "Enciphered Biometric Data", B "b", Terminal, 0..=255, [0xBF4E], "C(bio)", sensitive;
    IRIS_TRY_COUNTER_DF52 = 0xDF52, "Iris Try Counter", B "b", Card, 1..=1, [0xBF4C], "C(bio)";
    PREFERRED_IRIS_ATTEMPTS_DF52 = 0xDF52, "Preferred Iris Attempts", B "b", Card, 1..=1, [0xBF4D], "C(bio)";
    MAC_OF_ENCIPHERED_BIOMETRIC_DATA_DF52 = 0xDF52, "MAC of Enciphered Biometric Data", B "b", Terminal, 8..=8, [0xBF4E], "C(bio)";
    PALM_TRY_COUNTER_DF53 = 0xDF53, "Palm Try Counter", B "b", Card, 1..=1, [0xBF4C], "C(bio)";
    PREFERRED_PALM_ATTEMPTS_DF53 = 0xDF53, "Preferred Palm Attempts", B "b", Card, 1..=1, [0xBF4D], "C(bio)";
    VOICE_TRY_COUNTER_DF54 = 0xDF54, "Voice Try Counter", B "b", Card, 1..=1, [0xBF4C], "C(bio)";
    PREFERRED_VOICE_ATTEMPTS_DF54 = 0xDF54, "Preferred Voice Attempts", B "b", Card, 1..=1, [0xBF4D], "C(bio)";
    DS_INPUT_CARD_DF60 = 0xDF60, "DS Input (Card)", B "b", Terminal, 8..=8, [], "K2";
    VISA_LOG_ENTRY_DF60 = 0xDF60, "Visa Log Entry", B "b", Card, 2..=2, [0xBF0C], "VSDC";
    DS_DIGEST_H_DF61 = 0xDF61, "DS Digest H", B "b", Terminal, 8..=8, [], "K2";
    EC_ODA_CAPABILITY_INDICATOR_DF61 = 0xDF61, "EC/ODA capability indicator (UPI FCI)", B "b", Card, 0..=255, [0xBF0C], "K7";
    DS_ODS_INFO_DF62 = 0xDF62, "DS ODS Info", B "b", Terminal, 1..=1, [], "K2";
    APPLICATION_SELECTION_FLAG_DF62 = 0xDF62, "Application Selection Flag", B "b", Card, 2..=2, [0xBF0C], "K6,Interac";
    DS_ODS_TERM_DF63 = 0xDF63, "DS ODS Term", B "b", Terminal, 0..=160, [], "K2";
    SM_ALGORITHM_SUPPORT_INDICATOR_DF69 = 0xDF69, "SM algorithm support indicator", B "b", Terminal, 1..=1, [], "K7";
    PROGRAM_IDENTIFIER_DF70 = 0xDF70, "Program Identifier", B "b", Card, 0..=255, [], "K6";
    VALUE_ADDED_TAX_1_DF71 = 0xDF71, "Value Added Tax 1", B "b", Terminal, 0..=255, [], "K6";
    VALUE_ADDED_TAX_2_DF72 = 0xDF72, "Value Added Tax 2", B "b", Terminal, 0..=255, [], "K6";
    TRANSIT_AGENT_ID_DF72 = 0xDF72, "Transit Agent ID", B "b", Card, 0..=255, [], "K5";
    TRANSIT_RELATED_DATA_DF73 = 0xDF73, "Transit Related Data", B "b", Card, 0..=255, [], "K5";
    DS_SUMMARY_2_DF8101 = 0xDF8101, "DS Summary 2", B "b", Card, 8..=16 step 8, [], "K2";
    DS_SUMMARY_3_DF8102 = 0xDF8102, "DS Summary 3", B "b", Card, 8..=16 step 8, [], "K2";
    BALANCE_READ_BEFORE_GEN_AC_DF8104 = 0xDF8104, "Balance Read Before Gen AC", N "n12", Terminal, 6..=6, [], "K2";
    BALANCE_READ_AFTER_GEN_AC_DF8105 = 0xDF8105, "Balance Read After Gen AC", N "n12", Terminal, 6..=6, [], "K2";
    DATA_NEEDED_DF8106 = 0xDF8106, "Data Needed", B "b", Terminal, 0..=255, [], "K2";
    CDOL1_RELATED_DATA_DF8107 = 0xDF8107, "CDOL1 Related Data", B "b", Terminal, 0..=255, [], "K2";
    DS_AC_TYPE_DF8108 = 0xDF8108, "DS AC Type", B "b", Terminal, 1..=1, [], "K2";
    DS_INPUT_TERM_DF8109 = 0xDF8109, "DS Input (Term)", B "b", Terminal, 8..=8, [], "K2";
    DS_ODS_INFO_FOR_READER_DF810A = 0xDF810A, "DS ODS Info For Reader", B "b", Terminal, 1..=1, [], "K2";
    DS_SUMMARY_STATUS_DF810B = 0xDF810B, "DS Summary Status", B "b", Terminal, 1..=1, [], "K2";
    KERNEL_ID_DF810C = 0xDF810C, "Kernel ID", B "b", Terminal, 1..=1, [], "K2";
    DSVN_TERM_DF810D = 0xDF810D, "DSVN Term", B "b", Terminal, 0..=255, [], "K2";
    POST_GEN_AC_PUT_DATA_STATUS_DF810E = 0xDF810E, "Post-Gen AC Put Data Status", B "b", Terminal, 1..=1, [], "K2";
    PRE_GEN_AC_PUT_DATA_STATUS_DF810F = 0xDF810F, "Pre-Gen AC Put Data Status", B "b", Terminal, 1..=1, [], "K2";
    PROCEED_TO_FIRST_WRITE_FLAG_DF8110 = 0xDF8110, "Proceed To First Write Flag", B "b", Terminal, 1..=1, [], "K2";
    PDOL_RELATED_DATA_DF8111 = 0xDF8111, "PDOL Related Data", B "b", Terminal, 0..=255, [], "K2";
    TAGS_TO_READ_DF8112 = 0xDF8112, "Tags To Read", B "b", Terminal, 0..=255, [], "K2";
    DRDOL_RELATED_DATA_DF8113 = 0xDF8113, "DRDOL Related Data", B "b", Terminal, 0..=255, [], "K2";
    REFERENCE_CONTROL_PARAMETER_DF8114 = 0xDF8114, "Reference Control Parameter", B "b", Terminal, 1..=1, [], "K2";
    ERROR_INDICATION_DF8115 = 0xDF8115, "Error Indication", B "b", Terminal, 6..=6, [], "K2";
    USER_INTERFACE_REQUEST_DATA_DF8116 = 0xDF8116, "User Interface Request Data", B "b", Terminal, 13..=22 step 9, [], "K2";
    CARD_DATA_INPUT_CAPABILITY_DF8117 = 0xDF8117, "Card Data Input Capability", B "b", Terminal, 1..=1, [], "K2";
    CVM_CAPABILITY_CVM_REQUIRED_DF8118 = 0xDF8118, "CVM Capability - CVM Required", B "b", Terminal, 1..=1, [], "K2";
    CVM_CAPABILITY_NO_CVM_REQUIRED_DF8119 = 0xDF8119, "CVM Capability - No CVM Required", B "b", Terminal, 1..=1, [], "K2";
    DEFAULT_UDOL_DF811A = 0xDF811A, "Default UDOL", B "b", Terminal, 3..=3, [], "K2";
    KERNEL_CONFIGURATION_DF811B = 0xDF811B, "Kernel Configuration", B "b", Terminal, 1..=1, [], "K2";
    MAX_LIFETIME_OF_TORN_RECORD_DF811C = 0xDF811C, "Max Lifetime of Torn Transaction Log Record", B "b", Terminal, 2..=2, [], "K2";
    MAX_NUMBER_OF_TORN_RECORDS_DF811D = 0xDF811D, "Max Number of Torn Transaction Log Records", B "b", Terminal, 1..=1, [], "K2";
    MAG_STRIPE_CVM_CAPABILITY_CVM_REQUIRED_DF811E = 0xDF811E, "Mag-stripe CVM Capability - CVM Required", B "b", Terminal, 1..=1, [], "K2";
    SECURITY_CAPABILITY_DF811F = 0xDF811F, "Security Capability", B "b", Terminal, 1..=1, [], "K2";
    TAC_DEFAULT_DF8120 = 0xDF8120, "TAC - Default", B "b", Terminal, 5..=5, [], "K2";
    TAC_DENIAL_DF8121 = 0xDF8121, "TAC - Denial", B "b", Terminal, 5..=5, [], "K2";
    TAC_ONLINE_DF8122 = 0xDF8122, "TAC - Online", B "b", Terminal, 5..=5, [], "K2";
    READER_CONTACTLESS_FLOOR_LIMIT_DF8123 = 0xDF8123, "Reader Contactless Floor Limit", N "n12", Terminal, 6..=6, [], "K2";
    TRANSACTION_LIMIT_NO_ON_DEVICE_CVM_DF8124 = 0xDF8124, "Reader CL Transaction Limit (No on-device CVM)", N "n12", Terminal, 6..=6, [], "K2";
    TRANSACTION_LIMIT_ON_DEVICE_CVM_DF8125 = 0xDF8125, "Reader CL Transaction Limit (On-device CVM)", N "n12", Terminal, 6..=6, [], "K2";
    READER_CVM_REQUIRED_LIMIT_DF8126 = 0xDF8126, "Reader CVM Required Limit", N "n12", Terminal, 6..=6, [], "K2";
    TIME_OUT_VALUE_DF8127 = 0xDF8127, "Time Out Value", B "b", Terminal, 2..=2, [], "K2";
    IDS_STATUS_DF8128 = 0xDF8128, "IDS Status", B "b", Terminal, 1..=1, [], "K2";
    OUTCOME_PARAMETER_SET_DF8129 = 0xDF8129, "Outcome Parameter Set", B "b", Terminal, 8..=8, [], "K2";
    DD_CARD_TRACK1_DF812A = 0xDF812A, "DD Card (Track1)", Ans "ans", Terminal, 0..=56, [], "K2", sensitive;
    DD_CARD_TRACK2_DF812B = 0xDF812B, "DD Card (Track2)", Cn "cn", Terminal, 0..=11, [], "K2", sensitive;
    MAG_STRIPE_CVM_CAPABILITY_NO_CVM_REQUIRED_DF812C = 0xDF812C, "Mag-stripe CVM Capability - No CVM Required", B "b", Terminal, 1..=1, [], "K2";
    MESSAGE_HOLD_TIME_DF812D = 0xDF812D, "Message Hold Time", N "n6", Terminal, 3..=3, [], "K2";
    HOLD_TIME_VALUE_DF8130 = 0xDF8130, "Hold Time Value", B "b", Terminal, 1..=1, [], "K2";
    PHONE_MESSAGE_TABLE_DF8131 = 0xDF8131, "Phone Message Table", B "b", Terminal, 0..=248 step 8, [], "K2";
    MIN_RELAY_RESISTANCE_GRACE_PERIOD_DF8132 = 0xDF8132, "Min Relay Resistance Grace Period", B "b", Terminal, 2..=2, [], "K2";
    MAX_RELAY_RESISTANCE_GRACE_PERIOD_DF8133 = 0xDF8133, "Max Relay Resistance Grace Period", B "b", Terminal, 2..=2, [], "K2";
    EXPECTED_TXN_TIME_RR_C_APDU_DF8134 = 0xDF8134, "Expected Txn Time RR C-APDU", B "b", Terminal, 2..=2, [], "K2";
    EXPECTED_TXN_TIME_RR_R_APDU_DF8135 = 0xDF8135, "Expected Txn Time RR R-APDU", B "b", Terminal, 2..=2, [], "K2";
    RR_ACCURACY_THRESHOLD_DF8136 = 0xDF8136, "RR Accuracy Threshold", B "b", Terminal, 2..=2, [], "K2";
    RR_TRANSMISSION_TIME_MISMATCH_THRESHOLD_DF8137 = 0xDF8137, "RR Transmission Time Mismatch Threshold", B "b", Terminal, 1..=1, [], "K2";
    TERMINAL_RR_ENTROPY_DF8301 = 0xDF8301, "Terminal RR Entropy", B "b", Terminal, 4..=4, [], "K2";
    DEVICE_RR_ENTROPY_DF8302 = 0xDF8302, "Device RR Entropy", B "b", Card, 4..=4, [], "K2";
    MIN_TIME_FOR_PROCESSING_RR_APDU_DF8303 = 0xDF8303, "Min Time for Processing RR APDU", B "b", Card, 2..=2, [], "K2";
    MAX_TIME_FOR_PROCESSING_RR_APDU_DF8304 = 0xDF8304, "Max Time for Processing RR APDU", B "b", Card, 2..=2, [], "K2";
    DEVICE_EST_TRANSMISSION_TIME_RR_R_APDU_DF8305 = 0xDF8305, "Device Est. Transmission Time RR R-APDU", B "b", Card, 2..=2, [], "K2";
    MEASURED_RR_PROCESSING_TIME_DF8306 = 0xDF8306, "Measured RR Processing Time", B "b", Terminal, 2..=2, [], "K2";
    RRP_COUNTER_DF8307 = 0xDF8307, "RRP Counter", B "b", Terminal, 1..=1, [], "K2";
    TORN_RECORD_FF8101 = 0xFF8101, "Torn Record", B "b", Terminal, 0..=255, [], "K2";
    TAGS_TO_WRITE_BEFORE_GEN_AC_FF8102 = 0xFF8102, "Tags To Write Before Gen AC", B "b", Terminal, 0..=255, [], "K2";
    TAGS_TO_WRITE_AFTER_GEN_AC_FF8103 = 0xFF8103, "Tags To Write After Gen AC", B "b", Terminal, 0..=255, [], "K2";
    DATA_TO_SEND_FF8104 = 0xFF8104, "Data To Send", B "b", Terminal, 0..=255, [], "K2";
    DATA_RECORD_FF8105 = 0xFF8105, "Data Record", B "b", Terminal, 0..=255, [], "K2";
    DISCRETIONARY_DATA_FF8106 = 0xFF8106, "Discretionary Data", B "b", Terminal, 0..=255, [], "K2";
    CARDHOLDER_VERIFICATION_DECISION_9F8102 = 0x9F8102, "Cardholder Verification Decision", B "b", Card, 1..=1, [0x77], "K8";
    CARD_KEY_DATA_9F8103 = 0x9F8103, "Card Key Data", B "b", Card, 64..=132 step 68, [0x77], "K8";
    CARD_TVR_9F8104 = 0x9F8104, "Card TVR", B "b", Card, 5..=5, [0x77], "K8";
    ENHANCED_DATA_AUTHENTICATION_MAC_9F8105 = 0x9F8105, "Enhanced Data Authentication MAC", B "b", Card, 8..=8, [0x77], "K8";
    AUTHENTICATED_APPLICATION_DATA_9F8106 = 0x9F8106, "Authenticated Application Data", B "b", Card, 0..=128, [0x77], "K8";
    IAD_MAC_OFFSET_9F8107 = 0x9F8107, "IAD MAC Offset", B "b", Card, 1..=1, [0x70], "K8";
    RESTART_INDICATOR_9F8108 = 0x9F8108, "Restart Indicator", B "b", Card, 2..=5, [0x77], "K8";
    ISSUER_APPLICATION_DATA_MAC_9F8109 = 0x9F8109, "Issuer Application Data MAC", B "b", Terminal, 8..=8, [], "K8";
    EXTENDED_SDA_TAG_LIST_9F810A = 0x9F810A, "Extended SDA Tag List", B "b", Card, 0..=255, [0x70], "K8";
    ICC_ECC_PUBLIC_KEY_RSA_CERTS_9F810B = 0x9F810B, "ICC ECC Public Key (RSA certs)", B "b", Card, 32..=66 step 34, [0x70], "K8";
    RELAY_RESISTANCE_TIME_EXCESS_9F810C = 0x9F810C, "Relay Resistance Time Excess", B "b", Terminal, 2..=2, [], "K8";
    CARD_CAPABILITIES_INFORMATION_9F810D = 0x9F810D, "Card Capabilities Information", B "b", Card, 2..=2, [0x70], "K8";
    DATA_ENVELOPE_1_9F8111 = 0x9F8111, "Data Envelope 1", B "b", Card, 0..=243, [], "K8";
    DATA_ENVELOPE_2_9F8112 = 0x9F8112, "Data Envelope 2", B "b", Card, 0..=243, [], "K8";
    DATA_ENVELOPE_3_9F8113 = 0x9F8113, "Data Envelope 3", B "b", Card, 0..=243, [], "K8";
    DATA_ENVELOPE_4_9F8114 = 0x9F8114, "Data Envelope 4", B "b", Card, 0..=243, [], "K8";
    DATA_ENVELOPE_5_9F8115 = 0x9F8115, "Data Envelope 5", B "b", Card, 0..=243, [], "K8";
    DATA_ENVELOPE_6_9F8116 = 0x9F8116, "Data Envelope 6", B "b", Card, 0..=243, [], "K8";
    DATA_ENVELOPE_7_9F8117 = 0x9F8117, "Data Envelope 7", B "b", Card, 0..=243, [], "K8";
    DATA_ENVELOPE_8_9F8118 = 0x9F8118, "Data Envelope 8", B "b", Card, 0..=243, [], "K8";
    DATA_ENVELOPE_9_9F8119 = 0x9F8119, "Data Envelope 9", B "b", Card, 0..=243, [], "K8";
    DATA_ENVELOPE_10_9F811A = 0x9F811A, "Data Envelope 10", B "b", Card, 0..=243, [], "K8";
    DATA_NEEDED_9F8201 = 0x9F8201, "Data Needed", B "b", Terminal, 0..=255, [], "K8";
    PROCEED_TO_FIRST_WRITE_FLAG_9F8202 = 0x9F8202, "Proceed To First Write Flag", B "b", Terminal, 1..=1, [], "K8";
    TAGS_TO_READ_9F8203 = 0x9F8203, "Tags To Read", B "b", Terminal, 0..=255, [], "K8";
    ERROR_INDICATION_9F8204 = 0x9F8204, "Error Indication", B "b", Terminal, 6..=6, [], "K8";
    UI_REQUEST_DATA_1_9F8205 = 0x9F8205, "UI Request Data 1", B "b", Terminal, 13..=13, [], "K8";
    CARD_DATA_INPUT_CAPABILITY_9F8206 = 0x9F8206, "Card Data Input Capability", B "b", Terminal, 1..=1, [], "K8";
    CVM_CAPABILITY_CVM_REQUIRED_9F8207 = 0x9F8207, "CVM Capability - CVM Required", B "b", Terminal, 1..=1, [], "K8";
    CVM_CAPABILITY_NO_CVM_REQUIRED_9F8208 = 0x9F8208, "CVM Capability - No CVM Required", B "b", Terminal, 1..=1, [], "K8";
    KERNEL_CONFIGURATION_9F8209 = 0x9F8209, "Kernel Configuration", B "b", Terminal, 2..=2, [], "K8";
    SECURITY_CAPABILITY_9F820A = 0x9F820A, "Security Capability", B "b", Terminal, 1..=1, [], "K8";
    TAC_DENIAL_9F820B = 0x9F820B, "TAC - Denial", B "b", Terminal, 5..=5, [], "K8";
    TAC_ONLINE_9F820C = 0x9F820C, "TAC - Online", B "b", Terminal, 5..=5, [], "K8";
    READER_CONTACTLESS_FLOOR_LIMIT_9F820D = 0x9F820D, "Reader Contactless Floor Limit", N "n12", Terminal, 6..=6, [], "K8";
    READER_CVM_REQUIRED_LIMIT_9F820E = 0x9F820E, "Reader CVM Required Limit", N "n12", Terminal, 6..=6, [], "K8";
    TIMEOUT_VALUE_9F820F = 0x9F820F, "Timeout Value", B "b", Terminal, 2..=2, [], "K8";
    OUTCOME_PARAMETER_SET_9F8210 = 0x9F8210, "Outcome Parameter Set", B "b", Terminal, 8..=8, [], "K8";
    MESSAGE_HOLD_TIME_9F8211 = 0x9F8211, "Message Hold Time", N "n6", Terminal, 3..=3, [], "K8";
    HOLD_TIME_VALUE_9F8212 = 0x9F8212, "Hold Time Value", B "b", Terminal, 1..=1, [], "K8";
    MIN_RELAY_RESISTANCE_GRACE_PERIOD_9F8213 = 0x9F8213, "Min Relay Resistance Grace Period", B "b", Terminal, 2..=2, [], "K8";
    MAX_RELAY_RESISTANCE_GRACE_PERIOD_9F8214 = 0x9F8214, "Max Relay Resistance Grace Period", B "b", Terminal, 2..=2, [], "K8";
    EXPECTED_TRANSMISSION_TIME_RR_C_APDU_9F8215 = 0x9F8215, "Expected Transmission Time RR C-APDU", B "b", Terminal, 2..=2, [], "K8";
    EXPECTED_TRANSMISSION_TIME_RR_R_APDU_9F8216 = 0x9F8216, "Expected Transmission Time RR R-APDU", B "b", Terminal, 2..=2, [], "K8";
    RR_ACCURACY_THRESHOLD_9F8217 = 0x9F8217, "RR Accuracy Threshold", B "b", Terminal, 2..=2, [], "K8";
    RR_TRANSMISSION_TIME_MISMATCH_THRESHOLD_9F8218 = 0x9F8218, "RR Transmission Time Mismatch Threshold", B "b", Terminal, 1..=1, [], "K8";
    UI_REQUEST_DATA_2_9F8219 = 0x9F8219, "UI Request Data 2", B "b", Terminal, 13..=13, [], "K8";
    KERNEL_RESERVED_TVR_MASK_9F821A = 0x9F821A, "Kernel Reserved TVR Mask", B "b", Terminal, 5..=5, [], "K8";
    WRITE_DATA_STATUS_9F821B = 0x9F821B, "Write Data Status", B "b", Terminal, 1..=1, [], "K8";
    READ_DATA_STATUS_9F821C = 0x9F821C, "Read Data Status", B "b", Terminal, 1..=1, [], "K8";
    MESSAGE_IDENTIFIERS_ON_RESTART_9F821D = 0x9F821D, "Message Identifiers On Restart", B "b", Terminal, 0..=32, [], "K8";
    DEFAULT_IAD_MAC_OFFSET_9F821E = 0x9F821E, "Default IAD MAC Offset", B "b", Terminal, 1..=1, [], "K8";
    DISCRETIONARY_DATA_TAG_LIST_9F821F = 0x9F821F, "Discretionary Data Tag List", B "b", Terminal, 0..=255, [], "K8";
    DEFAULT_CDOL1_9F8220 = 0x9F8220, "Default CDOL1", B "b", Terminal, 0..=250, [], "K8";
    TAG_MAPPING_LIST_9F8221 = 0x9F8221, "Tag Mapping List", B "b", Terminal, 0..=255, [], "K8";
    DATA_TO_SEND_BF8101 = 0xBF8101, "Data To Send", B "b", Terminal, 0..=255, [], "K8";
    DATA_RECORD_BF8102 = 0xBF8102, "Data Record", B "b", Terminal, 0..=255, [], "K8";
    DISCRETIONARY_DATA_BF8103 = 0xBF8103, "Discretionary Data", B "b", Terminal, 0..=255, [], "K8";
    DATA_ENVELOPES_TO_WRITE_BF8104 = 0xBF8104, "Data Envelopes To Write", B "b", Terminal, 0..=255, [], "K8";
}
