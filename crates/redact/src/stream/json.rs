//! JSON while it streams, and JSON in strings of JSON, as the arguments of tool calls come.
//!
//! Each text of JSON is a layer: the document is the first, and a string that may hold JSON begins the next. A layer is read
//! by its grammar as long as it can be JSON; where it no longer can, it was text, and one reads on as its string is read.
//! The document itself is followed whatever it is, so that its strings are restored in any case.

use super::Values;
use super::grammar::{Grammar, Role};
use super::write::Place;
use crate::restore::Refusal;
use crate::scan::{Glyph, Halt, Left, Mode, Peek, Step, Window, skip_to, step};

/// Most JSON texts in strings of one another, the document not counted, into which a [`crate::Restorer`] writes values: what
/// stands further inside is refused, see [`Refusal::TooDeep`].
pub const MAX_LAYERS: usize = 8;

/// A text of JSON.
#[derive(Default)]
struct Layer {
    grammar: Grammar,
    in_string: bool,
    /// No value is written into its strings.
    closed: bool,
    /// No value is written into this string.
    refuses: bool,
}

/// Where one stands in a document.
#[derive(Default)]
pub(super) struct Json {
    document: Layer,
    /// What strings hold, each within the one before.
    inner: Vec<Layer>,
}

impl Json {
    fn layer(&self) -> &Layer {
        self.inner.last().unwrap_or(&self.document)
    }

    fn layer_mut(&mut self) -> &mut Layer {
        self.inner.last_mut().unwrap_or(&mut self.document)
    }

    /// How many strings there are around.
    fn level(&self) -> usize {
        self.inner.len() + usize::from(self.layer().in_string)
    }

    /// A string begins, which may hold JSON itself.
    fn begin_string(&mut self) {
        let layer = self.layer_mut();
        layer.in_string = true;
        layer.refuses = layer.closed;
        let role = layer.grammar.role();
        if role == Role::Name || layer.closed {
            return;
        }
        let closed = role == Role::Unknown || self.inner.len() >= MAX_LAYERS;
        self.inner.push(Layer {
            closed,
            ..Layer::default()
        });
    }

    fn end_string(&mut self) {
        // Where nobody stands in a string, the string is the one around.
        if !self.layer().in_string {
            self.inner.pop();
        }
        let layer = self.layer_mut();
        layer.in_string = false;
        layer.grammar.end_string();
    }

    /// What the string around this layer holds is text.
    fn halt(&mut self, halt: Halt) -> bool {
        let (layer, refuses) = match halt {
            Halt::NeedMore => return false,
            Halt::NotJson(layer) => (layer, false),
            Halt::TooLong(layer) => (layer, true),
        };
        self.inner.truncate(layer.saturating_sub(1));
        self.layer_mut().refuses |= refuses;
        true
    }

    /// Follows the document up to its next string; the place behind the quote, or the end.
    fn markup(&mut self, text: &str, at: usize) -> usize {
        for (index, byte) in text.bytes().enumerate().skip(at) {
            if byte == b'"' {
                self.begin_string();
                return index + 1;
            }
            self.document.grammar.follow(char::from(byte));
        }
        text.len()
    }

    pub(super) fn run(
        &mut self,
        values: &mut Values<'_>,
        left: &mut Left,
        text: &str,
        last: bool,
        emit: &mut dyn FnMut(&str),
    ) -> usize {
        // Decided text from here on is not given out yet.
        let mut from = 0;
        let mut at = 0;
        while at < text.len() {
            let level = self.level();
            if level == 0 {
                at = self.markup(text, at);
                *left = Left::default();
                continue;
            }
            let window = Window::new(text, last, Mode::Json(level));
            let is_text = self.layer().in_string;
            if is_text {
                at = skip_to(text, at, left, |b| b == b'"' || b < b' ' && level > 1);
            }
            let glyph = match window.unit(at) {
                Ok(Peek::Glyph(glyph)) => glyph,
                Ok(Peek::Wall(len)) => {
                    self.end_string();
                    *left = Left::default();
                    at += len;
                    continue;
                }
                Ok(Peek::End | Peek::Far) => break,
                Err(halt) if self.halt(halt) => continue,
                Err(_) => break,
            };
            let may_begin = is_text || matches!(glyph.ch, '[' | '{');
            let here = if may_begin {
                step(&window, at, *left, values.view())
            } else {
                Ok(Step::Literal)
            };
            match here {
                Err(halt) if self.halt(halt) => {}
                Err(_) => break,
                Ok(Step::Literal) if !is_text => {
                    if self.structure(glyph, left) {
                        at += glyph.len;
                    }
                }
                Ok(Step::Literal) => {
                    left.pass(glyph.ch);
                    at += glyph.len;
                }
                // A bracket that begins a tag begins no list.
                Ok(_) if !is_text => {
                    self.inner.pop();
                }
                Ok(Step::Tag(found)) => {
                    if let Some(index) = values.of(found.reading) {
                        if self.layer().refuses {
                            values.refuse(index, Refusal::TooDeep);
                        } else {
                            emit(text.get(from..found.start).unwrap_or_default());
                            values.write(index, Place::Json(level), emit);
                            from = found.end;
                        }
                    }
                    at = found.end;
                    *left = Left::default();
                }
                // The string ends within it: it stays.
                Ok(Step::Open(end)) => {
                    values.report.truncated = true;
                    if end >= text.len() {
                        emit(text.get(from..at).unwrap_or_default());
                        return text.len();
                    }
                    at = end;
                }
            }
        }
        emit(text.get(from..at).unwrap_or_default());
        at
    }

    /// Takes a character of what may be JSON; `false` where it is none, so that it is read again as text.
    fn structure(&mut self, glyph: Glyph, left: &mut Left) -> bool {
        if !self.layer_mut().grammar.take(glyph.ch) {
            self.inner.pop();
            return false;
        }
        left.pass(glyph.ch);
        if glyph.ch == '"' {
            self.begin_string();
            *left = Left::default();
        }
        true
    }
}
