//! Characters as a model writes them: plain, as JSON escapes, as HTML entities; and what each means around a tag.

use super::Halt;
use super::bracket::BODY;
use crate::tag::MAX_LABEL;

/// A decoded character and the bytes it took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glyph {
    pub(crate) ch: char,
    pub(crate) len: usize,
    /// An HTML entity. Escapes of the format are no other way of writing: the text says the character itself.
    pub(super) is_entity: bool,
}

impl Glyph {
    const fn new(ch: char, len: usize) -> Self {
        Self {
            ch,
            len,
            is_entity: false,
        }
    }
}

/// What stands at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Peek {
    Glyph(Glyph),
    /// The end of a JSON string or of a cell, and its bytes: no tag reaches over it.
    Wall(usize),
    /// The end of the text.
    End,
    /// Farther than a tag reaches.
    Far,
}

/// What the text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Text,
    /// What stands within so many JSON strings, each within the one before.
    Json(usize),
    /// A CSV cell without quotes, by the delimiter.
    #[cfg(feature = "csv")]
    Cell(u8),
    /// A CSV cell between quotes.
    #[cfg(feature = "csv")]
    Quoted,
}

/// Most bytes of a tag with all its escapes. Within one string a tag is always shorter.
const REACH: usize = 16 * 1024;

/// Most bytes of an escape within strings within strings, where each doubles the backslashes.
const ESCAPE: usize = 4 * 1024;

/// The text that has arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'a> {
    text: &'a str,
    /// Nothing more will come.
    last: bool,
    mode: Mode,
    /// Nothing is read from here on.
    reach: usize,
}

impl<'a> Window<'a> {
    pub(crate) const fn new(text: &'a str, last: bool, mode: Mode) -> Self {
        Self {
            text,
            last,
            mode,
            reach: usize::MAX,
        }
    }

    pub(crate) const fn whole(text: &'a str) -> Self {
        Self::new(text, true, Mode::Text)
    }

    /// The same for a tag that begins at `at`.
    pub(super) const fn reaching(mut self, at: usize) -> Self {
        self.reach = at.saturating_add(REACH);
        self
    }

    /// The character at `at`, escapes of the format decoded.
    pub(crate) fn unit(&self, at: usize) -> Result<Peek, Halt> {
        if at >= self.reach {
            return Ok(Peek::Far);
        }
        match self.mode {
            Mode::Text => self.plain(at),
            Mode::Json(level) => self.json(at, level),
            #[cfg(feature = "csv")]
            Mode::Cell(delimiter) => Ok(match self.plain(at)? {
                Peek::Glyph(Glyph { ch, len, .. })
                    if ch == char::from(delimiter) || matches!(ch, '\r' | '\n') =>
                {
                    Peek::Wall(len)
                }
                other => other,
            }),
            #[cfg(feature = "csv")]
            Mode::Quoted => match self.plain(at)? {
                Peek::Glyph(Glyph { ch: '"', len, .. }) => match self.plain(at + len)? {
                    Peek::Glyph(Glyph { ch: '"', .. }) => Ok(Peek::Glyph(Glyph::new('"', 2 * len))),
                    _ => Ok(Peek::Wall(len)),
                },
                other => Ok(other),
            },
        }
    }

