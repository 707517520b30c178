//! Small secret files: made once, readable by their owner only, on disk before anybody relies on them.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::Path;

use zeroize::Zeroizing;

use crate::{Error, crypt};

/// Largest secret file that is read.
const LIMIT: u64 = 4096;
const CHECK_LEN: usize = 16;

/// Writes a new file with a checksum at its end; never replaces one. A crash leaves the whole file or none.
pub(crate) fn create(path: &Path, content: &[u8]) -> Result<(), Error> {
    if path.exists() {
        return Err(Error::AlreadyExists);
    }
    let draft = path.with_added_extension("new");
    match fs::remove_file(&draft) {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            return Err(Error::Io {
                what: "creating the root key file",
                source: e,
            });
        }
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(&draft)
        .map_err(Error::io("creating the root key file"))?;
    let check = crypt::half(&crypt::sha256(&[content]));
    file.write_all(content)
        .and_then(|()| file.write_all(&check))
        .and_then(|()| file.sync_all())
        .map_err(Error::io("writing the root key file"))?;
    // Unlike a rename, a link never replaces what another process made meanwhile.
    fs::hard_link(&draft, path).map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => Error::AlreadyExists,
        _ => Error::Io {
            what: "creating the root key file",
            source: e,
        },
    })?;
    fs::remove_file(&draft).map_err(Error::io("creating the root key file"))?;
    sync_folder(path)
}

/// Reads a file that [`create`] wrote. `None` if there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(Error::Io {
                what: "opening the root key file",
                source,
            });
        }
    };
    let meta = file
        .metadata()
        .map_err(Error::io("opening the root key file"))?;
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o077 != 0 {
        return Err(Error::KeyFileOpen);
    }
    if meta.len() > LIMIT {
        return Err(Error::Corrupt {
            what: "the root key file",
        });
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT as usize));
    file.take(LIMIT)
        .read_to_end(&mut bytes)
        .map_err(Error::io("reading the root key file"))?;
    let Some((content, check)) = bytes.split_last_chunk::<CHECK_LEN>() else {
        return Err(Error::Truncated {
            file: "the root key file",
        });
    };
    if crypt::half(&crypt::sha256(&[content])) != *check {
        return Err(Error::Corrupt {
            what: "the root key file",
        });
    }
    let len = content.len();
    bytes.truncate(len);
    Ok(Some(bytes))
}

/// Overwrites a file that [`create`] wrote with zeros and removes it. What begins otherwise is left alone, but zeros of
/// this length are what a crash kept from being removed.
pub(crate) fn destroy(path: &Path, magic: &[u8; 8], content_len: usize) -> Result<(), Error> {
    let failed = "destroying the root key file";
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .map_err(Error::io(failed))?;
    let mut content = Zeroizing::new(Vec::with_capacity(LIMIT as usize + 1));
    (&mut file)
        .take(LIMIT + 1)
        .read_to_end(&mut content)
        .map_err(Error::io(failed))?;
    let emptied = content.len() == content_len + CHECK_LEN && content.iter().all(|byte| *byte == 0);
    if !(content.starts_with(magic) || emptied) || content.len() as u64 > LIMIT {
        return Err(Error::Invalid {
            what: "this is no root key file and was left as it is: check the path",
        });
    }
    content.fill(0);
    file.rewind()
        .and_then(|()| file.write_all(&content))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::remove_file(path))
        .map_err(Error::io(failed))?;
    sync_folder(path)
}

/// Overwrites a file with zeros and removes it. What a copy-on-write file system or a flash disk keeps of the old blocks is
/// beyond reach.
pub(crate) fn wipe(path: &Path) -> Result<(), Error> {
    const BLOCK: usize = 64 << 10;
    let failed = "overwriting a file";
    let mut file = OpenOptions::new()
        .write(true)
        .open(path)
        .map_err(Error::io(failed))?;
    let mut left = file.metadata().map_err(Error::io(failed))?.len();
    let zeros = [0; BLOCK];
    while left > 0 {
        let len = usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK));
        file.write_all(zeros.get(..len).unwrap_or_default())
            .map_err(Error::io(failed))?;
        left = left.saturating_sub(len as u64);
    }
    file.sync_all()
        .and_then(|()| fs::remove_file(path))
        .map_err(Error::io(failed))?;
    sync_folder(path)
}

/// A new name is durable only when its folder is.
pub(crate) fn sync_folder(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        File::open(folder)
            .and_then(|f| f.sync_all())
            .map_err(Error::io("making a new file durable"))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
