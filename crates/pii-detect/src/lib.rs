//! Finds personal data in support tickets: where it is, what kind, and why.
#![forbid(unsafe_code)]
