//! Numbers in words of seven languages: "twenty-third", "vierunddreissig", "quatre-vingt-quatre".
//!
//! `data/numbers.txt` holds the words; they are asked only beside a month, a currency or an age.

use std::sync::LazyLock;

use crate::lexicon::{fold_into, folded, hash_word};
use crate::token::{Gap, Tokens};
use crate::words::Small;

static LISTS: &str = include_str!("../../../data/numbers.txt");
/// Longest compound read, in folded bytes.
const LONGEST: usize = 48;
/// Most tokens of a number in words.
pub(super) const MOST: usize = 10;

/// What a part of a number is: its value, and these.
const ORDINAL: u32 = 1 << 31;
const ADD: u32 = 1 << 30;
const YEARS: u32 = 1 << 29;
const VALUE: u32 = (1 << 24) - 1;

struct Words {
    /// By hash, for words that stand alone.
    table: Small<u32>,
    /// The same and the tails, for compounds, by first byte.
    parts: Vec<(Vec<u8>, u32)>,
    tails: Vec<(Vec<u8>, u32)>,
    /// By first letter, the second letters of parts: most words beside a month are told by two.
    pairs: [u32; 32],
}

impl Words {
    /// Whether some part may begin like this.
    fn begin(&self, rest: &[u8]) -> bool {
        let letter = |at| rest.get(at).map_or(0, |b| b & 31);
        let seconds = self.pairs.get(usize::from(letter(0)));
        seconds.is_some_and(|seconds| seconds >> letter(1) & 1 != 0)
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words {
        table: Small::with_room_for(LISTS.matches([';', '\n']).count()),
        parts: Vec::new(),
        tails: Vec::new(),
        pairs: [0; 32],
    };
    let mut section = "";
    for line in LISTS.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            section = line;
            continue;
        }
        for entry in line.split(';').map(str::trim).filter(|e| !e.is_empty()) {
            let (word, value) = entry.split_once('=').unwrap_or((entry, ""));
            let number: u32 = value.trim_end_matches('#').parse().unwrap_or(0);
            let bits = match section {
                "[ADD]" => ADD,
                "[TAIL]" if value == "y" => YEARS,
                "[TAIL]" => ORDINAL,
                _ if value.ends_with('#') => number | ORDINAL,
                _ => number,
            };
            let bytes = folded(word);
            if section == "[TAIL]" {
                words.tails.push((bytes, bits));
            } else {
                words.table.add(hash_word(word), bits);
                words.parts.push((bytes, bits));
            }
        }
    }
    words.parts.sort();
    words.parts.dedup();
    for (part, _) in &words.parts {
        let first = part.first().map_or(0, |b| b & 31);
        if let Some(seconds) = words.pairs.get_mut(usize::from(first)) {
            // A part of one letter has any behind it.
            *seconds |= part.get(1).map_or(u32::MAX, |b| 1 << (b & 31));
        }
    }
    words
});

/// A number in the making.
#[derive(Clone, Copy, Default)]
struct Sum {
    total: u32,
    current: u32,
    added: bool,
    any: bool,
    ordinal: bool,
}

impl Sum {
    /// Takes the next part in; false when it does not fit behind the last.
    fn take(&mut self, bits: u32) -> bool {
        if self.ordinal {
            return false;
        }
        if bits & ADD != 0 {
            let fits = self.any && !self.added;
            self.added = true;
            return fits;
        }
        let value = bits & VALUE;
        let (tens, rest) = (self.current % 100, self.current % 10);
        let fits = match value {
            100 => {
                self.current = self.current.max(1) * 100;
                self.current <= 9_900
            }
            1_000 | 1_000_000 => {
                self.total = self
                    .total
                    .saturating_add(self.current.max(1).saturating_mul(value));
                self.current = 0;
                true
            }
            // "quatre-vingt"
            20 if tens == 4 && !self.added => {
                self.current += 76;
                true
            }
            // "vier und dreissig"
            20..=90 if rest != 0 && tens < 10 && self.added => {
                self.current += value;
                true
            }
            // "nineteen eighty-five"
            10..=99 if matches!(self.current, 19 | 20) && self.total == 0 && !self.added => {
                self.current = self.current * 100 + value;
                true
            }
            1..=9 if rest == 0 && tens != 10 => {
                self.current += value;
                true
            }
            // "soixante-douze", "quatre-vingt-onze"
            10..=19 if matches!(tens, 0 | 60 | 80) => {
                self.current += value;
                true
            }
            20..=999 if tens == 0 && (value < 100 || self.current == 0) => {
                self.current += value;
                true
            }
            _ => false,
        };
        self.added = false;
        self.any = true;
        self.ordinal = bits & ORDINAL != 0;
        fits
    }
}

/// What a number in words is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numeral {
    pub(super) value: u32,
    pub(super) ordinal: bool,
    /// "vierzigj\u{e4}hrig": years stand in the compound.
    pub(super) years: bool,
}

/// Reads the compound of one token into the sum; whether it is nothing but parts.
fn compound(word: &str, sum: &mut Sum, years: &mut bool) -> bool {
    if word.len() < 5 || word.len() > LONGEST {
        return false;
    }
    let mut buffer = [0u8; LONGEST];
    let mut len = 0;
    fold_into(word, &mut |b| {
        if let Some(slot) = buffer.get_mut(len) {
            *slot = b;
        }
        len += 1;
    });
    let Some(bytes) = buffer.get(..len) else {
        return false;
    };
    let mut dead = 0u64;
    split(bytes, 0, *sum, &mut dead).is_some_and(|(done, y)| {
        *sum = done;
        *years = y;
        true
    })
}

