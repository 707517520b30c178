//! A request comes in: the same reply for everybody is queued before anybody is looked for.

use crypto_store::{Accessor, NewRecord, Put};
use gdpr_rights::request::case::{Case, Limits, Opening};
use gdpr_rights::request::clock::Clock;
use gdpr_rights::{IntakeReply, Request};
use retention_policy::{CaseId, Category, Purpose, PurposeSet, SubjectId, Timestamp};
use zeroize::Zeroizing;

use super::file::CaseFile;
use super::{Desk, open_term, term};
use crate::desk::erase::ANSWER;
use crate::{Error, Intake, RightsRequest};

impl CaseFile {
    /// The request as proofs of identity are made for it: about the person where one was found.
    pub(super) fn request(&self) -> Request {
        Request {
            case: self.case.id(),
            tenant: self.case.tenant(),
            subject: self.person.unwrap_or(self.case.subject()),
            right: self.case.right(),
            received: self.case.received(),
        }
    }
}

impl Desk {
    /// Opens a case and queues the reply.
    ///
    /// The case is stored first, then `queue` gets the reply, and only then is anybody looked for: known and unknown people
    /// get the same bytes in the same order, however long a look-up takes and whatever becomes of it. Hand the reply to your
    /// outgoing mail in `queue` and return; it is called once, or not at all for a message that came before.
    ///
    /// Where the right limits the use of data (correction, restriction, objection, consent taken back), the use stops before
    /// this returns; [`Intake::pending`] says where it could not, and every [`Desk::advance`] tries again.
    ///
    /// # Errors
    /// [`Error::Rights`] for an instant of receipt in the future or a ground that belongs to another right,
    /// [`Error::Incomplete`] without a controller, a correction or anything to find the person by, [`Error::is_denied`];
    /// nothing was queued then.
    pub async fn request(
        &self,
        by: &Accessor,
        request: &RightsRequest,
        queue: impl FnOnce(&IntakeReply),
    ) -> Result<Intake, Error> {
        let now = self.now()?;
        self.may_read(by.tenant(), ANSWER.purpose())?;
        let opened = self.open_case(by, request, now).await;
        let (record, file, repeated) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                tracing::warn!(%error, "a request was not taken");
                return Err(error);
            }
        };
        let intake = Intake {
            case: file.case.id(),
            reply: IntakeReply::new(file.case.id(), file.language),
            deadline: self.deadline_of(by, &file.case)?,
            repeated,
            pending: false,
        };
        if repeated {
            tracing::info!(case = %intake.case, "a request came a second time");
        } else {
            queue(&intake.reply);
            tracing::info!(
                case = %intake.case,
                right = file.case.right().code(),
                due = %intake.deadline.base().due(),
                "a case was opened"
            );
        }
        let lock = self.cases.of(intake.case);
        let _one = lock.lock().await;
        // Somebody may have taken a repeated one on since it was read.
        let mut file = if repeated {
            match self.load(by, intake.case, now).await {
                Ok((_, file)) => file,
                Err(Error::UnknownCase) => return Ok(intake),
                Err(error) => return Err(error),
            }
        } else {
            file
        };
        match self.limit_use(by, record, &mut file, now).await {
            Ok(None) => Ok(intake),
            Ok(Some(_)) => Ok(Intake {
                pending: true,
                ..intake
            }),
            // The reply is on its way: what went wrong is said again by the next step.
            Err(error) => {
                tracing::warn!(case = %intake.case, %error, "the use of data is not limited yet");
                Ok(Intake {
                    pending: true,
                    ..intake
                })
            }
        }
    }

    async fn open_case(
        &self,
        by: &Accessor,
        request: &RightsRequest,
        now: Timestamp,
    ) -> Result<(retention_policy::RecordId, CaseFile, bool), Error> {
        let controller = self.controller(by)?;
        if request.person.known().expose().next().is_none() {
            return Err(Error::Incomplete(
                "a request names its person: give an address or a number to find them by",
            ));
        }
        let corrects = request.right == gdpr_rights::Right::Rectification;
        if corrects != request.correction.is_some() {
            return Err(Error::Incomplete(
                "a correction belongs to a request for rectification, and to no other",
            ));
        }
        let limits = {
            let clock = Clock::new(controller.zone, &controller.calendar);
            Limits::of(&clock.deadline(clock.received(request.received, now)?, &[])?)?
        };
        let id = CaseId::from_random(self.random()?);
        let opening = Opening {
            request: Request {
                case: id,
                tenant: by.tenant(),
                // Nobody has been looked for: an id that means nobody.
                subject: SubjectId::from_random(self.random()?),
                right: request.right,
                received: request.received,
            },
            acting: request.acting,
            channel: request.channel,
            ground: request.ground,
            limits,
        };
        let (case, _) = Case::open(opening, now)?;
        let file = CaseFile {
            language: request.language,
            secret: Zeroizing::new(self.random()?),
            identifiers: Some(request.person.clone()),
            shown: None,
            person: None,
            correction: request.correction.clone(),
            sent: None,
            intent: None,
            tombstone: None,
            erasures: Vec::new(),
            held: Vec::new(),
            said: false,
            restricted: false,
            hold: None,
            parcel: None,
            certificate: None,
            case,
        };
        let meta = self.meta(
            by.tenant(),
            file.case.subject(),
            Category::RightsCase,
            PurposeSet::only(Purpose::AnswerRequest),
            now,
        )?;
        let mut record =
            NewRecord::new(meta, file.encode()?.to_vec()).terms(vec![term(id)?, open_term()?]);
        if let Some(message) = &request.message {
            record = record.idempotency_key(
                format!("request\u{0}{}\u{0}{}", request.right.code(), message.0).as_bytes(),
            );
        }
        match self.store.put(record, by, &ANSWER, now).await? {
            Put::Stored(record) => {
                self.shelve(record, &meta, now).await?;
                Ok((record, file, false))
            }
            Put::AlreadyStored(record) => {
                let opened = self.store.get(record, by, &ANSWER, now).await?;
                Ok((record, CaseFile::decode(opened.expose())?, true))
            }
        }
    }
}
