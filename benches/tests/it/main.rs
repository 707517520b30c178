//! The contract of `eval`, checked on the binary itself.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

mod anonymise;
mod classify;
mod contract;
mod crash;
mod deadline;
mod erase;
mod errors;
mod explain;
mod gate;
mod store;
mod sweep;

/// The figures of a run and its exit.
fn figures(args: &[&str]) -> (Option<i32>, serde_json::Value) {
    let output = eval(args, b"");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.stdout.is_empty());
    let last = stderr.lines().last().unwrap_or_default();
    let figures = serde_json::from_str(last).unwrap_or_else(|_| panic!("{stderr}"));
    (output.status.code(), figures)
}

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
