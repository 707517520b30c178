//! A nightly export: JSON lines in files of about a hundred customers each, by the customer's number.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tactful::Customer;

use super::source::{System, identifiers, replace, sync_folder};

const LINES: usize = 100;

pub(super) struct Snapshot {
    dir: PathBuf,
    parts: u64,
}

impl Snapshot {
    pub(super) fn create(dir: &Path, lines: Vec<(String, String)>) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let snapshot = Snapshot {
            dir: dir.to_owned(),
            parts: lines.len().div_ceil(LINES).max(1) as u64,
        };
        let mut parts = vec![Vec::new(); snapshot.parts as usize];
        for (customer, line) in lines {
            if let Some(part) = parts.get_mut(snapshot.part(&customer) as usize) {
                part.extend_from_slice(line.as_bytes());
                part.push(b'\n');
            }
        }
        for (number, part) in parts.iter().enumerate() {
            replace(&snapshot.path(number as u64), part)?;
        }
        sync_folder(dir)?;
        Ok(snapshot)
    }

    fn part(&self, customer: &str) -> u64 {
        let hash = customer
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        hash % self.parts
    }

    fn path(&self, part: u64) -> PathBuf {
        self.dir.join(format!("part-{part:05}.jsonl"))
    }
}

fn customer_of(line: &str) -> io::Result<String> {
    let line: Value = serde_json::from_str(line)?;
    let customer = line.get("customer").and_then(Value::as_str);
    Ok(customer.unwrap_or_default().to_owned())
}

impl System for Snapshot {
    fn held(&self, who: &Customer) -> io::Result<u64> {
        let mut held = 0;
        for customer in &who.customer_ids {
            let part = fs::read_to_string(self.path(self.part(customer)))?;
            let theirs = |line: &&str| identifiers(who).any(|value| line.contains(value));
            held += part.lines().filter(theirs).count() as u64;
        }
        Ok(held)
    }

    fn erase(&mut self, who: &Customer) -> io::Result<()> {
        for customer in &who.customer_ids {
            let path = self.path(self.part(customer));
            let part = fs::read_to_string(&path)?;
            let mut kept = String::with_capacity(part.len());
            for line in part.lines() {
                if customer_of(line)? != *customer {
                    kept.push_str(line);
                    kept.push('\n');
                }
            }
            replace(&path, kept.as_bytes())?;
        }
        sync_folder(&self.dir)
    }
}
