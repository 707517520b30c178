//! One-time codes: eight digits, sent to an address that was on file before, good once.

use std::fmt;

use chrono::{DateTime, TimeDelta};
use retention_policy::{CaseId, RecordId, SubjectId, TenantId, Timestamp};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::key::IdentityKey;
use super::proof::Proof;
use crate::Error;
use crate::request::right::{Request, Right};

const DOMAIN: &[u8] = b"tactful/gdpr-rights/code/0";
/// Version byte of [`OneTimeCode::to_bytes`].
const VERSION: u8 = 0;
const DIGITS: usize = 8;
const TRIES: u8 = 5;

/// A way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Channel {
    /// Electronic mail.
    Email,
    /// A message to a telephone.
    Text,
    /// A letter.
    Post,
}

impl Channel {
    const ALL: [Self; 3] = [Self::Email, Self::Text, Self::Post];
}

/// The record that holds an address of a person. It is a handle and cannot hold an address: one that came with the request
/// does not fit in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "four facts of a record")]
pub struct AddressOnFile {
    /// Whose address.
    pub subject: SubjectId,
    /// The record.
    pub record: RecordId,
    /// What kind of address.
    pub channel: Channel,
    /// Since when the record holds this very address.
    pub since: Timestamp,
}

/// The eight digits to send. They are nowhere else: what is kept cannot be turned into them.
pub struct Digits(Zeroizing<String>);

impl Digits {
    /// The digits, for the message to the address on file.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digits({} digits)", self.0.len())
    }
}

/// Why a code did not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// It was made for another case, right, person or address. This costs no try.
    #[error("the code was made for another case, right or address: send a new one")]
    OtherCase,
    /// It has passed once.
    #[error("the code was used: send a new one")]
    Used,
    /// Five wrong tries came before. The right code fails as well.
    #[error("the code was tried five times: send a new one")]
    Exhausted,
    /// 15 minutes are over.
    #[error("the code is older than 15 minutes: send a new one")]
    Expired,
    /// It is from the future: the clock went back.
    #[error("the code is younger than now: check the clock")]
    NotYet,
    /// Wrong.
    #[error("the code is wrong: {left} tries are left")]
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// Bytes that no version of this crate wrote.
    #[error("the stored code is damaged: send a new one")]
    Damaged,
}

/// A code that was sent, as it is kept: an HMAC, bound to case, right, person and address; 5 tries, 15 minutes, once.
///
/// It has no hidden state. [`Self::check`] returns what to keep instead of it, and keeping the older value would give tries
/// back: it is written before the answer is given.
///
/// ```
/// use gdpr_rights::request::identity::{AddressOnFile, Channel, CodeError, IdentityKey, OneTimeCode};
/// use gdpr_rights::{Request, Right};
/// use retention_policy::{CaseId, RecordId, SubjectId, TenantId};
///
/// let subject = SubjectId::from_random([3; 16]);
/// let request = Request {
///     case: CaseId::from_random([1; 16]),
///     tenant: TenantId::from_random([2; 16]),
///     subject,
///     right: Right::Erasure,
///     received: "2026-03-02T09:00:00Z".parse().unwrap(),
/// };
/// let address = AddressOnFile {
///     subject,
///     record: RecordId::from_random([4; 16]),
///     channel: Channel::Email,
///     since: "2025-11-20T10:00:00Z".parse().unwrap(),
/// };
/// let key = IdentityKey::from_bytes([5; 32]);
/// let now = "2026-03-02T09:05:00Z".parse().unwrap();
///
/// let (kept, digits) = OneTimeCode::issue(&key, &request, address, [6; 32], now)?;
/// let (kept, proof) = kept.check(&key, &request, address, digits.expose(), now);
/// assert!(proof.is_ok());
/// let (_, again) = kept.check(&key, &request, address, digits.expose(), now);
/// assert_eq!(again.unwrap_err(), CodeError::Used);
/// # Ok::<(), gdpr_rights::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode {
    case: CaseId,
    tenant: TenantId,
    subject: SubjectId,
    right: Right,
    record: RecordId,
    channel: Channel,
    /// Seconds since 1970, as in the stored form.
    since: i64,
    issued: i64,
    wrong: u8,
    used: bool,
    mac: [u8; 32],
}

impl OneTimeCode {
    /// Minutes a code is good for.
    pub const MINUTES: i64 = 15;
    /// Length of the stored form in bytes.
    pub const LEN: usize = 5 + 4 * 16 + 2 * 8 + 32;

    /// Makes a code out of 32 random bytes of the caller: what to keep, and the digits to send to the address.
    ///
    /// # Errors
    /// [`Error::OtherPerson`] when the address is another person's; [`Error::AddressTooNew`] when it was not on file before
    /// the request came: whoever asks could have put it there.
    pub fn issue(
        key: &IdentityKey,
        request: &Request,
        address: AddressOnFile,
        random: [u8; 32],
        now: Timestamp,
    ) -> Result<(Self, Digits), Error> {
        if address.subject != request.subject {
            return Err(Error::OtherPerson);
        }
        if address.since >= request.received {
            return Err(Error::AddressTooNew);
        }
        let random = Zeroizing::new(random);
        // 256 bits over 10^8: no digit is likelier than another by more than 2^-229.
        let number = random.iter().fold(0_u64, |n, byte| {
            (n * 256 + u64::from(*byte)) % 10_u64.pow(DIGITS as u32)
        });
        let digits = Zeroizing::new(format!("{number:0width$}", width = DIGITS));
        let mut code = Self {
            case: request.case,
            tenant: request.tenant,
            subject: request.subject,
            right: request.right,
            record: address.record,
            channel: address.channel,
            since: address.since.timestamp(),
            issued: now.timestamp(),
            wrong: 0,
            used: false,
            mac: [0; 32],
        };
        code.mac = code.expected(key, &digits);
        Ok((code, Digits(digits)))
    }

