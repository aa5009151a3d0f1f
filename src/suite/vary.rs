//! Which values of several axes make a variant together.

use super::case::Combine;

/// One value of each axis, by position. `sizes`: how many values each axis has. Without axes there is one variant, of none.
pub(super) fn combinations(sizes: &[usize], combine: Combine) -> Vec<Vec<usize>> {
    match combine {
        Combine::Pairwise if sizes.len() > 2 => pairwise(sizes),
        Combine::Pairwise | Combine::All => product(sizes),
    }
}

fn product(sizes: &[usize]) -> Vec<Vec<usize>> {
    sizes.iter().fold(vec![Vec::new()], |rows, size| {
        rows.iter().flat_map(|row| (0..*size).map(|value| [row.as_slice(), &[value]].concat())).collect()
    })
}

/// A value of one axis and a value of a later one.
type Pair = ((usize, usize), (usize, usize));

/// Few rows in which every pair of values of two axes occurs: each row begins with the first pair that is still missing and
/// takes, axis by axis, the value that brings the most missing pairs. The same axes give the same rows.
fn pairwise(sizes: &[usize]) -> Vec<Vec<usize>> {
    let mut missing = pairs(sizes);
    let mut rows = Vec::new();
    while let Some(((axis, value), (other, beside))) = missing.first().copied() {
        let mut row: Vec<Option<usize>> = vec![None; sizes.len()];
        set(&mut row, axis, value);
        set(&mut row, other, beside);
        for (at, size) in sizes.iter().enumerate() {
            if row.get(at).copied().flatten().is_none() {
                let gain = |value: usize| {
                    let mut tried = row.clone();
                    set(&mut tried, at, value);
                    missing.iter().filter(|pair| mentions(pair, at) && has(&tried, pair)).count()
                };
                // The first of the best.
                let best = (0..*size).rev().max_by_key(|value| gain(*value)).unwrap_or(0);
                set(&mut row, at, best);
            }
        }
        missing.retain(|pair| !has(&row, pair));
        rows.push(row.into_iter().map(Option::unwrap_or_default).collect());
    }
    rows
}

fn pairs(sizes: &[usize]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (axis, size) in sizes.iter().enumerate() {
        for (other, beside) in sizes.iter().enumerate().skip(axis + 1) {
            pairs.extend((0..*size).flat_map(|a| (0..*beside).map(move |b| ((axis, a), (other, b)))));
        }
    }
    pairs
}

fn set(row: &mut [Option<usize>], axis: usize, value: usize) {
    if let Some(place) = row.get_mut(axis) {
        *place = Some(value);
    }
}

fn mentions(((axis, _), (other, _)): &Pair, at: usize) -> bool {
    *axis == at || *other == at
}

fn has(row: &[Option<usize>], ((axis, value), (other, beside)): &Pair) -> bool {
    row.get(*axis) == Some(&Some(*value)) && row.get(*other) == Some(&Some(*beside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_axis_gives_its_values_and_none_gives_one_variant() {
        assert_eq!(combinations(&[], Combine::Pairwise), [Vec::<usize>::new()]);
        assert_eq!(combinations(&[3], Combine::Pairwise), [[0], [1], [2]]);
        assert_eq!(combinations(&[2, 2], Combine::All).len(), 4);
        assert_eq!(combinations(&[2, 3, 4], Combine::All).len(), 24);
        assert!(combinations(&[2, 0, 3], Combine::All).is_empty());
    }

    #[test]
    fn every_pair_occurs_and_there_are_far_fewer_rows_than_combinations() {
        for sizes in [&[2, 2, 2][..], &[3, 3, 3, 3], &[4, 3, 2, 2, 2], &[5, 1, 2], &[2; 10]] {
            let rows = combinations(sizes, Combine::Pairwise);
            for (axis, size) in sizes.iter().enumerate() {
                for (other, beside) in sizes.iter().enumerate().skip(axis + 1) {
                    for a in 0..*size {
                        for b in 0..*beside {
                            assert!(rows.iter().any(|row| row[axis] == a && row[other] == b), "{sizes:?} {a} {b}");
                        }
                    }
                }
            }
            let all: usize = sizes.iter().product();
            assert!(rows.len() <= all && (all < 50 || rows.len() < all / 3), "{sizes:?}: {}", rows.len());
            assert_eq!(rows, combinations(sizes, Combine::Pairwise));
        }
        // Orthogonal array L9: nothing can do with fewer than nine.
        assert!(combinations(&[3, 3, 3, 3], Combine::Pairwise).len() <= 13);
    }
}
