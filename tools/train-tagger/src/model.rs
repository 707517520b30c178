//! A linear-chain conditional random field, trained by AdaGrad with a margin for missed spans.
//!
//! Lafferty, McCallum, Pereira 2001; Duchi, Hazan, Singer 2011; the margin is that of Gimpel and Smith 2010 (softmax-margin).
//! Only additions, multiplications, divisions and square roots of IEEE 754 are used, one after the other, so that the same
//! input gives the same bytes on every machine.

use pii_detect::training::{FEATURES, GLANCES, MAGIC, OUTSIDE, STATES, UNIT, WIDTH, may_follow};

/// A text as rows of features, with the states it may take.
#[derive(Debug)]
pub(crate) struct Sequence {
    pub(crate) rows: Vec<[u32; FEATURES]>,
    /// Places of the weights of the first glance.
    pub(crate) glances: Vec<[u16; GLANCES]>,
    /// Bit set of states allowed for every token: one bit for a known label.
    pub(crate) allowed: Vec<u16>,
    /// Tokens that may bear a label at all.
    pub(crate) open: Vec<bool>,
    /// How much it counts.
    pub(crate) weight: f32,
}

/// Settings of a training run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) epochs: usize,
    pub(crate) rate: f32,
    /// Margin for a token of a span that is taken for none.
    pub(crate) miss: f32,
    /// Margin for a token of no span that is taken for one.
    pub(crate) alarm: f32,
    /// Share of features left out at random, of 256.
    pub(crate) drop: u64,
    /// Strength of L2, applied when a row is touched.
    pub(crate) decay: f32,
}

/// The weights.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) weights: Vec<[f32; WIDTH]>,
    squares: Vec<[f32; WIDTH]>,
    transitions: [[f32; STATES]; STATES],
    transition_squares: [[f32; STATES]; STATES],
    start: [f32; STATES],
    start_squares: [f32; STATES],
}

/// e to the power of `x` by range reduction and a polynomial; relative error below 1e-6.
pub(crate) fn exp(x: f32) -> f32 {
    if x < -80.0 {
        return 0.0;
    }
    let x = if x > 80.0 { 80.0 } else { x };
    let k = (x * std::f32::consts::LOG2_E).round();
    let r = x - k * std::f32::consts::LN_2;
    let p = 1.0
        + r * (1.0
            + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r / 720.0)))));
    let bits = ((k as i32 + 127) as u32) << 23;
    p * f32::from_bits(bits)
}

type Scores = Vec<[f32; STATES]>;

/// Score of a label for a token that cannot bear one.
const SHUT: f32 = -1e4;

impl Model {
    pub(crate) fn new(rows: usize) -> Self {
        Self {
            weights: vec![[0.0; WIDTH]; rows],
            squares: vec![[1e-6; WIDTH]; rows],
            transitions: [[0.0; STATES]; STATES],
            transition_squares: [[1e-6; STATES]; STATES],
            start: [0.0; STATES],
            start_squares: [1e-6; STATES],
        }
    }

    fn scores(&self, sequence: &Sequence, keep: Option<&[u64]>) -> Scores {
        let mut all = Vec::with_capacity(sequence.rows.len());
        for (at, rows) in sequence.rows.iter().enumerate() {
            let mask = keep.map_or(u64::MAX, |k| k[at]);
            if !sequence.open[at] {
                let mut outside = [SHUT; STATES];
                outside[OUTSIDE] = 0.0;
                all.push(outside);
                continue;
            }
            let mut sum = [0f32; WIDTH];
            for (i, row) in rows.iter().enumerate() {
                if mask >> i & 1 == 1 {
                    let weights = &self.weights[*row as usize];
                    for (s, w) in sum.iter_mut().zip(weights) {
                        *s += w;
                    }
                }
            }
            let mut scores = [0f32; STATES];
            scores[1..].copy_from_slice(&sum);
            all.push(scores);
        }
        all
    }

