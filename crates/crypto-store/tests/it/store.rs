//! Writing, reading, finding.

use chrono::TimeDelta;
use crypto_store::{Decision, Error, IndexTerm, NewRecord, Put, Reason};
use retention_policy::{Action, Category, Purpose, PurposeSet, RecordId, Role, UnitId};

use crate::support::{
    World, agent, by, email, hours, meta, now, officer, person, put, read, reply, request, session,
    tenant,
};

#[tokio::test]
async fn what_is_put_is_got_also_after_opening_again() {
    for world in World::all() {
        let store = world.create().await;
        let bodies: [&[u8]; 4] = [b"", b"short", &[0; 5000], &vec![7; 300_000]];
        let mut ids = Vec::new();
        for body in bodies {
            ids.push(put(&store, person(1), body).await);
        }
        for (id, body) in ids.iter().zip(bodies) {
            let opened = store.get(*id, &agent(), &reply(), now()).await.unwrap();
            assert_eq!(
                (opened.expose(), opened.id(), opened.meta()),
                (body, *id, &session(person(1)))
            );
        }
        if let crate::support::Place::Files(_) = world.place {
            store.close().await.unwrap();
            let store = world.open().await;
            for (id, body) in ids.iter().zip(bodies) {
                assert_eq!(read(&store, *id, now()).await.unwrap(), body);
            }
        }
    }
}

#[tokio::test]
async fn the_same_delivery_twice_is_one_record() {
    for world in World::all() {
        let store = world.create().await;
        let record = |body: &[u8]| {
            NewRecord::new(session(person(1)), body.to_vec()).idempotency_key(b"ticket-17")
        };
        let first = store
            .put(record(b"one"), &agent(), &reply(), now())
            .await
            .unwrap();
        assert!(matches!(first, Put::Stored(_)));
        let again = store
            .put(record(b"two"), &agent(), &reply(), now())
            .await
            .unwrap();
        assert_eq!(again, Put::AlreadyStored(first.id()));
        assert_eq!(read(&store, first.id(), now()).await.unwrap(), b"one");
        // Another tenant's delivery of the same name is another delivery.
        let other = NewRecord::new(
            meta(tenant(2), person(1), Category::Session, now()),
            b"x".to_vec(),
        )
        .idempotency_key(b"ticket-17");
        let other = store
            .put(other, &by(Role::Agent, tenant(2)), &reply(), now())
            .await
            .unwrap();
        assert!(matches!(other, Put::Stored(_)));
    }
}

#[tokio::test]
async fn the_same_delivery_many_times_at_once_is_one_record() {
    for world in World::all() {
        let store = std::sync::Arc::new(world.create().await);
        let tasks: Vec<_> = (0..16u8)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let record =
                        NewRecord::new(session(person(1)), vec![n]).idempotency_key(b"same");
                    store.put(record, &agent(), &reply(), now()).await.unwrap()
                })
            })
            .collect();
        let mut stored = Vec::new();
        for task in tasks {
            stored.push(task.await.unwrap());
        }
        assert_eq!(
            stored
                .iter()
                .filter(|p| matches!(p, Put::Stored(_)))
                .count(),
            1
        );
        assert!(stored.iter().all(|p| p.id() == stored[0].id()));
    }
}

#[tokio::test]
async fn reads_end_at_the_instant_of_expiry_with_or_without_a_sweeper() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        let end = session(person(1)).expires_at();
        assert!(read(&store, id, end - TimeDelta::seconds(1)).await.is_ok());
        assert!(read(&store, id, end).await.unwrap_err().is_expired());
        assert!(
            read(&store, id, end + hours(1000))
                .await
                .unwrap_err()
                .is_expired()
        );
    }
}

#[tokio::test]
async fn a_record_that_is_over_is_not_taken() {
    for world in World::all() {
        let store = world.create().await;
        let record = NewRecord::new(session(person(1)), b"late".to_vec());
        let late = session(person(1)).expires_at();
        assert!(
            store
                .put(record, &agent(), &reply(), late)
                .await
                .unwrap_err()
                .is_expired()
        );
    }
}

