//! What stands between two words.

use super::Gap;

/// What stands somewhere between the words of a text: without its sign a rule has nothing to look for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs(u16);

impl Signs {
    /// An ASCII letter or digit; a byte of a character beyond ASCII.
    pub(super) const ALPHANUMERIC: Self = Self(1);
    pub(super) const WIDE: Self = Self(2);
    /// `@`
    pub(crate) const AT: Self = Self(4);
    /// `:`
    pub(crate) const COLON: Self = Self(8);
    /// `/`
    pub(crate) const SLASH: Self = Self(16);
    /// `"`, or a sign beyond ASCII that may be a quotation mark.
    pub(crate) const QUOTE: Self = Self(32);
    /// A line break.
    pub(crate) const LINE: Self = Self(64);
    /// A question mark at the end of a line.
    pub(crate) const ASKED: Self = Self(256);
    /// `-----` in front of a word.
    pub(crate) const RULE: Self = Self(128);

    /// Whether any of `other` is in the set.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of a byte.
    #[inline]
    pub(super) fn of(b: u8) -> Self {
        SIGNS.get(usize::from(b)).copied().unwrap_or_default()
    }

    /// Whether it is part of a word, or of a character beyond ASCII.
    #[inline]
    pub(super) fn word(b: u8) -> bool {
        Self::of(b).has(Self::ALPHANUMERIC.or(Self::WIDE))
    }
}

#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static SIGNS: [Signs; 256] = {
    let mut table = [Signs(0); 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            128.. => Signs::WIDE,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => Signs::ALPHANUMERIC,
            b'@' => Signs::AT,
            b':' => Signs::COLON,
            b'/' => Signs::SLASH,
            b'"' => Signs::QUOTE,
            b'\n' | b'\r' => Signs::LINE,
            _ => Signs(0),
        };
        b += 1;
    }
    table
};

/// What an ASCII sign between two words says of the second one where it stands alone, and with a space behind it.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
pub(super) static GAPS: [[Gap; 2]; 128] = {
    let mut table = [[Gap::Other; 2]; 128];
    let mut b = 0;
    while b < 128 {
        table[b] = match b as u8 {
            b' ' | b'\t' | 0x0b | 0x0c => [Gap::Space; 2],
            b'\n' | b'\r' => [Gap::Line; 2],
            b'.' => [Gap::Dot; 2],
            b',' => [Gap::Comma; 2],
            b':' => [Gap::Colon; 2],
            b'-' => [Gap::Hyphen, Gap::Other],
            b'\'' | b'`' => [Gap::Apostrophe, Gap::Other],
            _ => [Gap::Other; 2],
        };
        b += 1;
    }
    table
};

/// What stands between two tokens, or before the first.
pub(super) fn gap(between: &str, first: bool) -> Gap {
    if first {
        return if between.contains('\n') {
            Gap::Line
        } else {
            Gap::Start
        };
    }
    let bytes = between.as_bytes();
    if let [b] = bytes {
        return GAPS.get(usize::from(*b)).map_or(Gap::Other, |gap| gap[0]);
    }
    let mut all = Gap::Space;
    for b in bytes {
        let Some([gap, _]) = GAPS.get(usize::from(*b)) else {
            return wide_gap(between);
        };
        all = match (all, *gap) {
            (_, Gap::Line) => return Gap::Line,
            (_, Gap::Space) => all,
            (Gap::Space, Gap::Dot | Gap::Comma | Gap::Colon) => *gap,
            _ => Gap::Other,
        };
    }
    all
}

/// What stands between two tokens where characters beyond ASCII do.
#[cold]
fn wide_gap(between: &str) -> Gap {
    match between {
        "\u{2010}" | "\u{2011}" => return Gap::Hyphen,
        "\u{2019}" | "\u{b4}" => return Gap::Apostrophe,
        _ => {}
    }
    if between.contains(['\n', '\r', '\u{2028}']) {
        return Gap::Line;
    }
    match between.trim() {
        "" => Gap::Space,
        "." => Gap::Dot,
        "," => Gap::Comma,
        ":" => Gap::Colon,
        _ => Gap::Other,
    }
}
