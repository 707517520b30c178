//! Check systems of ISO/IEC 7064:2003, and Verhoeff's.

use super::sums::{alnum, digit};

/// MOD 97-10 over digits and letters (letters count as two digits); the rest of a right one is 1.
pub(super) fn mod97(text: impl Iterator<Item = u8>) -> Option<u32> {
    let mut rest = 0;
    for b in text {
        let value = alnum(b)?;
        rest = (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    Some(rest)
}

/// MOD 11,10 over digits, the check digit last.
pub(super) fn mod11_10(text: &[u8]) -> Option<bool> {
    hybrid(text, 10)
}

/// MOD 37,36 over digits and letters, the check character last.
pub(super) fn mod37_36(text: &[u8]) -> Option<bool> {
    hybrid(text, 36)
}

/// A hybrid system: the product of each step is taken modulo one more than the number of characters.
fn hybrid(text: &[u8], size: u32) -> Option<bool> {
    let (last, body) = text.split_last()?;
    let mut product = size;
    for b in body {
        let sum = (alnum(*b).filter(|v| *v < size)? + product) % size;
        product = (if sum == 0 { size } else { sum }) * 2 % (size + 1);
    }
    Some((product + alnum(*last)?) % size == 1)
}

/// Verhoeff's check over the dihedral group of order ten (Error Detecting Decimal Codes, 1969): a body and its digit.
pub(super) fn verhoeff(body: &[u8], last: u32) -> Option<bool> {
    // The permutation of the n-th digit from the right is the n-th power of this one.
    const STEP: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut sum = last;
    for (i, b) in body.iter().rev().enumerate() {
        let mut d = digit(*b)?;
        for _ in 0..(i + 1) % 8 {
            d = STEP.get(usize::try_from(d).ok()?).copied()?;
        }
        sum = dihedral(sum, d);
    }
    Some(sum == 0)
}

/// The product of two elements: 0 to 4 are turns, 5 to 9 turns after a flip.
const fn dihedral(a: u32, b: u32) -> u32 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - 5 + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}
