//! What starts a period: the events of a record.

use std::fmt;

use crate::Timestamp;

/// An event from which a rule or an obligation counts (records management: the trigger event).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Trigger {
    /// The record was made.
    Created,
    /// Somebody worked on it for the last time.
    LastActivity,
    /// The suggestion was delivered to the support tool.
    Delivered,
    /// The suggestion was used for a reply.
    Used,
    /// The suggestion was thrown away.
    Discarded,
    /// The ticket was closed.
    TicketClosed,
    /// The contract with the client company ended.
    ContractEnd,
    /// The person withdrew consent (article 7(3)).
    ConsentWithdrawn,
    /// The person's request for erasure was granted (article 17(1)).
    Request,
}

impl Trigger {
    /// All triggers.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::LastActivity,
        Self::Delivered,
        Self::Used,
        Self::Discarded,
        Self::TicketClosed,
        Self::ContractEnd,
        Self::ConsentWithdrawn,
        Self::Request,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::LastActivity => "last_activity",
            Self::Delivered => "delivered",
            Self::Used => "used",
            Self::Discarded => "discarded",
            Self::TicketClosed => "ticket_closed",
            Self::ContractEnd => "contract_end",
            Self::ConsentWithdrawn => "consent_withdrawn",
            Self::Request => "request",
        }
    }

    /// The stored byte.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self as u8
    }

    /// Takes a byte that [`Self::to_byte`] gave.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.to_byte() == byte)
    }

    /// After "... days after": what happened, in words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Created => "it was created",
            Self::LastActivity => "its last activity",
            Self::Delivered => "delivery",
            Self::Used => "it was used",
            Self::Discarded => "it was discarded",
            Self::TicketClosed => "its ticket was closed",
            Self::ContractEnd => "the contract ended",
            Self::ConsentWithdrawn => "consent was withdrawn",
            Self::Request => "an erasure request",
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What happened to a record, and when: an instant a [`Trigger`]. When it was created is in its meta data.
///
/// Events are told by several parts of a house, late or twice. The earliest instant of each wins, so that telling one
/// again postpones nothing; of the last activity the latest.
///
/// ```
/// use retention_policy::{Events, Timestamp, Trigger};
/// let at = |text: &str| text.parse::<Timestamp>().unwrap();
/// let events = Events::default()
///     .with(Trigger::Used, at("2026-03-02T10:00:00Z"))
///     .with(Trigger::Used, at("2026-03-02T11:00:00Z"));
/// assert_eq!(events.at(Trigger::Used), Some(at("2026-03-02T10:00:00Z")));
/// assert_eq!(events.at(Trigger::Request), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Events {
    last_activity: Option<Timestamp>,
    delivered: Option<Timestamp>,
    used: Option<Timestamp>,
    discarded: Option<Timestamp>,
    ticket_closed: Option<Timestamp>,
    contract_end: Option<Timestamp>,
    consent_withdrawn: Option<Timestamp>,
    request: Option<Timestamp>,
}

impl Events {
    /// With one more event. [`Trigger::Created`] changes nothing: that instant is part of the record.
    #[must_use]
    pub fn with(mut self, trigger: Trigger, at: Timestamp) -> Self {
        if let Some(place) = self.place(trigger) {
            let known = place.unwrap_or(at);
            *place = Some(match trigger {
                Trigger::LastActivity => known.max(at),
                _ => known.min(at),
            });
        }
        self
    }

    /// When it happened; none for [`Trigger::Created`].
    #[must_use]
    pub fn at(&self, trigger: Trigger) -> Option<Timestamp> {
        // A copy, so that there is one list of places and not two.
        let mut copy = *self;
        copy.place(trigger).and_then(|at| *at)
    }

    /// The events that are known, in the order of [`Trigger::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Trigger, Timestamp)> + '_ {
        Trigger::ALL
            .into_iter()
            .filter_map(|trigger| Some((trigger, self.at(trigger)?)))
    }

    fn place(&mut self, trigger: Trigger) -> Option<&mut Option<Timestamp>> {
        Some(match trigger {
            Trigger::Created => return None,
            Trigger::LastActivity => &mut self.last_activity,
            Trigger::Delivered => &mut self.delivered,
            Trigger::Used => &mut self.used,
            Trigger::Discarded => &mut self.discarded,
            Trigger::TicketClosed => &mut self.ticket_closed,
            Trigger::ContractEnd => &mut self.contract_end,
            Trigger::ConsentWithdrawn => &mut self.consent_withdrawn,
            Trigger::Request => &mut self.request,
        })
    }
}
