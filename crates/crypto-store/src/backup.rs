//! Copies that can be kept elsewhere.

#[allow(dead_code, reason = "not everything that can be sealed is sealed yet")]
pub(crate) mod sealed;
