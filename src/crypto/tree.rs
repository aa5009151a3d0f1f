//! The session key tree of EMV 2000 (Book 2 of 2000, A1.3; Mastercard cards with EMV 2000 session keys).

use super::des::{TripleDes, join, split, with_odd_parity};

/// A tree: how many levels of keys below the master key, and how many branches each key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tree {
    /// Levels below the master key.
    pub height: u32,
    /// Branches of a key: 2 or 4.
    pub branches: u16,
}

impl Tree {
    /// Height 8, branch factor 4: what cards use.
    pub const FOUR: Self = Self { height: 8, branches: 4 };
    /// Height 16, branch factor 2.
    pub const TWO: Self = Self { height: 16, branches: 2 };

    /// The session key of a counter, with odd parity. The initialisation vector is zero.
    pub fn session_key(self, master_key: &[u8; 16], atc: [u8; 2]) -> [u8; 16] {
        let number = u16::from_be_bytes(atc);
        let (mut parent, mut grandparent) = (*master_key, [0; 16]);
        for level in (0..self.height).rev() {
            let branch = self.branch(number, level);
            let key = child(&parent, grandparent, branch);
            if level == 0 {
                return with_odd_parity(exclusive_or(key, grandparent));
            }
            grandparent = parent;
            parent = key;
        }
        with_odd_parity(parent)
    }

    /// Which branch leads towards `number`, `level` levels above the leaves.
    fn branch(self, number: u16, level: u32) -> u8 {
        let above = u32::from(self.branches).checked_pow(level).unwrap_or(u32::MAX).max(1);
        let index = u32::from(number) / above % u32::from(self.branches).max(1);
        u8::try_from(index).unwrap_or_default()
    }
}

/// DES3(parent) over both halves of the grandparent, the branch added to each and F0 to the right one.
fn child(parent: &[u8; 16], grandparent: [u8; 16], branch: u8) -> [u8; 16] {
    let cipher = TripleDes::new(parent);
    let (left, right) = split(&grandparent);
    let add = |half: [u8; 8], byte: u8| (u64::from_be_bytes(half) ^ u64::from(byte)).to_be_bytes();
    join(cipher.encrypt(add(left, branch)), cipher.encrypt(add(right, branch ^ 0xF0)))
}

fn exclusive_or(one: [u8; 16], other: [u8; 16]) -> [u8; 16] {
    (u128::from_be_bytes(one) ^ u128::from_be_bytes(other)).to_be_bytes()
}
