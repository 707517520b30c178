//! JSON text (RFC 8259) read into segments, strings that hold JSON read in turn.

use std::ops::Range;

use zeroize::Zeroizing;

use super::MAX_DEPTH;
use super::escape::Escape;
use super::segments::{Hold, Joint, Segment, Traced, cue};
use crate::error::StructuredError;

/// What is done with a JSON number that is personal data: a phone, an order or a customer number without quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Numbers {
    /// The document is refused: a number cannot hold a tag, and another type may break who reads it.
    #[default]
    Refuse,
    /// It becomes a string with a tag, and a number again when the document is restored.
    Tag,
}

impl Numbers {
    pub(super) const fn hold(self) -> Hold {
        match self {
            Self::Refuse => Hold::Number,
            Self::Tag => Hold::Whole,
        }
    }
}

/// The segments of a JSON text.
pub(super) fn parse(source: &str, numbers: Numbers) -> Result<Vec<Segment>, StructuredError> {
    let mut segments = Vec::new();
    let text = Traced::plain(source, 0);
    Scanner::new(&text, numbers, 0, 0).run("", &mut segments)?;
    Ok(segments)
}

/// The segments of JSON values on a line each; empty lines stay.
pub(super) fn parse_lines(source: &str, numbers: Numbers) -> Result<Vec<Segment>, StructuredError> {
    let mut segments = Vec::new();
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        if !line.trim().is_empty() {
            let text = Traced::plain(line, start);
            Scanner::new(&text, numbers, 0, 0).run("", &mut segments)?;
        }
        start += line.len();
    }
    Ok(segments)
}

/// The segments of a string: one, or those of the JSON it holds. `nest` strings lie around its content, `depth` levels
/// of the document.
pub(super) fn string(
    data: Traced,
    range: Range<usize>,
    name: &str,
    escape: Escape,
    numbers: Numbers,
    (nest, depth): (u8, usize),
    out: &mut Vec<Segment>,
) -> Result<(), StructuredError> {
    let text = data.text();
    if text.trim_start().starts_with(['{', '[']) {
        let before = out.len();
        match Scanner::new(&data, numbers, nest, depth).run(name, out) {
            Ok(()) => return Ok(()),
            Err(error @ StructuredError::TooDeep { .. }) => return Err(error),
            // It only begins like JSON: text.
            Err(_) => out.truncate(before),
        }
    }
    out.push(Segment::new(range, data, field(name), escape));
    Ok(())
}

/// What stands before the value of a field.
pub(super) fn field(name: &str) -> Joint {
    if name.is_empty() {
        Joint::Line
    } else {
        Joint::Field(Zeroizing::new(name.to_owned()))
    }
}

/// The cue of a field inside another: both names.
pub(super) fn inner_cue(outer: &str, name: &str) -> Zeroizing<String> {
    let name = cue(name);
    // The last word of the outer name alone: cues do not grow with depth.
    match outer.rsplit(' ').next().filter(|word| !word.is_empty()) {
        Some(word) if !name.is_empty() => Zeroizing::new(format!("{word} {}", name.as_str())),
        Some(word) => Zeroizing::new(word.to_owned()),
        None => name,
    }
}

/// An object or array that is open: the cue of what stands in it.
struct Open {
    is_object: bool,
    cue: Zeroizing<String>,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A value.
    Value,
    /// A value, or the end of an array that has just begun.
    FirstItem,
    /// A name, or the end of an object that has just begun.
    FirstName,
    /// A name.
    Name,
    /// A comma or an end.
    Comma,
}

