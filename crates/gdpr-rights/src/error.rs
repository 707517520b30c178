use crate::request::identity::{CodeError, Level, MandateError};
use crate::request::refusal::{ExceptionPart, Mention};

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
    /// Bytes that are no deletion event, or were not signed by this key.
    #[error("this is no deletion event that was signed by this key: check key and file")]
    BadDeletion,
    /// A ledger event is older than one of the same person that is already written.
    #[error(
        "a consent event is older than the last one of this person: a ledger is only appended to"
    )]
    OutOfOrder,
    /// Bytes that no version of this crate wrote.
    #[error("the stored ledger is damaged: put it back from its copy")]
    BadLedger,
    /// What is given back does not fit into memory.
    #[error("the archive cannot be written: there is too little memory")]
    Archive,
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
    /// A country without a supervisory authority under the GDPR.
    #[error(
        "no supervisory authority is known for this country: name a member state, IS, LI or NO"
    )]
    NoAuthority,
    /// The checks that were passed do not reach the level the right needs.
    #[error("identity is not established for this right: {0:?} is needed")]
    NotEnough(Level),
    /// A check or record of another person or case.
    #[error("the check belongs to another person or case: begin it again for this one")]
    OtherPerson,
    /// A second factor that is too old, or younger than now.
    #[error("the second factor is not fresh: ask for it again")]
    StaleSession,
    /// The address came into the record with or after the request.
    #[error("the address is not older than the request: use one that was on file before it")]
    AddressTooNew,
    /// Fewer than two facts were right.
    #[error("fewer than two facts fit: send a new code and ask again")]
    FactsDoNotFit,
    /// A fact without a letter or digit would fit any other such.
    #[error("a fact needs at least one letter or digit")]
    EmptyFact,
    /// A document looked at later than now.
    #[error("a document was looked at before now, not after: check the date")]
    BadDocumentNote,
    /// A one-time code.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// A representative.
    #[error(transparent)]
    Mandate(#[from] MandateError),
    /// A refusal that lacks one of the three mentions of article 12(4).
    #[error(
        "a refusal states its reasons, the authority and the courts (article 12(4)): add {0:?}"
    )]
    Article12Point4Incomplete(Mention),
    /// A reason without words, or with more than 2,000 bytes of them.
    #[error("a reason is given in words, at most 2000 bytes")]
    ReasonWithoutWords,
    /// A reason that no basis gives for this right.
    #[error("this is no reason to refuse this right: look the right up in the matrix")]
    ReasonDoesNotFit,
    /// A refusal on the merits where nothing is weighed.
    #[error("this right is absolute: do what is asked (articles 7(3), 21(3))")]
    AbsoluteRight,
    /// Data kept against an erasure without what article 17(3) makes one say.
    #[error("an exception from erasure lacks a part or it is too long: {0:?}")]
    ExceptionIncomplete(ExceptionPart),
    /// Data kept until a day that is past.
    #[error("the last day of the exception is past: erase")]
    ExceptionOver,
    /// A fee for which nothing was shown.
    #[error("a request costs nothing unless it is shown why it should (article 12(5))")]
    FeeWithoutProof,
    /// A fee the person was not told about beforehand.
    #[error("the person has to be told of the fee and its amount before it is charged")]
    FeeWithoutWarning,
    /// A request that is not excessive.
    #[error("a request is not excessive unless another came less than a year before")]
    NotExcessive,
    /// A first copy, or none.
    #[error("only a further copy may cost something (article 15(3))")]
    NoFurtherCopy,
    /// Days of a case that contradict one another or the receipt.
    #[error("the days of the case contradict one another: compute them from its receipt")]
    BadLimits,
    /// A ground that belongs to another right.
    #[error("this ground belongs to another right")]
    BadGround,
    /// A stored case of a version this crate does not know.
    #[error(
        "the stored case has version {found}: open it with the version of this crate that wrote it"
    )]
    UnknownCaseVersion {
        /// The version byte.
        found: u8,
    },
    /// Bytes that no version of this crate wrote.
    #[error("the stored case is damaged: put it back from its copy")]
    BadCase,
}
