//! Exit codes: the one table. They are documented, tested and stable.

use std::process::ExitCode;

/// How a run ended, as the shell sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(pub u8);

/// Defines the codes with their sentences in one place.
macro_rules! exits {
    ($($name:ident = $code:literal $meaning:literal;)*) => {
        impl Exit {
            $(#[doc = $meaning] pub const $name: Self = Self($code);)*

            /// Every code with its sentence.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self($code), $meaning)),*];
        }
    };
}

exits! {
    SUCCESS = 0 "everything ran as expected (a declined transaction is not an error)";
    UNEXPECTED = 1 "a result was not the expected one";
    USAGE = 2 "the command line is wrong";
    BUG = 3 "a bug in emvtap; says how to report it";
    NOTHING = 4 "nothing was selected";
    INCONCLUSIVE = 5 "reader, card or subject broke the preconditions, or results are not whole";
    INPUT = 6 "an input file is invalid; says where, and what to do";
    ENVIRONMENT = 7 "the environment is unusable: no reader, no service, a file cannot be written";
    INTERRUPTED = 130 "interrupted; partial results are written";
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}

/// The table as help shows it.
pub fn help() -> String {
    let lines = Exit::ALL.iter().map(|(exit, meaning)| format!("\n  {:>3}  {meaning}", exit.0));
    format!("Exit codes:{}", lines.collect::<String>())
}

/// What a person who hit a bug needs to know.
pub fn bug_report(what: &str, place: &str) -> String {
    format!(
        "bug: {what}\n  at {place}\n\nhint: this is a mistake in emvtap {}, not in your command or card; please report it with the \
         command line and these lines (leave out card data)",
        env!("CARGO_PKG_VERSION")
    )
}

/// Runs `work`; a panic in it becomes [`Exit::BUG`], told once through `tell`.
pub fn guard(work: impl FnOnce() -> Exit, tell: impl Fn(&str) + Send + Sync + 'static) -> Exit {
    std::panic::set_hook(Box::new(move |panic| {
        let payload = panic.payload();
        let text =
            payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let what = text.unwrap_or("something unexpected");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tell(&bug_report(what, &place));
    }));
    let exit = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(Exit::BUG);
    drop(std::panic::take_hook());
    exit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_each_has_a_sentence() {
        for (at, (exit, meaning)) in Exit::ALL.iter().enumerate() {
            assert!(!meaning.is_empty());
            assert!(Exit::ALL.iter().skip(at + 1).all(|(other, _)| other != exit), "{exit:?}");
        }
    }

    #[test]
    fn a_panic_is_code_three_and_says_how_to_report_it() {
        let told = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
        let listener = std::sync::Arc::clone(&told);
        let exit = guard(|| panic!("counter overflowed"), move |text| listener.lock().unwrap().push_str(text));
        assert_eq!(exit, Exit::BUG);
        let told = told.lock().unwrap();
        assert!(told.starts_with("bug: counter overflowed\n  at src/cli/exit.rs:"), "{told}");
        assert!(told.contains("please report it"));
    }
}
