/// What this crate refuses. No variant holds text that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The name of a source is empty, too long or not made of `a-z 0-9 - _`.
    #[error("a source needs a name of 1 to 64 characters of a-z, 0-9, - and _")]
    BadSource,
    /// An order without sources would prove nothing.
    #[error("an order needs at least one source: register every place that holds data")]
    NoSources,
    /// Two sources have one name.
    #[error("two sources have the same name: each answers for itself")]
    DuplicateSource,
    /// A ledger event is older than one of the same person that is already written.
    #[error(
        "a consent event is older than the last one of this person: a ledger is only appended to"
    )]
    OutOfOrder,
    /// Bytes that no version of this crate wrote.
    #[error("the stored ledger is damaged: put it back from its copy")]
    BadLedger,
    /// A breach that became known before it could have been.
    #[error("a breach is known at the earliest when it is detected: check both instants")]
    BadInstants,
    /// A country code that is not two letters.
    #[error("a country is given by its ISO 3166-1 code of two letters")]
    BadCountry,
    /// A country without a supervisory authority under the GDPR.
    #[error(
        "no supervisory authority is known for this country: name a member state, IS, LI or NO"
    )]
    NoAuthority,
}