    /// The best states.
    pub(crate) fn decode(&self, sequence: &Sequence, bias: f32) -> Vec<usize> {
        let mut scores = self.scores(sequence, None);
        for score in &mut scores {
            score[OUTSIDE] -= bias;
        }
        let mut back: Vec<[usize; STATES]> = Vec::with_capacity(scores.len());
        let mut best = [f32::NEG_INFINITY; STATES];
        for (at, score) in scores.iter().enumerate() {
            let mut next = [f32::NEG_INFINITY; STATES];
            let mut from = [0; STATES];
            for to in 0..STATES {
                if at == 0 {
                    if may_follow(OUTSIDE, to) {
                        next[to] = self.start[to] + score[to];
                    }
                    continue;
                }
                for f in 0..STATES {
                    if may_follow(f, to) {
                        let s = best[f] + self.transitions[f][to] + score[to];
                        if s > next[to] {
                            next[to] = s;
                            from[to] = f;
                        }
                    }
                }
            }
            back.push(from);
            best = next;
        }
        let mut state = (0..STATES)
            .max_by(|a, b| best[*a].total_cmp(&best[*b]))
            .unwrap_or(OUTSIDE);
        let mut states = vec![OUTSIDE; scores.len()];
        for at in (0..scores.len()).rev() {
            states[at] = state;
            state = back[at][state];
        }
        states
    }

    /// Forward and backward sums over the allowed states; returns state and transition expectations.
    fn expect(
        &self,
        exps: &Scores,
        trans: &[[f32; STATES]; STATES],
        start: &[f32; STATES],
        allowed: Option<&[u16]>,
    ) -> (Scores, [[f32; STATES]; STATES]) {
        let n = exps.len();
        let ok = |at: usize, s: usize| allowed.is_none_or(|a| a[at] >> s & 1 == 1);
        let mut alpha = vec![[0f32; STATES]; n];
        for at in 0..n {
            let mut sum = 0f32;
            for to in 0..STATES {
                if !ok(at, to) {
                    continue;
                }
                let inward = if at == 0 {
                    start[to]
                } else {
                    let before = &alpha[at - 1];
                    let mut s = 0f32;
                    for f in 0..STATES {
                        s += before[f] * trans[f][to];
                    }
                    s
                };
                let a = inward * exps[at][to];
                alpha[at][to] = a;
                sum += a;
            }
            let scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
            for a in &mut alpha[at] {
                *a *= scale;
            }
        }
        let mut expected = vec![[0f32; STATES]; n];
        let mut pairs = [[0f32; STATES]; STATES];
        let mut beta = [1f32; STATES];
        for at in (0..n).rev() {
            let mut sum = 0f32;
            for s in 0..STATES {
                let p = alpha[at][s] * beta[s];
                expected[at][s] = p;
                sum += p;
            }
            let scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
            for p in &mut expected[at] {
                *p *= scale;
            }
            if at > 0 {
                let mut weighted = [0f32; STATES];
                for to in 0..STATES {
                    weighted[to] = if ok(at, to) {
                        exps[at][to] * beta[to]
                    } else {
                        0.0
                    };
                }
                let mut next = [0f32; STATES];
                let mut total = 0f32;
                for f in 0..STATES {
                    let mut s = 0f32;
                    for to in 0..STATES {
                        s += trans[f][to] * weighted[to];
                    }
                    next[f] = s;
                    total += s * alpha[at - 1][f];
                }
                let scale = if total > 0.0 { 1.0 / total } else { 0.0 };
                for f in 0..STATES {
                    let a = alpha[at - 1][f] * scale;
                    for to in 0..STATES {
                        pairs[f][to] += a * trans[f][to] * weighted[to];
                    }
                }
                let largest = next.iter().fold(0f32, |a, b| a.max(*b));
                let scale = if largest > 0.0 { 1.0 / largest } else { 0.0 };
                for b in &mut next {
                    *b *= scale;
                }
                beta = next;
            }
        }
        (expected, pairs)
    }

