//! Layout of `data/tagger.bin`, shared by the tagger and the tool that trains it.
//!
//! Header: the eight bytes of [`MAGIC`], the number of rows as little-endian `u32`, then [`STATES`] start scores and
//! [`STATES`] x [`STATES`] transition scores (from-state major) as little-endian `i16`. Body: for every row [`WIDTH`]
//! signed bytes, one for each state but [`OUTSIDE`], whose score is 0 in every row. All these scores are in the same unit,
//! [`UNIT`] of them to one natural logarithm. Behind it, for the first glance: a signed byte for each of its places, in [`GLANCE_UNIT`], and
//! as little-endian `i16` the sum below which a token bears no label.

/// First bytes of the file; the digit is the version of the layout.
pub(crate) const MAGIC: &[u8; 8] = b"PIITAG2\n";
/// States of a token: outside, and beginning and inside of each label.
pub(crate) const STATES: usize = 9;
/// Scores stored for a row: those of every state but the first.
pub(crate) const WIDTH: usize = STATES - 1;
/// No label.
pub(crate) const OUTSIDE: usize = 0;
/// Scores to a natural logarithm.
pub(crate) const UNIT: i32 = 24;
/// The same of the first glance.
pub(crate) const GLANCE_UNIT: i32 = 16;

/// What a labelled span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// A person's name.
    Person,
    /// A town, region or country.
    Location,
    /// A street, with what belongs to it.
    Address,
    /// A name of something else: a firm, a product, a work.
    Other,
}

impl Label {
    /// Every label, in the order of their states.
    pub(crate) const ALL: [Self; 4] = [Self::Person, Self::Location, Self::Address, Self::Other];

    /// The state of a first token.
    pub(crate) const fn begin(self) -> usize {
        1 + 2 * self as usize
    }

    /// The label of a state.
    pub(crate) fn of(state: usize) -> Option<Self> {
        Self::ALL.get(state.checked_sub(1)? / 2).copied()
    }
}

/// Whether `to` may follow `from`: an inside state only its own label.
pub(crate) const fn follows(from: usize, to: usize) -> bool {
    to == OUTSIDE || to % 2 == 1 || from == to || from + 1 == to
}