struct Scanner<'t> {
    text: &'t Traced,
    bytes: &'t [u8],
    at: usize,
    numbers: Numbers,
    nest: u8,
    depth: usize,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t Traced, numbers: Numbers, nest: u8, depth: usize) -> Self {
        Self {
            text,
            bytes: text.text().as_bytes(),
            at: 0,
            numbers,
            nest,
            depth,
        }
    }

    const fn malformed(&self) -> StructuredError {
        StructuredError::Malformed {
            format: "JSON",
            at: self.at,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Result<(), StructuredError> {
        if self.peek() != Some(byte) {
            return Err(self.malformed());
        }
        self.at += 1;
        Ok(())
    }

    /// Reads one value and nothing behind it. A stack of its own: depth costs no frames.
    fn run(&mut self, outer: &str, out: &mut Vec<Segment>) -> Result<(), StructuredError> {
        let mut open: Vec<Open> = Vec::new();
        let mut name = Zeroizing::new(outer.to_owned());
        let mut next = Next::Value;
        loop {
            self.spaces();
            if let (Next::FirstItem, Some(b']')) | (Next::FirstName, Some(b'}')) =
                (next, self.peek())
            {
                self.at += 1;
                open.pop();
                next = Next::Comma;
            } else if next == Next::Comma {
                let Some(last) = open.last() else {
                    break;
                };
                let end = if last.is_object { b'}' } else { b']' };
                if self.peek() == Some(end) {
                    self.at += 1;
                    open.pop();
                    continue;
                }
                self.take(b',')?;
                next = if last.is_object {
                    Next::Name
                } else {
                    Next::Value
                };
                name = last.cue.clone();
                continue;
            } else if matches!(next, Next::Name | Next::FirstName) {
                let (range, data) = self.string()?;
                let outer = open.last().map_or("", |open| open.cue.as_str());
                name = inner_cue(outer, data.text());
                let range = self.text.source(range);
                let mut segment = Segment::new(range, data, Joint::Line, Escape::Json(self.nest));
                segment.aside = true;
                segment.is_name = true;
                out.push(segment);
                self.spaces();
                self.take(b':')?;
                next = Next::Value;
                continue;
            } else {
                next = self.value(&name, &mut open, out)?;
            }
            if next == Next::Comma && open.is_empty() {
                break;
            }
        }
        self.spaces();
        if self.at < self.bytes.len() {
            return Err(self.malformed());
        }
        Ok(())
    }

    fn value(
        &mut self,
        name: &str,
        open: &mut Vec<Open>,
        out: &mut Vec<Segment>,
    ) -> Result<Next, StructuredError> {
        match self.peek() {
            Some(bracket @ (b'{' | b'[')) => {
                self.at += 1;
                if open.len() + self.depth >= MAX_DEPTH {
                    return Err(StructuredError::TooDeep { limit: MAX_DEPTH });
                }
                let is_object = bracket == b'{';
                open.push(Open {
                    is_object,
                    cue: Zeroizing::new(name.to_owned()),
                });
                return Ok(if is_object {
                    Next::FirstName
                } else {
                    Next::FirstItem
                });
            }
            Some(b'"') => {
                let (range, data) = self.string()?;
                let range = self.text.source(range);
                let depth = open.len() + self.depth + 1;
                let escape = Escape::Json(self.nest);
                string(
                    data,
                    range,
                    name,
                    escape,
                    self.numbers,
                    (self.nest + 1, depth),
                    out,
                )?;
            }
            Some(b't') => self.word("true")?,
            Some(b'f') => self.word("false")?,
            Some(b'n') => self.word("null")?,
            _ => {
                let range = self.number()?;
                let text = self.text.text().get(range.clone()).unwrap_or_default();
                let source = self.text.source(range);
                let data = Traced::plain(text, source.start);
                let mut segment = Segment::new(source, data, field(name), Escape::Json(self.nest));
                segment.hold = self.numbers.hold();
                out.push(segment);
            }
        }
        Ok(Next::Comma)
    }

    fn word(&mut self, word: &str) -> Result<(), StructuredError> {
        word.bytes().try_for_each(|byte| self.take(byte))
    }

    fn digits(&mut self) -> Result<(), StructuredError> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.malformed());
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Range<usize>, StructuredError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(start..self.at)
    }

    /// A string: what lies between its quotes, in this text, and its characters.
    fn string(&mut self) -> Result<(Range<usize>, Traced), StructuredError> {
        self.take(b'"')?;
        let start = self.at;
        let length = self.end_of_string()? - start;
        let source = self.text.source(start..start + length);
        let mut data = Traced::with_capacity(length, source.start);
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => break,
                b'\\' => self.escape(&mut data)?,
                0..0x20 => return Err(self.malformed()),
                _ => self.literal(&mut data),
            }
        }
        let end = self.at;
        self.take(b'"')?;
        Ok((start..end, data))
    }

    /// Where the string that has begun ends.
    fn end_of_string(&self) -> Result<usize, StructuredError> {
        let mut at = self.at;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => return Ok(at),
                Some(b'\\') => at += 2,
                Some(_) => at += 1,
                None => return Err(self.malformed()),
            }
        }
    }

    /// Characters that stand for themselves.
    fn literal(&mut self, data: &mut Traced) {
        let rest = self.text.text().get(self.at..).unwrap_or_default();
        let length = rest
            .find(|c: char| matches!(c, '"' | '\\') || u32::from(c) < 0x20)
            .unwrap_or(rest.len());
        let run = rest.get(..length).unwrap_or_default();
        let source = self.text.source(self.at..self.at + length);
        if source.len() == length {
            data.push_str(run, source);
        } else {
            for (offset, c) in run.char_indices() {
                let at = self.at + offset;
                data.push(c, self.text.source(at..at + c.len_utf8()));
            }
        }
        self.at += length;
    }

    fn escape(&mut self, data: &mut Traced) -> Result<(), StructuredError> {
        let start = self.at;
        self.at += 1;
        let c = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let c = self.unicode()?;
                data.push(c, self.text.source(start..self.at));
                return Ok(());
            }
            _ => return Err(self.malformed()),
        };
        self.at += 1;
        data.push(c, self.text.source(start..self.at));
        Ok(())
    }

    /// The four digits behind `\u`, or twelve bytes of a pair. Half a pair is no character: refused.
    fn unicode(&mut self) -> Result<char, StructuredError> {
        let first = self.hex()?;
        if (0xd800..0xdc00).contains(&first) {
            self.take(b'\\')?;
            self.take(b'u')?;
            let second = self.hex()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.malformed());
            }
            let joined = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return char::from_u32(joined).ok_or_else(|| self.malformed());
        }
        char::from_u32(first).ok_or_else(|| self.malformed())
    }

    fn hex(&mut self) -> Result<u32, StructuredError> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.malformed());
            };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}
