//! What must be true all the time, and be shown.

pub mod check;
pub mod consent;
pub mod contract_end;
pub mod deletion;
pub mod give_back;
pub mod incident;
pub mod recipients;
