//! How often a label was given wrongly while examples were held out: some labels are hard to tell from their like.

use super::lead::Judged;

/// Examples that count as ordinary beside those of a label, so that few say little.
const ORDINARY: f32 = 5.0;
/// Each part of the examples is told what the others say.
const PARTS: usize = 3;

/// Answers with a label that were wrong, and all.
#[derive(Clone, Copy, Default)]
struct Given {
    wrong: f32,
    all: f32,
}

impl Given {
    fn count(&mut self, wrong: bool) {
        self.all += 1.0;
        self.wrong += f32::from(u8::from(wrong));
    }

    /// As logarithm of odds, less what is usual.
    fn doubt(self, usual: f32) -> f32 {
        let share = (self.wrong + ORDINARY * usual) / (self.all + ORDINARY);
        odds(share) - odds(usual)
    }
}

fn odds(share: f32) -> f32 {
    (share / (1.0 - share)).ln()
}

/// Writes into each lead how doubtful its label is by the other thirds of the examples, and gives the doubts by all of them. Were
/// a lead's own answer among what it is told, the curve would learn to read it there.
pub(super) fn doubts(judged: &mut [Judged], labels: usize) -> Vec<f32> {
    let mut of = vec![[Given::default(); PARTS]; labels];
    let mut usual = Given {
        wrong: 1.0,
        all: 2.0,
    };
    for (at, (lead, right)) in judged.iter().enumerate() {
        if let (Some(right), Some(given)) = (right, of.get_mut(lead.label)) {
            usual.count(!right);
            if let Some(given) = given.get_mut(at % PARTS) {
                given.count(!right);
            }
        }
    }
    let usual = usual.wrong / usual.all;
    let sum = |given: &[Given; PARTS], but: Option<usize>| {
        let mut sum = Given::default();
        for (part, given) in given.iter().enumerate() {
            if Some(part) != but {
                sum.wrong += given.wrong;
                sum.all += given.all;
            }
        }
        sum.doubt(usual)
    };
    for (at, (lead, _)) in judged.iter_mut().enumerate() {
        let given = of.get(lead.label);
        lead.doubt = given.map_or(0.0, |given| sum(given, Some(at % PARTS)));
    }
    of.iter().map(|given| sum(given, None)).collect()
}
