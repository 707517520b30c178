//! Two requests of one person become one.

use crypto_store::Accessor;
use gdpr_rights::request::case::merge_found;
use retention_policy::CaseId;

use crate::desk::Desk;
use crate::{Error, Progress};

impl Desk {
    /// Joins two cases of the same person, right and role. The first goes on with the earlier receipt of the two and is
    /// decided anew; the person is told that the second is handled with it, and then
    /// [`Step::Sent`](crate::Step::Sent) ends that one. What is left to do for both is in [`Progress::todo`].
    ///
    /// # Errors
    /// [`Error::Step`] when identity is not proved in both, they ask for different things, or work was ordered;
    /// [`Error::UnknownCase`], [`Error::TwoPeople`], [`Error::is_denied`]; the store failed: joining again is no error.
    pub async fn join(
        &self,
        by: &Accessor,
        survivor: CaseId,
        duplicate: CaseId,
    ) -> Result<Progress, Error> {
        let now = self.now()?;
        if survivor == duplicate {
            return Err(Error::UnknownCase);
        }
        // In the order of their ids, so that two who join the same two wait for each other and not in a ring.
        let locks = [survivor.min(duplicate), survivor.max(duplicate)].map(|c| self.cases.of(c));
        let [one, other] = &locks;
        let _both = (one.lock().await, other.lock().await);
        let mut first = self.begin(by, survivor, now).await?;
        let mut second = self.begin(by, duplicate, now).await?;
        for walk in [&mut first, &mut second] {
            self.find_whom(by, &mut walk.file, now).await?;
        }
        let about = |walk: &super::steps::Walk<'_>| walk.file.request().subject;
        let merger = merge_found(
            (&first.file.case, about(&first)),
            (&second.file.case, about(&second)),
            now,
        )?;
        first.file.case = merger.survivor;
        first.todo.extend(merger.survivor_effects);
        first.todo.extend(merger.duplicate_effects);
        second.file.case = merger.duplicate;
        // The one that goes on comes first: between the two nothing is lost, and joining again is no error.
        first.save().await?;
        second.save().await?;
        tracing::info!(case = %survivor, joined = %duplicate, "two cases became one");
        first.finish().await
    }
}
