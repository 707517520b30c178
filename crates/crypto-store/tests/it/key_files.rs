//! The end of a root key's file.

use std::sync::Arc;

use crypto_store::{Argon2Cost, Entropy, Error, KeyFile, KeyProvider, OsEntropy, Passphrase};

fn entropy() -> Arc<dyn Entropy> {
    Arc::new(OsEntropy::new())
}

#[test]
fn a_destroyed_key_file_is_zeros_under_every_name_and_gone_under_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    let id = KeyFile::create(&path, entropy()).unwrap().id();
    // A second name shows what became of the bytes.
    let other = dir.path().join("other");
    std::fs::hard_link(&path, &other).unwrap();
    assert_eq!(KeyFile::open(&other, entropy()).unwrap().id(), id);
    KeyFile::destroy(&path).unwrap();
    assert!(!path.exists());
    assert_eq!(std::fs::read(&other).unwrap(), [0; 72]);
    assert!(matches!(
        KeyFile::open(&path, entropy()),
        Err(Error::KeysLost { .. })
    ));
    // Zeros that a crash left behind are removed by the next call; a second call says that nothing is there.
    KeyFile::destroy(&other).unwrap();
    assert!(!other.exists());
    assert!(matches!(KeyFile::destroy(&other), Err(Error::Io { .. })));
}

#[test]
fn a_damaged_key_file_can_be_destroyed_and_anything_else_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    KeyFile::create(&path, entropy()).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for len in [8, 40, 71] {
        std::fs::write(&path, &whole[..len]).unwrap();
        KeyFile::destroy(&path).unwrap();
        assert!(!path.exists());
    }
    let cost = Argon2Cost::new(19 << 10, 2, 1).unwrap();
    let pass = dir.path().join("pass");
    Passphrase::create(&pass, "words", cost, entropy()).unwrap();
    let long = [&whole[..], &[0; 5000]].concat();
    for other in [
        std::fs::read(&pass).unwrap(),
        Vec::new(),
        whole[..7].to_vec(),
        vec![0; 71],
        vec![b'x'; 72],
        long,
    ] {
        std::fs::write(&path, &other).unwrap();
        let error = KeyFile::destroy(&path).unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), other);
    }
    assert!(matches!(
        KeyFile::destroy(dir.path()),
        Err(Error::Io { .. })
    ));
}
