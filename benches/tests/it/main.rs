//! The contract of `eval`, checked on the binary itself.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

mod contract;
mod store;

/// Runs `eval` with `args` on `input`.
fn eval(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_eval"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that is not built ends without reading: a broken pipe is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}
