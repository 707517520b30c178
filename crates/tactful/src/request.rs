//! Requests of people: what comes in, what is said about it, and what comes back.

use std::fmt;

use gdpr_rights::request::case::{ActingAs, Channel, Ground};
use gdpr_rights::request::clock::Zone;
use gdpr_rights::request::holidays::Calendar;
use gdpr_rights::request::identity::Sensitivity;
use gdpr_rights::request::package::Disclosure;
use gdpr_rights::{Authority, Country, Language, Right};
use pii_detect::Kind;
use retention_policy::Timestamp;
use zeroize::Zeroizing;

use crate::{Customer, Error};

mod progress;
mod step;

pub use progress::{
    Address, CaseView, Collected, Handover, Intake, Letter, OpenedRights, Progress,
};
pub use step::Step;

/// The company that answers for a tenant's data: where it is, so which days count, and what its letters say.
///
/// ```
/// use tactful::Controller;
/// let shop = Controller::new("Lantern & Oak Ltd", "privacy@lantern-oak.example", "IE", "Europe/Dublin")?;
/// assert_eq!(shop.authority().country(), "IE");
/// assert!(Controller::new("Lantern & Oak Ltd", "privacy@lantern-oak.example", "IE", "Europe/Atlantis").is_err());
/// # Ok::<(), tactful::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Controller {
    pub(crate) name: String,
    pub(crate) contact: String,
    pub(crate) calendar: Calendar,
    pub(crate) zone: Zone,
    pub(crate) country: Country,
    pub(crate) authority: Authority,
    pub(crate) disclosures: Vec<Disclosure>,
    pub(crate) sensitivity: Sensitivity,
}

impl Controller {
    /// Describes a controller. `contact` is how to reach it and its data protection officer; `place` is a country (`IE`,
    /// ISO 3166-1) or a region with holidays of its own (`DE-BY`, ISO 3166-2); `zone` is a name of the IANA database.
    ///
    /// # Errors
    /// [`Error::Rights`] for a place without a known calendar or supervisory authority, and for a time zone that does not
    /// exist.
    pub fn new(name: &str, contact: &str, place: &str, zone: &str) -> Result<Self, Error> {
        let calendar = Calendar::new(place)?;
        let country = Country::from_code(place.get(..2).unwrap_or(place))?;
        Ok(Self {
            name: name.to_owned(),
            contact: contact.to_owned(),
            calendar,
            zone: Zone::new(zone)?,
            country,
            authority: Authority::of(country)?,
            disclosures: Vec::new(),
            sensitivity: Sensitivity::Ordinary,
        })
    }

    /// Names a recipient of its customers' data; answers list all of them (article 15(1)(c)).
    #[must_use]
    pub fn disclosing_to(mut self, recipient: Disclosure) -> Self {
        self.disclosures.push(recipient);
        self
    }

    /// Says that tickets may hold special categories of data, such as health: more is asked of whoever asks.
    #[must_use]
    pub fn with_special_categories(mut self) -> Self {
        self.sensitivity = Sensitivity::Special;
        self
    }

    /// The supervisory authority its letters name.
    #[must_use]
    pub fn authority(&self) -> Authority {
        self.authority
    }
}

/// A value that is wrong and the one that is right (article 16). Debug hides both.
#[derive(Clone)]
pub struct Correction {
    kind: Kind,
    wrong: Zeroizing<String>,
    right: Zeroizing<String>,
}

impl Correction {
    /// Notes a correction.
    ///
    /// # Errors
    /// [`Error::BadCorrection`] when one of the two is blank, both are the same, or the kind is not one that a ticket is found
    /// by: a name, an address, a telephone number, an order or customer number.
    pub fn new(kind: Kind, wrong: &str, right: &str) -> Result<Self, Error> {
        let listed = matches!(
            kind,
            Kind::Person
                | Kind::Email
                | Kind::Phone
                | Kind::Address
                | Kind::Order
                | Kind::CustomerId
        );
        if !listed || wrong.trim().is_empty() || right.trim().is_empty() || wrong == right {
            return Err(Error::BadCorrection);
        }
        Ok(Self {
            kind,
            wrong: Zeroizing::new(wrong.to_owned()),
            right: Zeroizing::new(right.to_owned()),
        })
    }

    /// What kind of value.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The value that is wrong.
    #[must_use]
    pub fn expose_wrong(&self) -> &str {
        &self.wrong
    }

    /// The value that is right.
    #[must_use]
    pub fn expose_right(&self) -> &str {
        &self.right
    }
}

impl fmt::Debug for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Correction({:?})", self.kind)
    }
}

/// A request as it came in. Debug hides whose it is.
#[derive(Clone, Debug)]
pub struct RightsRequest {
    pub(crate) right: Right,
    pub(crate) received: Timestamp,
    pub(crate) person: Customer,
    pub(crate) channel: Channel,
    pub(crate) acting: ActingAs,
    pub(crate) ground: Option<Ground>,
    pub(crate) language: Language,
    pub(crate) message: Option<MessageId>,
    pub(crate) correction: Option<Correction>,
}

/// The mail system's id of a message. Debug hides it: it often holds a name of a host or a person.
#[derive(Clone)]
pub(crate) struct MessageId(pub(crate) String);

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId({} bytes)", self.0.len())
    }
}

impl RightsRequest {
    /// Notes a request: what is asked, when it reached any address of the house, and what the person says to be found by.
    ///
    /// Default: from an end-customer of the tenant, to a general address, answered in English.
    #[must_use]
    pub fn new(right: Right, received: Timestamp, person: Customer) -> Self {
        Self {
            right,
            received,
            person,
            channel: Channel::GeneralAddress,
            acting: ActingAs::Processor,
            ground: None,
            language: Language::English,
            message: None,
            correction: None,
        }
    }

    /// The way it came. No date depends on it.
    #[must_use]
    pub fn through(mut self, channel: Channel) -> Self {
        self.channel = channel;
        self
    }

    /// The house is the controller of this person's data, a direct user or a contact for invoices: the case is answered here
    /// and not referred.
    #[must_use]
    pub fn as_controller(mut self) -> Self {
        self.acting = ActingAs::Controller;
        self
    }

    /// What an objection or restriction rests on.
    #[must_use]
    pub fn on(mut self, ground: Ground) -> Self {
        self.ground = Some(ground);
        self
    }

    /// The language of the message, and so of all letters.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// The mail system's id of the message: the same message twice opens one case.
    #[must_use]
    pub fn with_message_id(mut self, id: impl Into<String>) -> Self {
        self.message = Some(MessageId(id.into()));
        self
    }

    /// What is to be corrected.
    #[must_use]
    pub fn correcting(mut self, correction: Correction) -> Self {
        self.correction = Some(correction);
        self
    }
}
