//! A file that is made elsewhere and named when it is whole.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::CHUNK;
use crate::Error;
use crate::provider::file::sync_folder;

/// A file that has its name only when it is whole: `name.new`, mode 0600, until [`publish`](Self::publish).
pub(crate) struct Draft {
    file: Option<BufWriter<File>>,
    draft: PathBuf,
    to: PathBuf,
}

impl Draft {
    /// Begins a file. [`Error::AlreadyExists`] if there is one, or one is just being made.
    pub(crate) fn begin(to: &Path) -> Result<Self, Error> {
        let say = || Error::io("creating a backup");
        if fs::symlink_metadata(to).is_ok() {
            return Err(Error::AlreadyExists);
        }
        let draft = to.with_added_extension("new");
        match OpenOptions::new().write(true).open(&draft) {
            // Left over by a process that was killed, unless somebody holds it.
            Ok(old) => {
                take(&old)?;
                fs::remove_file(&draft).map_err(say())?;
            }
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(say()(e)),
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&draft).map_err(|e| match e.kind() {
            ErrorKind::AlreadyExists => Error::AlreadyExists,
            _ => say()(e),
        })?;
        take(&file)?;
        Ok(Draft {
            file: Some(BufWriter::with_capacity(2 * CHUNK, file)),
            draft,
            to: to.to_owned(),
        })
    }

    /// Gives the file its name, durably.
    pub(crate) fn publish(mut self) -> Result<(), Error> {
        self.flush().map_err(Error::io("writing a backup"))?;
        // Unlike a rename, a link never replaces what another process made meanwhile.
        fs::hard_link(&self.draft, &self.to).map_err(|e| match e.kind() {
            ErrorKind::AlreadyExists => Error::AlreadyExists,
            _ => Error::io("naming a backup")(e),
        })?;
        fs::remove_file(&self.draft).map_err(Error::io("naming a backup"))?;
        self.file = None;
        sync_folder(&self.to)
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => Err(ErrorKind::BrokenPipe.into()),
        }
    }

    /// Makes everything that was written durable: whoever seals on a thread of its own waits for the disk there.
    fn flush(&mut self) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.flush().and_then(|()| file.get_ref().sync_all()),
            None => Err(ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // What is buffered belongs to a file that nobody wants; the lock goes after the name.
            let (_file, _) = file.into_parts();
            // Best effort: the next one throws it away.
            let _ = fs::remove_file(&self.draft);
        }
    }
}

/// A draft belongs to whoever holds its lock, which ends with the process.
fn take(file: &File) -> Result<(), Error> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::AlreadyExists),
        Err(TryLockError::Error(e)) => Err(Error::io("creating a backup")(e)),
    }
}
