//! What a record is, for the purpose of keeping and reading it.
#![forbid(unsafe_code)]
