use chrono::TimeDelta;
use retention_policy::{
    Category, Dossier, Events, Hold, HoldReason, Policy, RecordMeta, Scope, Trigger,
};

use crate::{MADE, at, dossier, hold, made_under, policy, rule, tenant};

#[test]
fn every_record_counts_once() {
    let older = policy(&rule("session", "ticket_closed", "1h", ""));
    let newer =
        policy(&(rule("draft", "created", "7d", "") + &rule("session", "ticket_closed", "2h", "")));
    let now = at(MADE) + TimeDelta::days(8);
    let day = |n| at(MADE) + TimeDelta::days(n);
    let drafts: Vec<RecordMeta> = [0, 1, 2, 3, -25]
        .map(|n| made_under(&older, Category::Draft, day(n)))
        .into();
    let session = made_under(&older, Category::Session, now - TimeDelta::hours(1));
    let closed = Events::default().with(Trigger::TicketClosed, now - TimeDelta::minutes(30));
    let none = Events::default();
    let holds: Vec<Hold> = vec![hold(Scope::Tenant, HoldReason::Order)];
    let records: Vec<Dossier<'_>> = drafts
        .iter()
        .map(|meta| dossier(meta, &none, &[]))
        .chain([
            dossier(&session, &closed, &[]),
            dossier(&session, &none, &[]),
            dossier(&drafts[0], &none, &holds),
        ])
        .collect();
    let run = older.dry_run(&newer, records, now);
    let row = run.row(tenant(1), Category::Draft).unwrap();
    // The one of 25 days earlier was due under the older policy too.
    assert_eq!(
        (row.ends_now, row.ends_earlier, row.unchanged, row.held),
        (2, 2, 1, 1)
    );
    assert_eq!(row.earliest, Some(day(9)));
    let row = run.row(tenant(1), Category::Session).unwrap();
    assert_eq!((row.ends_later, row.unchanged), (1, 1));
    assert_eq!(run.ends_now_total(), 2);
    assert_eq!(run.rows().count(), 2);
    assert_eq!(
        run.to_string(),
        "tenant                                category     ends now   earlier     later not later unchanged      held  \
         earliest new end\n\
         01010101-0101-4101-8101-010101010101  session             0         0         1         0         1         0\n\
         01010101-0101-4101-8101-010101010101  draft               2         2         0         0         1         1  \
         2026-03-11T09:00:00Z\n"
    );
}

#[test]
fn a_written_end_is_never_postponed() {
    let older = policy(&rule("draft", "created", "7d", ""));
    let meta = made_under(&older, Category::Draft, at(MADE));
    let usage = made_under(&older, Category::Usage, at(MADE));
    let none = Events::default();
    let records = [dossier(&meta, &none, &[]), dossier(&usage, &none, &[])];
    let run = older.dry_run(&Policy::default(), records, at(MADE));
    let row = run.row(tenant(1), Category::Draft).unwrap();
    assert_eq!(
        (row.would_end_later, row.unchanged, row.ends_later),
        (1, 0, 0)
    );
    assert_eq!(run.row(tenant(1), Category::Usage).unwrap().unchanged, 1);
}
