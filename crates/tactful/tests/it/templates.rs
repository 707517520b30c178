//! What becomes of drafts: templates of what many have in common, or gone; and both are counted.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::TimeDelta;
use tactful::crypto_store::{
    Accessor, Entropy, Error as StoreError, IndexTerm, NewRecord, Reason, SeededEntropy,
};
use tactful::gdpr_rights::Statement;
use tactful::gdpr_rights::request::sign::SigningKey;
use tactful::retention_policy::{
    CaseId, Category, Choice, DeletionReport, Disposition, HoldReason, LegalBasis, Policy, Purpose,
    PurposeSet, RecordId, RecordMeta, Region, Role, Scope, State, SubjectId,
};
use tactful::suggest_core::Author;
use tactful::{
    Clock, Customer, Desk, DeskBuilder, ManualClock, Message, Proposal, Session, Suggested, Ticket,
    verify_deletion,
};

use crate::{builder, by, clock, contract, in_dir, operator, shop};

const IMPROVE: Reason = Reason::new(Purpose::ImproveService);
const DAY: TimeDelta = TimeDelta::days(1);

/// People who all want to send a lamp back, and one who asks for something else.
pub(crate) const PEOPLE: [&str; 7] = [
    "Orla Brennigan",
    "Marit Vandersloot",
    "Ansgar Tiedemann",
    "Philippa Quillfeather",
    "Noor Castellane",
    "Ines Albarracin",
    "Zdenka Hruskova",
];

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub(crate) fn mail(n: usize) -> String {
    format!(
        "{}@mailbox.example",
        PEOPLE[n].to_lowercase().replace(' ', ".")
    )
}

fn ticket(n: usize) -> Ticket {
    let customer = Customer::new().with_name(PEOPLE[n]).with_email(mail(n));
    let text = match n {
        6 => format!(
            "Hello, can I change the delivery address of order FL-20441{n}?\n\nRegards\n{}",
            PEOPLE[n]
        ),
        _ => format!(
            "Hello, I would like to return the lamp from order FL-20441{n}. How do I send it back?\n\n\
             Regards\n{}",
            PEOPLE[n]
        ),
    };
    let said = vec![Message::new(Author::Customer, None, &text)];
    Ticket::new(format!("T-{n}"), Some(customer), said).unwrap()
}

pub(crate) async fn drafted(desk: &Desk, n: usize) -> (Session, Proposal) {
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket(n)).await.unwrap();
    match desk.suggest(&agent, &session).await.unwrap() {
        Suggested::Draft(draft) => (session, *draft),
        Suggested::None(why) => panic!("{n}: {why:?}"),
    }
}

/// Drafts for all seven.
pub(crate) async fn seven(desk: &Desk) -> Vec<(Session, Proposal)> {
    let mut all = Vec::new();
    for n in 0..PEOPLE.len() {
        all.push(drafted(desk, n).await);
    }
    all
}

pub(crate) async fn opened(to: DeskBuilder) -> Desk {
    let desk = to.signing_key(key()).open().await.unwrap();
    if desk.contract(shop()).is_none() {
        desk.onboard(contract(shop())).await.unwrap();
    }
    desk
}

async fn shop_desk(clock: &Arc<ManualClock>) -> Desk {
    opened(builder(clock).in_memory()).await
}

/// A sweep a day. After 27 days the drafts of the first were looked at, after 30 their keys are gone.
pub(crate) async fn pass(desk: &Desk, clock: &ManualClock, days: i32) {
    for _ in 0..days {
        clock.advance(DAY);
        desk.sweep().await.unwrap();
    }
}

pub(crate) async fn lines(desk: &Desk) -> BTreeSet<String> {
    let all = desk.templates(&by(Role::PrivacyOfficer)).await.unwrap();
    all.into_iter().flat_map(|one| one.lines).collect()
}

pub(crate) async fn report(desk: &Desk, clock: &ManualClock) -> DeletionReport {
    let today = clock.now().date_naive();
    let days = today - DAY * 35..=today;
    let officer = by(Role::PrivacyOfficer);
    desk.deletion_report(&officer, days).await.unwrap()
}

/// Drafts that ended, and how many of them are in templates.
pub(crate) fn drafts(report: &DeletionReport) -> (u64, u64) {
    let sums = report.total().sums();
    let drafts = sums.filter(|(category, ..)| *category == Category::Draft);
    let drafts = drafts.map(|(.., records)| records).sum();
    (drafts, report.total().templates())
}

