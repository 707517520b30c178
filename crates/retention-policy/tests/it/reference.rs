//! Naive reference of the retention brief: written before the engine was seen, std only, slow and plain on purpose.
//!
//! Times are seconds since 1970-01-01T00:00:00Z. Where the brief leaves something open, one reading is chosen here and has a
//! number; `contested` names the readings a case hangs on, so that a difference there is talked over and not just "fixed".
//!
//! R1  At or after the written end, unless held, the reason is `Expired`, before every other reason (literal text; the breaker needs it).
//! R2  The action at the written end is what the policy had already come to (erasure and withdrawal: erase), else that of the created
//!     rule, so that a draft still becomes a template at its natural end; archive is never an action at the written end: erase.
//! R3  Facts later than `now`: a request or withdrawal has not happened; a hold or an obligation's contract end counts already
//!     (else a later `now` could turn Due into Held, and a clock set back could lose a hold).
//! R4  "Purposes rest on consent": all of them (article 17(1)(b): no other ground is left). No purposes: no.
//! R5  Rules with a purpose or a trigger other than created: the house's and the tenant's own both apply, the earliest end wins.
//!     "Tenant's own, else house's" is for the created rule without purpose alone.
//! R6  A purpose rule that is not over does not keep a record beyond the default rule: whatever is over ends it.
//! R7  After an archive the action is erase. Archived only while nothing else is over. All ends of an archived record cap `until`.
//! R8  Warn: category session only, no Delivered until now, `now` within `warn` before the end. The house warns 3 h before (P035: 20 h of 23 h).
//! R9  Several obligations: the one that lasts longest is named. An obligation is named even when nothing would end the record yet.
//! R10 Several holds that decide: the earliest review is named.
//! R11 Purpose rules that end in the same second: erase before template before archive, then order in the policy.
//! R12 A policy without a created rule for a category has the house's; nothing else (delivered rules, `accounting`) is inherited.
//! R13 A created rule with a purpose is a purpose rule (`PurposeOver(Created)`), never the default.
//! R14 Keep's `until` is the next rule end (an archive rule: where the archive starts), at most the written end.
//! R15 Clock: the last seen instant is a high-water mark of accepted readings; an unconfirmed jump ahead is not accepted and
//!     stops destruction until confirmed, even if the clock comes back by itself.
#![forbid(unsafe_code)]
#![allow(dead_code)]

// ---------------- types
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category { Session, Attachment, Draft, Usage, Template, RightsCase, Consent, Billing }
pub const CATEGORIES: [Category; 8] = [Category::Session, Category::Attachment, Category::Draft, Category::Usage,
    Category::Template, Category::RightsCase, Category::Consent, Category::Billing];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger { Created, LastActivity, Delivered, Used, Discarded, TicketClosed, ContractEnd, ConsentWithdrawn, Request }
pub const TRIGGERS: [Trigger; 9] = [Trigger::Created, Trigger::LastActivity, Trigger::Delivered, Trigger::Used,
    Trigger::Discarded, Trigger::TicketClosed, Trigger::ContractEnd, Trigger::ConsentWithdrawn, Trigger::Request];

/// Stand-ins: the brief names no purpose codes. `ConsentA` rests on consent, the two others do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose { ConsentA, OtherA, OtherB }

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tenant { T1, T2 }

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period { Seconds(i64), Months(i64) }

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action { Erase, Template, Archive }

/// `archive` is how long the archive lasts; it is there exactly when `action` is `Archive`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub category: Category, pub trigger: Trigger, pub after: Period, pub action: Action,
    pub archive: Option<Period>, pub tenant: Option<Tenant>, pub purpose: Option<Purpose>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation { pub id: String, pub category: Category, pub trigger: Trigger, pub lasts: Period, pub tenant: Option<Tenant> }

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy { pub version: u32, pub warn: Option<i64>, pub rules: Vec<Rule>, pub obligations: Vec<Obligation> }

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record { pub tenant: Tenant, pub category: Category, pub purposes: Vec<Purpose>, pub made: i64, pub expires: i64 }

/// Raw list in order of arrival, may name a trigger twice.
pub type Events = Vec<(Trigger, i64)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldReason { LegalClaim, Order, Restriction }

/// Record, subject and tenant mean the record's own; query is within the record's tenant, `made_from <= made < made_until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope { Record, Subject, Tenant, Query { category: Option<Category>, made_from: Option<i64>, made_until: Option<i64> } }

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold { pub scope: Scope, pub reason: HoldReason, pub placed: i64, pub review: i64 }

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason { Erasure, ConsentWithdrawn, PurposeOver(Trigger), Default, Expired }

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Held { review: i64 }, Restricted { review: i64 }, LegalObligation { until: i64, id: String },
    Due { reason: Reason, action: Action }, Archived { until: i64 }, Warn { until: i64 }, Keep { until: i64 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case { pub policy: Policy, pub record: Record, pub events: Events, pub holds: Vec<Hold>, pub now: i64 }

// ---------------- calendar
pub const MINUTE: i64 = 60; pub const HOUR: i64 = 3600;
pub const DAY: i64 = 86_400;

pub fn is_leap(year: i64) -> bool { (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 }

pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month { 2 => if is_leap(year) { 29 } else { 28 }, 4 | 6 | 9 | 11 => 30, _ => 31 }
}

/// Days since 1970-01-01, counted year by year and month by month.
pub fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let mut days = 0;
    for y in 1970..year { days += if is_leap(y) { 366 } else { 365 }; }
    for y in year..1970 { days -= if is_leap(y) { 366 } else { 365 }; }
    for m in 1..month { days += days_in_month(year, m); }
    days + day - 1
}

/// (year, month, day) of a day number, found by counting.
pub fn date_of(day_number: i64) -> (i64, i64, i64) {
    let mut rest = day_number;
    let mut year = 1970;
    while rest < 0 { year -= 1; rest += if is_leap(year) { 366 } else { 365 }; }
    while rest >= if is_leap(year) { 366 } else { 365 } { rest -= if is_leap(year) { 366 } else { 365 }; year += 1; }
    let mut month = 1;
    while rest >= days_in_month(year, month) { rest -= days_in_month(year, month); month += 1; }
    (year, month, rest + 1)
}

