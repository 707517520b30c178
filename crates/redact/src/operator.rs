//! What is done with a finding where a reversible tag is not wanted.
//!
//! ```
//! use pii_detect::{Detector, Known};
//! use redact::operator::{Applied, Means, Operator, Operators, apply};
//! use redact::{Kind, MapId, PseudonymMap};
//!
//! let detector = Detector::new();
//! let text = "Write to zoe.quirk@example.org or +33 6 12 34 56 78.";
//! let findings = detector.detect(text, &Known::new())?;
//! let operators = Operators::new().with(Kind::Email, Operator::Mask).with(Kind::Phone, Operator::Drop);
//! let mut map = PseudonymMap::new(MapId([4; 16]));
//! let mut means = Means::new(&mut map, &detector);
//! let Applied::Partial(text) = apply(text, &findings, &operators, &mut means)? else { return Err("state".into()) };
//! assert_eq!(text.expose(), "Write to z***@***.org or <PHONE>.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeMap;

use pii_detect::{Detector, Known};

use crate::map::{Label, PseudonymMap};
use crate::tag::TagKind;

mod apply;
mod date;
mod error;
mod generalise;
mod hash;
mod key;
mod mask;
mod surrogate;
mod text;

pub use apply::apply;
pub use error::OperatorError;
pub use generalise::Granularity;
pub(crate) use generalise::coarser;
pub use key::{HashKey, Seed};
pub use surrogate::Surrogates;
pub use text::{Applied, Partial, Replaced};

/// What is done with a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Operator {
    /// A tag of the map, which restores it.
    #[default]
    Tag,
    /// A bounded part of it: `***1234`, `z***@***.org`. Never more than a third; nothing of what has no harmless part.
    Mask,
    /// A coarser form that many share; where none is known, as [`Operator::Drop`].
    Generalise,
    /// Its kind alone: `<EMAIL>`.
    Drop,
    /// The value itself.
    Keep,
    /// A keyed code: `<EMAIL:...>`. Equal values have equal codes under one key, tenant and kind, so the result is
    /// pseudonymous, not anonymous: whoever has the key can try values. Values are equal in canonical form; a telephone
    /// number without a country code is read as one of the countries where the language of the text is spoken.
    Hash,
    /// A realistic stand-in, see [`Surrogates`]; where there is none, as [`Operator::Drop`].
    Surrogate,
}

/// Which operator each kind gets; a tag unless it is said otherwise.
///
/// ```
/// use redact::operator::{Operator, Operators};
/// use redact::{Kind, TagKind};
/// let own = TagKind::new("LOYALTY").ok_or("label")?;
/// let operators = Operators::new().with(Kind::Person, Operator::Surrogate).with(own.clone(), Operator::Hash);
/// assert_eq!(operators.of(&own), Operator::Hash);
/// assert_eq!(operators.of(&Kind::Email.into()), Operator::Tag);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operators {
    default: Operator,
    kinds: BTreeMap<TagKind, Operator>,
    dates: Granularity,
}

impl Operators {
    /// A tag for every kind.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One operator for every kind that has none of its own; a tenant's own kinds included.
    ///
    /// What a customer typed that looks like a tag ([`TagKind::TEXT`]) is not meant by that: it becomes a tag.
    #[must_use]
    pub fn all(operator: Operator) -> Self {
        Self {
            default: operator,
            ..Self::default()
        }
    }

    /// The operator of a kind, built in or a tenant's own.
    #[must_use]
    pub fn with(mut self, kind: impl Into<TagKind>, operator: Operator) -> Self {
        self.kinds.insert(kind.into(), operator);
        self
    }

    /// How coarse dates become under [`Operator::Generalise`]; years unless it is said otherwise.
    #[must_use]
    pub fn dates(mut self, granularity: Granularity) -> Self {
        self.dates = granularity;
        self
    }

    /// The operator of a kind.
    #[must_use]
    pub fn of(&self, kind: &TagKind) -> Operator {
        let chosen = self.kinds.get(kind).copied();
        chosen.unwrap_or(if *kind == TagKind::TEXT {
            Operator::Tag
        } else {
            self.default
        })
    }

    /// A kind for which this operator is chosen; `TEXT` stands for the default.
    fn kind_with(&self, operator: Operator) -> Option<TagKind> {
        let own = self.kinds.iter().find(|(_, chosen)| **chosen == operator);
        own.map(|(kind, _)| kind.clone())
            .or_else(|| (self.default == operator).then_some(TagKind::TEXT))
    }
}

/// What operators work with: the map of the conversation, the detector that looks again, keys and stand-ins.
#[derive(Debug)]
pub struct Means<'a> {
    map: &'a mut PseudonymMap,
    detector: &'a Detector,
    known: Option<&'a Known>,
    key: Option<(&'a HashKey, Label)>,
    surrogates: Option<&'a mut Surrogates>,
}

impl<'a> Means<'a> {
    /// The map for tags, and the detector for the second look.
    pub const fn new(map: &'a mut PseudonymMap, detector: &'a Detector) -> Self {
        Self {
            map,
            detector,
            known: None,
            key: None,
            surrogates: None,
        }
    }

    /// What is known of the customer, for the second look.
    #[must_use]
    pub const fn known(mut self, known: &'a Known) -> Self {
        self.known = Some(known);
        self
    }

    /// The key of [`Operator::Hash`] and the tenant whose codes they are: two tenants' codes cannot be compared.
    #[must_use]
    pub const fn key(mut self, key: &'a HashKey, tenant: Label) -> Self {
        self.key = Some((key, tenant));
        self
    }

    /// The stand-ins of [`Operator::Surrogate`].
    #[must_use]
    pub const fn surrogates(mut self, surrogates: &'a mut Surrogates) -> Self {
        self.surrogates = Some(surrogates);
        self
    }
}
