//! The measuring program; see docs/benchmarks.md.
fn main() {}
