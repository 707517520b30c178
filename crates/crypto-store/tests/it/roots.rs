//! Roots of keys: files, passphrases, memory.

use std::sync::Arc;

use crypto_store::{
    Argon2Cost, Entropy, EphemeralRoot, Error, Horizon, Key32, KeyFile, KeyProvider, OsEntropy,
    Passphrase, Store, StoreConfig,
};

use crate::support::now;

fn entropy() -> Arc<dyn Entropy> {
    Arc::new(OsEntropy::new())
}

/// The cheapest cost that is taken, so that the tests are quick.
fn cheap() -> Argon2Cost {
    Argon2Cost::new(19 << 10, 2, 1).unwrap()
}

async fn wraps(root: &dyn KeyProvider) {
    let key = Key32::random(&OsEntropy::new()).unwrap();
    let one = root.wrap(&key, b"here").await.unwrap();
    let two = root.wrap(&key, b"here").await.unwrap();
    assert_ne!(one, two, "every wrap has its own salt and nonce");
    let back = root.unwrap(&one, b"here").await.unwrap();
    assert_eq!(back.expose(), key.expose());
    assert!(matches!(
        root.unwrap(&one, b"there").await,
        Err(Error::WrongKey)
    ));
    for at in 0..one.len() {
        let mut altered = one.clone();
        altered[at] ^= 1;
        assert!(
            matches!(root.unwrap(&altered, b"here").await, Err(Error::WrongKey)),
            "byte {at}"
        );
    }
    assert!(matches!(
        root.unwrap(&one[1..], b"here").await,
        Err(Error::WrongKey)
    ));
    assert_eq!(root.destroy_horizon(), Horizon::Copies);
    assert!(!format!("{root:?}").contains(&crate::support::hex(key.expose())));
}

#[tokio::test]
async fn each_root_wraps_and_unwraps_in_its_place() {
    let dir = tempfile::tempdir().unwrap();
    wraps(&KeyFile::create(dir.path().join("k"), entropy()).unwrap()).await;
    wraps(&KeyFile::open(dir.path().join("k"), entropy()).unwrap()).await;
    wraps(&Passphrase::create(dir.path().join("p"), "a passphrase", cheap(), entropy()).unwrap())
        .await;
    wraps(&Passphrase::open(dir.path().join("p"), "a passphrase", entropy()).unwrap()).await;
    wraps(&EphemeralRoot::new(entropy()).unwrap()).await;
}

#[tokio::test]
async fn a_root_is_never_made_over_another() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    KeyFile::create(&path, entropy()).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(
        KeyFile::create(&path, entropy()),
        Err(Error::AlreadyExists)
    ));
    let again = Passphrase::create(&path, "words", cheap(), entropy());
    assert!(matches!(again, Err(Error::AlreadyExists)));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_key_file_is_told_from_a_missing_and_an_open_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    let open = || KeyFile::open(&path, entropy()).map(drop);
    assert!(matches!(open(), Err(Error::KeysLost { .. })));
    KeyFile::create(&path, entropy()).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 0x80;
        std::fs::write(&path, &altered).unwrap();
        assert!(matches!(open(), Err(Error::Corrupt { .. })), "byte {at}");
    }
    for len in 0..whole.len() {
        std::fs::write(&path, &whole[..len]).unwrap();
        assert!(
            matches!(open(), Err(Error::Truncated { .. } | Error::Corrupt { .. })),
            "{len} bytes"
        );
    }
    std::fs::write(&path, vec![0; 1 << 20]).unwrap();
    assert!(matches!(open(), Err(Error::Corrupt { .. })));
    std::fs::write(&path, &whole).unwrap();
    open().unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        assert!(matches!(open(), Err(Error::KeyFileOpen)));
    }
}

#[tokio::test]
async fn only_the_passphrase_opens_and_its_cost_cannot_be_lowered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.pass");
    let made = Passphrase::create(&path, "mixed case, Umlaut \u{fc}", cheap(), entropy()).unwrap();
    let opened = Passphrase::open(&path, "mixed case, Umlaut \u{fc}", entropy()).unwrap();
    assert_eq!(made.id(), opened.id());
    for wrong in ["", "mixed case, Umlaut u", "mixed case, Umlaut \u{fc} "] {
        let error = Passphrase::open(&path, wrong, entropy()).unwrap_err();
        assert!(error.is_wrong_key());
        assert!(
            error.to_string().contains("check the passphrase"),
            "{error}"
        );
    }
    assert!(matches!(
        Passphrase::create(dir.path().join("q"), "", cheap(), entropy()),
        Err(Error::Invalid { .. })
    ));
    assert!(!dir.path().join("q").exists());
    assert_eq!(Argon2Cost::new((19 << 10) - 1, 2, 1), None);
    assert_eq!(Argon2Cost::new(19 << 10, 1, 1), None);
    assert_eq!(Argon2Cost::new(5 << 20, 2, 1), None);
    assert_eq!(Argon2Cost::new(19 << 10, 2, 0), None);
}

#[tokio::test]
async fn another_root_does_not_open_the_store_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let files = || crypto_store::StoreFiles::in_dir(dir.path());
    let root: Arc<dyn KeyProvider> = Arc::new(EphemeralRoot::new(entropy()).unwrap());
    let store = Store::create(StoreConfig::sqlite(files()), root.clone(), entropy(), now())
        .await
        .unwrap();
    store.close().await.unwrap();
    let before = crate::bad_input::bytes_of(dir.path());
    let other: Arc<dyn KeyProvider> = Arc::new(EphemeralRoot::new(entropy()).unwrap());
    let error = Store::open(StoreConfig::sqlite(files()), other, entropy(), now())
        .await
        .unwrap_err();
    assert!(error.is_wrong_key());
    assert_eq!(crate::bad_input::bytes_of(dir.path()), before);
    Store::open(StoreConfig::sqlite(files()), root, entropy(), now())
        .await
        .unwrap();
}

#[test]
fn seeded_entropy_repeats_itself_and_the_systems_does_not() {
    let draw = |source: &dyn Entropy, len: usize| {
        let mut out = vec![0; len];
        source.fill(&mut out).unwrap();
        out
    };
    let seeded = |seed| draw(&crypto_store::SeededEntropy::insecure(seed), 100);
    assert_eq!(seeded(1), seeded(1));
    assert_ne!(seeded(1), seeded(2));
    let os = OsEntropy::new();
    let mut seen = std::collections::BTreeSet::new();
    for len in [16, 32, 44, 256, 257, 2000] {
        for _ in 0..64 {
            let bytes = draw(&os, len);
            assert!(
                seen.insert(bytes[..16].to_vec()),
                "a block was handed out twice"
            );
        }
    }
}
