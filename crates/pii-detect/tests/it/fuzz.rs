//! The bodies of `fuzz/` on stable: texts and values that nobody wrote, from seeds.
//!
//! A fixed number of rounds by default, `TACTFUL_FUZZ_SECONDS` a target for more.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a driver: how long is the caller's to say, and how long it took is told"
)]

use std::time::{Duration, Instant};

use pii_detect::{Cut, Detector, Known};

use crate::support::tickets;

#[path = "../../../../fuzz/bodies/pii_detect.rs"]
pub(crate) mod bodies;

/// Numbers that look random and are the same in every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// Pieces that rules, expressions and cuts bite on.
const PIECES: [&str; 40] = [
    "\0",
    "\0",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "@",
    "zq@example.org",
    "06 12 34 56 78",
    "+49 ",
    "1",
    "1 ",
    "4111 1111 1111 1111",
    "order ",
    "my name is ",
    "Orla ",
    "Quirk",
    "[",
    "]",
    "(",
    ")",
    "{3}",
    "*",
    "+",
    "\\b",
    "\\d",
    "\\w",
    "|",
    "^",
    "?",
    "(?<value>",
    "####",
    "@@@",
    "\u{301}",
    "\u{202e}",
    "\u{1f600}",
    "\u{e9}",
    "-----BEGIN ",
    "a.",
    "rue 3, ",
];

/// A piece of a ticket, or pieces of all sorts, then some bytes changed.
fn data(dice: &mut Dice, texts: &[String]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..dice.below(24) {
        let text = &texts[dice.below(texts.len())];
        match dice.below(7) {
            0 => {
                let from = dice.below(text.len());
                let to = (from + dice.below(200)).min(text.len());
                bytes.extend_from_slice(&text.as_bytes()[from..to]);
            }
            // What bodies take apart.
            1 => bytes.push(0),
            2 => bytes.extend((0..dice.below(6)).map(|_| dice.0 as u8 ^ dice.below(256) as u8)),
            _ => bytes.extend_from_slice(PIECES[dice.below(PIECES.len())].as_bytes()),
        }
    }
    for _ in 0..dice.below(3) {
        let at = dice.below(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << dice.below(8);
        }
    }
    bytes
}

fn drive(name: &str, rounds: u32) {
    let (at, (_, body)) = bodies::ALL
        .into_iter()
        .enumerate()
        .find(|(_, (n, _))| *n == name)
        .expect("a target");
    let mut dice = Dice(1_000 + at as u64);
    let texts = tickets();
    let seconds = std::env::var("TACTFUL_FUZZ_SECONDS")
        .ok()
        .and_then(|s| s.parse().ok());
    let Some(seconds) = seconds.map(Duration::from_secs) else {
        (0..rounds).for_each(|_| body(&data(&mut dice, &texts)));
        return;
    };
    let (begin, mut done) = (Instant::now(), 0u64);
    while begin.elapsed() < seconds {
        (0..16).for_each(|_| body(&data(&mut dice, &texts)));
        done += 16;
    }
    eprintln!("{name}: {done} rounds in {seconds:?}");
}

#[test]
fn fuzz_detect() {
    drive("detect", 2_000);
}

#[test]
fn fuzz_stream() {
    drive("stream", 1_000);
}

#[test]
fn fuzz_patterns() {
    drive("patterns", 300);
}

#[test]
fn fuzz_known() {
    drive("known", 1_000);
}

#[test]
fn fuzz_allow() {
    drive("allow", 500);
}

#[test]
fn fuzz_sets() {
    drive("sets", 500);
}

#[test]
fn fuzz_oracle() {
    drive("oracle", 2_000);
}

/// Ten megabytes of one thing, as one document; a hundred as a stream when heavy. `hostile.rs` has short ones of more sorts.
#[test]
fn fuzz_long_runs() {
    let heavy = std::env::var_os("TACTFUL_HEAVY").is_some_and(|v| v == "1");
    let (detector, known) = (Detector::new(), Known::new());
    for piece in [
        "1",
        "@",
        "[",
        "\u{301}",
        "\u{5d0}\u{202e}",
        "\u{1f600}",
        "\n",
        "a.",
        "-----BEGIN ",
    ] {
        let begin = Instant::now();
        let text = piece.repeat(10_000_000 / piece.len());
        detector.detect(&text, &known).expect("below the limit");
        let one = begin.elapsed();
        if heavy {
            let mut stream = detector.stream_segments(&known, Cut::default());
            for chunk in text.as_bytes().chunks(65_521).cycle().take(10 * 153) {
                // Chunks of a text that begins again stay text: each run ends with a whole piece.
                stream.push(chunk).expect("text");
            }
            stream.finish().expect("whole");
        }
        eprintln!("{piece:?}: 10 MB in {one:?}, all in {:?}", begin.elapsed());
    }
}
