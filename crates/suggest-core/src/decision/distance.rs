//! How much of a text was changed, in words.

use zeroize::Zeroize;

/// Words beyond this many are not compared one by one.
const COMPARED: usize = 2_000;

/// The words that were changed, added or taken out, and the words of the longer text.
pub(super) fn words_changed(before: &str, after: &str) -> (usize, usize) {
    let before: Vec<&str> = before.split_whitespace().collect();
    let after: Vec<&str> = after.split_whitespace().collect();
    (distance(&before, &after), before.len().max(after.len()))
}

/// Levenshtein distance in words; what lies beyond the limit counts as changed.
fn distance(a: &[&str], b: &[&str]) -> usize {
    let beyond = a.len().max(b.len()).saturating_sub(COMPARED);
    let (a, b) = (
        a.get(..COMPARED).unwrap_or(a),
        b.get(..COMPARED).unwrap_or(b),
    );
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let up = *cell;
            let here = (corner + usize::from(x != y)).min(up + 1).min(left + 1);
            corner = up;
            left = here;
            *cell = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    let last = row.last().copied().unwrap_or(0);
    row.zeroize();
    last + beyond
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", (0, 0)),
            ("a b c", "a b c", (0, 3)),
            ("a b  c", "a x c", (1, 3)),
            ("a b c", "", (3, 3)),
            ("", "a b", (2, 2)),
            ("a b c d", "b c d", (1, 4)),
            ("a b", "b a", (2, 2)),
        ] {
            assert_eq!(words_changed(a, b), expected, "{a} / {b}");
        }
        let long = "w ".repeat(3_000);
        assert_eq!(words_changed(&long, &long), (1_000, 3_000));
    }
}