    /// The character at `at` as it stands.
    fn plain(&self, at: usize) -> Result<Peek, Halt> {
        match self.text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(ch) => Ok(Peek::Glyph(Glyph::new(ch, ch.len_utf8()))),
            None if self.last => Ok(Peek::End),
            None => Err(Halt::NeedMore),
        }
    }

    /// The character at `at` within so many strings. Each is read once, so the work is that of its bytes.
    fn json(&self, at: usize, level: usize) -> Result<Peek, Halt> {
        let Some(below) = level.checked_sub(1) else {
            return self.plain(at);
        };
        let first = match self.json(at, below)? {
            Peek::Glyph(glyph) => glyph,
            // The string around ends within a string of what it holds.
            Peek::Wall(_) => return Err(Halt::NotJson(below)),
            other => return Ok(other),
        };
        match first.ch {
            '"' => Ok(Peek::Wall(first.len)),
            '\\' => self.escape(at, first.len, below).map(Peek::Glyph),
            c if c < ' ' && below > 0 => Err(Halt::NotJson(below)),
            _ => Ok(Peek::Glyph(first)),
        }
    }

    /// As [`Self::unit`], with HTML entities decoded too.
    pub(crate) fn glyph(&self, at: usize) -> Result<Peek, Halt> {
        match self.unit(at)? {
            Peek::Glyph(plain @ Glyph { ch: '&', len, .. }) => {
                Ok(Peek::Glyph(self.entity(at, len)?.unwrap_or(plain)))
            }
            other => Ok(other),
        }
    }

    /// Whether a bare tag cannot go on at `at`: what stands there is neither part of a label nor behind an escape.
    pub(super) fn ends_bare(&self, at: usize) -> bool {
        // In a cell these may be the delimiter.
        matches!(self.mode, Mode::Text | Mode::Json(_))
            && self.text.as_bytes().get(at).is_some_and(ends_bare)
    }

    /// Whether the word of capitals and digits at `at` certainly is no tag without brackets: a sign ends it that separates no
    /// label from its number.
    pub(super) fn is_bare_word(&self, at: usize) -> bool {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        let word = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let end = rest.iter().take(2 * MAX_LABEL).find(|b| !word(b));
        // Where a string or a cell ends, a tag may be cut off.
        self.mode == Mode::Text
            && end.is_some_and(|b| b.is_ascii() && !matches!(b, b'_' | b'-' | b'\\' | b'&'))
    }

    /// Whether what stands behind an opening bracket certainly is no tag: no digit comes before the bracket closes, or before
    /// something that no tag holds. An escape, a character that is neither ASCII nor a letter of Latin-1, or the end of what has
    /// arrived leaves it open.
    pub(super) fn is_wordy(&self, at: usize, class: Class) -> bool {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        if self.mode != Mode::Text {
            return false;
        }
        let Some(end) = rest.iter().take(BODY).find(|b| !may_stand(**b)) else {
            return false;
        };
        match end {
            // A quoted line begins with these.
            b'>' => class == Class::Angle,
            b'|' | b'&' | b'\\' => false,
            b => b.is_ascii() && !b.is_ascii_digit(),
        }
    }

    /// The label and the digits of a tag in canonical form that begins at `at`, and its length.
    pub(super) fn canonical(&self, at: usize) -> Option<(&'a str, &'a str, usize)> {
        let rest = self.text.get(at..)?.strip_prefix('[')?;
        // The last underscore, and whether all behind it are digits.
        let (mut last, mut number, mut end) = (0, false, None);
        // A label and nine digits at most.
        for (place, byte) in rest.bytes().take(MAX_LABEL + 11).enumerate() {
            match byte {
                b'0'..=b'9' => {}
                b'_' => (last, number) = (place, true),
                b'A'..=b'Z' => number = false,
                b']' => {
                    end = Some(place);
                    break;
                }
                _ => return None,
            }
        }
        let len = end?;
        let (label, digits) = (rest.get(..last)?, rest.get(last + 1..len)?);
        let shaped = number
            && label.starts_with(|c: char| c.is_ascii_uppercase())
            && (1..=9).contains(&digits.len());
        shaped.then_some((label, digits, len + 2))
    }

    /// A JSON escape that begins with so many bytes of a backslash. A broken one is a backslash in the document itself, and
    /// within a string it says that the string holds no JSON.
    fn escape(&self, at: usize, slash: usize, below: usize) -> Result<Glyph, Halt> {
        let mut pos = at + slash;
        let ch = match self.next(at, &mut pos, below)? {
            Some(ch @ ('"' | '\\' | '/')) => Some(ch),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => self.code(at, &mut pos, below)?,
            _ => None,
        };
        match ch {
            Some(ch) => Ok(Glyph::new(ch, pos - at)),
            None if below > 0 => Err(Halt::NotJson(below)),
            None => Ok(Glyph::new('\\', slash)),
        }
    }

    /// The next character of the escape that began at `at`; `None` where the string or the text ends.
    fn next(&self, at: usize, pos: &mut usize, below: usize) -> Result<Option<char>, Halt> {
        let Peek::Glyph(glyph) = self.json(*pos, below)? else {
            return Ok(None);
        };
        *pos += glyph.len;
        if below > 0 && *pos - at > ESCAPE {
            return Err(Halt::TooLong(below));
        }
        Ok(Some(glyph.ch))
    }

    /// The character of `\uXXXX`, or of two of them; `None` for what is none.
    fn code(&self, at: usize, pos: &mut usize, below: usize) -> Result<Option<char>, Halt> {
        let Some(first) = self.hex(at, pos, below)? else {
            return Ok(None);
        };
        if !(0xd800..0xdc00).contains(&first) {
            return Ok(char::from_u32(first));
        }
        for wanted in ['\\', 'u'] {
            if self.next(at, pos, below)? != Some(wanted) {
                return Ok(None);
            }
        }
        let second = self.hex(at, pos, below)?;
        Ok(second
            .filter(|second| (0xdc00..0xe000).contains(second))
            .and_then(|second| {
                char::from_u32(0x10000 + ((first - 0xd800) << 10) + second - 0xdc00)
            }))
    }

    /// The value of four hexadecimal digits.
    fn hex(&self, at: usize, pos: &mut usize, below: usize) -> Result<Option<u32>, Halt> {
        let mut value = 0;
        for _ in 0..4 {
            let next = self.next(at, pos, below)?;
            let Some(digit) = next.and_then(|c| c.to_digit(16)) else {
                return Ok(None);
            };
            value = value * 16 + digit;
        }
        Ok(Some(value))
    }

    /// The entity that begins with the `&` at `at`; `None` when there is none.
    fn entity(&self, at: usize, amp: usize) -> Result<Option<Glyph>, Halt> {
        let mut name = String::new();
        let mut pos = at + amp;
        loop {
            let Peek::Glyph(Glyph { ch, len, .. }) = self.unit(pos)? else {
                return Ok(None);
            };
            pos += len;
            if ch == ';' {
                return Ok(named(&name).map(|ch| Glyph {
                    ch,
                    len: pos - at,
                    is_entity: true,
                }));
            }
            name.push(ch);
            if !may_name(&name) {
                return Ok(None);
            }
        }
    }
}

