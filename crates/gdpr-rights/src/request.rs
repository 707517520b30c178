//! One request of one person, from the right to the certificate.

pub mod certificate;
pub mod clock;
pub mod holidays;
pub mod ledger;
pub mod order;
pub mod package;
pub mod profile;
pub mod right;
pub mod sign;
