//! The gate between personal data and a model: seal, restore, verify.
#![forbid(unsafe_code)]

mod anonymise;
mod error;
mod gate;
pub mod log;
mod map;
#[cfg(feature = "operators")]
pub mod operator;
mod person;
mod provenance;
mod restore;
mod scan;
mod seal;
mod stream;
mod structured;
mod tag;
mod text;
mod verify;

pub use anonymise::{
    Backing, Limits, MAX_WORDS, Relaxation, Templates, WordSketch, anonymise, anonymise_rare,
};
pub use error::{
    AnonymiseError, DetectorFailure, MapError, NotUtf8, SealError, SketchError, StructuredError,
    TableError, VerifyError, WrongMap,
};
pub use gate::{Gate, Tally};
pub use map::{Label, MapId, PseudonymMap};
pub use person::restore_for;
pub use pii_detect::{Detector, Findings, Kind, Known, Locale, Span, detect_locale};
pub use provenance::Provenance;
pub use restore::{Format, Refusal, Report, RestoreTable, restore, restore_as};
pub use seal::{Mark, leaks_in, seal, seal_checked, seal_marks};
pub use stream::{MAX_LAYERS, Restorer};
#[cfg(feature = "html")]
pub use structured::seal_html;
#[cfg(feature = "mail")]
pub use structured::seal_mail;
#[cfg(feature = "csv")]
pub use structured::{CsvFormat, seal_csv};
pub use structured::{
    DocumentFormat, Dropped, MAX_DEPTH, Numbers, RedactedChat, RedactedDocument, RedactedValue,
    Role, Turn, restore_document, restore_value, seal_chat, seal_json, seal_value, seal_value_as,
};
pub use tag::{Tag, TagKind};
pub use text::{Anonymised, Joint, Redacted, Restored};
pub use verify::{Public, TagUse, tags_in, verify, verify_beside, verify_stored};
