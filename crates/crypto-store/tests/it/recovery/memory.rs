//! What splitting and rebuilding leave on the heap: not the root key.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::process::Command;

use crypto_store::recovery::Recovery;

use super::{entropy, make, people, rooted};

const PAGE: usize = 4096;

/// A secret, inverted, so that the search does not find itself.
struct Needle([u8; 32]);

impl Needle {
    /// How often it stands in this process's memory, the calling thread's stack aside (what is moved leaves copies there,
    /// until the next call).
    fn count(&self) -> usize {
        let memory = File::open("/proc/self/mem").unwrap();
        let mut page = vec![0; PAGE + 31];
        let stack = &raw const page as usize;
        let own = page.as_ptr() as usize;
        let mut found = 0;
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        for line in maps.lines() {
            let (range, rest) = line.split_once(' ').unwrap();
            let (from, to) = range.split_once('-').unwrap();
            let [from, to] = [from, to].map(|n| usize::from_str_radix(n, 16).unwrap());
            if !rest.starts_with("rw") || (from..to).contains(&stack) {
                continue;
            }
            for at in (from..to).step_by(PAGE) {
                // The page that holds what was read would be found in place of what is there.
                if at < own + 2 * PAGE && own < at + 2 * PAGE {
                    continue;
                }
                let Ok(read) = memory.read_at(&mut page, at as u64) else {
                    break;
                };
                found += page[..read].windows(32).filter(|w| self.is(w)).count();
                page.fill(0);
            }
        }
        found
    }

    fn is(&self, window: &[u8]) -> bool {
        window[0] == !self.0[0] && window.iter().zip(&self.0).all(|(a, b)| *a == !*b)
    }
}

/// The other half of the test below, alone in its process: there the allocator does the same every time.
#[test]
fn alone() {
    if std::env::var_os("TACTFUL_ALONE").is_none() {
        return;
    }
    let (dir, path, root) = rooted();
    let mut file = std::fs::read(&path).unwrap();
    let mut needle = Needle(file[24..56].try_into().unwrap());
    needle.0.iter_mut().for_each(|byte| *byte = !*byte);
    file.fill(0);
    let (identities, recipients) = people(3);
    let mut there = vec![0; 16 * PAGE];
    for (to, from) in there[8 * PAGE..].iter_mut().zip(needle.0) {
        *to = !from;
    }
    // The planted one and the living root's own.
    assert_eq!(needle.count(), 2, "the search finds what is there");
    there.fill(0);
    drop(std::hint::black_box(there));

    // With a threshold of one every share is the root key.
    let kit = make(&root, 1, &recipients);
    drop(root);
    assert_eq!(needle.count(), 0, "after splitting");
    let rebuilt = Recovery::rebuild(kit.shares(), &identities).unwrap();
    let again = dir.path().join("again");
    drop(rebuilt.restore(again, entropy()).unwrap());
    drop(rebuilt);
    assert_eq!(needle.count(), 0, "after rebuilding");
    std::process::exit(17);
}

#[test]
fn no_root_key_is_left_on_the_heap() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "recovery::memory::alone", "--nocapture"])
        .env("TACTFUL_ALONE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(17), "{said}");
}