    /// Tries what the person typed; blanks and hyphens in it do not count. Returns what to keep from now on.
    #[must_use = "the first value replaces this one, or the try is not counted"]
    pub fn check(
        &self,
        key: &IdentityKey,
        request: &Request,
        address: AddressOnFile,
        typed: &str,
        now: Timestamp,
    ) -> (Self, Result<Proof, CodeError>) {
        let mut after = self.clone();
        let result = after.try_once(key, request, address, typed, now);
        (after, result)
    }

    fn try_once(
        &mut self,
        key: &IdentityKey,
        request: &Request,
        address: AddressOnFile,
        typed: &str,
        now: Timestamp,
    ) -> Result<Proof, CodeError> {
        if !self.is_for(request, address) {
            return Err(CodeError::OtherCase);
        }
        if self.used {
            return Err(CodeError::Used);
        }
        if self.wrong >= TRIES {
            return Err(CodeError::Exhausted);
        }
        let age = now.timestamp() - self.issued;
        if age < 0 {
            return Err(CodeError::NotYet);
        }
        if age >= TimeDelta::minutes(Self::MINUTES).num_seconds() {
            return Err(CodeError::Expired);
        }
        let typed: Zeroizing<String> =
            Zeroizing::new(typed.chars().filter(|c| !matches!(c, ' ' | '-')).collect());
        if !bool::from(self.expected(key, &typed).ct_eq(&self.mac)) {
            self.wrong += 1;
            return Err(CodeError::Wrong {
                left: TRIES - self.wrong,
            });
        }
        self.used = true;
        Ok(Proof::by_code(request, now))
    }

    fn is_for(&self, request: &Request, address: AddressOnFile) -> bool {
        self.case == request.case
            && self.tenant == request.tenant
            && self.subject == request.subject
            && self.right == request.right
            && self.subject == address.subject
            && self.record == address.record
            && self.channel == address.channel
            && self.since == address.since.timestamp()
    }

    fn expected(&self, key: &IdentityKey, digits: &str) -> [u8; 32] {
        key.mac(&[
            DOMAIN,
            &self.case.to_bytes(),
            &self.tenant.to_bytes(),
            &self.subject.to_bytes(),
            self.right.code().as_bytes(),
            &self.record.to_bytes(),
            &[self.channel as u8],
            &self.since.to_be_bytes(),
            &self.issued.to_be_bytes(),
            digits.as_bytes(),
        ])
    }

    /// The kept form, to be sealed in a store: nothing in it leads to the digits without the key.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let right = Right::ALL.iter().position(|r| *r == self.right);
        let mut out = Vec::with_capacity(Self::LEN);
        out.push(VERSION);
        out.push(right.map_or(0xff, |n| n as u8));
        out.push(self.channel as u8);
        out.push(self.wrong);
        out.push(u8::from(self.used));
        out.extend_from_slice(&self.case.to_bytes());
        out.extend_from_slice(&self.tenant.to_bytes());
        out.extend_from_slice(&self.subject.to_bytes());
        out.extend_from_slice(&self.record.to_bytes());
        out.extend_from_slice(&self.since.to_be_bytes());
        out.extend_from_slice(&self.issued.to_be_bytes());
        out.extend_from_slice(&self.mac);
        out
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`CodeError::Damaged`] for all others.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodeError> {
        Self::read(bytes).ok_or(CodeError::Damaged)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let ([version, right, channel, wrong, used], rest) = bytes.split_first_chunk::<5>()?;
        let (case, rest) = rest.split_first_chunk::<16>()?;
        let (tenant, rest) = rest.split_first_chunk::<16>()?;
        let (subject, rest) = rest.split_first_chunk::<16>()?;
        let (record, rest) = rest.split_first_chunk::<16>()?;
        let (since, rest) = rest.split_first_chunk::<8>()?;
        let (issued, rest) = rest.split_first_chunk::<8>()?;
        let issued = i64::from_be_bytes(*issued);
        // Arithmetic with a time that no calendar has could overflow.
        DateTime::from_timestamp(issued, 0)?;
        (*version == VERSION && *wrong <= TRIES && *used <= 1).then_some(Self {
            case: CaseId::from_bytes(*case),
            tenant: TenantId::from_bytes(*tenant),
            subject: SubjectId::from_bytes(*subject),
            right: *Right::ALL.get(usize::from(*right))?,
            record: RecordId::from_bytes(*record),
            channel: *Channel::ALL.get(usize::from(*channel))?,
            since: i64::from_be_bytes(*since),
            issued,
            wrong: *wrong,
            used: *used == 1,
            mac: rest.try_into().ok()?,
        })
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneTimeCode")
            .field("case", &self.case)
            .field("right", &self.right)
            .field("channel", &self.channel)
            .field("wrong", &self.wrong)
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}
