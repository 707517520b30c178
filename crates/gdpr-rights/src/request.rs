//! One request of one person, from the right to the certificate.

pub mod certificate;
pub mod holidays;
pub mod order;
pub mod right;
