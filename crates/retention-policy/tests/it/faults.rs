//! What is refused of a policy, and in which words: line, key, reason, and what is allowed.

use retention_policy::{Category, Error, Period, Policy};

/// The error of a text that begins with the two lines every policy has.
fn error(rest: &str) -> String {
    let text = format!("schema = 1\nversion = 2\n{rest}");
    Policy::from_toml(&text).unwrap_err().to_string()
}

/// A rule whose lines are 3 (the header) to 6.
fn with_after(category: &str, trigger: &str, after: &str) -> String {
    error(&format!(
        "[[rule]]\ncategory = \"{category}\"\ntrigger = \"{trigger}\"\nafter = {after}\n"
    ))
}

#[test]
fn nothing_endless_can_be_said() {
    for word in [
        "\"forever\"",
        "\"unlimited\"",
        "\"inf\"",
        "\"Infinite\"",
        "\"never\"",
        "\"indefinite\"",
        "inf",
        "+inf",
        "-inf",
        "nan",
        "1e400",
    ] {
        assert_eq!(
            with_after("session", "created", word),
            "policy line 6, `rule.after`: nothing is kept without an end: name a period of at most 23 hours",
            "{word}"
        );
    }
    for value in [
        "\"-1d\"",
        "-1",
        "0",
        "24",
        "true",
        "\"\"",
        "\"1 week\"",
        "[\"1d\"]",
        "2026-01-01",
    ] {
        assert_eq!(
            with_after("draft", "created", value),
            "policy line 6, `rule.after`: must be a period like \"90s\", \"23h\", \"28d 23h\" or \"3 months\", and at most \
             28 days 23 hours",
            "{value}"
        );
    }
}

#[test]
fn a_policy_only_shortens() {
    for (category, within, beyond, most) in [
        ("session", "23h", "23h 1s", "23 hours"),
        ("attachment", "82800s", "1 month", "23 hours"),
        ("draft", "28d 23h", "29d", "28 days 23 hours"),
        ("usage", "1095d", "3 years", "1095 days"),
        ("template", "2 years", "1095d 1s", "1095 days"),
        ("rights_case", "1825d", "5 years", "1825 days"),
        ("consent", "4 years", "1826d", "1825 days"),
        ("billing", "10 years", "3654d", "3653 days"),
    ] {
        let text = |after: &str| {
            format!(
                "schema = 1\nversion = 2\n[[rule]]\ncategory = \"{category}\"\ntrigger = \"created\"\nafter = \"{after}\"\n"
            )
        };
        assert!(Policy::from_toml(&text(within)).is_ok(), "{category}");
        let error = Policy::from_toml(&text(beyond)).unwrap_err().to_string();
        let expected = if Period::parse(beyond).is_ok() {
            format!(
                "policy line 6, `rule.after`: is too long: a policy only shortens, the most allowed here is {most}"
            )
        } else {
            format!(
                "policy line 6, `rule.after`: must be a period like \"90s\", \"23h\", \"28d 23h\" or \"3 months\", and at \
                 most {most}"
            )
        };
        assert_eq!(error, expected);
    }
}

#[test]
fn no_time_at_all_only_after_something_happened() {
    for trigger in ["created", "last_activity"] {
        assert_eq!(
            with_after("session", trigger, "\"0s\""),
            "policy line 6, `rule.after`: must be more than no time: a record that ends when it is made is none"
        );
    }
    for trigger in [
        "delivered",
        "used",
        "discarded",
        "ticket_closed",
        "contract_end",
        "consent_withdrawn",
        "request",
    ] {
        let rule = crate::rule("session", trigger, "0s", "");
        crate::policy(&rule);
    }
    assert_eq!(
        with_after("session", "request", "\"1h\""),
        "policy line 6, `rule.after`: must be \"0s\": an erasure request ends a record at once, and no rule delays it"
    );
}

