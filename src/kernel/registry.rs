//! Kernels by their identifiers.

use serde::Deserialize;

use super::{c2, c3, contract::Kernel, probe, rule::Rule, shared};

/// Makes a row a kernel: its table in the settings, its identifier and its rules.
macro_rules! kernels {
    ($($(#[$doc:meta])* $name:ident = $identifier:pat => $kernel:path, $options:path, $rules:path;)*) => {
        /// What kernels are configured with beside data objects: a table for each, which may be left out.
        ///
        /// ```
        /// use emvtap::kernel::registry::{Settings, build};
        ///
        /// let settings: Settings = toml::from_str("[c3]\nexpiration-check = false").unwrap();
        /// assert!(!settings.c3.expiration_check);
        /// assert!(build(&[0x03], &settings).is_some());
        /// assert!(build(&[0x7F], &settings).is_none());
        /// ```
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct Settings {
            $($(#[$doc])* pub $name: $options,)*
        }

        /// The kernel with this identifier (Book B, table 3-5): one byte, or three for domestic ones. `None` if there is none
        /// here.
        pub fn build(identifier: &[u8], settings: &Settings) -> Option<Box<dyn Kernel>> {
            match identifier {
                $($identifier => Some(Box::new($kernel(settings.$name.clone()))),)*
                _ => None,
            }
        }

        /// Every rule that a kernel cites: of its own book, and of those that all kernels share.
        pub fn rules() -> impl Iterator<Item = Rule> {
            let own: &[&[Rule]] = &[$($rules),*];
            let own = own.iter().copied().flatten();
            shared::rules::ALL.iter().chain(own).copied().chain(shared::rules::steps())
        }
    };
}

kernels! {
    /// Kernel 2, Mastercard.
    c2 = [0x02] => c2::C2::new, c2::Options, c2::rules::ALL;
    /// Kernel 3, Visa.
    c3 = [0x03] => c3::C3::new, c3::Options, c3::rules::ALL;
    /// Not a kernel of anybody's: what Entry Point is tested with.
    probe = [0x3F] => probe::Probe::new, probe::Options, probe::RULES;
}
