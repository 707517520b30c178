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
    /// More sources than an intent can list.
    #[error("an intent lists at most 65535 sources")]
    TooManySources,
    /// Bytes that are no erasure intent of this version.
    #[error("the stored erasure intent is damaged: put the ledger back from its copy")]
    BadIntent,
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
    /// A code that no calendar has.
    #[error(
        "no calendar has this code: give a member state of the EEA (ISO 3166-1) or a region of it (ISO 3166-2)"
    )]
    UnknownCalendar,
    /// A day in a year whose public holidays are not known.
    #[error("the public holidays of that year are not known to this calendar: bring your own")]
    CalendarOutOfRange,
    /// A name that the time zone database does not have.
    #[error("no time zone has this name: give one of the IANA database, such as Europe/Paris")]
    UnknownZone,
    /// A request that would reach us only later.
    #[error("a request cannot be received in the future: check the instant and the clock")]
    ReceivedInFuture,
    /// A pause that ends before it begins, or begins before the request.
    #[error("a pause begins on or after the day of receipt and ends on or after its own beginning")]
    InvalidPause,
    /// The notice of an extension came after the first limit.
    #[error("an extension is notified within the first limit, which ended on {by}: answer at once")]
    ExtensionTooLate {
        /// The last day a notice could have been given.
        by: chrono::NaiveDate,
    },
    /// A notice of an extension that says no reason.
    #[error("the notice of an extension states its reasons (article 12(3))")]
    ReasonRequired,
    /// A reason the law does not know.
    #[error(
        "only the complexity and the number of the requests allow an extension (article 12(3))"
    )]
    NotAnExtensionGround,
    /// There is one extension a request.
    #[error("this request was extended already: there is one extension (article 12(3))")]
    AlreadyExtended,
    /// A notice given before the request it is about.
    #[error("a notice cannot precede the request: check both dates")]
    NoticeBeforeReceipt,
    /// A calendar without working days.
    #[error("the calendar has no working day within a year: check what it answers")]
    NoWorkingDay,
}
