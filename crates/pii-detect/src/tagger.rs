//! The embedded tagger: names, places and addresses by a linear model over what stands around a word.
//!
//! A linear-chain conditional random field (Lafferty, McCallum, Pereira 2001) over hashed features, trained by
//! `tools/train-tagger` and rounded to one byte a weight. The best path is found by Viterbi's algorithm (1967); how far it
//! leads over a path without the span is the span's score.

pub(crate) mod cue;
pub(crate) mod features;
pub(crate) mod gate;
pub(crate) mod layout;
mod weights;

use crate::bits::Bits;
use crate::token::Tokens;
use features::{FEATURES, Lines, Own};
pub(crate) use layout::Label;
use layout::{GLANCE_UNIT, OUTSIDE, STATES, UNIT, WIDTH, follows};
use std::sync::LazyLock;
use weights::{Glance, Scores};

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
    /// From the start of the text to the states but [`OUTSIDE`].
    start: Scores,
    /// From there to [`OUTSIDE`].
    begin: i16,
    /// From each state to the states but [`OUTSIDE`].
    steps: [Scores; STATES],
    /// From [`OUTSIDE`] to itself.
    stay: i16,
    /// From the other states to [`OUTSIDE`].
    ends: Scores,
    /// To each state: from [`OUTSIDE`], and from the others.
    into: [Best; STATES],
    /// A token whose best score is below this bears no label, unless a neighbour's makes up for it.
    hopeless: i16,
}

static CHAIN: LazyLock<Chain> = LazyLock::new(|| {
    let within = |from: usize, row: &[i16; STATES]| -> Scores {
        std::array::from_fn(|i| {
            let to = i + 1;
            let step = row.get(to).copied().unwrap_or(NEVER);
            if follows(from, to) { step } else { NEVER }
        })
    };
    let all = weights::transitions();
    let mut steps = [[NEVER; WIDTH]; STATES];
    for (from, (row, step)) in all.iter().zip(&mut steps).enumerate() {
        *step = within(from, row);
    }
    let step = |from: usize, to: usize| {
        let step = match to.checked_sub(1) {
            None => all.get(from).and_then(|row| row.first()),
            Some(to) => steps.get(from).and_then(|steps: &Scores| steps.get(to)),
        };
        step.copied().unwrap_or(NEVER)
    };
    let into = std::array::from_fn(|to| Best {
        outside: step(OUTSIDE, to),
        others: std::array::from_fn(|from| step(from + 1, to)),
    });
    let stay = step(OUTSIDE, OUTSIDE);
    let ends = std::array::from_fn(|from| step(from + 1, OUTSIDE));
    let starts = weights::start();
    let begin = starts.first().copied().unwrap_or(0);
    let start = within(OUTSIDE, &starts);
    // Against a path that stays outside, a label gains at most the best step to it and the best step out again.
    let gain = |steps: &[i16], stay: i16| {
        let best = steps.iter().max().copied().unwrap_or(0);
        i32::from(best) - i32::from(stay)
    };
    let most_in = gain(steps.as_flattened(), stay).max(gain(&start, begin));
    let out = gain(&ends, stay).max(0);
    Chain {
        start,
        begin,
        steps,
        stay,
        ends,
        into,
        hopeless: i16::try_from(-(most_in + out)).unwrap_or(i16::MIN),
    }
});

/// The score of what cannot be: far below every sum of weights, far above the least number.
const NEVER: i16 = -20_000;

/// Tokens for which there is room at first; most runs are shorter.
const RUN: usize = 16;

/// Labels the tokens of a text that are not `taken`. `bias` is added to the score of every label, in natural logarithms.
pub(crate) fn tag(tokens: &Tokens<'_>, taken: &Bits, bias: f32) -> Vec<Tagged> {
    let glance = Glance::new();
    #[expect(clippy::cast_possible_truncation, reason = "a bias is a small number")]
    let more = (bias.clamp(-20.0, 20.0) * GLANCE_UNIT as f32) as i16;
    let view = features::view(tokens, taken, |sights, at, case| {
        glance.worth(&features::glance(sights, at, case), more)
    });
    let table = weights::table();
    let rows_of = u32::try_from(table.len()).unwrap_or(0);
    let chain = &*CHAIN;
    #[expect(clippy::cast_possible_truncation, reason = "a bias is a small number")]
    let bias = (bias.clamp(-20.0, 20.0) * UNIT as f32) as i16;
    let mut found = Vec::with_capacity(8);
    let mut run: Vec<Step> = Vec::with_capacity(RUN);
    let mut rows = [0; FEATURES];
    let mut lines = Lines::new(tokens);
    let mut at = 0;
    while let Some(from) = view.open.next(at) {
        run.clear();
        at = from;
        let mut hope = false;
        while view.open.has(at) {
            let own = Own::new(tokens, &mut lines, at);
            features::rows(&view.sights, at, &own, view.case, rows_of, &mut rows);
            let mut sum = weights::sum(table, &rows);
            for s in &mut sum {
                *s += bias;
            }
            hope |= most(&sum) >= chain.hopeless;
            run.push(Step::from(sum));
            at += 1;
        }
        if hope {
            let last = at == tokens.all().len();
            spans(chain, &mut run, from, last, &mut found);
        }
    }
    found
}

