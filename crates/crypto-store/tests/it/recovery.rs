//! A lost root key comes back from k of n holders, from fewer it does not, and what was erased stays erased.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crypto_store::recovery::{
    DESCRIPTION, Description, Identity, Posture, Recipient, Recovery, RecoveryKit, SealedShare,
    ShareFault, posture,
};
use crypto_store::{
    Argon2Cost, Entropy, Error, KeyFile, KeyProvider, OsEntropy, Passphrase, ProviderId,
    SeededEntropy, Store, StoreConfig, StoreFiles,
};
use proptest::prelude::*;
use tempfile::TempDir;

mod golden;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod memory;

use crate::bad_input::bytes_of;
use crate::support::{hex, hours, now, occurrences, officer, person, put, read, request, tenant};

fn entropy() -> Arc<dyn Entropy> {
    Arc::new(OsEntropy::new())
}

fn people(n: usize) -> (Vec<Identity>, Vec<Recipient>) {
    let identities: Vec<_> = (0..n).map(|_| Identity::generate()).collect();
    let recipients = identities.iter().map(Identity::recipient).collect();
    (identities, recipients)
}

fn make(root: &KeyFile, k: u8, recipients: &[Recipient]) -> RecoveryKit {
    RecoveryKit::make(root, k, recipients, now(), &OsEntropy::new()).unwrap()
}

/// A folder with a root key.
fn rooted() -> (TempDir, PathBuf, KeyFile) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    let root = KeyFile::create(&path, entropy()).unwrap();
    (dir, path, root)
}

fn fault(result: Result<Recovery, Error>) -> (usize, ShareFault) {
    match result.unwrap_err() {
        Error::Share { share, fault } => (share, fault),
        other => panic!("no fault of a share: {other}"),
    }
}

fn share_of(dir: &Path, x: usize, n: usize) -> SealedShare {
    SealedShare::read(dir.join(format!("share-{x}-of-{n}.age"))).unwrap()
}

async fn open(files: &StoreFiles, root: KeyFile) -> Result<Store, Error> {
    let config = StoreConfig::sqlite(files.clone());
    Store::open(config, Arc::new(root), entropy(), now()).await
}

