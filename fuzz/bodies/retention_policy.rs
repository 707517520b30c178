//! What must hold of policies and of stored bytes for any bytes: one function a target.

use retention_policy::{Category, Contract, DeletionEvent, Error, Period, Policy, Release, Scope};

/// What any bytes go through.
pub(crate) type Body = fn(&[u8]);

/// Every target by name.
pub(crate) const ALL: [(&str, Body); 2] = [("policy", policy), ("stored", stored)];

/// A text is a policy that only shortens and says all of itself, or a fault with a line of the text.
pub(crate) fn policy(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(period) = Period::parse(&text) {
        assert_eq!(Period::parse(&period.to_string()), Ok(period));
    }
    match Policy::from_toml(&text) {
        Ok(policy) => {
            let again = Policy::from_toml(&policy.to_toml()).expect("its own text");
            assert_eq!(again, policy);
            assert!(policy.diff(&again).is_empty());
            for category in Category::ALL {
                assert!(policy.lifetime(category) <= category.ceiling());
            }
        }
        Err(
            Error::Policy { line, .. }
            | Error::PolicyUnknownKey { line, .. }
            | Error::PolicySyntax { line },
        ) => {
            assert!(line >= 1 && line <= text.matches('\n').count() + 1);
        }
        Err(error) => panic!("{error}"),
    }
}

/// Bytes are what they were written from, or nothing.
pub(crate) fn stored(data: &[u8]) {
    if let Ok(scope) = Scope::from_bytes(data) {
        assert_eq!(scope.to_bytes(), data);
    }
    if let Ok(release) = Release::from_bytes(data) {
        assert_eq!(release.to_bytes(), data);
    }
    if let Ok(contract) = Contract::from_bytes(data) {
        assert_eq!(contract.to_bytes(), data);
    }
    if let Ok(event) = DeletionEvent::from_bytes(data) {
        assert_eq!(event.to_bytes(), data);
    }
}
