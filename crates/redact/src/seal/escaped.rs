//! Values behind escapes: what a reader of the text would decode without being asked.
//!
//! | written as | example | rule |
//! |-|-|-|
//! | URL, percent | `Marie%20Dupont` | RFC 3986, 2.1 |
//! | quoted-printable | `Zo=C3=AB`, `Dup=` and a line break | RFC 2045, 6.7 |
//! | HTML | `Zo&euml;`, `&#235;`, `&#xEB;` | WHATWG HTML, 13.5; of the named ones letters with an accent, and signs |
//! | JSON, JavaScript | `Zo\u00eb`, `\x41`, `\"` | RFC 8259, 7 |
//! | base64, both alphabets | `TWFyaWUgRHVwb250` | RFC 4648, 4 and 5 |
//! | hexadecimal | `4d61726965` | RFC 4648, 8 |
//!
//! All are undone at once, and again what that brings to light, so that a value escaped twice is found too. Nothing is
//! decoded for anybody to read: it is searched and forgotten.

use memchr::{memchr, memchr3};
use unicode_normalization::char::compose;
use zeroize::Zeroizing;

/// A text without its escapes, and where each byte of it stands in the text.
pub(super) struct Plain {
    pub(super) text: Zeroizing<String>,
    /// First and last-but-one byte of what stands for each byte of `text`.
    from: Vec<(usize, usize)>,
}

impl Plain {
    /// Where a range of it stands in the text.
    pub(super) fn source(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        Some((self.from.get(from)?.0, self.from.get(to.checked_sub(1)?)?.1))
    }
}

/// Undoes the escapes of a text; `None` where there are none.
pub(super) fn unescaped(text: &str) -> Option<Plain> {
    let bytes = text.as_bytes();
    let mut signs = Signs::new(bytes);
    let mut at = signs.next(0)?;
    let mut out = Bytes::with_room_for(text.len());
    let mut any = false;
    let mut copied = 0;
    loop {
        if let Some((what, len)) = one(text, at) {
            out.copy(bytes, copied, at);
            out.put(what, at, at + len);
            (any, copied) = (true, at + len);
            at += len;
        } else {
            at += 1;
        }
        match signs.next(at) {
            Some(next) => at = next,
            None => break,
        }
    }
    if !any {
        return None;
    }
    out.copy(bytes, copied, bytes.len());
    Some(out.read())
}

/// Where the next bytes are that may begin an escape. Each is searched for once, however far away it is.
struct Signs<'t> {
    bytes: &'t [u8],
    /// The next `%`, `&` or backslash, and the next `=`; the length where there is none.
    others: usize,
    equals: usize,
}

impl<'t> Signs<'t> {
    const fn new(bytes: &'t [u8]) -> Self {
        Self {
            bytes,
            others: 0,
            equals: 0,
        }
    }

    /// The first at `from` or behind it. The first question is about the beginning.
    fn next(&mut self, from: usize) -> Option<usize> {
        let rest = self.bytes.get(from..)?;
        let end = self.bytes.len();
        if self.others <= from {
            self.others = memchr3(b'%', b'&', b'\\', rest).map_or(end, |at| from + at);
        }
        if self.equals <= from {
            self.equals = memchr(b'=', rest).map_or(end, |at| from + at);
        }
        let first = self.others.min(self.equals);
        (first < end).then_some(first)
    }
}

/// What an escape stands for.
enum What {
    Nothing,
    Byte(u8),
    Char(char),
}

