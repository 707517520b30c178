//! One file as a sealed stream, and back.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::{CHUNK, Draft, Header, Opener, Sealer};
use crate::{Entropy, Error, Key32};

/// Makes a sealed copy of a file; how many bytes it has. The original must not change meanwhile.
pub(crate) fn seal_file(
    key: &Key32,
    header: &Header,
    entropy: &dyn Entropy,
    from: &Path,
    to: &Path,
) -> Result<u64, Error> {
    let say = || Error::io("reading a file for its backup");
    let mut from = File::open(from).map_err(say())?;
    let mut sealer = Sealer::new(key, header, entropy, Draft::begin(to)?)?;
    let mut part = Zeroizing::new(vec![0; CHUNK]);
    loop {
        match from.read(&mut part).map_err(say())? {
            0 => break,
            len => sealer.write(part.get(..len).unwrap_or_default())?,
        }
    }
    let (draft, bytes) = sealer.finish()?;
    draft.publish()?;
    Ok(bytes)
}

/// Writes the content of a stream into a file that is not there yet.
pub(crate) fn unseal<R: Read>(mut from: Opener<R>, to: &Path) -> Result<(), Error> {
    let mut draft = Draft::begin(to)?;
    loop {
        let part = from.some(CHUNK)?;
        if part.is_empty() {
            break;
        }
        draft
            .write_all(part)
            .map_err(Error::io("writing a file from its backup"))?;
    }
    from.end()?;
    draft.publish()
}
