//! Restoring while a text arrives, in chunks cut anywhere.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use crate::error::WrongMap;
use crate::map::table::Table;
use crate::map::{MapId, PseudonymMap};
use crate::restore::{Format, Report, RestoreTable};
use crate::scan::{Left, NeedMore, Peek, Reading, Step, View, Window, skip, step};

/// Restores a text while it arrives.
///
/// Text goes through at once; held back is only what may still become a tag, never more than a tag can be long, so
/// time is linear whatever comes. However the text is cut, the output is that of the whole.
///
/// It reads what a model writes before anybody verified it: show its output, but store only what
/// [`crate::verify()`] let through.
///
/// ```
/// use redact::{Format, RestoreTable, Restorer};
/// let table = RestoreTable::from_pairs([("[PERSON_1]", "Zoe")])?;
/// let mut restorer = Restorer::of_table(&table, Format::Text);
/// assert_eq!(restorer.push("Hello [PER"), "Hello ");
/// assert_eq!(restorer.push("SON_1]!"), "Zoe!");
/// let (rest, report) = restorer.finish();
/// assert_eq!((rest.as_str(), report.truncated()), ("", false));
/// # Ok::<(), redact::TableError>(())
/// ```
pub struct Restorer<'t> {
    table: &'t Table,
    format: Format,
    /// What arrived and is not decided.
    held: String,
    left: Left,
    in_string: bool,
    report: Report,
    /// A bit an entry of the table: whether it was met.
    met: Vec<u64>,
    /// Whether what is not meant for the customer is given out too.
    unbound: bool,
    unknown: HashSet<String>,
}

impl<'t> Restorer<'t> {
    /// A restorer for text that a model writes about texts of this map.
    #[must_use]
    pub fn new(map: &'t PseudonymMap, format: Format) -> Self {
        Self::over(map.table(), format)
    }

    /// A restorer for the answer to a prompt, whose tags are of map `prompt`: what a model writes says nothing of which
    /// conversation it belongs to, so the caller does.
    ///
    /// ```
    /// use redact::{Format, MapId, PseudonymMap, Restorer};
    /// let (mine, other) = (PseudonymMap::new(MapId([1; 16])), PseudonymMap::new(MapId([2; 16])));
    /// assert!(Restorer::answering(MapId([1; 16]), &mine, Format::Text).is_ok());
    /// assert!(Restorer::answering(MapId([1; 16]), &other, Format::Text).is_err());
    /// ```
    ///
    /// # Errors
    /// [`WrongMap`] when `map` is another one.
    pub fn answering(
        prompt: MapId,
        map: &'t PseudonymMap,
        format: Format,
    ) -> Result<Self, WrongMap> {
        if prompt != map.id() {
            return Err(WrongMap {
                text: prompt,
                map: map.id(),
            });
        }
        Ok(Self::new(map, format))
    }

    /// A restorer with explicit values.
    #[must_use]
    pub fn of_table(table: &'t RestoreTable, format: Format) -> Self {
        Self::over(table.table(), format)
    }

    pub(crate) fn over(table: &'t Table, format: Format) -> Self {
        Self {
            table,
            format,
            held: String::new(),
            left: Left::default(),
            in_string: false,
            report: Report::default(),
            met: Vec::new(),
            unbound: false,
            unknown: HashSet::new(),
        }
    }

    /// Gives out every value: for comparing a sealed text with its source.
    pub(crate) const fn unbound(mut self) -> Self {
        self.unbound = true;
        self
    }

    /// Takes the next chunk and returns the text that is certain by now: personal data in clear.
    #[must_use]
    pub fn push(&mut self, chunk: &str) -> String {
        let mut out = String::with_capacity(self.held.len() + chunk.len());
        self.feed(chunk, &mut |piece| out.push_str(piece));
        out
    }

    /// Ends the text: returns what was held back, and the report. An unfinished tag is dropped.
    #[must_use]
    pub fn finish(mut self) -> (String, Report) {
        let mut out = String::new();
        let report = self.end(&mut |piece| out.push_str(piece));
        (out, report)
    }

    /// How many bytes are held back.
    #[must_use]
    pub const fn held_back(&self) -> usize {
        self.held.len()
    }

    pub(crate) fn feed(&mut self, chunk: &str, emit: &mut dyn FnMut(&str)) {
        if self.held.is_empty() {
            let taken = self.run(chunk, false, emit);
            self.held.push_str(chunk.get(taken..).unwrap_or_default());
            return;
        }
        let mut held = std::mem::take(&mut self.held);
        held.push_str(chunk);
        let taken = self.run(&held, false, emit);
        held.drain(..taken);
        self.held = held;
    }

