//! A run of digits, read once: its digits, groups, separators and letters.

use crate::scan::Scan;
use crate::token::{Gap, Shape, Tokens};

/// Longest compact form read.
const COMPACT: usize = 40;
/// Fewest digits of a card, a telephone, or one with an extension.
const RUN: u8 = 5;
/// Most groups of digits in one phrase.
const GROUPS: usize = 12;

/// Letters and digits of ASCII, letters in upper case, 0 for what is neither.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static UPPER: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 128 {
        if (b as u8).is_ascii_alphanumeric() {
            table[b] = (b as u8).to_ascii_uppercase();
        }
        b += 1;
    }
    table
};

/// The letters and digits of a phrase without what stands between, letters in upper case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compact {
    bytes: [u8; COMPACT],
    pub(super) len: usize,
    letters: u64,
}

impl Compact {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; COMPACT],
            len: 0,
            letters: 0,
        }
    }

    /// Adds the ASCII letters and digits of a token; false when there is no room or it holds something else.
    pub(crate) fn push(&mut self, tokens: &Tokens<'_>, at: usize) -> bool {
        let Some(token) = tokens.get(at) else {
            return true;
        };
        let (word, end) = (tokens.word(at), self.len + usize::from(token.chars));
        if token.shape == Shape::Number
            && token.ascii()
            && let Some(room) = self.bytes.get_mut(self.len..end)
        {
            room.copy_from_slice(word.as_bytes());
            self.len = end;
            return true;
        }
        self.push_mixed(word)
    }

    fn push_mixed(&mut self, word: &str) -> bool {
        let room = self.bytes.get_mut(self.len..).unwrap_or(&mut []);
        let mut pushed = 0;
        for (slot, b) in room.iter_mut().zip(word.bytes()) {
            *slot = UPPER.get(usize::from(b)).copied().unwrap_or(0);
            if *slot == 0 {
                break;
            }
            self.letters |= u64::from(*slot > b'9') << (self.len + pushed);
            pushed += 1;
        }
        self.len += pushed;
        pushed == word.len()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }

    /// The places at which letters stand, one bit each.
    pub(crate) const fn letters(&self) -> u64 {
        self.letters
    }

    pub(super) fn head(&self, len: usize) -> &[u8] {
        self.bytes.get(..len.min(self.len)).unwrap_or(&[])
    }
}

/// A run of groups of digits with single separators between them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits {
    /// First token.
    pub(super) first: usize,
    /// First byte: a `+` or bracket before the digits is part of it.
    pub(super) start: usize,
    /// Whether a `+` stands before it.
    pub(super) plus: bool,
    pub(super) compact: Compact,
    /// Number of digits up to and with each group.
    pub(super) sums: [u8; GROUPS],
    pub(super) groups: usize,
}

impl Digits {
    pub(super) fn sum(&self, groups: usize) -> usize {
        groups
            .checked_sub(1)
            .and_then(|i| self.sums.get(i))
            .map_or(0, |s| usize::from(*s))
    }

    pub(super) fn group(&self, index: usize) -> usize {
        self.sum(index + 1) - self.sum(index)
    }
}

/// Reads the groups of digits from the token `at`; `None` where they are too few to be anything.
pub(super) fn digits(scan: &Scan<'_>, at: usize) -> Option<Digits> {
    let tokens = &scan.tokens;
    let first = tokens.get(at)?;
    let more = || tokens.get(at + 1).is_some_and(|t| t.shape == Shape::Number);
    if first.shape != Shape::Number || first.chars < RUN && !more() {
        return None;
    }
    let mut compact = Compact::new();
    let mut sums = [0; GROUPS];
    let mut groups = 0;
    let mut here = at;
    while let Some(token) = tokens.get(here) {
        if token.shape != Shape::Number || groups == GROUPS {
            break;
        }
        if here > at && !group_separator(tokens.between(here)) {
            break;
        }
        if compact.len + usize::from(token.chars) > 20 || !compact.push(tokens, here) {
            break;
        }
        if let Some(slot) = sums.get_mut(groups) {
            *slot = u8::try_from(compact.len).unwrap_or(u8::MAX);
        }
        groups += 1;
        here += 1;
    }
    if compact.len < usize::from(RUN) {
        return None;
    }
    // "+", "(+", "(" stand before the first group.
    let before = match first.gap {
        Gap::Start | Gap::Line | Gap::Other => tokens.between(at),
        _ => "",
    };
    let bare = before.trim_end_matches([' ', '(']);
    let plus = bare.ends_with('+') && before.len() - bare.len() <= 1;
    let start = if plus {
        first.start - (before.len() - bare.len()) - 1
    } else if before.ends_with('(') && scan.slice(first.end, first.end + 1) == ")" {
        first.start - 1
    } else {
        first.start
    };
    Some(Digits {
        first: at,
        start,
        plus,
        compact,
        sums,
        groups,
    })
}

/// What may stand between two groups of one number.
pub(super) fn group_separator(between: &str) -> bool {
    matches!(
        between,
        " " | "-"
            | "."
            | "/"
            | " - "
            | ") "
            | ")"
            | " ("
            | "("
            | ")-"
            | ") - "
            | " / "
            | "\u{a0}"
            | "\u{202f}"
            | "\u{2009}"
            | "\u{2010}"
            | "\u{2011}"
            | "\u{2013}"
            | ". "
            | "  "
            | ")."
    )
}
