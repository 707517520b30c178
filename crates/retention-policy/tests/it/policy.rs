use retention_policy::{Category, Error, Policy};

#[test]
fn the_default_is_the_promise() {
    let policy = Policy::default();
    for (category, seconds) in [
        (Category::Session, 23 * 3600),
        (Category::Attachment, 23 * 3600),
        (Category::Draft, 28 * 86400 + 23 * 3600),
    ] {
        assert_eq!(policy.lifetime(category).as_seconds(), seconds);
    }
    assert_eq!(policy.warn_after().as_seconds(), 20 * 3600);
    assert_eq!(policy.alarm_after().as_seconds(), 23 * 3600 + 20 * 60);
    assert_eq!(policy.sweep_within().as_seconds(), 60);
    for category in Category::ALL {
        assert!(policy.lifetime(category) <= category.ceiling());
    }
}

#[test]
fn a_policy_shortens() {
    let policy = Policy::from_toml("session_hours = 4\ndraft_days = 7\n").unwrap();
    assert_eq!(policy.lifetime(Category::Session).as_seconds(), 4 * 3600);
    assert_eq!(policy.lifetime(Category::Draft).as_seconds(), 7 * 86400);
    assert!(policy.warn_after() < policy.lifetime(Category::Session));
    assert_eq!(Policy::from_toml("").unwrap(), Policy::default());
}

#[test]
fn a_policy_never_lengthens_and_a_fault_says_where() {
    assert_eq!(
        Policy::from_toml("session_hours = 24"),
        Err(Error::PolicyBounds {
            key: "session_hours",
            min: 1,
            max: 23
        })
    );
    assert!(Policy::from_toml("draft_days = 29").is_err());
    assert!(Policy::from_toml("session_hours = 0").is_err());
    assert!(Policy::from_toml("session_hours = -1").is_err());
    assert!(matches!(
        Policy::from_toml("draft_days = 3\n\nkeep_forever = true\n"),
        Err(Error::PolicyUnknownKey { line: 3, .. })
    ));
    assert!(matches!(
        Policy::from_toml("# fine\nsession_hours = \n"),
        Err(Error::PolicySyntax { line: 2 })
    ));
    assert!(matches!(
        Policy::from_toml("session_hours = 10\nwarn_hours = 10"),
        Err(Error::PolicyOrder { .. })
    ));
}

#[test]
fn no_error_holds_the_text() {
    for text in ["zoequill = 1", "session_hours = \"zoequill\"", "zoequill"] {
        let error = Policy::from_toml(text).unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("zoequill"),
            "{error}"
        );
    }
}