async fn template_records(desk: &Desk, clock: &ManualClock) -> Vec<RecordId> {
    let term = IndexTerm::new("templates", "all").unwrap();
    let (worker, now) = (by(Role::Worker), clock.now());
    let found = desk.store().find(&term, &worker, &IMPROVE, now).await;
    found.unwrap()
}

#[tokio::test]
async fn what_six_drafts_have_in_common_lives_on_and_nobody_is_in_it() {
    let clock = clock();
    let desk = shop_desk(&clock).await;
    seven(&desk).await;
    pass(&desk, &clock, 26).await;
    assert!(lines(&desk).await.is_empty());
    pass(&desk, &clock, 1).await;
    let all = desk.templates(&by(Role::PrivacyOfficer)).await.unwrap();
    assert_eq!(all, desk.templates(&by(Role::Worker)).await.unwrap());
    let [of_returns] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!((of_returns.locale.as_str(), of_returns.drafts), ("en", 6));
    assert_eq!(of_returns.intent.as_deref(), Some("return"));
    let has = |line: &str| of_returns.lines.contains(line);
    assert!(has("Kind regards"), "{:?}", of_returns.lines);
    assert!(has("The return is free"), "{:?}", of_returns.lines);
    let told = format!(
        "{:?} {}",
        of_returns.lines,
        report(&desk, &clock).await.to_html()
    );
    for (n, person) in PEOPLE.iter().enumerate() {
        let names = person.split(' ').map(str::to_owned);
        for value in names.chain([mail(n), format!("FL-20441{n}"), format!("T-{n}")]) {
            assert!(!told.contains(&value), "{value}");
        }
    }
    // What one alone was told is in no line, and Debug tells no line.
    assert!(!told.contains("address"), "{told}");
    assert!(!format!("{all:?}").contains("free"));

    pass(&desk, &clock, 3).await;
    assert_eq!(drafts(&report(&desk, &clock).await), (7, 6));
    // Two events for one bucket, each signed.
    let (officer, day) = (by(Role::PrivacyOfficer), clock.now().date_naive());
    let events = desk.deletions(&officer, day).await.unwrap();
    let events = events
        .iter()
        .map(|e| verify_deletion(e, &key().verifying_key()).unwrap());
    let mut told: Vec<_> = events.map(|e| (e.disposition, e.records)).collect();
    told.sort_unstable();
    assert_eq!(told, [(Disposition::Erase, 1), (Disposition::Template, 6)]);
    // They outlive the drafts, and nothing is made or counted again.
    let before = lines(&desk).await;
    pass(&desk, &clock, 4).await;
    assert_eq!(lines(&desk).await, before);
    assert_eq!(template_records(&desk, &clock).await.len(), 1);
    assert_eq!(drafts(&report(&desk, &clock).await), (7, 6));
}

#[tokio::test]
async fn only_who_answers_for_the_data_reads_templates() {
    let clock = clock();
    let desk = shop_desk(&clock).await;
    for role in [Role::Agent, Role::Engineer, Role::Auditor] {
        let refused = desk.templates(&by(role)).await;
        assert!(refused.unwrap_err().is_denied(), "{role}");
    }
}

/// Sweeps come every minute; drafts are looked at once, and each look is in the audit.
#[tokio::test]
async fn each_draft_is_opened_once() {
    let clock = clock();
    let desk = shop_desk(&clock).await;
    seven(&desk).await;
    pass(&desk, &clock, 27).await;
    let entries = async || desk.verify_audit().await.unwrap().leaves;
    let before = entries().await;
    for _ in 0..50 {
        clock.advance(TimeDelta::minutes(1));
        desk.sweep().await.unwrap();
    }
    assert_eq!(entries().await, before);
    pass(&desk, &clock, 1).await;
    // The search of a day, and no draft.
    assert_eq!(entries().await, before + 1);
}

#[tokio::test]
async fn a_restart_makes_nothing_twice_and_counts_the_same() {
    let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
    let again = async |dir: &Path| opened(in_dir(&clock, dir)).await;
    {
        let desk = again(dir.path()).await;
        seven(&desk).await;
        pass(&desk, &clock, 27).await;
        assert_eq!(template_records(&desk, &clock).await.len(), 1);
        desk.close().await.unwrap();
    }
    for _ in 0..3 {
        let desk = again(dir.path()).await;
        clock.advance(DAY);
        desk.sweep().await.unwrap();
        desk.close().await.unwrap();
    }
    let desk = again(dir.path()).await;
    assert_eq!(template_records(&desk, &clock).await.len(), 1);
    assert_eq!(lines(&desk).await.len(), 7);
    assert_eq!(drafts(&report(&desk, &clock).await), (7, 6));
}

