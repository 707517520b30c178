//! Restoring while a text arrives, in chunks cut anywhere.

use std::collections::HashSet;
use std::fmt;

use crate::error::{NotUtf8, WrongMap};
use crate::map::table::Table;
use crate::map::{MapId, PseudonymMap};
use crate::restore::{Format, Refusal, Report, RestoreTable};
use crate::scan::{Left, Mode, Peek, Reading, Step, View, Window, skip, step};

#[cfg(feature = "csv")]
mod csv;
mod grammar;
mod json;
#[cfg(test)]
mod tests;
mod utf8;
mod write;

pub use json::MAX_LAYERS;
use write::Place;
pub(crate) use write::escape;

/// Restores a text while it arrives.
///
/// Text goes through at once; held back is only what may still become a tag, never more than a tag can be long, and in
/// CSV a cell without quotes, up to 32 KiB, where some value would need quotes. So time is linear whatever comes, and however the text is cut, the
/// output is that of the whole.
///
/// In [`Format::Json`] strings that hold JSON are restored as such while they arrive, up to [`MAX_LAYERS`] within one
/// another: tool calls stay valid. What begins like JSON counts as JSON until it no longer can be, and as text from there on.
/// What this can do to a value before that place is that it has more backslashes than it needs; the document stays valid.
/// Lists and objects may be nested to any depth.
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
///
/// The arguments of a tool call, as they come:
///
/// ```
/// # use redact::{Format, RestoreTable, Restorer};
/// let table = RestoreTable::from_pairs([("[PERSON_1]", "Zoe \"Z\" Quirk")])?;
/// let mut restorer = Restorer::of_table(&table, Format::Json);
/// let mut call = restorer.push(r#"{"arguments":"{\"to\":\"[PERS"#);
/// call += &restorer.push(r#"ON_1]\"}"}"#);
/// assert_eq!(call, r#"{"arguments":"{\"to\":\"Zoe \\\"Z\\\" Quirk\"}"}"#);
/// # Ok::<(), redact::TableError>(())
/// ```
pub struct Restorer<'t> {
    format: Format,
    /// What arrived and is not decided.
    held: String,
    /// The beginning of a character.
    bytes: utf8::Partial,
    /// What stands before it.
    left: Left,
    way: Way,
    values: Values<'t>,
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
        let way = match format {
            Format::Text => Way::Plain(Place::Text),
            Format::Line => Way::Plain(Place::Line),
            Format::Html => Way::Plain(Place::Html),
            Format::Json => Way::Json(json::Json::default()),
            #[cfg(feature = "csv")]
            Format::Csv(format) => Way::Csv(csv::Csv::new(format, table)),
        };
        Self {
            format,
            held: String::new(),
            bytes: utf8::Partial::default(),
            left: Left::default(),
            way,
            values: Values {
                table,
                report: Report::default(),
                met: Bits::default(),
                refused: Bits::default(),
                unbound: false,
                unknown: HashSet::new(),
            },
        }
    }

    /// Gives out every value and notes none of them: for comparing a sealed text with its source.
    pub(crate) const fn unbound(mut self) -> Self {
        self.values.unbound = true;
        self
    }

    /// Takes the next chunk and returns the text that is certain by now: personal data in clear.
    ///
    /// Text ends a character of which [`Self::push_bytes`] has seen the beginning alone: it is dropped, and the report says
    /// that something was cut off.
    #[must_use]
    pub fn push(&mut self, chunk: &str) -> String {
        self.values.report.truncated |= self.bytes.pass(chunk.len());
        let mut out = String::with_capacity(self.held.len() + chunk.len());
        self.feed(chunk, &mut |piece| out.push_str(piece));
        out
    }

    /// As [`Self::push`], for bytes cut anywhere, within a character too, as they come from a socket. At most three bytes
    /// wait for the rest of their character.
    ///
    /// Bytes of a format around the text, such as `data:` of server-sent events, are the caller's to take off, and what was
    /// cut into events comes in one event after the other.
    ///
    /// ```
    /// use redact::{Format, RestoreTable, Restorer};
    /// let table = RestoreTable::from_pairs([("[PERSON_1]", "Zo\u{eb}")])?;
    /// let mut restorer = Restorer::of_table(&table, Format::Text);
    /// let text = "\u{e9}t\u{e9} [PERSON_1]";
    /// let mut out = String::new();
    /// for byte in text.as_bytes() {
    ///     out += &restorer.push_bytes(&[*byte])?;
    /// }
    /// assert_eq!(out, "\u{e9}t\u{e9} Zo\u{eb}");
    /// assert_eq!(restorer.push_bytes(b"ok \xff").unwrap_err().at, text.len() + 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`NotUtf8`] with the place of the first byte that is no text. Nothing of the chunk is taken then: the restorer is
    /// as before.
    pub fn push_bytes(&mut self, chunk: &[u8]) -> Result<String, NotUtf8> {
        let utf8::Split { first, text, next } = self.bytes.split(chunk)?;
        self.bytes = next;
        let mut out = String::with_capacity(self.held.len() + 4 + text.len());
        if let Some(first) = first {
            let mut buffer = [0; 4];
            self.feed(first.encode_utf8(&mut buffer), &mut |p| out.push_str(p));
        }
        self.feed(text, &mut |piece| out.push_str(piece));
        Ok(out)
    }

    /// Ends the text: returns what was held back, and the report. An unfinished tag or character is dropped.
    #[must_use]
    pub fn finish(mut self) -> (String, Report) {
        self.values.report.truncated |= self.bytes.pass(0);
        let mut out = String::new();
        let report = self.end(&mut |piece| out.push_str(piece));
        (out, report)
    }

    /// How many bytes are held back.
    #[must_use]
    pub const fn held_back(&self) -> usize {
        self.held.len() + self.bytes.len()
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
        std::mem::take(&mut self.values.report)
    }

    /// Works through `text` and returns how many bytes are decided.
    fn run(&mut self, text: &str, last: bool, emit: &mut dyn FnMut(&str)) -> usize {
        let (values, left) = (&mut self.values, &mut self.left);
        match &mut self.way {
            Way::Plain(place) => plain(*place, values, left, text, last, emit),
            Way::Json(json) => json.run(values, left, text, last, emit),
            #[cfg(feature = "csv")]
            Way::Csv(csv) => csv.run(values, left, text, last, emit),
        }
    }
}

