//! Kits and forgeries by another hand.

use std::path::PathBuf;

use crypto_store::recovery::{Description, Identity, Recovery, SealedShare, ShareFault, posture};
use crypto_store::{Error, KeyProvider};

use super::{entropy, fault, share_of};

/// A kit made from docs/format.md alone, by a script with log tables and the reference implementation of age (in Go). The
/// root key is the bytes 0x20 to 0x3f; share 2 is not in armour.
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/recovery/golden");

fn golden() -> (PathBuf, Vec<Identity>) {
    let folder = PathBuf::from(GOLDEN);
    let holders = std::fs::read_to_string(folder.join("holders.txt")).unwrap();
    let identities = holders.lines().map(|line| line.parse().unwrap());
    (folder, identities.collect())
}

#[test]
fn a_kit_that_others_made_from_the_documented_format_rebuilds_its_root() {
    let (folder, identities) = golden();
    let dir = tempfile::tempdir().unwrap();
    let bytes = |from: u8, to: u8| (from..to).collect::<Vec<u8>>();
    for pair in [[1, 2], [2, 3], [3, 1]] {
        let shares: Vec<_> = pair.map(|x| share_of(&folder, x, 3)).into();
        let rebuilt = Recovery::rebuild(&shares, &identities).unwrap();
        let path = dir.path().join(format!("{pair:?}"));
        let root = rebuilt.restore(&path, entropy()).unwrap();
        assert_eq!(root.id().as_bytes()[..], bytes(0x10, 0x20));
        assert_eq!(
            std::fs::read(path).unwrap()[..56],
            [b"TCSROOT0".to_vec(), bytes(0x10, 0x40)].concat()
        );
        let description = Description::read(&folder).unwrap().unwrap();
        assert!(description.fits(&root));
        assert_eq!(*rebuilt.description(), description);
        assert_eq!(
            posture(&folder, root.id()).unwrap().to_string(),
            "recovery kit of 2026-03-02: 2 of 3 holders"
        );
    }
}

#[test]
fn forged_shares_are_found_although_they_open() {
    let (folder, identities) = golden();
    let forged = |name: &str| {
        let path = folder.join(format!("forged/{name}.age"));
        let shares = [share_of(&folder, 1, 3), SealedShare::read(path).unwrap()];
        Recovery::rebuild(&shares, &identities)
    };
    let error = forged("value").unwrap_err();
    assert!(matches!(error, Error::ShareForged), "{error}");
    assert!(error.to_string().contains("ask other holders"));
    for name in [
        "threshold",
        "commitment",
        "zero-threshold",
        "zero-x",
        "large-x",
        "magic",
        "short",
        "long",
        "empty",
    ] {
        assert_eq!(fault(forged(name)), (2, ShareFault::Damaged), "{name}");
    }
    let path = folder.join("forged/zero-threshold.age");
    let alone = [SealedShare::read(path).unwrap()];
    assert_eq!(
        fault(Recovery::rebuild(&alone, &identities)),
        (1, ShareFault::Damaged)
    );
}
