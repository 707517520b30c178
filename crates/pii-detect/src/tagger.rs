//! The embedded tagger: names, places and addresses by a linear model over what stands around a word.
//!
//! A linear-chain conditional random field (Lafferty, McCallum, Pereira 2001) over hashed features, trained by
//! `tools/train-tagger` and rounded to one byte a weight. The best path is found by Viterbi's algorithm (1967); how far it
//! leads over a path without the span is the span's score.

pub(crate) mod cue;
pub(crate) mod features;
pub(crate) mod layout;
mod weights;

use crate::token::Tokens;
use features::FEATURES;
pub(crate) use layout::Label;
use layout::{OUTSIDE, STATES, UNIT, follows};
use std::sync::LazyLock;
use weights::Scores;

/// A labelled run of tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tagged {
    /// First token.
    pub(crate) from: usize,
    /// Token behind the last.
    pub(crate) to: usize,
    pub(crate) label: Label,
    /// How sure, 0 to 1.
    pub(crate) score: f32,
}

/// Start and transition scores.
struct Chain {
    start: Scores,
    steps: [Scores; STATES],
}

static CHAIN: LazyLock<Chain> = LazyLock::new(|| {
    let mut steps = weights::transitions();
    for (from, row) in steps.iter_mut().enumerate() {
        for (to, step) in row.iter_mut().enumerate() {
            if !follows(from, to) {
                *step = NEVER;
            }
        }
    }
    Chain {
        start: weights::start(),
        steps,
    }
});

const NEVER: i32 = i32::MIN / 4;

/// Labels the tokens of a text. `bias` is added to the score of every label, in natural logarithms.
pub(crate) fn tag(tokens: &Tokens<'_>, bias: f32) -> Vec<Tagged> {
    let view = features::view(tokens);
    let table = weights::rows();
    #[expect(clippy::cast_possible_truncation, reason = "a bias is a small number")]
    let bias = (bias.clamp(-20.0, 20.0) * UNIT as f32) as i32;
    let mut found = Vec::new();
    let mut scores: Vec<Scores> = Vec::new();
    let mut rows = [0; FEATURES];
    let mut at = 0;
    while let Some(skip) = view
        .open
        .get(at..)
        .and_then(|rest| rest.iter().position(|open| *open))
    {
        let from = at + skip;
        scores.clear();
        at = from;
        while view.open.get(at).copied().unwrap_or(false) {
            features::rows(&view.sights, at, view.case, table, &mut rows);
            let mut sum = weights::sum(&rows);
            for s in sum.iter_mut().skip(1) {
                *s += bias;
            }
            scores.push(sum);
            at += 1;
        }
        spans(&scores, from, at == tokens.all().len(), &mut found);
    }
    found
}

/// The best path through a run of open tokens that begins at `first`, as spans; what stands around is outside.
fn spans(scores: &[Scores], first: usize, last: bool, found: &mut Vec<Tagged>) {
    let chain = &*CHAIN;
    let mut back: Vec<[u8; STATES]> = Vec::with_capacity(scores.len());
    let mut best = [NEVER; STATES];
    for (at, score) in scores.iter().enumerate() {
        let mut next = [NEVER; STATES];
        let mut from = [0u8; STATES];
        if at == 0 {
            let steps = if first == 0 {
                &chain.start
            } else {
                chain.steps.first().unwrap_or(&chain.start)
            };
            for (to, ((next, step), score)) in next.iter_mut().zip(steps).zip(score).enumerate() {
                if follows(OUTSIDE, to) {
                    *next = step + score;
                }
            }
        } else {
            for (state, (so_far, steps)) in (0u8..).zip(best.iter().zip(&chain.steps)) {
                if *so_far <= NEVER / 2 {
                    continue;
                }
                for (((next, from), step), score) in
                    next.iter_mut().zip(&mut from).zip(steps).zip(score)
                {
                    let total = so_far + step + score;
                    if total > *next {
                        *next = total;
                        *from = state;
                    }
                }
            }
        }
        back.push(from);
        best = next;
    }
    if !last {
        // The token behind the run is outside.
        for (best, steps) in best.iter_mut().zip(&chain.steps) {
            *best = best.saturating_add(steps.first().copied().unwrap_or(0));
        }
    }
    let mut state = best
        .iter()
        .enumerate()
        .max_by_key(|(_, score)| **score)
        .map_or(OUTSIDE, |(state, _)| state);
    let from = found.len();
    let mut lead = 0;
    let mut to = scores.len();
    for at in (0..scores.len()).rev() {
        if let Some(label) = Label::of(state) {
            let own = scores
                .get(at)
                .and_then(|s| s.get(state))
                .copied()
                .unwrap_or(0);
            if lead == 0 {
                to = at + 1;
            }
            lead += own.max(1);
            if state == label.begin() {
                found.push(Tagged {
                    from: first + at,
                    to: first + to,
                    label,
                    score: sure(lead, to - at),
                });
                lead = 0;
            }
        }
        state = back
            .get(at)
            .and_then(|from| from.get(state))
            .map_or(OUTSIDE, |from| usize::from(*from));
    }
    if let Some(new) = found.get_mut(from..) {
        new.reverse();
    }
}

/// How sure a span is whose tokens lead over "outside" by `lead` together.
fn sure(lead: i32, tokens: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let each = lead as f32 / (UNIT as f32 * tokens as f32);
    0.4 + 0.55 * (each / (2.0 + each)).clamp(0.0, 1.0)
}
