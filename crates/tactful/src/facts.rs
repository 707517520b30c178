//! Where the desk asks what may be stated: the state of an order, the number of a parcel.

use std::fmt;

use async_trait::async_trait;
use pii_detect::{Kind, Known};
use redact::{Gate, Mark, Provenance, PseudonymMap, Redacted, SealError, TagKind};
use retention_policy::Timestamp;
use suggest_core::{Author, Fact, FactKind};
use zeroize::Zeroizing;

use crate::Customer;
use crate::session::SealedMessage;

/// The integrator's way to what is known of a ticket: the shop, the warehouse, the carrier.
///
/// It is asked once a ticket, while the ticket comes in, with the numbers that stand in it. What it says is sealed with the
/// ticket's map and kept as long as the ticket; the engine and models see tags. It must end by itself: give it a time limit
/// of its own.
///
/// ```
/// use tactful::suggest_core::FactKind;
/// use tactful::{FactKeys, FactSource, FactsUnavailable, Stated};
///
/// #[derive(Debug)]
/// struct Warehouse;
///
/// #[async_trait::async_trait]
/// impl FactSource for Warehouse {
///     async fn facts(&self, keys: &FactKeys) -> Result<Vec<Stated>, FactsUnavailable> {
///         Ok(keys
///             .orders()
///             .map(|order| Stated::new(FactKind::Status, "packed").about(order))
///             .collect())
///     }
/// }
/// ```
#[async_trait]
pub trait FactSource: Send + Sync + fmt::Debug {
    /// What is known of these numbers now. Nothing is an answer too.
    ///
    /// # Errors
    /// [`FactsUnavailable`]: the ticket goes on without facts.
    async fn facts(&self, keys: &FactKeys) -> Result<Vec<Stated>, FactsUnavailable>;
}

/// The source did not answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("the source of facts did not answer")]
#[expect(clippy::exhaustive_structs, reason = "there is nothing more to say")]
pub struct FactsUnavailable;

/// What a source is asked by: numbers from the customer's own messages, and what the helpdesk knows. Personal data; Debug
/// prints counts.
#[derive(Clone, Default)]
pub struct FactKeys {
    values: Vec<(Kind, Zeroizing<String>)>,
}

impl FactKeys {
    pub(crate) fn of(
        customer: Option<&Customer>,
        messages: &[SealedMessage],
        map: &PseudonymMap,
    ) -> Self {
        let mut keys = Self::default();
        let mut add = |kind, value: &str| {
            let asked = matches!(
                kind,
                Kind::Order | Kind::Tracking | Kind::CustomerId | Kind::Email
            );
            if asked && !keys.values.iter().any(|(k, v)| *k == kind && **v == value) {
                keys.values.push((kind, Zeroizing::new(value.to_owned())));
            }
        };
        for message in messages.iter().filter(|m| m.author == Author::Customer) {
            for tag in message.text.tags() {
                // Of addresses only the customer's own: a text may name anybody's.
                if let (Some(kind), Some(value)) = (tag.kind().kind(), map.expose(tag))
                    && kind != Kind::Email
                {
                    add(kind, value);
                }
            }
        }
        for (kind, value) in customer.map(Customer::known).unwrap_or_default().expose() {
            // Orders the helpdesk knows of are many; the ticket is about those it names.
            if kind != Kind::Order {
                add(kind, value);
            }
        }
        keys
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &str> {
        let own = self.values.iter().filter(move |(of, _)| *of == kind);
        own.map(|(_, value)| value.as_str())
    }

    /// Order numbers that stand in the customer's messages.
    pub fn orders(&self) -> impl Iterator<Item = &str> {
        self.of_kind(Kind::Order)
    }

    /// Parcel numbers that stand in the customer's messages.
    pub fn parcels(&self) -> impl Iterator<Item = &str> {
        self.of_kind(Kind::Tracking)
    }

    /// Customer and contract numbers, from the messages and from the helpdesk.
    pub fn customer_ids(&self) -> impl Iterator<Item = &str> {
        self.of_kind(Kind::CustomerId)
    }

    /// The customer's e-mail addresses as the helpdesk has them.
    pub fn emails(&self) -> impl Iterator<Item = &str> {
        self.of_kind(Kind::Email)
    }

    /// Whether there is nothing to ask by.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// What a value of an answer is recognised by.
    fn known(&self, customer: Option<&Customer>) -> Known {
        let mut known = customer.map(Customer::known).unwrap_or_default();
        for (kind, value) in &self.values {
            known.add(*kind, value);
        }
        known
    }
}

impl fmt::Debug for FactKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FactKeys({} values)", self.values.len())
    }
}

