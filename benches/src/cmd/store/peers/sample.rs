//! How many of some byte strings are still in a folder's files.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;

/// Bytes by which needles are told apart first.
const HEAD: usize = 8;

pub(super) struct Sample {
    needles: Vec<Vec<u8>>,
    by_head: HashMap<[u8; HEAD], Vec<usize>>,
    /// Whether a needle begins with these two bytes.
    begins: Vec<bool>,
}

fn begin(bytes: &[u8]) -> usize {
    bytes
        .first_chunk()
        .map_or(0, |two| usize::from(u16::from_le_bytes(*two)))
}

impl Sample {
    pub(super) fn new(needles: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut sample = Sample {
            needles: needles.into_iter().collect(),
            by_head: HashMap::new(),
            begins: vec![false; 1 << 16],
        };
        for (n, needle) in sample.needles.iter().enumerate() {
            if let Some(head) = needle.first_chunk() {
                sample.by_head.entry(*head).or_default().push(n);
                if let Some(place) = sample.begins.get_mut(begin(needle)) {
                    *place = true;
                }
            }
        }
        sample
    }

    pub(super) fn len(&self) -> usize {
        self.needles.len()
    }

    /// How many of them are in the files that `wanted` names, each counted once.
    pub(super) fn search(&self, dir: &Path, wanted: fn(&Path) -> bool) -> io::Result<u64> {
        let mut found = HashSet::new();
        self.look(dir, wanted, &mut found)?;
        Ok(found.len() as u64)
    }

    fn look(
        &self,
        dir: &Path,
        wanted: fn(&Path) -> bool,
        found: &mut HashSet<usize>,
    ) -> io::Result<()> {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() {
                self.look(&path, wanted, found)?;
            } else if kind.is_file() && wanted(&path) {
                match fs::read(&path) {
                    Ok(bytes) => self.read(&bytes, found),
                    // A server may remove a file while its folder is read.
                    Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                    Err(e) => return Err(e),
                }
            }
        }
        Ok(())
    }

    fn read(&self, bytes: &[u8], found: &mut HashSet<usize>) {
        for (at, head) in bytes.windows(HEAD).enumerate() {
            if self.begins.get(begin(head)).is_none_or(|begins| !begins) {
                continue;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            for n in self.by_head.get(head).into_iter().flatten() {
                if self.needles.get(*n).is_some_and(|it| rest.starts_with(it)) {
                    found.insert(*n);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::shop;
    use super::*;

    #[test]
    fn each_is_counted_once_wherever_it_is() {
        let needles: Vec<Vec<u8>> = (0..100).map(|n| shop::bytes(1, n, 64)).collect();
        let sample = Sample::new(needles.clone());
        assert_eq!(sample.len(), 100);
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("below")).unwrap();
        let noise = shop::bytes(2, 0, 5_000);
        let cut = needles[9].split_last().unwrap().1.to_vec();
        let first = [&noise[..], &needles[0], &noise, &needles[7], &cut].concat();
        fs::write(dir.path().join("a"), first).unwrap();
        fs::write(dir.path().join("below/b"), needles[7..9].concat()).unwrap();
        assert_eq!(sample.search(dir.path(), |_| true).unwrap(), 3);
        assert_eq!(sample.search(dir.path(), |p| p.ends_with("a")).unwrap(), 2);
    }
}