/// The escape at `at`, and its length.
fn one(text: &str, at: usize) -> Option<(What, usize)> {
    let rest = text.as_bytes().get(at..)?;
    let (sign, rest) = rest.split_first()?;
    match (sign, rest) {
        (b'%' | b'=', [high, low, ..]) if hex(*high).is_some() && hex(*low).is_some() => {
            Some((What::Byte(hex(*high)? << 4 | hex(*low)?), 3))
        }
        (b'=', [b'\r', b'\n', ..]) => Some((What::Nothing, 3)),
        (b'=', [b'\n', ..]) => Some((What::Nothing, 2)),
        (b'\\', [b'u', digits @ ..]) => {
            let unit = number(digits.get(..4)?, 16)?;
            let pair = digits
                .get(4..10)
                .and_then(|more| number(more.strip_prefix(b"\\u")?, 16));
            match (unit, pair) {
                (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
                    let c = char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?;
                    Some((What::Char(c), 12))
                }
                _ => Some((What::Char(char::from_u32(unit)?), 6)),
            }
        }
        (b'\\', [b'x', digits @ ..]) => {
            let byte = number(digits.get(..2)?, 16)?;
            Some((What::Byte(u8::try_from(byte).ok()?), 4))
        }
        (b'\\', [b'n' | b'r' | b't', ..]) => Some((What::Char(' '), 2)),
        (b'\\', [sign @ (b'"' | b'\\' | b'/' | b'\''), ..]) => Some((What::Byte(*sign), 2)),
        (b'&', rest) => {
            // The longest name that is read here has six letters, the longest number seven digits.
            let end = rest.iter().take(10).position(|b| *b == b';')?;
            let name = text.get(at + 1..at + 1 + end)?;
            Some((What::Char(entity(name)?), end + 2))
        }
        _ => None,
    }
}

/// The character of a reference without its `&` and `;`.
fn entity(name: &str) -> Option<char> {
    if let Some(digits) = name.strip_prefix('#') {
        let (digits, radix) = match digits.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (digits, 10),
        };
        return char::from_u32(number(digits.as_bytes(), radix)?);
    }
    let sign = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "commat" => '@',
        "period" => '.',
        "lowbar" => '_',
        "plus" => '+',
        "ndash" | "mdash" | "hyphen" | "dash" => '-',
        "szlig" => '\u{df}',
        "aelig" => '\u{e6}',
        "AElig" => '\u{c6}',
        "oelig" => '\u{153}',
        "OElig" => '\u{152}',
        "oslash" => '\u{f8}',
        "Oslash" => '\u{d8}',
        "lstrok" => '\u{142}',
        "Lstrok" => '\u{141}',
        "eth" => '\u{f0}',
        "thorn" => '\u{fe}',
        _ => {
            // A letter and the name of its accent: "eacute".
            let mut chars = name.chars();
            let letter = chars.next()?;
            let mark = match chars.as_str() {
                "grave" => '\u{300}',
                "acute" => '\u{301}',
                "circ" => '\u{302}',
                "tilde" => '\u{303}',
                "macr" => '\u{304}',
                "breve" => '\u{306}',
                "dot" => '\u{307}',
                "uml" => '\u{308}',
                "ring" => '\u{30a}',
                "dblac" => '\u{30b}',
                "caron" => '\u{30c}',
                "cedil" => '\u{327}',
                "ogon" => '\u{328}',
                _ => return None,
            };
            return compose(letter, mark);
        }
    };
    Some(sign)
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0u32, |sum, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        sum.checked_mul(radix)?.checked_add(digit)
    })
}

/// Bytes on their way to a text.
struct Bytes {
    bytes: Zeroizing<Vec<u8>>,
    from: Vec<(usize, usize)>,
}

impl Bytes {
    fn with_room_for(len: usize) -> Self {
        Self {
            // An escape is never shorter than what it stands for, so this does not grow.
            bytes: Zeroizing::new(Vec::with_capacity(len)),
            from: Vec::with_capacity(len),
        }
    }

    fn copy(&mut self, source: &[u8], from: usize, to: usize) {
        self.bytes
            .extend_from_slice(source.get(from..to).unwrap_or_default());
        self.from.extend((from..to).map(|at| (at, at + 1)));
    }

    fn put(&mut self, what: What, start: usize, end: usize) {
        let mut one = [0; 4];
        let bytes: &[u8] = match what {
            What::Nothing => &[],
            What::Byte(byte) => {
                one = [byte, 0, 0, 0];
                one.get(..1).unwrap_or_default()
            }
            What::Char(c) => c.encode_utf8(&mut one).as_bytes(),
        };
        self.bytes.extend_from_slice(bytes);
        self.from
            .extend(std::iter::repeat_n((start, end), bytes.len()));
    }

