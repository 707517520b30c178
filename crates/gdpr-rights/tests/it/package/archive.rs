use gdpr_rights::request::package::{Package, PackageError};
use gdpr_rights::request::sign::{KeyId, SigningKey};

use super::{input, json, key, open, pack, unpack};

fn package() -> Vec<u8> {
    Package::build(&input(), &key())
        .unwrap()
        .into_bytes()
        .to_vec()
}

fn refused(bytes: &[u8]) -> PackageError {
    Package::open(bytes, &key().verifying_key())
        .map(|_| ())
        .unwrap_err()
}

/// The files of a good package after a change, packed again.
fn repacked(change: impl FnOnce(&mut Vec<(String, Vec<u8>)>)) -> Vec<u8> {
    let mut files = unpack(&package());
    change(&mut files);
    let parts: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    pack(&parts)
}

#[test]
fn files_packed_again_as_they_were_are_the_same_package() {
    let again = repacked(|_| ());
    assert!(Package::open(&again, &key().verifying_key()).is_ok());
}

#[test]
fn p098_no_byte_can_be_changed_unseen() {
    let bytes = package();
    let good = open(&input());
    let contents = |opened: &gdpr_rights::request::package::Opened| -> Vec<Vec<u8>> {
        opened
            .files()
            .iter()
            .map(|f| opened.expose(&f.name).unwrap().to_vec())
            .collect()
    };
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let packed: Vec<std::ops::Range<usize>> = (0..zip.len())
        .map(|n| {
            let file = zip.by_index_raw(n).unwrap();
            let start = usize::try_from(file.data_start().unwrap()).unwrap();
            start..start + usize::try_from(file.compressed_size()).unwrap()
        })
        .collect();
    let mut unread = 0;
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        if let Ok(opened) = Package::open(&changed, &key().verifying_key()) {
            assert_eq!(opened.files(), good.files(), "{at}");
            assert!(contents(&opened) == contents(&good), "{at}");
            // What nobody reads: the version of the program that packed, and bits of a compressed stream that stand for
            // nothing, as those that fill up its last byte.
            let version = at >= 4 && bytes[at - 4..].starts_with(b"PK\x01\x02");
            assert!(
                version || packed.iter().any(|range| range.contains(&at)),
                "{at}"
            );
            unread += 1;
        }
    }
    assert!(unread <= 2 * (good.files().len() + 2), "{unread}");
    for len in (0..bytes.len()).step_by(7) {
        assert!(
            Package::open(&bytes[..len], &key().verifying_key()).is_err(),
            "{len}"
        );
    }
}

#[test]
fn p098_damage_has_its_name() {
    let named = |files: &mut Vec<(String, Vec<u8>)>, name: &str| {
        files.iter().position(|(n, _)| n == name).unwrap()
    };
    let in_file = |name: &'static str| {
        repacked(move |files| {
            let at = named(files, name);
            let last = files[at].1.len() / 2;
            files[at].1[last] ^= 1;
        })
    };
    for name in [
        "letter.html",
        "data.json",
        "data.schema.json",
        "data/session.csv",
    ] {
        assert_eq!(refused(&in_file(name)), PackageError::Damaged, "{name}");
    }
    for name in ["manifest.json", "manifest.sig"] {
        assert_eq!(
            refused(&in_file(name)),
            PackageError::WrongSignature,
            "{name}"
        );
    }
    for name in [
        "letter.html",
        "data/session.csv",
        "manifest.json",
        "manifest.sig",
    ] {
        let lacking = repacked(|files| {
            let at = named(files, name);
            files.remove(at);
        });
        assert_eq!(refused(&lacking), PackageError::MissingFile, "{name}");
    }
    let more = repacked(|files| files.push(("data/more.csv".into(), b"x".to_vec())));
    assert_eq!(refused(&more), PackageError::ExtraFile);
    let short = repacked(|files| {
        let at = named(files, "manifest.sig");
        files[at].1.pop();
    });
    assert_eq!(refused(&short), PackageError::WrongSignature);
    let longer = repacked(|files| {
        let at = named(files, "data.json");
        files[at].1.push(b' ');
    });
    assert_eq!(refused(&longer), PackageError::Damaged);
    for bytes in [
        &b""[..],
        b"PK\x05\x06",
        b"not a zip at all, but longer than its end record",
    ] {
        assert_eq!(refused(bytes), PackageError::Damaged);
    }
}

