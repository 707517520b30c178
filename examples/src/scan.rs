//! Looks for values in every byte of every file under a folder: as they stand, as hex, as base64.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One value found in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hit {
    /// Index into the values searched for.
    pub value: usize,
    /// The file.
    pub file: PathBuf,
    /// How it stood there: `clear`, `hex` or `base64`.
    pub form: &'static str,
}

/// Searches all files under `dir`, folders included.
///
/// # Errors
/// A folder or file could not be read: an unread file proves nothing.
pub fn search(dir: &Path, values: &[&str]) -> io::Result<Vec<Hit>> {
    let needles: Vec<(usize, &'static str, Vec<u8>)> = values
        .iter()
        .enumerate()
        .flat_map(|(n, value)| {
            forms(value.as_bytes())
                .into_iter()
                .map(move |(form, bytes)| (n, form, bytes))
        })
        .collect();
    let mut hits = Vec::new();
    walk(dir, &mut |path, bytes| {
        for (value, form, needle) in &needles {
            if contains(bytes, needle) {
                hits.push(Hit {
                    value: *value,
                    file: path.to_owned(),
                    form,
                });
            }
        }
    })?;
    Ok(hits)
}

/// Counts the files and bytes under `dir`.
///
/// # Errors
/// A folder or file could not be read.
pub fn size(dir: &Path) -> io::Result<(usize, u64)> {
    let mut files = 0;
    let mut total = 0;
    walk(dir, &mut |_, bytes| {
        files += 1;
        total += bytes.len() as u64;
    })?;
    Ok((files, total))
}

fn walk(dir: &Path, visit: &mut dyn FnMut(&Path, &[u8])) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, visit)?;
        } else {
            visit(&path, &fs::read(&path)?);
        }
    }
    Ok(())
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && memchr::memmem::find(haystack, needle).is_some()
}

/// The value as it stands, in hex, and the part of its base64 that does not depend on what stands around it.
fn forms(value: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let hex: String = value.iter().map(|b| format!("{b:02x}")).collect();
    let mut out = vec![
        ("clear", value.to_vec()),
        ("hex", hex.clone().into_bytes()),
        ("hex", hex.to_uppercase().into_bytes()),
    ];
    for skip in 0..3 {
        // Whole groups of three bytes that start `skip` bytes into the value encode to the same four characters anywhere.
        let groups = value.get(skip..).unwrap_or_default().chunks_exact(3);
        if groups.len() < 2 {
            continue;
        }
        let encoded: Vec<u8> = groups
            .flat_map(|g| {
                let n = g.iter().fold(0usize, |n, b| n << 8 | usize::from(*b));
                [18, 12, 6, 0].map(|shift| ALPHABET.get(n >> shift & 63).copied().unwrap_or(b'='))
            })
            .collect();
        out.push(("base64", encoded));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_found_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let value = "Zo\u{eb} Quillfeather";
        let base64 = "eHhab8OrIFF1aWxsZmVhdGhlcg==";
        for (name, text) in [
            ("clear.bin", format!("..{value}..")),
            ("hex.bin", "5a6fc3ab205175696c6c66656174686572".to_owned()),
            ("base64.bin", base64.to_owned()),
            ("none.bin", "Zoe Quillfeathers cousin".to_owned()),
        ] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let hits = search(dir.path(), &[value]).unwrap();
        let mut forms: Vec<_> = hits
            .iter()
            .map(|h| (h.file.file_name().unwrap().to_str().unwrap(), h.form))
            .collect();
        forms.sort_unstable();
        assert_eq!(
            forms,
            [
                ("base64.bin", "base64"),
                ("clear.bin", "clear"),
                ("hex.bin", "hex")
            ]
        );
    }
}