    /// As UTF-8, and where it is none as Latin-1.
    fn read(self) -> Plain {
        let mut text = Zeroizing::new(String::with_capacity(2 * self.bytes.len()));
        let mut from = Vec::with_capacity(self.from.len());
        let mut places = self.from.iter().copied();
        for chunk in self.bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            from.extend(places.by_ref().take(chunk.valid().len()));
            for (byte, place) in chunk.invalid().iter().zip(places.by_ref()) {
                text.push(char::from(*byte));
                // Two bytes of UTF-8 a character of the upper half.
                from.extend([place; 2]);
            }
        }
        // A character's place is that of all its bytes.
        let mut at = 0;
        for c in text.chars() {
            let len = c.len_utf8();
            if let Some(bytes) = from.get_mut(at..at + len) {
                let start = bytes.first().map_or(0, |b| b.0);
                let end = bytes.last().map_or(0, |b| b.1);
                bytes.fill((start, end));
            }
            at += len;
        }
        Plain { text, from }
    }
}

/// Fewest characters of a run that may be an encoding: eight bytes of base64.
const RUN: usize = 11;
/// Fewest characters of a part of one: a name of three letters.
const SHORTEST: usize = 4;
/// A line of a wrapped encoding has at least so many.
const LINE: usize = 48;

/// The letters of base64 in both alphabets.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static CODE: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        all[byte as usize] = sextet(byte).is_some() || byte == b'=';
        byte += 1;
    }
    all
};

/// Calls `each` with what long runs of letters and digits stand for, and where they stand.
pub(super) fn runs(text: &str, mut each: impl FnMut(&str, usize, usize)) {
    let bytes = text.as_bytes();
    let code = |b: &u8| CODE.get(usize::from(*b)).copied().unwrap_or(false);
    let mut scratch = Scratch::default();
    let mut at = 0;
    while at < bytes.len() {
        // From the end of the shortest run back: most words are shorter and are passed in one step.
        let Some(window) = bytes.get(at..at + RUN) else {
            return;
        };
        if let Some(gap) = window.iter().rposition(|b| !code(b)) {
            at += gap + 1;
            continue;
        }
        let start = at;
        let mut end = at + RUN;
        let mut line = start;
        while let Some(next) = bytes.get(end) {
            if code(next) {
                end += 1;
                continue;
            }
            let wrapped = bytes.get(end..).map_or(0, |rest| match rest {
                [b'\r', b'\n', next, ..] if code(next) => 2,
                [b'\n', next, ..] if code(next) => 1,
                _ => 0,
            });
            if wrapped == 0 || end - line < LINE {
                break;
            }
            end += wrapped;
            line = end;
        }
        let run = bytes.get(start..end).unwrap_or_default();
        let mut read = |part: &[u8], from: usize| {
            let place = (start + from, start + from + part.len());
            if let Some(decoded) = scratch.base64(part) {
                each(decoded, place.0, place.1);
            }
            if let Some(decoded) = scratch.hexadecimal(part) {
                each(decoded, place.0, place.1);
            }
        };
        read(run, 0);
        // "token=TWFy..", "/files/TWFy..": signs of the alphabet that may as well stand between.
        if run.iter().any(|b| b"=/+-_".contains(b)) {
            for signs in [&b"="[..], b"=/", b"=/+-_"] {
                let mut from = 0;
                for part in run.split(|b| signs.contains(b)) {
                    if part.len() >= SHORTEST && part.len() < run.len() {
                        read(part, from);
                    }
                    from += part.len() + 1;
                }
            }
        }
        at = end + 1;
    }
}

/// Room for what runs stand for, used again: most runs are words, and stand for nothing.
#[derive(Default)]
struct Scratch {
    bytes: Zeroizing<Vec<u8>>,
    text: Zeroizing<String>,
}

impl Scratch {
    /// Makes room for `len` bytes in one piece: what grows leaves copies behind.
    fn clear(&mut self, len: usize) {
        self.bytes.clear();
        if self.bytes.capacity() < len {
            self.bytes = Zeroizing::new(Vec::with_capacity(len.max(64)));
        }
    }

    /// What a run of base64 stands for; `None` where none of it is text.
    fn base64(&mut self, run: &[u8]) -> Option<&str> {
        self.clear(run.len());
        let (mut bits, mut held) = (0u32, 0);
        for byte in run {
            let value = SEXTETS.get(usize::from(*byte)).copied()?;
            if value >= 64 {
                if *byte == b'=' {
                    break;
                }
                continue;
            }
            bits = bits << 6 | u32::from(value);
            held += 6;
            if held >= 8 {
                held -= 8;
                self.bytes.push((bits >> held & 0xff) as u8);
            }
        }
        self.readable()
    }

