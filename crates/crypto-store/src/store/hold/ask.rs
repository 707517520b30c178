//! Whether something is held.

use retention_policy::{Scope, SubjectId, TenantId, Timestamp};

use super::{DUTY_OF, RECORD, SUBJECT, StoredHold, TENANT, reference, tenant_holds};
use crate::Error;
use crate::backend::{Scan, Table};
use crate::store::Store;
use crate::store::read::PAGE;
use crate::store::row::Head;

impl Store {
    /// Holds on a record: its own, its person's, its tenant's, and those whose query finds it.
    pub(in crate::store) async fn holds_on(&self, head: &Head) -> Result<Vec<StoredHold>, Error> {
        let tenant = head.tenant();
        let mut found = Vec::new();
        if self.hold_count(tenant).await? == 0 {
            return Ok(found);
        }
        let mut asked = vec![
            reference(TENANT, tenant, &tenant.to_bytes()),
            reference(RECORD, tenant, &head.id.to_bytes()),
        ];
        for subject in self.linked(tenant, head.meta.subject()).await? {
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
                let hold = StoredHold::from_row(&self.seal, &row)?;
                if hold.covers_found(head) {
                    found.push(hold);
                }
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
            let held = match hold.hold().scope() {
                Scope::Subject(on) => group.contains(&on),
                Scope::Record(_) => {
                    let of_group = |head: &Head| group.contains(&head.meta.subject());
                    !self.covered(tenant, &hold, of_group).await?.is_empty()
                }
                Scope::Query(_) => self.finds_any(tenant, &hold, group).await?,
                _ => true,
            };
            if held {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a query finds a record of these subjects.
    async fn finds_any(
        &self,
        tenant: TenantId,
        hold: &StoredHold,
        group: &[SubjectId],
    ) -> Result<bool, Error> {
        for subject in group {
            let mut after = 0;
            loop {
                let rows = self.rows_of(tenant, *subject, after).await?;
                for row in &rows {
                    if hold.covers_found(&Head::from_row(row)?.0) {
                        return Ok(true);
                    }
                }
                match rows.last() {
                    Some(last) if rows.len() == PAGE => after = last.seq,
                    _ => break,
                }
            }
        }
        Ok(false)
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
