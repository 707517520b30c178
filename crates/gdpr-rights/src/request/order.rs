//! Orders and answers: every place that holds data is asked, and silence is an answer too, a bad one.

use std::collections::BTreeSet;
use std::fmt;

use retention_policy::CaseId;

use crate::Error;

/// The name of a place that holds personal data: a store, an index, a cache, an export.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(String);

impl SourceId {
    /// Names a source.
    ///
    /// # Errors
    /// [`Error::BadSource`] unless it is 1 to 64 characters of `a-z 0-9 - _`.
    pub fn new(name: &str) -> Result<Self, Error> {
        let fits = (1..=64).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        fits.then(|| Self(name.to_owned())).ok_or(Error::BadSource)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 32 random bytes that tie answers to one order: an answer kept from last time proves nothing now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nonce([u8; 32]);

impl Nonce {
    /// Takes random bytes of the caller.
    #[must_use]
    pub const fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(32 bytes)")
    }
}

/// What every registered source must answer.
#[derive(Clone, Debug)]
pub struct ScanOrder {
    case: CaseId,
    sources: BTreeSet<SourceId>,
    nonce: Nonce,
}

impl ScanOrder {
    /// Orders a scan of all registered sources.
    ///
    /// # Errors
    /// [`Error::NoSources`], [`Error::DuplicateSource`].
    pub fn new(
        case: CaseId,
        sources: impl IntoIterator<Item = SourceId>,
        nonce: Nonce,
    ) -> Result<Self, Error> {
        let mut set = BTreeSet::new();
        for source in sources {
            if !set.insert(source) {
                return Err(Error::DuplicateSource);
            }
        }
        if set.is_empty() {
            return Err(Error::NoSources);
        }
        Ok(Self {
            case,
            sources: set,
            nonce,
        })
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// The sources that must answer.
    pub fn sources(&self) -> impl Iterator<Item = &SourceId> {
        self.sources.iter()
    }

    /// What the answers must carry.
    #[must_use]
    pub fn nonce(&self) -> Nonce {
        self.nonce
    }
}

/// What one source answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    source: SourceId,
    nonce: Nonce,
    found: Option<u64>,
}

impl Answer {
    /// The source looked and found nothing.
    #[must_use]
    pub fn clean(source: &SourceId, nonce: Nonce) -> Self {
        Self::found(source, nonce, 0)
    }

    /// The source looked and found this many items that can still be read.
    #[must_use]
    pub fn found(source: &SourceId, nonce: Nonce, items: u64) -> Self {
        Self {
            source: source.clone(),
            nonce,
            found: Some(items),
        }
    }

    /// The source could not look, or has not finished. It keeps the case open.
    #[must_use]
    pub fn failed(source: &SourceId, nonce: Nonce) -> Self {
        Self {
            source: source.clone(),
            nonce,
            found: None,
        }
    }

    /// Who answers.
    #[must_use]
    pub fn source(&self) -> &SourceId {
        &self.source
    }

    /// How many items it found; `None` where it could not look.
    #[must_use]
    pub fn items(&self) -> Option<u64> {
        self.found
    }
}

/// Every source answered this order once and found nothing. Only [`conclude`] makes one.
///
/// ```compile_fail
/// let clean = gdpr_rights::CleanScan { case: todo!(), sources: 3 };
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct CleanScan {
    case: CaseId,
    sources: Vec<SourceId>,
}

impl CleanScan {
    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// Who answered, by name.
    #[must_use]
    pub fn sources(&self) -> &[SourceId] {
        &self.sources
    }

    /// Used up: there is one certificate a scan.
    pub(super) fn into_parts(self) -> (CaseId, Vec<SourceId>) {
        (self.case, self.sources)
    }
}

/// Why a scan is not clean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResidueReason {
    /// No answer.
    Silent,
    /// The source could not look.
    Failed,
    /// Something can still be read.
    Found(u64),
    /// The answer belongs to another order.
    WrongNonce,
    /// The source answered more than once.
    AnsweredTwice,
    /// Nobody asked this source.
    NotAsked,
}

/// What keeps a case open: a reason for each source that is not clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residue(Vec<(SourceId, ResidueReason)>);

impl Residue {
    /// Says which sources could not do what they were ordered to.
    #[must_use]
    pub fn of(mut reasons: Vec<(SourceId, ResidueReason)>) -> Self {
        reasons.sort_by(|(a, _), (b, _)| a.cmp(b));
        Self(reasons)
    }

    /// The sources and their reasons, by name.
    #[must_use]
    pub fn reasons(&self) -> &[(SourceId, ResidueReason)] {
        &self.0
    }
}

impl fmt::Display for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the scan is not clean:")?;
        for (source, reason) in &self.0 {
            write!(f, " {} {reason:?};", source.as_str())?;
        }
        Ok(())
    }
}

impl std::error::Error for Residue {}

/// Concludes an order: one answer a source, the same nonce, nothing found.
///
/// # Errors
/// [`Residue`] with every source that is silent, failed, found something, answered twice, answered another order or was
/// not asked.
pub fn conclude(order: &ScanOrder, answers: &[Answer]) -> Result<CleanScan, Residue> {
    let mut residue = Vec::new();
    for source in &order.sources {
        let mut own = answers.iter().filter(|a| a.source == *source);
        let reason = match (own.next(), own.next()) {
            (None, _) => Some(ResidueReason::Silent),
            (Some(_), Some(_)) => Some(ResidueReason::AnsweredTwice),
            (Some(a), None) if a.nonce != order.nonce => Some(ResidueReason::WrongNonce),
            (Some(a), None) => match a.found {
                None => Some(ResidueReason::Failed),
                Some(0) => None,
                Some(n) => Some(ResidueReason::Found(n)),
            },
        };
        residue.extend(reason.map(|r| (source.clone(), r)));
    }
    let strangers: BTreeSet<&SourceId> = answers
        .iter()
        .map(|a| &a.source)
        .filter(|s| !order.sources.contains(*s))
        .collect();
    residue.extend(
        strangers
            .into_iter()
            .map(|s| (s.clone(), ResidueReason::NotAsked)),
    );
    if residue.is_empty() {
        Ok(CleanScan {
            case: order.case,
            sources: order.sources.iter().cloned().collect(),
        })
    } else {
        Err(Residue(residue))
    }
}