#[tokio::test]
async fn a_destroyed_root_key_is_rebuilt_and_what_was_erased_stays_erased() {
    let (dir, path, root) = rooted();
    let before = std::fs::read(&path).unwrap();
    let id = root.id();
    let (identities, recipients) = people(5);
    let kit_dir = dir.path().join("kit");
    make(&root, 3, &recipients).write(&kit_dir).unwrap();

    let store_dir = tempfile::tempdir().unwrap();
    let files = StoreFiles::in_dir(store_dir.path());
    let config = || StoreConfig::sqlite(files.clone());
    let store = Store::create(config(), Arc::new(root), entropy(), now())
        .await
        .unwrap();
    store.create_tenant(tenant(1), now()).await.unwrap();
    let kept = put(&store, person(1), b"kept").await;
    let gone = put(&store, person(2), b"gone").await;
    assert!(
        store
            .erase_subject(person(2), &officer(), &request(), now())
            .await
            .unwrap()
            .is_done()
    );
    store.close().await.unwrap();
    let stored = bytes_of(store_dir.path());

    // The root key is lost: never an empty store, never a store under another root.
    KeyFile::destroy(&path).unwrap();
    assert!(matches!(
        KeyFile::open(&path, entropy()),
        Err(Error::KeysLost { .. })
    ));
    let other = KeyFile::create(dir.path().join("other.key"), entropy()).unwrap();
    assert!(open(&files, other).await.unwrap_err().is_wrong_key());
    let other = KeyFile::open(dir.path().join("other.key"), entropy()).unwrap();
    assert!(matches!(
        Store::create(config(), Arc::new(other), entropy(), now()).await,
        Err(Error::AlreadyExists)
    ));
    assert_eq!(bytes_of(store_dir.path()), stored);

    // Two holders of three give nothing.
    let shares: Vec<_> = [5, 1, 4].map(|x| share_of(&kit_dir, x, 5)).into();
    let few = Recovery::rebuild(&shares[..2], &identities);
    assert!(matches!(
        few,
        Err(Error::TooFewShares {
            given: 2,
            needed: 3
        })
    ));
    assert!(!path.exists());

    // Three do.
    let present: Vec<Identity> = [0, 3, 4]
        .map(|at: usize| identities[at].expose().parse().unwrap())
        .into();
    let rebuilt = Recovery::rebuild(&shares, &present).unwrap();
    assert_eq!(rebuilt.id(), id);
    let restored = rebuilt.restore(&path, entropy()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let again = rebuilt.restore(&path, entropy());
    assert!(matches!(again, Err(Error::AlreadyExists)));
    let store = open(&files, restored).await.unwrap();
    assert_eq!(read(&store, kept, now()).await.unwrap(), b"kept");
    assert!(read(&store, gone, now()).await.unwrap_err().is_not_found());
    let survey = store.survey(now()).await.unwrap();
    assert_eq!((survey.readable, survey.damaged), (1, 0));
    assert!(store.verify_audit().await.unwrap().is_intact());
    store.close().await.unwrap();
    // The file that was restored opens it too.
    let store = open(&files, KeyFile::open(&path, entropy()).unwrap())
        .await
        .unwrap();
    assert_eq!(read(&store, kept, now()).await.unwrap(), b"kept");
}

#[tokio::test]
async fn a_root_behind_a_passphrase_comes_back_as_a_key_file() {
    let dir = tempfile::tempdir().unwrap();
    let cost = Argon2Cost::new(19 << 10, 2, 1).unwrap();
    let root = Passphrase::create(dir.path().join("p"), "words", cost, entropy()).unwrap();
    let (identities, recipients) = people(2);
    let kit = RecoveryKit::make(&root, 2, &recipients, now(), &OsEntropy::new()).unwrap();
    assert!(kit.description().fits(&root));
    let key = crypto_store::Key32::from_bytes([7; 32]);
    let wrapped = root.wrap(&key, b"here").await.unwrap();
    let rebuilt = Recovery::rebuild(kit.shares(), &identities).unwrap();
    let file = rebuilt.restore(dir.path().join("k"), entropy()).unwrap();
    assert_eq!(file.id(), root.id());
    assert_eq!(file.unwrap(&wrapped, b"here").await.unwrap(), key);
}

#[test]
fn bounds_are_refused_before_anything_is_split_and_without_the_input() {
    let (_dir, _, root) = rooted();
    let (_, recipients) = people(3);
    let refused = |k: u8, holders: &[Recipient], part: &str| {
        let error = RecoveryKit::make(&root, k, holders, now(), &OsEntropy::new()).unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }));
        let text = error.to_string();
        assert!(text.contains(part) && !text.contains("age1"), "{text}");
    };
    refused(0, &recipients, "one holder at least");
    refused(0, &[], "one holder at least");
    refused(1, &[], "one holder at least");
    refused(4, &recipients, "more holders than it has");
    let twice = [recipients.clone(), recipients[..1].to_vec()].concat();
    refused(2, &twice, "named twice");
    refused(2, &vec![recipients[0].clone(); 256], "at most 255");
    for k in 1..=3 {
        make(&root, k, &recipients);
    }
}

#[test]
fn the_largest_kit_is_taken_and_its_last_holders_count() {
    let (_dir, _, root) = rooted();
    let (identities, recipients) = people(255);
    let kit = make(&root, 2, &recipients);
    assert_eq!((kit.shares().len(), kit.description().n()), (255, 255));
    let rebuilt = Recovery::rebuild(&kit.shares()[253..], &identities[253..]).unwrap();
    assert_eq!(rebuilt.id(), root.id());
}

