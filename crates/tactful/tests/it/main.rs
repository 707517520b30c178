//! The facade from outside, and the rules of the house.

mod edges;
mod house;
