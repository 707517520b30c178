use redact::{MapError, SealError, VerifyError, WrongMap};
use retention_policy::Region;

/// Everything a verb can fail with. No variant holds text of a ticket, an identifier of a person or a key.
///
/// The predicates tell apart what an integrator does something about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A ticket without an id or without a visible character of the customer.
    #[error("the ticket has no id or no text of the customer in its {messages} message(s)")]
    EmptyTicket {
        /// Messages given.
        messages: usize,
    },
    /// A ticket that does not fit a record.
    #[error("the ticket is too large ({bytes} bytes): send its last messages")]
    TooLarge {
        /// Bytes counted.
        bytes: usize,
    },
    /// The builder lacks something.
    #[error("the desk cannot be opened: {0}")]
    Incomplete(&'static str),
    /// A stored session that does not decode.
    #[error("a stored session is damaged: put the store back from its backup")]
    DamagedSession,
    /// The draft belongs to another session.
    #[error("the draft belongs to another session")]
    ForeignDraft,
    /// A model outside the regions of this desk.
    #[error(
        "the model processes outside the Union: a desk needs a model in a member state, or a named relaxation"
    )]
    ModelOutsideUnion,
    /// No case of this tenant has this id.
    #[error("no case of this client has this id: look in the reply that was sent")]
    UnknownCase,
    /// A stored case that does not decode.
    #[error("a stored case is damaged: put the store back from its backup")]
    DamagedCase,
    /// What the desk keeps of what it destroyed does not decode.
    #[error("a stored proof of deletion or notice is damaged: put the store back from its backup")]
    DamagedProof,
    /// The identifiers of a request lead to two people.
    #[error(
        "the identifiers lead to two people: open a case for each, or link them with Store::link if they are one"
    )]
    TwoPeople,
    /// A correction without a value, or of a kind that no ticket is found by.
    #[error(
        "a correction needs a wrong value and another, right one, of a kind that tickets are found by"
    )]
    BadCorrection,
    /// A code was given that nobody was asked for.
    #[error("nobody was asked for a code in this case: ask first")]
    NotAsked,
    /// A package that cannot be fetched; nothing says why.
    #[error("there is no package under this link: ask for a new one")]
    PackageGone,
    /// Nothing is done for a company without a contract.
    #[error("this client has no contract here: Desk::onboard comes before everything else")]
    NotOnboarded,
    /// The company has a contract.
    #[error("this client has a contract here: see Desk::contract")]
    Onboarded,
    /// The contract is suspended, ending or over.
    #[error("the client's contract is {state}: nothing is written, drafted or shown")]
    Stopped {
        /// How it stands: the code of its state.
        state: &'static str,
    },
    /// The data would lie elsewhere than agreed.
    #[error("the contract names {contract}, and this desk keeps its records in {desk}")]
    OtherRegion {
        /// Where this desk keeps its records.
        desk: Region,
        /// Where the contract wants them.
        contract: Region,
    },
    /// Another version of the policy is in force than was agreed.
    #[error("the contract names version {contract} of the policy, and version {desk} is in force")]
    OtherPolicy {
        /// The version in force.
        desk: u32,
        /// The version that the contract names.
        contract: u32,
    },
    /// The desk was told another policy than the one in force.
    #[error(
        "version {in_force} of the policy is in force and version {given} was given: open without one, then adopt it"
    )]
    NotInForce {
        /// The version that was given.
        given: u32,
        /// The version in force.
        in_force: u32,
    },
    /// Another archive than the client was given.
    #[error("this is not the archive that was handed out last: hand it out again")]
    OtherArchive,
    /// A stored contract or policy that does not decode.
    #[error("a stored contract or policy is damaged: put the store back from its backup")]
    DamagedContract,
    /// The wall clock cannot be trusted to destroy or to write.
    #[error("the clock jumped: confirm it with Desk::confirm_clock after checking the time")]
    ClockUntrusted,
    /// Personal data could not be found reliably, so nothing went on.
    #[error(transparent)]
    Detect(#[from] pii_detect::Error),
    /// The text could not be sealed, so nothing went on.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A text that came back did not pass.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// A pseudonym map could not be written or read.
    #[error(transparent)]
    Map(#[from] MapError),
    /// A draft and a map that do not belong together.
    #[error(transparent)]
    WrongMap(#[from] WrongMap),
    /// The ticket has moved on: a newer message, another agent's reply, or the draft was decided.
    #[error(transparent)]
    Stale(#[from] suggest_core::Stale),
    /// A draft could not be made.
    #[error(transparent)]
    Suggest(#[from] suggest_core::Error),
    /// A record could not be described.
    #[error(transparent)]
    Policy(#[from] retention_policy::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] crypto_store::Error),
    /// The rights column.
    #[error(transparent)]
    Rights(#[from] gdpr_rights::Error),
    /// A step that cannot happen now.
    #[error(transparent)]
    Step(#[from] gdpr_rights::request::case::StepError),
    /// A package could not be made.
    #[error(transparent)]
    Package(#[from] gdpr_rights::request::package::PackageError),
    /// A certificate could not be issued.
    #[error(transparent)]
    Certificate(#[from] gdpr_rights::request::certificate::CertificateError),
    /// An erasure was carried out and something can still be read.
    #[error(transparent)]
    Residue(#[from] gdpr_rights::Residue),
}

impl Error {
    /// Whether what was asked for is over: expired, decided, erased, and by now perhaps not even a row. Nobody gets it back.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Store(e) if e.is_expired() || e.is_erased() || e.is_not_found())
    }

    /// Whether the ticket has moved on since the draft was made. Ingest the thread as it is now and suggest again.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Stale(_))
    }

    /// Whether role, purpose or action forbid it.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Store(e) if e.is_denied())
    }

    /// Whether another process has the store.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Store(e) if e.is_busy())
    }

    /// Whether the text was withheld because personal data might have left.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        matches!(self, Self::Detect(_) | Self::Seal(_) | Self::Verify(_))
    }
}