#[test]
fn keys_that_are_no_age_keys_are_refused_and_not_printed() {
    let (identities, recipients) = people(1);
    let public = recipients[0].to_string();
    let secret = identities[0].expose();
    // The points of low order: every shared secret with them is zero, for everybody.
    let low_order = [
        "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
        "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
        "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9",
        "age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s8",
        "age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m",
        "age1ahlllllllllllllllllllllllllllllllllllllllllllllllalsn46ayy",
        "age1amlllllllllllllllllllllllllllllllllllllllllllllllalselrwrv",
        "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzqqsuwj9m",
    ]
    .map(str::to_owned);
    let texts = [
        String::new(),
        "age1".to_owned(),
        public.replace("age1", "age2"),
        public[..public.len() - 1].to_owned(),
        secret.to_string(),
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ".to_owned(),
    ];
    for text in texts.iter().chain(&low_order) {
        let error = text.parse::<Recipient>().unwrap_err();
        assert!(error.to_string().contains("begins with age1"), "{error}");
        assert!(!error.to_string().contains(&public[4..20]));
    }
    assert_eq!(
        format!(" {public}\n").parse::<Recipient>().unwrap(),
        recipients[0]
    );

    let file = format!("# created: today\n# public key: {public}\n{}\n", *secret);
    let read: Identity = file.parse().unwrap();
    assert_eq!(read.recipient(), recipients[0]);
    for text in ["", "# nothing", &public, &format!("{file}{}", *secret)] {
        let error = text.parse::<Identity>().unwrap_err();
        assert!(error.to_string().contains("AGE-SECRET-KEY-1"), "{error}");
        assert!(!error.to_string().contains(&secret[20..40]));
    }
}

#[test]
fn a_kit_is_written_whole_for_its_owner_alone_and_never_over_anything() {
    let (dir, _, root) = rooted();
    let (_, recipients) = people(3);
    let kit = make(&root, 2, &recipients);
    let place = dir.path().join("kit");
    kit.write(&place).unwrap();
    let files = bytes_of(&place);
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            DESCRIPTION,
            "share-1-of-3.age",
            "share-2-of-3.age",
            "share-3-of-3.age"
        ]
    );
    for (x, share) in (1..).zip(kit.shares()) {
        assert_eq!(share_of(&place, x, 3), *share);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place), 0o700);
        for name in &names {
            assert_eq!(mode(&place.join(name)), 0o600);
        }
    }
    // Over a kit, over a folder with anything, over a file: refused, and all is as it was.
    let full = dir.path().join("full");
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("note"), "mine").unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    for taken in [&place, &full, &file, &dir.path().join("."), &"/".into()] {
        let again = kit.write(taken);
        assert!(matches!(again, Err(Error::AlreadyExists)), "{again:?}");
    }
    #[cfg(unix)]
    {
        // Found only when the whole kit is to take the name.
        let target = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(target.path(), dir.path().join("link")).unwrap();
        let again = kit.write(dir.path().join("link"));
        assert!(matches!(again, Err(Error::AlreadyExists)), "{again:?}");
        std::fs::remove_file(dir.path().join("link")).unwrap();
        assert!(bytes_of(target.path()).is_empty());
    }
    let nowhere = kit.write(dir.path().join("no/such/folder"));
    assert!(matches!(nowhere, Err(Error::Io { .. })));
    assert_eq!(bytes_of(&place), files);
    assert_eq!(std::fs::read(full.join("note")).unwrap(), b"mine");
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
    let mut left: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(
        left,
        ["file", "full", "kit", "root.key"],
        "no draft is left"
    );
    // An empty folder is no loss.
    let empty = dir.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    kit.write(&empty).unwrap();
    assert_eq!(bytes_of(&empty), files);
}

