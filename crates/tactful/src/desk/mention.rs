//! People who are only mentioned: found in other people's tickets, and taken out of them.

use std::collections::BTreeSet;

use crypto_store::{Accessor, Amendment, IndexTerm};
use pii_detect::Kind;
use retention_policy::{RecordId, SubjectId, Timestamp};

use super::Desk;
use super::erase::ANSWER;
use super::ingest::{Whose, term};
use crate::session::{decode, with_map};
use crate::{Customer, Error};

/// What became of mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mentions {
    /// Tickets of others that were sealed again without the person.
    pub(crate) taken_out: u64,
    /// Tickets of others that a hold keeps as they are.
    pub(crate) held: Vec<RecordId>,
}

impl Desk {
    /// Tickets of other people in which one of these identifiers stands. A name counts only with two words: by one alone
    /// nobody is known.
    pub(crate) async fn mentioned_in(
        &self,
        by: &Accessor,
        subject: SubjectId,
        identifiers: &Customer,
        now: Timestamp,
    ) -> Result<BTreeSet<RecordId>, Error> {
        let mut found = BTreeSet::new();
        for (kind, value) in identifiers.known().expose() {
            if kind == Kind::Person && value.split_whitespace().nth(1).is_none() {
                continue;
            }
            if let Some(term) = term(Whose::Mention, kind, value)? {
                found.extend(self.store.find(&term, by, &ANSWER, now).await?);
            }
        }
        for own in self.store.of_subject(subject, by, &ANSWER, now).await? {
            found.remove(&own);
        }
        Ok(found)
    }

    /// Seals those tickets again without the person; each earlier key goes.
    pub(crate) async fn take_out(
        &self,
        by: &Accessor,
        subject: SubjectId,
        identifiers: &Customer,
        now: Timestamp,
    ) -> Result<Mentions, Error> {
        let mut done = Mentions::default();
        for record in self.mentioned_in(by, subject, identifiers, now).await? {
            match self.take_out_of(by, record, identifiers, now).await {
                Ok(()) => done.taken_out += 1,
                Err(Error::Store(crypto_store::Error::Held)) => done.held.push(record),
                // It ended meanwhile, and the mention with it.
                Err(error) if error.is_expired() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    async fn take_out_of(
        &self,
        by: &Accessor,
        record: RecordId,
        identifiers: &Customer,
        now: Timestamp,
    ) -> Result<(), Error> {
        let known = identifiers.known();
        let opened = self.store.get(record, by, &ANSWER, now).await?;
        let map = decode(opened.expose())?.map;
        let theirs = map.of_person(&known);
        let mut terms: Vec<IndexTerm> = Vec::new();
        let values = theirs
            .iter()
            .filter_map(|tag| Some((tag.kind().kind()?, map.expose(tag)?)));
        for (kind, value) in values.chain(known.expose()) {
            if let Some(term) = term(Whose::Mention, kind, value)?
                && !terms.contains(&term)
            {
                terms.push(term);
            }
        }
        let body = with_map(opened.expose(), &map.without(&theirs)?)?;
        let change = Amendment::new(body.to_vec()).without(terms);
        self.store.amend(record, change, by, &ANSWER, now).await?;
        Ok(())
    }
}
