//! Builds the lexicons of pii-detect from packages.
fn main() {}
