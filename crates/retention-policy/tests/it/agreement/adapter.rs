//! The reference's cases in the crate's types, within what the crate lets anybody say.

use retention_policy::{
    Category, Disposition, Dossier, DueReason, Events, Expiry, Hold, HoldId, HoldReason, Policy,
    Purpose, PurposeSet, Query, RecordMeta, Region, Scope, TenantId, Timestamp, Trigger, Verdict,
};

use super::readings;
use crate::reference::{self, Answer, Case, Dice, Period, Reason, Record};
use crate::{actor, person, record};

/// A case as both sides take it.
pub(super) struct Both {
    /// As the reference takes it, with the crate's readings of the policy.
    pub(super) case: Case,
    /// The readings of the policy that changed its answer.
    pub(super) apart: Vec<&'static str>,
    pub(super) policy: Policy,
    pub(super) meta: RecordMeta,
    pub(super) events: Events,
    pub(super) holds: Vec<Hold>,
}

impl Both {
    pub(super) fn of_chance(seed: u64) -> Self {
        let mut case = reference::random_case(seed);
        let written = within_ceilings(&case.policy);
        let meta = meta(&case.record);
        let kept = (meta.expiry().made(), meta.expires_at());
        let (made, expires) = (kept.0.timestamp(), kept.1.timestamp());
        let moved =
            written != case.policy || (made, expires) != (case.record.made, case.record.expires);
        (case.record.made, case.record.expires) = (made, expires);
        case.policy = written;
        for hold in &mut case.holds {
            hold.review = hold.review.min(hold.placed + 366 * reference::DAY);
        }
        if moved {
            // Its ends lie elsewhere now: look there, and not where they were.
            let mut dice = Dice::new(seed ^ 0xada9);
            let instants =
                reference::instants_of(&case.policy, &case.record, &case.events, &case.holds);
            case.now = (dice.pick(&instants, made) + dice.range(-1, 1)).max(made);
            if dice.percent(85) {
                case.events.retain(|(_, at)| *at <= case.now);
                case.holds.retain(|hold| hold.placed <= case.now);
            }
        }
        let policy = policy(&case.policy);
        let events = events(&case.events);
        let holds = case.holds.iter().map(|h| hold(h, &meta)).collect();
        let apart = readings::read_policy(&mut case);
        Self {
            case,
            apart,
            policy,
            meta,
            events,
            holds,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        instant(self.case.now)
    }

    pub(super) fn dossier(&self) -> Dossier<'_> {
        crate::dossier(&self.meta, &self.events, &self.holds)
    }
}

/// What a policy can say to the crate: nothing longer than a ceiling in days, and no request that waits.
pub(super) fn within_ceilings(policy: &reference::Policy) -> reference::Policy {
    let mut policy = policy.clone();
    for rule in &mut policy.rules {
        let most = i64::from(category(rule.category).ceiling().as_seconds());
        rule.after = within(rule.after, most);
        if rule.trigger == reference::Trigger::Request {
            rule.after = Period::Seconds(0);
        }
        rule.archive = rule.archive.map(|a| within(a, most - longest(rule.after)));
    }
    for law in &mut policy.obligations {
        let most = i64::from(category(law.category).ceiling().as_seconds());
        law.lasts = within(law.lasts, most);
    }
    policy
}

fn within(period: Period, most: i64) -> Period {
    if longest(period) <= most {
        period
    } else {
        Period::Seconds(most)
    }
}

fn longest(period: Period) -> i64 {
    match period {
        Period::Seconds(s) => s,
        Period::Months(m) => {
            let months = u32::try_from(m).unwrap();
            i64::from(retention_policy::Period::months(months).unwrap().longest())
        }
    }
}

/// Its purposes: the first can rest on consent, the two others cannot.
pub(crate) fn purpose(purpose: reference::Purpose) -> Purpose {
    match purpose {
        reference::Purpose::ConsentA => Purpose::DraftReply,
        reference::Purpose::OtherA => Purpose::Operate,
        reference::Purpose::OtherB => Purpose::Secure,
    }
}

