//! The disk as a power loss leaves it, computed from the journal of what a program did.
//!
//! A file's content is durable when the file was synced, its name when the folder was synced. What was not synced may be
//! there in part: any of its sectors of 512 bytes. Names change in the order in which they were changed, as in the journal
//! of a file system's metadata.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

const SECTOR: usize = 512;
/// Bytes before what follows in an entry of the journal.
const ENTRY: usize = 24;

/// One entry of the journal that `tests/shim/fault.c` writes.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Opened {
        fd: i32,
        made: bool,
        emptied: bool,
        name: String,
    },
    Written {
        fd: i32,
        at: usize,
        bytes: Vec<u8>,
    },
    Resized {
        fd: i32,
        len: usize,
    },
    Synced {
        fd: i32,
        failed: bool,
    },
    Renamed(String, String),
    Linked(String, String),
    Removed(String),
    Told(String),
}

pub(super) fn events(mut journal: &[u8]) -> Vec<Event> {
    let mut all = Vec::new();
    while let Some((head, rest)) = journal.split_at_checked(ENTRY) {
        let word = |at: usize| u64::from_ne_bytes(head[at..at + 8].try_into().unwrap()) as usize;
        let fd = i32::from_ne_bytes(head[4..8].try_into().unwrap());
        let (bytes, rest) = rest.split_at(word(16));
        let text = || String::from_utf8(bytes.to_vec()).unwrap();
        let pair = || {
            let both = text();
            let (from, to) = both.split_once('\0').unwrap();
            (from.to_owned(), to.to_owned())
        };
        all.push(match head[0] {
            b'O' => Event::Opened {
                fd,
                made: head[1] & 1 != 0,
                emptied: head[1] & 2 != 0,
                name: text(),
            },
            b'W' => Event::Written {
                fd,
                at: word(8),
                bytes: bytes.to_vec(),
            },
            b'T' => Event::Resized { fd, len: word(8) },
            b'S' => Event::Synced {
                fd,
                failed: head[1] != 0,
            },
            b'R' => Event::Renamed(pair().0, pair().1),
            b'L' => Event::Linked(pair().0, pair().1),
            b'U' => Event::Removed(text()),
            b'A' => Event::Told(text()),
            other => panic!("an unknown entry {other}"),
        });
        journal = rest;
    }
    assert!(journal.is_empty(), "the journal ends within an entry");
    all
}

#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Len(usize),
}

#[derive(Debug, Clone, Default)]
struct Content {
    durable: Vec<u8>,
    /// Done and not synced.
    pending: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Naming {
    Give(String, usize),
    Take(String),
}

/// A folder on a disk, with what is durable and what is not.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk {
    contents: Vec<Content>,
    names: BTreeMap<String, usize>,
    durable: BTreeMap<String, usize>,
    pending: Vec<Naming>,
    /// `None` is the folder itself.
    open: HashMap<i32, Option<usize>>,
}

/// What of the pending changes reaches the disk.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kept {
    Nothing,
    Everything,
    /// Some sectors, some changes of length, some of the names.
    Some(u64),
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// The index that connections share: it is mapped memory, made anew from the log by whoever opens first.
fn is_index(name: &str) -> bool {
    name.ends_with("-shm")
}

impl Disk {
    /// A folder as it is, all of it durable.
    pub(super) fn of(dir: &Path) -> Self {
        let mut disk = Disk::default();
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            disk.names.insert(name, disk.contents.len());
            disk.contents.push(Content {
                durable: std::fs::read(path).unwrap(),
                pending: Vec::new(),
            });
        }
        disk.durable = disk.names.clone();
        disk
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::Opened { fd, name, .. } if name.is_empty() => {
                self.open.insert(*fd, None);
            }
            Event::Opened {
                fd,
                made,
                emptied,
                name,
            } => {
                if *made {
                    self.give(name, self.contents.len());
                    self.contents.push(Content::default());
                }
                let file = self.names[name];
                self.open.insert(*fd, Some(file));
                if *emptied && !*made {
                    self.contents[file].pending.push(Change::Len(0));
                }
            }
            Event::Written { fd, at, bytes } => {
                let change = Change::Write(*at, bytes.clone());
                self.change(*fd, change);
            }
            Event::Resized { fd, len } => self.change(*fd, Change::Len(*len)),
            Event::Synced { fd, failed } => match self.open[fd] {
                Some(file) => {
                    let pending = std::mem::take(&mut self.contents[file].pending);
                    // After a failed sync the kernel holds its pages for clean: no later sync writes them.
                    if !failed {
                        for change in &pending {
                            make(&mut self.contents[file].durable, change);
                        }
                    }
                }
                None if !failed => {
                    self.pending.clear();
                    self.durable = self.names.clone();
                }
                None => {}
            },
            Event::Renamed(from, to) => {
                let file = self.names[from];
                self.give(to, file);
                self.take(from);
            }
            Event::Linked(from, to) => self.give(to, self.names[from]),
            Event::Removed(name) => self.take(name),
            Event::Told(_) => {}
        }
    }

    fn change(&mut self, fd: i32, change: Change) {
        let file = self.open[&fd].unwrap();
        self.contents[file].pending.push(change);
    }

    fn give(&mut self, name: &str, file: usize) {
        self.names.insert(name.to_owned(), file);
        self.pending.push(Naming::Give(name.to_owned(), file));
    }

    fn take(&mut self, name: &str) {
        self.names.remove(name);
        self.pending.push(Naming::Take(name.to_owned()));
    }

    /// Writes the folder as it is after the power comes back.
    pub(super) fn lose_power(&self, kept: Kept, into: &Path) {
        let mut dice = Dice(match kept {
            Kept::Some(seed) => seed,
            _ => 0,
        });
        let mut names = self.durable.clone();
        let renamings = match kept {
            Kept::Nothing => 0,
            Kept::Everything => self.pending.len(),
            Kept::Some(_) => dice.next() as usize % (self.pending.len() + 1),
        };
        for naming in &self.pending[..renamings] {
            match naming {
                Naming::Give(name, file) => drop(names.insert(name.clone(), *file)),
                Naming::Take(name) => drop(names.remove(name)),
            }
        }
        for (name, file) in names.iter().filter(|(name, _)| !is_index(name)) {
            let content = &self.contents[*file];
            let mut bytes = content.durable.clone();
            for change in &content.pending {
                match kept {
                    Kept::Nothing => {}
                    Kept::Everything => make(&mut bytes, change),
                    Kept::Some(_) => make_some(&mut bytes, change, &mut dice),
                }
            }
            std::fs::write(into.join(name), bytes).unwrap();
        }
    }
}

fn make(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Len(len) => bytes.resize(*len, 0),
        Change::Write(at, new) => {
            if bytes.len() < at + new.len() {
                bytes.resize(at + new.len(), 0);
            }
            bytes[*at..at + new.len()].copy_from_slice(new);
        }
    }
}

fn make_some(bytes: &mut Vec<u8>, change: &Change, dice: &mut Dice) {
    match change {
        Change::Len(_) if dice.next().is_multiple_of(2) => make(bytes, change),
        Change::Len(_) => {}
        Change::Write(at, new) => {
            // All, nothing, or each sector by chance.
            let way = dice.next() % 4;
            let mut from = 0;
            while from < new.len() {
                let to = new.len().min(from + SECTOR - (at + from) % SECTOR);
                if way == 0 || (way > 1 && dice.next().is_multiple_of(2)) {
                    make(bytes, &Change::Write(at + from, new[from..to].to_vec()));
                }
                from = to;
            }
        }
    }
}
