//! The shipped weights.

use super::features::FEATURES;
use super::layout::{MAGIC, STATES, WIDTH};

static BYTES: &[u8] = include_bytes!("../../data/tagger.bin");

const ROWS_AT: usize = MAGIC.len();
const START: usize = ROWS_AT + 4;
const TRANSITIONS: usize = START + 2 * STATES;
const BODY: usize = TRANSITIONS + 2 * STATES * STATES;

/// Scores of the states of one token.
pub(super) type Scores = [i32; STATES];

/// Number of rows.
pub(super) fn rows() -> u32 {
    BYTES
        .get(ROWS_AT..START)
        .and_then(|b| b.first_chunk())
        .map_or(0, |b| u32::from_le_bytes(*b))
}

fn wide(at: usize) -> i32 {
    BYTES
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |b| i32::from(i16::from_le_bytes(*b)))
}

/// Scores of starting in each state.
pub(super) fn start() -> Scores {
    std::array::from_fn(|state| wide(START + 2 * state))
}

/// Scores of going from one state (first index) to another.
pub(super) fn transitions() -> [Scores; STATES] {
    std::array::from_fn(|from| {
        std::array::from_fn(|to| wide(TRANSITIONS + 2 * (from * STATES + to)))
    })
}

/// The sum of the rows of a token.
pub(super) fn sum(rows: &[u32; FEATURES]) -> Scores {
    let body = BYTES.get(BODY..).unwrap_or(&[]);
    let (table, _) = body.as_chunks::<WIDTH>();
    // A byte a feature, -127 to 127: the sum fits into sixteen bits.
    let mut sum = [0i16; WIDTH];
    for row in rows {
        if let Some(weights) = table.get(*row as usize) {
            for (s, w) in sum.iter_mut().zip(weights) {
                *s += i16::from(i8::from_le_bytes([*w]));
            }
        }
    }
    let mut scores = [0; STATES];
    for (score, s) in scores.iter_mut().skip(1).zip(sum) {
        *score = i32::from(s);
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::{BODY, BYTES, rows, transitions};
    use crate::tagger::layout::{MAGIC, WIDTH};

    #[test]
    fn the_file_is_whole() {
        assert_eq!(BYTES.get(..8), Some(&MAGIC[..]));
        assert_eq!(BYTES.len(), BODY + WIDTH * rows() as usize);
        assert!(BYTES.len() <= 3_500_000);
        assert!(transitions().iter().flatten().any(|t| *t != 0));
    }
}
