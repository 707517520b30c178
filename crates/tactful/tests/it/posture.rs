//! How the keys stand, and the root that comes back.

use chrono::TimeDelta;
use tactful::retention_policy::Role;
use tactful::{Clock, Recoverable};

use crate::{at, by, clock, desk, in_dir, shop, ticket};

#[tokio::test]
async fn a_desk_in_memory_needs_no_recovery_and_tells_nobody() {
    let desk = desk(&clock()).await;
    desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    let posture = desk.posture().await.unwrap();
    assert_eq!(posture.recoverable, Recoverable::NotNeeded);
    assert!(posture.is_green());
    let told = format!("{posture}\n{posture:?}");
    for value in ["Orla", "brennigan", "T-1", "FL-204417"] {
        assert!(!told.contains(value), "{value}");
    }
    for line in [
        "region            FR",
        "stored format     1",
        "key backups       none",
        "legal advice",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    // Unknown is absent, not zero.
    assert!(!told.contains("rotation"), "{told}");
}

#[tokio::test]
async fn a_directory_without_a_recovery_kit_is_red() {
    let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
    let desk = in_dir(&clock, dir.path()).open().await.unwrap();
    let posture = desk.posture().await.unwrap();
    assert!(!posture.is_green());
    assert!(posture.to_string().contains("RED: no kit"), "{posture}");
    let built_in = posture.recoverable != Recoverable::NotBuiltIn;
    assert_eq!(built_in, cfg!(feature = "recovery"));
    assert_eq!(posture.to_string().contains("not built in"), !built_in);
}

#[tokio::test]
async fn key_backups_are_made_where_they_were_asked_for() {
    let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
    let backups = dir.path().join("keys");
    let desk = in_dir(&clock, dir.path())
        .key_backups(&backups, TimeDelta::hours(48))
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    // One with the keys of the desk itself, one with those of the client.
    assert_eq!(std::fs::read_dir(&backups).unwrap().count(), 2);
    let posture = desk.posture().await.unwrap();
    assert_eq!(posture.key_backups, Some(TimeDelta::hours(48)));
    assert!(posture.to_string().contains("kept 48 hours"), "{posture}");
}

#[tokio::test]
async fn a_rotation_is_told_with_its_age() {
    let clock = clock();
    let desk = desk(&clock).await;
    desk.store().rotate_keys(shop(), clock.now()).await.unwrap();
    clock.advance(TimeDelta::days(12));
    desk.confirm_clock();
    let posture = desk.posture().await.unwrap();
    assert_eq!(posture.rotated, Some(at("2026-03-02T09:07:00Z")));
    assert!(
        posture.to_string().contains("2026-03-02, 12 days ago"),
        "{posture}"
    );
}

#[cfg(feature = "recovery")]
mod recovery {
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    use tactful::crypto_store::recovery::{Identity, Recipient, Recovery, SealedShare};
    use tactful::crypto_store::{self, KeyFile, OsEntropy};
    use tactful::{Error, ManualClock};

    use super::*;
    use crate::builder;

    fn holders() -> ([Identity; 3], Vec<Recipient>) {
        let holders = [(); 3].map(|()| Identity::generate());
        let recipients = holders.iter().map(Identity::recipient).collect();
        (holders, recipients)
    }

    fn with_kit(clock: &Arc<ManualClock>, dir: &Path, to: &[Recipient]) -> tactful::DeskBuilder {
        in_dir(clock, dir).recovery_kit_for(dir.join("kit"), 2, to.iter().cloned())
    }

    #[tokio::test]
    async fn the_drill_root_lost_and_rebuilt() {
        let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
        let (holders, recipients) = holders();
        let desk = with_kit(&clock, dir.path(), &recipients)
            .open()
            .await
            .unwrap();
        desk.onboard(crate::contract(shop())).await.unwrap();
        let session = desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
        let posture = desk.posture().await.unwrap();
        assert!(posture.is_green(), "{posture}");
        assert!(
            posture
                .to_string()
                .contains("2 of 3 holders, kit of 2026-03-02"),
            "{posture}"
        );
        desk.close().await.unwrap();
        drop(desk);

        let root = dir.path().join("root.key");
        KeyFile::destroy(&root).unwrap();
        let lost = in_dir(&clock, dir.path()).open().await;
        assert!(matches!(
            lost,
            Err(Error::Store(crypto_store::Error::KeysLost { .. }))
        ));

        let kit = dir.path().join("kit");
        let share = |x: u8| SealedShare::read(kit.join(format!("share-{x}-of-3.age"))).unwrap();
        assert!(Recovery::rebuild(&[share(2)], &holders).is_err());
        let rebuilt = Recovery::rebuild(&[share(3), share(1)], &holders).unwrap();
        rebuilt.restore(&root, Arc::new(OsEntropy::new())).unwrap();

        let desk = in_dir(&clock, dir.path())
            .recovery_kit(&kit)
            .open()
            .await
            .unwrap();
        assert!(desk.posture().await.unwrap().is_green());
        let again = desk
            .session(&by(Role::Agent), session.record())
            .await
            .unwrap();
        assert_eq!(again.messages().len(), session.messages().len());
    }

    #[tokio::test]
    async fn a_kit_is_made_once_and_never_overwritten() {
        let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
        let (_, recipients) = holders();
        let open = || with_kit(&clock, dir.path(), &recipients).open();
        let description = dir.path().join("kit/recovery.kit");
        open().await.unwrap().close().await.unwrap();
        let made = fs::read(&description).unwrap();
        let desk = open().await.unwrap();
        assert!(desk.posture().await.unwrap().is_green());
        assert_eq!(fs::read(&description).unwrap(), made);
        drop(desk);

        // Another desk may not take its place, and stays without a store until it is told another folder.
        let other = tempfile::tempdir().unwrap();
        let taken = in_dir(&clock, other.path())
            .recovery_kit_for(dir.path().join("kit"), 2, recipients.clone())
            .open()
            .await;
        assert!(matches!(
            taken,
            Err(Error::Store(crypto_store::Error::AlreadyExists))
        ));
        assert_eq!(fs::read(&description).unwrap(), made);
        assert!(!other.path().join("records.db").exists());

        // The kit of another root is none, a damaged one is none, and a store that exists makes no new one.
        let desk = in_dir(&clock, other.path()).recovery_kit(dir.path().join("kit"));
        let posture = desk.open().await.unwrap().posture().await.unwrap();
        assert_eq!(posture.recoverable, Recoverable::Missing);
        fs::write(&description, vec![0; made.len()]).unwrap();
        let desk = open().await.unwrap();
        let posture = desk.posture().await.unwrap();
        assert_eq!(posture.recoverable, Recoverable::Damaged);
        drop(desk);
        fs::remove_dir_all(dir.path().join("kit")).unwrap();
        let desk = open().await.unwrap();
        assert!(!desk.posture().await.unwrap().is_green());
        assert!(!description.exists());
    }

    #[tokio::test]
    async fn a_first_start_killed_before_the_kit_makes_it() {
        let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
        let (_, recipients) = holders();
        KeyFile::create(dir.path().join("root.key"), Arc::new(OsEntropy::new())).unwrap();
        let desk = with_kit(&clock, dir.path(), &recipients)
            .open()
            .await
            .unwrap();
        assert!(desk.posture().await.unwrap().is_green());

        // The kit is of this root: under another one the desk is red.
        let root = KeyFile::create(dir.path().join("new.key"), Arc::new(OsEntropy::new())).unwrap();
        desk.store()
            .change_root(Arc::new(root), clock.now())
            .await
            .unwrap();
        assert!(!desk.posture().await.unwrap().is_green());
    }

    #[tokio::test]
    async fn a_passphrase_has_a_kit_and_a_desk_without_root_of_its_own_has_none() {
        let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
        let (_, recipients) = holders();
        let kit = |name: &str| dir.path().join(name);
        let words = builder(&clock)
            .directory(dir.path())
            .passphrase("nine words that nobody else would think of here")
            .recovery_kit_for(kit("words"), 2, recipients.clone());
        assert!(
            words
                .open()
                .await
                .unwrap()
                .posture()
                .await
                .unwrap()
                .is_green()
        );
        let memory = builder(&clock)
            .in_memory()
            .recovery_kit_for(kit("none"), 2, recipients);
        assert!(matches!(memory.open().await, Err(Error::Incomplete(_))));
        assert!(!kit("none").exists());
    }
}
