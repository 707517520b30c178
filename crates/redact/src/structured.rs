//! Structured text sealed in place: JSON and tool calls, CSV, HTML, mail, chats. Markup, keys and delimiters stay.
//!
//! A document is read into segments (`segments`), all of which the detector sees as one text with the names of the fields
//! as cues; what it finds is replaced in the segments, and every other byte stays as it came (`engine`). Values in the map
//! are decoded: a person has the same tag in HTML, in JSON and in a plain text of the conversation.

use crate::error::{StructuredError, WrongMap};
use crate::gate::Gate;
use crate::map::{MapId, PseudonymMap};
use crate::seal::Eyes;
use crate::tag::TagKind;
use crate::text::{Redacted, Restored};

mod chat;
#[cfg(feature = "csv")]
mod csv;
mod dropped;
mod engine;
mod escape;
mod gate;
#[cfg(feature = "html")]
mod html;
mod json;
#[cfg(feature = "mail")]
mod mail;
mod segments;
mod value;
mod view;

pub use chat::{RedactedChat, Role, Turn, seal_chat};
#[cfg(feature = "csv")]
pub use csv::CsvFormat;
pub use dropped::Dropped;
use engine::{Sealed, Shown};
use escape::Escape;
pub use json::Numbers;
use pii_detect::{Detector, Kind, Known};
use segments::{Joint, Segment, Traced};
pub use value::{RedactedValue, restore_value, seal_value, seal_value_as};

/// Deepest nesting that is read: objects, arrays, elements, and strings that hold JSON.
pub const MAX_DEPTH: usize = 64;

/// What a structured document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentFormat {
    /// Plain text: what a mail or a chat becomes for a reader.
    Text,
    /// One JSON value; strings that hold JSON are documents of their own.
    Json,
    /// A JSON value on each line.
    JsonLines,
    /// HTML, a document or a part of one.
    #[cfg(feature = "html")]
    Html,
    /// Comma-separated values, or separated by something else.
    #[cfg(feature = "csv")]
    Csv(CsvFormat),
}

/// A document whose personal data is replaced by tags of one map, its structure as it was.
///
/// A model may be given its text ([`RedactedDocument::as_redacted`]). It is restored by [`restore_document`], which writes
/// each value as its place wants it: a plain [`crate::restore()`] of markup would let a value break out of it.
#[derive(Clone, PartialEq, Eq)]
pub struct RedactedDocument {
    text: Redacted,
    format: DocumentFormat,
    /// Segments that were JSON numbers.
    numbers: Vec<usize>,
    dropped: Dropped,
}

impl RedactedDocument {
    fn new(sealed: Sealed, format: DocumentFormat, map: MapId) -> Self {
        Self {
            text: Redacted::new(sealed.text, map),
            format,
            numbers: sealed.numbers,
            dropped: Dropped::default(),
        }
    }

    /// A document that a model wrote, after [`crate::verify()`] let it through.
    ///
    /// ```
    /// use redact::{Detector, DocumentFormat, Known, MapId, PseudonymMap, RedactedDocument, restore_document, seal_checked, verify};
    /// let mut map = PseudonymMap::new(MapId([8; 16]));
    /// let detector = Detector::new();
    /// seal_checked("write to zoe.quirk@example.org", &Known::new(), &detector, &mut map)?;
    /// let call = r#"{"name":"send","arguments":"{\"to\":\"[EMAIL_1]\"}"}"#;
    /// let call = RedactedDocument::of(verify(call, &map, &detector)?, DocumentFormat::Json);
    /// let restored = restore_document(&call, &map)?;
    /// assert_eq!(restored.expose(), r#"{"name":"send","arguments":"{\"to\":\"zoe.quirk@example.org\"}"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(text: Redacted, format: DocumentFormat) -> Self {
        Self {
            text,
            format,
            numbers: Vec::new(),
            dropped: Dropped::default(),
        }
    }

    /// The document with its tags.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The document as text for a model.
    #[must_use]
    pub const fn as_redacted(&self) -> &Redacted {
        &self.text
    }

    /// The document as text for a model.
    #[must_use]
    pub fn into_redacted(self) -> Redacted {
        self.text
    }

    /// What it is written in.
    #[must_use]
    pub const fn format(&self) -> DocumentFormat {
        self.format
    }

    /// What was left out of the source.
    #[must_use]
    pub const fn dropped(&self) -> &Dropped {
        &self.dropped
    }

    /// The map its tags belong to.
    #[must_use]
    pub const fn map_id(&self) -> MapId {
        self.text.map_id()
    }
}

impl std::fmt::Debug for RedactedDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "RedactedDocument({:?}, {} bytes)",
            self.format,
            self.text.len()
        )
    }
}

