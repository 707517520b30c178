//! Policies from TOML. Whatever is wrong is said with its line, its key and what is allowed; nothing of a faulty policy
//! is used.

mod table;

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::period::Period;
use super::rule::{Archive, Disposition, Obligation, Rule, RuleKey};
use super::{Policy, SWEEP_WITHIN, seconds};
use crate::Error;
use crate::access::{Role, RoleSet};
use crate::category::Category;
use crate::error::PolicyFault;
use crate::id::TenantId;
use crate::name::ObligationId;
use crate::purpose::Purpose;
use crate::record::Lifetime;
use crate::region::Region;
use crate::trigger::Trigger;
use table::{Table, Value};

/// Longer texts are no policies.
const MOST_BYTES: usize = 1 << 20;
const ROOT: &str = "schema, version, sweep_within, warn_before_end, rule, obligation";
const RULE: &str = "category, trigger, after, action, tenant, purpose, archive";
const ARCHIVE: &str = "for, readers";
const OBLIGATION: &str = "id, category, law, article, country, trigger, lasts, tenant";

impl Policy {
    /// Reads a policy of schema 1; `docs/schemas/policy.schema.json` describes it to other programs.
    ///
    /// What is left out stays as the house promises: categories without a `created` rule keep the default, ticket data
    /// goes once it was delivered, used or discarded, accounts are kept as the law asks. A rule or obligation that says
    /// the same key or name takes the place of the house's. Keys can only shorten.
    ///
    /// # Errors
    /// [`Error::PolicySyntax`], [`Error::PolicyUnknownKey`] and [`Error::Policy`], each with the line: nothing of a
    /// policy with a fault is used.
    ///
    /// ```
    /// use retention_policy::{Category, Policy};
    /// let policy = Policy::from_toml(r#"
    ///     schema = 1
    ///     version = 7
    ///
    ///     [[rule]]
    ///     category = "draft"
    ///     trigger = "created"
    ///     after = "14d"
    ///     action = "template"
    /// "#)?;
    /// assert_eq!(policy.lifetime(Category::Draft).as_seconds(), 14 * 86_400);
    /// assert_eq!(Policy::from_toml(&policy.to_toml())?, policy);
    ///
    /// let endless = "schema = 1\nversion = 8\n[[rule]]\ncategory = \"draft\"\ntrigger = \"created\"\nafter = \"forever\"";
    /// assert_eq!(
    ///     Policy::from_toml(endless).unwrap_err().to_string(),
    ///     "policy line 6, `rule.after`: nothing is kept without an end: name a period of at most 28 days 23 hours",
    /// );
    /// # Ok::<(), retention_policy::Error>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        if text.len() > MOST_BYTES {
            let fault = PolicyFault::MustBe("at most 1 MiB of text");
            return Err(Error::Policy {
                line: 1,
                key: "policy",
                fault,
            });
        }
        let whole = table::parse(text)?;
        let root = Table::root(text, &whole);
        root.only(ROOT)?;
        root.need("schema")?.number(1, 1)?;
        let mut policy = Self {
            version: root.need("version")?.number(1, u32::MAX)?,
            ..Self::default()
        };
        let house = policy.rules.drain(..);
        let mut rules: BTreeMap<RuleKey, Rule> = house.map(|rule| (rule.key, rule)).collect();
        let mut seen = HashMap::new();
        for table in root.tables("rule")? {
            let rule = rule(&table)?;
            once(&mut seen, rule.key, &table, "rule")?;
            rules.insert(rule.key, rule);
        }
        policy.rules = rules.into_values().collect();
        let house = policy.obligations.drain(..);
        let mut laws: BTreeMap<ObligationId, Obligation> = house.map(|law| (law.id, law)).collect();
        let mut seen = HashMap::new();
        for table in root.tables("obligation")? {
            let law = obligation(&table)?;
            once(&mut seen, law.id, &table, "obligation.id")?;
            laws.insert(law.id, law);
        }
        policy.obligations = laws.into_values().collect();
        if let Some(value) = root.get("sweep_within") {
            policy.sweep_within = fixed(&value, SWEEP_WITHIN)?;
        }
        let life = shortest_session(&policy);
        policy.warn_before = match root.get("warn_before_end") {
            Some(value) => {
                let most = seconds(life.saturating_sub(1).max(1));
                fixed(&value, most)?
            }
            // A shortened session is warned of closer to its end without being told so.
            None => seconds((life / 23 * 3).max(1)),
        };
        Ok(policy)
    }
}

