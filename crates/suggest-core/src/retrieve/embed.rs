//! Vectors of the integrator's own beside the words.

use std::fmt;

/// Turns text into a vector; a [`Retriever`](crate::Retriever) adds the cosine of two vectors to its score.
///
/// It only ever sees redacted text and the integrator's own: of a query, what is left when the tags are taken out. Its
/// `Debug` must not show text. The same text must give the same vector, or answers change from call to call.
pub trait Embedder: fmt::Debug + Send + Sync {
    /// How many numbers a vector has.
    fn dim(&self) -> usize;

    /// The vector of a text; `None` where it has nothing to say. Another length than [`dim`](Self::dim), a number that is
    /// not finite and a vector of zeros are read as `None`.
    fn embed(&self, redacted: &str) -> Option<Vec<f32>>;
}

/// The vector of a text at unit length, where it is one.
pub(super) fn unit(embedder: &dyn Embedder, redacted: &str) -> Option<Vec<f32>> {
    let mut vector = embedder.embed(redacted)?;
    if vector.len() != embedder.dim() || vector.iter().any(|x| !x.is_finite()) {
        return None;
    }
    // In f64, so that large numbers do not overflow.
    let norm: f64 = vector.iter().map(|x| f64::from(*x).powi(2)).sum();
    let norm = norm.sqrt();
    if norm == 0.0 {
        return None;
    }
    for x in &mut vector {
        *x = (f64::from(*x) / norm) as f32;
    }
    Some(vector)
}

/// The cosine of two vectors of unit length, 0 where they point apart.
pub(super) fn likeness(a: &[f32], b: &[f32]) -> f32 {
    let sum: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    sum.clamp(0.0, 1.0)
}
