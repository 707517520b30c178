//! Rows, figures and commands of the measuring program.
#![forbid(unsafe_code)]