#[test]
fn shares_that_do_not_go_together_are_each_named() {
    let (dir, _, root) = rooted();
    let other = KeyFile::create(dir.path().join("other.key"), entropy()).unwrap();
    let (identities, recipients) = people(3);
    let one = make(&root, 2, &recipients);
    let two = make(&root, 2, &recipients);
    let three = make(&other, 2, &recipients);
    let [a, b, _] = one.shares() else { panic!() };

    let nothing = Recovery::rebuild(&[], &identities);
    assert!(matches!(nothing, Err(Error::TooFewShares { given: 0, .. })));
    let few = Recovery::rebuild(std::slice::from_ref(a), &identities);
    assert!(matches!(
        few,
        Err(Error::TooFewShares {
            given: 1,
            needed: 2
        })
    ));
    let mixed =
        |second: &SealedShare| fault(Recovery::rebuild(&[a.clone(), second.clone()], &identities));
    assert_eq!(mixed(&two.shares()[1]), (2, ShareFault::OtherKit));
    assert_eq!(mixed(&three.shares()[1]), (2, ShareFault::OtherRoot));
    assert_eq!(mixed(a), (2, ShareFault::Twice));
    let both = [a.clone(), b.clone()];
    assert_eq!(
        fault(Recovery::rebuild(&both, &identities[..1])),
        (2, ShareFault::NoIdentity)
    );
    assert_eq!(
        fault(Recovery::rebuild(&both, &[])),
        (1, ShareFault::NoIdentity)
    );
    let stranger = [Identity::generate()];
    assert_eq!(
        fault(Recovery::rebuild(&both, &stranger)),
        (1, ShareFault::NoIdentity)
    );
    Recovery::rebuild(&both, &identities[..2]).unwrap();
    // Each says something else, and says what to do.
    let mut said: Vec<String> = [
        ShareFault::Damaged,
        ShareFault::NoIdentity,
        ShareFault::OtherKit,
        ShareFault::OtherRoot,
        ShareFault::Twice,
    ]
    .map(|fault| Error::Share { share: 2, fault }.to_string())
    .into();
    assert!(
        said.iter()
            .all(|text| text.starts_with("share 2 ") && text.contains(": "))
    );
    said.sort();
    said.dedup();
    assert_eq!(said.len(), 5);
}

#[test]
fn a_damaged_share_never_gives_another_key() {
    let (dir, _, root) = rooted();
    let (identities, recipients) = people(2);
    let kit = make(&root, 2, &recipients);
    let [a, b] = kit.shares() else { panic!() };
    let (mut damaged, mut unopened, mut harmless) = (0, 0, 0);
    let bytes = b.as_bytes();
    let mut altered: Vec<Vec<u8>> = (0..bytes.len())
        .map(|at| {
            let mut copy = bytes.to_vec();
            copy[at] ^= 1;
            copy
        })
        .collect();
    altered.extend((0..bytes.len()).step_by(7).map(|len| bytes[..len].to_vec()));
    altered.push([bytes, b"more"].concat());
    altered.push([bytes, bytes].concat());
    altered.push(b"not a share".to_vec());
    for copy in altered {
        let shares = [a.clone(), SealedShare::from_bytes(copy).unwrap()];
        match Recovery::rebuild(&shares, &identities) {
            // White space around the armour.
            Ok(rebuilt) => {
                assert_eq!(rebuilt.id(), root.id());
                harmless += 1;
            }
            error => match fault(error) {
                (2, ShareFault::Damaged) => damaged += 1,
                (2, ShareFault::NoIdentity) => unopened += 1,
                other => panic!("{other:?}"),
            },
        }
    }
    assert!(
        harmless <= 2 && unopened > 0 && damaged > 400,
        "{damaged} {unopened} {harmless}"
    );
    let large = vec![b'x'; (64 << 10) + 1];
    assert!(matches!(
        SealedShare::from_bytes(large.clone()),
        Err(Error::TooLarge { .. })
    ));
    let path = dir.path().join("large");
    std::fs::write(&path, large).unwrap();
    assert!(matches!(
        SealedShare::read(&path),
        Err(Error::TooLarge { .. })
    ));
    let nothing = SealedShare::read(dir.path().join("none"));
    assert!(matches!(nothing, Err(Error::Io { .. })));
}

#[test]
fn the_description_says_what_there_is_and_posture_is_missing_without_it() {
    let (dir, _, root) = rooted();
    let (_, recipients) = people(3);
    let place = dir.path().join("kit");
    let missing = posture(&place, root.id()).unwrap();
    assert_eq!(missing, Posture::Missing);
    assert!(missing.is_missing());
    assert!(missing.to_string().contains("so is every record"));

    let made_at = now() + hours(1) + chrono::TimeDelta::milliseconds(987);
    let kit = RecoveryKit::make(&root, 2, &recipients, made_at, &OsEntropy::new()).unwrap();
    kit.write(&place).unwrap();
    let present = posture(&place, root.id()).unwrap();
    let seconds = now() + hours(1);
    assert_eq!(
        present,
        Posture::Present {
            k: 2,
            n: 3,
            made_at: seconds
        }
    );
    assert_eq!(
        present.to_string(),
        "recovery kit of 2026-03-02: 2 of 3 holders"
    );
    // A kit of another root key is none.
    let other = ProviderId::from_bytes([1; 16]);
    assert!(posture(&place, other).unwrap().is_missing());
    let line = |k, n| {
        let made_at = now();
        Posture::Present { k, n, made_at }.to_string()
    };
    assert!(line(1, 3).contains("each holder alone has the root key"));
    assert!(line(3, 3).contains("the loss of one share"));

    let description = Description::read(&place).unwrap().unwrap();
    assert_eq!(description, *kit.description());
    assert_eq!((description.k(), description.n()), (2, 3));
    assert_eq!(
        (description.root(), description.made_at()),
        (root.id(), seconds)
    );
    assert!(description.fits(&root));
    let stranger = KeyFile::create(dir.path().join("other.key"), entropy()).unwrap();
    assert!(!description.fits(&stranger));
}

