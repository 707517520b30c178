//! What a lead means: how likely the first label is the right one, and whether the text has any, learned from examples that the
//! separators have not seen.

use super::meaning::Around;
use super::model::Lead;

/// A lead, and whether it was right; `None` for a text without a label.
pub(super) type Judged = (Lead, Option<bool>);

/// What is looked at.
const SIGNS: usize = 10;

/// Fewest right answers, and wrong ones, that a curve is drawn through.
const LEAST: usize = 3;
/// Fewest examples without a label by which such texts are recognised.
const LEAST_OUTSIDE: usize = 10;
/// Steps of Newton's method; it is there after six or seven.
const STEPS: usize = 25;
/// Keeps the curve finite where the two kinds do not overlap at all.
const RIDGE: f64 = 1e-2;
/// The same for the signs from [`FINE`] on, which say more only where examples are many.
const RIDGE_FINE: f64 = 1.0;
const FINE: usize = 4;

/// What leads mean.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Curve {
    right: Option<Logistic>,
    /// The least confidence of a sure answer.
    threshold: Option<f32>,
    /// How likely a text has no label, and from which likelihood on it has none.
    outside: Option<(Logistic, f32)>,
}

impl Curve {
    /// From leads and whether they were right; `None` for a text without a label. At most `turned_away` of the texts that have one
    /// are taken for such.
    pub(super) fn new(judged: &[Judged], precision: f32, turned_away: f32) -> Self {
        let mut curve = Self::default();
        let strangers = judged.iter().filter(|(_, right)| right.is_none()).count();
        if strangers >= LEAST_OUTSIDE && strangers < judged.len() {
            let rows: Vec<_> = judged
                .iter()
                .map(|(lead, right)| (sight(lead), right.is_none()))
                .collect();
            // Both kinds count alike, however many there are of each.
            let weight = (judged.len() - strangers) as f64 / strangers as f64;
            let logistic = Logistic::fit(&rows, weight);
            let mut own: Vec<f32> = judged
                .iter()
                .filter(|(_, right)| right.is_some())
                .map(|(lead, _)| logistic.of(lead))
                .collect();
            own.sort_by(|a, b| b.total_cmp(a));
            let allowed = (own.len() as f32 * turned_away) as usize;
            if let Some(from) = own.get(allowed) {
                curve.outside = Some((logistic, *from));
            }
        }
        let answered: Vec<(Lead, bool)> = judged
            .iter()
            .filter(|(lead, _)| !curve.is_outside(lead))
            .map(|(lead, right)| (*lead, right.unwrap_or(false)))
            .collect();
        let right = answered.iter().filter(|(_, right)| *right).count();
        if right < LEAST {
            return curve;
        }
        let mut rows: Vec<_> = answered
            .iter()
            .map(|(lead, right)| (sight(lead), *right))
            .collect();
        // Where hardly any answer is wrong, what a wrong one looks like is taken for granted: no lead at all.
        let wrong = answered.len() - right;
        if let Some((least, _)) = answered
            .iter()
            .min_by(|a, b| a.0.score.total_cmp(&b.0.score))
        {
            let none = Lead {
                ahead: 0.0,
                lacking: 0.5f32.ln(),
                open: 2f32.ln(),
                around: Around::default(),
                doubt: 0.0,
                ..*least
            };
            rows.extend((wrong..LEAST).map(|_| (sight(&none), false)));
        }
        let logistic = Logistic::fit(&rows, 1.0);
        let mut sure: Vec<(f32, bool)> = answered
            .iter()
            .map(|(lead, right)| (logistic.of(lead), *right))
            .collect();
        sure.sort_by(|a, b| b.0.total_cmp(&a.0));
        // One wrong answer more than were seen, so that luck is not taken for precision.
        let (mut wrong, mut count) = (1.0, 1.0);
        for alike in sure.chunk_by(|a, b| a.0 == b.0) {
            count += alike.len() as f32;
            wrong += alike.iter().filter(|(_, right)| !right).count() as f32;
            if wrong <= (1.0 - precision) * count {
                curve.threshold = alike.first().map(|(confidence, _)| *confidence);
            }
        }
        curve.right = Some(logistic);
        curve
    }

    /// Parts that are there or not, and the most values of one.
    pub(super) const PARTS: usize = 3;
    pub(super) const VALUES: usize = SIGNS + 1;

