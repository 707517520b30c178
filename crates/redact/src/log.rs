//! Personal data and logs: a wrapper that prints its length alone, and a layer that no value gets past.
//!
//! [`Sensitive`] is for the code that knows what it holds. [`Scrubber`] is for what it does not know: it reads every value
//! and message before they are written and puts `<KIND>` in the place of what it finds. The feature `tracing` makes a
//! layer of it, `RedactingLayer`.

mod scrub;
mod sensitive;
mod watch;

#[cfg(feature = "tracing")]
mod layer;
#[cfg(feature = "tracing")]
mod values;

#[cfg(feature = "tracing")]
pub use layer::RedactingLayer;
pub use scrub::{MAX_VALUE, Scrubber, UNCHECKED};
pub use sensitive::{Length, Sensitive};
pub use watch::{TooMany, Watch};