pub fn at(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> i64 {
    day_number(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second
}

/// Same day of the month and time of day, `months` later; the last day of the month where there is no such day.
/// None beyond the year 9999.
pub fn add_months(time: i64, months: i64) -> Option<i64> {
    let (year, month, day) = date_of(time.div_euclid(DAY));
    let count = (year * 12 + (month - 1)).checked_add(months)?;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
    if year > 9999 { return None; }
    let day = if day > days_in_month(year, month) { days_in_month(year, month) } else { day };
    Some(day_number(year, month, day) * DAY + time.rem_euclid(DAY))
}

/// None where the instant cannot be reached: it then counts as the written end.
pub fn add(time: i64, period: Period) -> Option<i64> {
    match period {
        Period::Seconds(seconds) => time.checked_add(seconds).filter(|t| *t < at(10_000, 1, 1, 0, 0, 0)),
        Period::Months(months) => add_months(time, months),
    }
}

// ---------------- facts
/// The earliest instant of a trigger, of last activity the latest, of created the record's making.
pub fn happened(record: &Record, events: &Events, trigger: Trigger) -> Option<i64> {
    if trigger == Trigger::Created { return Some(record.made); }
    let mut found: Option<i64> = None;
    for (t, when) in events {
        if *t != trigger { continue; }
        found = match found {
            None => Some(*when),
            Some(old) if trigger == Trigger::LastActivity => Some(old.max(*when)),
            Some(old) => Some(old.min(*when)),
        };
    }
    found
}

pub fn covers(hold: &Hold, record: &Record) -> bool {
    match &hold.scope {
        Scope::Record | Scope::Subject | Scope::Tenant => true,
        Scope::Query { category, made_from, made_until } => {
            let right_category = match category { None => true, Some(c) => *c == record.category };
            let late_enough = match made_from { None => true, Some(from) => record.made >= *from };
            let early_enough = match made_until { None => true, Some(until) => record.made < *until };
            right_category && late_enough && early_enough
        }
    }
}

/// Does the rule speak of this record (category, tenant, purpose)?
pub fn applies(rule: &Rule, record: &Record) -> bool {
    let tenant = match rule.tenant { None => true, Some(t) => t == record.tenant };
    let purpose = match rule.purpose { None => true, Some(p) => record.purposes.contains(&p) };
    rule.category == record.category && tenant && purpose
}

/// The created rule without purpose: the tenant's own, else the house's, else that of the default policy.
pub fn default_rule(policy: &Policy, record: &Record) -> Rule {
    let plain = |r: &&Rule| r.category == record.category && r.trigger == Trigger::Created && r.purpose.is_none();
    if let Some(rule) = policy.rules.iter().filter(plain).find(|r| r.tenant == Some(record.tenant)) { return rule.clone(); }
    if let Some(rule) = policy.rules.iter().filter(plain).find(|r| r.tenant.is_none()) { return rule.clone(); }
    house_rule(record.category)
}

/// Rules of the purpose tier for this record whose trigger is known: (rule, end, when it is due after its archive).
pub fn purpose_ends(policy: &Policy, record: &Record, events: &Events) -> Vec<(Rule, i64, i64)> {
    let mut list = Vec::new();
    for rule in &policy.rules {
        if !applies(rule, record) { continue; }
        if rule.trigger == Trigger::Created && rule.purpose.is_none() { continue; }
        let Some(start) = happened(record, events, rule.trigger) else { continue };
        let (end, due) = ends_of(rule, start, record);
        list.push((rule.clone(), end, due));
    }
    list
}

/// End of the rule and end of its archive, none after the written end.
fn ends_of(rule: &Rule, start: i64, record: &Record) -> (i64, i64) {
    let end = add(start, rule.after).unwrap_or(record.expires).min(record.expires);
    let due = match rule.archive { None => end, Some(p) => add(end, p).unwrap_or(record.expires).min(record.expires) };
    (end, due)
}

fn own_action(rule: &Rule) -> Action { if rule.action == Action::Archive { Action::Erase } else { rule.action } }

/// An obligation that keeps this record: until when, whatever `now` is.
pub fn obligation_until(obligation: &Obligation, record: &Record, events: &Events) -> Option<i64> {
    if obligation.category != record.category { return None; }
    if let Some(t) = obligation.tenant { if t != record.tenant { return None; } }
    let start = happened(record, events, obligation.trigger)?;
    Some(add(start, obligation.lasts).unwrap_or(record.expires).min(record.expires))
}

// ---------------- the verdict
/// The verdict, in the order of the brief's precedence.
pub fn verdict(policy: &Policy, record: &Record, events: &Events, holds: &[Hold], now: i64) -> Answer {
    // 1. A legal claim or an order, then a restriction. A review that has passed changes nothing.
    let firm = holds.iter().filter(|h| covers(h, record) && h.reason != HoldReason::Restriction).map(|h| h.review).min();
    if let Some(review) = firm { return Answer::Held { review }; }
    let soft = holds.iter().filter(|h| covers(h, record) && h.reason == HoldReason::Restriction).map(|h| h.review).min();
    if let Some(review) = soft { return Answer::Restricted { review }; }

    // 2. A law that keeps it (never beyond the written end).
    let mut longest: Option<(i64, String)> = None;
    for obligation in &policy.obligations {
        let Some(until) = obligation_until(obligation, record, events) else { continue };
        if now >= until { continue; }
        let longer = match &longest { None => true, Some((best, _)) => until > *best };
        if longer { longest = Some((until, obligation.id.clone())); }
    }
    if let Some((until, id)) = longest { return Answer::LegalObligation { until, id }; }

    // 3. What would end it: a request, a withdrawal, a purpose, the default. The first of these that is over is the reason.
    let requested = match happened(record, events, Trigger::Request) { Some(when) => when <= now, None => false };
    let took_back = match happened(record, events, Trigger::ConsentWithdrawn) { Some(when) => when <= now, None => false };
    let on_consent = !record.purposes.is_empty() && record.purposes.iter().all(|p| *p == Purpose::ConsentA);
    let purposes = purpose_ends(policy, record, events);
    let mut over: Option<(i64, Action, Trigger)> = None;
    for (rule, _, due) in &purposes {
        if now < *due { continue; }
        let this = (*due, own_action(rule), rule.trigger);
        over = match over {
            None => Some(this),
            Some(best) if (this.0, rank(rule)) < (best.0, rank_of(&purposes, best)) => Some(this),
            Some(best) => Some(best),
        };
    }
    let default = default_rule(policy, record);
    let (default_end, default_due) = ends_of(&default, record.made, record);
    let mut ended: Option<(Reason, Action)> = None;
    if requested {
        ended = Some((Reason::Erasure, Action::Erase));
    } else if took_back && on_consent {
        ended = Some((Reason::ConsentWithdrawn, Action::Erase));
    } else if let Some((due, action, trigger)) = over {
        if due < record.expires { ended = Some((Reason::PurposeOver(trigger), action)); }
    } else if now >= default_due && default_due < record.expires {
        ended = Some((Reason::Default, own_action(&default)));
    }

    // 4. The written end, whatever the policy says now.
    if now >= record.expires {
        let action = match ended { Some((_, action)) => action, None => own_action(&default) };
        return Answer::Due { reason: Reason::Expired, action };
    }
    if let Some((reason, action)) = ended { return Answer::Due { reason, action }; }

    // 5. Kept. When will it be due, and does its end come near?
    let (mut due, mut end) = (default_due, default_end);
    for (_, e, d) in &purposes { due = due.min(*d); end = end.min(*e); }
    if now >= end { return Answer::Archived { until: due }; }
    let unanswered = match happened(record, events, Trigger::Delivered) { Some(when) => when > now, None => true };
    if let Some(warn) = policy.warn {
        if record.category == Category::Session && unanswered && now >= end - warn { return Answer::Warn { until: end }; }
    }
    Answer::Keep { until: end }
}

fn rank(rule: &Rule) -> u8 { match rule.action { Action::Erase => 0, Action::Template => 1, Action::Archive => 2 } }

fn rank_of(purposes: &[(Rule, i64, i64)], best: (i64, Action, Trigger)) -> u8 {
    purposes.iter().filter(|(r, _, d)| (*d, own_action(r), r.trigger) == best).map(|(r, _, _)| rank(r)).min().unwrap_or(0)
}

/// When it will be due as things stand, without holds: the first instant at which something can change and the verdict is Due.
pub fn end(policy: &Policy, record: &Record, events: &Events) -> i64 {
    let mut instants = instants_of(policy, record, events, &[]);
    instants.sort_unstable();
    for instant in instants {
        if instant >= record.made {
            if let Answer::Due { .. } = verdict(policy, record, events, &[], instant) { return instant; }
        }
    }
    record.expires
}

/// What time and events allow: no read at or after the written end, none after an erasure request, none of what is due.
/// Who may read a restricted or archived record is a question of roles and not answered here.
pub fn readable(policy: &Policy, record: &Record, events: &Events, holds: &[Hold], now: i64) -> bool {
    if now >= record.expires { return false; }
    if let Some(when) = happened(record, events, Trigger::Request) { if when <= now { return false; } }
    !matches!(verdict(policy, record, events, holds, now), Answer::Due { .. })
}

// ---------------- what hangs on a reading
/// Names of the readings (R1..) on which the answer of a case hangs. Empty: the brief alone decides.
pub fn contested(case: &Case) -> Vec<&'static str> {
    let (policy, record, events, now) = (&case.policy, &case.record, &case.events, case.now);
    let (mut names, holds) = (Vec::new(), case.holds.iter().filter(|h| covers(h, record)).collect::<Vec<_>>());
    if events.iter().any(|(_, t)| *t > now) || holds.iter().any(|h| h.placed > now) { names.push("R3"); }
    let answer = verdict(policy, record, events, &case.holds, now);
    let is_past = |t: Trigger| happened(record, events, t).is_some_and(|w| w <= now);
    let ends = purpose_ends(policy, record, events);
    let default = default_rule(policy, record);
    match &answer {
        Answer::Held { .. } | Answer::Restricted { .. } => { if holds.len() > 1 { names.push("R10"); } return names; }
        Answer::LegalObligation { .. } => {
            let keeping = policy.obligations.iter().filter_map(|o| obligation_until(o, record, events)).filter(|u| now < *u).count();
            if keeping > 1 { names.push("R9"); }
            return names;
        }
        Answer::Due { reason: Reason::Expired, action } => {
            let early = ends_of(&default, record.made, record).1 < record.expires || ends.iter().any(|(_, _, d)| *d < record.expires);
            if early || is_past(Trigger::Request) || is_past(Trigger::ConsentWithdrawn) { names.push("R1"); }
            if *action != Action::Erase || default.action != Action::Erase || ends.iter().any(|(r, _, _)| r.action != Action::Erase) { names.push("R2"); }
        }
        Answer::Due { reason: Reason::PurposeOver(_), .. } => {
            let first = ends.iter().map(|(_, _, d)| *d).min().unwrap_or(now);
            let same: Vec<_> = ends.iter().filter(|(_, _, d)| *d == first).collect();
            if same.len() > 1 { names.push("R11"); }
            if ends.iter().any(|(r, _, d)| *d <= now && r.action == Action::Archive) { names.push("R7"); }
        }
        Answer::Due { reason: Reason::Default, .. } => {
            if !ends.is_empty() { names.push("R6"); }
            if default.action == Action::Archive { names.push("R7"); }
        }
        Answer::Archived { .. } => { if !ends.is_empty() { names.push("R7"); } }
        Answer::Warn { .. } => { if is_past(Trigger::Used) || is_past(Trigger::Discarded) || is_past(Trigger::TicketClosed) { names.push("R8"); } }
        Answer::Keep { until } => {
            if default.action == Action::Archive || ends.iter().any(|(r, _, _)| r.action == Action::Archive) { names.push("R14"); }
            let near = policy.warn.is_some_and(|w| now >= *until - w);
            if near && matches!(record.category, Category::Session | Category::Attachment | Category::Draft) { names.push("R8"); }
        }
        _ => {}
    }
    let consents = record.purposes.iter().filter(|p| **p == Purpose::ConsentA).count();
    if is_past(Trigger::ConsentWithdrawn) && consents > 0 && consents < record.purposes.len() { names.push("R4"); }
    let twins = |r: &Rule| policy.rules.iter().any(|o| applies(o, record) && o.trigger == r.trigger && o.purpose == r.purpose && o.tenant != r.tenant);
    if ends.iter().any(|(r, _, _)| twins(r)) { names.push("R5"); }
    names
}

// ---------------- the house's policy
/// Ceiling that every reading of the brief allows: the house's own lifetimes.
pub fn house_period(category: Category) -> Period {
    match category {
        Category::Session | Category::Attachment => Period::Seconds(23 * HOUR),
        Category::Draft => Period::Seconds(28 * DAY + 23 * HOUR),
        Category::Usage | Category::Template => Period::Months(36),
        Category::RightsCase | Category::Consent => Period::Months(60),
        Category::Billing => Period::Months(120),
    }
}

pub fn house_rule(category: Category) -> Rule {
    let action = if category == Category::Draft { Action::Template } else { Action::Erase };
    Rule { category, trigger: Trigger::Created, after: house_period(category), action, archive: None, tenant: None, purpose: None }
}

pub fn default_policy() -> Policy {
    let mut rules: Vec<Rule> = CATEGORIES.iter().map(|c| house_rule(*c)).collect();
    for trigger in [Trigger::Delivered, Trigger::Used, Trigger::Discarded] {
        rules.push(Rule { trigger, after: Period::Seconds(0), ..house_rule(Category::Session) });
    }
    rules.push(Rule { trigger: Trigger::Discarded, ..house_rule(Category::Draft) });
    Policy { version: 1, warn: Some(3 * HOUR), rules, obligations: vec![accounting()] }
}

pub fn accounting() -> Obligation {
    Obligation { id: "accounting".to_string(), category: Category::Billing, trigger: Trigger::Created, lasts: Period::Months(120), tenant: None }
}

// ---------------- as text
pub fn category_code(category: Category) -> &'static str {
    match category {
        Category::Session => "session", Category::Attachment => "attachment", Category::Draft => "draft", Category::Usage => "usage",
        Category::Template => "template", Category::RightsCase => "rights_case", Category::Consent => "consent", Category::Billing => "billing",
    }
}

