//! Attacker B: has the original texts and looks for the nearest one.

use super::text::{grams, real};
use super::{Published, Ticket};
use std::collections::HashMap;

/// Weights of one text, sorted by n-gram.
type Vector = Vec<(u64, f64)>;

/// How often each n-gram stands in the text, sorted by n-gram so that sums come out the same every time.
fn counts(text: &str) -> Vector {
    let mut grams = grams(text);
    grams.sort_unstable();
    grams
        .chunk_by(|a, b| a == b)
        .filter_map(|run| Some((*run.first()?, 1.0 + real(run.len()).ln())))
        .collect()
}

fn weigh(counts: Vector, documents: &HashMap<u64, usize>, all: usize) -> Vector {
    let mut out: Vector = counts
        .into_iter()
        .filter_map(|(gram, tf)| {
            let n = documents.get(&gram)?;
            Some((gram, tf * (real(all + 1) / real(*n)).ln()))
        })
        .collect();
    let norm = out.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
    if norm > 0.0 {
        for (_, w) in &mut out {
            *w /= norm;
        }
    }
    out
}

/// The position of the nearest original for every published text (cosine of TF-IDF over 3- to 5-grams of characters).
///
/// `None` where a text shares no n-gram with any original.
#[must_use]
pub fn attacker_b(originals: &[Ticket], published: &[Published]) -> Vec<Option<usize>> {
    let texts: Vec<Vector> = originals.iter().map(|t| counts(&t.text)).collect();
    let mut documents: HashMap<u64, usize> = HashMap::new();
    for (gram, _) in texts.iter().flatten() {
        *documents.entry(*gram).or_default() += 1;
    }
    let mut index: HashMap<u64, Vec<(usize, f64)>> = HashMap::new();
    for (n, text) in texts.into_iter().enumerate() {
        for (gram, w) in weigh(text, &documents, originals.len()) {
            index.entry(gram).or_default().push((n, w));
        }
    }
    let nearest = |text: &str| {
        let mut scores = vec![0.0; originals.len()];
        for (gram, w) in weigh(counts(text), &documents, originals.len()) {
            for (n, v) in index.get(&gram).map_or(&[][..], Vec::as_slice) {
                if let Some(s) = scores.get_mut(*n) {
                    *s += w * v;
                }
            }
        }
        let best = scores.into_iter().enumerate();
        // The first of equals, so that the figure does not depend on the order of the sum.
        best.filter(|(_, s)| *s > 0.0)
            .fold(None, |best: Option<(usize, f64)>, (n, s)| match best {
                Some(b) if b.1 >= s => Some(b),
                _ => Some((n, s)),
            })
            .map(|b| b.0)
    };
    published.iter().map(|p| nearest(&p.text)).collect()
}
