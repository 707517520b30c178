//! National and tax numbers, by region. The shape, letters and digits in their places, is asked before.

pub(super) mod centre;
pub(super) mod east;
pub(super) mod north;
pub(super) mod south;
pub(super) mod west;