pub fn trigger_code(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::Created => "created", Trigger::LastActivity => "last_activity", Trigger::Delivered => "delivered", Trigger::Used => "used",
        Trigger::Discarded => "discarded", Trigger::TicketClosed => "ticket_closed", Trigger::ContractEnd => "contract_end",
        Trigger::ConsentWithdrawn => "consent_withdrawn", Trigger::Request => "request",
    }
}

pub fn period_text(period: Period) -> String {
    match period {
        Period::Seconds(s) => format!("{s}s"),
        Period::Months(m) if m % 12 == 0 => format!("{} year{}", m / 12, if m == 12 { "" } else { "s" }),
        Period::Months(m) => format!("{m} month{}", if m == 1 { "" } else { "s" }),
    }
}

pub fn tenant_hex(tenant: Tenant) -> &'static str {
    match tenant { Tenant::T1 => "01890a5dac96774bbcceb302099a8057", Tenant::T2 => "01890a5dac97774bbcceb302099a8058" }
}

/// The policy as TOML; `purpose_code` gives the engine's code for a stand-in.
pub fn to_toml(policy: &Policy, purpose_code: &dyn Fn(Purpose) -> String) -> String {
    let mut text = format!("schema = 1\nversion = {}\n", policy.version);
    if let Some(warn) = policy.warn { text += &format!("warn_before_end = \"{warn}s\"\n"); }
    for rule in &policy.rules {
        let action = match rule.action { Action::Erase => "erase", Action::Template => "template", Action::Archive => "archive" };
        text += &format!("\n[[rule]]\ncategory = \"{}\"\ntrigger = \"{}\"\nafter = \"{}\"\naction = \"{action}\"\n",
            category_code(rule.category), trigger_code(rule.trigger), period_text(rule.after));
        if let Some(tenant) = rule.tenant { text += &format!("tenant = \"{}\"\n", tenant_hex(tenant)); }
        if let Some(purpose) = rule.purpose { text += &format!("purpose = \"{}\"\n", purpose_code(purpose)); }
        if let Some(archive) = rule.archive { text += &format!("[rule.archive]\nfor = \"{}\"\nreaders = [\"dpo\"]\n", period_text(archive)); }
    }
    for o in &policy.obligations {
        text += &format!("\n[[obligation]]\nid = \"{}\"\ncategory = \"{}\"\nlaw = \"A law\"\narticle = \"1\"\ncountry = \"FR\"\ntrigger = \"{}\"\nlasts = \"{}\"\n",
            o.id, category_code(o.category), trigger_code(o.trigger), period_text(o.lasts));
        if let Some(tenant) = o.tenant { text += &format!("tenant = \"{}\"\n", tenant_hex(tenant)); }
    }
    text
}

