//! A case as bytes, to be sealed in a store. `docs/format.md` has the layout.

use chrono::{DateTime, Datelike as _, NaiveDate};
use retention_policy::{ActorId, CaseId, SubjectId, TenantId, Timestamp};
use sha2::{Digest as _, Sha256};

use super::facts::{
    ActingAs, AnswerTo, Art19, Channel, ExtensionReason, Extent, Ground, Identity, Lateness,
    Message, RefusalGround, Scope, Status, Work,
};
use super::limits::{CivilDay, Limits, WithoutPause};
use super::record::{Closing, DecidedBy, Decision, Extension, Notice, Restriction, Verdict, Wait};
use super::{Case, Recipients};
use crate::Error;
use crate::request::order::Nonce;
use crate::request::right::Right;

const VERSION: u8 = 1;
const CHECK: usize = 8;
const NO_GROUND: u8 = 255;

impl Case {
    /// The case as bytes, to be sealed in a store. The check at the end finds damage, not forgery: that is the seal's.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(vec![VERSION]);
        out.bytes(&self.id.to_bytes());
        out.bytes(&self.tenant.to_bytes());
        out.bytes(&self.subject.to_bytes());
        out.u8(right_code(self.right));
        out.u8(self.acting.code());
        out.u8(self.channel.code());
        out.u8(self.ground.map_or(NO_GROUND, Ground::code));
        out.instant(self.received);
        out.instant(self.opened);
        out.day(self.limits.base_due());
        out.day(self.limits.extended_due());
        out.day(self.limits.extension_notice_by());
        out.option(self.limits.without_pause(), |out, w| {
            out.day(w.base_due);
            out.day(w.extended_due);
        });
        out.u8(self.status.code());
        out.u8(self.identity.code());
        out.option(self.identity_wait, Writer::wait);
        out.option(self.clarification_wait, Writer::wait);
        out.u8(self.scope.code());
        out.u8(self.answer_to.code());
        out.option(self.instructed, Writer::instant);
        out.u8(self.answered.into());
        out.option(self.decision, Writer::decision);
        out.u8(self.work.code());
        out.option(self.rescan, |out, nonce| out.bytes(&nonce.to_bytes()));
        out.u8(self.clean.into());
        out.u8(match self.recipients {
            Recipients::Untold => 0,
            Recipients::Asked => 1,
            Recipients::Settled(how) => 2 + how.code(),
        });
        out.u8(self.closing.map_or(0, |c| 1 + c.message().code()));
        if let Some(Closing::Joined(survivor)) = self.closing {
            out.bytes(&survivor.to_bytes());
        }
        out.u8(self.returned.into());
        out.option(self.extension, |out, e| {
            out.u8(e.reason.code());
            out.bytes(&e.by.to_bytes());
            out.instant(e.at);
            out.option(e.notified, Writer::instant);
        });
        out.option(self.restriction, Writer::restriction);
        out.u8(self.reminded);
        out.u8(self.alarmed.code());
        out.option(self.closed, Writer::instant);
        let check = check_of(&out.0);
        out.bytes(&check);
        out.0
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`Error::UnknownCaseVersion`] for another version; [`Error::BadCase`] for bytes that are short, long, changed, or
    /// tell of a case that no step leads to.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let found = *bytes.first().ok_or(Error::BadCase)?;
        if found != VERSION {
            return Err(Error::UnknownCaseVersion { found });
        }
        let (body, check) = bytes.split_last_chunk::<CHECK>().ok_or(Error::BadCase)?;
        if check_of(body) != *check {
            return Err(Error::BadCase);
        }
        let mut input = Reader(body.get(1..).ok_or(Error::BadCase)?);
        read(&mut input)
            .filter(|case| input.0.is_empty() && case.is_coherent())
            .ok_or(Error::BadCase)
    }
}

fn read(input: &mut Reader<'_>) -> Option<Case> {
    Some(Case {
        id: CaseId::from_bytes(input.array()?),
        tenant: TenantId::from_bytes(input.array()?),
        subject: SubjectId::from_bytes(input.array()?),
        right: {
            let code = input.u8()?;
            Right::ALL.into_iter().find(|r| right_code(*r) == code)?
        },
        acting: ActingAs::from_code(input.u8()?)?,
        channel: Channel::from_code(input.u8()?)?,
        ground: match input.u8()? {
            NO_GROUND => None,
            code => Some(Ground::from_code(code)?),
        },
        received: input.instant()?,
        opened: input.instant()?,
        limits: {
            let (base, extended, notice) = (input.day()?, input.day()?, input.day()?);
            let without_pause = input.option(|input| {
                Some(WithoutPause {
                    base_due: input.day()?,
                    extended_due: input.day()?,
                })
            })?;
            Limits::new(base, extended, notice, without_pause).ok()?
        },
        status: Status::from_code(input.u8()?)?,
        identity: Identity::from_code(input.u8()?)?,
        identity_wait: input.option(Reader::wait)?,
        clarification_wait: input.option(Reader::wait)?,
        scope: Scope::from_code(input.u8()?)?,
        answer_to: AnswerTo::from_code(input.u8()?)?,
        instructed: input.option(Reader::instant)?,
        answered: input.bool()?,
        decision: input.option(Reader::decision)?,
        work: Work::from_code(input.u8()?)?,
        rescan: input.option(|input| Some(Nonce::from_random(input.array()?)))?,
        clean: input.bool()?,
        recipients: match input.u8()? {
            0 => Recipients::Untold,
            1 => Recipients::Asked,
            code => Recipients::Settled(Art19::from_code(code.checked_sub(2)?)?),
        },
        closing: match input.u8()? {
            0 => None,
            code => Some(match Message::from_code(code.checked_sub(1)?)? {
                Message::Answer => Closing::Answer,
                Message::Refusal => Closing::Refusal,
                Message::Joined => Closing::Joined(CaseId::from_bytes(input.array()?)),
                Message::Extension | Message::Lifting => return None,
            }),
        },
        returned: input.bool()?,
        extension: input.option(|input| {
            Some(Extension {
                reason: ExtensionReason::from_code(input.u8()?)?,
                by: ActorId::from_bytes(input.array()?),
                at: input.instant()?,
                notified: input.option(Reader::instant)?,
            })
        })?,
        restriction: input.option(Reader::restriction)?,
        reminded: input.u8()?,
        alarmed: Lateness::from_code(input.u8()?)?,
        closed: input.option(Reader::instant)?,
    })
}

