//! One request of one person, from the right to the certificate.

pub mod authority;
pub mod case;
pub mod certificate;
pub mod clock;
pub mod fee;
pub mod holidays;
pub mod identity;
pub mod language;
pub mod ledger;
pub mod matrix;
pub mod order;
pub mod package;
pub mod profile;
pub mod refusal;
pub mod reply;
pub mod right;
pub mod sign;
mod words;
