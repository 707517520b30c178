//! The gate between personal data and a model: seal, restore, verify.
#![forbid(unsafe_code)]
