use retention_policy::{
    Category, Disposition, Lifetime, Period, Policy, Purpose, Role, RuleKey, Trigger,
};

use crate::{at, policy, rule, tenant};

/// The example of the documentation, with everything that can be said.
pub(crate) const FULL: &str = r#"
schema = 1
version = 7
sweep_within = "45s"
warn_before_end = "2h 30m"

[[rule]]
category = "session"
trigger = "created"
after = "20h"

[[rule]]
category = "session"
trigger = "last_activity"
after = "6h"
purpose = "draft_reply"
action = "template"

[[rule]]
category = "draft"
tenant = "00112233445566778899aabbccddeeff"
trigger = "created"
after = "14d"
action = "erase"

[[rule]]
category = "rights_case"
trigger = "created"
after = "1 year"
action = "archive"
[rule.archive]
for = "2 years"
readers = ["privacy_officer", "auditor"]

[[obligation]]
id = "invoices-fr"
category = "billing"
tenant = "00112233445566778899aabbccddeeff"
law = "Code de commerce, \"livre\" I"
article = "L123-22"
country = "FR"
trigger = "contract_end"
lasts = "10 years"
"#;

#[test]
fn the_default_is_the_promise() {
    let policy = Policy::default();
    let day = 86_400;
    for (category, seconds) in [
        (Category::Session, 23 * 3600),
        (Category::Attachment, 23 * 3600),
        (Category::Draft, 28 * day + 23 * 3600),
        (Category::Usage, 1095 * day),
        (Category::Template, 1095 * day),
        (Category::RightsCase, 1825 * day),
        (Category::Consent, 1825 * day),
        (Category::Billing, 3653 * day),
    ] {
        assert_eq!(policy.lifetime(category).as_seconds(), seconds);
        assert_eq!(policy.lifetime(category), category.ceiling());
        assert_eq!(
            policy.lifetime_for(tenant(1), category).as_seconds(),
            seconds
        );
    }
    assert_eq!(policy.version(), 1);
    assert_eq!(policy.warn_after().as_seconds(), 20 * 3600);
    assert_eq!(policy.warn_before_end().as_seconds(), 3 * 3600);
    assert_eq!(policy.alarm_after().as_seconds(), 23 * 3600 + 20 * 60);
    assert_eq!(policy.sweep_within().as_seconds(), 60);
    let accounts: Vec<String> = policy
        .obligations()
        .iter()
        .map(|o| o.id().to_string())
        .collect();
    assert_eq!(accounts, ["accounting"]);
}

#[test]
fn nothing_said_is_the_default() {
    let said = Policy::from_toml("schema = 1\nversion = 1\n").unwrap();
    assert_eq!(said, Policy::default());
}

#[test]
fn everything_that_can_be_said_is_read() {
    let policy = Policy::from_toml(FULL).unwrap();
    let own = "00112233-4455-6677-8899-aabbccddeeff";
    let own = retention_policy::TenantId::parse(own).unwrap();
    assert_eq!(policy.version(), 7);
    assert_eq!(policy.sweep_within().as_seconds(), 45);
    assert_eq!(policy.warn_before_end().as_seconds(), 9000);
    assert_eq!(policy.lifetime(Category::Session).as_seconds(), 20 * 3600);
    assert_eq!(policy.warn_after().as_seconds(), 63_000);
    let draft = Category::Draft;
    assert_eq!(policy.lifetime(draft), draft.ceiling());
    assert_eq!(policy.lifetime_for(own, draft), Lifetime::days(14).unwrap());
    assert_eq!(policy.lifetime_for(tenant(5), draft), draft.ceiling());
    assert_eq!(
        policy.lifetime(Category::RightsCase),
        Lifetime::days(366 + 731).unwrap()
    );
    let case = policy
        .rules()
        .iter()
        .find(|r| r.archive().is_some())
        .unwrap();
    let readers = case.archive().unwrap().readers;
    assert!(readers.contains(Role::PrivacyOfficer) && readers.contains(Role::Auditor));
    assert_eq!(readers.iter().count(), 2);
    let by_activity = policy.rules().iter().find(|r| {
        r.key()
            == RuleKey {
                category: Category::Session,
                tenant: None,
                trigger: Trigger::LastActivity,
                purpose: Some(Purpose::DraftReply),
            }
    });
    assert_eq!(by_activity.unwrap().disposition(), Disposition::Template);
    let law = &policy.obligations()[1];
    assert_eq!(law.law(), "Code de commerce, \"livre\" I");
    assert_eq!((law.article(), law.country()), ("L123-22", "FR"));
    assert_eq!(law.lasts(), Period::months(120).unwrap());
    assert_eq!(law.tenant(), Some(own));
}

#[test]
fn a_policy_says_all_of_itself() {
    for policy in [Policy::default(), Policy::from_toml(FULL).unwrap()] {
        let text = policy.to_toml();
        let again = Policy::from_toml(&text).unwrap();
        assert_eq!(again, policy);
        assert_eq!(again.to_toml(), text);
    }
}

