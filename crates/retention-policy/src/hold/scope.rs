//! What a hold covers.

use crate::category::Category;
use crate::id::{RecordId, SubjectId};
use crate::record::RecordMeta;
use crate::wire::{Reader, Writer, whole};
use crate::{Error, Timestamp};

const VERSION: u8 = 1;
/// No category's byte.
const ANY: u8 = u8::MAX;

/// What a hold covers, within its tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// One record.
    Record(RecordId),
    /// All records of a person.
    Subject(SubjectId),
    /// All records of the tenant.
    Tenant,
    /// All records that a query finds, also those that are made later.
    Query(Query),
}

impl Scope {
    /// The scope as canonical bytes, for storage: version 1, a tag, what the tag needs.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::new(VERSION);
        match self {
            Self::Record(id) => out.u8(1).fixed(&id.to_bytes()),
            Self::Subject(id) => out.u8(2).fixed(&id.to_bytes()),
            Self::Tenant => out.u8(3),
            Self::Query(query) => out
                .u8(4)
                .u8(query.category.map_or(ANY, Category::to_byte))
                .maybe_time(query.made_from)
                .maybe_time(query.made_until),
        }
        .done()
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`Error::BadStored`] for all others.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, "a hold's scope", VERSION)?;
        let scope = match input.u8()? {
            1 => Self::Record(RecordId::from_bytes(input.fixed()?)),
            2 => Self::Subject(SubjectId::from_bytes(input.fixed()?)),
            3 => Self::Tenant,
            4 => {
                let category = match input.u8()? {
                    ANY => None,
                    byte => Some(input.some(Category::from_byte(byte))?),
                };
                let (from, until) = (input.maybe_time()?, input.maybe_time()?);
                let query = Query::new(category, from, until).map_err(|_| input.bad())?;
                Self::Query(query)
            }
            _ => return Err(input.bad()),
        };
        input.end()?;
        Ok(scope)
    }

    pub(super) fn covers(&self, meta: &RecordMeta, record: RecordId) -> bool {
        match self {
            Self::Record(id) => *id == record,
            Self::Subject(id) => *id == meta.subject(),
            Self::Tenant => true,
            Self::Query(query) => query.covers(meta),
        }
    }
}

/// Records of a kind, or made in a time, or both; also those made after the hold was placed.
///
/// ```
/// use retention_policy::{Category, Query};
/// let from = "2026-01-01T00:00:00Z".parse().unwrap();
/// assert!(Query::new(Some(Category::Draft), Some(from), None).is_ok());
/// assert!(Query::new(None, None, None).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    category: Option<Category>,
    made_from: Option<Timestamp>,
    made_until: Option<Timestamp>,
}

impl Query {
    /// Records of this kind, made from the first instant on and before the second. Instants count in whole seconds.
    ///
    /// # Errors
    /// [`Error::BadQuery`] when nothing is said, or the time is empty. All records of a tenant are [`Scope::Tenant`].
    pub fn new(
        category: Option<Category>,
        made_from: Option<Timestamp>,
        made_until: Option<Timestamp>,
    ) -> Result<Self, Error> {
        let exact = |at: Option<Timestamp>| at.map(|at| whole(at).ok_or(Error::BadQuery));
        let query = Self {
            category,
            made_from: exact(made_from).transpose()?,
            made_until: exact(made_until).transpose()?,
        };
        let empty = matches!(
            (query.made_from, query.made_until),
            (Some(from), Some(until)) if from >= until
        );
        if empty || (category.is_none() && made_from.is_none() && made_until.is_none()) {
            return Err(Error::BadQuery);
        }
        Ok(query)
    }

    /// Of which kind, if of one only.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.category
    }

    /// Made from this instant on.
    #[must_use]
    pub fn made_from(&self) -> Option<Timestamp> {
        self.made_from
    }

    /// Made before this instant.
    #[must_use]
    pub fn made_until(&self) -> Option<Timestamp> {
        self.made_until
    }

    fn covers(&self, meta: &RecordMeta) -> bool {
        let made = meta.expiry().made();
        self.category.is_none_or(|c| c == meta.category())
            && self.made_from.is_none_or(|from| made >= from)
            && self.made_until.is_none_or(|until| made < until)
    }
}