/// Lines are written before the drafts they are of: what was cut off between the two goes with the next try.
#[tokio::test]
async fn what_was_cut_off_is_made_once() {
    let clock = clock();
    let desk = shop_desk(&clock).await;
    let all = seven(&desk).await;
    pass(&desk, &clock, 26).await;
    let expiry = desk
        .policy()
        .expiry(Category::Template, clock.now())
        .unwrap();
    let (nobody, improve) = (SubjectId::from_random([9; 16]), Purpose::ImproveService);
    let improve = PurposeSet::only(improve);
    let meta = RecordMeta::new(
        shop(),
        nobody,
        Category::Template,
        improve,
        Region::France,
        expiry,
    );
    let terms = ["all", "0"].map(|value| IndexTerm::new("templates", value).unwrap());
    let half = NewRecord::new(meta.unwrap(), Vec::new()).terms(terms.to_vec());
    let (worker, now) = (by(Role::Worker), clock.now());
    desk.store()
        .put(half, &worker, &IMPROVE, now)
        .await
        .unwrap();
    assert_eq!(template_records(&desk, &clock).await.len(), 1);
    assert!(desk.templates(&worker).await.is_err());
    pass(&desk, &clock, 1).await;
    assert_eq!(template_records(&desk, &clock).await.len(), 1);
    assert_eq!(lines(&desk).await.len(), 7);
    assert_eq!(all.len(), 7);
}

/// "Who objects to improvement is left out of it": before the draft and after it, by objection and by restriction.
#[tokio::test]
async fn p106_who_objects_is_in_no_template() {
    let improve = Purpose::ImproveService;
    for (said, early) in [
        (Statement::Objection(improve), true),
        (Statement::Objection(improve), false),
        (Statement::Restriction, false),
    ] {
        for objecting in [1, 2] {
            let clock = clock();
            let desk = shop_desk(&clock).await;
            let officer = by(Role::PrivacyOfficer);
            for n in 0..6 {
                let session = desk.ingest(&by(Role::Agent), &ticket(n)).await.unwrap();
                if early && n < objecting {
                    desk.state(&officer, session.subject(), said).await.unwrap();
                }
                let (session, draft) = drafted(&desk, n).await;
                if !early && n < objecting {
                    desk.state(&officer, session.subject(), said).await.unwrap();
                }
                // Without the purpose nobody can open it for this.
                let now = clock.now();
                let opened = desk
                    .store()
                    .get(draft.record(), &by(Role::Worker), &IMPROVE, now)
                    .await;
                assert_eq!(opened.is_err(), early && n < objecting, "{said:?} {n}");
            }
            pass(&desk, &clock, 30).await;
            // Five are enough, and four are not.
            let made = if objecting == 1 { 5 } else { 0 };
            assert_eq!(drafts(&report(&desk, &clock).await), (6, made), "{said:?}");
            assert_eq!(lines(&desk).await.is_empty(), made == 0);
        }
    }
}

/// Consent to improvement is asked for by itself; who takes it back keeps the draft and is in no template.
#[tokio::test]
async fn where_consent_is_the_basis_improving_needs_its_own() {
    let clock = clock();
    let on_consent = builder(&clock).in_memory();
    let desk = opened(on_consent.legal_basis(LegalBasis::Consent)).await;
    let (officer, improve) = (by(Role::PrivacyOfficer), Purpose::ImproveService);
    let mut last = None;
    for n in 0..6 {
        let session = desk.ingest(&by(Role::Agent), &ticket(n)).await.unwrap();
        for purpose in [Purpose::DraftReply, improve] {
            let consent = Statement::Consent(purpose);
            desk.state(&officer, session.subject(), consent)
                .await
                .unwrap();
        }
        last = Some(drafted(&desk, n).await);
    }
    let (session, draft) = last.unwrap();
    clock.advance(TimeDelta::minutes(5));
    let said = Statement::Withdrawal(improve);
    desk.state(&officer, session.subject(), said).await.unwrap();
    let why = Reason::new(Purpose::DraftReply);
    let opened = desk
        .store()
        .get(draft.record(), &by(Role::Agent), &why, clock.now())
        .await;
    assert!(opened.is_ok());
    pass(&desk, &clock, 30).await;
    assert_eq!(drafts(&report(&desk, &clock).await), (6, 5));
}

