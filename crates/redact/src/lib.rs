//! The gate between personal data and a model: seal, restore, verify.
#![forbid(unsafe_code)]

mod error;
mod map;
mod restore;
mod scan;
mod seal;
mod stream;
mod tag;
mod text;

pub use error::{
    AnonymiseError, DetectorFailure, MapError, SealError, StructuredError, TableError, VerifyError,
    WrongMap,
};
pub use map::{Label, MapId, PseudonymMap};
pub use pii_detect::{Kind, Locale, Span};
pub use restore::{Format, Report, RestoreTable, restore, restore_as};
pub use seal::{Mark, seal, seal_checked, seal_marks};
pub use stream::Restorer;
pub use tag::{Tag, TagKind};
pub use text::{Anonymised, Joint, Redacted, Restored};