/// One thing a source says. Debug prints its kind.
#[derive(Clone)]
pub struct Stated {
    kind: FactKind,
    value: Zeroizing<String>,
    about: Option<Zeroizing<String>>,
    until: Option<Timestamp>,
}

impl Stated {
    /// Says something.
    #[must_use]
    pub fn new(kind: FactKind, value: impl Into<String>) -> Self {
        Self {
            kind,
            value: Zeroizing::new(value.into()),
            about: None,
            until: None,
        }
    }

    /// Says which order it is about: it is used only when the customer speaks of that.
    #[must_use]
    pub fn about(mut self, order: impl Into<String>) -> Self {
        self.about = Some(Zeroizing::new(order.into()));
        self
    }

    /// Says until when it holds.
    #[must_use]
    pub const fn until(mut self, at: Timestamp) -> Self {
        self.until = Some(at);
        self
    }

    /// The fact, with tags for what is personal.
    fn sealed(&self, gate: &Gate<'_>, map: &mut PseudonymMap) -> Result<Fact, SealError> {
        let value = match self.kind {
            // The number of a parcel leads to a person, whether or not it looks like one.
            FactKind::Tracking => whole(gate, &self.value, Kind::Tracking, map)?,
            _ => gate.seal(&self.value, map)?,
        };
        let mut fact = Fact::new(self.kind, value);
        if let Some(about) = &self.about {
            fact = fact.about(whole(gate, about, Kind::Order, map)?);
        }
        Ok(match self.until {
            Some(until) => fact.valid_until(until),
            None => fact,
        })
    }
}

impl fmt::Debug for Stated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stated({})", self.kind.code())
    }
}

/// Seals a value that is one of a kind from end to end.
fn whole(
    gate: &Gate<'_>,
    value: &str,
    kind: Kind,
    map: &mut PseudonymMap,
) -> Result<Redacted, SealError> {
    let value = value.trim();
    let marks: Vec<Mark> = Mark::new(0..value.len(), TagKind::from(kind))
        .into_iter()
        .collect();
    gate.seal_marks(value, &marks, map)
}

/// Asks the source and seals what it says. A source that does not answer, or says something that cannot be sealed, leaves the
/// ticket without that fact.
pub(crate) async fn asked(
    source: &dyn FactSource,
    customer: Option<&Customer>,
    messages: &[SealedMessage],
    detector: &pii_detect::Detector,
    map: &mut PseudonymMap,
) -> Vec<Fact> {
    let keys = FactKeys::of(customer, messages, map);
    if keys.is_empty() {
        return Vec::new();
    }
    let Ok(stated) = source.facts(&keys).await else {
        tracing::warn!("the source of facts did not answer: the ticket goes on without");
        return Vec::new();
    };
    let known = keys.known(customer);
    let gate = Gate::new(detector)
        .known(&known)
        .provenance(Provenance::Agent);
    let mut facts = Vec::with_capacity(stated.len());
    for one in &stated {
        match one.sealed(&gate, map) {
            Ok(fact) => facts.push(fact),
            Err(error) => {
                tracing::warn!(
                    kind = one.kind.code(),
                    code = error.code(),
                    "a fact was not sealed"
                );
            }
        }
    }
    facts
}
