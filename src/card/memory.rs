//! What has been made once is not made again: thousands of cards share few keys and certificates, and each costs a signature.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

/// Things by the digest of all that they are made from. Forgets everything when it is full, so that it stays small however
/// many cards are made.
pub(super) struct Memory<T>(Mutex<BTreeMap<[u8; 32], T>>);

/// Things in one memory.
const MOST: usize = 4096;

impl<T: Clone> Memory<T> {
    pub const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// What was made from these parts, or is made now. Mistakes are not remembered.
    pub fn recall<E>(&self, parts: &[&[u8]], make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let from = digest(parts);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&from).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        // Nobody waits meanwhile: who wants the same makes it, too, and it is the same.
        let made = make()?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(from, made.clone());
        Ok(made)
    }
}

/// Each part with its length, so that parts cannot run into each other.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_the_same_is_made_once() {
        let memory = Memory::new();
        let recall = |parts: &[&[u8]], value: u8| memory.recall(parts, || Ok::<_, ()>(value));
        assert_eq!(recall(&[&[1], &[2, 3]], 1), Ok(1));
        assert_eq!(recall(&[&[1], &[2, 3]], 2), Ok(1));
        assert_eq!(recall(&[&[1, 2], &[3]], 3), Ok(3), "the same bytes, other parts");
        assert_eq!(memory.recall(&[&[9]], || Err(4)), Err(4));
        assert_eq!(recall(&[&[9]], 5), Ok(5), "a mistake is not remembered");
    }

    #[test]
    fn it_stays_small() {
        let memory = Memory::new();
        for number in 0..2 * MOST {
            memory.recall(&[&number.to_be_bytes()], || Ok::<_, ()>(number)).unwrap();
        }
        assert!(memory.0.lock().unwrap().len() <= MOST);
    }
}
