use crate::name::SinkId;
use crate::policy::period::in_words;
use crate::record::Lifetime;
use crate::{Category, Timestamp};

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
    #[error("policy line {line}: this is no TOML")]
    PolicySyntax {
        /// Line of the first fault, from 1.
        line: usize,
    },
    /// A policy key that does not exist.
    #[error("policy line {line}: unknown key, known are {known}")]
    PolicyUnknownKey {
        /// Line of the key, from 1.
        line: usize,
        /// The keys that exist in this place.
        known: &'static str,
    },
    /// A policy value that cannot stand.
    #[error("policy line {line}, `{key}`: {fault}")]
    Policy {
        /// Line of the value, or of the table that lacks it, from 1.
        line: usize,
        /// The key, with its path.
        key: &'static str,
        /// What is wrong, and what is allowed.
        fault: PolicyFault,
    },
    /// Text that is no period, or one of more than ten years.
    #[error(
        "a period is written like 90s, 15m, 23h, 28d 23h, 3 months or 10 years, and lasts at most ten years"
    )]
    BadPeriod,
    /// Readers of an archive that are nobody or everybody.
    #[error("an archive is read by at least one role and not by every role")]
    BadReaders,
    /// A name of a thing of the house that is none.
    #[error("a name of {len} bytes is not 1 to 40 bytes of a-z, 0-9 and -")]
    BadName {
        /// Bytes given.
        len: usize,
    },
    /// A hold without a review date, or one too far away.
    #[error("a hold must be reviewed within a year and after it is placed")]
    BadReview,
    /// A hold's query that says nothing, or an empty time.
    #[error("a query says a category or a time, and the time begins before it ends")]
    BadQuery,
    /// One person did what two must do.
    #[error("this needs another person than the one who asked")]
    SamePerson,
    /// A hold that nobody lifts alone.
    #[error("one person is not enough for this: let another approve")]
    NeedsSecond,
    /// A release that is asked for too early, or approved too early or too late.
    #[error(
        "a release is asked for after the hold was placed and approved within seven days: ask again"
    )]
    ReleaseOver,
    /// A plan that is no longer the one that was approved.
    #[error("what would be destroyed is not what was approved: show the new plan and ask again")]
    PlanDrifted,
    /// Text that is no hash of a plan.
    #[error("text of {len} bytes is no hash: 64 hexadecimal digits are")]
    BadHash {
        /// Bytes given.
        len: usize,
    },
    /// A contract without somebody who may act for the client company.
    #[error("a contract names at least one operator")]
    NoOperator,
    /// Somebody who is no operator asked for the end of a contract.
    #[error("only an operator of the contract ends it")]
    NotOperator,
    /// A step that does not follow.
    #[error("a contract that is `{from}` does not take the step `{step}`")]
    NotAllowed {
        /// How the contract stands.
        from: &'static str,
        /// The step.
        step: &'static str,
    },
    /// A remainder without records, said twice, or over already.
    #[error("a remainder has records, is said once, and ends after the step that names it")]
    BadRemainder,
    /// Something that may not happen yet.
    #[error("this may not happen before {}", until.format("%Y-%m-%dT%H:%M:%SZ"))]
    TooEarly {
        /// From when on it may.
        until: Timestamp,
    },
    /// No sink at all.
    #[error("register at least one sink: what nobody carries out is not done")]
    NoSink,
    /// A sink's name that is given twice.
    #[error("there is a sink `{sink}` already")]
    SinkTwice {
        /// The name.
        sink: SinkId,
    },
    /// A sink that nobody registered.
    #[error("there is no sink `{sink}`")]
    UnknownSink {
        /// The name.
        sink: SinkId,
    },
    /// A sink that cannot be taken out yet.
    #[error("sink `{sink}` has not answered notice {serial}")]
    SinkOwes {
        /// The sink.
        sink: SinkId,
        /// The first notice it owes.
        serial: u64,
    },
    /// A notice's number that is not higher than all before.
    #[error("notice {serial} is not numbered higher than all before")]
    SerialUsed {
        /// The number.
        serial: u64,
    },
    /// A notice that was never given.
    #[error("there is no notice {serial}")]
    UnknownSerial {
        /// The number.
        serial: u64,
    },
    /// A policy that does not follow the one in force.
    #[error("a policy that takes the place of another has a higher version")]
    NotNewer,
    /// The policy in force is not the one that was compared.
    #[error(
        "another policy is in force than the one that was compared: compare again and ask again"
    )]
    PolicyDrifted,
    /// Stored bytes that no version of this crate wrote.
    #[error("stored bytes of {what} are damaged, or of a later version")]
    BadStored {
        /// Of what.
        what: &'static str,
    },
}

/// What is wrong with a value of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyFault {
    /// It is not there.
    #[error("is missing")]
    Missing,
    /// No whole number within its bounds.
    #[error("must be a whole number from {min} to {max}")]
    NotANumber {
        /// Smallest value.
        min: u32,
        /// Largest value.
        max: u32,
    },
    /// Something else than this.
    #[error("must be {0}")]
    MustBe(&'static str),
    /// A word for no end at all.
    #[error("nothing is kept without an end: name a period of at most {}", in_words(at_most.as_seconds()))]
    Endless {
        /// The longest that is allowed.
        at_most: Lifetime,
    },
    /// Not the text of a period, or no time where some is needed.
    #[error("must be a period like \"90s\", \"23h\", \"28d 23h\" or \"3 months\", and at most {}", in_words(at_most.as_seconds()))]
    NotAPeriod {
        /// The longest that is allowed.
        at_most: Lifetime,
    },
    /// Longer than the ceiling of the category leaves.
    #[error("is too long: a policy only shortens, the most allowed here is {}", in_words(at_most.as_seconds()))]
    TooLong {
        /// The longest that is allowed.
        at_most: Lifetime,
    },
    /// The same rule or name twice.
    #[error("says again what line {first} says")]
    Repeated {
        /// The line that said it first, from 1.
        first: usize,
    },
}
