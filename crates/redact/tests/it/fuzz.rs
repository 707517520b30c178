//! The bodies of `fuzz/` on stable: texts, tags and documents that nobody wrote, from seeds.
//!
//! A fixed number of rounds by default, `TACTFUL_FUZZ_SECONDS` a target for more.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a driver: how long is the caller's to say, and how long it took is told"
)]

use std::time::{Duration, Instant};

use crate::random::Random;

#[path = "../../../../fuzz/bodies/redact.rs"]
mod bodies;

/// Pieces that tags, formats and parsers bite on.
const PIECES: [&str; 64] = [
    "\0",
    "\0",
    "\n",
    "\r\n",
    "\n> ",
    " ",
    "[PERSON_1]",
    "[PERSON_12]",
    "[ORDER_3]",
    "[EMAIL_1]",
    "[LINE_2]",
    "LINE_2_3",
    "PERSON_1",
    "EMAIL-1",
    "person 1",
    "[person ",
    "_1]",
    "[PERSON_7]",
    "[FOO_1]",
    "PERSON",
    "_",
    "1",
    "[",
    "]",
    "[[",
    "]]",
    "<",
    ">",
    "{",
    "}",
    "(",
    ")",
    "\u{ff3b}",
    "\u{3011}",
    "**",
    "`",
    "\\",
    "\\\\",
    "\\\"",
    "\"",
    "\\u005b",
    "\\u005d",
    "\\ud83d",
    "\\ude00",
    "&#91;",
    "&rsqb;",
    "&",
    "\u{200b}",
    "\u{301}",
    "{\"a\":",
    "\"{\\\"a\\\":\\\"",
    "\\\"}\"",
    ",",
    ";",
    ":",
    "true",
    "<b title='",
    "<!--",
    "From: Zoe <zoe@example.org>\r\n",
    "Content-Type: text/html\r\n\r\n",
    "zoe@example.org",
    "Zo\u{eb} Quirk",
    "\u{1f600}",
    "\t",
];

/// Pieces of all sorts, some many times, then some bytes changed.
fn data(dice: &mut Random) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(dice.below(256)).expect("a byte")];
    for _ in 0..dice.below(24) {
        match dice.below(8) {
            0 => bytes
                .extend((0..dice.below(6)).map(|_| u8::try_from(dice.below(256)).expect("a byte"))),
            1 => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.extend_from_slice(piece.repeat(dice.below(20)).as_bytes());
            }
            _ => bytes.extend_from_slice(PIECES[dice.below(PIECES.len())].as_bytes()),
        }
    }
    for _ in 0..dice.below(3) {
        let at = dice.below(bytes.len());
        bytes[at] ^= 1 << dice.below(8);
    }
    bytes
}

fn drive(name: &str, rounds: u32) {
    let (at, (_, body)) = bodies::ALL
        .into_iter()
        .enumerate()
        .find(|(_, (n, _))| *n == name)
        .expect("a target");
    let mut dice = Random::new(2_000 + u64::try_from(at).expect("few"));
    let seconds = std::env::var("TACTFUL_FUZZ_SECONDS")
        .ok()
        .and_then(|s| s.parse().ok());
    let Some(seconds) = seconds.map(Duration::from_secs) else {
        (0..rounds).for_each(|_| body(&data(&mut dice)));
        return;
    };
    let (begin, mut done) = (Instant::now(), 0u64);
    while begin.elapsed() < seconds {
        (0..16).for_each(|_| body(&data(&mut dice)));
        done += 16;
    }
    eprintln!("{name}: {done} rounds in {seconds:?}");
}

#[test]
fn fuzz_tags() {
    drive("tags", 1_000);
}

#[test]
fn fuzz_restorer() {
    drive("restorer", 2_000);
}

#[test]
fn fuzz_json() {
    drive("json", 500);
}

#[test]
fn fuzz_deep() {
    drive("deep", 4);
}

#[test]
fn fuzz_documents() {
    drive("documents", 200);
}
