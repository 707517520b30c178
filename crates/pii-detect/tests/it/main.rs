//! What the detector finds, kind by kind, and what it must never do.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on says why; how much is tried is the runner's to say"
)]

mod address;
mod canonical;
mod chat;
mod codes;
mod contact;
mod custom;
mod dates;
mod dates_file;
mod fuzz;
mod hostile;
mod known;
mod locale;
mod marked;
mod money;
mod names;
mod neural;
mod offsets;
mod patterns;
mod privacy;
mod recognise;
mod secrets;
mod special;
mod stream;
mod support;
mod validators;

/// How many cases a property tries: `.ci/full properties` tries a hundred times as many.
fn times(cases: u32) -> u32 {
    std::env::var("TACTFUL_TIMES").map_or(cases, |times| {
        cases * times.parse::<u32>().expect("a number")
    })
}
