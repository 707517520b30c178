//! An encrypted record store in which erasure is the destruction of keys.
#![forbid(unsafe_code)]