    /// The curve as numbers, to be stored: right, threshold, outside.
    pub(super) fn parts(&self) -> [Option<[f64; Self::VALUES]>; Self::PARTS] {
        let values = |curve: [f64; SIGNS], last: f64| {
            let mut all = [last; Self::VALUES];
            for (slot, value) in all.iter_mut().zip(curve) {
                *slot = value;
            }
            all
        };
        [
            self.right.map(|r| values(r.0, 0.0)),
            self.threshold.map(|t| values([0.0; SIGNS], t.into())),
            self.outside.map(|(o, from)| values(o.0, from.into())),
        ]
    }

    /// The reverse of [`Self::parts`].
    pub(super) fn of(
        [right, threshold, outside]: [Option<[f64; Self::VALUES]>; Self::PARTS],
    ) -> Self {
        let curve = |all: [f64; Self::VALUES]| {
            let [signs @ .., last] = all;
            (Logistic(signs), last as f32)
        };
        Self {
            right: right.map(|values| curve(values).0),
            threshold: threshold.map(|values| curve(values).1),
            outside: outside.map(curve),
        }
    }

    pub(super) const fn rejects(&self) -> bool {
        self.outside.is_some()
    }

    pub(super) const fn threshold(&self) -> Option<f32> {
        self.threshold
    }

    pub(super) fn is_outside(&self, lead: &Lead) -> bool {
        self.outside
            .is_some_and(|(logistic, from)| logistic.of(lead) > from)
    }

    /// How likely the first label is right. Where nothing was held out, what grows with the lead: an order, no likelihood.
    pub(super) fn confidence(&self, lead: &Lead) -> f32 {
        match &self.right {
            Some(logistic) => logistic.of(lead),
            None => 1.0 - (-lead.ahead / 2.0).exp(),
        }
    }

    pub(super) fn is_sure(&self, confidence: f32) -> bool {
        self.threshold.is_some_and(|least| confidence >= least)
    }
}

/// What is looked at: one, the lead, the score, what texts without a label are ahead, what the scores leave open, how the
/// examples lie around, and how doubtful the label is.
fn sight(lead: &Lead) -> [f64; SIGNS] {
    [
        1.0,
        f64::from(lead.ahead),
        f64::from(lead.score),
        f64::from(lead.outside),
        f64::from(lead.lacking),
        f64::from(lead.open),
        f64::from(lead.around.nearest),
        f64::from(lead.around.near),
        f64::from(lead.around.best),
        f64::from(lead.doubt),
    ]
}

const fn ridge(sign: usize) -> f64 {
    if sign < FINE { RIDGE } else { RIDGE_FINE }
}

/// A logistic curve over [`sight`].
#[derive(Clone, Copy, Debug)]
struct Logistic([f64; SIGNS]);

impl Logistic {
    /// The likeliest curve, by Newton's method; each row that is true counts `weight` times.
    fn fit(rows: &[([f64; SIGNS], bool)], weight: f64) -> Self {
        let mut curve = Self([0.0; SIGNS]);
        for _ in 0..STEPS {
            let mut slope = [0.0; SIGNS];
            let mut bend = [[0.0; SIGNS]; SIGNS];
            for (place, (slope, own)) in slope.iter_mut().zip(curve.0).enumerate() {
                *slope = -ridge(place) * own;
            }
            for (place, line) in bend.iter_mut().enumerate() {
                if let Some(slot) = line.get_mut(place) {
                    *slot = ridge(place);
                }
            }
            for (x, is) in rows {
                let times = if *is { weight } else { 1.0 };
                let p = curve.at(x);
                let error = times * (f64::from(u8::from(*is)) - p);
                let spread = times * p * (1.0 - p);
                for ((slope, line), a) in slope.iter_mut().zip(&mut bend).zip(x) {
                    *slope += error * a;
                    for (slot, b) in line.iter_mut().zip(x) {
                        *slot += spread * a * b;
                    }
                }
            }
            let Some(step) = solved(bend, slope) else {
                break;
            };
            for (own, step) in curve.0.iter_mut().zip(step) {
                *own += step;
            }
            if step.iter().all(|s| s.abs() < 1e-6) {
                break;
            }
        }
        curve
    }

    fn at(&self, x: &[f64; SIGNS]) -> f64 {
        let sum: f64 = self.0.iter().zip(x).map(|(a, b)| a * b).sum();
        1.0 / (1.0 + (-sum).exp())
    }

    fn of(&self, lead: &Lead) -> f32 {
        self.at(&sight(lead)) as f32
    }
}

