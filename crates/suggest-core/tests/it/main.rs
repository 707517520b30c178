//! Behaviour of the crate through its public API, with data.

mod corpus;
mod decision;
mod engine;
mod guards;
mod help;
mod knowledge;
mod models;
mod privacy;
mod retrieve;
