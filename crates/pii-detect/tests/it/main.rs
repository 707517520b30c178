//! What the detector finds, kind by kind, and what it must never do.
#![expect(clippy::expect_used, reason = "a test that cannot go on says why")]

mod canonical;
mod codes;
mod contact;
mod custom;
mod dates;
mod hostile;
mod known;
mod marked;
mod money;
mod privacy;
mod secrets;
mod special;
