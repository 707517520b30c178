//! What is kept of a case: the case itself, and what the desk needs to go on with it.
//!
//! The person's identifiers lie in it until the case ends. What stays then names nobody.

mod bytes;

use gdpr_rights::request::case::{Case, Extent, Verdict};
use gdpr_rights::request::certificate::Method;
use gdpr_rights::request::identity::{AddressOnFile, Channel, OneTimeCode};
use gdpr_rights::{Language, SourceId};
use retention_policy::{HoldId, RecordId, SubjectId, Timestamp};
use zeroize::Zeroizing;

use bytes::{In, Out};

use crate::{Correction, Customer, Error};

/// Version byte of a stored case.
const VERSION: u8 = 0;

/// A package that waits to be fetched.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    pub(crate) record: RecordId,
    /// What the token is known by.
    pub(crate) id: [u8; 32],
    pub(crate) until: Timestamp,
    pub(crate) left: u8,
}

/// What a source held and did.
#[derive(Clone, Debug)]
pub(crate) struct Erasure {
    pub(crate) source: SourceId,
    pub(crate) before: u64,
    /// How, once it is done.
    pub(crate) method: Option<Method>,
}

/// A code that was sent, and where to.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) code: OneTimeCode,
    pub(crate) record: RecordId,
    pub(crate) since: Timestamp,
}

impl Sent {
    pub(crate) fn address(&self, subject: SubjectId) -> AddressOnFile {
        AddressOnFile {
            subject,
            record: self.record,
            channel: Channel::Email,
            since: self.since,
        }
    }
}

/// The sealed body of a case's record. It is never printed.
#[derive(Clone)]
pub(crate) struct CaseFile {
    pub(crate) case: Case,
    pub(crate) language: Language,
    /// The key of the one-time codes and of the blind person in the certificate; it ends with this record.
    pub(crate) secret: Zeroizing<[u8; 32]>,
    pub(crate) identifiers: Option<Customer>,
    /// What the request gave and only the person's own tickets have: shown to them there, and used for nothing else.
    pub(crate) shown: Option<Customer>,
    pub(crate) person: Option<SubjectId>,
    pub(crate) correction: Option<Correction>,
    pub(crate) sent: Option<Sent>,
    pub(crate) intent: Option<Vec<u8>>,
    pub(crate) tombstone: Option<[u8; 16]>,
    pub(crate) erasures: Vec<Erasure>,
    /// Tickets of others that a hold keeps as they are, with what they say of the person.
    pub(crate) held: Vec<RecordId>,
    /// Whether what the restriction says is written down with the person.
    pub(crate) said: bool,
    /// Whether the restriction of the case is in force in every source.
    pub(crate) restricted: bool,
    pub(crate) hold: Option<HoldId>,
    pub(crate) parcel: Option<Parcel>,
    /// The certificate, as it was signed: it names no person.
    pub(crate) certificate: Option<Vec<u8>>,
}

const METHODS: [Method; 2] = [Method::KeyDestroyed, Method::Deleted];

impl CaseFile {
    /// Whether only a part of what was asked is granted.
    pub(crate) fn is_in_part(&self) -> bool {
        let verdict = self.case.decision().map(|d| d.verdict);
        verdict == Some(Verdict::Grant(Extent::WithExceptions))
    }

