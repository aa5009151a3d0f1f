//! Every rule of the linter: its name never changes.

use crate::diag::{Check, Level, checks};

checks! {
    UNMAKEABLE = "unmakeable" Error "emvtap" "";
    ID_FORM = "id-form" Error "emvtap" "";
    ID_REUSED = "id-reused" Error "emvtap" "";
    ID_RETIRED = "id-retired" Error "emvtap" "";
    NO_EXPECTATION = "no-expectation" Error "emvtap" "";
    EMPTY_CHECK = "empty-check" Error "emvtap" "";
    NO_REQUIREMENT = "no-requirement" Error "emvtap" "";
    UNKNOWN_REQUIREMENT = "unknown-requirement" Error "emvtap" "";
    UNREACHABLE = "unreachable" Error "emvtap" "";
    UNKNOWN_WORD = "unknown-word" Error "emvtap" "";
    UNKNOWN_COMMAND = "unknown-command" Error "emvtap" "";
    UNKNOWN_OBJECT = "unknown-object" Error "emvtap" "";
    BAD_PATTERN = "bad-pattern" Error "emvtap" "";
    VARIANT_FORM = "variant-form" Error "emvtap" "";
    EMPTY_AXIS = "empty-axis" Error "emvtap" "";
    AXES_COLLIDE = "axes-collide" Error "emvtap" "";
    NEVER_ASKED = "never-asked" Error "emvtap" "";
    ALLOWS_EVERYTHING = "allows-everything" Warning "emvtap" "";
    ONLY_NEGATIVE = "only-negative" Warning "emvtap" "";
    OUTCOME_ONLY = "outcome-only" Warning "emvtap" "";
    UNTESTABLE = "untestable" Warning "emvtap" "";
    UNUSED = "unused" Warning "emvtap" "";
}