/// The shortest time in use that a default rule gives a ticket, of the house or of a tenant.
fn shortest_session(policy: &Policy) -> u32 {
    policy
        .rules
        .iter()
        .filter(|rule| rule.key.category == Category::Session && rule.is_default())
        .map(|rule| rule.after.longest())
        .min()
        .unwrap_or(Lifetime::TICKET_CEILING.as_seconds())
}

fn once<K: Hash + Eq>(
    seen: &mut HashMap<K, usize>,
    key: K,
    table: &Table<'_, '_>,
    name: &'static str,
) -> Result<(), Error> {
    match seen.insert(key, table.offset()) {
        Some(first) => {
            let first = table.line_at(first);
            Err(table.fault(name, PolicyFault::Repeated { first }))
        }
        None => Ok(()),
    }
}

fn rule(table: &Table<'_, '_>) -> Result<Rule, Error> {
    table.only(RULE)?;
    let category = table.need("rule.category")?.one_of(&CATEGORIES)?;
    let trigger = table.need("rule.trigger")?.one_of(&TRIGGERS)?;
    let key = RuleKey {
        category,
        tenant: tenant(table, "rule.tenant")?,
        trigger,
        purpose: table
            .get("rule.purpose")
            .map(|value| value.one_of(&PURPOSES))
            .transpose()?,
    };
    let value = table.need("rule.after")?;
    let after = period(&value, category.ceiling())?;
    let at_once = match trigger {
        Trigger::Created | Trigger::LastActivity => after
            .is_zero()
            .then_some("more than no time: a record that ends when it is made is none"),
        Trigger::Request => (!after.is_zero())
            .then_some("\"0s\": an erasure request ends a record at once, and no rule delays it"),
        _ => None,
    };
    if let Some(must) = at_once {
        return Err(value.fault(PolicyFault::MustBe(must)));
    }
    let action = match table.get("rule.action") {
        Some(value) => value.one_of(&ACTIONS)?,
        None => Some(Disposition::Erase),
    };
    if action == Some(Disposition::Template)
        && !matches!(category, Category::Draft | Category::Session)
    {
        let fault = PolicyFault::MustBe("`template` for draft and session only");
        return Err(table.need("rule.action")?.fault(fault));
    }
    let archive = match (action, table.table("rule.archive")?) {
        (None, Some(table)) => Some(archive(&table, category, after)?),
        (None, None) => {
            return Err(table.fault("rule.archive", PolicyFault::Missing));
        }
        (Some(_), Some(table)) => {
            let fault = PolicyFault::MustBe("left out unless `action` is `archive`");
            return Err(table.fault("rule.archive", fault));
        }
        (Some(_), None) => None,
    };
    Ok(Rule {
        key,
        after,
        disposition: action.unwrap_or(Disposition::Erase),
        archive,
    })
}

fn archive(table: &Table<'_, '_>, category: Category, after: Period) -> Result<Archive, Error> {
    table.only(ARCHIVE)?;
    let value = table.need("rule.archive.for")?;
    let left = category
        .ceiling()
        .as_seconds()
        .saturating_sub(after.longest());
    let Ok(left) = Lifetime::seconds(left) else {
        let fault = PolicyFault::MustBe("left out: the rule itself takes all the time there is");
        return Err(value.fault(fault));
    };
    let lasts = positive(&value, left)?;
    let value = table.need("rule.archive.readers")?;
    let readers = value.list(&ROLES)?;
    let readers = RoleSet::new(readers).map_err(|_| {
        let must = "at least one role and not every role";
        value.fault(PolicyFault::MustBe(must))
    })?;
    Ok(Archive { lasts, readers })
}

fn obligation(table: &Table<'_, '_>) -> Result<Obligation, Error> {
    table.only(OBLIGATION)?;
    let value = table.need("obligation.id")?;
    let id = ObligationId::new(value.text()?)
        .map_err(|_| value.fault(PolicyFault::MustBe("1 to 40 bytes of a-z, 0-9 and -")))?;
    let category = table.need("obligation.category")?.one_of(&KEPT)?;
    let value = table.need("obligation.country")?;
    let country = match value.text()? {
        "EU" => "EU",
        code => Region::ALL
            .into_iter()
            .map(Region::code)
            .find(|known| *known == code)
            .ok_or_else(|| value.fault(PolicyFault::MustBe("EU or a member state's code")))?,
    };
    Ok(Obligation {
        id,
        category,
        tenant: tenant(table, "obligation.tenant")?,
        law: table.need("obligation.law")?.words()?,
        article: table.need("obligation.article")?.words()?,
        country: country.to_owned(),
        trigger: table.need("obligation.trigger")?.one_of(&BEGINNINGS)?,
        lasts: positive(&table.need("obligation.lasts")?, category.ceiling())?,
    })
}

