//! One request of one person, from the right to the certificate.

pub mod authority;
pub mod case;
pub mod certificate;
pub mod clock;
pub mod fee;
pub mod holidays;
pub mod identity;
pub mod language;
pub mod matrix;
pub mod order;
pub mod profile;
pub mod refusal;
pub mod reply;
pub mod right;
mod words;
