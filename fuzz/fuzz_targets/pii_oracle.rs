#![no_main]

#[allow(dead_code, reason = "each target runs one of the bodies")]
#[path = "../bodies/pii_detect.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::oracle(data));