/// Solves linear equations by elimination; `None` where they have no one solution.
fn solved(mut left: [[f64; SIGNS]; SIGNS], mut right: [f64; SIGNS]) -> Option<[f64; SIGNS]> {
    for step in 0..SIGNS {
        let best = (step..SIGNS).max_by(|a, b| {
            let of = |row: &usize| {
                left.get(*row)
                    .and_then(|r| r.get(step))
                    .map_or(0.0, |v| v.abs())
            };
            of(a).total_cmp(&of(b))
        })?;
        left.swap(step, best);
        right.swap(step, best);
        let pivot = *left.get(step)?;
        let top = *right.get(step)?;
        let lead = *pivot.get(step)?;
        if lead.abs() < 1e-12 {
            return None;
        }
        for row in (0..SIGNS).filter(|row| *row != step) {
            let line = left.get_mut(row)?;
            let times = line.get(step)? / lead;
            for (slot, value) in line.iter_mut().zip(pivot) {
                *slot -= times * value;
            }
            *right.get_mut(row)? -= times * top;
        }
    }
    let mut out = [0.0; SIGNS];
    for (at, slot) in out.iter_mut().enumerate() {
        *slot = right.get(at)? / left.get(at)?.get(at)?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations() {
        let mut left = [[0.0; SIGNS]; SIGNS];
        let (mut right, mut out) = ([1.0; SIGNS], [1.0; SIGNS]);
        for (at, line) in left.iter_mut().enumerate() {
            line[at] = 1.0;
        }
        left[0] = [0.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        left[1] = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        left[2][2] = 4.0;
        left[3][2..4].copy_from_slice(&[1.0, 2.0]);
        right[..4].copy_from_slice(&[7.0, 3.0, 4.0, 5.0]);
        out[..4].copy_from_slice(&[3.0, 3.0, 1.0, 2.0]);
        assert_eq!(solved(left, right), Some(out));
        assert_eq!(solved([[2.0; SIGNS]; SIGNS], [1.0; SIGNS]), None);
    }

    fn lead(ahead: f32) -> Lead {
        Lead {
            label: 0,
            score: ahead - 1.0,
            ahead,
            outside: 0.0,
            lacking: 0.0,
            open: 0.0,
            around: Around::default(),
            doubt: 0.0,
        }
    }

    /// Right with a probability that grows with the lead.
    fn judged() -> Vec<(Lead, Option<bool>)> {
        (0..2000u32)
            .map(|n| {
                let ahead = (n % 100) as f32 / 50.0;
                let luck = n.wrapping_mul(2_654_435_761) >> 16 & 0xff;
                (lead(ahead), Some((luck as f32) < 40.0 + 140.0 * ahead))
            })
            .collect()
    }

    #[test]
    fn a_longer_lead_is_surer_and_the_threshold_keeps_the_precision() {
        let curve = Curve::new(&judged(), 0.95, 0.05);
        assert!(curve.confidence(&lead(0.1)) < curve.confidence(&lead(0.5)));
        assert!(curve.confidence(&lead(0.5)) < curve.confidence(&lead(1.5)));
        let sure: Vec<bool> = judged()
            .into_iter()
            .filter(|(lead, _)| curve.is_sure(curve.confidence(lead)))
            .filter_map(|(_, right)| right)
            .collect();
        let right = sure.iter().filter(|right| **right).count();
        assert!(sure.len() > 500, "{}", sure.len());
        assert!(right as f32 >= 0.95 * sure.len() as f32);
        // More precision, fewer answers; all of it, none.
        let strict = Curve::new(&judged(), 0.995, 0.05);
        assert!(strict.threshold().unwrap_or(1.0) > curve.threshold().unwrap());
        assert_eq!(Curve::new(&judged(), 1.0, 0.05).threshold(), None);
    }

    #[test]
    fn texts_without_a_label_are_noticed_at_a_price_that_is_kept() {
        let mut all = judged();
        all.extend((0..200).map(|n| (lead((n % 10) as f32 / 100.0), None)));
        let curve = Curve::new(&all, 0.95, 0.05);
        assert!(curve.rejects());
        let turned = |of: Option<bool>| {
            let of = all
                .iter()
                .filter(|(_, right)| right.is_some() == of.is_some());
            let (mut all, mut away) = (0, 0);
            for (lead, _) in of {
                all += 1;
                away += usize::from(curve.is_outside(lead));
            }
            away as f32 / all as f32
        };
        assert!(turned(Some(true)) <= 0.05, "{}", turned(Some(true)));
        assert!(turned(None) > 0.4, "{}", turned(None));
        assert!(!Curve::new(&judged(), 0.95, 0.05).rejects());
    }
}