#[tokio::test]
async fn role_action_and_purpose_decide() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        let cases = [
            (Role::Agent, Purpose::DraftReply, true),
            // In the table for an agent, yet not among the record's purposes.
            (Role::Agent, Purpose::PrepareReply, false),
            (Role::Agent, Purpose::ImproveService, false),
            (Role::Engineer, Purpose::Operate, false),
            (Role::PrivacyOfficer, Purpose::AnswerRequest, true),
            (Role::PrivacyOfficer, Purpose::DraftReply, false),
            (Role::Auditor, Purpose::Secure, false),
        ];
        for (role, purpose, allowed) in cases {
            let got = store
                .get(id, &by(role, tenant(1)), &Reason::new(purpose), now())
                .await;
            assert_eq!(got.is_ok(), allowed, "{role:?} {purpose:?}");
            if let Err(e) = got {
                assert!(e.is_denied());
            }
            let (_, entry) = store.audit(0, usize::MAX).await.unwrap().pop().unwrap();
            let decision = if allowed {
                Decision::Allowed
            } else {
                Decision::Denied
            };
            assert_eq!(
                (entry.action, entry.decision, entry.role),
                (Action::Read, decision, Some(role))
            );
        }
        let written = NewRecord::new(session(person(1)), Vec::new());
        let engineer = by(Role::Engineer, tenant(1));
        assert!(
            store
                .put(written, &engineer, &reply(), now())
                .await
                .unwrap_err()
                .is_denied()
        );
    }
}

#[tokio::test]
async fn tenants_do_not_see_each_other() {
    for world in World::all() {
        let store = world.create().await;
        let record = NewRecord::new(session(person(1)), b"body".to_vec())
            .terms(vec![email("zoe@example.org")]);
        let id = store
            .put(record, &agent(), &reply(), now())
            .await
            .unwrap()
            .id();
        let other = by(Role::Agent, tenant(2));
        let forbidden = store.get(id, &other, &reply(), now()).await.unwrap_err();
        let missing = store
            .get(RecordId::from_random([3; 16]), &other, &reply(), now())
            .await
            .unwrap_err();
        assert!(forbidden.is_not_found());
        assert_eq!(forbidden.to_string(), missing.to_string());
        assert!(
            store
                .find(&email("zoe@example.org"), &other, &reply(), now())
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            store
                .shred(&[id], &other, &reply(), now())
                .await
                .unwrap_err()
                .is_not_found()
        );
        let foreign = NewRecord::new(session(person(1)), Vec::new());
        assert!(
            store
                .put(foreign, &other, &reply(), now())
                .await
                .unwrap_err()
                .is_denied()
        );
        let unknown = by(Role::Agent, tenant(3));
        assert!(matches!(
            store.get(id, &unknown, &reply(), now()).await,
            Err(Error::UnknownTenant)
        ));
        let record = NewRecord::new(
            meta(tenant(3), person(1), Category::Session, now()),
            Vec::new(),
        );
        assert!(matches!(
            store.put(record, &unknown, &reply(), now()).await,
            Err(Error::UnknownTenant)
        ));
        assert!(matches!(
            store.create_tenant(tenant(1), now()).await,
            Err(Error::TenantExists)
        ));
    }
}

