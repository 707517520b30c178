//! The stored form of a classifier: version byte, labels, features, weights, what was learned from vectors, networks, curve.
//! Numbers are little-endian. What was learned from vectors is of use with the same vectors alone, so their stamp stands before it.

use std::collections::BTreeSet;

use super::Classifier;
use super::features::Vocabulary;
use super::lead::Curve;
use super::meaning::{MOST_KEPT, Meaning};
use super::model::{MOST_WEIGHTS, Model};
use super::net::{HIDDEN, Net};
use super::vectors;
use crate::error::Error;

/// 2: with vectors, and more signs in the curve.
const VERSION: u8 = 2;
/// More networks than are ever trained are refused.
const MOST_NETS: usize = 8;
/// No weight that is learned comes near it, and no sum of such becomes infinite.
const MOST: f32 = 1e12;

pub(super) fn write(classifier: &Classifier) -> Vec<u8> {
    let (model, curve) = (&classifier.model, &classifier.curve);
    let mut out = vec![VERSION, u8::from(model.outside)];
    number(&mut out, model.labels.len());
    for label in &model.labels {
        number(&mut out, label.len());
        out.extend(label.as_bytes());
    }
    number(&mut out, model.vocabulary.len());
    for (key, words, idf) in model.vocabulary.parts() {
        out.extend(key.to_le_bytes());
        out.push(u8::from(words));
        out.extend(idf.to_le_bytes());
    }
    floats(&mut out, &model.weights);
    out.push(u8::from(model.meaning.is_some()));
    if let Some(meaning) = &model.meaning {
        out.extend(meaning.table.stamp().to_le_bytes());
        for kept in &meaning.kept {
            number(&mut out, kept.len() / meaning.table.dims());
            out.extend(kept.iter().map(|value| value.cast_unsigned()));
        }
        floats(&mut out, &meaning.weights);
        nets(&mut out, &meaning.nets);
    }
    nets(&mut out, &model.nets);
    floats(&mut out, &model.doubts);
    for part in curve.parts() {
        out.push(u8::from(part.is_some()));
        for value in part.into_iter().flatten() {
            out.extend(value.to_le_bytes());
        }
    }
    out
}

fn nets(out: &mut Vec<u8>, all: &[Net]) {
    number(out, all.len());
    for net in all {
        for part in [&net.first, &net.bias, &net.last] {
            floats(out, part);
        }
    }
}

fn number(out: &mut Vec<u8>, n: usize) {
    out.extend((n as u64).to_le_bytes());
}

fn floats(out: &mut Vec<u8>, all: &[f32]) {
    out.reserve(all.len() * 4);
    for value in all {
        out.extend(value.to_le_bytes());
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Classifier, Error> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => Reader(rest).classifier().ok_or(Error::CorruptClassifier),
        Some((&version, _)) if version > VERSION => Err(Error::NewerClassifier { version }),
        _ => Err(Error::CorruptClassifier),
    }
}

/// Nothing is reserved for a number that the bytes left do not hold.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn classifier(mut self) -> Option<Classifier> {
        let outside = self.flag()?;
        let mut labels = BTreeSet::new();
        let count = self.number()?;
        for _ in 0..count {
            let n = self.number()?;
            let label = std::str::from_utf8(self.take(n)?).ok()?.to_owned();
            // Sorted, each once.
            if labels.last().is_some_and(|before| *before >= label) {
                return None;
            }
            labels.insert(label);
        }
        let labels: Vec<String> = labels.into_iter().collect();
        let features = self.number()?;
        let mut parts: Vec<(u32, bool, f32)> = Vec::new();
        for _ in 0..features {
            let key = u32::from_le_bytes(self.array()?);
            let (words, idf) = (self.flag()?, self.float()?);
            if idf <= 0.0 || parts.last().is_some_and(|(before, ..)| *before >= key) {
                return None;
            }
            parts.push((key, words, idf));
        }
        let slots = labels.len() + usize::from(outside);
        if labels.len() < 2 || features == 0 || features.checked_mul(slots)? > MOST_WEIGHTS {
            return None;
        }
        let weights = self.floats((features + 1) * slots)?;
        let meaning = if self.flag()? {
            Some(self.meaning(slots)?)
        } else {
            None
        };
        let nets = self.nets(features, slots)?;
        let doubts = self.floats(labels.len())?;
        let mut curve = [None; Curve::PARTS];
        for slot in &mut curve {
            if self.flag()? {
                let mut values = [0.0; Curve::VALUES];
                for value in &mut values {
                    *value = f64::from_le_bytes(self.array()?);
                    if !value.is_finite() {
                        return None;
                    }
                }
                *slot = Some(values);
            }
        }
        self.0.is_empty().then(|| Classifier {
            model: Model {
                labels,
                outside,
                vocabulary: Vocabulary::of(parts),
                weights,
                nets,
                meaning,
                doubts,
            },
            curve: Curve::of(curve),
        })
    }

    fn meaning(&mut self, slots: usize) -> Option<Meaning> {
        let table = vectors::table()?;
        let dims = table.dims();
        if u64::from_le_bytes(self.array()?) != table.stamp() {
            return None;
        }
        let mut kept = Vec::new();
        for _ in 0..slots {
            let count = self.number().filter(|n| *n <= MOST_KEPT)?;
            let rows = self.take(count * dims)?;
            kept.push(rows.iter().map(|byte| byte.cast_signed()).collect());
        }
        Some(Meaning {
            table,
            kept,
            weights: self.floats((dims + 1).checked_mul(slots)?)?,
            nets: self.nets(dims, slots)?,
        })
    }

    fn nets(&mut self, features: usize, slots: usize) -> Option<Vec<Net>> {
        let count = self.number().filter(|n| *n <= MOST_NETS)?;
        (0..count)
            .map(|_| {
                Some(Net {
                    first: self.floats(features.checked_mul(HIDDEN)?)?,
                    bias: self.floats(HIDDEN)?,
                    last: self.floats((HIDDEN + 1).checked_mul(slots)?)?,
                })
            })
            .collect()
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.array()?)).ok()
    }

    fn flag(&mut self) -> Option<bool> {
        match self.array()? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    fn float(&mut self) -> Option<f32> {
        let value = f32::from_le_bytes(self.array()?);
        // Also false for what is no number.
        (value.abs() <= MOST).then_some(value)
    }

    fn floats(&mut self, n: usize) -> Option<Vec<f32>> {
        let mut part = Reader(self.take(n.checked_mul(4)?)?);
        (0..n).map(|_| part.float()).collect()
    }
}