pub(super) fn policy(policy: &reference::Policy) -> Policy {
    let text = reference::to_toml(policy, &|p| purpose(p).code().to_owned());
    let text = text.replace("\"dpo\"", "\"privacy_officer\"");
    Policy::from_toml(&text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

pub(super) fn meta(record: &Record) -> RecordMeta {
    let mut purposes = record.purposes.iter().map(|p| purpose(*p));
    let first = PurposeSet::only(purposes.next().unwrap());
    let category = category(record.category);
    let most = record.made + i64::from(category.ceiling().as_seconds());
    RecordMeta::new(
        tenant(record.tenant),
        person(),
        category,
        purposes.fold(first, PurposeSet::with),
        Region::Italy,
        Expiry::from_stored(record.made, record.expires.min(most)).unwrap(),
    )
    .unwrap()
}

pub(super) fn events(events: &reference::Events) -> Events {
    events.iter().fold(Events::default(), |all, (what, at)| {
        all.with(trigger(*what), instant(*at))
    })
}

pub(super) fn hold(hold: &reference::Hold, meta: &RecordMeta) -> Hold {
    let scope = match &hold.scope {
        reference::Scope::Record => Scope::Record(record()),
        reference::Scope::Subject => Scope::Subject(person()),
        reference::Scope::Tenant => Scope::Tenant,
        reference::Scope::Query {
            category: c,
            made_from,
            made_until,
        } => {
            let query = Query::new(
                c.map(category),
                made_from.map(instant),
                made_until.map(instant),
            );
            Scope::Query(query.unwrap())
        }
    };
    let reason = match hold.reason {
        reference::HoldReason::LegalClaim => HoldReason::LegalClaim,
        reference::HoldReason::Order => HoldReason::Order,
        reference::HoldReason::Restriction => HoldReason::Restriction,
    };
    let (placed, review) = (instant(hold.placed), instant(hold.review));
    let id = HoldId::from_random([9; 16]);
    Hold::new(id, meta.tenant(), scope, reason, actor(8), placed, review).unwrap()
}

/// The crate's answer in the reference's words.
pub(super) fn answer(verdict: &Verdict) -> Answer {
    match *verdict {
        Verdict::Held { review_by } => Answer::Held {
            review: review_by.timestamp(),
        },
        Verdict::Restricted { review_by } => Answer::Restricted {
            review: review_by.timestamp(),
        },
        Verdict::LegalObligation { until, obligation } => Answer::LegalObligation {
            until: until.timestamp(),
            id: obligation.to_string(),
        },
        Verdict::Due {
            reason,
            disposition,
        } => Answer::Due {
            reason: self::reason(reason),
            action: action(disposition),
        },
        Verdict::Archived { until, .. } => Answer::Archived {
            until: until.timestamp(),
        },
        Verdict::Warn { until } => Answer::Warn {
            until: until.timestamp(),
        },
        Verdict::Keep { until } => Answer::Keep {
            until: until.timestamp(),
        },
        _ => panic!("{verdict:?}"),
    }
}

pub(super) fn reason(reason: DueReason) -> Reason {
    match reason {
        DueReason::Erasure => Reason::Erasure,
        DueReason::ConsentWithdrawn => Reason::ConsentWithdrawn,
        DueReason::PurposeOver(t) => {
            let back = reference::TRIGGERS.into_iter().find(|r| trigger(*r) == t);
            Reason::PurposeOver(back.unwrap())
        }
        DueReason::Default => Reason::Default,
        DueReason::Expired => Reason::Expired,
        _ => panic!("{reason}"),
    }
}

pub(super) fn action(disposition: Disposition) -> reference::Action {
    match disposition {
        Disposition::Erase => reference::Action::Erase,
        Disposition::Template => reference::Action::Template,
    }
}

pub(super) fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(seconds, 0).unwrap()
}

/// Both sides have the same codes.
fn category(category: reference::Category) -> Category {
    let code = reference::category_code(category);
    let found = Category::ALL.into_iter().find(|c| c.code() == code);
    found.unwrap()
}

fn trigger(trigger: reference::Trigger) -> Trigger {
    let code = reference::trigger_code(trigger);
    let found = Trigger::ALL.into_iter().find(|t| t.code() == code);
    found.unwrap()
}

fn tenant(tenant: reference::Tenant) -> TenantId {
    let id = u128::from_str_radix(reference::tenant_hex(tenant), 16).unwrap();
    TenantId::from_bytes(id.to_be_bytes())
}
