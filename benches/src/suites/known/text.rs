//! Text tools of `known.rs`: random numbers, the data file, folding, distance, typos.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const DATA: &str = include_str!("names.txt");
const FOLD: [(&str, &str); 19] = [
    (
        "a",
        "\u{e0}\u{e1}\u{e2}\u{e3}\u{e4}\u{e5}\u{101}\u{103}\u{105}\u{1ea1}\u{1ea3}\u{1ea5}\u{1ea7}\u{1ea9}\u{1eab}\u{1ead}\u{1eaf}\u{1eb1}\u{1eb3}\u{1eb5}\u{1eb7}",
    ),
    ("c", "\u{e7}\u{107}\u{10d}\u{109}"),
    ("d", "\u{10f}\u{111}\u{f0}"),
    (
        "e",
        "\u{e8}\u{e9}\u{ea}\u{eb}\u{113}\u{115}\u{117}\u{119}\u{11b}\u{1eb9}\u{1ebb}\u{1ebd}\u{1ebf}\u{1ec1}\u{1ec3}\u{1ec5}\u{1ec7}",
    ),
    ("g", "\u{11f}\u{11d}\u{123}"),
    (
        "i",
        "\u{ec}\u{ed}\u{ee}\u{ef}\u{129}\u{12b}\u{12f}\u{131}\u{1ecb}\u{1ec9}",
    ),
    ("l", "\u{142}\u{13a}\u{13e}"),
    ("n", "\u{f1}\u{144}\u{148}\u{146}"),
    (
        "o",
        "\u{f2}\u{f3}\u{f4}\u{f5}\u{f6}\u{f8}\u{14d}\u{151}\u{1a1}\u{1ecd}\u{1ecf}\u{1ed1}\u{1ed3}\u{1ed5}\u{1ed7}\u{1ed9}\u{1edb}\u{1edd}\u{1edf}\u{1ee1}\u{1ee3}",
    ),
    ("r", "\u{159}\u{155}"),
    ("s", "\u{15b}\u{161}\u{15f}\u{219}\u{1e63}"),
    ("t", "\u{165}\u{163}\u{21b}"),
    (
        "u",
        "\u{f9}\u{fa}\u{fb}\u{fc}\u{169}\u{16b}\u{16f}\u{171}\u{173}\u{1b0}\u{1ee5}\u{1ee7}\u{1ee9}\u{1eeb}\u{1eed}\u{1eef}\u{1ef1}",
    ),
    ("y", "\u{fd}\u{ff}\u{1ef3}\u{1ef5}\u{1ef7}\u{1ef9}"),
    ("z", "\u{17a}\u{17c}\u{17e}"),
    ("ss", "\u{df}"),
    ("ae", "\u{e6}"),
    ("oe", "\u{153}"),
    ("th", "\u{fe}"),
];
const UMLAUTS: [(char, &str); 5] = [
    ('\u{e4}', "ae"),
    ('\u{f6}', "oe"),
    ('\u{fc}', "ue"),
    ('\u{f8}', "oe"),
    ('\u{e5}', "aa"),
];
const KEYS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// `SplitMix64`.
pub(super) struct Rng(pub(super) u64);

impl Rng {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub(super) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(1);
        usize::try_from(self.next() % n).unwrap_or(0)
    }
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    pub(super) fn pick<T: AsRef<str>>(&mut self, from: &[T]) -> String {
        let i = self.below(from.len());
        from.get(i)
            .map_or_else(String::new, |s| s.as_ref().to_owned())
    }
    pub(super) fn bar(&mut self, from: &str) -> String {
        self.pick(&from.split('|').collect::<Vec<_>>())
    }
    /// Replaces every `#` by a digit, the first one never by 0.
    pub(super) fn digits(&mut self, pattern: &str) -> String {
        let mut first = true;
        let mut out = String::new();
        for c in pattern.chars() {
            if c == '#' {
                let d = if first {
                    1 + self.below(9)
                } else {
                    self.below(10)
                };
                first = false;
                let _ = write!(out, "{d}");
            } else {
                out.push(c);
            }
        }
        out
    }
}

pub(super) fn decode(line: &str) -> String {
    let mut parts = line.split("\\u{");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (hex, rest) = part.split_once('}').unwrap_or(("", part));
        out.extend(u32::from_str_radix(hex, 16).ok().and_then(char::from_u32));
        out.push_str(rest);
    }
    out
}

pub(super) struct Data {
    pub(super) lists: BTreeMap<String, Vec<String>>,
    pub(super) cultures: Vec<String>,
    banned: BTreeSet<String>,
}