#[test]
fn a_damaged_description_is_told_from_a_missing_one() {
    let (dir, _, root) = rooted();
    let (_, recipients) = people(1);
    make(&root, 1, &recipients)
        .write(dir.path().join("kit"))
        .unwrap();
    let place = dir.path().join("kit");
    let whole = std::fs::read(place.join(DESCRIPTION)).unwrap();
    let read = || posture(&place, root.id());
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 0x10;
        std::fs::write(place.join(DESCRIPTION), altered).unwrap();
        assert!(matches!(read(), Err(Error::Corrupt { .. })), "byte {at}");
    }
    for len in 0..whole.len() {
        std::fs::write(place.join(DESCRIPTION), &whole[..len]).unwrap();
        assert!(
            matches!(read(), Err(Error::Corrupt { .. } | Error::Truncated { .. })),
            "{len} bytes"
        );
    }
    std::fs::write(place.join(DESCRIPTION), [&whole[..], &[0]].concat()).unwrap();
    assert!(matches!(read(), Err(Error::Corrupt { .. })));
    std::fs::remove_file(place.join(DESCRIPTION)).unwrap();
    assert!(read().unwrap().is_missing());
}

#[test]
fn nothing_that_is_written_or_printed_holds_a_secret() {
    let (dir, path, root) = rooted();
    let key = std::fs::read(&path).unwrap()[24..56].to_vec();
    let (identities, recipients) = people(3);
    // With a threshold of one every share is the root key.
    for k in 1..=3 {
        let kit = make(&root, k, &recipients);
        let place = dir.path().join(format!("kit-{k}"));
        kit.write(&place).unwrap();
        assert_eq!(occurrences(&place, std::slice::from_ref(&key)), 0);
        let rebuilt = Recovery::rebuild(kit.shares(), &identities).unwrap();
        let printed = format!("{kit:?} {rebuilt:?} {identities:?} {recipients:?}");
        assert!(!printed.contains(&hex(&key)) && !printed.contains(&identities[0].expose()[16..]));
        assert!(printed.contains("Recovery(32 bytes) [Identity(32 bytes), "));
        assert!(printed.contains("SealedShare(") && !printed.contains("age1"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_k_of_n_rebuild_the_root_and_one_less_rebuilds_nothing(
        (n, k, order) in (1usize..=7).prop_flat_map(|n| {
            (Just(n), 1..=n, Just((0..n).collect::<Vec<_>>()).prop_shuffle())
        }),
        seed: u64,
    ) {
        let (dir, path, root) = rooted();
        let (identities, recipients) = people(n);
        let kit =
            RecoveryKit::make(&root, k as u8, &recipients, now(), &SeededEntropy::insecure(seed))
                .unwrap();
        let chosen: Vec<_> = order.iter().map(|at| kit.shares()[*at].clone()).collect();
        let rebuilt = Recovery::rebuild(&chosen[..k], &identities).unwrap();
        rebuilt.restore(dir.path().join("again"), entropy()).unwrap();
        prop_assert_eq!(
            std::fs::read(dir.path().join("again")).unwrap(),
            std::fs::read(&path).unwrap()
        );
        Recovery::rebuild(&chosen, &identities).unwrap();
        let few = Recovery::rebuild(&chosen[..k - 1], &identities);
        let is_few = matches!(few, Err(Error::TooFewShares { given, .. }) if given == k - 1);
        prop_assert!(is_few);
    }
}
