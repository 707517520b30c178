//! Who asks, and why.

use retention_policy::{ActorId, Purpose, Role, TenantId};

/// Who acts: a person or a worker, in a role, for one tenant. An accessor of one tenant cannot name another's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accessor {
    actor: ActorId,
    role: Role,
    tenant: TenantId,
}

impl Accessor {
    /// Names who acts. The caller has authenticated them.
    pub fn new(actor: ActorId, role: Role, tenant: TenantId) -> Self {
        Accessor {
            actor,
            role,
            tenant,
        }
    }

    /// Who.
    pub fn actor(&self) -> ActorId {
        self.actor
    }

    /// In which role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// For which tenant.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }
}

/// Why somebody acts. A closed list of purposes is all there is to say: free text would end up in the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    purpose: Purpose,
}

impl Reason {
    /// Acts for this purpose.
    pub const fn new(purpose: Purpose) -> Self {
        Reason { purpose }
    }

    /// The purpose.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
}
