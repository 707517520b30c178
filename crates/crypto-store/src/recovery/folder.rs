//! A folder of files that is there as a whole or not at all.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::provider::file::sync_folder;

const WHAT: &str = "writing the recovery kit";

/// Writes `files` into a folder that must not exist, or be empty. `unique` keeps two writers' drafts apart.
pub(super) fn write(
    folder: &Path,
    unique: &[u8; 16],
    files: &[(String, Vec<u8>)],
) -> Result<(), Error> {
    if fs::symlink_metadata(folder).is_ok() && !is_empty(folder) {
        return Err(Error::AlreadyExists);
    }
    let suffix: String = unique.iter().map(|byte| format!("{byte:02x}")).collect();
    let draft = folder
        .with_added_extension(suffix)
        .with_added_extension("new");
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&draft).map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => Error::AlreadyExists,
        _ => Error::io(WHAT)(e),
    })?;
    // From here on the draft is ours to remove, with what is in it.
    let written = fill(&draft, files).and_then(|()| {
        // A rename replaces no folder that holds something.
        fs::rename(&draft, folder).map_err(|e| match e.kind() {
            ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
                Error::AlreadyExists
            }
            _ => Error::io(WHAT)(e),
        })
    });
    if let Err(error) = written {
        drop(fs::remove_dir_all(&draft));
        return Err(error);
    }
    sync_folder(folder)
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

fn fill(draft: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Error> {
    let mut last = PathBuf::new();
    for (name, bytes) in files {
        last = draft.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&last)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            })
            .map_err(Error::io(WHAT))?;
    }
    sync_folder(&last)
}