/// The end of the text, where every state is as good as the others.
const NOTHING: Best = Best {
    outside: 0,
    others: [0; WIDTH],
};

/// The best sums of all paths up to a token, or what a step adds to them: that of [`OUTSIDE`], and those of the other states.
#[derive(Clone, Copy)]
struct Best {
    outside: i16,
    others: Scores,
}

/// An open token: its scores, and the best sums of the paths up to it, once they are known.
#[derive(Clone, Copy)]
struct Step {
    scores: Scores,
    best: Best,
}

impl From<Scores> for Step {
    fn from(scores: Scores) -> Self {
        Self {
            scores,
            best: NOTHING,
        }
    }
}

impl Best {
    /// The same with its largest at 0: only differences count.
    fn levelled(mut self) -> Self {
        let top = self.outside.max(most(&self.others));
        self.outside = self.outside.saturating_sub(top);
        for other in &mut self.others {
            *other = other.saturating_sub(top);
        }
        self
    }

    /// One token further.
    fn step(&self, chain: &Chain, score: &Scores) -> Self {
        let outside = self
            .outside
            .saturating_add(chain.stay)
            .max(most(&add(&self.others, &chain.ends)));
        let mut others = [i16::MIN; WIDTH];
        let lift = |from: i16, steps: &Scores, others: &mut Scores| {
            for (other, step) in others.iter_mut().zip(steps) {
                *other = (*other).max(from.saturating_add(*step));
            }
        };
        let (first, rest) = chain.steps.split_first().unwrap_or((&chain.start, &[]));
        lift(self.outside, first, &mut others);
        for (from, steps) in self.others.iter().zip(rest) {
            lift(*from, steps, &mut others);
        }
        let others = add(&others, score);
        Self { outside, others }.levelled()
    }

    /// The state from which the best path goes on by steps `into` the next.
    fn last(&self, into: &Self) -> usize {
        let outside = self.outside.saturating_add(into.outside);
        let others = add(&self.others, &into.others);
        let top = most(&others);
        if top <= outside {
            return OUTSIDE;
        }
        others.iter().position(|other| *other == top).unwrap_or(0) + 1
    }
}

/// The sums of two rows of scores.
fn add(a: &Scores, b: &Scores) -> Scores {
    let mut sum = *a;
    for (sum, b) in sum.iter_mut().zip(b) {
        *sum = sum.saturating_add(*b);
    }
    sum
}

/// The largest of a row of scores.
fn most(scores: &Scores) -> i16 {
    let [a, b, c, d, e, f, g, h] = *scores;
    let four = [a.max(e), b.max(f), c.max(g), d.max(h)];
    let [a, b, c, d] = four;
    a.max(c).max(b.max(d))
}

/// The best path through a run of open tokens that begins at `first`, as spans; what stands around is outside.
fn spans(chain: &Chain, run: &mut [Step], first: usize, last: bool, found: &mut Vec<Tagged>) {
    let mut before: Option<Best> = None;
    for step in run.iter_mut() {
        let best = match before {
            Some(best) => best.step(chain, &step.scores),
            None => {
                let (outside, into) = if first == 0 {
                    (chain.begin, &chain.start)
                } else {
                    (chain.stay, chain.steps.first().unwrap_or(&chain.start))
                };
                let others = add(into, &step.scores);
                Best { outside, others }.levelled()
            }
        };
        step.best = best;
        before = Some(best);
    }
    // The token behind the run is outside; behind the text is nothing.
    let behind = if last {
        &NOTHING
    } else {
        chain.into.first().unwrap_or(&NOTHING)
    };
    let mut state = before.map_or(OUTSIDE, |best| best.last(behind));
    let from = found.len();
    let mut lead = 0;
    let mut to = run.len();
    for at in (0..run.len()).rev() {
        if let Some(label) = Label::of(state) {
            let own = run
                .get(at)
                .and_then(|step| step.scores.get(state - 1))
                .map_or(0, |s| i32::from(*s));
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
        state = match at.checked_sub(1).and_then(|before| run.get(before)) {
            Some(before) => before.best.last(chain.into.get(state).unwrap_or(&NOTHING)),
            None => OUTSIDE,
        };
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
