//! What the TLV hot path is held against: written by hand for nothing else, safe, and without names for what is wrong.

/// Walks every object and sums lengths, with the fewest checks that keep it safe: what a walk costs at the least.
pub fn visit(bytes: &[u8], count: &mut usize, sum: &mut usize) -> Option<()> {
    let mut at = 0;
    while at < bytes.len() {
        let first = bytes[at];
        at += 1;
        if first == 0 {
            continue;
        }
        if first & 0x1F == 0x1F {
            while *bytes.get(at)? & 0x80 != 0 {
                at += 1;
            }
            at += 1;
        }
        let mut length = usize::from(*bytes.get(at)?);
        at += 1;
        if length > 0x7F {
            let size = length & 0x7F;
            if size == 0 || size > 2 {
                return None;
            }
            length = bytes.get(at..at + size)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            at += size;
        }
        let value = bytes.get(at..at + length)?;
        at += length;
        *count += 1;
        *sum += length;
        if first & 0x20 != 0 {
            visit(value, count, sum)?;
        }
    }
    Some(())
}

/// A flat store: values copied once, places kept by tag in an open table. A place counts only while it has the store's stamp, so
/// that to clear it costs nothing.
pub struct Flat {
    pub arena: Vec<u8>,
    pub table: Vec<Place>,
    pub stamp: u32,
}

#[derive(Clone, Copy, Default)]
pub struct Place {
    tag: u32,
    stamp: u32,
    start: u32,
    length: u32,
}

impl Flat {
    pub fn new() -> Self {
        Self { arena: Vec::with_capacity(4096), table: vec![Place::default(); 1024], stamp: 1 }
    }

    pub fn clear(&mut self) {
        self.arena.clear();
        self.stamp += 1;
    }

    pub fn put(&mut self, tag: u32, value: &[u8]) {
        let start = self.arena.len() as u32;
        self.arena.extend_from_slice(value);
        let mut slot = (tag.wrapping_mul(0x9E37_79B1) >> 22) as usize;
        while self.table[slot].stamp == self.stamp && self.table[slot].tag != tag {
            slot = (slot + 1) & 1023;
        }
        self.table[slot] = Place { tag, stamp: self.stamp, start, length: value.len() as u32 };
    }
}

/// Puts every primitive object into the store, with the same checks as [`visit`]. Gives the number of objects.
pub fn load(bytes: &[u8], flat: &mut Flat) -> Option<usize> {
    let (mut at, mut count) = (0, 0);
    while at < bytes.len() {
        let first = bytes[at];
        let mut tag = u32::from(first);
        at += 1;
        if first == 0 {
            continue;
        }
        if first & 0x1F == 0x1F {
            loop {
                let next = *bytes.get(at)?;
                at += 1;
                tag = tag << 8 | u32::from(next);
                if next & 0x80 == 0 {
                    break;
                }
            }
        }
        let mut length = usize::from(*bytes.get(at)?);
        at += 1;
        if length > 0x7F {
            let size = length & 0x7F;
            if size == 0 || size > 2 {
                return None;
            }
            length = bytes.get(at..at + size)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            at += size;
        }
        let value = bytes.get(at..at + length)?;
        at += length;
        count += 1;
        if first & 0x20 != 0 {
            count += load(value, flat)?;
        } else {
            flat.put(tag, value);
        }
    }
    Some(count)
}
