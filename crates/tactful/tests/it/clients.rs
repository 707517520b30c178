//! Clients: a contract before everything, suspension, and what a restart keeps.

use tactful::Error;
use tactful::crypto_store::Accessor;
use tactful::retention_policy::{self, ActorId, Contract, Party, Region, Role, State, TenantId};

use crate::{at, builder, by, clock, contract, desk, in_dir, operator, shop, ticket};

pub(crate) fn for_the_shop() -> Accessor {
    Accessor::new(operator(), Role::PrivacyOfficer, shop())
}

#[tokio::test]
async fn nothing_is_written_for_a_client_without_a_contract() {
    let desk = builder(&clock()).in_memory().open().await.unwrap();
    let refused = desk.ingest(&by(Role::Agent), &ticket("T-1")).await;
    assert!(matches!(refused, Err(Error::NotOnboarded)));
    assert_eq!(desk.contract(shop()), None);

    // Nor by who makes the keys behind the desk's back.
    let now = at("2026-03-02T09:07:00Z");
    desk.store().create_tenant(shop(), now).await.unwrap();
    let refused = desk.ingest(&by(Role::Agent), &ticket("T-1")).await;
    assert!(matches!(refused, Err(Error::NotOnboarded)));
    desk.onboard(contract(shop())).await.unwrap();
    desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
}

#[tokio::test]
async fn a_contract_that_the_desk_cannot_keep_is_refused() {
    let desk = builder(&clock()).in_memory().open().await.unwrap();
    let of = |region, policy, since: &str| {
        let operators = [operator()];
        Contract::new(
            shop(),
            Party::Processor,
            region,
            policy,
            operators,
            at(since),
        )
        .unwrap()
    };
    let past = "2026-01-01T00:00:00Z";
    let refused = desk.onboard(of(Region::Italy, 1, past)).await;
    assert!(matches!(refused, Err(Error::OtherRegion { .. })));
    let refused = desk.onboard(of(Region::France, 2, past)).await;
    assert!(matches!(
        refused,
        Err(Error::OtherPolicy {
            desk: 1,
            contract: 2
        })
    ));
    let refused = desk
        .onboard(of(Region::France, 1, "2026-04-01T00:00:00Z"))
        .await;
    let early = |e: &retention_policy::Error| matches!(e, retention_policy::Error::TooEarly { .. });
    assert!(matches!(refused, Err(Error::Policy(e)) if early(&e)));
    let own = TenantId::from_bytes(*b"tactful the desk");
    assert!(desk.onboard(contract(own)).await.is_err());
    assert!(desk.contracts().is_empty());
    assert!(!desk.store().has_tenant(shop()).await.unwrap());

    desk.onboard(contract(shop())).await.unwrap();
    let twice = desk.onboard(contract(shop())).await;
    assert!(matches!(twice, Err(Error::Onboarded)));
}

#[tokio::test]
async fn a_suspended_client_gets_no_drafts_and_its_people_get_answers() {
    let desk = desk(&clock()).await;
    let (agent, officer) = (by(Role::Agent), by(Role::PrivacyOfficer));
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();

    // Whoever is no operator does not stop a client.
    assert!(desk.suspend(&officer).await.is_err());
    desk.suspend(&for_the_shop()).await.unwrap();
    let stopped = |e: &Error| matches!(e, Error::Stopped { state: "suspended" });
    assert!(
        desk.ingest(&agent, &ticket("T-2"))
            .await
            .is_err_and(|e| stopped(&e))
    );
    assert!(
        desk.suggest(&agent, &session)
            .await
            .is_err_and(|e| stopped(&e))
    );
    assert!(
        desk.session(&agent, session.record())
            .await
            .is_err_and(|e| stopped(&e))
    );
    let customer = ticket("T-1").customer().unwrap().clone();
    let found = desk.find_person(&officer, &customer).await.unwrap();
    assert_eq!(found, Some(session.subject()));
    assert!(desk.suspend(&for_the_shop()).await.is_err());

    desk.resume(&for_the_shop()).await.unwrap();
    desk.suggest(&agent, &session).await.unwrap();
}

#[tokio::test]
async fn a_contract_survives_a_restart_as_it_stood() {
    let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
    {
        let desk = in_dir(&clock, dir.path()).open().await.unwrap();
        desk.onboard(contract(shop())).await.unwrap();
        desk.suspend(&for_the_shop()).await.unwrap();
    }
    let desk = in_dir(&clock, dir.path()).open().await.unwrap();
    let state = State::Suspended {
        since: at("2026-03-02T09:07:00Z"),
    };
    assert_eq!(*desk.contract(shop()).unwrap().state(), state);
    desk.resume(&for_the_shop()).await.unwrap();
    drop(desk);
    let desk = in_dir(&clock, dir.path()).open().await.unwrap();
    assert_eq!(desk.contract(shop()), Some(contract(shop())));
    let stranger = Accessor::new(
        ActorId::from_random([9; 16]),
        Role::Agent,
        TenantId::from_random([9; 16]),
    );
    assert!(matches!(
        desk.suspend(&stranger).await,
        Err(Error::NotOnboarded)
    ));
    assert!(desk.verify_audit().await.unwrap().intact);
}
