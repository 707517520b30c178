//! How long the folder's disk takes to make a small write durable.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

/// Bytes appended before each synchronisation.
const BLOCK: [u8; 4096] = [0x5a; 4096];

pub(in crate::cmd) struct Disk {
    file: File,
    seconds: Vec<f64>,
}

impl Disk {
    /// Opens a file of its own in the folder.
    pub(in crate::cmd) fn new(dir: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .append(true)
            .open(dir.join("fsync.probe"))?;
        Ok(Disk {
            file,
            seconds: Vec::new(),
        })
    }

    /// Writes and synchronises `times`.
    pub(in crate::cmd) fn sample(&mut self, times: usize) -> io::Result<()> {
        for _ in 0..times {
            self.file.write_all(&BLOCK)?;
            let started = Instant::now();
            self.file.sync_data()?;
            self.seconds.push(started.elapsed().as_secs_f64());
        }
        Ok(())
    }

    /// The time that this share of the synchronisations kept to, in milliseconds.
    pub(in crate::cmd) fn quantile_ms(&self, share: f64) -> Option<f64> {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        sorted
            .get((last as f64 * share).round() as usize)
            .map(|s| s * 1000.0)
    }
}