/// Splits what is left of a compound, the longest part first; a place that led nowhere is not tried again.
fn split(bytes: &[u8], at: usize, sum: Sum, dead: &mut u64) -> Option<(Sum, bool)> {
    let rest = bytes.get(at..)?;
    if rest.is_empty() {
        return (!sum.added && sum.any).then_some((sum, false));
    }
    if *dead >> at & 1 != 0 {
        return None;
    }
    let words = &*WORDS;
    if sum.any
        && !sum.added
        && let Some((_, bits)) = words.tails.iter().find(|(tail, _)| tail == rest)
    {
        let mut sum = sum;
        sum.ordinal |= bits & ORDINAL != 0;
        return Some((sum, bits & YEARS != 0));
    }
    if !words.begin(rest) {
        *dead |= 1 << at;
        return None;
    }
    let first = *rest.first()?;
    let from = words
        .parts
        .partition_point(|(part, _)| part.first().is_none_or(|b| *b < first));
    let alike = words.parts.get(from..)?;
    let count = alike
        .iter()
        .take_while(|(part, _)| part.first() == Some(&first))
        .count();
    // Sorted: the longer of two that begin alike comes later.
    for (part, bits) in alike.get(..count)?.iter().rev() {
        if rest.starts_with(part) {
            let mut next = sum;
            if next.take(*bits)
                && let Some(done) = split(bytes, at + part.len(), next, dead)
            {
                return Some(done);
            }
        }
    }
    *dead |= 1 << at;
    None
}

/// Whether a token could be part of a number in words; `Some(true)` when it only joins.
pub(super) fn part(tokens: &Tokens<'_>, at: usize) -> Option<bool> {
    let token = tokens.get(at).filter(|t| t.word())?;
    let bits = WORDS.table.get(token.hash);
    if bits != 0 {
        return Some(bits & ADD != 0);
    }
    let mut sum = Sum::default();
    (token.chars >= 5 && compound(tokens.word(at), &mut sum, &mut false)).then_some(false)
}

/// The number that the tokens `from..to` spell, if they spell one and nothing else.
pub(super) fn read(tokens: &Tokens<'_>, from: usize, to: usize) -> Option<Numeral> {
    let mut sum = Sum::default();
    let mut years = false;
    for at in from..to {
        if at > from && !matches!(tokens.gap(at), Gap::Space | Gap::Hyphen) || years {
            return None;
        }
        let token = tokens.get(at).filter(|t| t.word())?;
        let bits = WORDS.table.get(token.hash);
        let taken = if bits == 0 {
            compound(tokens.word(at), &mut sum, &mut years)
        } else {
            sum.take(bits)
        };
        if !taken {
            return None;
        }
    }
    (sum.any && !sum.added).then_some(Numeral {
        value: sum.total.saturating_add(sum.current),
        ordinal: sum.ordinal,
        years,
    })
}

/// The longest number in words that ends before the token `to` and begins at `free` or later: its first token.
pub(super) fn ending(tokens: &Tokens<'_>, to: usize, free: usize) -> Option<(usize, Numeral)> {
    let mut from = to;
    while from > free && to - from < MOST {
        let near = from == to || matches!(tokens.gap(from), Gap::Space | Gap::Hyphen);
        if !near || part(tokens, from - 1).is_none() {
            break;
        }
        from -= 1;
    }
    (from..to).find_map(|from| read(tokens, from, to).map(|number| (from, number)))
}

/// The longest number in words that begins at `from`: the token behind it.
pub(super) fn beginning(tokens: &Tokens<'_>, from: usize) -> Option<(usize, Numeral)> {
    let mut to = from;
    while to - from < MOST {
        let near = to == from || matches!(tokens.gap(to), Gap::Space | Gap::Hyphen);
        if !near || part(tokens, to).is_none() {
            break;
        }
        to += 1;
    }
    (from + 1..=to)
        .rev()
        .find_map(|to| read(tokens, from, to).map(|number| (to, number)))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::token::Tokens;

    #[test]
    fn numbers_of_seven_languages() {
        for (text, value) in [
            ("twenty-third", 23),
            ("nineteen eighty-five", 1985),
            ("two thousand and nineteen", 2019),
            ("vierunddrei\u{df}ig", 34),
            ("neunzehnhundertf\u{fc}nfundachtzig", 1985),
            ("dreiundzwanzigsten", 23),
            ("quatre-vingt-quatre", 84),
            ("quatre-vingt-onze", 91),
            ("mille neuf cent quatre-vingt-cinq", 1985),
            ("soixante et onze", 71),
            ("mil novecientos ochenta y cinco", 1985),
            ("trentaquattro", 34),
            ("millenovecentottantacinque", 1985),
            ("ventitr\u{e9}", 23),
            ("vierendertig", 34),
            ("negentienhonderdvijfentachtig", 1985),
            ("dois mil e vinte e quatro", 2024),
        ] {
            let tokens = Tokens::new(text);
            let got = read(&tokens, 0, tokens.all().len()).map(|n| n.value);
            assert_eq!(got, Some(value), "{text}");
        }
        for text in ["seven five", "and two", "weitere", "seine", "onzeker"] {
            let tokens = Tokens::new(text);
            assert_eq!(read(&tokens, 0, tokens.all().len()), None, "{text}");
        }
    }
}
