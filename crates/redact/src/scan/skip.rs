//! Passes what certainly begins no tag: nearly all of a text.

use super::Left;
use super::glyph::{ends_bare, may_open};

/// Bytes that are looked at in one step.
const STEP: usize = 8;

/// The first place from `at` on that [`super::step`] has to look at: of most characters one look at their byte says that no tag
/// begins with them, whatever follows.
pub(crate) fn skip(text: &str, mut at: usize, left: &mut Left) -> usize {
    let (bytes, from) = (text.as_bytes(), at);
    // What stands before `from` is known by `left` alone, and asked there.
    let mut before = 0;
    loop {
        while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk())
            && is_dull(block)
        {
            before = block.last().copied().unwrap_or_default();
            at += block.len();
        }
        let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<STEP>()) else {
            return skip_rest(text, from, at, left, |_| false);
        };
        let behind = bytes.get(at + STEP).copied().unwrap_or_default();
        let mut may = candidates(u64::from_le_bytes(*chunk), before, behind);
        while may != 0 {
            let place = at + may.trailing_zeros() as usize / STEP;
            if passed_at(text, from, place, *left, |_| false).is_none() {
                left.blocked = blocks(text, from, place).unwrap_or(left.blocked);
                return place;
            }
            may &= may - 1;
        }
        before = chunk.last().copied().unwrap_or_default();
        at += STEP;
    }
}

/// As [`skip`]; bytes that `stops` are looked at in any case.
pub(crate) fn skip_to(text: &str, at: usize, left: &mut Left, stops: impl Fn(u8) -> bool) -> usize {
    skip_rest(text, at, at, left, stops)
}

/// The same from `at` on, of a text that was read from `from` on.
fn skip_rest(
    text: &str,
    from: usize,
    mut at: usize,
    left: &mut Left,
    stops: impl Fn(u8) -> bool,
) -> usize {
    let bytes = text.as_bytes();
    let passes = |byte: &u8| class(*byte) == Byte::Dull && !stops(*byte);
    loop {
        while let Some(step) = bytes.get(at..).and_then(|rest| rest.first_chunk::<STEP>())
            && step.iter().fold(true, |all, byte| all & passes(byte))
        {
            at += STEP;
        }
        while bytes.get(at).is_some_and(passes) {
            at += 1;
        }
        match passed_at(text, from, at, *left, &stops) {
            Some(len) => at += len,
            None => break,
        }
    }
    left.blocked = blocks(text, from, at).unwrap_or(left.blocked);
    at
}

/// The bytes of the character at `at`, where none begins with it after all.
fn passed_at(
    text: &str,
    from: usize,
    at: usize,
    left: Left,
    stops: impl Fn(u8) -> bool,
) -> Option<usize> {
    let bytes = text.as_bytes();
    let byte = bytes.get(at).filter(|byte| !stops(**byte))?;
    match class(*byte) {
        Byte::Dull => Some(1),
        // Nothing bare begins within a word, nor is a name with its small letters one.
        Byte::Capital => {
            let ends = bytes
                .get(at + 1)
                .is_some_and(|b| ends_bare(b) && !stops(*b));
            (ends || blocks(text, from, at).unwrap_or(left.blocked)).then_some(1)
        }
        Byte::Wide => {
            let c = text.get(at..).and_then(|rest| rest.chars().next())?;
            (!may_open(c)).then(|| c.len_utf8())
        }
        Byte::Look => None,
    }
}

/// Whether the last character before `at`, underscores left out, keeps a bare tag from beginning; `None` where `from` is
/// reached.
fn blocks(text: &str, from: usize, at: usize) -> Option<bool> {
    let before = text.get(from..at)?;
    if let Some(last) = before.as_bytes().last()
        && last.is_ascii()
        && *last != b'_'
    {
        return Some(last.is_ascii_alphanumeric());
    }
    let last = before.trim_end_matches('_').chars().next_back();
    last.map(char::is_alphanumeric)
}

/// Whether a tag begins with none of these bytes: half of all blocks. Written so that all are asked at once in the processor.
#[inline]
fn is_dull(block: &[u8; 2 * STEP]) -> bool {
    let look = |byte: u8| {
        u8::from(byte.is_ascii_uppercase())
            | u8::from(byte >= 0xe0)
            | u8::from(byte == b'&')
            | u8::from(byte == b'(')
            | u8::from(byte == b'<')
            | u8::from(byte == b'[')
            | u8::from(byte == b'\\')
            | u8::from(byte == b'{')
    };
    block.iter().fold(0, |any, byte| any | look(*byte)) == 0
}

