//! Text tools of `reident.rs`: random numbers, folding, words, n-grams.

use std::fmt::Write as _;

/// Base letters with the accented ones that fold to them.
const FOLD: [(&str, &str); 14] = [
    ("a", "\u{e0}\u{e1}\u{e2}\u{e3}\u{e4}\u{e5}\u{105}"),
    ("c", "\u{e7}\u{107}\u{10d}"),
    ("e", "\u{e8}\u{e9}\u{ea}\u{eb}\u{119}"),
    ("i", "\u{ec}\u{ed}\u{ee}\u{ef}"),
    ("l", "\u{142}"),
    ("n", "\u{f1}\u{144}"),
    ("o", "\u{f2}\u{f3}\u{f4}\u{f5}\u{f6}\u{f8}"),
    ("s", "\u{15b}\u{161}"),
    ("u", "\u{f9}\u{fa}\u{fb}\u{fc}"),
    ("y", "\u{fd}\u{ff}"),
    ("z", "\u{17a}\u{17c}\u{17e}"),
    ("ss", "\u{df}"),
    ("ae", "\u{e6}"),
    ("oe", "\u{153}"),
];

/// `SplitMix64`.
#[derive(Debug)]
pub(super) struct Rng(pub(super) u64);

impl Rng {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }
    pub(super) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(1);
        usize::try_from(self.next() % n).unwrap_or(0)
    }
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    pub(super) fn pick<'a>(&mut self, from: &'a [String]) -> &'a str {
        let i = self.below(from.len());
        from.get(i).map_or("", String::as_str)
    }
    /// Prefers the front of the list, as names and products do in life.
    pub(super) fn pick_front<'a>(&mut self, from: &'a [String]) -> &'a str {
        let i = self.below(from.len()).min(self.below(from.len()));
        from.get(i).map_or("", String::as_str)
    }
    /// An index, drawn by weight.
    pub(super) fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (i, w) in weights.iter().enumerate() {
            if left < *w {
                return i;
            }
            left -= w;
        }
        0
    }
    /// Replaces every `#` by a digit.
    pub(super) fn digits(&mut self, pattern: &str) -> String {
        let mut out = String::new();
        for c in pattern.chars() {
            if c == '#' {
                let _ = write!(out, "{}", self.below(10));
            } else {
                out.push(c);
            }
        }
        out
    }
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// The last step of `SplitMix64`; also turns a tie into a draw.
pub(super) fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// FNV-1a, so that hashes are the same in every build.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for b in part.bytes().chain([0x1f]) {
            h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    mix(h)
}

/// Counts as real numbers; no suite has more than `u32` holds.
pub(super) fn real(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::MAX, f64::from)
}

/// Lower case without accents.
pub(super) fn fold(s: &str) -> String {
    let mut out = String::new();
    for c in s.to_lowercase().chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        match FOLD.iter().find(|f| f.1.contains(c)) {
            Some((base, _)) => out.push_str(base),
            None if ('\u{300}'..='\u{36f}').contains(&c) => {}
            None => out.push(c),
        }
    }
    out
}

/// Folded words.
pub(super) fn words(s: &str) -> Vec<String> {
    fold(s)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Only the digits.
pub(super) fn only_digits(s: &str) -> String {
    s.chars().filter(char::is_ascii_digit).collect()
}

/// The last `n` bytes of a text of digits.
pub(super) fn tail(digits: &str, n: usize) -> &str {
    digits
        .get(digits.len().saturating_sub(n)..)
        .unwrap_or(digits)
}

/// Hashes of all character n-grams of 3, 4 and 5 over the folded text, blanks run together.
pub(super) fn grams(text: &str) -> Vec<u64> {
    let flat = fold(text);
    let flat: Vec<char> = flat
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .collect();
    let mut out = Vec::new();
    for n in 3..=5_u64 {
        for window in flat.windows(usize::try_from(n).unwrap_or(3)) {
            let mut h = n;
            for c in window {
                h = (h ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3);
            }
            out.push(mix(h));
        }
    }
    out
}

/// Hashes of all words and pairs of neighbouring words.
pub(super) fn word_grams(text: &str) -> Vec<u64> {
    let words = words(text);
    let one = words.iter().map(|w| hash(&["w", w]));
    let two = words.windows(2).map(|p| match p {
        [a, b] => hash(&["ww", a, b]),
        _ => 0,
    });
    one.chain(two).collect()
}
