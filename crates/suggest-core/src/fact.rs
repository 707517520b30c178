//! Facts the caller knows: the state of an order, a date. Their values stay out of the model's sight as tags.

use chrono::{DateTime, Utc};
use redact::Redacted;

/// What a fact says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FactKind {
    /// The state of an order, a return, a refund.
    Status,
    /// A day: of shipping, delivery, payment.
    Date,
    /// The number of a parcel.
    Tracking,
    /// Who carries the parcel.
    Carrier,
    /// An amount of money.
    Amount,
    /// Anything else: a draft may rest on it, the playbook has no sentence for it.
    Other,
}

impl FactKind {
    /// Reads a label such as `order_status`, `delivery_date`, `tracking_number`, `carrier`, `refund_amount`.
    #[must_use]
    pub fn from_label(label: &str) -> Self {
        let label = label.to_ascii_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| label.contains(part));
        if has(&["track"]) {
            Self::Tracking
        } else if has(&["carrier", "courier"]) {
            Self::Carrier
        } else if has(&["amount", "price", "total"]) {
            Self::Amount
        } else if has(&["date", "eta", "_at", "_on", "day"]) {
            Self::Date
        } else if has(&["status", "state"]) {
            Self::Status
        } else {
            Self::Other
        }
    }

    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Status,
        Self::Date,
        Self::Tracking,
        Self::Carrier,
        Self::Amount,
        Self::Other,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Date => "date",
            Self::Tracking => "tracking",
            Self::Carrier => "carrier",
            Self::Amount => "amount",
            Self::Other => "other",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it tells how far something is, so that a draft may say that it was sent.
    pub(crate) const fn tells_state(self) -> bool {
        matches!(
            self,
            Self::Status | Self::Date | Self::Tracking | Self::Carrier
        )
    }

    /// The key of its sentence in the playbook.
    pub(crate) const fn key(self) -> Option<&'static str> {
        match self {
            Self::Other => None,
            kind => Some(kind.code()),
        }
    }
}

/// A fact, sealed with the map of the thread: a value that is personal data is a tag.
#[derive(Clone, Debug)]
pub struct Fact {
    kind: FactKind,
    value: Redacted,
    about: Option<Redacted>,
    valid_until: Option<DateTime<Utc>>,
}

impl Fact {
    /// Makes a fact.
    #[must_use]
    pub fn new(kind: FactKind, value: Redacted) -> Self {
        Self {
            kind,
            value,
            about: None,
            valid_until: None,
        }
    }

    /// Says what it is about, an order for instance: it is used only when the customer speaks of that.
    #[must_use]
    pub fn about(mut self, key: Redacted) -> Self {
        self.about = Some(key);
        self
    }

    /// Says until when it holds; at that instant it is stale.
    #[must_use]
    pub fn valid_until(mut self, until: DateTime<Utc>) -> Self {
        self.valid_until = Some(until);
        self
    }

    /// What it says.
    #[must_use]
    pub const fn kind(&self) -> FactKind {
        self.kind
    }

    /// Its value.
    #[must_use]
    pub const fn value(&self) -> &Redacted {
        &self.value
    }

    /// What it is about.
    #[must_use]
    pub const fn key(&self) -> Option<&Redacted> {
        self.about.as_ref()
    }

    /// Until when it holds, where that was said.
    #[must_use]
    pub const fn holds_until(&self) -> Option<DateTime<Utc>> {
        self.valid_until
    }

    /// Whether it still holds.
    #[must_use]
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.valid_until.is_none_or(|until| now < until)
    }

    /// Whether it belongs to what a text speaks of: it names no tag, or one of the text.
    pub(crate) fn fits(&self, text: &Redacted) -> bool {
        self.about.as_ref().is_none_or(|key| {
            key.tags().is_empty() || key.tags().iter().any(|tag| text.tags().contains(tag))
        })
    }
}
