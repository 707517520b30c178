//! The gate between personal data and a model: seal, restore, verify.
#![forbid(unsafe_code)]

mod anonymise;
mod error;
pub mod log;
mod map;
#[cfg(feature = "operators")]
pub mod operator;
mod person;
mod restore;
mod scan;
mod seal;
mod stream;
mod structured;
mod tag;
mod text;
mod verify;

pub use anonymise::{MAX_WORDS, Relaxation, anonymise};
pub use error::{
    AnonymiseError, DetectorFailure, MapError, SealError, StructuredError, TableError, VerifyError,
    WrongMap,
};
pub use map::{Label, MapId, PseudonymMap};
pub use person::restore_for;
pub use pii_detect::{Detector, Findings, Kind, Known, Locale, Span, detect_locale};
pub use restore::{Format, Report, RestoreTable, restore, restore_as};
pub use seal::{Mark, seal, seal_checked, seal_marks};
pub use stream::Restorer;
pub use structured::{MAX_DEPTH, RedactedValue, restore_value, seal_value};
pub use tag::{Tag, TagKind};
pub use text::{Anonymised, Joint, Redacted, Restored};
pub use verify::{Public, TagUse, tags_in, verify, verify_beside, verify_stored};