/// Five drafts for four people say nothing.
#[tokio::test]
async fn two_accounts_of_one_person_count_once() {
    for linked in [false, true] {
        let clock = clock();
        let desk = shop_desk(&clock).await;
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(drafted(&desk, n).await.0.subject());
        }
        if linked {
            let (officer, why) = (
                by(Role::PrivacyOfficer),
                Reason::new(Purpose::AnswerRequest),
            );
            let link = desk
                .store()
                .link(people[3], people[4], &officer, &why, clock.now());
            link.await.unwrap();
        }
        pass(&desk, &clock, 30).await;
        let made = if linked { 0 } else { 5 };
        assert_eq!(drafts(&report(&desk, &clock).await), (5, made));
    }
}

#[tokio::test]
async fn a_policy_that_erases_makes_none() {
    let clock = clock();
    let erases = "schema = 1\nversion = 1\n[[rule]]\ncategory = \"draft\"\ntrigger = \"created\"\n\
        after = \"28d 23h\"\naction = \"erase\"\n";
    let erases = Policy::from_toml(erases).unwrap();
    let desk = opened(builder(&clock).in_memory().policy(erases)).await;
    seven(&desk).await;
    pass(&desk, &clock, 30).await;
    assert!(template_records(&desk, &clock).await.is_empty());
    assert_eq!(drafts(&report(&desk, &clock).await), (7, 0));
}

/// A rule that ends drafts early makes templates of them as well, and ends them one by one.
#[tokio::test]
async fn drafts_that_end_early_are_counted_too() {
    let clock = clock();
    let closes = |action: &str| {
        let text = format!(
            "schema = 1\nversion = 1\n[[rule]]\ncategory = \"draft\"\ntrigger = \"ticket_closed\"\n\
             after = \"36h\"\naction = \"{action}\"\n"
        );
        Policy::from_toml(&text).unwrap()
    };
    for (action, made) in [("template", 6), ("erase", 0)] {
        let desk = opened(builder(&clock).in_memory().policy(closes(action))).await;
        seven(&desk).await;
        for n in 0..PEOPLE.len() {
            let found = desk
                .ticket_closed(&by(Role::Agent), &format!("T-{n}"))
                .await;
            assert!(found.unwrap());
        }
        let begun = clock.now();
        pass(&desk, &clock, 1).await;
        assert_eq!(lines(&desk).await.is_empty(), made == 0, "{action}");
        pass(&desk, &clock, 1).await;
        let (officer, last) = (by(Role::PrivacyOfficer), clock.now().date_naive());
        let told = desk
            .deletion_report(&officer, begun.date_naive()..=last)
            .await;
        assert_eq!(drafts(&told.unwrap()), (7, made), "{action}");
        let events = desk.deletions(&officer, last).await.unwrap();
        assert_eq!(events.len(), 7);
    }
}

/// A template that was made holds nobody, so an erasure takes nothing out of it; and the report counts only what ended by itself.
#[tokio::test]
async fn who_is_erased_in_between_is_not_counted() {
    let clock = clock();
    let desk = shop_desk(&clock).await;
    let all = seven(&desk).await;
    pass(&desk, &clock, 27).await;
    let made = lines(&desk).await;
    let (officer, case) = (by(Role::PrivacyOfficer), CaseId::from_random([3; 16]));
    let them = Customer::new().with_email(mail(2));
    let erased = desk.erase_person(&officer, case, all[2].0.subject(), &them);
    erased.await.unwrap();
    pass(&desk, &clock, 3).await;
    assert_eq!(lines(&desk).await, made);
    assert_eq!(drafts(&report(&desk, &clock).await), (6, 5));
}

/// Erased, held, taken away: what is not there or does not end is not looked at.
#[tokio::test]
async fn who_is_erased_or_held_before_is_not_read() {
    let (clock, officer) = (clock(), by(Role::PrivacyOfficer));
    for hold in [false, true] {
        let desk = shop_desk(&clock).await;
        let mut all = Vec::new();
        for n in 0..6 {
            all.push(drafted(&desk, n).await);
        }
        for n in [0, 1] {
            if hold {
                let scope = Scope::Record(all[n].1.record());
                let placed = desk.place_hold(&officer, scope, HoldReason::LegalClaim, None);
                placed.await.unwrap();
            } else {
                let case = CaseId::from_random([n as u8; 16]);
                let them = Customer::new().with_email(mail(n));
                let erased = desk.erase_person(&officer, case, all[n].0.subject(), &them);
                erased.await.unwrap();
            }
        }
        pass(&desk, &clock, 30).await;
        assert!(lines(&desk).await.is_empty(), "four are too few");
        assert_eq!(drafts(&report(&desk, &clock).await), (4, 0));
    }
}

