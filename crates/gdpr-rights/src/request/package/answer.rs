use std::collections::BTreeMap;

use super::{Gap, Item, PackageError};
use crate::request::order::SourceId;

/// What a source answered when it was asked for a person's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceReport {
    source: SourceId,
    items: Option<u64>,
}

impl SourceReport {
    /// It looked, and gives this many items; none is an answer.
    #[must_use]
    pub fn answered(source: &SourceId, items: u64) -> Self {
        Self {
            source: source.clone(),
            items: Some(items),
        }
    }

    /// It could not look, or has not finished.
    #[must_use]
    pub fn failed(source: &SourceId) -> Self {
        Self {
            source: source.clone(),
            items: None,
        }
    }
}

/// Every source asked answered once and gave what it said; else every gap, by source.
pub(super) fn complete(
    asked: &[SourceId],
    reports: &[SourceReport],
    items: &[Item],
) -> Result<BTreeMap<SourceId, u64>, PackageError> {
    if asked.is_empty() {
        return Err(PackageError::NoSources);
    }
    let mut given: BTreeMap<&SourceId, u64> = asked.iter().map(|source| (source, 0)).collect();
    let mut gaps: BTreeMap<SourceId, Gap> = BTreeMap::new();
    let strangers = reports
        .iter()
        .map(|r| &r.source)
        .chain(items.iter().map(Item::source))
        .filter(|source| !given.contains_key(source));
    gaps.extend(strangers.map(|source| (source.clone(), Gap::NotAsked)));
    for item in items {
        if let Some(count) = given.get_mut(item.source()) {
            *count += 1;
        }
    }
    for (source, given) in &given {
        let mut own = reports.iter().filter(|r| r.source == **source);
        let gap = match (own.next().map(|r| r.items), own.next()) {
            (None, _) => Gap::Silent,
            (Some(_), Some(_)) => Gap::AnsweredTwice,
            (Some(None), None) => Gap::Failed,
            (Some(Some(said)), None) if said != *given => Gap::Miscounted {
                said,
                given: *given,
            },
            (Some(Some(_)), None) => continue,
        };
        gaps.insert((*source).clone(), gap);
    }
    if gaps.is_empty() {
        Ok(given.into_iter().map(|(s, n)| (s.clone(), n)).collect())
    } else {
        Err(PackageError::Incomplete(gaps.into_iter().collect()))
    }
}