/// Entities that stand for something of a tag.
const ENTITIES: [(&str, char); 27] = [
    ("lsqb", '['),
    ("lbrack", '['),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("rcub", '}'),
    ("rbrace", '}'),
    ("lpar", '('),
    ("rpar", ')'),
    ("lang", '\u{27e8}'),
    ("rang", '\u{27e9}'),
    ("lowbar", '_'),
    ("UnderBar", '_'),
    ("nbsp", '\u{a0}'),
    ("ndash", '\u{2013}'),
    ("mdash", '\u{2014}'),
    ("hyphen", '\u{2010}'),
    ("dash", '\u{2010}'),
    ("shy", '\u{ad}'),
    ("ZeroWidthSpace", '\u{200b}'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

fn named(name: &str) -> Option<char> {
    if let Some(digits) = name.strip_prefix('#') {
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    ENTITIES
        .iter()
        .find_map(|(entity, ch)| (*entity == name).then_some(*ch))
}

/// Whether an entity of ours may begin like this.
fn may_name(name: &str) -> bool {
    let Some(digits) = name.strip_prefix('#') else {
        return ENTITIES.iter().any(|(entity, _)| entity.starts_with(name));
    };
    match digits.strip_prefix(['x', 'X']) {
        Some(hex) => hex.len() <= 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()),
        None => digits.len() <= 7 && digits.bytes().all(|b| b.is_ascii_digit()),
    }
}

/// Whether no label of upper case goes on with this byte, behind its first letter.
pub(super) const fn ends_bare(byte: &u8) -> bool {
    byte.is_ascii_lowercase() || matches!(*byte, b' ' | b'.' | b',' | b'\'')
}

/// Whether a byte is part of a letter, separator or noise between the brackets of a tag: of ASCII or of a letter of Latin-1.
const fn may_stand(byte: u8) -> bool {
    byte.is_ascii_alphabetic()
        || matches!(
            byte,
            b' ' | b'\t'..=b'\r' | b'_' | b'-' | b'.' | b'\'' | b'*' | b'`' | b'~' | 0x80..=0xbf | 0xc3
        )
}

/// Brackets that may be mixed with one another, and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Square ones and what stands for them in wide and mathematical type.
    Square,
    Angle,
    Curly,
    /// Round ones belong to the sentence: they stay.
    Round,
}

/// Which bracket a character opens.
pub(super) fn opens(ch: char) -> Option<Class> {
    Some(match ch {
        '[' | '\u{ff3b}' | '\u{3010}' | '\u{3014}' | '\u{3016}' | '\u{27e6}' | '\u{301a}'
        | '\u{2045}' | '\u{2772}' | '\u{27ec}' | '\u{298b}' | '\u{300c}' | '\u{300e}'
        | '\u{ff62}' | '\u{3018}' | '\u{ff08}' => Class::Square,
        '<' | '\u{ff1c}' | '\u{27e8}' | '\u{3008}' | '\u{300a}' | '\u{2329}' | '\u{fe64}'
        | '\u{27ea}' => Class::Angle,
        '{' | '\u{ff5b}' | '\u{fe5b}' | '\u{2774}' => Class::Curly,
        '(' => Class::Round,
        _ => return None,
    })
}

/// Which bracket a character closes.
pub(super) fn closes(ch: char) -> Option<Class> {
    Some(match ch {
        ']' | '\u{ff3d}' | '\u{3011}' | '\u{3015}' | '\u{3017}' | '\u{27e7}' | '\u{301b}'
        | '\u{2046}' | '\u{2773}' | '\u{27ed}' | '\u{298c}' | '\u{300d}' | '\u{300f}'
        | '\u{ff63}' | '\u{3019}' | '\u{ff09}' => Class::Square,
        '>' | '\u{ff1e}' | '\u{27e9}' | '\u{3009}' | '\u{300b}' | '\u{232a}' | '\u{fe65}'
        | '\u{27eb}' => Class::Angle,
        '}' | '\u{ff5d}' | '\u{fe5c}' | '\u{2775}' => Class::Curly,
        ')' => Class::Round,
        _ => return None,
    })
}

/// Whether a tag may begin with this character, letters aside.
pub(super) fn may_open(ch: char) -> bool {
    ch == '&' || ch == '\\' || opens(ch).is_some()
}

/// What a character is between the brackets of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Counts for the label or the number.
    Letter,
    Digit(char),
    Separator(Separator),
    /// Emphasis, escapes, invisible characters.
    Noise,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Underscore,
    Dash,
    Space,
    LineBreak,
    /// Dots and apostrophes, as in "Tel. 1" and "nom d'utilisateur".
    Mark,
}

/// Sorts a character.
pub(super) fn part(ch: char) -> Part {
    match ch {
        '0'..='9' => Part::Digit(ch),
        '\u{ff10}'..='\u{ff19}' => {
            Part::Digit(char::from_digit(u32::from(ch) - 0xff10, 10).unwrap_or(ch))
        }
        '_' | '\u{ff3f}' => Part::Separator(Separator::Underscore),
        '-'
        | '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}'
        | '\u{2043}' => Part::Separator(Separator::Dash),
        '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => Part::Separator(Separator::LineBreak),
        '.' | '\'' | '\u{2019}' | '\u{b0}' => Part::Separator(Separator::Mark),
        '*' | '`' | '~' | '\\' => Part::Noise,
        _ if invisible(ch) => Part::Noise,
        _ if ch.is_whitespace() => Part::Separator(Separator::Space),
        _ if ch.is_alphanumeric() || unicode_normalization::char::is_combining_mark(ch) => {
            Part::Letter
        }
        _ => Part::Other,
    }
}

/// Characters that take no room.
pub(crate) fn invisible(ch: char) -> bool {
    matches!(
        ch,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}
