//! Finds personal data in support tickets: where it is, what kind, and why.
//!
//! ```
//! use pii_detect::{Detector, Kind, Known};
//!
//! let detector = Detector::new();
//! let mut known = Known::new();
//! known.add_name("Zo\u{eb} Quirk");
//! let findings = detector.detect("Zoe here, write to zq@example.org", &known)?;
//! for finding in &findings {
//!     println!("{} {:?} {}", finding.label(), finding.span(), finding.why());
//! }
//! assert_eq!(findings.len(), 2);
//! # Ok::<(), pii_detect::Error>(())
//! ```
#![forbid(unsafe_code)]

mod bits;
pub mod canonical;
mod checksum;
mod cues;
mod custom;
mod detector;
mod error;
mod finding;
mod kind;
mod known;
mod lexicon;
pub mod locale;
mod neural;
mod offsets;
mod phone;
mod resolve;
mod rules;
mod scan;
mod span;
mod stream;
mod tagger;
mod taken;
mod token;
#[cfg(feature = "training")]
#[doc(hidden)]
pub mod training;
mod trigger;
mod words;

pub use checksum::Scheme;
pub use custom::{
    Allow, CustomRecogniser, Meaning, Pattern, PatternSet, Recognise, RecogniseFault, Sink, View,
};
pub use detector::{DEFAULT_MAX_BYTES, Detector, DetectorBuilder, NameEngine};
pub use error::{Error, RecogniserFault};
pub use finding::{CustomLabel, Finding, Findings, Why};
pub use kind::Kind;
pub use known::Known;
pub use locale::{Locale, Part, detect_locale};
#[cfg(feature = "neural")]
pub use neural::{ModelConfig, NeuralModel};
pub use neural::{NeuralError, NeuralSpan, TokenClassifier};
pub use offsets::{Offsets, Unit};
pub use span::Span;
pub use stream::{Cut, Step, Stream};