// ---------------- a ticket's life under a bad clock
/// What a clock shows (`wall`) when it is really `real`. `real` never goes back and stands for the monotonic clock.
/// `confirm`: a person confirms the clock just before this reading is used. Readings without `sweep` are only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick { pub wall: i64, pub real: i64, pub sweep: bool, pub confirm: bool }

/// A hold from `placed` until just before `released`, in real time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldSpan { pub hold: Hold, pub placed: i64, pub released: Option<i64> }

/// Events and holds are in real time; their stamps are what the clock showed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline { pub policy: Policy, pub record: Record, pub events: Events, pub holds: Vec<HoldSpan>, pub ticks: Vec<Tick>, pub sweep_every: i64 }

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone { pub tick: usize, pub wall: i64, pub real: i64, pub reason: Reason, pub action: Action }

/// What the wall clock showed at a real instant: the offset of the last tick at or before it.
pub fn stamp(ticks: &[Tick], real: i64) -> i64 {
    let mut offset = 0;
    for tick in ticks { if tick.real <= real { offset = tick.wall - tick.real; } }
    real + offset
}

/// Tick by tick: when is the ticket destroyed (erased or turned into a template)? None: never within the ticks.
pub fn simulate(line: &Timeline) -> Option<Gone> {
    let (mut seen_wall, mut seen_real) = (line.record.made, line.record.made);
    let mut stopped = false;
    for (number, tick) in line.ticks.iter().enumerate() {
        let margin = HOUR.max(3 * line.sweep_every);
        let ahead = (tick.wall - seen_wall) - (tick.real - seen_real) > margin;
        let back = tick.wall < seen_wall - 5 * MINUTE;
        if ahead { stopped = true; }
        if tick.confirm { stopped = false; }
        let judged_at = if back { seen_wall } else { tick.wall };
        if !stopped && tick.wall > seen_wall { seen_wall = tick.wall; seen_real = tick.real; }
        if stopped || !tick.sweep { continue; }
        let mut events: Events = Vec::new();
        for (trigger, real) in &line.events { if *real <= tick.real { events.push((*trigger, stamp(&line.ticks, *real))); } }
        let mut holds: Vec<Hold> = Vec::new();
        for span in &line.holds {
            if span.placed <= tick.real && !span.released.is_some_and(|when| when <= tick.real) { holds.push(span.hold.clone()); }
        }
        if let Answer::Due { reason, action } = verdict(&line.policy, &line.record, &events, &holds, judged_at) {
            return Some(Gone { tick: number, wall: tick.wall, real: tick.real, reason, action });
        }
    }
    None
}

