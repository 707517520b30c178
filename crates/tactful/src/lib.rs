//! Privacy-first reply suggestions for customer support.
#![forbid(unsafe_code)]
