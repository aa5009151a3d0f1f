//! Terminal profiles: from TOML to an Entry Point configuration.
//!
//! ```
//! use emvtap::terminal::Terminal;
//!
//! let terminal = Terminal::builtin("retail-attended").unwrap().unwrap();
//! let configuration = terminal.configuration();
//! assert!(configuration.tables.iter().any(|table| table.transaction_types.contains(&0x00)));
//! ```
//!
//! # The file
//!
//! What may be left out is marked; amounts are in major units of the currency. A key that is not known is an error.
//!
//! ```
//! # let text = r#"
//! schema = "emvtap.terminal/1"
//! title = "a till"
//! description = "for people"            # may be left out, as everything from here to [[combination]]
//! country = "056"                       # ISO 3166, three digits: 9F1A
//! currency = "EUR"                      # ISO 4217: 5F2A, 5F36
//! type = "22"                           # 9F35
//! clock = "2026-11-21T12:00:00Z"
//! ca-keys = ["emvtap-test"]             # lists of CA public keys
//! exceptions = ["4761739001010010",     # exception file: accounts,
//!               "4761739001010119/01"]  # or cards by their PAN sequence number
//!
//! [[ca-key]]                            # a CA of your own test cards, before those of the lists; source may be left out
//! rid = "A000000003"
//! index = "E7"
//! modulus = "DB55282F06AD966523A816219CC30B34F110FB98FB52F12F93EA8476367088C777441640CB6EF2879D2479398B5CE4A42DF8C23EC37FE8EB5F151CBF02CB0B475CCB0D4EB72FB7BEE417421214ACEA69DD05A50F1B1F4DC8FD90AA3E1070B06D"
//! exponent = "03"
//! checksum = "B2ACBD409C20D6F5412BFF3DD5F29523DBE8A0A4"
//!
//! [[revoked]]                           # issuer certificates no longer trusted
//! rid = "A000000003"
//! index = "E1"
//! serial = "0000FF"
//!
//! [data]                                # data objects of the terminal, by name or tag
//! "Merchant Category Code" = "5999"
//!
//! [[combination]]
//! aids = ["A0000000031010"]             # each makes a combination with the kernel
//! kernel = "03"
//! types = ["purchase", "cashback"]      # of purchase, cashback, refund, cash; all if left out
//! ttq = "36004000"                      # from here on everything may be left out, which means something: see
//! status-check = true                   # entry::EntryPointData
//! zero-amount-allowed = true
//! transaction-limit = "500.00"
//! floor-limit = "0.00"
//! terminal-floor-limit = "0.00"         # 9F1B, if there is no floor-limit
//! cvm-required-limit = "50.00"
//! extended-selection = false
//! data = { "9F4E" = "41" }              # kernel configuration data, over the terminal's
//!
//! [[combination.dynamic-limits]]        # kernel 03 only: other limits by the card's 9F5A
//! program-id = "3109"                   # exact, or the longest beginning; what follows may be left out: no check
//! status-check = true
//! zero-amount-allowed = true
//! transaction-limit = "1000.00"
//! floor-limit = "30.00"
//! cvm-required-limit = "200.00"
//!
//! [[data-exchange]]                     # kernel 02: what the terminal says, once, when the kernel
//! needed = ["DF8112"]                   # asks for one of these, or
//! sent = ["9F5D"]                       # sends one of these; whenever it says something if both are left out
//! delay-ms = 20                         # and how long that takes
//! data = { "DF8112" = "9F75" }          # or stop = true
//!
//! [entry]                               # choices of Entry Point: see entry::Options for each and its default
//! priority-zero-equals-fifteen = true
//! not-allowed-status = "processing-error"  # or "ready-to-read"
//! strict-ppse = false
//!
//! [kernel.c2]                           # options of the kernels: see kernel::c2::Options for each and its default
//! edition = "2.11"                      # or "2.6", "2.10", "2.12"
//! mag-stripe = true
//! data-storage = true
//! data-exchange = true
//!
//! [kernel.c3]                           # options of the kernels: see kernel::c3::Options for each and its default
//! issuer-update = true
//! fdda-for-online = false
//! refund = "account-data"               # or "as-purchase", "end-application"
//! msd = false
//! # "#;
//! # assert_eq!(emvtap::terminal::Terminal::from_text("a.toml", text).unwrap().trust().exceptions.len(), 2);
//! ```

mod ca_keys;
pub mod check;
mod combination;
mod currency;
mod data_exchange;
mod profile;
mod values;
mod written;

pub use ca_keys::{KeyStatus, ListedKey};
pub use combination::Combination;
pub use currency::Currency;
pub use profile::{SCHEMA, Terminal, TransactionType, names};

/// The CA public keys of all built-in lists.
pub fn ca_keys() -> Result<Vec<crate::crypto::CaKey>, crate::diag::Problem> {
    listed_ca_keys().map(|keys| keys.into_iter().map(|listed| listed.key).collect())
}

/// The CA public keys of all built-in lists, as the lists have them.
pub fn listed_ca_keys() -> Result<Vec<ListedKey>, crate::diag::Problem> {
    let lists: Result<Vec<_>, _> = ca_keys::names().filter_map(ca_keys::builtin).collect();
    lists.map(|lists| lists.into_iter().flatten().collect())
}
