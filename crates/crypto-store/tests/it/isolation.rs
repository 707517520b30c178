//! Failure 14: random operations over three tenants, against a model: nothing one tenant does changes what another sees.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crypto_store::{Error, NewRecord, Store};
use proptest::prelude::*;
use retention_policy::{Category, RecordId, Role, SubjectId, TenantId};

use crate::dice::heavy;
use crate::support::{World, by, email, meta, now, officer, person, reply, request, tenant};

/// One step of a tenant; records and people are chosen among few, so that tenants meet often.
#[derive(Debug, Clone)]
enum Step {
    Put { who: u8, term: Option<u8>, body: u8 },
    Get { pick: usize },
    Shred { pick: usize },
    Find { term: u8 },
    OfSubject { who: u8 },
    Erase { who: u8 },
    Deliver { key: u8, who: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..4u8, proptest::option::of(0..3u8), any::<u8>())
            .prop_map(|(who, term, body)| Step::Put { who, term, body }),
        3 => any::<usize>().prop_map(|pick| Step::Get { pick }),
        2 => any::<usize>().prop_map(|pick| Step::Shred { pick }),
        2 => (0..3u8).prop_map(|term| Step::Find { term }),
        1 => (0..4u8).prop_map(|who| Step::OfSubject { who }),
        1 => (0..4u8).prop_map(|who| Step::Erase { who }),
        2 => (0..3u8, 0..4u8).prop_map(|(key, who)| Step::Deliver { key, who }),
    ]
}

/// What a tenant must see.
#[derive(Default)]
struct Model {
    alive: BTreeMap<RecordId, (u8, Option<u8>, Vec<u8>)>,
    erased: BTreeSet<u8>,
    delivered: BTreeMap<u8, RecordId>,
}

impl Model {
    fn with(&self, fits: impl Fn(&(u8, Option<u8>, Vec<u8>)) -> bool) -> Vec<RecordId> {
        let mut ids: Vec<_> = self
            .alive
            .iter()
            .filter(|(_, r)| fits(r))
            .map(|(id, _)| *id)
            .collect();
        ids.sort_unstable();
        ids
    }
}

fn who(n: u8) -> SubjectId {
    // The same people at every tenant: ids that are equal must not connect them.
    person(n)
}

fn record(owner: TenantId, n: u8, body: Vec<u8>) -> NewRecord {
    NewRecord::new(meta(owner, who(n), Category::Session, now()), body)
}

fn sorted(mut ids: Vec<RecordId>) -> Vec<RecordId> {
    ids.sort_unstable();
    ids
}

fn term(n: u8) -> crypto_store::IndexTerm {
    email(&format!("t{n}@example.org"))
}

async fn put(
    store: &Store,
    owner: TenantId,
    model: &mut Model,
    n: u8,
    record: NewRecord,
) -> Option<RecordId> {
    let agent = by(Role::Agent, owner);
    match store.put(record, &agent, &reply(), now()).await {
        Ok(put) => {
            assert!(!model.erased.contains(&n));
            Some(put.id())
        }
        Err(Error::AlreadyErased) if model.erased.contains(&n) => None,
        Err(e) => panic!("{e}"),
    }
}