const fn right_code(right: Right) -> u8 {
    match right {
        Right::Access => 0,
        Right::Rectification => 1,
        Right::Erasure => 2,
        Right::Restriction => 3,
        Right::Portability => 4,
        Right::Objection => 5,
        Right::HumanReview => 6,
        Right::WithdrawConsent => 7,
        Right::Recipients => 8,
        Right::MarketingObjection => 9,
    }
}

fn check_of(body: &[u8]) -> [u8; CHECK] {
    let digest: [u8; 32] = Sha256::digest(body).into();
    let mut check = [0; CHECK];
    for (to, from) in check.iter_mut().zip(digest) {
        *to = from;
    }
    check
}

struct Writer(Vec<u8>);

impl Writer {
    fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn instant(&mut self, at: Timestamp) {
        self.bytes(&at.timestamp().to_be_bytes());
        self.bytes(&at.timestamp_subsec_nanos().to_be_bytes());
    }

    fn day(&mut self, day: CivilDay) {
        self.bytes(&day.day().num_days_from_ce().to_be_bytes());
        self.instant(day.ends());
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.u8(value.is_some().into());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn wait(&mut self, wait: Wait) {
        self.instant(wait.asked);
        self.option(wait.answered, Self::instant);
    }

    fn decision(&mut self, decision: Decision) {
        match decision.verdict {
            Verdict::Grant(extent) => self.bytes(&[0, extent.code()]),
            Verdict::Refuse(ground) => self.bytes(&[1, ground.code()]),
        }
        match decision.by {
            DecidedBy::Lapse => self.u8(0),
            DecidedBy::Human(actor) => {
                self.u8(1);
                self.bytes(&actor.to_bytes());
            }
        }
        self.instant(decision.at);
    }

    fn restriction(&mut self, restriction: Restriction) {
        self.u8(restriction.ground.code());
        self.instant(restriction.since);
        match restriction.notice {
            Notice::None => self.u8(0),
            Notice::Queued => self.u8(1),
            Notice::Sent(at) => {
                self.u8(2);
                self.instant(at);
            }
        }
        self.option(restriction.lifted, Self::instant);
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn bool(&mut self) -> Option<bool> {
        match self.u8()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn instant(&mut self) -> Option<Timestamp> {
        let seconds = i64::from_be_bytes(self.array()?);
        DateTime::from_timestamp(seconds, u32::from_be_bytes(self.array()?))
    }

    fn day(&mut self) -> Option<CivilDay> {
        let day = NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(self.array()?))?;
        CivilDay::new(day, self.instant()?).ok()
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.bool()? {
            read(self).map(Some)
        } else {
            Some(None)
        }
    }

    fn wait(&mut self) -> Option<Wait> {
        Some(Wait {
            asked: self.instant()?,
            answered: self.option(Self::instant)?,
        })
    }

    fn decision(&mut self) -> Option<Decision> {
        let verdict = match (self.u8()?, self.u8()?) {
            (0, extent) => Verdict::Grant(Extent::from_code(extent)?),
            (1, ground) => Verdict::Refuse(RefusalGround::from_code(ground)?),
            _ => return None,
        };
        let by = if self.bool()? {
            DecidedBy::Human(ActorId::from_bytes(self.array()?))
        } else {
            DecidedBy::Lapse
        };
        Some(Decision {
            verdict,
            by,
            at: self.instant()?,
        })
    }

    fn restriction(&mut self) -> Option<Restriction> {
        let ground = Ground::from_code(self.u8()?)?;
        let since = self.instant()?;
        let notice = match self.u8()? {
            0 => Notice::None,
            1 => Notice::Queued,
            2 => Notice::Sent(self.instant()?),
            _ => return None,
        };
        Some(Restriction {
            ground,
            since,
            notice,
            lifted: self.option(Self::instant)?,
        })
    }
}
