//! The shipped weights.

use super::features::FEATURES;
use super::layout::{MAGIC, STATES, WIDTH};
use crate::lexicon::Aligned;

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!("../../data/tagger.bin"));

const ROWS_AT: usize = MAGIC.len();
const START: usize = ROWS_AT + 4;
const TRANSITIONS: usize = START + 2 * STATES;
const BODY: usize = TRANSITIONS + 2 * STATES * STATES;
const _: () = assert!(
    BODY.is_multiple_of(64),
    "no row lies in two lines of the cache"
);

/// Scores of the states of one token but [`OUTSIDE`](super::OUTSIDE), whose score is 0.
pub(super) type Scores = [i16; WIDTH];

fn wide(at: usize) -> i16 {
    BYTES
        .0
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |b| i16::from_le_bytes(*b))
}

/// Scores of starting in each state.
pub(super) fn start() -> [i16; STATES] {
    std::array::from_fn(|state| wide(START + 2 * state))
}

/// Scores of going from one state (first index) to another.
pub(super) fn transitions() -> [[i16; STATES]; STATES] {
    std::array::from_fn(|from| {
        std::array::from_fn(|to| wide(TRANSITIONS + 2 * (from * STATES + to)))
    })
}

/// The rows of weights.
pub(super) fn table() -> &'static [[u8; WIDTH]] {
    BYTES.0.get(BODY..).unwrap_or(&[]).as_chunks().0
}

/// The sum of the rows of a token.
pub(super) fn sum(table: &[[u8; WIDTH]], rows: &[u32; FEATURES]) -> Scores {
    // A byte a feature, -127 to 127: the sum fits into sixteen bits.
    let mut sum = [0i16; WIDTH];
    for row in rows {
        let weights = table.get(*row as usize).unwrap_or(&[0; WIDTH]);
        for (s, w) in sum.iter_mut().zip(weights) {
            *s += i16::from(w.cast_signed());
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{BODY, BYTES, ROWS_AT, START, table, transitions};
    use crate::tagger::layout::{MAGIC, WIDTH};

    #[test]
    fn the_file_is_whole() {
        assert_eq!(BYTES.0.get(..8), Some(&MAGIC[..]));
        let rows: [u8; 4] = BYTES.0[ROWS_AT..START].try_into().unwrap();
        assert_eq!(u32::from_le_bytes(rows) as usize, table().len());
        assert_eq!(BYTES.0.len(), BODY + WIDTH * table().len());
        assert!(BYTES.0.len() <= 3_500_000);
        assert!(transitions().iter().flatten().any(|t| *t != 0));
    }
}
