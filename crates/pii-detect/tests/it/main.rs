//! What the detector finds, kind by kind, and what it must never do.
#![expect(clippy::expect_used, reason = "a test that cannot go on says why")]

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