/// The top bits of those of eight bytes with which a tag may begin, and of few others; `before` and `behind` stand around them.
///
/// Eight at a time and without a branch, as a word in memory is searched for a byte (Warren, Hacker's Delight, 6-1).
#[inline]
fn candidates(chunk: u64, before: u8, behind: u8) -> u64 {
    let plain = chunk & !TOPS;
    let small = plain | (ONES * 0x20);
    let within = |of: u64, first: u8, last: u8| {
        (of + ONES * (0x80 - u64::from(first))) & !(of + ONES * (0x7f - u64::from(last)))
    };
    let ascii = !chunk & TOPS;
    let letters = within(small, b'a', b'z') & ascii;
    let capital = letters & !(chunk << 2);
    let lower = letters & (chunk << 2);
    let word = letters | within(plain, b'0', b'9') & ascii;
    let top = |is: bool| if is { 0x80 } else { 0 };
    let in_word = word << 8 | top(before.is_ascii_alphanumeric());
    let before_lower = lower >> 8 | top(behind.is_ascii_lowercase()) << 56;
    // A top bit where the byte is another one. Small letters: `[` and `{` are one, `\\` and `|` as well.
    let differs = |of: u64, byte: u8| (of ^ (ONES * u64::from(byte))) + ONES * 0x7f;
    let dull = differs(small, b'{')
        & differs(small, b'|')
        & differs(plain, b'&')
        & differs(plain, b'(')
        & differs(plain, b'<');
    // Bytes from E0 on begin a character of three bytes or four.
    let wide = chunk & chunk << 1 & chunk << 2 & TOPS;
    capital & !in_word & !before_lower | !dull & ascii | wide
}

const ONES: u64 = u64::MAX / 255;
const TOPS: u64 = ONES << 7;

/// What a byte says of the character that begins with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    /// A tag may begin.
    Look,
    /// A small letter, a digit, a sign, one of two bytes: none begins.
    Dull,
    Capital,
    /// Of three bytes or four.
    Wide,
}

fn class(byte: u8) -> Byte {
    BYTES.get(usize::from(byte)).copied().unwrap_or(Byte::Look)
}

#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static BYTES: [Byte; 256] = {
    let mut all = [Byte::Dull; 256];
    let mut byte = 0;
    while byte < 256 {
        all[byte] = match byte as u8 {
            b'&' | b'\\' | b'[' | b'<' | b'{' | b'(' => Byte::Look,
            b'A'..=b'Z' => Byte::Capital,
            0xe0.. => Byte::Wide,
            _ => Byte::Dull,
        };
        byte += 1;
    }
    all
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_character_of_two_bytes_opens_a_tag() {
        for c in '\0'..='\u{7ff}' {
            let first = c.encode_utf8(&mut [0; 4]).as_bytes()[0];
            assert_eq!(class(first) == Byte::Look, may_open(c), "{c:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: crate::times(10_000), failure_persistence: None, ..ProptestConfig::default() })]

        /// Eight bytes at a time or one after the other, the places are the same.
        #[test]
        fn steps_hide_nothing(
            pieces in prop::collection::vec(
                prop_oneof![
                    4 => "[a-zA-Z0-9_ .,'-]{0,12}",
                    2 => "[\\[\\]{}()<>|&\\\\]{1,2}",
                    2 => "[\u{e9}\u{df}\u{2019}\u{ff3b}\u{3010}\u{1f600}\u{7f}\u{80}\u{7ff}\u{200b}]{1,3}",
                    1 => ".{0,4}",
                ],
                0..12,
            ),
            blocked in any::<bool>(),
        ) {
            let text = pieces.concat();
            let mut at = 0;
            let (mut fast, mut slow) = (Left { blocked }, Left { blocked });
            loop {
                let end = skip_to(&text, at, &mut slow, |_| false);
                prop_assert_eq!(skip(&text, at, &mut fast), end);
                prop_assert_eq!(fast.blocked, slow.blocked);
                let Some(c) = text[end..].chars().next() else { break };
                fast.pass(c);
                slow.pass(c);
                at = end + c.len_utf8();
            }
        }
    }
}