// ---------------- chance
/// Splitmix64: the same numbers for the same seed everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self { Dice(seed) }
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// low..=high
    pub fn range(&mut self, low: i64, high: i64) -> i64 { low + (self.next() % ((high - low + 1).max(1) as u64)) as i64 }
    /// True `n` times of 100.
    pub fn percent(&mut self, n: i64) -> bool { self.range(1, 100) <= n }
    pub fn pick<T: Clone>(&mut self, list: &[T], or: T) -> T {
        if list.is_empty() { return or; }
        list.get(self.range(0, list.len() as i64 - 1) as usize).cloned().unwrap_or(or)
    }
}

/// Leap days, ends of months and years, changes to and from summer time in Europe (01:00 UTC).
pub fn special_instants() -> Vec<i64> {
    vec![
        at(2028, 2, 29, 0, 0, 0), at(2028, 2, 29, 12, 30, 0), at(2028, 3, 1, 0, 0, 0), at(2027, 2, 28, 23, 59, 59), at(2027, 3, 1, 0, 0, 0),
        at(2026, 1, 31, 10, 0, 0), at(2026, 3, 31, 23, 59, 59), at(2026, 8, 31, 0, 0, 0), at(2027, 4, 30, 6, 0, 0), at(2027, 12, 31, 23, 59, 59),
        at(2027, 1, 1, 0, 0, 0), at(2029, 1, 1, 0, 0, 0), at(2026, 3, 29, 1, 0, 0), at(2026, 10, 25, 1, 0, 0), at(2027, 3, 28, 1, 0, 0),
        at(2027, 10, 31, 1, 0, 0), at(2032, 2, 29, 23, 59, 59), at(2028, 12, 31, 23, 0, 0),
    ]
}

fn random_period(dice: &mut Dice, category: Category, share: i64) -> Period {
    // `share` of 100 of the house's own lifetime at most.
    match house_period(category) {
        Period::Seconds(most) => {
            let most = most * share / 100;
            let round = dice.pick(&[1, MINUTE, HOUR], 1);
            Period::Seconds((dice.range(1, most.max(1)) / round * round).max(1))
        }
        Period::Months(most) => {
            if dice.percent(20) { Period::Seconds(dice.range(1, most * share / 100 * 28) * DAY) } else { Period::Months(dice.range(1, (most * share / 100).max(1))) }
        }
    }
}

fn random_rule(dice: &mut Dice, category: Category, trigger: Trigger, tenant: Option<Tenant>, purpose: Option<Purpose>) -> Rule {
    let may_template = matches!(category, Category::Draft | Category::Session);
    let action = match dice.range(1, 10) { 1..=2 => Action::Archive, 3..=5 if may_template => Action::Template, _ => Action::Erase };
    let share = if action == Action::Archive { 40 } else { 100 };
    let mut after = random_period(dice, category, share);
    if trigger == Trigger::Created && action != Action::Archive && dice.percent(30) { after = house_period(category); }
    if category == Category::Session && trigger == Trigger::Created { if let Period::Seconds(s) = after { after = Period::Seconds(s.max(MINUTE)); } }
    if trigger != Trigger::Created && trigger != Trigger::LastActivity && dice.percent(30) { after = Period::Seconds(0); }
    let archive = if action == Action::Archive { Some(random_period(dice, category, 40)) } else { None };
    Rule { category, trigger, after, action, archive, tenant, purpose }
}

/// A valid policy: a house's created rule for every category, more for `busy`, none twice, nothing above the house's lifetimes.
pub fn random_policy(dice: &mut Dice, busy: Category) -> Policy {
    let mut rules: Vec<Rule> = Vec::new();
    for category in CATEGORIES {
        let rule = if category == busy && dice.percent(70) { random_rule(dice, category, Trigger::Created, None, None) } else { house_rule(category) };
        rules.push(rule);
    }
    if busy == Category::Session && dice.percent(80) {
        for trigger in [Trigger::Delivered, Trigger::Used, Trigger::Discarded] {
            rules.push(Rule { trigger, after: Period::Seconds(0), action: Action::Erase, archive: None, ..house_rule(Category::Session) });
        }
    }
    for _ in 0..dice.range(0, 6) {
        let trigger = dice.pick(&TRIGGERS, Trigger::Created);
        let tenant = dice.pick(&[None, None, None, Some(Tenant::T1), Some(Tenant::T2)], None);
        let purpose = dice.pick(&[None, None, Some(Purpose::ConsentA), Some(Purpose::OtherA), Some(Purpose::OtherB)], None);
        let twice = rules.iter().any(|r| r.category == busy && r.trigger == trigger && r.tenant == tenant && r.purpose == purpose);
        if !twice { rules.push(random_rule(dice, busy, trigger, tenant, purpose)); }
    }
    let mut obligations = vec![accounting()];
    if matches!(busy, Category::Billing | Category::RightsCase | Category::Consent) {
        for number in 0..dice.range(0, 3) {
            let trigger = dice.pick(&[Trigger::Created, Trigger::ContractEnd], Trigger::Created);
            let tenant = dice.pick(&[None, None, Some(Tenant::T1), Some(Tenant::T2)], None);
            obligations.push(Obligation { id: format!("law-{number}"), category: busy, trigger, lasts: random_period(dice, busy, 100), tenant });
        }
    }
    // Shorter than the shortest life of a session.
    let mut shortest = 23 * HOUR;
    for r in &rules {
        if let (Category::Session, Trigger::Created, Period::Seconds(s)) = (r.category, r.trigger, r.after) { shortest = shortest.min(s); }
    }
    let warn = Some(dice.range(1, (shortest - 1).min(3 * HOUR)));
    Policy { version: dice.range(1, 1000) as u32, warn, rules, obligations }
}

/// Every instant at which something can change for a record.
pub fn instants_of(policy: &Policy, record: &Record, events: &Events, holds: &[Hold]) -> Vec<i64> {
    let mut list = vec![record.made, record.expires];
    for (_, when) in events { list.push(*when); }
    for hold in holds { list.extend([hold.placed, hold.review]); }
    for (_, end, due) in purpose_ends(policy, record, events) { list.push(end); list.push(due); }
    let (end, due) = ends_of(&default_rule(policy, record), record.made, record);
    list.extend([end, due]);
    for o in &policy.obligations { if let Some(until) = obligation_until(o, record, events) { list.push(until); } }
    if let Some(warn) = policy.warn { for when in list.clone() { list.push(when - warn); } }
    list
}

