//! One request of one person, from the right to the certificate.

pub mod authority;
pub mod certificate;
pub mod identity;
pub mod matrix;
pub mod order;
pub mod right;
