//! What status words mean (ISO 7816-4, 5.6; EMV Book 3, 6.3.5).

use super::StatusWord;

/// The meaning of a status word, or of all that agree in some bits.
#[derive(Clone, Copy, Debug)]
pub struct StatusMeaning {
    /// The status word, with 0 in the bits that do not matter.
    pub value: u16,
    /// The bits that matter.
    pub mask: u16,
    /// In plain words.
    pub words: &'static str,
}

macro_rules! statuses {
    ($($value:literal $(& $mask:literal)? $words:literal;)*) => {
        /// Every meaning, by value; of several that fit a status word the first counts.
        pub static MEANINGS: &[StatusMeaning] = &[$(StatusMeaning {
            value: $value,
            mask: { let mask: &[u16] = &[$($mask)?]; if let [mask] = mask { *mask } else { 0xFFFF } },
            words: $words,
        }),*];
    };
}

statuses! {
    0x9000 "done";
    0x6100 & 0xFF00 "done, more response data waits";
    0x6200 "warning, nothing was changed";
    0x6281 "part of the returned data may be damaged";
    0x6282 "end of file before all bytes were read";
    0x6283 "the selected file or application is blocked";
    0x6284 "the file control information is not formatted as it should be";
    0x6285 "the selected file is in the termination state";
    0x6286 "no input from a sensor of the card";
    0x6200 & 0xFF00 "warning, nothing was changed";
    0x6300 "warning, something was changed; authentication failed";
    0x6381 "the file was filled up by this command";
    0x63C0 & 0xFFF0 "verification failed, the last digit counts the tries left";
    0x6300 & 0xFF00 "warning, something was changed";
    0x6400 "execution error, nothing was changed";
    0x6400 & 0xFF00 "execution error, nothing was changed";
    0x6581 "memory failure";
    0x6500 & 0xFF00 "execution error, something was changed";
    0x6600 & 0xFF00 "security issue";
    0x6700 "wrong length";
    0x6881 "logical channels are not supported";
    0x6882 "secure messaging is not supported";
    0x6883 "the last command of the chain was expected";
    0x6884 "command chaining is not supported";
    0x6800 & 0xFF00 "function in the class byte is not supported";
    0x6981 "command does not fit the file structure";
    0x6982 "security status is not satisfied";
    0x6983 "authentication method is blocked";
    0x6984 "referenced data cannot be used";
    0x6985 "conditions of use are not satisfied";
    0x6986 "command not allowed";
    0x6987 "secure messaging objects are missing";
    0x6988 "secure messaging objects are wrong";
    0x6900 & 0xFF00 "command not allowed";
    0x6A80 "wrong data in the command";
    0x6A81 "function not supported, or the card is blocked";
    0x6A82 "file or application not found";
    0x6A83 "record not found";
    0x6A84 "not enough memory in the file";
    0x6A85 "data length does not fit the TLV structure";
    0x6A86 "wrong parameters P1 P2";
    0x6A87 "data length does not fit P1 P2";
    0x6A88 "referenced data not found";
    0x6A89 "the file exists already";
    0x6A8A "the DF name exists already";
    0x6A00 & 0xFF00 "wrong parameters";
    0x6B00 "wrong parameters P1 P2, out of range";
    0x6C00 & 0xFF00 "wrong expected length, the second byte is the right one";
    0x6D00 "unknown instruction";
    0x6E00 "unknown class";
    0x6F00 "no precise diagnosis";
}

impl StatusWord {
    /// What it means; `None` if it is proprietary or means nothing.
    ///
    /// ```
    /// use emvtap::apdu::StatusWord;
    ///
    /// assert_eq!(StatusWord(0x6A82).meaning().unwrap().words, "file or application not found");
    /// ```
    pub fn meaning(self) -> Option<&'static StatusMeaning> {
        MEANINGS.iter().find(|meaning| self.0 & meaning.mask == meaning.value)
    }

    /// How many PIN tries are left, if that is what it says (`63Cx`).
    pub fn tries_left(self) -> Option<u8> {
        (self.0 & 0xFFF0 == 0x63C0).then(|| self.sw2() & 0x0F)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_meanings_come_before_general_ones() {
        let words = |status| StatusWord(status).meaning().map(|meaning| meaning.words);
        assert_eq!(words(0x9000), Some("done"));
        assert_eq!(words(0x6283), Some("the selected file or application is blocked"));
        assert_eq!(words(0x62F3), Some("warning, nothing was changed"));
        assert_eq!(words(0x61FF), Some("done, more response data waits"));
        assert_eq!(words(0x9001), None);
        assert_eq!((StatusWord(0x63C2).tries_left(), StatusWord(0x6300).tries_left()), (Some(2), None));
    }

    #[test]
    fn every_meaning_can_be_reached() {
        for meaning in MEANINGS {
            assert_eq!(meaning.value & !meaning.mask, 0, "{:04X}", meaning.value);
            let found = |status| StatusWord(status).meaning().is_some_and(|found| core::ptr::eq(found, meaning));
            let reached = (0..=0xFFFF_u16).any(found);
            assert!(reached, "{:04X}", meaning.value);
        }
    }
}
