//! Correcting a value in the sealed tickets (article 16): the map has the right one, the texts keep their tags.

use std::collections::BTreeSet;

use crypto_store::{Accessor, Amendment, IndexTerm};
use pii_detect::{Kind, Known};
use retention_policy::{Category, RecordId, Timestamp};

use super::file::CaseFile;
use crate::desk::Desk;
use crate::desk::erase::ANSWER;
use crate::desk::ingest::{Whose, term};
use crate::session::{decode, with_map};
use crate::{Correction, Error};

impl Desk {
    /// Records that may hold the value: the person's own, and tickets of others that speak of them.
    async fn tickets_with(
        &self,
        by: &Accessor,
        file: &CaseFile,
        now: Timestamp,
    ) -> Result<BTreeSet<RecordId>, Error> {
        let mut all = BTreeSet::new();
        if let Some(subject) = file.person {
            all.extend(self.store.of_subject(subject, by, &ANSWER, now).await?);
        }
        if let Some(identifiers) = &file.identifiers {
            let whose = file.request().subject;
            all.extend(self.mentioned_in(by, whose, identifiers, now).await?);
        }
        Ok(all)
    }

    /// Records in which the wrong value still stands.
    pub(super) async fn still_wrong(
        &self,
        by: &Accessor,
        file: &CaseFile,
        correction: &Correction,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut wrong = 0;
        for id in self.tickets_with(by, file, now).await? {
            let opened = self.store.get(id, by, &ANSWER, now).await?;
            if opened.meta().category() == Category::Session {
                let map = decode(opened.expose())?.map;
                wrong += u64::from(!map.of_person(&known(correction)).is_empty());
            }
        }
        Ok(wrong)
    }

    /// Seals those tickets again with the right value, found by it and no longer by the wrong one.
    pub(super) async fn correct_here(
        &self,
        by: &Accessor,
        file: &CaseFile,
        correction: &Correction,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (kind, right) = (correction.kind(), correction.expose_right());
        for id in self.tickets_with(by, file, now).await? {
            let opened = self.store.get(id, by, &ANSWER, now).await?;
            if opened.meta().category() == Category::Consent {
                // What they said is found by the right value, too.
                let change = Amendment::new(opened.expose().to_vec())
                    .without(of_customer(kind, correction.expose_wrong())?)
                    .with(of_customer(kind, right)?);
                self.store.amend(id, change, by, &ANSWER, now).await?;
                continue;
            }
            if opened.meta().category() != Category::Session {
                continue;
            }
            let map = decode(opened.expose())?.map;
            // Whole values alone: a part of a name may be somebody else's.
            let tags: BTreeSet<_> = map
                .of_person(&known(correction))
                .into_iter()
                .filter(|tag| tag.kind().kind() == Some(kind))
                .collect();
            let mut without: Vec<IndexTerm> = Vec::new();
            let mut with: Vec<IndexTerm> = Vec::new();
            let own = file.person == Some(opened.meta().subject());
            for whose in [Whose::Customer, Whose::Mention] {
                if matches!(whose, Whose::Customer) && !own
                    || matches!(whose, Whose::Mention) && tags.is_empty()
                {
                    continue;
                }
                without.extend(term(whose, kind, correction.expose_wrong())?);
                with.extend(term(whose, kind, right)?);
            }
            for tag in &tags {
                if let Some(value) = map.expose(tag) {
                    let old = term(Whose::Mention, kind, value)?;
                    without.extend(old.filter(|t| !without.contains(t)));
                }
            }
            let body = with_map(opened.expose(), &map.corrected(&tags, right))?;
            let change = Amendment::new(body.to_vec()).without(without).with(with);
            self.store.amend(id, change, by, &ANSWER, now).await?;
        }
        Ok(())
    }
}

fn of_customer(kind: Kind, value: &str) -> Result<Vec<IndexTerm>, Error> {
    Ok(term(Whose::Customer, kind, value)?.into_iter().collect())
}

fn known(correction: &Correction) -> Known {
    let mut known = Known::new();
    known.add(correction.kind(), correction.expose_wrong());
    known
}
