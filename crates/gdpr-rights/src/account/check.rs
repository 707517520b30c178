//! Promises and what shows that they are kept.

/// What a check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "kept, kept by people, or open")]
pub enum CheckStatus {
    /// A check ran now and passed.
    Kept,
    /// People keep it; a register shows how.
    Register,
    /// Nothing shows it.
    Open,
}

/// One promise with its check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    promise: String,
    check: &'static str,
    status: CheckStatus,
}

impl Check {
    /// Records what a check found: kept only if it ran and passed.
    #[must_use]
    pub fn ran(promise: impl Into<String>, check: &'static str, passed: bool) -> Self {
        Self {
            promise: promise.into(),
            check,
            status: if passed {
                CheckStatus::Kept
            } else {
                CheckStatus::Open
            },
        }
    }

    /// Records a promise that people keep, with the register that shows it.
    #[must_use]
    pub fn register(promise: impl Into<String>, register: &'static str) -> Self {
        Self {
            promise: promise.into(),
            check: register,
            status: CheckStatus::Register,
        }
    }

    /// The promise's identifier.
    #[must_use]
    pub fn promise(&self) -> &str {
        &self.promise
    }

    /// The check or register.
    #[must_use]
    pub fn check(&self) -> &'static str {
        self.check
    }

    /// What it says.
    #[must_use]
    pub fn status(&self) -> CheckStatus {
        self.status
    }
}
