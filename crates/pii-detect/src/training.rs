//! What the tool that trains the tagger needs of this crate. Not part of the API: only the feature `training` shows it.

use crate::bits::Bits;
use crate::tagger::features::{self, Lines, Own, glance, rows, view};
use crate::tagger::layout::{self, follows};
use crate::token::Tokens;

/// Features of one token.
pub const FEATURES: usize = features::FEATURES;
/// Features of the first glance at a token.
pub const GLANCES: usize = features::GLANCES;
/// Places of their weights.
pub const PLACES: usize = features::PLACES;
/// Scores of the first glance to a natural logarithm.
pub const GLANCE_UNIT: i32 = layout::GLANCE_UNIT;
/// First bytes of a file of weights.
pub const MAGIC: &[u8; 8] = layout::MAGIC;
/// The state of a token without label.
pub const OUTSIDE: usize = layout::OUTSIDE;
/// States of a token.
pub const STATES: usize = layout::STATES;
/// Scores to a natural logarithm.
pub const UNIT: i32 = layout::UNIT;
/// Scores stored for a row.
pub const WIDTH: usize = layout::WIDTH;

/// A text as the tagger sees it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page {
    /// First and last byte of every token.
    pub spans: Vec<(usize, usize)>,
    /// Rows of every token's features; of tokens that cannot bear a label none that mean anything.
    pub rows: Vec<[u32; FEATURES]>,
    /// Places of every token's weights at the first glance; the same holds of them.
    pub glances: Vec<[u16; GLANCES]>,
    /// Whether a token may bear a label; all others are outside.
    pub open: Vec<bool>,
}

impl Page {
    /// Looks at a text; tokens for which `forget` answers true lose their word and what the lexicon knows of it.
    pub fn new(text: &str, table: u32, forget: impl Fn(usize, usize) -> bool) -> Self {
        let tokens = Tokens::new(text);
        let taken = Bits::none(tokens.all().len());
        let mut view = view(&tokens, &taken, |_, _, _| true);
        let spans: Vec<_> = tokens.all().iter().map(|t| (t.start, t.end)).collect();
        for (sight, (start, end)) in view.sights.iter_mut().zip(&spans) {
            if forget(*start, *end) {
                sight.forget();
            }
        }
        let mut lines = Lines::new(&tokens);
        let rows = (0..view.sights.len())
            .map(|at| {
                let mut out = [0; FEATURES];
                if view.open.has(at) {
                    let own = Own::new(&tokens, &mut lines, at);
                    rows(&view.sights, at, &own, view.case, table, &mut out);
                }
                out
            })
            .collect();
        let glances = (0..view.sights.len())
            .map(|at| glance(&view.sights, at, view.case))
            .collect();
        let open = (0..spans.len()).map(|at| view.open.has(at)).collect();
        Self {
            spans,
            rows,
            glances,
            open,
        }
    }
}

/// Whether state `to` may follow `from`.
#[must_use]
pub const fn may_follow(from: usize, to: usize) -> bool {
    follows(from, to)
}