impl Data {
    pub(super) fn load() -> Self {
        let (mut lists, mut cultures, mut banned) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
        for raw in DATA.lines().filter(|l| !l.starts_with('#')) {
            let line = decode(raw);
            let Some((key, value)) = line.rsplit_once('|') else {
                continue;
            };
            let list: &mut Vec<String> = lists.entry(key.to_owned()).or_default();
            if key.starts_with("frame|") {
                list.push(value.to_owned());
                continue;
            }
            list.extend(value.split(',').map(str::to_owned));
            if key.starts_with("stop") {
                banned.extend(value.split(',').map(str::to_owned));
            } else if key.len() == 4 {
                banned.extend(words(value));
            }
            if let Some(culture) = key.strip_suffix("|s").filter(|c| c.len() == 2) {
                cultures.push(culture.to_owned());
            }
        }
        Self {
            lists,
            cultures,
            banned,
        }
    }
    pub(super) fn list(&self, key: &str) -> &[String] {
        self.lists.get(key).map_or(&[], Vec::as_slice)
    }
    /// Street words with their other spellings.
    pub(super) fn streets(&self) -> impl Iterator<Item = (&str, &Vec<String>)> {
        self.lists
            .iter()
            .filter_map(|(k, v)| Some((k.strip_prefix("street|")?, v)))
    }
    pub(super) fn frame(&self, rng: &mut Rng, lang: &str, kind: &str) -> String {
        rng.pick(self.list(&format!("frame|{lang}|{kind}")))
    }
}

pub(super) fn title_case(s: &str) -> String {
    let mut c = s.chars();
    c.next()
        .map_or_else(String::new, |f| f.to_uppercase().chain(c).collect())
}

/// Drops accents; with `umlaut`, writes umlauts as two letters.
pub(super) fn fold(s: &str, umlaut: bool) -> String {
    let mut out = String::new();
    for c in s.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)) {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        let low = c.to_lowercase().next().unwrap_or(c);
        let two = UMLAUTS.iter().find(|u| umlaut && u.0 == low).map(|u| u.1);
        let base = two.or_else(|| FOLD.iter().find(|f| f.1.contains(low)).map(|f| f.0));
        match base {
            Some(b) if c == low => out.push_str(b),
            Some(b) => out.push_str(&title_case(b)),
            None => out.push(c),
        }
    }
    out
}

/// Folded lower-case words.
pub(super) fn words(s: &str) -> Vec<String> {
    let s = fold(&s.to_lowercase(), false);
    s.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Edit distance with swaps of neighbours (optimal string alignment).
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(1000);
    let (mut before, mut prev) = (Vec::new(), (0..=b.len()).collect::<Vec<_>>());
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut d = (at(&prev, j) + usize::from(x != y)).min(at(&prev, j + 1) + 1);
            d = d.min(at(&row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                d = d.min(at(&before, j - 1) + 1);
            }
            row.push(d);
        }
        before = std::mem::replace(&mut prev, row);
    }
    prev.last().copied().unwrap_or(0)
}

pub(super) fn letters(w: &str) -> usize {
    w.chars().filter(|c| c.is_alphabetic()).count()
}

/// Edits a word of `n` letters may take.
pub(super) fn edits_allowed(n: usize) -> usize {
    match n {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    }
}

pub(super) fn edit_once(rng: &mut Rng, word: &str) -> String {
    let mut c: Vec<char> = word.chars().collect();
    let i = 1 + rng.below(c.len().saturating_sub(1));
    let Some(x) = c.get(i).copied().filter(|x| x.is_alphabetic()) else {
        return word.to_owned();
    };
    match rng.below(4) {
        0 if c.get(i + 1).is_some_and(|y| y.is_alphabetic()) => c.swap(i, i + 1),
        1 => {
            c.remove(i);
        }
        2 if x.is_ascii() && c.get(i - 1) != Some(&x) && c.get(i + 1) != Some(&x) => c.insert(i, x),
        3 => {
            let low = x.to_ascii_lowercase();
            let row = KEYS.iter().find(|r| r.contains(low)).copied().unwrap_or("");
            let k = row.find(low).unwrap_or(0);
            let near = if k == 0 || rng.chance(50) {
                k + 1
            } else {
                k - 1
            };
            let to = row.chars().nth(near).unwrap_or(x);
            if let Some(slot) = c.get_mut(i) {
                *slot = if x.is_uppercase() {
                    to.to_ascii_uppercase()
                } else {
                    to
                };
            }
        }
        _ => {}
    }
    c.into_iter().collect()
}

/// A typo in one word (now and then in each long word) of a value.
pub(super) fn typo(rng: &mut Rng, data: &Data, value: &str) -> Option<String> {
    let able: Vec<usize> = (value.split(' ').enumerate())
        .filter(|(_, w)| edits_allowed(letters(w)) > 0 && letters(w) + 2 > w.chars().count())
        .map(|(i, _)| i)
        .collect();
    let chosen = able.get(rng.below(able.len())).copied()?;
    let all = rng.chance(12) && able.len() < 3;
    let mut out = Vec::new();
    for (i, w) in value.split(' ').enumerate() {
        if i != chosen && !(all && able.contains(&i)) {
            out.push(w.to_owned());
            continue;
        }
        let bound = edits_allowed(letters(w));
        let mut e = edit_once(rng, w);
        if bound == 2 && rng.chance(45) {
            e = edit_once(rng, &e);
        }
        let d = distance(&w.to_lowercase(), &e.to_lowercase());
        if d == 0
            || d > bound
            || words(&e).iter().any(|x| data.banned.contains(x)) && words(&e) != words(w)
        {
            return None;
        }
        out.push(e);
    }
    let out = out.join(" ");
    (words(&out) != words(value)).then_some(out)
}
