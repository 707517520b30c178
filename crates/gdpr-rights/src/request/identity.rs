//! How sure one has to be who asks, and the checks that make it so.
//!
//! Never more than needed: what a right needs depends on the harm if the wrong person had it (articles 12(2), 12(6), 11;
//! EDPB guidelines 01/2022, paragraphs 58 to 79). Whoever is signed in is asked nothing more (paragraph 73). A copy of an
//! identity document is not asked for, and there is no place to keep one (paragraphs 73 to 79).
//!
//! ```
//! use gdpr_rights::request::identity::{Ask, Level, Sensitivity, Standing, ask};
//! use gdpr_rights::Right;
//!
//! assert_eq!(Level::required(Right::Erasure, Sensitivity::Ordinary), Level::Channel);
//! assert_eq!(ask(Right::Erasure, Sensitivity::Ordinary, Standing::AddressOnFile), Ask::Code);
//! assert_eq!(ask(Right::Access, Sensitivity::Special, Standing::SignedIn), Ask::Nothing);
//! assert_eq!(ask(Right::MarketingObjection, Sensitivity::Special, Standing::Unknown), Ask::Nothing);
//! ```

mod code;
mod fact;
mod key;
mod mandate;
mod proof;

use super::right::Right;

pub use code::{AddressOnFile, Channel, CodeError, Digits, OneTimeCode};
pub use fact::{Fact, FactKind};
pub use key::IdentityKey;
pub use mandate::{Mandate, MandateError, RepresentativeId, Represented};
pub use proof::{DocumentKind, DocumentNote, Doubt, Proof, Session, Verified};

/// How a person was, or has to be, identified. Each level is stronger than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "five levels; a new one must break every match"
)]
pub enum Level {
    /// L0: not at all. What is asked for does no harm if somebody else asked.
    Nothing,
    /// L1: control of an address that was on file before.
    Channel,
    /// L2: signed in, with a fresh second factor.
    Session,
    /// L3: L1, and two facts that are not public.
    Facts,
    /// L4: a human looked at a document. Nothing asks for it by itself.
    Document,
}

/// What the data tells about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "special categories or not, by articles 9 and 10"
)]
pub enum Sensitivity {
    /// No special categories.
    Ordinary,
    /// Special categories, or offences (articles 9 and 10).
    Special,
}

impl Level {
    /// The level a right needs. [`Self::Document`] is never among them: it needs a [`Doubt`] in the case itself.
    #[must_use]
    pub const fn required(right: Right, sensitivity: Sensitivity) -> Self {
        match (right, sensitivity) {
            // To stop what a person does not want harms nobody, so it is done at once.
            (Right::MarketingObjection | Right::WithdrawConsent, _)
            | (Right::Objection | Right::Restriction, Sensitivity::Ordinary) => Self::Nothing,
            (Right::Objection | Right::Restriction, Sensitivity::Special)
            | (Right::Erasure | Right::Rectification | Right::HumanReview, Sensitivity::Ordinary) => {
                Self::Channel
            }
            // What is disclosed to the wrong person cannot be called back.
            (Right::Access | Right::Portability | Right::Recipients, Sensitivity::Ordinary) => {
                Self::Session
            }
            (
                Right::Access
                | Right::Portability
                | Right::Recipients
                | Right::Erasure
                | Right::Rectification
                | Right::HumanReview,
                Sensitivity::Special,
            ) => Self::Facts,
        }
    }

    /// Whether somebody identified so may do what needs `need`. Whoever is signed in is asked nothing more
    /// (EDPB guidelines 01/2022, paragraph 73).
    #[must_use]
    pub fn suffices_for(self, need: Self) -> bool {
        self >= need || self == Self::Session
    }
}

/// How a person stands to us when asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "four cases that exclude each other"
)]
pub enum Standing {
    /// Signed in, with a fresh second factor.
    SignedIn,
    /// Has an account and is not signed in.
    Account,
    /// No account, but an address on file.
    AddressOnFile,
    /// Nothing that leads to a person.
    Unknown,
}

/// What to ask the person for: all of it at once, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever writes the letter must see a new answer"
)]
pub enum Ask {
    /// Nothing.
    Nothing,
    /// A one-time code, sent to the address on file.
    Code,
    /// To sign in, with a second factor.
    SignIn,
    /// The code and two facts.
    CodeAndFacts,
    /// What leads to the data: an order number, an address used then (articles 11(2) and 12(6)). No document.
    MoreInformation,
}

/// Says what to ask for, at most.
#[must_use]
pub fn ask(right: Right, sensitivity: Sensitivity, standing: Standing) -> Ask {
    match (Level::required(right, sensitivity), standing) {
        (Level::Nothing, _) | (_, Standing::SignedIn) => Ask::Nothing,
        (_, Standing::Unknown) => Ask::MoreInformation,
        (Level::Channel, Standing::Account | Standing::AddressOnFile) => Ask::Code,
        (Level::Session | Level::Facts | Level::Document, Standing::Account) => Ask::SignIn,
        (Level::Session | Level::Facts | Level::Document, Standing::AddressOnFile) => {
            Ask::CodeAndFacts
        }
    }
}
