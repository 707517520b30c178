//! What is kept against a request for erasure (article 17(3)), item by item.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use retention_policy::{ActorId, Category, Timestamp};

use crate::Error;
use crate::request::words::Words;

/// A letter of article 17(3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "article 17(3) has five letters")]
pub enum ErasureException {
    /// (a) Freedom of expression and information.
    Expression,
    /// (b) A duty in law, or a task in the public interest.
    DutyOrTask,
    /// (c) Public health (article 9(2)(h), (i), 9(3)).
    PublicHealth,
    /// (d) Archives, research or statistics that the erasure would make impossible or seriously impair (article 89(1)).
    ArchiveOrResearch,
    /// (e) Legal claims.
    LegalClaims,
}

impl ErasureException {
    /// The article.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Expression => "17(3)(a)",
            Self::DutyOrTask => "17(3)(b)",
            Self::PublicHealth => "17(3)(c)",
            Self::ArchiveOrResearch => "17(3)(d)",
            Self::LegalClaims => "17(3)(e)",
        }
    }
}

/// Until when something is kept.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 13(2)(a): a period, or criteria for one"
)]
pub enum KeepUntil {
    /// Up to and with this day.
    Date(NaiveDate),
    /// Until this is so.
    Criterion(String),
}

impl fmt::Debug for KeepUntil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(day) => write!(f, "Date({day})"),
            Self::Criterion(text) => write!(f, "Criterion({} bytes)", text.len()),
        }
    }
}

/// What an exception has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "six parts, each of them a field of the draft"
)]
pub enum ExceptionPart {
    /// The law.
    Law,
    /// Its article.
    Provision,
    /// The categories of data.
    Categories,
    /// The end, or the criterion for it.
    Until,
    /// Who decided.
    DecidedBy,
    /// The reason.
    Reason,
}

/// What an exception is made of, filled in step by step.
#[derive(Clone, Default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a form: what it lacks is told by Exception::new"
)]
pub struct ExceptionDraft {
    /// The law, by its name.
    pub law: String,
    /// The article or section of it.
    pub provision: String,
    /// What is kept.
    pub categories: Vec<Category>,
    /// Until when.
    pub until: Option<KeepUntil>,
    /// The human who decided.
    pub decided_by: Option<ActorId>,
    /// Why it is needed in this case.
    pub reason: String,
}

impl fmt::Debug for ExceptionDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExceptionDraft({} bytes of reason)", self.reason.len())
    }
}

/// Something that is kept, by which law, until when, decided by whom and why. One without these cannot be made.
///
/// ```
/// use gdpr_rights::request::refusal::{ErasureException, Exception, ExceptionDraft, ExceptionPart, KeepUntil};
/// use gdpr_rights::Error;
/// use retention_policy::{ActorId, Category};
///
/// let now = "2026-03-20T09:00:00Z".parse().unwrap();
/// let draft = ExceptionDraft {
///     law: "Commercial code".into(),
///     provision: "section 257".into(),
///     categories: vec![Category::Billing],
///     decided_by: Some(ActorId::from_random([2; 16])),
///     reason: "Invoices are kept for tax audits.".into(),
///     ..ExceptionDraft::default()
/// };
/// let endless = Exception::new(ErasureException::DutyOrTask, draft.clone(), now);
/// assert_eq!(endless.unwrap_err(), Error::ExceptionIncomplete(ExceptionPart::Until));
///
/// let until = Some(KeepUntil::Date("2036-12-31".parse().unwrap()));
/// let kept = Exception::new(ErasureException::DutyOrTask, ExceptionDraft { until, ..draft }, now)?;
/// assert_eq!(kept.ground().article(), "17(3)(b)");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    ground: ErasureException,
    law: Words,
    provision: Words,
    categories: BTreeSet<Category>,
    until: Until,
    decided_by: ActorId,
    decided_at: Timestamp,
    reason: Words,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Until {
    Date(NaiveDate),
    Criterion(Words),
}

impl Exception {
    /// Notes an exception. Each text is at most 2,000 bytes.
    ///
    /// # Errors
    /// [`Error::ExceptionIncomplete`] with the first part that lacks or is too long; [`Error::ExceptionOver`] when its last
    /// day is before `decided_at`.
    pub fn new(
        ground: ErasureException,
        draft: ExceptionDraft,
        decided_at: Timestamp,
    ) -> Result<Self, Error> {
        let words = |text: &str, part| Words::new(text).ok_or(Error::ExceptionIncomplete(part));
        let law = words(&draft.law, ExceptionPart::Law)?;
        let provision = words(&draft.provision, ExceptionPart::Provision)?;
        let categories: BTreeSet<_> = draft.categories.into_iter().collect();
        if categories.is_empty() {
            return Err(Error::ExceptionIncomplete(ExceptionPart::Categories));
        }
        let until = match draft.until {
            None => return Err(Error::ExceptionIncomplete(ExceptionPart::Until)),
            Some(KeepUntil::Date(day)) if day < decided_at.date_naive() => {
                return Err(Error::ExceptionOver);
            }
            Some(KeepUntil::Date(day)) => Until::Date(day),
            Some(KeepUntil::Criterion(text)) => {
                Until::Criterion(words(&text, ExceptionPart::Until)?)
            }
        };
        Ok(Self {
            ground,
            law,
            provision,
            categories,
            until,
            decided_by: draft
                .decided_by
                .ok_or(Error::ExceptionIncomplete(ExceptionPart::DecidedBy))?,
            decided_at,
            reason: words(&draft.reason, ExceptionPart::Reason)?,
        })
    }

    /// The letter of article 17(3).
    #[must_use]
    pub fn ground(&self) -> ErasureException {
        self.ground
    }

    /// The law.
    #[must_use]
    pub fn law(&self) -> &str {
        self.law.expose()
    }

    /// Its article or section.
    #[must_use]
    pub fn provision(&self) -> &str {
        self.provision.expose()
    }

    /// What is kept.
    pub fn categories(&self) -> impl Iterator<Item = Category> {
        self.categories.iter().copied()
    }

    /// The last day, if there is one and not a criterion.
    #[must_use]
    pub fn last_day(&self) -> Option<NaiveDate> {
        match self.until {
            Until::Date(day) => Some(day),
            Until::Criterion(_) => None,
        }
    }

    /// The criterion for the end, if there is one and not a day.
    #[must_use]
    pub fn criterion(&self) -> Option<&str> {
        match &self.until {
            Until::Date(_) => None,
            Until::Criterion(words) => Some(words.expose()),
        }
    }

    /// The human who decided.
    #[must_use]
    pub fn decided_by(&self) -> ActorId {
        self.decided_by
    }

    /// When.
    #[must_use]
    pub fn decided_at(&self) -> Timestamp {
        self.decided_at
    }

    /// Why it is needed in this case.
    #[must_use]
    pub fn expose_reason(&self) -> &str {
        self.reason.expose()
    }
}