/// The segments of a document of this format.
fn parse(
    source: &str,
    format: DocumentFormat,
    numbers: Numbers,
) -> Result<Vec<Segment>, StructuredError> {
    match format {
        DocumentFormat::Text => Ok(vec![Segment::new(
            0..source.len(),
            Traced::plain(source, 0),
            Joint::None,
            Escape::Text,
        )]),
        DocumentFormat::Json => json::parse(source, numbers),
        DocumentFormat::JsonLines => json::parse_lines(source, numbers),
        #[cfg(feature = "html")]
        DocumentFormat::Html => html::parse(source, false),
        #[cfg(feature = "csv")]
        DocumentFormat::Csv(format) => csv::parse(source, format),
    }
}

fn seal(
    source: &str,
    format: DocumentFormat,
    numbers: Numbers,
    eyes: Eyes<'_>,
    map: &mut PseudonymMap,
) -> Result<RedactedDocument, StructuredError> {
    let read = |text: &str| parse(text, format, numbers);
    engine::undone_on_error(map, |map| {
        let sealed = engine::seal(source, &read, eyes, map)?;
        Ok(RedactedDocument::new(sealed, format, map.id()))
    })
}

/// Seals a JSON text: strings, names of objects, and JSON inside strings to any depth up to [`MAX_DEPTH`], as the
/// arguments of tool calls come.
///
/// Spaces, order and spelling of everything that is not replaced stay. Names are the cues by which values are found:
/// `{"name": "..."}`.
///
/// ```
/// use redact::{Detector, Known, MapId, Numbers, PseudonymMap, restore_document, seal_json};
/// let mut map = PseudonymMap::new(MapId([8; 16]));
/// let call = r#"{ "tool": "send", "arguments": "{\"to\":\"zoe.quirk@example.org\"}" }"#;
/// let sealed = seal_json(call, Numbers::Refuse, &Known::new(), &Detector::new(), &mut map)?;
/// assert_eq!(sealed.as_str(), r#"{ "tool": "send", "arguments": "{\"to\":\"[EMAIL_1]\"}" }"#);
/// assert_eq!(restore_document(&sealed, &map)?.expose(), call);
/// # Ok::<(), redact::StructuredError>(())
/// ```
///
/// # Errors
/// [`StructuredError`]; the map is then as it was. Values written with other escapes than the shortest restore to the same
/// JSON, not always to the same bytes.
pub fn seal_json(
    json: &str,
    numbers: Numbers,
    known: &Known,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<RedactedDocument, StructuredError> {
    Gate::new(detector)
        .known(known)
        .seal_json(json, numbers, map)
}

/// Seals HTML: text, and attributes with entities and percent-encoding decoded. A name that tags split is one name; heads of
/// tables and terms of lists are cues.
///
/// Comments, scripts, styles and their like, values of event handlers, `javascript:` and `data:` URLs are left out and
/// counted ([`RedactedDocument::dropped`]): a detector cannot read them, and a model need not. What is restored is the
/// document without them.
///
/// ```
/// use redact::{Detector, Known, MapId, PseudonymMap, restore_document, seal_html};
/// let mut map = PseudonymMap::new(MapId([8; 16]));
/// let page = "<p>Write to <b>zoe</b>.quirk@example.org<!-- vip --> &amp; wait</p>";
/// let sealed = seal_html(page, &Known::new(), &Detector::new(), &mut map)?;
/// assert_eq!(sealed.as_str(), "<p>Write to <b>[EMAIL_1]</b>[EMAIL_2] &amp; wait</p>");
/// assert_eq!(sealed.dropped().count("comment"), 1);
/// assert_eq!(restore_document(&sealed, &map)?.expose(), page.replace("<!-- vip -->", ""));
/// # Ok::<(), redact::StructuredError>(())
/// ```
///
/// # Errors
/// [`StructuredError::Markup`] where a name of the markup is personal data or reads as a tag,
/// [`StructuredError::Malformed`] where bytes belong to no token, such as a tag cut off at the end,
/// [`StructuredError::TooDeep`] beyond 512 open elements; else as [`seal_json`]. The map is then as it was.
#[cfg(feature = "html")]
pub fn seal_html(
    html: &str,
    known: &Known,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<RedactedDocument, StructuredError> {
    Gate::new(detector).known(known).seal_html(html, map)
}

/// Seals CSV cell by cell; the names in the first row are the cues, where the format has them.
///
/// Cells that nothing is replaced in keep their quotes or the lack of them. Rows of different lengths stay as they are; cells
/// beyond the header have no cue. A cell that a spreadsheet would take for a formula (`=`, `+`, `-`, `@` at its beginning) is
/// not altered: what is restored is the source. Who shows cells in a spreadsheet escapes them there.
///
/// ```
/// use redact::{CsvFormat, Detector, Known, MapId, PseudonymMap, restore_document, seal_csv};
/// let mut map = PseudonymMap::new(MapId([8; 16]));
/// let format = CsvFormat::new(b',', true).unwrap();
/// let table = "id,E-mail,note\n1,zoe.quirk@example.org,\"says \"\"wait\"\"\"\n";
/// let sealed = seal_csv(table, format, &Known::new(), &Detector::new(), &mut map)?;
/// assert_eq!(sealed.as_str(), "id,E-mail,note\n1,[EMAIL_1],\"says \"\"wait\"\"\"\n");
/// assert_eq!(restore_document(&sealed, &map)?.expose(), table);
/// # Ok::<(), redact::StructuredError>(())
/// ```
///
/// # Errors
/// [`StructuredError::Malformed`] for a quote that is not closed, or something behind a closed one; else as [`seal_json`].
/// The map is then as it was.
#[cfg(feature = "csv")]
pub fn seal_csv(
    csv: &str,
    format: CsvFormat,
    known: &Known,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<RedactedDocument, StructuredError> {
    Gate::new(detector).known(known).seal_csv(csv, format, map)
}

/// Seals a text whose segments are known.
fn seal_view(
    text: &str,
    segments: &[Segment],
    eyes: Eyes<'_>,
    map: &mut PseudonymMap,
) -> Result<Sealed, StructuredError> {
    let mut sure = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        for range in view::names_before_addresses(segment.data.text()) {
            sure.push((index, range, TagKind::from(Kind::Person)));
        }
    }
    engine::undone_on_error(map, |map| {
        engine::seal_text(text, segments, sure, eyes, map)
    })
}

/// Seals a mail: the bytes of a message become a text that a model can read.
///
/// First the headers From, Reply-To, To, Cc, Subject and Date, encoded words decoded, every display name and address
/// sealed; then the body, `text/plain` where there is one, else HTML as text. Quote marks, lines like "On ... wrote:" and
/// the signature stay; text behind quote marks is read without them. Messages inside the message follow behind a
/// line, up to four in one another. Transfer encodings and character sets are decoded.
///
/// Left out and counted by type and bytes ([`RedactedDocument::dropped`]): attachments, images, other versions of the body,
/// messages further inside; "header" counts other headers, "damaged part" parts whose encoding was broken (what could be
/// read of them is there), "cut message" multiparts without their end. What is restored is the readable text, not the bytes
/// of the message.
///
/// ```
/// use redact::{Detector, Known, MapId, PseudonymMap, restore_document, seal_mail};
/// let mut map = PseudonymMap::new(MapId([8; 16]));
/// let message = b"From: =?UTF-8?Q?Zo=C3=AB_Quirk?= <zoe@quirk.example>\r\nSubject: Where is it\r\n\r\n\
///     Hello,\r\n> > I am zoe@quirk.example\r\n";
/// let sealed = seal_mail(message, &Known::new(), &Detector::new(), &mut map)?;
/// assert_eq!(
///     sealed.as_str(),
///     "From: [PERSON_1] <[EMAIL_1]>\nSubject: Where is it\n\nHello,\n> > I am [EMAIL_1]\n"
/// );
/// let restored = restore_document(&sealed, &map)?;
/// assert!(restored.expose().starts_with("From: Zo\u{eb} Quirk <zoe@quirk.example>\n"));
/// # Ok::<(), redact::StructuredError>(())
/// ```
///
/// # Errors
/// [`StructuredError::Malformed`] for what is no message and for an HTML body that cannot be read,
/// [`StructuredError::TooMany`] for one that announces more than 100 messages inside it; else as [`seal_json`]. The map is
/// then as it was.
#[cfg(feature = "mail")]
pub fn seal_mail(
    message: &[u8],
    known: &Known,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<RedactedDocument, StructuredError> {
    Gate::new(detector).known(known).seal_mail(message, map)
}

/// Restores a document: personal data in clear, each value with the escapes of its place. What is not meant for the customer
/// stays a tag and is reported ([`crate::Report::withheld`]).
///
/// # Errors
/// [`StructuredError::WrongMap`] when it belongs to another map, [`StructuredError::Malformed`] and
/// [`StructuredError::TooDeep`] for one that a model wrote and that is not of its format.
pub fn restore_document(
    document: &RedactedDocument,
    map: &PseudonymMap,
) -> Result<Restored, StructuredError> {
    if document.map_id() != map.id() {
        return Err(StructuredError::WrongMap(WrongMap {
            text: document.map_id(),
            map: map.id(),
        }));
    }
    let read = |text: &str| parse(text, document.format, Numbers::Refuse);
    let (text, report) = engine::restore(
        document.as_str(),
        &read,
        &document.numbers,
        (map.table(), Shown::Restorable),
    )?;
    Ok(Restored::new(text, report))
}