    /// Forgets who it was about: the case has ended.
    pub(crate) fn forget(&mut self) {
        self.identifiers = None;
        self.shown = None;
        self.person = None;
        self.correction = None;
        self.sent = None;
    }

    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut out = Out(Zeroizing::new(vec![VERSION]));
        out.field(&self.case.to_bytes())?;
        out.field(self.language.code().as_bytes())?;
        out.field(&*self.secret)?;
        out.option(self.identifiers.as_ref(), Out::customer)?;
        out.option(self.shown.as_ref(), Out::customer)?;
        out.option(self.person.as_ref(), |out, p| out.bytes(&p.to_bytes()))?;
        out.option(self.correction.as_ref(), |out, c| {
            out.kind(c.kind())?;
            out.field(c.expose_wrong().as_bytes())?;
            out.field(c.expose_right().as_bytes())
        })?;
        out.option(self.sent.as_ref(), |out, sent| {
            out.field(&sent.code.to_bytes())?;
            out.bytes(&sent.record.to_bytes())?;
            out.instant(sent.since)
        })?;
        out.option(self.intent.as_ref(), |out, intent| out.bytes(intent))?;
        out.option(self.tombstone.as_ref(), |out, id| out.bytes(id))?;
        out.option(Some(&self.erasures), |out, all| {
            for one in all {
                out.field(one.source.as_str().as_bytes())?;
                out.bytes(&one.before.to_be_bytes())?;
                let how = one
                    .method
                    .and_then(|m| METHODS.iter().position(|x| *x == m));
                out.bytes(&[how.map_or(u8::MAX, |n| n as u8)])?;
            }
            Ok(())
        })?;
        out.option(Some(&self.held), |out, all| {
            all.iter().try_for_each(|id| out.bytes(&id.to_bytes()))
        })?;
        out.bytes(&[u8::from(self.said), u8::from(self.restricted)])?;
        out.option(self.hold.as_ref(), |out, hold| out.bytes(&hold.to_bytes()))?;
        out.option(self.parcel.as_ref(), |out, parcel| {
            out.bytes(&parcel.record.to_bytes())?;
            out.bytes(&parcel.id)?;
            out.instant(parcel.until)?;
            out.bytes(&[parcel.left])
        })?;
        out.option(self.certificate.as_ref(), |out, text| out.bytes(text))?;
        Ok(out.0)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = In(bytes);
        if input.array()? != [VERSION] {
            return Err(Error::DamagedCase);
        }
        let case = Case::from_bytes(input.field()?)?;
        let code = input.field()?;
        let language = Language::ALL
            .into_iter()
            .find(|l| l.code().as_bytes() == code)
            .ok_or(Error::DamagedCase)?;
        let secret = Zeroizing::new(input.all(In::field)?);
        let identifiers = input.option(In::customer)?;
        let shown = input.option(In::customer)?;
        let file = Self {
            case,
            language,
            secret,
            identifiers,
            shown,
            person: input.option(|i| Ok(SubjectId::from_bytes(i.array()?)))?,
            correction: input.option(|i| Correction::new(i.kind()?, i.text()?, i.text()?))?,
            sent: input.option(|i| {
                Ok(Sent {
                    code: OneTimeCode::from_bytes(i.field()?).map_err(gdpr_rights::Error::from)?,
                    record: RecordId::from_bytes(i.array()?),
                    since: i.instant()?,
                })
            })?,
            intent: input.option(|i| Ok(i.rest().to_vec()))?,
            tombstone: input.option(In::array)?,
            erasures: input
                .option(|i| {
                    let mut all = Vec::new();
                    while !i.0.is_empty() {
                        all.push(Erasure {
                            source: SourceId::new(i.text()?)?,
                            before: u64::from_be_bytes(i.array()?),
                            method: match i.array()? {
                                [u8::MAX] => None,
                                [n] => {
                                    Some(*METHODS.get(usize::from(n)).ok_or(Error::DamagedCase)?)
                                }
                            },
                        });
                    }
                    Ok(all)
                })?
                .unwrap_or_default(),
            held: input
                .option(|i| {
                    let mut all = Vec::new();
                    while !i.0.is_empty() {
                        all.push(RecordId::from_bytes(i.array()?));
                    }
                    Ok(all)
                })?
                .unwrap_or_default(),
            said: input.array()? == [1],
            restricted: input.array()? == [1],
            hold: input.option(|i| Ok(HoldId::from_bytes(i.array()?)))?,
            parcel: input.option(|i| {
                Ok(Parcel {
                    record: RecordId::from_bytes(i.array()?),
                    id: i.array()?,
                    until: i.instant()?,
                    left: u8::from_be_bytes(i.array()?),
                })
            })?,
            certificate: input.option(|i| Ok(i.rest().to_vec()))?,
        };
        if input.0.is_empty() {
            Ok(file)
        } else {
            Err(Error::DamagedCase)
        }
    }
}
