//! Whether something is held.

use retention_policy::{RecordId, SubjectId, TenantId, Timestamp};

use super::{DUTY_OF, RECORD, SUBJECT, StoredHold, TENANT, reference, tenant_holds};
use crate::Error;
use crate::backend::{Row, Scan, Table};
use crate::store::Store;
use crate::store::read::PAGE;
use crate::store::row::Head;

impl Store {
    /// Holds on a record or its person or tenant.
    pub(in crate::store) async fn holds_on(
        &self,
        tenant: TenantId,
        subject: SubjectId,
        record: Option<RecordId>,
    ) -> Result<Vec<StoredHold>, Error> {
        let mut found = Vec::new();
        if self.hold_count(tenant).await? == 0 {
            return Ok(found);
        }
        let mut asked = vec![reference(TENANT, tenant, &tenant.to_bytes())];
        asked.extend(record.map(|id| reference(RECORD, tenant, &id.to_bytes())));
        for subject in self.linked(tenant, subject).await? {
            asked.push(reference(SUBJECT, tenant, &subject.to_bytes()));
        }
        for value in asked {
            let scan = Scan::Ref {
                table: Table::Holds,
                which: 0,
                value,
                after: 0,
                limit: PAGE,
            };
            for row in self.backend.scan(scan).await? {
                found.push(StoredHold::from_row(self, &row)?);
            }
        }
        Ok(found)
    }

    /// Whether a hold or a duty stands on any record of these subjects.
    pub(in crate::store) async fn holds_any(
        &self,
        tenant: TenantId,
        group: &[SubjectId],
        now: Timestamp,
    ) -> Result<bool, Error> {
        for subject in group {
            let value = reference(DUTY_OF, tenant, &subject.to_bytes());
            let scan = Scan::Ref {
                table: Table::Holds,
                which: 0,
                value,
                after: 0,
                limit: PAGE,
            };
            if self
                .backend
                .scan(scan)
                .await?
                .iter()
                .any(|row| row.at.is_some_and(|at| at > now.timestamp()))
            {
                return Ok(true);
            }
        }
        for hold in self.holds_of(tenant).await? {
            for row in self.covered_quickly(tenant, &hold, group).await? {
                let (head, ..) = Head::from_row(&row)?;
                if hold.covers(&head) && group.contains(&head.meta.subject()) {
                    return Ok(true);
                }
            }
            let on_person = hold.tag == TENANT || group.iter().any(|s| s.to_bytes() == hold.scope);
            if hold.tag != RECORD && on_person {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The row of a record hold; person and tenant holds are decided without looking at rows.
    async fn covered_quickly(
        &self,
        tenant: TenantId,
        hold: &StoredHold,
        _: &[SubjectId],
    ) -> Result<Vec<Row>, Error> {
        if hold.tag == RECORD {
            self.covered(tenant, hold).await
        } else {
            Ok(Vec::new())
        }
    }

    /// Whether anything of a tenant must be kept.
    pub(in crate::store) async fn holds_tenant(
        &self,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<bool, Error> {
        for prefix in tenant_holds(tenant) {
            let scan = Scan::Prefix {
                table: Table::Holds,
                prefix,
                after: Vec::new(),
                limit: usize::MAX,
            };
            let rows = self.backend.scan(scan).await?;
            // A hold has no end of its own; a duty ends with its record.
            if rows
                .iter()
                .any(|row| row.at.is_none_or(|at| at > now.timestamp()))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