#[tokio::test]
async fn terms_find_records_until_they_end() {
    for world in World::all() {
        let store = world.create().await;
        let zoe = email("zoe@example.org");
        let mut expected = Vec::new();
        for n in 0..3 {
            let terms = vec![
                zoe.clone(),
                IndexTerm::new("order", &format!("A-{n}")).unwrap(),
                zoe.clone(),
            ];
            let record = NewRecord::new(session(person(n)), vec![n]).terms(terms);
            expected.push(
                store
                    .put(record, &agent(), &reply(), now())
                    .await
                    .unwrap()
                    .id(),
            );
        }
        expected.sort_unstable();
        let find = async |term: &IndexTerm, at| {
            let mut found = store.find(term, &agent(), &reply(), at).await.unwrap();
            found.sort_unstable();
            found
        };
        assert_eq!(find(&zoe, now()).await, expected);
        assert_eq!(
            find(&IndexTerm::new("order", "A-1").unwrap(), now())
                .await
                .len(),
            1
        );
        // The same value in another field is another term.
        assert!(
            find(&IndexTerm::new("order", "zoe@example.org").unwrap(), now())
                .await
                .is_empty()
        );
        assert!(find(&email("someone@example.org"), now()).await.is_empty());
        assert!(find(&zoe, session(person(1)).expires_at()).await.is_empty());
        store
            .shred(&expected[..1], &agent(), &reply(), now())
            .await
            .unwrap();
        assert_eq!(find(&zoe, now()).await, expected[1..]);
        let auditor = by(Role::Auditor, tenant(1));
        let denied = store
            .find(&zoe, &auditor, &Reason::new(Purpose::Secure), now())
            .await;
        assert!(denied.unwrap_err().is_denied());
    }
}

#[tokio::test]
async fn a_person_is_found_with_all_links() {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for n in 1..=4 {
            ids.push(put(&store, person(n), &[n]).await);
        }
        store
            .link(person(1), person(2), &agent(), &reply(), now())
            .await
            .unwrap();
        store
            .link(person(3), person(2), &agent(), &reply(), now())
            .await
            .unwrap();
        for n in 1..=3 {
            let mut found = store
                .of_subject(person(n), &officer(), &request(), now())
                .await
                .unwrap();
            found.sort_unstable();
            let mut expected = ids[..3].to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected, "from person {n}");
        }
        assert_eq!(
            store
                .of_subject(person(4), &officer(), &request(), now())
                .await
                .unwrap(),
            ids[3..]
        );
        assert!(matches!(
            store
                .link(person(1), person(1), &agent(), &reply(), now())
                .await,
            Err(Error::Invalid { .. })
        ));
    }
}

#[tokio::test]
async fn what_is_due_is_told_earliest_first() {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for minutes in [30, 0, 60] {
            let made = now() + TimeDelta::minutes(minutes);
            let record = NewRecord::new(
                meta(tenant(1), person(1), Category::Session, made),
                Vec::new(),
            );
            ids.push(
                store
                    .put(record, &agent(), &reply(), made)
                    .await
                    .unwrap()
                    .id(),
            );
        }
        let due = store
            .due(now() + hours(23) + TimeDelta::minutes(30), 10)
            .await
            .unwrap();
        assert_eq!(
            due.iter().map(|d| d.id).collect::<Vec<_>>(),
            [ids[1], ids[0]]
        );
        assert_eq!(store.due(now() + hours(30), 1).await.unwrap().len(), 1);
        assert!(store.due(now(), 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn purposes_of_a_record_are_checked_on_writing() {
    for world in World::all() {
        let store = world.create().await;
        let expiry = session(person(1)).expiry();
        let meta = retention_policy::RecordMeta::new(
            tenant(1),
            person(1),
            Category::Session,
            PurposeSet::only(Purpose::PrepareReply),
            retention_policy::Region::Germany,
            expiry,
        )
        .unwrap();
        let denied = store
            .put(NewRecord::new(meta, Vec::new()), &agent(), &reply(), now())
            .await;
        assert!(denied.unwrap_err().is_denied());
    }
}

#[tokio::test]
async fn nothing_that_is_printed_tells_content() {
    let world = World::sqlite();
    let store = world.create().await;
    let term = email("zoe.quistgaard@example.org");
    let record = NewRecord::new(session(person(1)), crate::support::CANARY.to_vec())
        .terms(vec![term.clone()])
        .unit(UnitId::from_random([4; 16]));
    let printed = format!("{record:?} {term:?}");
    let id = store
        .put(record, &agent(), &reply(), now())
        .await
        .unwrap()
        .id();
    let opened = store.get(id, &agent(), &reply(), now()).await.unwrap();
    let printed = format!(
        "{printed} {opened:?} {store:?} {:?} {:?}",
        world.root,
        world.config()
    );
    for secret in ["Quistgaard", "quistgaard", "Linden"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