#[test]
fn expiries_are_counted_by_the_calendar_and_by_the_law() {
    let archived = Policy::from_toml(FULL).unwrap();
    let made = at("2027-03-01T12:00:00.75Z");
    let case = archived.expiry(Category::RightsCase, made).unwrap();
    assert_eq!(case.at(), at("2030-03-01T12:00:00Z"));
    // A law that counts from the making writes the end, one that counts from the end of a contract does not.
    let short = rule("billing", "created", "30d", "");
    let billing = policy(&short).expiry(Category::Billing, made).unwrap();
    assert_eq!(billing.at(), at("2037-03-01T12:00:00Z"));
    let law = "[[obligation]]\nid = \"accounting\"\ncategory = \"billing\"\nlaw = \"BAO\"\narticle = \"132\"\n\
               country = \"AT\"\ntrigger = \"contract_end\"\nlasts = \"7 years\"\n";
    let billing = policy(&format!("{short}{law}")).expiry(Category::Billing, made);
    assert_eq!(billing.unwrap().at(), at("2027-03-31T12:00:00Z"));
}

#[test]
fn a_shortened_session_is_warned_of_in_time() {
    for (life, warned) in [
        ("23h", 20 * 3600),
        ("4h", 4 * 3600 - 1878),
        ("1m", 54),
        ("1s", 1),
    ] {
        let policy = policy(&rule("session", "created", life, ""));
        let life = policy.lifetime(Category::Session);
        assert_eq!(policy.warn_after().as_seconds(), warned);
        assert!(policy.warn_after() <= life);
        assert_eq!(Policy::from_toml(&policy.to_toml()).unwrap(), policy);
    }
}

/// What the default ends early stays ended early unless a rule says otherwise by name.
#[test]
fn rules_of_the_house_stay_until_they_are_replaced() {
    let said = policy(&rule("session", "used", "10m", ""));
    let after = |trigger| {
        let key = RuleKey {
            category: Category::Session,
            tenant: None,
            trigger,
            purpose: None,
        };
        said.rules()
            .iter()
            .find(|r| r.key() == key)
            .unwrap()
            .after()
    };
    assert_eq!(after(Trigger::Used).longest(), 600);
    assert_eq!(after(Trigger::Delivered), Period::ZERO);
    assert_eq!(after(Trigger::Discarded), Period::ZERO);
}

/// The rule that ends a record says what becomes of it; where two may be meant, the one that keeps nothing counts.
#[test]
fn each_reason_has_its_disposition() {
    use retention_policy::DueReason::{ConsentWithdrawn, Default, Erasure, Expired, PurposeOver};
    let of = |policy: &Policy| {
        let meta = crate::made_under(policy, Category::Draft, at(crate::MADE));
        let reasons = [
            Expired,
            Default,
            PurposeOver(Trigger::TicketClosed),
            PurposeOver(Trigger::Used),
            Erasure,
            ConsentWithdrawn,
        ];
        let template = |reason| policy.disposition(&meta, reason) == Disposition::Template;
        reasons.map(template)
    };
    let house = Policy::default();
    assert_eq!(of(&house), [true, true, false, false, false, false]);
    assert!(house.makes_templates(tenant(1), Category::Draft));
    assert!(!house.makes_templates(tenant(1), Category::Session));

    let template = "action = \"template\"";
    let closed = rule("draft", "ticket_closed", "2h", template);
    let both = policy(&closed);
    assert_eq!(of(&both), [true, true, true, false, false, false]);
    let erase = rule("draft", "ticket_closed", "1h", "purpose = \"draft_reply\"");
    let both = policy(&format!("{closed}{erase}"));
    assert_eq!(of(&both), [true, true, false, false, false, false]);
    let other = rule("draft", "ticket_closed", "1h", "purpose = \"operate\"");
    let both = policy(&format!("{closed}{other}"));
    assert_eq!(of(&both), [true, true, true, false, false, false]);

    // The rule of one client.
    let own = "tenant = \"01010101010141018101010101010101\"";
    let erases = policy(&rule("draft", "created", "14d", own));
    assert_eq!(of(&erases), [false; 6]);
    assert!(erases.makes_templates(tenant(2), Category::Draft));
}

/// About once a day; more often where records live for less.
#[test]
fn templates_are_looked_for_in_time() {
    let every = |policy: &Policy| {
        policy
            .template_every(tenant(1), Category::Draft)
            .as_seconds()
    };
    assert_eq!(every(&Policy::default()), 23 * 3600);
    let house = Policy::default().template_ahead().as_seconds();
    assert_eq!(house, 2 * 86_400);
    for (life, hours) in [("14d", 23), ("46h", 23), ("12h", 6), ("90m", 1)] {
        assert_eq!(
            every(&policy(&rule("draft", "created", life, ""))),
            hours * 3600,
            "{life}"
        );
    }
}
