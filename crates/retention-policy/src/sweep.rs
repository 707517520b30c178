//! Destroying what is due: first a plan that can be looked at, then steps that can be done again.

pub(crate) mod breaker;
pub(crate) mod plan;
pub(crate) mod stage;
