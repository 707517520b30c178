//! Two subjects that are one person.

use retention_policy::{Action, SubjectId, TenantId, Timestamp};

use super::row::pair;
use super::{Store, allowed_everywhere, leaf, not_gone};
use crate::audit::AuditEntry;
use crate::backend::{Outcome, Row, Scan, Table};
use crate::keyring::subject_key;
use crate::{Accessor, Error, Reason};

/// Most subjects that can be one person: a bound on the search, far above what a merge of accounts makes.
const MOST: usize = 1024;
const WHAT: &str = "a link of subjects";

impl Store {
    /// Says that two subjects are one person: found, held and erased together from now on. The entry in the audit names
    /// both (subject and object).
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Invalid`] for twice the same subject, [`Error::AlreadyErased`] if one was erased,
    /// [`Error::UnknownTenant`], [`Error::ReadOnly`], [`Error::Database`].
    pub async fn link(
        &self,
        a: SubjectId,
        b: SubjectId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.writable()?;
        if a == b {
            return Err(Error::Invalid {
                what: "linking needs two different subjects",
            });
        }
        let tenant = by.tenant();
        self.ring.tenant(tenant, now).await?;
        let entry = AuditEntry {
            subject: self.blind_subject(a),
            object: self.blind_subject(b),
            ..self.entry(Action::Link, by, why, now)
        };
        let table = |category| super::allowed(Action::Link, by, why, category);
        if !allowed_everywhere(Action::Link, by, why) && !table(retention_policy::Category::Session)
        {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        // Both directions, so that the whole group is found from any of its members.
        let row = |from: SubjectId, to: SubjectId| Row {
            key: [tenant.to_bytes(), from.to_bytes(), to.to_bytes()].concat(),
            refs: [Some(pair(tenant, &from.to_bytes())), None],
            value: to.to_bytes().to_vec(),
            ..Row::default()
        };
        let ops = vec![
            not_gone(subject_key(tenant, a)),
            not_gone(subject_key(tenant, b)),
            self.put_small(Table::Links, row(a, b)),
            self.put_small(Table::Links, row(b, a)),
            leaf(&entry),
        ];
        match self.commit(ops).await? {
            Outcome::Committed(_) => Ok(()),
            Outcome::Refused(_) => Err(self.refuse(entry, Error::AlreadyErased).await),
        }
    }

    /// The subject and everybody linked to it.
    pub(super) async fn linked(
        &self,
        tenant: TenantId,
        subject: SubjectId,
    ) -> Result<Vec<SubjectId>, Error> {
        let mut group = vec![subject];
        let mut next = 0;
        while let Some(subject) = group.get(next).copied() {
            next += 1;
            let value = pair(tenant, &subject.to_bytes());
            let scan = Scan::Ref {
                table: Table::Links,
                which: 0,
                value,
                after: 0,
                limit: MOST,
            };
            for row in self.backend.scan(scan).await? {
                let to: [u8; 16] = self
                    .seal
                    .open_row(Table::Links, &row, WHAT)?
                    .try_into()
                    .map_err(|_| Error::Corrupt { what: WHAT })?;
                let to = SubjectId::from_bytes(to);
                if !group.contains(&to) && group.len() < MOST {
                    group.push(to);
                }
            }
        }
        Ok(group)
    }

    /// Whether a tenant has linked subjects at all.
    pub(super) async fn has_links(&self, tenant: TenantId) -> Result<bool, Error> {
        let scan = Scan::Prefix {
            table: Table::Links,
            prefix: tenant.to_bytes().to_vec(),
            after: Vec::new(),
            limit: 1,
        };
        Ok(!self.backend.scan(scan).await?.is_empty())
    }

    /// Keys of the rows that link a subject.
    pub(super) async fn link_rows(
        &self,
        tenant: TenantId,
        subject: SubjectId,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let value = pair(tenant, &subject.to_bytes());
        let scan = Scan::Ref {
            table: Table::Links,
            which: 0,
            value,
            after: 0,
            limit: MOST,
        };
        Ok(self
            .backend
            .scan(scan)
            .await?
            .into_iter()
            .map(|row| row.key)
            .collect())
    }
}
