//! The stream alone, byte for byte.

use std::fs;
use std::io::{self, ErrorKind, Write};

use super::{CHUNK, Draft, Header, Sealed, Sealer, What, crypt, seal_file, unseal};
use crate::{Entropy, Error, Key32, SeededEntropy};

fn header() -> Header {
    Header {
        what: What::File,
        store: [3; 16],
        made: 1_772_442_000,
        extra: b"extra".to_vec(),
    }
}

/// Seals a stream and shows the key of its chunks.
pub(crate) fn stream(
    key: &Key32,
    entropy: &dyn Entropy,
    content: &[u8],
    show: impl Fn(&[u8]),
) -> Vec<u8> {
    let mut sealer = Sealer::new(key, &header(), entropy, Vec::new()).unwrap();
    crypt::clean(|| show(sealer.derived.key.expose()));
    sealer.write(content).unwrap();
    sealer.finish().unwrap().0
}

fn sealed(len: usize) -> (Key32, Vec<u8>, Vec<u8>) {
    let key = Key32::from_bytes([9; 32]);
    let content: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
    let entropy = SeededEntropy::insecure(1);
    let mut sealer = Sealer::new(&key, &header(), &entropy, Vec::new()).unwrap();
    // Parts of any size give the same chunks.
    for part in content.chunks(7_001) {
        sealer.write(part).unwrap();
    }
    let (bytes, written) = sealer.finish().unwrap();
    assert_eq!(written, bytes.len() as u64);
    (key, content, bytes)
}

fn opened(key: &Key32, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut opener = Sealed::read(bytes)?.open(key)?;
    let mut content = Vec::new();
    loop {
        let part = opener.some(5_003)?;
        if part.is_empty() {
            break;
        }
        content.extend_from_slice(part);
    }
    opener.end()?;
    Ok(content)
}

#[test]
fn every_length_around_a_chunk_comes_back() {
    for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
        let (key, content, bytes) = sealed(len);
        assert!(opened(&key, &bytes).unwrap() == content, "{len}");
        assert_eq!(*Sealed::read(&bytes[..]).unwrap().header(), header());
    }
}

#[test]
fn each_way_of_being_wrong_has_its_own_error() {
    let (key, _, bytes) = sealed(3 * CHUNK);
    assert!(matches!(
        opened(&Key32::from_bytes([8; 32]), &bytes),
        Err(Error::WrongKey)
    ));
    let mut newer = bytes.clone();
    newer[7] = b'2';
    assert!(matches!(
        opened(&key, &newer),
        Err(Error::NewerFormat {
            found: 2,
            known: 1,
            by: None
        })
    ));
    let longer = [&bytes[..], b"x"].concat();
    assert!(matches!(opened(&key, &longer), Err(Error::Corrupt { .. })));
    for len in 0..200 {
        let short = &bytes[..len];
        assert!(
            matches!(opened(&key, short), Err(Error::Truncated { .. })),
            "{len}"
        );
    }
    assert!(matches!(
        opened(&key, &bytes[..bytes.len() - 1]),
        Err(Error::Truncated { .. })
    ));
}

#[test]
fn no_byte_can_be_another() {
    let (key, _, bytes) = sealed(CHUNK + 100);
    let every = (0..140).chain((140..bytes.len()).step_by(9_973));
    for at in every.chain((bytes.len() - 125..bytes.len()).step_by(8)) {
        let mut other = bytes.clone();
        other[at] ^= 1 << (at % 8);
        assert!(opened(&key, &other).is_err(), "byte {at}");
    }
}

/// Fails when the disk is full.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self
            .0
            .checked_sub(bytes.len())
            .ok_or(ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_wherever_it_comes() {
    let (key, content, bytes) = sealed(2 * CHUNK);
    for room in [0, 50, 130, CHUNK, 2 * CHUNK, bytes.len() - 1, bytes.len()] {
        let entropy = SeededEntropy::insecure(1);
        let told = Sealer::new(&key, &header(), &entropy, Full(room))
            .and_then(|mut sealer| sealer.write(&content).map(|()| sealer))
            .and_then(Sealer::finish);
        assert_eq!(told.is_ok(), room == bytes.len(), "{room}");
        assert!(told.is_ok() || matches!(told, Err(Error::Io { .. })));
    }
}

#[test]
fn a_file_comes_back_and_is_never_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let content = vec![7; 2 * CHUNK + 5];
    fs::write(path("raw"), &content).unwrap();
    let key = Key32::from_bytes([9; 32]);
    let entropy = SeededEntropy::insecure(1);
    let seal = || seal_file(&key, &header(), &entropy, &path("raw"), &path("sealed"));
    // Left behind by a process that was killed.
    fs::write(path("sealed.new"), b"half").unwrap();
    assert_eq!(seal().unwrap(), fs::metadata(path("sealed")).unwrap().len());
    assert!(!path("sealed.new").exists());
    assert!(matches!(seal(), Err(Error::AlreadyExists)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path("sealed")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let open_file = |from: &str, to: &str| {
        let sealed = Sealed::read(fs::File::open(path(from)).unwrap())?;
        unseal(sealed.open(&key)?, &path(to))
    };
    open_file("sealed", "back").unwrap();
    assert!(fs::read(path("back")).unwrap() == content);
    // Somebody is just making one.
    let other = Draft::begin(&path("busy")).unwrap();
    assert!(matches!(
        Draft::begin(&path("busy")),
        Err(Error::AlreadyExists)
    ));
    drop(other);
    assert!(!path("busy.new").exists() && !path("busy").exists());
    // A part of a sealed file gives no file.
    let half = fs::read(path("sealed")).unwrap();
    fs::write(path("part"), &half[..CHUNK]).unwrap();
    assert!(open_file("part", "none").is_err());
    assert!(!path("none").exists() && !path("none.new").exists());
}

#[test]
fn a_chunk_cannot_be_called_the_last() {
    let (key, _, bytes) = sealed(2 * CHUNK);
    let head = bytes.len() - 2 * (5 + CHUNK + 16);
    let mut cut = bytes[..head + 5 + CHUNK + 16].to_vec();
    assert!(matches!(opened(&key, &cut), Err(Error::Truncated { .. })));
    cut[head] = 1;
    assert!(matches!(opened(&key, &cut), Err(Error::Corrupt { .. })));
    // Nor can the last one be followed by itself.
    let mut longer = bytes.clone();
    longer[head + 5 + CHUNK + 16] = 0;
    longer.extend_from_slice(&bytes[head + 5 + CHUNK + 16..]);
    assert!(matches!(opened(&key, &longer), Err(Error::Corrupt { .. })));
}