fn random_record(dice: &mut Dice, policy: &Policy, category: Category) -> Record {
    let tenant = dice.pick(&[Tenant::T1, Tenant::T1, Tenant::T2], Tenant::T1);
    let mut purposes = Vec::new();
    for purpose in [Purpose::ConsentA, Purpose::OtherA, Purpose::OtherB] { if dice.percent(40) { purposes.push(purpose); } }
    if purposes.is_empty() { purposes.push(dice.pick(&[Purpose::ConsentA, Purpose::OtherA, Purpose::OtherB], Purpose::OtherA)); }
    let made = if dice.percent(60) {
        let special = dice.pick(&special_instants(), 0);
        if dice.percent(50) { special + dice.range(-1, 1) } else { special - dice.range(0, 40) * DAY }
    } else {
        dice.range(at(2025, 6, 1, 0, 0, 0), at(2029, 12, 31, 23, 59, 59))
    };
    let mut record = Record { tenant, category, purposes, made, expires: made };
    let most = add(made, house_period(category)).unwrap_or(made + 1);
    record.expires = most;
    // Mostly what the created rule said when it was made (with obligations), else the house's life, else anything shorter.
    let (_, default_due) = ends_of(&default_rule(policy, &record), made, &record);
    let kept = policy.obligations.iter().filter(|o| o.trigger == Trigger::Created).filter_map(|o| obligation_until(o, &record, &Vec::new())).max().unwrap_or(made);
    record.expires = match dice.range(1, 10) { 1..=4 => most, 5..=8 => default_due.max(kept), _ => made + dice.range(1, most - made) };
    record
}

/// A valid policy, a record, events, holds and a `now` that mostly is an end, or a second before or after it.
pub fn random_case(seed: u64) -> Case {
    let mut dice = Dice::new(seed);
    let category = dice.pick(&CATEGORIES, Category::Session);
    let policy = random_policy(&mut dice, category);
    let record = random_record(&mut dice, &policy, category);
    let life = record.expires - record.made;
    let mut events: Events = Vec::new();
    for _ in 0..dice.pick(&[0, 1, 1, 2, 3, 5], 1) {
        let mut trigger = dice.pick(&TRIGGERS, Trigger::Delivered);
        if trigger == Trigger::Created { trigger = Trigger::LastActivity; }
        if trigger == Trigger::Request && dice.percent(50) { trigger = Trigger::TicketClosed; }
        let part = if dice.percent(70) { 2 } else { 1 };
        let when = record.made + dice.range(0, life.max(2) / part);
        events.push((trigger, when));
    }
    let mut holds: Vec<Hold> = Vec::new();
    if dice.percent(25) {
        for _ in 0..dice.pick(&[1, 1, 1, 2, 3], 1) {
            let placed = record.made + dice.range(0, life.max(1));
            let reason = dice.pick(&[HoldReason::LegalClaim, HoldReason::Order, HoldReason::Restriction], HoldReason::Order);
            let scope = match dice.range(1, 6) {
                1 => Scope::Record, 2 => Scope::Subject, 3 => Scope::Tenant,
                _ => {
                    let category = dice.pick(&[None, Some(record.category), Some(Category::Usage), Some(Category::Draft)], None);
                    let edge = record.made + dice.range(-1, 1);
                    let (mut from, mut until) = (None, None);
                    if dice.percent(50) { from = Some(edge - dice.pick(&[0, 0, DAY], 0)); }
                    if dice.percent(50) || (from.is_none() && category.is_none()) { until = Some(edge.max(from.unwrap_or(edge) + 1) + dice.pick(&[0, 0, DAY], 0)); }
                    Scope::Query { category, made_from: from, made_until: until }
                }
            };
            holds.push(Hold { scope, reason, placed, review: placed + dice.range(1, 400) * DAY });
        }
    }
    let mut instants = instants_of(&policy, &record, &events, &holds);
    if dice.percent(15) { instants.extend(special_instants()); }
    let mut now = if dice.percent(85) { dice.pick(&instants, record.made) + dice.range(-1, 1) } else { record.made + dice.range(0, life + life / 10 + 1) };
    now = now.max(record.made);
    if dice.percent(85) {
        // Facts lie mostly in the past: what has not happened yet is left out.
        events.retain(|(_, when)| *when <= now);
        holds.retain(|hold| hold.placed <= now);
    }
    Case { policy, record, events, holds, now }
}

/// A short life (session, attachment or draft) with ticks from its making until after its end, and a clock that jumps.
pub fn random_timeline(seed: u64) -> Timeline {
    let mut dice = Dice::new(seed ^ 0x7e57);
    let category = dice.pick(&[Category::Session, Category::Session, Category::Attachment, Category::Draft], Category::Session);
    let policy = random_policy(&mut dice, category);
    let mut record = random_record(&mut dice, &policy, category);
    record.purposes.retain(|p| *p != Purpose::ConsentA);
    let life = record.expires - record.made;
    let mut events: Events = Vec::new();
    for trigger in [Trigger::Delivered, Trigger::TicketClosed, Trigger::LastActivity, Trigger::Request] {
        if dice.percent(25) { events.push((trigger, record.made + dice.range(0, life))); }
    }
    let mut holds = Vec::new();
    if dice.percent(30) {
        let placed = record.made + dice.range(0, life);
        let released = if dice.percent(70) { Some(placed + dice.range(1, life.max(2))) } else { None };
        let reason = dice.pick(&[HoldReason::LegalClaim, HoldReason::Restriction], HoldReason::Order);
        holds.push(HoldSpan { hold: Hold { scope: Scope::Record, reason, placed, review: placed + 30 * DAY }, placed, released });
    }
    let sweep_every = if category == Category::Draft { 30 * MINUTE } else { dice.pick(&[30, MINUTE, 10 * MINUTE], MINUTE) };
    let calm = dice.percent(30);
    let (mut ticks, mut real, mut offset) = (Vec::new(), record.made, 0);
    while real < record.expires + 2 * HOUR {
        real += sweep_every;
        if !calm && dice.range(1, 400) == 1 {
            offset = dice.pick(&[0, 0, 0, -DAY, -5 * MINUTE, -5 * MINUTE - 1, -HOUR, 30 * MINUTE, HOUR, HOUR + 1, DAY, 3650 * DAY], 0);
        }
        ticks.push(Tick { wall: real + offset, real, sweep: dice.percent(95), confirm: dice.range(1, 500) == 1 });
    }
    Timeline { policy, record, events, holds, ticks, sweep_every }
}

// ---------------- its own tests
#[cfg(test)]
mod tests {
    use super::*;

