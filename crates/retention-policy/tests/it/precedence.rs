//! The order of reasons: every set of them, and so every pair, gives the strongest.

use chrono::TimeDelta;
use retention_policy::{
    Category, Disposition, DueReason, Events, Expiry, HoldReason, Lifetime, ObligationId, Policy,
    Purpose, PurposeSet, Scope, Trigger, Verdict,
};

use crate::{MADE, at, dossier, hold, meta, policy, rule};

/// Strongest first.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reason {
    Held,
    Restricted,
    Law,
    Erasure,
    Withdrawn,
    Expired,
    Purpose,
    Default,
}

const ALL: [Reason; 8] = [
    Reason::Held,
    Reason::Restricted,
    Reason::Law,
    Reason::Erasure,
    Reason::Withdrawn,
    Reason::Expired,
    Reason::Purpose,
    Reason::Default,
];

fn policy_with(law: bool) -> Policy {
    let mut text = rule("consent", "created", "10d", "");
    text += &rule("consent", "ticket_closed", "0s", "");
    if law {
        text += "[[obligation]]\nid = \"proof\"\ncategory = \"consent\"\nlaw = \"GDPR\"\narticle = \"7(1)\"\n\
                 country = \"EU\"\ntrigger = \"created\"\nlasts = \"4 years\"\n";
    }
    policy(&text)
}

fn answer(reasons: &[Reason]) -> Verdict {
    let has = |reason| reasons.contains(&reason);
    let made = at(MADE);
    let expiry = Expiry::after(made, Lifetime::days(30).unwrap()).unwrap();
    let meta = meta(
        Category::Consent,
        PurposeSet::only(Purpose::DraftReply),
        expiry,
    );
    let mut holds = Vec::new();
    if has(Reason::Restricted) {
        holds.push(hold(Scope::Tenant, HoldReason::Restriction));
    }
    if has(Reason::Held) {
        holds.push(hold(Scope::Subject(meta.subject()), HoldReason::LegalClaim));
    }
    let hour = made + TimeDelta::hours(1);
    let mut events = Events::default();
    for (reason, trigger) in [
        (Reason::Erasure, Trigger::Request),
        (Reason::Withdrawn, Trigger::ConsentWithdrawn),
        (Reason::Purpose, Trigger::TicketClosed),
    ] {
        if has(reason) {
            events = events.with(trigger, hour);
        }
    }
    let days = match (has(Reason::Expired), has(Reason::Default)) {
        (true, _) => 30,
        (false, true) => 10,
        (false, false) => 1,
    };
    policy_with(has(Reason::Law)).verdict(
        &dossier(&meta, &events, &holds),
        made + TimeDelta::days(days),
    )
}

fn expected(reason: Option<Reason>) -> Verdict {
    let review_by = at("2026-09-01T00:00:00Z");
    let end = |days| at(MADE) + TimeDelta::days(days);
    let due = |reason| Verdict::Due {
        reason,
        disposition: Disposition::Erase,
    };
    match reason {
        Some(Reason::Held) => Verdict::Held { review_by },
        Some(Reason::Restricted) => Verdict::Restricted { review_by },
        Some(Reason::Law) => Verdict::LegalObligation {
            until: end(30),
            obligation: ObligationId::new("proof").unwrap(),
        },
        Some(Reason::Erasure) => due(DueReason::Erasure),
        Some(Reason::Withdrawn) => due(DueReason::ConsentWithdrawn),
        Some(Reason::Expired) => due(DueReason::Expired),
        Some(Reason::Purpose) => due(DueReason::PurposeOver(Trigger::TicketClosed)),
        Some(Reason::Default) => due(DueReason::Default),
        None => Verdict::Keep { until: end(10) },
    }
}

/// Of two hundred and fifty-six sets the strongest member decides. A law is the exception that keeps nothing past the
/// written end.
#[test]
fn the_strongest_reason_decides() {
    for set in 0u32..256 {
        let reasons: Vec<Reason> = (0..8)
            .filter(|n| set & (1 << n) != 0)
            .map(|n| ALL[n])
            .collect();
        let over = reasons.contains(&Reason::Expired);
        let strongest = reasons
            .iter()
            .copied()
            .find(|reason| !(over && *reason == Reason::Law));
        assert_eq!(answer(&reasons), expected(strongest), "{reasons:?}");
    }
}

#[test]
fn of_every_pair_the_first_wins() {
    for (n, first) in ALL.iter().enumerate() {
        for second in &ALL[n + 1..] {
            if (*first, *second) != (Reason::Law, Reason::Expired) {
                let got = answer(&[*second, *first]);
                assert_eq!(got, expected(Some(*first)), "{first:?} {second:?}");
            }
        }
    }
}
