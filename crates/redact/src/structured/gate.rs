//! Structured text through a [`Gate`]: with its limit, its provenance, and counted.

use serde_json::Value;

#[cfg(feature = "html")]
use super::Dropped;
use super::{DocumentFormat, Numbers, RedactedChat, RedactedDocument, RedactedValue, chat, value};
use crate::error::StructuredError;
use crate::gate::Gate;
use crate::map::PseudonymMap;

/// Documents. Each is counted once, whatever it holds, and the limit is asked between the steps of sealing.
impl Gate<'_> {
    /// Seals a JSON text; see [`crate::seal_json`].
    ///
    /// ```
    /// use redact::{Detector, Gate, MapId, Numbers, Provenance, PseudonymMap, Tally, restore_document};
    /// let (detector, tally) = (Detector::new(), Tally::default());
    /// let gate = Gate::new(&detector).provenance(Provenance::System).tally(&tally);
    /// let mut map = PseudonymMap::new(MapId([8; 16]));
    /// let call = gate.seal_json(r#"{"to":"zoe.quirk@example.org"}"#, Numbers::Refuse, &mut map)?;
    /// // The system's own words are sealed, and never restored.
    /// assert_eq!(restore_document(&call, &map)?.expose(), r#"{"to":"[EMAIL_1]"}"#);
    /// assert!(gate.seal_json("{", Numbers::Refuse, &mut map).is_err());
    /// assert_eq!((tally.sealed(), tally.refused("malformed")), (1, 1));
    /// # Ok::<(), redact::StructuredError>(())
    /// ```
    ///
    /// # Errors
    /// As [`crate::seal_json`], and [`crate::SealError::TimedOut`] within [`StructuredError::Seal`].
    pub fn seal_json(
        &self,
        json: &str,
        numbers: Numbers,
        map: &mut PseudonymMap,
    ) -> Result<RedactedDocument, StructuredError> {
        self.watched(map, StructuredError::code, |eyes, map| {
            super::seal(json, DocumentFormat::Json, numbers, eyes, map)
        })
    }

    /// Seals a document of a format known only when the program runs. A JSON number that is personal data is refused.
    ///
    /// ```
    /// use redact::{Detector, DocumentFormat, Gate, MapId, PseudonymMap};
    /// let detector = Detector::new();
    /// let mut map = PseudonymMap::new(MapId([8; 16]));
    /// let lines = "{\"to\":\"zoe.quirk@example.org\"}\n{\"cc\":\"zoe.quirk@example.org\"}\n";
    /// let sealed = Gate::new(&detector).seal_document(lines, DocumentFormat::JsonLines, &mut map)?;
    /// assert_eq!(sealed.as_str(), "{\"to\":\"[EMAIL_1]\"}\n{\"cc\":\"[EMAIL_1]\"}\n");
    /// # Ok::<(), redact::StructuredError>(())
    /// ```
    ///
    /// # Errors
    /// Those of the format's own function.
    pub fn seal_document(
        &self,
        source: &str,
        format: DocumentFormat,
        map: &mut PseudonymMap,
    ) -> Result<RedactedDocument, StructuredError> {
        match format {
            #[cfg(feature = "html")]
            DocumentFormat::Html => self.seal_html(source, map),
            _ => self.watched(map, StructuredError::code, |eyes, map| {
                super::seal(source, format, Numbers::Refuse, eyes, map)
            }),
        }
    }

    /// Seals a JSON value; see [`crate::seal_value_as`].
    ///
    /// # Errors
    /// As [`crate::seal_value_as`], and [`crate::SealError::TimedOut`] within [`StructuredError::Seal`].
    pub fn seal_value(
        &self,
        value: &Value,
        numbers: Numbers,
        map: &mut PseudonymMap,
    ) -> Result<RedactedValue, StructuredError> {
        self.watched(map, StructuredError::code, |eyes, map| {
            value::seal(value, numbers, eyes, map)
        })
    }

    /// Seals a chat transcript; see [`crate::seal_chat`].
    ///
    /// # Errors
    /// As [`crate::seal_chat`], and [`crate::SealError::TimedOut`] within [`StructuredError::Seal`].
    pub fn seal_chat(
        &self,
        transcript: &str,
        map: &mut PseudonymMap,
    ) -> Result<RedactedChat, StructuredError> {
        self.watched(map, StructuredError::code, |eyes, map| {
            chat::seal(transcript, eyes, map)
        })
    }

    /// Seals HTML; see [`crate::seal_html`].
    ///
    /// # Errors
    /// As [`crate::seal_html`], and [`crate::SealError::TimedOut`] within [`StructuredError::Seal`].
    #[cfg(feature = "html")]
    pub fn seal_html(
        &self,
        html: &str,
        map: &mut PseudonymMap,
    ) -> Result<RedactedDocument, StructuredError> {
        self.watched(map, StructuredError::code, |eyes, map| {
            let mut dropped = Dropped::default();
            let source = super::html::clean(html, &mut dropped)?;
            super::html::parse(&source, true)?;
            let mut sealed =
                super::seal(&source, DocumentFormat::Html, Numbers::Refuse, eyes, map)?;
            sealed.dropped = dropped;
            Ok(sealed)
        })
    }

    /// Seals CSV; see [`crate::seal_csv`].
    ///
    /// # Errors
    /// As [`crate::seal_csv`], and [`crate::SealError::TimedOut`] within [`StructuredError::Seal`].
    #[cfg(feature = "csv")]
    pub fn seal_csv(
        &self,
        csv: &str,
        format: super::CsvFormat,
        map: &mut PseudonymMap,
    ) -> Result<RedactedDocument, StructuredError> {
        self.watched(map, StructuredError::code, |eyes, map| {
            super::seal(csv, DocumentFormat::Csv(format), Numbers::Refuse, eyes, map)
        })
    }

    /// Seals a mail; see [`crate::seal_mail`].
    ///
    /// # Errors
    /// As [`crate::seal_mail`], and [`crate::SealError::TimedOut`] within [`StructuredError::Seal`].
    #[cfg(feature = "mail")]
    pub fn seal_mail(
        &self,
        message: &[u8],
        map: &mut PseudonymMap,
    ) -> Result<RedactedDocument, StructuredError> {
        self.watched(map, StructuredError::code, |eyes, map| {
            let mut dropped = Dropped::default();
            let view = super::mail::read(message, &mut dropped)?;
            let sealed = super::seal_view(&view.text, &view.segments, eyes, map)?;
            let mut document = RedactedDocument::new(sealed, DocumentFormat::Text, map.id());
            document.dropped = dropped;
            Ok(document)
        })
    }
}