/// One draft that cannot be read is left out; the others become templates and every key goes.
#[tokio::test]
async fn a_damaged_draft_keeps_nothing_back() {
    let clock = clock();
    let desk = shop_desk(&clock).await;
    seven(&desk).await;
    let purposes = PurposeSet::only(Purpose::DraftReply).with(Purpose::ImproveService);
    put_body(&desk, &clock, 9, purposes, b"no draft".to_vec()).await;
    pass(&desk, &clock, 30).await;
    assert_eq!(drafts(&report(&desk, &clock).await), (8, 6));
}

/// A stored draft as `docs/format.md` describes it.
fn stored(text: &str) -> Vec<u8> {
    let mut body = [&[0][..], &[7; 16], &1_u64.to_be_bytes()].concat();
    for field in ["en", "passage", "return", "", text] {
        body.extend_from_slice(&u32::try_from(field.len()).unwrap().to_be_bytes());
        body.extend_from_slice(field.as_bytes());
    }
    body
}

/// Whatever stands in a draft: a value that came through, a word that one person alone was told, health.
#[tokio::test]
async fn nothing_of_one_draft_is_in_a_template() {
    let clock = clock();
    let desk = shop_desk(&clock).await;
    let purposes = PurposeSet::only(Purpose::DraftReply).with(Purpose::ImproveService);
    let planted = [
        "zwiebelkuchen",
        "orrery",
        "theremin",
        "quern",
        "hurdygurdy",
        "astrolabe",
    ];
    for (n, word) in planted.iter().enumerate() {
        let name = PEOPLE[n];
        let text = format!(
            "Hello [PERSON_{}],\n\nyour {word} is on its way to us. Ask {name} at {} about code 77{n}1. \
             We sent the refund of your order [ORDER_3] today.",
            n + 1,
            mail(n)
        );
        put_draft(&desk, &clock, n, purposes, &text).await;
    }
    let ill =
        "We sent the refund of your order [ORDER_3] today. We wish you well with your diabetes.";
    put_draft(&desk, &clock, 8, purposes, ill).await;
    pass(&desk, &clock, 27).await;
    let all = lines(&desk).await;
    assert!(
        all.contains("We sent the refund of your order {ORDER} today"),
        "{all:?}"
    );
    let told = format!("{all:?}").to_lowercase();
    for (n, word) in planted.iter().enumerate() {
        let names = PEOPLE[n].split(' ').map(str::to_lowercase);
        for value in names.chain([(*word).to_owned(), "mailbox".to_owned(), format!("77{n}1")]) {
            assert!(!told.contains(&value), "{value}: {told}");
        }
    }
    assert!(!told.contains("diabet"), "{told}");
    pass(&desk, &clock, 3).await;
    assert_eq!(drafts(&report(&desk, &clock).await), (7, 6));
}

async fn put_draft(desk: &Desk, clock: &ManualClock, n: usize, purposes: PurposeSet, text: &str) {
    put_body(desk, clock, n, purposes, stored(text)).await;
}

async fn put_body(desk: &Desk, clock: &ManualClock, n: usize, purposes: PurposeSet, body: Vec<u8>) {
    let expiry = desk.policy().expiry(Category::Draft, clock.now()).unwrap();
    let who = SubjectId::from_random([n as u8; 16]);
    let meta = RecordMeta::new(
        shop(),
        who,
        Category::Draft,
        purposes,
        Region::France,
        expiry,
    );
    let record = NewRecord::new(meta.unwrap(), body);
    let (agent, why) = (by(Role::Agent), Reason::new(Purpose::DraftReply));
    desk.store()
        .put(record, &agent, &why, clock.now())
        .await
        .unwrap();
}

/// A source of randomness that fails after some draws.
#[derive(Debug)]
struct Flaky {
    inner: SeededEntropy,
    left: AtomicU64,
}