    fn record(category: Category, made: i64, expires: i64) -> Record {
        Record { tenant: Tenant::T1, category, purposes: vec![Purpose::OtherA], made, expires }
    }

    fn hold(reason: HoldReason) -> Hold { Hold { scope: Scope::Record, reason, placed: 0, review: 1 } }

    fn due(answer: &Answer) -> bool { matches!(answer, Answer::Due { .. }) }

    #[test]
    fn dates_are_counted_right() {
        assert_eq!(at(1970, 1, 1, 0, 0, 0), 0);
        assert_eq!(at(2000, 3, 1, 0, 0, 0), 951_868_800);
        assert_eq!(at(2028, 2, 29, 0, 0, 0), 1_835_395_200);
        assert_eq!(at(1969, 12, 31, 23, 59, 59), -1);
        assert_eq!(at(1900, 1, 1, 0, 0, 0), -2_208_988_800);
        for day in -40_000..60_000 {
            let (y, m, d) = date_of(day);
            assert_eq!(day_number(y, m, d), day);
        }
    }

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(add_months(at(2027, 1, 31, 5, 6, 7), 1), Some(at(2027, 2, 28, 5, 6, 7)));
        assert_eq!(add_months(at(2028, 1, 31, 0, 0, 0), 1), Some(at(2028, 2, 29, 0, 0, 0)));
        assert_eq!(add_months(at(2028, 2, 29, 0, 0, 0), 12), Some(at(2029, 2, 28, 0, 0, 0)));
        assert_eq!(add_months(at(2028, 2, 29, 0, 0, 0), 48), Some(at(2032, 2, 29, 0, 0, 0)));
        assert_eq!(add_months(at(2026, 12, 31, 23, 59, 59), 2), Some(at(2027, 2, 28, 23, 59, 59)));
        assert_eq!(add_months(at(2026, 11, 15, 0, 0, 0), 2), Some(at(2027, 1, 15, 0, 0, 0)));
        assert_eq!(add_months(0, 12 * 9000), None);
        assert_eq!(add_months(0, i64::MAX), None);
        assert_eq!(add(i64::MAX, Period::Seconds(1)), None);
    }

    #[test]
    fn the_order_of_precedence() {
        // One fact more at the top each time: the answer moves up.
        let policy = default_policy();
        let made = at(2026, 1, 1, 0, 0, 0);
        let mut r = record(Category::Session, made, made + 23 * HOUR);
        r.purposes = vec![Purpose::ConsentA];
        let now = made + 10 * HOUR;
        let delivered = (Trigger::Delivered, now);
        let withdrawn = (Trigger::ConsentWithdrawn, now);
        let request = (Trigger::Request, now);
        let ask = |events: Events, holds: &[Hold], now: i64| verdict(&policy, &r, &events, holds, now);
        assert_eq!(ask(vec![], &[], now), Answer::Keep { until: r.expires });
        assert_eq!(ask(vec![], &[], made + 20 * HOUR - 1), Answer::Keep { until: r.expires });
        assert_eq!(ask(vec![], &[], made + 20 * HOUR), Answer::Warn { until: r.expires });
        assert_eq!(ask(vec![delivered], &[], now), Answer::Due { reason: Reason::PurposeOver(Trigger::Delivered), action: Action::Erase });
        assert_eq!(ask(vec![delivered, withdrawn], &[], now), Answer::Due { reason: Reason::ConsentWithdrawn, action: Action::Erase });
        assert_eq!(ask(vec![delivered, withdrawn, request], &[], now), Answer::Due { reason: Reason::Erasure, action: Action::Erase });
        assert_eq!(ask(vec![delivered, withdrawn, request], &[], r.expires), Answer::Due { reason: Reason::Expired, action: Action::Erase });
        assert_eq!(ask(vec![request], &[hold(HoldReason::Restriction)], r.expires), Answer::Restricted { review: 1 });
        assert_eq!(ask(vec![request], &[hold(HoldReason::Restriction), hold(HoldReason::Order)], r.expires), Answer::Held { review: 1 });
        let b = record(Category::Billing, made, at(2036, 1, 1, 0, 0, 0));
        let asked: Events = vec![request];
        assert_eq!(verdict(&policy, &b, &asked, &[], now), Answer::LegalObligation { until: b.expires, id: "accounting".to_string() });
        assert_eq!(verdict(&policy, &b, &asked, &[], b.expires), Answer::Due { reason: Reason::Expired, action: Action::Erase });
        assert_eq!(verdict(&policy, &b, &asked, &[hold(HoldReason::LegalClaim)], b.expires), Answer::Held { review: 1 });
    }

    #[test]
    fn archive_default_and_template() {
        let made = at(2027, 1, 31, 12, 0, 0);
        let mut policy = default_policy();
        policy.rules.retain(|r| r.category != Category::RightsCase && r.category != Category::Draft);
        let base = house_rule(Category::RightsCase);
        policy.rules.push(Rule { after: Period::Months(1), action: Action::Archive, archive: Some(Period::Months(1)), ..base });
        policy.rules.push(Rule { after: Period::Seconds(DAY), ..house_rule(Category::Draft) });
        let r = record(Category::RightsCase, made, at(2032, 1, 31, 12, 0, 0));
        let (starts, over) = (at(2027, 2, 28, 12, 0, 0), at(2027, 3, 28, 12, 0, 0));
        let ask = |r: &Record, now: i64| verdict(&policy, r, &Vec::new(), &[], now);
        assert_eq!(ask(&r, starts - 1), Answer::Keep { until: starts });
        assert_eq!(ask(&r, starts), Answer::Archived { until: over });
        assert_eq!(ask(&r, over - 1), Answer::Archived { until: over });
        assert_eq!(ask(&r, over), Answer::Due { reason: Reason::Default, action: Action::Erase });
        assert_eq!(end(&policy, &r, &Vec::new()), over);
        let d = record(Category::Draft, made, made + 28 * DAY);
        assert_eq!(ask(&d, made + DAY), Answer::Due { reason: Reason::Default, action: Action::Template });
        assert_eq!(ask(&d, made + 28 * DAY), Answer::Due { reason: Reason::Expired, action: Action::Template });
    }

    #[test]
    fn chance_keeps_the_laws() {
        let (mut kinds, mut edges, mut free) = ([0u32; 7], [0u32; 3], 0u32);
        for seed in 0..10_000 {
            let case = random_case(seed);
            assert_eq!(case, random_case(seed));
            let Case { policy, record, events, holds, now } = &case;
            assert!(record.expires > record.made && *now >= record.made);
            assert!(record.expires <= add(record.made, house_period(record.category)).unwrap_or(0));
            let answer = verdict(policy, record, events, holds, *now);
            let kind = match answer {
                Answer::Held { .. } => 0, Answer::Restricted { .. } => 1, Answer::LegalObligation { .. } => 2, Answer::Due { .. } => 3,
                Answer::Archived { .. } => 4, Answer::Warn { .. } => 5, Answer::Keep { .. } => 6,
            };
            kinds[kind] += 1;
            if contested(&case).is_empty() { free += 1; }
            let mut instants = instants_of(policy, record, events, holds);
            instants.sort_unstable();
            for (slot, offset) in [-1, 0, 1].iter().enumerate() { if instants.binary_search(&(now - offset)).is_ok() { edges[slot] += 1; } }
            // What is kept is kept until later than now, and not beyond the written end.
            match &answer {
                Answer::LegalObligation { until, .. } | Answer::Archived { until } | Answer::Warn { until } | Answer::Keep { until } =>
                    assert!(*until > *now && *until <= record.expires, "{}", seed),
                _ => {}
            }
            // Never Due first and something that keeps later; the first Due is `end`.
            let ends_at = end(policy, record, events);
            for instant in instants {
                for moment in [instant - 1, instant, instant + 1] {
                    if moment < record.made { continue; }
                    let is_due = due(&verdict(policy, record, events, &[], moment));
                    assert_eq!(is_due, moment >= ends_at, "seed {} at {}", seed, moment);
                    if is_due || moment >= record.expires { assert!(!readable(policy, record, events, &[], moment)); }
                }
            }
        }
        eprintln!("held, restricted, obligation, due, archived, warn, keep: {:?}; on an instant -1 s, 0, +1 s: {:?}; on no reading: {}", kinds, edges, free);
        assert!(kinds.iter().all(|n| *n > 100) && edges.iter().all(|n| *n > 1_400) && free > 6_000);
    }

    fn ticket(ticks: Vec<Tick>) -> Timeline {
        let made = at(2026, 10, 24, 12, 0, 0);
        Timeline { policy: default_policy(), record: record(Category::Session, made, made + 23 * HOUR), events: vec![], holds: vec![], ticks, sweep_every: MINUTE }
    }

    fn minutes(offset: impl Fn(i64) -> i64, confirm: impl Fn(i64) -> bool) -> Vec<Tick> {
        let made = at(2026, 10, 24, 12, 0, 0);
        (1..=48 * 60).map(|m| Tick { wall: made + m * MINUTE + offset(m), real: made + m * MINUTE, sweep: true, confirm: confirm(m) }).collect()
    }

    fn minute_gone(line: &Timeline) -> Option<i64> { simulate(line).map(|g| (g.real - line.record.made) / MINUTE) }

    #[test]
    fn a_good_clock() {
        let mut line = ticket(minutes(|_| 0, |_| false));
        assert_eq!(minute_gone(&line), Some(23 * 60));
        line.events = vec![(Trigger::Delivered, line.record.made + 90)];
        assert_eq!(minute_gone(&line), Some(2));
        let placed = line.record.made + 60;
        line.holds = vec![HoldSpan { hold: hold(HoldReason::Order), placed, released: Some(placed + 30 * HOUR) }];
        assert_eq!(minute_gone(&line), Some(30 * 60 + 1));
        line.holds[0].released = None;
        assert_eq!(minute_gone(&line), None);
    }

    #[test]
    fn a_bad_clock() {
        // A day back after an hour: never early, and the delivery that is due still goes.
        let back = |m: i64| if m > 60 { -DAY } else { 0 };
        let mut line = ticket(minutes(back, |_| false));
        assert_eq!(minute_gone(&line), Some(47 * 60));
        line.events = vec![(Trigger::Delivered, line.record.made + 2 * HOUR)];
        assert_eq!(minute_gone(&line), Some(120));
        // Ten years ahead: nothing goes before somebody confirms, also not when the clock comes back by itself (R15).
        let ahead = |m: i64| if m > 60 { 3650 * DAY } else { 0 };
        assert_eq!(minute_gone(&ticket(minutes(ahead, |_| false))), None);
        assert_eq!(minute_gone(&ticket(minutes(ahead, |m| m == 100))), Some(100));
        let blip = |m: i64| if m == 61 { 3650 * DAY } else { 0 };
        assert_eq!(minute_gone(&ticket(minutes(blip, |_| false))), None);
        assert_eq!(minute_gone(&ticket(minutes(blip, |m| m == 70))), Some(23 * 60));
        // Exactly an hour ahead is believed, a second more is not.
        let hour = |m: i64| if m > 60 { HOUR } else { 0 };
        assert_eq!(minute_gone(&ticket(minutes(hour, |_| false))), Some(22 * 60));
        let more = |m: i64| if m > 60 { HOUR + 1 } else { 0 };
        assert_eq!(minute_gone(&ticket(minutes(more, |_| false))), None);
        // With a sweep of 30 minutes the margin is an hour and a half.
        let mut slow = ticket(minutes(more, |_| false));
        slow.sweep_every = 30 * MINUTE;
        assert_eq!(minute_gone(&slow), Some(22 * 60));
        // Exactly five minutes back is no jump: judged by what the clock shows.
        let five = |m: i64| if m == 23 * 60 { -6 * MINUTE } else { 0 };
        assert_eq!(minute_gone(&ticket(minutes(five, |_| false))), Some(23 * 60 + 1));
    }

    #[test]
    fn chance_and_the_clock() {
        let (mut gone, mut kept) = (0, 0);
        for seed in 0..300 {
            let line = random_timeline(seed);
            let calm = line.ticks.iter().all(|t| t.wall == t.real);
            let ends_at = end(&line.policy, &line.record, &line.events);
            match simulate(&line) {
                None => kept += 1,
                Some(g) => {
                    gone += 1;
                    for span in &line.holds { assert!(g.real < span.placed || span.released.is_some_and(|r| r <= g.real), "seed {}", seed); }
                    if calm { assert!(g.real >= ends_at, "seed {}", seed); }
                    if calm && line.holds.is_empty() {
                        let first = line.ticks.iter().position(|t| t.sweep && t.real >= ends_at);
                        assert_eq!(first, Some(g.tick), "seed {}", seed);
                    }
                }
            }
        }
        eprintln!("destroyed {} kept {}", gone, kept);
        assert!(gone > 160 && kept > 10);
    }

}