    fn hexadecimal(&mut self, run: &[u8]) -> Option<&str> {
        let digits = || run.iter().filter(|b| !b.is_ascii_whitespace());
        if !digits().all(u8::is_ascii_hexdigit) {
            return None;
        }
        self.clear(run.len());
        let mut high = None;
        for digit in digits() {
            let value = hex(*digit)?;
            match high.take() {
                None => high = Some(value),
                Some(high) => self.bytes.push(high << 4 | value),
            }
        }
        self.readable()
    }

    /// The bytes as text, a space for what is none; `None` where no three bytes in a row are: no value that is looked for is
    /// shorter.
    fn readable(&mut self) -> Option<&str> {
        let (mut row, mut longest) = (0, 0);
        for chunk in self.bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                row = if c.is_control() {
                    0
                } else {
                    row + c.len_utf8()
                };
                longest = longest.max(row);
            }
            if !chunk.invalid().is_empty() {
                row = 0;
            }
        }
        if longest < 3 {
            return None;
        }
        self.text.clear();
        if self.text.capacity() < self.bytes.len() {
            self.text = Zeroizing::new(String::with_capacity(self.bytes.len().max(64)));
        }
        for chunk in self.bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                self.text.push(if c.is_control() { ' ' } else { c });
            }
            if !chunk.invalid().is_empty() {
                self.text.push(' ');
            }
        }
        Some(&self.text)
    }
}

/// The six bits of a letter, of both alphabets; 64 for what is none.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static SEXTETS: [u8; 256] = {
    let mut all = [64; 256];
    let mut byte = 0u8;
    while byte < 128 {
        if let Some(value) = sextet(byte) {
            all[byte as usize] = value;
        }
        byte += 1;
    }
    all
};

const fn sextet(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{runs, unescaped};

    #[test]
    fn escapes_are_undone() {
        for (text, expected) in [
            ("Marie%20Dupont", "Marie Dupont"),
            ("Zo%C3%AB Zo%EB", "Zo\u{eb} Zo\u{eb}"),
            ("Zo=C3=AB, Dup=\r\nont", "Zo\u{eb}, Dupont"),
            (
                "Zo&euml; &#235; &#xEB; &Scaron; A&amp;B",
                "Zo\u{eb} \u{eb} \u{eb} \u{160} A&B",
            ),
            (
                "Zo\\u00eb \\x41 \\ud83d\\ude00 \\\"",
                "Zo\u{eb} A \u{1f600} \"",
            ),
        ] {
            assert_eq!(unescaped(text).unwrap().text.as_str(), expected);
        }
        for text in [
            "50 % off",
            "a=b",
            "this & that; more",
            "C:\\temp".trim_end_matches("temp"),
            "x",
        ] {
            assert!(unescaped(text).is_none(), "{text}");
        }
        let plain = unescaped("a Zo%C3%AB b").unwrap();
        assert_eq!(plain.source(2, 6), Some((2, 10)));
    }

    #[test]
    fn encodings_are_read() {
        let read = |text: &str| {
            let mut all = Vec::new();
            runs(text, |decoded, start, end| {
                all.push((decoded.to_owned(), start, end))
            });
            all
        };
        assert_eq!(
            read("see TWFyaWUgRHVwb250 now"),
            [("Marie Dupont".to_owned(), 4, 20)]
        );
        assert!(read("4d617269652044").contains(&("Marie D".to_owned(), 0, 14)));
        assert!(
            read("Bestellbestaetigung")
                .iter()
                .all(|(text, ..)| !text.contains("Bestell"))
        );
        // Behind a name, within a path, behind bytes that are no text.
        for (text, start) in [
            ("token=TWFyaWUgRHVwb250", 6),
            ("/files/TWFyaWUgRHVwb250", 7),
        ] {
            let found = read(text);
            assert!(
                found.contains(&("Marie Dupont".to_owned(), start, start + 16)),
                "{text}"
            );
        }
        assert!(
            read("AAH/CgVNYXJpZRIGRHVwb250")
                .iter()
                .any(|(text, ..)| text.contains("Marie"))
        );
        assert!(read("short words only").is_empty());
    }
}