#[test]
fn p098_the_key_of_somebody_else_does_not_fit() {
    let other = SigningKey::from_bytes(&[8; 32]);
    let bytes = package();
    assert_eq!(
        Package::open(&bytes, &other.verifying_key())
            .map(|_| ())
            .unwrap_err(),
        PackageError::WrongSignature
    );
    // The manifest says which one does.
    let id = json(&open(&input()), "manifest.json")["signature"]["key"].clone();
    assert_eq!(id, KeyId::of(&key().verifying_key()).to_string());
    assert_ne!(id, KeyId::of(&other.verifying_key()).to_string());
}

#[test]
fn p098_a_manifest_of_another_version_is_said_to_be_one() {
    use ed25519_dalek::Signer as _;
    let sign_again = |from: &str, to: &str| {
        repacked(|files| {
            let text = |f: &(String, Vec<u8>)| f.0 == "manifest.json";
            let at = files.iter().position(text).unwrap();
            let changed = String::from_utf8(files[at].1.clone())
                .unwrap()
                .replace(from, to);
            files[at].1 = changed.into_bytes();
            let signature = key().sign(&files[at].1).to_bytes().to_vec();
            let at = files.iter().position(|(n, _)| n == "manifest.sig").unwrap();
            files[at].1 = signature;
        })
    };
    assert_eq!(
        refused(&sign_again("manifest/1", "manifest/2")),
        PackageError::UnknownVersion
    );
    // A package that says itself that it is not complete is none.
    assert_eq!(
        refused(&sign_again("\"complete\": true", "\"complete\": false")),
        PackageError::Damaged
    );
    assert_eq!(
        refused(&sign_again("\"items\": 6,", "\"items\": -6,")),
        PackageError::Damaged
    );
    assert!(Package::open(&sign_again("\"x\"", "\"x\""), &key().verifying_key()).is_ok());
}

#[test]
fn a_bomb_is_not_unpacked() {
    // 300 MB of zeros are 300 kB; before a signature is known, no manifest may be like that.
    let zeros = vec![0; 15 * 1024 * 1024];
    let bomb = pack(&[("manifest.json", &zeros), ("manifest.sig", &[0; 64])]);
    assert!(bomb.len() < 40_000);
    assert_eq!(refused(&bomb), PackageError::TooLarge);
    // Sizes that lie: the directory says more than a package may hold.
    let mut lying = package();
    let central = lying.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    for at in [central + 24, 22] {
        lying[at..at + 4].copy_from_slice(&(600u32 << 20).to_le_bytes());
    }
    assert_eq!(refused(&lying), PackageError::TooLarge);
    // The directory says less than there is.
    let mut lying = package();
    for at in [central + 24, 22] {
        lying[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
    }
    assert_eq!(refused(&lying), PackageError::Damaged);
}

#[test]
fn what_programs_could_read_differently_is_refused() {
    let good = package();
    // Bytes before, after and in between.
    assert_eq!(
        refused(&[&b"#!"[..], &good].concat()),
        PackageError::Damaged
    );
    assert_eq!(refused(&[&good, &b"x"[..]].concat()), PackageError::Damaged);
    // A comment, well formed.
    let mut comment = good.clone();
    let len = comment.len();
    comment[len - 2..].copy_from_slice(&1u16.to_le_bytes());
    comment.push(b'x');
    assert_eq!(refused(&comment), PackageError::Damaged);
    // The local header says another name than the directory.
    let mut name = good.clone();
    let at = name.windows(11).position(|w| w == b"letter.html").unwrap();
    name[at] = b'L';
    assert_eq!(refused(&name), PackageError::Damaged);
    // Two files of one name: the second stands in for the first in some programs.
    let files = unpack(&good);
    let mut parts: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    parts.push(("lettes.html", b"another letter"));
    let mut twice = pack(&parts);
    while let Some(at) = twice.windows(11).position(|w| w == b"lettes.html") {
        twice[at + 5] = b'r';
    }
    assert_eq!(refused(&twice), PackageError::Damaged);
    // Names that lead out of the folder.
    for name in [
        "../letter.html",
        "/letter.html",
        "data/../x",
        "data//x",
        "C:x",
        "data\\x",
        ".x",
        "data/.x",
        "x/y",
    ] {
        let mut parts: Vec<(&str, &[u8])> = files
            .iter()
            .map(|(n, b)| (n.as_str(), b.as_slice()))
            .collect();
        parts.push((name, b"x"));
        assert_eq!(refused(&pack(&parts)), PackageError::Damaged, "{name}");
    }
}
