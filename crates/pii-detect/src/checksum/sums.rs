//! Sums over digits: what most check digits are made of.

/// The digit as a number; `None` when a byte is no digit.
pub(super) fn digit(b: u8) -> Option<u32> {
    b.is_ascii_digit().then(|| u32::from(b - b'0'))
}

/// A digit as itself, a letter as 10 to 35 (ISO 7064, ICAO 9303).
pub(super) fn alnum(b: u8) -> Option<u32> {
    match b {
        b'0'..=b'9' => Some(u32::from(b - b'0')),
        b'A'..=b'Z' => Some(u32::from(b - b'A') + 10),
        _ => None,
    }
}

/// The digit at an index.
pub(super) fn at(text: &[u8], index: usize) -> Option<u32> {
    digit(*text.get(index)?)
}

/// The digits `from..to` as a number.
pub(super) fn part(text: &[u8], from: usize, to: usize) -> Option<u64> {
    text.get(from..to)?.iter().try_fold(0u64, |sum, b| {
        sum.checked_mul(10)?.checked_add(u64::from(digit(*b)?))
    })
}

/// The same as a small number, for dates.
pub(super) fn two(text: &[u8], from: usize) -> Option<u32> {
    Some(10 * at(text, from)? + at(text, from + 1)?)
}

/// The weighted sum of leading digits; `None` when the text is shorter or holds something else.
pub(super) fn weighted(text: &[u8], weights: &[u32]) -> Option<u32> {
    let mut sum = 0;
    for (index, weight) in weights.iter().enumerate() {
        sum += at(text, index)? * weight;
    }
    Some(sum)
}

/// Whether there is such a day. A year of two digits counts as one of 2000 to 2099: the leap years agree, but for
/// 1900.
pub(super) fn date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4)
        && (!year.is_multiple_of(100) || year.is_multiple_of(400) || year == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// ISO/IEC 7812-1 annex B (Luhn, mod 10), the check digit last.
pub(crate) fn luhn(text: &[u8]) -> bool {
    luhn_sum(text).is_some_and(|sum| text.len() > 1 && sum % 10 == 0)
}

/// The sum of Luhn's rule: every second digit from the right doubled, its digits added.
pub(super) fn luhn_sum(text: &[u8]) -> Option<u32> {
    let mut sum = 0;
    for (i, b) in text.iter().rev().enumerate() {
        sum += match (i % 2, digit(*b)?) {
            (0, d) => d,
            (_, d) if d > 4 => 2 * d - 9,
            (_, d) => 2 * d,
        };
    }
    Some(sum)
}

/// GS1 General Specifications 7.9: weights 1 and 3 from the right, the check digit last.
pub(super) fn gs1(text: &[u8]) -> Option<bool> {
    let mut sum = 0;
    for (i, b) in text.iter().rev().enumerate() {
        sum += digit(*b)? * if i % 2 == 1 { 3 } else { 1 };
    }
    Some(sum % 10 == 0)
}
