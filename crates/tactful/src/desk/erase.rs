//! Erasing a person: every place is asked to erase, then every place is asked to look again.

use crypto_store::{Accessor, Reason};
use gdpr_rights::{Answer, ErasureCertificate, Nonce, ScanOrder, SourceId, conclude};
use pii_detect::Kind;
use retention_policy::{CaseId, Forget, Purpose, SubjectId};

use super::Desk;
use super::case::STORE;
use super::ingest::{Whose, term};
use crate::source::{Look, Person};
use crate::{Customer, Error};

/// Article 17 requests are answered, not drafted.
pub(super) const ANSWER: Reason = Reason::new(Purpose::AnswerRequest);

impl Desk {
    /// The subject that an identifier of a customer leads to, for the one who answers a request.
    ///
    /// # Errors
    /// [`Error::is_denied`] unless the role may search to answer requests.
    pub async fn find_person(
        &self,
        by: &Accessor,
        identifiers: &Customer,
    ) -> Result<Option<SubjectId>, Error> {
        let now = self.now()?;
        self.may_read(by.tenant(), ANSWER.purpose())?;
        for (kind, value) in identifiers.known().expose() {
            // A name or an order number may be somebody else's too; an address or number is one person's.
            if !matches!(kind, Kind::Email | Kind::Phone | Kind::CustomerId) {
                continue;
            }
            if let Some(term) = term(Whose::Customer, kind, value)?
                && let Some(subject) = self.store.find_subject(&term, by, &ANSWER, now).await?
            {
                return Ok(Some(subject));
            }
        }
        Ok(None)
    }

    /// Destroys a person's key, asks every registered source to erase and then to look again, and certifies what the
    /// second look showed. There is no certificate without it.
    ///
    /// # Errors
    /// [`Error::Residue`] with the sources that still hold something, failed or were silent: call again when they are mended.
    /// [`Error::is_denied`] for roles that may not erase; a hold on the person.
    pub async fn erase_person(
        &self,
        by: &Accessor,
        case: CaseId,
        subject: SubjectId,
        identifiers: &Customer,
    ) -> Result<ErasureCertificate, Error> {
        let now = self.now()?;
        self.may_read(by.tenant(), ANSWER.purpose())?;
        let person = Person {
            tenant: by.tenant(),
            subject,
            identifiers,
        };
        // A repeated call finds the key gone already and carries on with what is left of it.
        match self.store.erase_subject(subject, by, &ANSWER, now).await {
            Ok(_) => {}
            Err(error) if error.is_erased() => {}
            Err(error) => return Err(error.into()),
        }
        // After the key, and before anything is certified: a crash in between is a call that is repeated.
        self.forget([(by.tenant(), Forget::Subject(subject))], now)
            .await?;
        let mentions = self.take_out(by, subject, identifiers, now).await?;
        let settled = self.store.settle(now).await?;
        for source in &self.sources {
            if source.erase(&person).await.is_err() {
                tracing::warn!(source = source.id().as_str(), "a source could not erase");
            }
        }
        let own = SourceId::new(STORE)?;
        let ids = self.sources.iter().map(|s| s.id()).chain([own.clone()]);
        let order = ScanOrder::new(case, ids, Nonce::from_random(self.random()?))?;
        let mut answers = Vec::with_capacity(self.sources.len() + 1);
        answers.push(if settled.pending == 0 {
            let left = self.store.of_subject(subject, by, &ANSWER, now).await?;
            let mentioned = self.mentioned_in(by, subject, identifiers, now).await?;
            let left = left.len() + mentioned.len() - mentions.held.len();
            Answer::found(&own, order.nonce(), left as u64)
        } else {
            Answer::failed(&own, order.nonce())
        });
        for source in &self.sources {
            answers.push(source.scan(&order, &person, Look::Held).await);
        }
        let clean = conclude(&order, &answers)?;
        tracing::info!(%case, sources = answers.len(), "a person was erased and nothing was found again");
        Ok(ErasureCertificate::issue(clean, now))
    }
}
