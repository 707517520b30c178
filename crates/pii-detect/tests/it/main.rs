//! What the detector finds, kind by kind, and what it must never do.

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