impl Entropy for Flaky {
    fn fill(&self, out: &mut [u8]) -> Result<(), StoreError> {
        let less = |left: u64| left.checked_sub(1);
        let left = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
        left.map_err(|_| StoreError::Entropy)?;
        self.inner.fill(out)
    }
}

/// Wherever a sweep that makes templates fails, keys go with it or the next one; templates are made once, and counted.
#[tokio::test]
async fn what_fails_is_tried_again_and_keys_do_not_wait() {
    let (mut made_none, mut draws) = (0, 0);
    loop {
        let clock = clock();
        let flaky = Arc::new(Flaky {
            inner: SeededEntropy::insecure(7),
            left: AtomicU64::new(u64::MAX),
        });
        let entropy: Arc<dyn Entropy> = Arc::<Flaky>::clone(&flaky);
        let desk = opened(builder(&clock).in_memory().entropy(entropy)).await;
        seven(&desk).await;
        pass(&desk, &clock, 26).await;
        // A ticket whose bucket ends with the sweep that looks at the drafts.
        desk.ingest(&by(Role::Agent), &ticket(0)).await.unwrap();
        clock.advance(DAY);
        flaky.left.store(draws, Ordering::SeqCst);
        let swept = desk.sweep().await;
        let whole = flaky.left.load(Ordering::SeqCst) > 0;
        flaky.left.store(u64::MAX, Ordering::SeqCst);
        let lines_then = lines(&desk).await.len();
        if swept.is_ok_and(|swept| swept.expired.buckets == 1) && lines_then == 0 {
            made_none += 1;
            // Not with every sweep: each look is in the audit.
            desk.sweep().await.unwrap();
            assert!(lines(&desk).await.is_empty(), "{draws}");
        }
        clock.advance(TimeDelta::minutes(10));
        desk.sweep().await.unwrap();
        assert_eq!(lines(&desk).await.len(), 7, "{draws}");
        assert_eq!(template_records(&desk, &clock).await.len(), 1, "{draws}");
        pass(&desk, &clock, 3).await;
        let report = report(&desk, &clock).await;
        assert_eq!(drafts(&report), (7, 6), "{draws}");
        let tickets = report.total().sums();
        let tickets = tickets.filter(|(category, ..)| *category == Category::Session);
        assert_eq!(tickets.map(|(.., n)| n).sum::<u64>(), 8, "{draws}");
        if whole {
            break;
        }
        draws += 1;
    }
    assert!(draws > 3 && made_none > 2, "{draws} {made_none}");
}

/// Templates end with the contract, and are given back with the rest.
#[tokio::test]
async fn off_boarding_takes_templates_with_it() {
    let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
    let desk = opened(in_dir(&clock, dir.path())).await;
    seven(&desk).await;
    pass(&desk, &clock, 27).await;
    let made = template_records(&desk, &clock).await;
    assert_eq!(made.len(), 1);
    let boss = Accessor::new(operator(), Role::PrivacyOfficer, shop());
    desk.offboard(&boss, Choice::Return).await.unwrap();
    let archive = desk.hand_back(&boss).await.unwrap();
    let mut given = Vec::new();
    for parcel in &archive.parcels {
        given.extend(archive.token.open(parcel).unwrap().to_vec());
    }
    let given = String::from_utf8_lossy(&given).into_owned();
    assert!(given.contains("The return is free"));
    desk.received(&boss, archive.sha256).await.unwrap();
    for _ in 0..3 {
        desk.sweep().await.unwrap();
    }
    let gone = desk
        .store()
        .get(made[0], &by(Role::Worker), &IMPROVE, clock.now())
        .await;
    assert!(gone.is_err());
    assert!(desk.templates(&by(Role::Worker)).await.is_err());
    // Laws keep nothing here: the contract is over, and so is the book of what was looked at.
    assert!(matches!(
        desk.contract(shop()).unwrap().state(),
        State::Ended(_)
    ));
    desk.close().await.unwrap();
    let desk = in_dir(&clock, dir.path())
        .signing_key(key())
        .open()
        .await
        .unwrap();
    let book = IndexTerm::new("book", "templates").unwrap();
    let house = tactful::retention_policy::TenantId::from_bytes(*b"tactful the desk");
    let house = Accessor::new(operator(), Role::PrivacyOfficer, house);
    let why = Reason::new(Purpose::LegalObligation);
    let left = desk
        .store()
        .find(&book, &house, &why, clock.now())
        .await
        .unwrap();
    assert!(left.is_empty());
}
