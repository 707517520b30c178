//! How well the model does on what it has not learned from.

use crate::model::{Model, Sequence};
use crate::sample::{LABELS, Sample};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Spans as (first token, token behind, label).
fn spans(states: impl Iterator<Item = usize>) -> Vec<(usize, usize, usize)> {
    let mut all: Vec<(usize, usize, usize)> = Vec::new();
    for (at, state) in states.enumerate() {
        if state == 0 {
            continue;
        }
        let label = (state - 1) / 2;
        match all.last_mut() {
            Some(last) if state % 2 == 0 && last.1 == at && last.2 == label => last.1 = at + 1,
            _ => all.push((at, at + 1, label)),
        }
    }
    all
}

#[derive(Default)]
struct Count {
    gold: [usize; 4],
    found: [usize; 4],
    exact: [usize; 4],
    hit: [usize; 4],
    right: [usize; 4],
}

/// Precision and recall by overlap and F of exact spans, a line for each source.
pub(crate) fn report(model: &Model, dev: &[(Sample, Sequence)], short: bool) -> String {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for (sample, sequence) in dev {
        let states = model.decode(sequence, 0.0);
        let found = spans(states.into_iter());
        let gold = spans(sequence.allowed.iter().map(|a| {
            if a.count_ones() == 1 {
                a.trailing_zeros() as usize
            } else {
                0
            }
        }));
        for name in ["all", sample.source.as_str()] {
            let count = counts.entry(name).or_default();
            for g in &gold {
                count.gold[g.2] += 1;
                count.exact[g.2] += usize::from(found.contains(g));
                count.hit[g.2] +=
                    usize::from(found.iter().any(|f| f.2 == g.2 && f.0 < g.1 && g.0 < f.1));
            }
            for f in &found {
                count.found[f.2] += 1;
                count.right[f.2] +=
                    usize::from(gold.iter().any(|g| f.2 == g.2 && f.0 < g.1 && g.0 < f.1));
            }
        }
    }
    let mut out = String::new();
    for (name, c) in &counts {
        if short && !(name.starts_with("dev") || *name == "all") {
            continue;
        }
        let _ = write!(out, "{name:<22}");
        for l in 0..3 {
            let (p, r) = (share(c.right[l], c.found[l]), share(c.hit[l], c.gold[l]));
            let exact = 2.0 * share(c.exact[l], c.found[l] + c.gold[l]);
            let f = if p + r > 0.0 {
                2.0 * p * r / (p + r)
            } else {
                0.0
            };
            let _ = write!(
                out,
                " {}:{:<5} {p:.3}/{r:.3}={f:.3} x{exact:.3}",
                LABELS[l], c.gold[l]
            );
        }
        out.push('\n');
    }
    out
}

fn share(a: usize, b: usize) -> f64 {
    if b == 0 { 0.0 } else { a as f64 / b as f64 }
}
