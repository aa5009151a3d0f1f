//! The steps of GENERATE AC's answer have one number when it is the first that is asked for (S9, S910), and another after a
//! recovery that failed (S11).

use super::rules;
use crate::kernel::rule::Rule;

/// The numbers by which the steps are cited.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// The status word.
    pub status: Rule,
    /// The template and its objects.
    pub parse: Rule,
    /// Mandatory objects.
    pub missing: Rule,
    /// The type of the cryptogram.
    pub cid: Rule,
    /// Nothing is to be written: the card may leave.
    pub release: Rule,
    /// Whether there is a signature.
    pub signed: Rule,
    /// The keys.
    pub keys: Rule,
    /// The signature.
    pub signature: Rule,
    /// CAM failed.
    pub cam_failed: Rule,
    /// DS Summary 2 is there.
    pub summary_2: Rule,
    /// It is DS Summary 1.
    pub summary_match: Rule,
    /// Data storage was read.
    pub summary_read: Rule,
    /// DS Summary 3 is there.
    pub summary_3: Rule,
    /// It is another one: data storage was written.
    pub summary_written: Rule,
    /// Nothing was written: whether to stop.
    pub summary_stop: Rule,
    /// The cryptogram without a signature.
    pub cryptogram: Rule,
    /// A signature is owed.
    pub owed: Rule,
    /// An AAC without a signature is good.
    pub unsigned_aac: Rule,
    /// Track 2 tells of relay resistance.
    pub track_2: Rule,
    /// The data record.
    pub valid: Rule,
    /// A second tap.
    pub second_tap: Rule,
    /// The Outcome by the cryptogram.
    pub decision: Rule,
    /// PUT DATA after GENERATE AC.
    pub write: Rule,
    /// The end.
    pub end: Rule,
    /// Which GENERATE AC it is.
    pub attempt: Attempt,
}

/// Which GENERATE AC is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The only one, or the one that was recovered.
    First,
    /// The one after a recovery that failed.
    Second,
}

impl Numbers {
    /// Whether a recovery has failed before.
    pub fn is_after_recovery(&self) -> bool {
        self.attempt == Attempt::Second
    }
}

/// S9 and S910.
pub static FIRST: Numbers = FIRST_NUMBERS;

const FIRST_NUMBERS: Numbers = Numbers {
    status: rules::S9_16,
    parse: rules::S9_20,
    missing: rules::S9_21,
    cid: rules::S9_23,
    release: rules::S9_26,
    signed: rules::S9_28,
    keys: rules::S910_1,
    signature: rules::S910_4,
    cam_failed: rules::S910_46,
    summary_2: rules::S910_8,
    summary_match: rules::S910_10,
    summary_read: rules::S910_12,
    summary_3: rules::S910_14,
    summary_written: rules::S910_16,
    summary_stop: rules::S910_18,
    cryptogram: rules::S910_30,
    owed: rules::S910_37,
    unsigned_aac: rules::S910_32,
    track_2: rules::S910_39,
    valid: rules::S910_70,
    second_tap: rules::S910_71,
    decision: rules::S910_74,
    write: rules::S910_76,
    end: rules::S910_81,
    attempt: Attempt::First,
};

/// S10, which goes on with S910.
pub static RECOVERED: Numbers = Numbers {
    status: rules::S10_7,
    parse: rules::S10_12,
    missing: rules::S10_15,
    cid: rules::S10_17,
    release: rules::S10_20,
    signed: rules::S10_22,
    ..FIRST_NUMBERS
};

/// S11.
pub static AGAIN: Numbers = Numbers {
    status: rules::S11_STATUS,
    parse: rules::S11_PARSE,
    missing: rules::S11_MISSING,
    cid: rules::S11_CID,
    release: rules::S11_RELEASE,
    signed: rules::S11_SIGNED,
    keys: rules::S11_40,
    signature: rules::S11_43,
    cam_failed: rules::S11_46,
    summary_2: rules::S11_50,
    summary_match: rules::S11_52,
    summary_read: rules::S11_54,
    summary_3: rules::S11_56,
    summary_written: rules::S11_58,
    summary_stop: rules::S11_60,
    cryptogram: rules::S11_70,
    owed: rules::S11_77,
    unsigned_aac: rules::S11_72,
    track_2: rules::S11_79,
    valid: rules::S11_110,
    second_tap: rules::S11_111,
    decision: rules::S11_114,
    write: rules::S11_116,
    end: rules::S11_121,
    attempt: Attempt::Second,
};
