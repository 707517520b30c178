//! The gate between personal data and a model: seal, restore, verify.
//!
//! A text is *sealed*: what is personal data in it becomes tags such as `[PERSON_1]`, whose values stay in the
//! [`PseudonymMap`] of the conversation. Only then is it [`Redacted`], the one type that a model may be given. What the model
//! writes is *verified*, and *restored* for the person who decides about it.
//!
//! | you want | use |
//! |-|-|
//! | to seal a text, with a limit, counted, by whom it was said | [`Gate`]; [`seal_checked`] where none of that is needed |
//! | the same for JSON and tool calls, CSV, HTML, mail, chats | [`Gate::seal_document`], [`Gate::seal_json`] and its neighbours |
//! | values back in place of tags, whatever a model did to them | [`restore()`], [`restore_document`]; [`Restorer`] while it arrives |
//! | to know that a model invented and leaked nothing | [`verify()`] |
//! | to look for values of a conversation in what leaves by other ways | [`leaks_in`] |
//! | to learn from tickets without their people | [`Templates`]; for single texts [`anonymise()`] and its neighbours |
//! | masks, codes, coarser forms, stand-ins instead of tags | `operator`, with the feature `operators` |
//! | logs without personal data | [`log`] |
//!
//! ```
//! use redact::{Detector, Gate, Known, MapId, PseudonymMap, restore, verify};
//! let detector = Detector::new();
//! let mut known = Known::new();
//! known.add_name("Noor Castellane");
//! let gate = Gate::new(&detector).known(&known);
//!
//! // One map a conversation; its id is random bytes of yours, the map itself is for your encrypted store.
//! let mut map = PseudonymMap::new(MapId([7; 16]));
//! let prompt = gate.seal("Order FL-204417 is late. Call +33 6 12 34 56 78 - noor castellane", &mut map)?;
//! assert_eq!(prompt.as_str(), "Order [ORDER_1] is late. Call [PHONE_1] - [PERSON_1]");
//!
//! // What a model answers: translated, in bold, in capitals - a tag is a tag.
//! let answer = "Dear **[Name 1]**, [ORDER_1] left today. We call you at [PHONE_1].";
//! let answer = verify(answer, &map, &detector)?;
//! let shown = restore(&answer, &map)?;
//! assert_eq!(
//!     shown.expose(),
//!     "Dear **noor castellane**, FL-204417 left today. We call you at +33 6 12 34 56 78."
//! );
//!
//! // A tag that nobody gave out goes nowhere.
//! assert!(verify("Dear [PERSON_2],", &map, &detector).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What this crate does not do
//! It sends nothing, stores nothing, reads no clock and holds no state. It hides values, not a way of writing, and it hides
//! what the detector finds: `docs/threat-model.md` says what is left, with figures.
#![forbid(unsafe_code)]

// What tests outside say by this name, tests beside the code share.
#[cfg(test)]
extern crate self as redact;

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

#[cfg(feature = "operators")]
pub use anonymise::anonymise_coarse;
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
pub use seal::{Mark, leaks_in, reseal, seal, seal_checked, seal_marks};
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

/// How many cases a property tries: `.ci/full properties` tries a hundred times as many.
#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "how much is tried is the runner's to say"
)]
fn times(cases: u32) -> u32 {
    std::env::var("TACTFUL_TIMES").map_or(cases, |times| cases * times.parse::<u32>().unwrap())
}
