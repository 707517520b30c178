//! The closed lists a case is made of. Each value has a stable name for registers and a stable code for stored bytes.

use std::fmt;

use crate::account::consent::{CONTESTABLE, Statement};
use crate::request::right::Right;

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$what:meta])* $variant:ident = $code:literal $text:literal,)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$what])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            pub(super) const fn code(self) -> u8 {
                match self { $(Self::$variant => $code,)+ }
            }

            pub(super) const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

coded! {
    /// Where a case stands. Lateness, pause, extension and restriction are facts beside it.
    Status {
        /// It came in; nobody has looked at who asks.
        Received = 0 "received",
        /// The person was asked to show who they are (article 12(6)).
        AwaitingIdentity = 1 "awaiting_identity",
        /// The person was asked what exactly they want (recital 63).
        AwaitingClarification = 2 "awaiting_clarification",
        /// Whoever asks may ask; the work is done here.
        Open = 3 "open",
        /// The controller has it (article 28(3)(e)); it stays open until the controller closes it.
        Referred = 4 "referred",
        /// Answered in full.
        Fulfilled = 5 "fulfilled",
        /// Answered, with exceptions named in the answer.
        PartlyFulfilled = 6 "partly_fulfilled",
        /// Refused, with reasons and remedies (article 12(4)).
        Refused = 7 "refused",
        /// The person took it back.
        Withdrawn = 8 "withdrawn",
        /// Handled in another case of the same person and right.
        Merged = 9 "merged",
        /// The controller closed it.
        ReferredClosed = 10 "referred_closed",
    }
}

impl Status {
    /// Whether the case has ended.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Fulfilled
                | Self::PartlyFulfilled
                | Self::Refused
                | Self::Withdrawn
                | Self::Merged
                | Self::ReferredClosed
        )
    }
}

coded! {
    /// As what the house received the request.
    ActingAs {
        /// It decides itself why and how the data is used: a direct user, a contact for invoices.
        Controller = 0 "controller",
        /// The tenant decides: an end-customer of the tenant wrote.
        Processor = 1 "processor",
    }
}

coded! {
    /// The way a request came. All of them start the clock (article 12(2); EDPB 01/2022, 52-57).
    Channel {
        /// The address published for such requests.
        PrivacyAddress = 0 "privacy_address",
        /// Any other address of the house.
        GeneralAddress = 1 "general_address",
        /// A form.
        Form = 2 "form",
        /// A programming interface.
        Api = 3 "api",
        /// A letter.
        Post = 4 "post",
        /// By word of mouth or telephone.
        Spoken = 5 "spoken",
    }
}

coded! {
    /// Why use is limited.
    Ground {
        /// Accuracy is contested (article 18(1)(a)).
        AccuracyContested = 0 "accuracy_contested",
        /// The use is unlawful and the person prefers restriction to erasure (article 18(1)(b)).
        Unlawful = 1 "unlawful",
        /// The person needs the data for a legal claim (article 18(1)(c)).
        LegalClaim = 2 "legal_claim",
        /// An objection waits for its decision (article 18(1)(d)).
        ObjectionPending = 3 "objection_pending",
        /// Direct marketing was objected to: it stops, nothing is weighed (article 21(3)).
        DirectMarketing = 4 "direct_marketing",
        /// Consent was taken back (article 7(3)).
        ConsentWithdrawn = 5 "consent_withdrawn",
    }
}

impl Ground {
    /// Whether nothing may be weighed against it: it cannot be overruled, only ended by the person.
    #[must_use]
    pub const fn is_absolute(self) -> bool {
        matches!(self, Self::DirectMarketing | Self::ConsentWithdrawn)
    }

    /// Whether the person asked that the data be kept, so that limits of storage wait (article 18(1)(b) and (c)).
    #[must_use]
    pub const fn keeps_data(self) -> bool {
        matches!(self, Self::Unlawful | Self::LegalClaim)
    }

    /// What it says in the ledger of what people said, at its beginning and at its end.
    ///
    /// Direct marketing is no purpose of this house, so nothing is said about it; sources that do any are told. Consent taken
    /// back is given again by the person alone.
    #[must_use]
    pub fn statements(self, on: bool) -> Vec<Statement> {
        match (self, on) {
            (Self::ConsentWithdrawn, true) => CONTESTABLE.map(Statement::Withdrawal).to_vec(),
            (Self::DirectMarketing, _) | (Self::ConsentWithdrawn, false) => Vec::new(),
            (_, true) => vec![Statement::Restriction],
            (_, false) => vec![Statement::RestrictionLifted],
        }
    }

    /// What a right limits if nobody says more.
    pub(super) const fn of(right: Right) -> Option<Self> {
        match right {
            Right::Rectification | Right::Restriction => Some(Self::AccuracyContested),
            Right::Objection => Some(Self::ObjectionPending),
            Right::MarketingObjection => Some(Self::DirectMarketing),
            Right::WithdrawConsent => Some(Self::ConsentWithdrawn),
            Right::Access
            | Right::Erasure
            | Right::Portability
            | Right::HumanReview
            | Right::Recipients => None,
        }
    }

