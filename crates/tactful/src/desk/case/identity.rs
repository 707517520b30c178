//! Who asks: a one-time code to the address on file, and what counts as a proof.

use crypto_store::Accessor;
use gdpr_rights::request::case::{Event, Identity, NotNeeded};
use gdpr_rights::request::identity::{
    AddressOnFile, Channel, CodeError, Digits, Fact, FactKind, IdentityKey, Level, OneTimeCode,
    Proof,
};
use gdpr_rights::{Request, Verified};
use pii_detect::Kind;
use retention_policy::Timestamp;
use zeroize::Zeroizing;

use super::file::{CaseFile, Sent};
use crate::desk::Desk;
use crate::desk::erase::ANSWER;
use crate::desk::ingest::{Whose, term};
use crate::{Address, Error};

/// What a try of the person's came to.
pub(super) enum Tried {
    /// Enough: the case goes on.
    Passed,
    /// Not enough, or over: the person can be asked again.
    Failed(Error),
    /// Wrong, and there are tries left: nothing changes but their number.
    Again(Error),
}

impl Desk {
    /// Makes a code for the address that is on file, if one is. Where there is none the caller asks for more information;
    /// whoever asks cannot tell the difference but by having the address.
    pub(super) async fn make_code(
        &self,
        by: &Accessor,
        file: &mut CaseFile,
        now: Timestamp,
    ) -> Result<Option<(Digits, Address)>, Error> {
        file.sent = None;
        self.find_whom(by, file, now).await?;
        let Some((address, to)) = self.address(by, file, now).await? else {
            return Ok(None);
        };
        let random = self.random()?;
        let issued = OneTimeCode::issue(&key(file), &file.request(), address, random, now);
        let (code, digits) = match issued {
            Ok(made) => made,
            // An address that came with the request or after it proves nothing.
            Err(gdpr_rights::Error::AddressTooNew) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        file.sent = Some(Sent {
            code,
            record: address.record,
            since: address.since,
        });
        Ok(Some((digits, to)))
    }

    /// The oldest record that holds the address the person gave. That it is on file is what the blind index says: the
    /// address came with the request, and a record from before it has the same.
    async fn address(
        &self,
        by: &Accessor,
        file: &CaseFile,
        now: Timestamp,
    ) -> Result<Option<(AddressOnFile, Address)>, Error> {
        let (Some(subject), Some(identifiers)) = (file.person, &file.identifiers) else {
            return Ok(None);
        };
        let mut oldest: Option<(AddressOnFile, Address)> = None;
        for (kind, value) in identifiers.known().expose() {
            if kind != Kind::Email {
                continue;
            }
            let Some(term) = term(Whose::Customer, kind, value)? else {
                continue;
            };
            for record in self.store.find(&term, by, &ANSWER, now).await? {
                let opened = self.store.get(record, by, &ANSWER, now).await?;
                let since = opened.meta().expiry().made();
                if opened.meta().subject() == subject
                    && oldest.as_ref().is_none_or(|(known, _)| since < known.since)
                {
                    let address = AddressOnFile {
                        subject,
                        record,
                        channel: Channel::Email,
                        since,
                    };
                    let to = Address(Zeroizing::new(value.to_owned()));
                    oldest = Some((address, to));
                }
            }
        }
        Ok(oldest)
    }

    /// Tries what the person typed. The try is counted in `file`, which is stored before anything is said.
    pub(super) fn try_code(
        &self,
        by: &Accessor,
        file: &mut CaseFile,
        typed: &str,
        facts: [&[(FactKind, &str)]; 2],
        now: Timestamp,
    ) -> Result<Tried, Error> {
        let identity = file.case.identity();
        if !matches!(identity, Identity::Asked | Identity::Failed) {
            return Err(Error::NotAsked);
        }
        let request = file.request();
        let Some(sent) = &mut file.sent else {
            return Err(Error::NotAsked);
        };
        let key = IdentityKey::from_bytes(*file.secret);
        let address = sent.address(request.subject);
        let (kept, result) = sent.code.check(&key, &request, address, typed, now);
        sent.code = kept;
        let proof = match result {
            Ok(_) if identity == Identity::Failed => return Err(Error::NotAsked),
            Ok(proof) => proof,
            Err(wrong @ CodeError::Wrong { left: 1.. }) => {
                return Ok(Tried::Again(gdpr_rights::Error::from(wrong).into()));
            }
            // It was over before, and the case knows.
            Err(over) if identity == Identity::Failed => {
                return Ok(Tried::Again(gdpr_rights::Error::from(over).into()));
            }
            Err(over) => return Ok(Tried::Failed(gdpr_rights::Error::from(over).into())),
        };
        let [given, on_file] = facts;
        let proof = if given.is_empty() {
            proof
        } else {
            match with_facts(&key, &request, proof, given, on_file) {
                Ok(proof) => proof,
                Err(error) => return Ok(Tried::Failed(error.into())),
            }
        };
        let sensitivity = self.controller(by)?.sensitivity;
        Ok(
            match Verified::new(&request, sensitivity, Some(proof), now) {
                Ok(_) => Tried::Passed,
                Err(error) => Tried::Failed(error.into()),
            },
        )
    }

    /// What the case makes of a proof that the caller checked.
    pub(super) fn proved(&self, file: &CaseFile, verified: &Verified) -> Result<Event, Error> {
        if !verified.is_for(&file.request()) {
            return Err(gdpr_rights::Error::OtherPerson.into());
        }
        Ok(match (file.case.identity(), verified.level()) {
            (Identity::Unasked, Level::Session) => {
                Event::IdentityNotNeeded(NotNeeded::Authenticated)
            }
            _ => Event::IdentityVerified,
        })
    }
}

fn key(file: &CaseFile) -> IdentityKey {
    IdentityKey::from_bytes(*file.secret)
}

fn with_facts(
    key: &IdentityKey,
    request: &Request,
    proof: Proof,
    given: &[(FactKind, &str)],
    on_file: &[(FactKind, &str)],
) -> Result<Proof, gdpr_rights::Error> {
    let blind = |facts: &[(FactKind, &str)]| {
        facts
            .iter()
            .map(|(kind, text)| Fact::new(key, request, *kind, text))
            .collect::<Result<Vec<_>, _>>()
    };
    proof.with_facts(&blind(on_file)?, &blind(given)?)
}