/// Text without places of its own.
fn plain(
    place: Place,
    values: &mut Values<'_>,
    left: &mut Left,
    text: &str,
    last: bool,
    emit: &mut dyn FnMut(&str),
) -> usize {
    let window = Window::new(text, last, Mode::Text);
    // Decided text from here on is not given out yet.
    let mut from = 0;
    let mut at = 0;
    while at < text.len() {
        at = skip(text, at, left);
        let Ok(Peek::Glyph(glyph)) = window.unit(at) else {
            break;
        };
        match step(&window, at, *left, values.view()) {
            Ok(Step::Tag(found)) => {
                if let Some(index) = values.of(found.reading) {
                    emit(text.get(from..found.start).unwrap_or_default());
                    values.write(index, place, emit);
                    from = found.end;
                }
                at = found.end;
                *left = Left::default();
            }
            Ok(Step::Open(_)) => {
                emit(text.get(from..at).unwrap_or_default());
                values.report.truncated = true;
                return text.len();
            }
            Ok(Step::Literal) => {
                left.pass(glyph.ch);
                at += glyph.len;
            }
            Err(_) => break,
        }
    }
    emit(text.get(from..at).unwrap_or_default());
    at
}

/// How a text is read, and where one stands in it.
enum Way {
    Plain(Place),
    Json(json::Json),
    #[cfg(feature = "csv")]
    Csv(csv::Csv),
}

/// Values, and what was done with them.
struct Values<'t> {
    table: &'t Table,
    report: Report,
    /// Entries that were met.
    met: Bits,
    /// Entries that were refused.
    refused: Bits,
    /// Whether what is not meant for the customer is given out too, and no note is taken of what is.
    unbound: bool,
    unknown: HashSet<String>,
}

impl<'t> Values<'t> {
    const fn view(&self) -> View<'t> {
        View::Table(self.table)
    }

    /// The entry whose value may be written for what was read; of anything else a note is taken.
    fn of(&mut self, reading: Reading) -> Option<usize> {
        match reading {
            Reading::Value(index) if self.unbound || self.table.restorable(index).is_some() => {
                return Some(index);
            }
            Reading::Value(index) => {
                if self.met.set(index)
                    && let Some(tag) = self.table.tag(index)
                {
                    self.report.withheld.push(tag.clone());
                }
            }
            Reading::Unknown(name) => {
                if self.unknown.insert(name.clone()) {
                    self.report.unknown.push(name);
                }
            }
            Reading::LookAlike => {}
        }
        None
    }

    fn value(&self, index: usize) -> &'t str {
        self.table.value(index).unwrap_or_default()
    }

    fn note(&mut self, index: usize) {
        if !self.unbound
            && self.met.set(index)
            && let Some(tag) = self.table.tag(index)
        {
            self.report.restored.push(tag.clone());
        }
    }

    /// Gives out a value as its place wants it.
    fn write(&mut self, index: usize, place: Place, emit: &mut dyn FnMut(&str)) {
        self.note(index);
        place.write(self.value(index), emit);
    }

    fn refuse(&mut self, index: usize, why: Refusal) {
        if self.refused.set(index)
            && let Some(tag) = self.table.tag(index)
        {
            self.report.refused.push((tag.clone(), why));
        }
    }
}

/// A bit an entry of the table.
#[derive(Default)]
struct Bits(Vec<u64>);

impl Bits {
    /// Sets a bit; whether it was not set before.
    fn set(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 64, 1 << (index % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0.get_mut(word).is_some_and(|bits| {
            let new = *bits & bit == 0;
            *bits |= bit;
            new
        })
    }
}

impl fmt::Debug for Restorer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Restorer({:?}, {} bytes held)",
            self.format,
            self.held_back()
        )
    }
}
