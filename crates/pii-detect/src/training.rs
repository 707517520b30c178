//! What the tool that trains the tagger needs of this crate. Not part of the API: only the feature `training` shows it.

use crate::tagger::features::{self, rows, view};
use crate::tagger::layout::{self, follows};
use crate::token::Tokens;

/// Features of one token.
pub const FEATURES: usize = features::FEATURES;
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
    /// Whether a token may bear a label; all others are outside.
    pub open: Vec<bool>,
}

impl Page {
    /// Looks at a text; tokens for which `forget` answers true lose their word and what the lexicon knows of it.
    pub fn new(text: &str, table: u32, forget: impl Fn(usize, usize) -> bool) -> Self {
        let tokens = Tokens::new(text);
        let mut view = view(&tokens, &[]);
        let spans: Vec<_> = tokens.all().iter().map(|t| (t.start, t.end)).collect();
        for (sight, (start, end)) in view.sights.iter_mut().zip(&spans) {
            if forget(*start, *end) {
                sight.forget();
            }
        }
        let rows = (0..view.sights.len())
            .map(|at| {
                let mut out = [0; FEATURES];
                if view.open.has(at) {
                    rows(&view.sights, at, view.case, table, &mut out);
                }
                out
            })
            .collect();
        let open = (0..spans.len()).map(|at| view.open.has(at)).collect();
        Self { spans, rows, open }
    }
}

/// Whether state `to` may follow `from`.
#[must_use]
pub const fn may_follow(from: usize, to: usize) -> bool {
    follows(from, to)
}