#[test]
fn every_fault_has_its_line_and_its_key() {
    let rule = "[[rule]]\ncategory = \"rights_case\"\ntrigger = \"created\"\nafter = \"1 year\"\n";
    let law = "[[obligation]]\nid = \"a\"\ncategory = \"billing\"\nlaw = \"L\"\narticle = \"1\"\ncountry = \"FR\"\n\
               trigger = \"created\"\nlasts = \"1 year\"\n";
    for (text, expected) in [
        (
            "retain = 1\n".to_owned(),
            "policy line 3: unknown key, known are schema, version, sweep_within, warn_before_end, rule, obligation",
        ),
        (
            "\n\n[limits]\n".to_owned(),
            "policy line 5: unknown key, known are schema, version, sweep_within, warn_before_end, rule, obligation",
        ),
        (
            format!("{rule}keep = true\n"),
            "policy line 7: unknown key, known are category, trigger, after, action, tenant, purpose, archive",
        ),
        (
            format!("{rule}\nnext = 1\nmore = 2\n"),
            "policy line 8: unknown key, known are category, trigger, after, action, tenant, purpose, archive",
        ),
        (
            format!("{rule}action = \"archive\"\n[rule.archive]\nfor = \"1 year\"\nwho = []\n"),
            "policy line 10: unknown key, known are for, readers",
        ),
        (
            format!("{law}page = 3\n"),
            "policy line 11: unknown key, known are id, category, law, article, country, trigger, lasts, tenant",
        ),
        (
            "rule = 3\n".to_owned(),
            "policy line 3, `rule`: must be tables in double brackets",
        ),
        (
            "[rule]\n".to_owned(),
            "policy line 3, `rule`: must be tables in double brackets",
        ),
        (
            "[[rule]]\n".to_owned(),
            "policy line 3, `rule.category`: is missing",
        ),
        (
            "[[rule]]\ncategory = \"session\"\nafter = \"1h\"\n".to_owned(),
            "policy line 3, `rule.trigger`: is missing",
        ),
        (
            "[[rule]]\ncategory = \"session\"\ntrigger = \"used\"\n".to_owned(),
            "policy line 3, `rule.after`: is missing",
        ),
        (
            "\n[[rule]]\ncategory = \"tickets\"\n".to_owned(),
            "policy line 5, `rule.category`: must be session, draft, usage, template, attachment, rights_case, consent or \
             billing",
        ),
        (
            "[[rule]]\ncategory = \"draft\"\ntrigger = \"opened\"\n".to_owned(),
            "policy line 5, `rule.trigger`: must be created, last_activity, delivered, used, discarded, ticket_closed, \
             contract_end, consent_withdrawn or request",
        ),
        (
            format!("{rule}action = \"keep\"\n"),
            "policy line 7, `rule.action`: must be erase, template or archive",
        ),
        (
            format!("{rule}action = \"template\"\n"),
            "policy line 7, `rule.action`: must be `template` for draft and session only",
        ),
        (
            format!("{rule}purpose = \"marketing\"\n"),
            "policy line 7, `rule.purpose`: must be draft_reply, prepare_reply, improve_service, operate, \
             legal_obligation, answer_request or secure",
        ),
        (
            format!("{rule}tenant = \"0011\"\n"),
            "policy line 7, `rule.tenant`: must be 32 digits of 0-9 and a-f",
        ),
        (
            format!("{rule}tenant = \"00112233445566778899AABBCCDDEEFF\"\n"),
            "policy line 7, `rule.tenant`: must be 32 digits of 0-9 and a-f",
        ),
        (
            format!("{rule}tenant = \"+0112233445566778899aabbccddeeff\"\n"),
            "policy line 7, `rule.tenant`: must be 32 digits of 0-9 and a-f",
        ),
        (
            format!("{rule}action = \"archive\"\n"),
            "policy line 3, `rule.archive`: is missing",
        ),
        (
            format!("{rule}[rule.archive]\nfor = \"1 year\"\nreaders = [\"auditor\"]\n"),
            "policy line 7, `rule.archive`: must be left out unless `action` is `archive`",
        ),
        (
            format!("{rule}action = \"archive\"\narchive = 1\n"),
            "policy line 8, `rule.archive`: must be a table",
        ),
        (
            format!("{rule}action = \"archive\"\n[rule.archive]\nreaders = [\"auditor\"]\n"),
            "policy line 8, `rule.archive.for`: is missing",
        ),
        (
            format!(
                "{rule}action = \"archive\"\n[rule.archive]\nfor = \"4 years\"\nreaders = [\"auditor\"]\n"
            ),
            "policy line 9, `rule.archive.for`: is too long: a policy only shortens, the most allowed here is 1459 days",
        ),
        (
            format!(
                "{rule}action = \"archive\"\n[rule.archive]\nfor = \"0s\"\nreaders = [\"auditor\"]\n"
            ),
            "policy line 9, `rule.archive.for`: must be a period like \"90s\", \"23h\", \"28d 23h\" or \"3 months\", and at \
             most 1459 days",
        ),
        (
            format!("{rule}action = \"archive\"\n[rule.archive]\nfor = \"1 year\"\nreaders = []\n"),
            "policy line 10, `rule.archive.readers`: must be at least one role and not every role",
        ),
        (
            format!(
                "{rule}action = \"archive\"\n[rule.archive]\nfor = \"1 year\"\n\
                 readers = [\"agent\", \"worker\", \"engineer\", \"privacy_officer\", \"auditor\"]\n"
            ),
            "policy line 10, `rule.archive.readers`: must be at least one role and not every role",
        ),
        (
            format!(
                "{rule}action = \"archive\"\n[rule.archive]\nfor = \"1 year\"\nreaders = [\"dpo\"]\n"
            ),
            "policy line 10, `rule.archive.readers`: must be a list of agent, worker, engineer, privacy_officer and auditor",
        ),
        (
            format!("{rule}\n{rule}"),
            "policy line 8, `rule`: says again what line 3 says",
        ),
        (
            format!("{law}\n{law}"),
            "policy line 12, `obligation.id`: says again what line 3 says",
        ),
        (
            law.replace("\"a\"", "\"A\""),
            "policy line 4, `obligation.id`: must be 1 to 40 bytes of a-z, 0-9 and -",
        ),
        (
            law.replace("billing", "session"),
            "policy line 5, `obligation.category`: must be rights_case, consent or billing: no law asks for the text of a \
             ticket",
        ),
        (
            law.replace("\"L\"", "\"\""),
            "policy line 6, `obligation.law`: must be 1 to 200 bytes in one line",
        ),
        (
            law.replace("\"L\"", "\"a\\nb\""),
            "policy line 6, `obligation.law`: must be 1 to 200 bytes in one line",
        ),
        (
            law.replace("\"FR\"", "\"US\""),
            "policy line 8, `obligation.country`: must be EU or a member state's code",
        ),
        (
            law.replace("\"created\"", "\"used\""),
            "policy line 9, `obligation.trigger`: must be created or contract_end",
        ),
        (
            law.replace("1 year", "11 years"),
            "policy line 10, `obligation.lasts`: must be a period like \"90s\", \"23h\", \"28d 23h\" or \"3 months\", and at \
             most 3653 days",
        ),
        (
            law.replace("billing", "consent")
                .replace("1 year", "6 years"),
            "policy line 10, `obligation.lasts`: is too long: a policy only shortens, the most allowed here is 1825 days",
        ),
        (
            law.replace("lasts = \"1 year\"\n", ""),
            "policy line 3, `obligation.lasts`: is missing",
        ),
        (
            "sweep_within = \"61s\"\n".to_owned(),
            "policy line 3, `sweep_within`: is too long: a policy only shortens, the most allowed here is 1 minute",
        ),
        (
            "sweep_within = \"0s\"\n".to_owned(),
            "policy line 3, `sweep_within`: must be a period like \"90s\", \"23h\", \"28d 23h\" or \"3 months\", and at most \
             1 minute",
        ),
        (
            format!(
                "warn_before_end = \"10h\"\n{}",
                crate::rule("session", "created", "10h", "")
            ),
            "policy line 3, `warn_before_end`: is too long: a policy only shortens, the most allowed here is 9 hours 59 minutes 59 seconds",
        ),
        ("\n= 3\n".to_owned(), "policy line 4: this is no TOML"),
        ("version = 3\n".to_owned(), "policy line 3: this is no TOML"),
    ] {
        assert_eq!(error(&text), expected, "{text}");
    }
}

