//! A notice as bytes, to be kept until every place has answered.

use super::{Forget, Notice};
use crate::category::Category;
use crate::id::{RecordId, SubjectId, TenantId};
use crate::wire::{Reader, Writer};
use crate::{Error, Timestamp};

const VERSION: u8 = 1;
const ENDED: u8 = 0;
const SUBJECT: u8 = 1;
const RECORD: u8 = 2;
const TENANT: u8 = 3;

impl Notice {
    /// The notice as canonical bytes, version 1. Instants count in whole seconds.
    ///
    /// ```
    /// use retention_policy::*;
    /// # let at = "2026-03-02T09:00:00Z".parse().unwrap();
    /// let what = Forget::Record(RecordId::from_bytes([3; 16]));
    /// let notice = Notice { serial: 7, tenant: TenantId::from_random([1; 16]), what, at };
    /// assert_eq!(Notice::from_bytes(&notice.to_bytes())?, notice);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::new(VERSION);
        out.u64(self.serial)
            .fixed(&self.tenant.to_bytes())
            .time(self.at);
        match self.what {
            Forget::Ended { category, until } => {
                out.u8(ENDED).u8(category.to_byte()).time(until);
            }
            Forget::Subject(id) => {
                out.u8(SUBJECT).fixed(&id.to_bytes());
            }
            Forget::Record(id) => {
                out.u8(RECORD).fixed(&id.to_bytes());
            }
            Forget::Tenant => {
                out.u8(TENANT);
            }
        }
        out.done()
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`Error::BadStored`] for all others.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, "a notice", VERSION)?;
        let serial = input.u64()?;
        let tenant = TenantId::from_bytes(input.fixed()?);
        let at: Timestamp = input.time()?;
        let what = match input.u8()? {
            ENDED => {
                let category = Category::from_byte(input.u8()?);
                Forget::Ended {
                    category: input.some(category)?,
                    until: input.time()?,
                }
            }
            SUBJECT => Forget::Subject(SubjectId::from_bytes(input.fixed()?)),
            RECORD => Forget::Record(RecordId::from_bytes(input.fixed()?)),
            TENANT => Forget::Tenant,
            _ => return Err(input.bad()),
        };
        input.end()?;
        Ok(Self {
            serial,
            tenant,
            what,
            at,
        })
    }
}