    pub(crate) fn end(&mut self, emit: &mut dyn FnMut(&str)) -> Report {
        let held = std::mem::take(&mut self.held);
        self.run(&held, true, emit);
        std::mem::take(&mut self.report)
    }

    /// Works through `text` and returns how many bytes are decided.
    fn run(&mut self, text: &str, last: bool, emit: &mut dyn FnMut(&str)) -> usize {
        let json = self.format == Format::Json;
        let window = Window::new(text, last, json);
        let view = View::Table(self.table);
        // Decided text from here on is not given out yet.
        let mut from = 0;
        let mut at = 0;
        while at < text.len() {
            if json && !self.in_string {
                let rest = text.get(at..).unwrap_or_default();
                at = rest.find('"').map_or(text.len(), |quote| {
                    self.in_string = true;
                    self.left = Left::default();
                    at + quote + 1
                });
                continue;
            }
            at = skip(text, at, &mut self.left, json);
            let glyph = match window.unit(at) {
                Ok(Peek::Glyph(glyph)) => glyph,
                Ok(Peek::Wall) => {
                    self.in_string = false;
                    at += 1;
                    continue;
                }
                Ok(Peek::End) | Err(NeedMore) => break,
            };
            match step(&window, at, self.left, view) {
                Ok(Step::Tag(found)) => {
                    match found.reading {
                        Reading::Value(index) if !self.may_show(index) => self.withhold(index),
                        Reading::Value(index) => {
                            emit(text.get(from..found.start).unwrap_or_default());
                            self.value(index, emit);
                            from = found.end;
                        }
                        Reading::Unknown(name) => self.note_unknown(name),
                        Reading::LookAlike => {}
                    }
                    at = found.end;
                    self.left = Left::default();
                    continue;
                }
                Ok(Step::Open) => {
                    emit(text.get(from..at).unwrap_or_default());
                    self.report.truncated = true;
                    return text.len();
                }
                Ok(Step::Literal) => {}
                Err(NeedMore) => break,
            }
            self.left.pass(glyph.ch);
            at += glyph.len;
        }
        emit(text.get(from..at).unwrap_or_default());
        at
    }

    /// Gives out a value as the format wants it, piece by piece: no copy of it is made here.
    fn value(&mut self, index: usize, emit: &mut dyn FnMut(&str)) {
        if self.meets(index)
            && let Some(tag) = self.table.tag(index)
        {
            self.report.restored.push(tag.clone());
        }
        let value = self.table.value(index).unwrap_or_default();
        if self.format == Format::Text {
            return emit(value);
        }
        let mut from = 0;
        for (at, c) in value.char_indices() {
            let Some(escape) = escape(self.format, c) else {
                continue;
            };
            emit(value.get(from..at).unwrap_or_default());
            emit(&escape);
            from = at + c.len_utf8();
        }
        emit(value.get(from..).unwrap_or_default());
    }

    fn may_show(&self, index: usize) -> bool {
        self.unbound || self.table.restorable(index).is_some()
    }

    fn withhold(&mut self, index: usize) {
        if self.meets(index)
            && let Some(tag) = self.table.tag(index)
        {
            self.report.withheld.push(tag.clone());
        }
    }

    /// Notes an entry; whether it is met for the first time.
    fn meets(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 64, 1 << (index % 64));
        if self.met.len() <= word {
            self.met.resize(word + 1, 0);
        }
        self.met.get_mut(word).is_some_and(|met| {
            let new = *met & bit == 0;
            *met |= bit;
            new
        })
    }

    fn note_unknown(&mut self, name: String) {
        if self.unknown.insert(name.clone()) {
            self.report.unknown.push(name);
        }
    }
}

/// How a character of a value is written, where not as itself.
pub(crate) fn escape(format: Format, c: char) -> Option<Cow<'static, str>> {
    let escape = match (format, c) {
        (Format::Line, '\r' | '\n') => " ",
        (Format::Html, '&') => "&amp;",
        (Format::Html, '<') => "&lt;",
        (Format::Html, '>') => "&gt;",
        (Format::Html, '"') => "&quot;",
        (Format::Html, '\'') => "&#39;",
        (Format::Json, '"') => "\\\"",
        (Format::Json, '\\') => "\\\\",
        (Format::Json, '\n') => "\\n",
        (Format::Json, '\r') => "\\r",
        (Format::Json, '\t') => "\\t",
        (Format::Json, '\u{8}') => "\\b",
        (Format::Json, '\u{c}') => "\\f",
        (Format::Json, c) if u32::from(c) < 0x20 => {
            return Some(format!("\\u{:04x}", u32::from(c)).into());
        }
        _ => return None,
    };
    Some(escape.into())
}

impl fmt::Debug for Restorer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Restorer({:?}, {} bytes held)",
            self.format,
            self.held.len()
        )
    }
}
