use crate::Category;

/// What this crate refuses. No variant holds text that came in, only its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not a hyphenated UUID.
    #[error("an identifier of {len} bytes is no UUID")]
    BadId {
        /// Bytes given.
        len: usize,
    },
    /// No purpose of the closed list.
    #[error("a purpose code of {len} bytes is not in the closed list: see Purpose::ALL")]
    UnknownPurpose {
        /// Bytes given.
        len: usize,
    },
    /// No member state.
    #[error(
        "a country code of {len} bytes is no member state's: use an ISO 3166-1 code, or name a Relaxation"
    )]
    OutsideUnion {
        /// Bytes given.
        len: usize,
    },
    /// A lifetime of zero or beyond the ceiling.
    #[error(
        "a lifetime of {seconds} s is zero or longer than ten years: nothing is kept without an end"
    )]
    BadLifetime {
        /// Seconds given.
        seconds: u32,
    },
    /// Longer than the category may live.
    #[error("a {category} record may not live that long: see Category::ceiling")]
    TooLong {
        /// The category.
        category: Category,
    },
    /// The clock shows a time before 2020.
    #[error("the clock shows a time before 2020: set it before anything is written or destroyed")]
    ClockBeforeEpoch,
    /// Stored meta data that no version of this crate wrote.
    #[error("stored meta data is damaged")]
    BadStoredMeta,
    /// A policy text that is no TOML.
    #[error("the policy is no TOML (line {line})")]
    PolicySyntax {
        /// Line of the first fault, from 1.
        line: usize,
    },
    /// A policy key that does not exist.
    #[error("the policy has an unknown key at line {line}: known are {known}")]
    PolicyUnknownKey {
        /// Line of the key, from 1.
        line: usize,
        /// The keys that exist.
        known: &'static str,
    },
    /// A policy value out of its bounds.
    #[error("policy key `{key}` must be from {min} to {max}")]
    PolicyBounds {
        /// The key.
        key: &'static str,
        /// Smallest value.
        min: u32,
        /// Largest value.
        max: u32,
    },
    /// Two policy values that contradict each other.
    #[error("policy keys `{first}` and `{second}` contradict each other: {rule}")]
    PolicyOrder {
        /// One key.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// What must hold.
        rule: &'static str,
    },
    /// A hold without a review date, or one too far away.
    #[error("a hold must be reviewed within a year and after it is placed")]
    BadReview,
}
