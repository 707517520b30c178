//! Who may do what, for which purpose, with which records: one table, deny by default (articles 25(2), 29, 32(4)).

mod roles;

use std::fmt;

pub use roles::RoleSet;

use crate::category::Category;
use crate::purpose::Purpose;

/// The part somebody plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Role {
    /// Answers customers.
    Agent,
    /// The sweeper and other work without a person.
    Worker,
    /// Keeps the service running.
    Engineer,
    /// The data protection officer and their team.
    PrivacyOfficer,
    /// Looks at what others did.
    Auditor,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [
        Self::Agent,
        Self::Worker,
        Self::Engineer,
        Self::PrivacyOfficer,
        Self::Auditor,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Worker => "worker",
            Self::Engineer => "engineer",
            Self::PrivacyOfficer => "privacy_officer",
            Self::Auditor => "auditor",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What is done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Action {
    /// A record is written.
    Create,
    /// A record is opened.
    Read,
    /// Records are looked up by an index term; nothing is opened.
    Find,
    /// A unit's key is destroyed because it was decided or is no longer needed.
    Shred,
    /// What is over is destroyed.
    Sweep,
    /// A person's key is destroyed.
    Erase,
    /// Two subjects are said to be one person.
    Link,
    /// A record is kept against its expiry, or let go.
    Hold,
    /// Records leave in a portable form.
    Export,
    /// The audit is read and checked.
    Verify,
    /// All records, or the keys, leave sealed.
    Backup,
    /// They are put back from such a file.
    Restore,
    /// Keys at the top are exchanged.
    Rotate,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 13] = [
        Self::Create,
        Self::Read,
        Self::Find,
        Self::Shred,
        Self::Sweep,
        Self::Erase,
        Self::Link,
        Self::Hold,
        Self::Export,
        Self::Verify,
        Self::Backup,
        Self::Restore,
        Self::Rotate,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Find => "find",
            Self::Shred => "shred",
            Self::Sweep => "sweep",
            Self::Erase => "erase",
            Self::Link => "link",
            Self::Hold => "hold",
            Self::Export => "export",
            Self::Verify => "verify",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Rotate => "rotate",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "allowed, in part, or not")]
pub enum Access {
    /// Not allowed.
    Denied,
    /// Allowed, but only the redacted parts may be shown.
    Masked,
    /// Allowed.
    Full,
}

struct Rule {
    role: Role,
    actions: &'static [Action],
    purposes: &'static [Purpose],
    categories: &'static [Category],
    access: Access,
}

const TICKET: &[Category] = &[Category::Session, Category::Draft, Category::Attachment];
/// What moves all records without opening one.
const SEALED: &[Action] = &[Action::Backup, Action::Restore];
const REPLY: &[Purpose] = &[Purpose::DraftReply, Purpose::PrepareReply];

/// The whole table. What no line allows is denied.
const TABLE: &[Rule] = &[
    Rule {
        role: Role::Agent,
        actions: &[
            Action::Create,
            Action::Read,
            Action::Find,
            Action::Shred,
            Action::Link,
        ],
        purposes: REPLY,
        categories: TICKET,
        access: Access::Full,
    },
    // Whether a draft may be made at all is asked before it is made.
    Rule {
        role: Role::Agent,
        actions: &[Action::Read, Action::Find],
        purposes: REPLY,
        categories: &[Category::Consent],
        access: Access::Full,
    },
    Rule {
        role: Role::Worker,
        actions: &[Action::Read, Action::Find],
        purposes: REPLY,
        categories: &[Category::Consent],
        access: Access::Full,
    },
    // Deciding writes down what became of the suggestion; nobody is in it.
    Rule {
        role: Role::Agent,
        actions: &[Action::Create],
        purposes: &[Purpose::ImproveService],
        categories: &[Category::Usage, Category::Template],
        access: Access::Full,
    },
    Rule {
        role: Role::Worker,
        actions: &[Action::Sweep, Action::Shred],
        purposes: &[Purpose::Operate],
        categories: &Category::ALL,
        access: Access::Full,
    },
    Rule {
        role: Role::Worker,
        actions: SEALED,
        purposes: &[Purpose::Operate],
        categories: &Category::ALL,
        access: Access::Full,
    },
    Rule {
        role: Role::Worker,
        actions: &[Action::Create, Action::Read, Action::Find],
        purposes: REPLY,
        categories: &[Category::Session, Category::Draft],
        access: Access::Full,
    },
    Rule {
        role: Role::Worker,
        actions: &[Action::Create, Action::Read, Action::Find],
        purposes: &[Purpose::ImproveService],
        categories: &[Category::Usage, Category::Template],
        access: Access::Full,
    },
    // What several drafts have in common becomes a template before they end. No person opens one for this.
    Rule {
        role: Role::Worker,
        actions: &[Action::Read, Action::Find],
        purposes: &[Purpose::ImproveService],
        categories: &[Category::Draft],
        access: Access::Full,
    },
    Rule {
        role: Role::Engineer,
        actions: &[Action::Read],
        purposes: &[Purpose::Operate],
        categories: &[Category::Draft, Category::Usage, Category::Template],
        access: Access::Masked,
    },
    Rule {
        role: Role::Engineer,
        actions: &[Action::Verify],
        purposes: &[Purpose::Operate, Purpose::Secure],
        categories: &Category::ALL,
        access: Access::Full,
    },
    Rule {
        role: Role::Engineer,
        actions: SEALED,
        purposes: &[Purpose::Operate],
        categories: &Category::ALL,
        access: Access::Full,
    },
    Rule {
        role: Role::PrivacyOfficer,
        actions: &[
            Action::Create,
            Action::Read,
            Action::Find,
            Action::Shred,
            Action::Erase,
            Action::Link,
            Action::Hold,
            Action::Export,
        ],
        purposes: &[Purpose::AnswerRequest, Purpose::LegalObligation],
        categories: &Category::ALL,
        access: Access::Full,
    },
    Rule {
        role: Role::PrivacyOfficer,
        actions: &[Action::Verify],
        purposes: &[
            Purpose::AnswerRequest,
            Purpose::LegalObligation,
            Purpose::Secure,
        ],
        categories: &Category::ALL,
        access: Access::Full,
    },
    Rule {
        role: Role::Auditor,
        actions: &[Action::Verify],
        purposes: &[Purpose::Secure],
        categories: &Category::ALL,
        access: Access::Full,
    },
];

/// Looks the table up.
///
/// ```
/// use retention_policy::{access, Access, Action, Category, Purpose, Role};
/// assert_eq!(access(Role::Agent, Action::Read, Purpose::DraftReply, Category::Session), Access::Full);
/// assert_eq!(access(Role::Agent, Action::Read, Purpose::ImproveService, Category::Session), Access::Denied);
/// assert_eq!(access(Role::Engineer, Action::Read, Purpose::Operate, Category::Session), Access::Denied);
/// ```
#[must_use]
pub fn access(role: Role, action: Action, purpose: Purpose, category: Category) -> Access {
    TABLE
        .iter()
        .filter(|rule| {
            rule.role == role
                && rule.actions.contains(&action)
                && rule.purposes.contains(&purpose)
                && rule.categories.contains(&category)
        })
        .map(|rule| rule.access)
        .max()
        .unwrap_or(Access::Denied)
}
