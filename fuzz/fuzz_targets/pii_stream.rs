#![no_main]

#[allow(dead_code)]
#[path = "../bodies/pii_detect.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::stream(data));
