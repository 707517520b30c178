//! Vectors in a byte a number: enough to tell how near two texts are.

/// What one number stands for: 127 of these are a half, and hardly any number of a vector is larger.
const UNIT: f32 = 254.0;

/// A vector of length one, in bytes.
pub(crate) fn small(vector: &[f32]) -> Vec<i8> {
    // The conversion takes what is too large for the largest.
    vector.iter().map(|v| (v * UNIT).round() as i8).collect()
}

/// How near two vectors are, in whole numbers; [`cosine`] says what they stand for.
pub(crate) fn dot(one: &[i8], two: &[i8]) -> i32 {
    let products = one
        .iter()
        .zip(two)
        .map(|(a, b)| i32::from(*a) * i32::from(*b));
    products.sum()
}

/// The cosine a product of two vectors stands for.
pub(crate) fn cosine(dot: i32) -> f32 {
    dot as f32 / (UNIT * UNIT)
}