async fn apply(
    store: &Store,
    models: &mut [Model; 3],
    all: &mut Vec<RecordId>,
    owner: usize,
    step: &Step,
) {
    let name = tenant(owner as u8 + 1);
    let agent = by(Role::Agent, name);
    let dpo = by(officer().role(), name);
    let model = &mut models[owner];
    // Any record of anybody: most are another tenant's.
    let pick = |pick: usize| (!all.is_empty()).then(|| all[pick % all.len()]);
    match *step {
        Step::Put { who, term: t, body } => {
            let body = vec![body; usize::from(body) + 1];
            let new = record(name, who, body.clone()).terms(t.map(term).into_iter().collect());
            if let Some(id) = put(store, name, model, who, new).await {
                model.alive.insert(id, (who, t, body));
                all.push(id);
            }
        }
        Step::Deliver { key, who } => {
            let new = record(name, who, vec![key]).idempotency_key(&[key]);
            if let Some(known) = model.delivered.get(&key) {
                let again = store.put(new, &agent, &reply(), now()).await.unwrap();
                assert_eq!(again, crypto_store::Put::AlreadyStored(*known));
            } else if let Some(id) = put(store, name, model, who, new).await {
                model.delivered.insert(key, id);
                model.alive.insert(id, (who, None, vec![key]));
                all.push(id);
            }
        }
        Step::Get { pick: n } => {
            let Some(id) = pick(n) else { return };
            let got = store.get(id, &agent, &reply(), now()).await;
            assert_eq!(
                got.ok().map(|o| o.expose().to_vec()),
                model.alive.get(&id).map(|r| r.2.clone())
            );
        }
        Step::Shred { pick: n } => {
            let Some(id) = pick(n) else { return };
            let done = store.shred(&[id], &agent, &reply(), now()).await;
            assert_eq!(done.is_ok(), model.alive.remove(&id).is_some());
        }
        Step::Find { term: t } => {
            let found = store.find(&term(t), &agent, &reply(), now()).await.unwrap();
            assert_eq!(sorted(found), model.with(|r| r.1 == Some(t)));
        }
        Step::OfSubject { who: n } => {
            let found = store
                .of_subject(who(n), &dpo, &request(), now())
                .await
                .unwrap();
            assert_eq!(sorted(found), model.with(|r| r.0 == n));
        }
        Step::Erase { who: n } => {
            let done = store.erase_subject(who(n), &dpo, &request(), now()).await;
            assert_eq!(done.is_ok(), model.erased.insert(n));
            model.alive.retain(|_, r| r.0 != n);
        }
    }
}

/// Every tenant sees its model, whole, and nothing of another's.
async fn compare(store: &Store, models: &[Model; 3], all: &[RecordId]) {
    for (owner, model) in models.iter().enumerate() {
        let name = tenant(owner as u8 + 1);
        let (agent, dpo) = (by(Role::Agent, name), by(officer().role(), name));
        for id in all {
            let got = store.get(*id, &agent, &reply(), now()).await;
            let body = got.ok().map(|o| o.expose().to_vec());
            assert_eq!(
                body,
                model.alive.get(id).map(|r| r.2.clone()),
                "tenant {owner}"
            );
        }
        for n in 0..3 {
            let found = store.find(&term(n), &agent, &reply(), now()).await.unwrap();
            assert_eq!(
                sorted(found),
                model.with(|r| r.1 == Some(n)),
                "tenant {owner}"
            );
        }
        for n in 0..4 {
            let found = store
                .of_subject(who(n), &dpo, &request(), now())
                .await
                .unwrap();
            assert_eq!(sorted(found), model.with(|r| r.0 == n), "tenant {owner}");
        }
    }
}

fn cases(light: u32, full: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(if heavy() { full } else { light })
    }
}

fn run(world: &World, steps: &[(usize, Step)]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Arc::new(world.create().await);
        store.create_tenant(tenant(3), now()).await.unwrap();
        let (mut models, mut all) = (<[Model; 3]>::default(), Vec::new());
        for (owner, step) in steps {
            apply(&store, &mut models, &mut all, *owner, step).await;
        }
        compare(&store, &models, &all).await;
        assert!(store.verify_audit().await.unwrap().is_intact());
        store.close().await.unwrap();
        drop(store);
        if let crate::support::Place::Files(_) = world.place {
            compare(&world.open().await, &models, &all).await;
        }
    });
}

proptest! {
    #![proptest_config(cases(48, 2_000))]
    #[test]
    fn failure_14_no_tenant_changes_what_another_sees(
        steps in proptest::collection::vec((0..3usize, step()), 1..60)
    ) {
        run(&World::memory(), &steps);
    }
}

proptest! {
    #![proptest_config(cases(6, 200))]
    #[test]
    fn failure_14_nor_in_files(steps in proptest::collection::vec((0..3usize, step()), 1..40)) {
        run(&World::sqlite(), &steps);
    }
}