fn tenant(table: &Table<'_, '_>, key: &'static str) -> Result<Option<TenantId>, Error> {
    let Some(value) = table.get(key) else {
        return Ok(None);
    };
    let text = value.text()?;
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let id = u128::from_str_radix(text, 16).ok();
    match id.filter(|_| text.len() == 32 && text.bytes().all(hex)) {
        Some(id) => Ok(Some(TenantId::from_bytes(id.to_be_bytes()))),
        None => Err(value.fault(PolicyFault::MustBe("32 digits of 0-9 and a-f"))),
    }
}

/// Words for what cannot be said.
const ENDLESS: [&str; 8] = [
    "forever",
    "unlimited",
    "infinite",
    "inf",
    "never",
    "always",
    "permanent",
    "indefinite",
];

fn period(value: &Value<'_, '_>, at_most: Lifetime) -> Result<Period, Error> {
    let text = value.period_text(at_most)?;
    if ENDLESS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Err(value.fault(PolicyFault::Endless { at_most }));
    }
    let period =
        Period::parse(text).map_err(|_| value.fault(PolicyFault::NotAPeriod { at_most }))?;
    if period.longest() > at_most.as_seconds() {
        return Err(value.fault(PolicyFault::TooLong { at_most }));
    }
    Ok(period)
}

fn positive(value: &Value<'_, '_>, at_most: Lifetime) -> Result<Period, Error> {
    let period = period(value, at_most)?;
    if period.is_zero() {
        return Err(value.fault(PolicyFault::NotAPeriod { at_most }));
    }
    Ok(period)
}

/// A period of a fixed length.
fn fixed(value: &Value<'_, '_>, at_most: Lifetime) -> Result<Lifetime, Error> {
    let period = positive(value, at_most)?;
    if period.bounds().0 != period.bounds().1 {
        return Err(value.fault(PolicyFault::NotAPeriod { at_most }));
    }
    Lifetime::seconds(period.longest())
}

/// Codes and what they mean, with the codes in words.
pub(super) struct Codes<T: 'static> {
    pub(super) words: &'static str,
    pub(super) all: &'static [(&'static str, T)],
}

macro_rules! codes {
    ($name:ident: $type:ty = [$($code:literal => $value:expr),* $(,)?]; $words:literal) => {
        const $name: Codes<$type> = Codes { words: $words, all: &[$(($code, $value)),*] };
    };
}

codes!(CATEGORIES: Category = [
    "session" => Category::Session, "draft" => Category::Draft, "usage" => Category::Usage,
    "template" => Category::Template, "attachment" => Category::Attachment,
    "rights_case" => Category::RightsCase, "consent" => Category::Consent, "billing" => Category::Billing,
]; "session, draft, usage, template, attachment, rights_case, consent or billing");
codes!(KEPT: Category = [
    "rights_case" => Category::RightsCase, "consent" => Category::Consent, "billing" => Category::Billing,
]; "rights_case, consent or billing: no law asks for the text of a ticket");
codes!(TRIGGERS: Trigger = [
    "created" => Trigger::Created, "last_activity" => Trigger::LastActivity, "delivered" => Trigger::Delivered,
    "used" => Trigger::Used, "discarded" => Trigger::Discarded, "ticket_closed" => Trigger::TicketClosed,
    "contract_end" => Trigger::ContractEnd, "consent_withdrawn" => Trigger::ConsentWithdrawn,
    "request" => Trigger::Request,
]; "created, last_activity, delivered, used, discarded, ticket_closed, contract_end, consent_withdrawn or request");
codes!(BEGINNINGS: Trigger = [
    "created" => Trigger::Created, "contract_end" => Trigger::ContractEnd,
]; "created or contract_end");
codes!(PURPOSES: Purpose = [
    "draft_reply" => Purpose::DraftReply, "prepare_reply" => Purpose::PrepareReply,
    "improve_service" => Purpose::ImproveService, "operate" => Purpose::Operate,
    "legal_obligation" => Purpose::LegalObligation, "answer_request" => Purpose::AnswerRequest,
    "secure" => Purpose::Secure,
]; "draft_reply, prepare_reply, improve_service, operate, legal_obligation, answer_request or secure");
codes!(ACTIONS: Option<Disposition> = [
    "erase" => Some(Disposition::Erase), "template" => Some(Disposition::Template), "archive" => None,
]; "erase, template or archive");
codes!(ROLES: Role = [
    "agent" => Role::Agent, "worker" => Role::Worker, "engineer" => Role::Engineer,
    "privacy_officer" => Role::PrivacyOfficer, "auditor" => Role::Auditor,
]; "a list of agent, worker, engineer, privacy_officer and auditor");
