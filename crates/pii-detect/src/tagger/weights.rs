//! The shipped weights.

use super::features::{FEATURES, GLANCES, PLACES};
use super::layout::{MAGIC, STATES, WIDTH};
use crate::lexicon::Aligned;

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!("../../data/tagger.bin"));

const ROWS_AT: usize = MAGIC.len();
const START: usize = ROWS_AT + 4;
const TRANSITIONS: usize = START + 2 * STATES;
const BODY: usize = TRANSITIONS + 2 * STATES * STATES;
/// Bytes behind the rows: the weights of the first glance and its bound.
const TAIL: usize = PLACES + 2;
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
    let rows = BYTES.0.len().saturating_sub(TAIL);
    BYTES.0.get(BODY..rows).unwrap_or(&[]).as_chunks().0
}

/// What the first glance at a token says.
#[derive(Clone, Copy)]
pub(super) struct Glance {
    weights: &'static [u8; PLACES],
    /// The sum from which on a token is looked at.
    least: i16,
}

impl Glance {
    pub(super) fn new() -> Self {
        let tail = BYTES.0.last_chunk::<TAIL>();
        let least = tail.and_then(|tail| tail.last_chunk());
        Self {
            weights: tail
                .and_then(|tail| tail.first_chunk())
                .unwrap_or(&[0; PLACES]),
            least: least.map_or(i16::MIN, |least| i16::from_le_bytes(*least)),
        }
    }

    /// Whether a token is worth more than a glance, with so much added.
    #[inline]
    pub(super) fn worth(&self, places: &[u16; GLANCES], more: i16) -> bool {
        let weight = |place: &u16| self.weights.get(usize::from(*place)).copied().unwrap_or(0);
        let sum: i16 = places
            .iter()
            .map(|p| i16::from(weight(p).cast_signed()))
            .sum();
        sum + more >= self.least
    }
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
    use super::{BODY, BYTES, ROWS_AT, START, TAIL, table, transitions};
    use crate::tagger::layout::{MAGIC, WIDTH};

    #[test]
    fn the_file_is_whole() {
        assert_eq!(BYTES.0.get(..8), Some(&MAGIC[..]));
        let rows: [u8; 4] = BYTES.0[ROWS_AT..START].try_into().unwrap();
        assert_eq!(u32::from_le_bytes(rows) as usize, table().len());
        assert_eq!(BYTES.0.len(), BODY + WIDTH * table().len() + TAIL);
        assert!(BYTES.0.len() <= 3_500_000);
        assert!(transitions().iter().flatten().any(|t| *t != 0));
    }
}