    /// One step on one text.
    pub(crate) fn learn(
        &mut self,
        sequence: &Sequence,
        settings: &Settings,
        random: &mut crate::sample::Random,
    ) {
        let n = sequence.rows.len();
        if n == 0 {
            return;
        }
        let keep: Vec<u64> = (0..n)
            .map(|_| {
                let mut mask = u64::MAX;
                if settings.drop > 0 {
                    let mut bits = 0;
                    for i in 0..FEATURES {
                        if bits == 0 {
                            bits = random.next();
                        }
                        if bits & 0xff < settings.drop {
                            mask &= !(1 << i);
                        }
                        bits >>= 8;
                        if i % 8 == 7 {
                            bits = 0;
                        }
                    }
                }
                mask
            })
            .collect();
        let mut exps = self.scores(sequence, Some(&keep));
        for (score, allowed) in exps.iter_mut().zip(&sequence.allowed) {
            if allowed & 1 == 0 {
                score[OUTSIDE] += settings.miss;
            } else if *allowed == 1 {
                for s in score.iter_mut().skip(1) {
                    *s += settings.alarm;
                }
            }
            let largest = score.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
            for s in score.iter_mut() {
                *s = exp(*s - largest);
            }
        }
        let mut trans = [[0f32; STATES]; STATES];
        let mut start = [0f32; STATES];
        for f in 0..STATES {
            if may_follow(OUTSIDE, f) {
                start[f] = exp(self.start[f]);
            }
            for t in 0..STATES {
                if may_follow(f, t) {
                    trans[f][t] = exp(self.transitions[f][t]);
                }
            }
        }
        let (guess, guess_pairs) = self.expect(&exps, &trans, &start, None);
        let (gold, gold_pairs) = self.expect(&exps, &trans, &start, Some(&sequence.allowed));
        let rate = settings.rate;
        for at in 0..n {
            if !sequence.open[at] {
                continue;
            }
            let mut gradient = [0f32; WIDTH];
            let mut any = 0f32;
            for s in 1..STATES {
                let g = (guess[at][s] - gold[at][s]) * sequence.weight;
                gradient[s - 1] = g;
                any = any.max(g.abs());
            }
            if any < 1e-3 {
                continue;
            }
            for (i, row) in sequence.rows[at].iter().enumerate() {
                if keep[at] >> i & 1 == 0 {
                    continue;
                }
                let weights = &mut self.weights[*row as usize];
                let squares = &mut self.squares[*row as usize];
                for s in 0..WIDTH {
                    let g = gradient[s] + settings.decay * weights[s];
                    squares[s] += g * g;
                    weights[s] -= rate * g / squares[s].sqrt();
                }
            }
        }
        for f in 0..STATES {
            let g = (guess[0][f] - gold[0][f]) * sequence.weight;
            self.start_squares[f] += g * g;
            self.start[f] -= rate * g / self.start_squares[f].sqrt();
            for t in 0..STATES {
                if may_follow(f, t) {
                    let g = (guess_pairs[f][t] - gold_pairs[f][t]) * sequence.weight;
                    self.transition_squares[f][t] += g * g;
                    self.transitions[f][t] -= rate * g / self.transition_squares[f][t].sqrt();
                }
            }
        }
    }

    /// The mean of the weights of several moments.
    pub(crate) fn add(&mut self, other: &Self, share: f32) {
        for (mine, theirs) in self.weights.iter_mut().zip(&other.weights) {
            for (m, t) in mine.iter_mut().zip(theirs) {
                *m += t * share;
            }
        }
        for f in 0..STATES {
            self.start[f] += other.start[f] * share;
            for t in 0..STATES {
                self.transitions[f][t] += other.transitions[f][t] * share;
            }
        }
    }

    /// The file, as the library reads it; the weights are rounded in place, so that what is measured is what ships.
    pub(crate) fn round_to_bytes(&mut self) -> Vec<u8> {
        let unit = UNIT as f32;
        let mut out = MAGIC.to_vec();
        out.extend(u32::try_from(self.weights.len()).unwrap_or(0).to_le_bytes());
        let wide = |w: &mut f32, out: &mut Vec<u8>| {
            let rounded = (*w * unit).round().clamp(-32_000.0, 32_000.0);
            *w = rounded / unit;
            out.extend((rounded as i16).to_le_bytes());
        };
        for w in &mut self.start {
            wide(w, &mut out);
        }
        for row in &mut self.transitions {
            for w in row {
                wide(w, &mut out);
            }
        }
        for row in &mut self.weights {
            for w in row {
                let rounded = (*w * unit).round().clamp(-127.0, 127.0);
                *w = rounded / unit;
                out.push((rounded as i8).to_le_bytes()[0]);
            }
        }
        out
    }
}
