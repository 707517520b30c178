//! Books of the desk: contracts and the policy in force, each a sealed record of the desk's own.
//!
//! A record has an end and a contract has none, so a book is written anew, under a fresh key, once what is written now would end
//! in a later bucket: with the first sweep of a week, or with what changes in it. The one before is shredded. A book that nobody
//! renews ends like every record.

use crypto_store::{Amendment, IndexTerm, NewRecord};
use retention_policy::{
    Category, Expiry, Purpose, PurposeSet, RecordId, RecordMeta, SubjectId, Timestamp,
};

use super::Desk;
use super::house::{BY_LAW, desk_for, house};
use crate::Error;

/// Where a book lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    record: RecordId,
    meta: RecordMeta,
}

impl Kept {
    pub(crate) fn record(&self) -> RecordId {
        self.record
    }
}

impl Desk {
    /// Writes a book for the first time.
    pub(crate) async fn open_book(
        &self,
        shelf: &'static str,
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<Kept, Error> {
        let by = self.house(now).await?;
        let meta = self.book_meta(SubjectId::from_random(self.random()?), now)?;
        let book = NewRecord::new(meta, body).terms(vec![term(shelf)?]);
        let record = self.store.put(book, &by, &BY_LAW, now).await?.id();
        Ok(Kept { record, meta })
    }

    /// Writes a book as it is now; the key of what it was goes. Where it was written anew, the one before comes back too: to be
    /// [shut](Self::shut_book) once the newer one is known.
    pub(crate) async fn write_book(
        &self,
        kept: Kept,
        shelf: &'static str,
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<(Kept, Option<Kept>), Error> {
        let by = self.house(now).await?;
        if !self.is_old(&kept, now)? {
            let change = Amendment::new(body);
            self.store
                .amend(kept.record, change, &by, &BY_LAW, now)
                .await?;
            return Ok((kept, None));
        }
        Ok((self.open_book(shelf, body, now).await?, Some(kept)))
    }

    /// Whether a book that is written now would end in a later bucket.
    pub(crate) fn is_old(&self, kept: &Kept, now: Timestamp) -> Result<bool, Error> {
        let newer = self.book_meta(kept.meta.subject(), now)?;
        Ok(newer.bucket().end() > kept.meta.bucket().end())
    }

    /// All books of a shelf with what is in them, the latest written first.
    pub(crate) async fn books(
        &self,
        shelf: &'static str,
        at: Timestamp,
    ) -> Result<Vec<(Kept, Vec<u8>)>, Error> {
        let mut books = Vec::new();
        if !self.store.has_tenant(house()).await? {
            return Ok(books);
        }
        let by = desk_for(house());
        for record in self.store.find(&term(shelf)?, &by, &BY_LAW, at).await? {
            let opened = self.store.get(record, &by, &BY_LAW, at).await?;
            let meta = *opened.meta();
            books.push((Kept { record, meta }, opened.expose().to_vec()));
        }
        books.sort_by_key(|(kept, _)| std::cmp::Reverse(kept.meta.expires_at()));
        Ok(books)
    }

    /// Shreds a book.
    pub(crate) async fn shut_book(&self, kept: Kept, now: Timestamp) -> Result<(), Error> {
        let by = self.house(now).await?;
        match self.store.shred(&[kept.record], &by, &BY_LAW, now).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_erased() || error.is_not_found() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn book_meta(&self, whose: SubjectId, now: Timestamp) -> Result<RecordMeta, Error> {
        // Not the policy's: a policy that ends its own book early would be forgotten.
        let expiry = Expiry::after(now, Category::RightsCase.ceiling())?;
        Ok(RecordMeta::new(
            house(),
            whose,
            Category::RightsCase,
            PurposeSet::only(Purpose::LegalObligation),
            self.region,
            expiry,
        )?)
    }
}

fn term(shelf: &'static str) -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new("book", shelf)?)
}
