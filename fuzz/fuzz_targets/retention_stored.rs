#![no_main]

#[allow(dead_code, reason = "each target runs one of the bodies")]
#[path = "../bodies/retention_policy.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::stored(data));