#[test]
fn schema_and_version_are_said() {
    for (text, expected) in [
        ("", "policy line 1, `schema`: is missing"),
        (
            "# nothing\nversion = 3",
            "policy line 1, `schema`: is missing",
        ),
        (
            "schema = 2\nversion = 3",
            "policy line 1, `schema`: must be a whole number from 1 to 1",
        ),
        ("schema = 1", "policy line 1, `version`: is missing"),
        (
            "schema = 1\nversion = 0",
            "policy line 2, `version`: must be a whole number from 1 to 4294967295",
        ),
        (
            "schema = 1\nversion = -1",
            "policy line 2, `version`: must be a whole number from 1 to 4294967295",
        ),
        (
            "schema = 1\nversion = 4294967296",
            "policy line 2, `version`: must be a whole number from 1 to 4294967295",
        ),
        (
            "schema = 1\nversion = \"7\"",
            "policy line 2, `version`: must be a whole number from 1 to 4294967295",
        ),
    ] {
        assert_eq!(
            Policy::from_toml(text).unwrap_err().to_string(),
            expected,
            "{text}"
        );
    }
    let most = Policy::from_toml("schema = 1\nversion = 0xffff_ffff").unwrap();
    assert_eq!(most.version(), u32::MAX);
    let huge = format!("schema = 1\nversion = 2\n#{}", " ".repeat(1 << 20));
    assert_eq!(
        Policy::from_toml(&huge).unwrap_err().to_string(),
        "policy line 1, `policy`: must be at most 1 MiB of text"
    );
}

#[test]
fn no_error_holds_the_text() {
    let planted = "zoequill";
    for text in [
        format!("{planted} = 1"),
        format!("schema = \"{planted}\""),
        planted.to_owned(),
        format!("schema = 1\nversion = 1\n[[rule]]\ncategory = \"{planted}\""),
        format!("schema = 1\nversion = 1\n[[rule]]\n\"{planted}\" = 1"),
        format!("schema = 1\nversion = 1\n[[obligation]]\nid = \"{planted}!\""),
    ] {
        let error = Policy::from_toml(&text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(planted), "{error}");
    }
}

/// Callers branch on the kind and not on the words.
#[test]
fn faults_are_data() {
    let error = Policy::from_toml("schema = 1\nversion = 2\nsweep_within = \"1h\"").unwrap_err();
    let Error::Policy { line, key, fault } = error else {
        panic!("{error:?}")
    };
    assert_eq!((line, key), (3, "sweep_within"));
    assert!(
        matches!(fault, retention_policy::PolicyFault::TooLong { at_most } if at_most.as_seconds() == 60)
    );
    assert_eq!(Category::ALL.len(), 8);
}