    pub(super) fn fits(self, right: Right) -> bool {
        match right {
            Right::Objection => matches!(self, Self::ObjectionPending | Self::DirectMarketing),
            Right::Restriction => matches!(
                self,
                Self::AccuracyContested | Self::Unlawful | Self::LegalClaim
            ),
            _ => Self::of(right) == Some(self),
        }
    }
}

coded! {
    /// What is known of who asks.
    Identity {
        /// Nobody asked.
        Unasked = 0 "unasked",
        /// Asked, no answer yet.
        Asked = 1 "asked",
        /// An answer did not suffice.
        Failed = 2 "failed",
        /// Shown.
        Verified = 3 "verified",
        /// The request came from a session that had shown it (EDPB 01/2022, 73).
        Authenticated = 4 "authenticated",
        /// Not needed: the right does little harm in wrong hands.
        NotNeeded = 5 "not_needed",
        /// The controller says that it is shown.
        ByController = 6 "by_controller",
    }
}

impl Identity {
    /// Whether somebody showed who they are. Only such cases merge.
    #[must_use]
    pub const fn is_proved(self) -> bool {
        matches!(
            self,
            Self::Verified | Self::Authenticated | Self::ByController
        )
    }

    /// Whether nothing more is asked.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        self.is_proved() || matches!(self, Self::NotNeeded)
    }
}

coded! {
    /// How much is asked for.
    Scope {
        /// Everything about the person.
        Everything = 0 "everything",
        /// What the person named when asked.
        Narrowed = 1 "narrowed",
    }
}

coded! {
    /// Who gets the answer.
    AnswerTo {
        /// The person.
        Person = 0 "person",
        /// The controller, who answers the person.
        Controller = 1 "controller",
    }
}

coded! {
    /// How much is granted.
    Extent {
        /// What was asked.
        Full = 0 "full",
        /// What was asked, but for exceptions that the answer names with law and end.
        WithExceptions = 1 "with_exceptions",
    }
}

coded! {
    /// Why a request is refused.
    RefusalGround {
        /// Identity was asked for and not shown (articles 11(2) and 12(6)).
        IdentityNotProved = 0 "identity_not_proved",
        /// Manifestly unfounded (article 12(5)).
        Unfounded = 1 "unfounded",
        /// Manifestly excessive (article 12(5)).
        Excessive = 2 "excessive",
        /// The right does not apply on this legal basis.
        NotApplicable = 3 "not_applicable",
        /// An exception covers all of it (articles 15(4), 17(3), 20(4)).
        Exception = 4 "exception",
        /// Compelling legitimate grounds were shown (article 21(1)).
        CompellingGrounds = 5 "compelling_grounds",
        /// Needed for legal claims (articles 17(3)(e) and 21(1)).
        LegalClaims = 6 "legal_claims",
    }
}

coded! {
    /// Why more time is needed. Effort or size alone is no reason (article 12(3); EDPB 01/2022, 163-164).
    ExtensionReason {
        /// The request is complex.
        Complexity = 0 "complexity",
        /// The person made many.
        Number = 1 "number",
    }
}

coded! {
    /// What became of telling the recipients (article 19).
    Art19 {
        /// Each was told.
        Notified = 0 "notified",
        /// Nobody had received the data.
        NoRecipients = 1 "no_recipients",
        /// Telling them is impossible; the register says why.
        Impossible = 2 "impossible",
        /// Telling them would be disproportionate effort; the register says why.
        Disproportionate = 3 "disproportionate",
    }
}

coded! {
    /// How far the work is.
    Work {
        /// Nothing was changed or sent: the person can still withdraw.
        NotStarted = 0 "not_started",
        /// Every source has its order.
        Ordered = 1 "ordered",
        /// Every source did it.
        Done = 2 "done",
    }
}

coded! {
    /// A message whose leaving the case waits for.
    Message {
        /// The answer (article 12(3)).
        Answer = 0 "answer",
        /// The letter of refusal (article 12(4)).
        Refusal = 1 "refusal",
        /// That two requests are handled as one.
        Joined = 2 "joined",
        /// The notice of extension, with reasons (article 12(3)).
        Extension = 3 "extension",
        /// The notice before a restriction ends (article 18(3)).
        Lifting = 4 "lifting",
    }
}

coded! {
    /// Whether the day has passed.
    Lateness {
        /// It has not.
        OnTime = 0 "on_time",
        /// It has, unless the pause counts.
        LateUnlessPaused = 1 "late_unless_paused",
        /// It has.
        Late = 2 "late",
    }
}

/// Whether the right changes data, so that only a clean second look ends its case.
pub(super) const fn mutates(right: Right) -> bool {
    matches!(
        right,
        Right::Rectification
            | Right::Erasure
            | Right::Restriction
            | Right::Objection
            | Right::MarketingObjection
            | Right::WithdrawConsent
    )
}

/// Whether recipients must be told (article 19 names 16, 17(1) and 18).
pub(super) const fn tells_recipients(right: Right) -> bool {
    matches!(
        right,
        Right::Rectification | Right::Erasure | Right::Restriction
    )
}

/// Whether the right does little harm in wrong hands.
pub(super) const fn low_harm(right: Right) -> bool {
    matches!(
        right,
        Right::Restriction | Right::Objection | Right::MarketingObjection | Right::WithdrawConsent
    )
}
