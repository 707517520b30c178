//! What must be true all the time, and be shown.

pub mod check;
pub mod consent;
pub mod deletion;
pub mod incident;
pub mod recipients;
