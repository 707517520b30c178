//! Behaviour of the gate, over its public API.

mod acceptance;
mod map;
mod restoring;
mod roundtrip;
mod sealing;
mod verifying;
