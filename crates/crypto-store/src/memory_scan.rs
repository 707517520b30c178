//! What is left in memory: the process reads itself and looks for keys and texts that it used.
//!
//! Runs as a child process, so that nothing but the store's own doing is in the memory that is searched. The searcher knows
//! its needles only masked; otherwise it would find its own notes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use retention_policy::{
    ActorId, Category, Policy, Purpose, PurposeSet, RecordMeta, Region, Role, SubjectId, TenantId,
    Timestamp,
};
use zeroize::Zeroizing;

use crate::backup::sealed;
use crate::entropy::draw;
use crate::envelope::RecordKeys;
use crate::{
    Accessor, Argon2Cost, Entropy, Error, IndexTerm, Key32, KeyFile, KeyProvider, NewRecord,
    OsEntropy, Passphrase, Reason, Store, StoreConfig, StoreFiles, crypt, envelope, keywrap,
};

const MASK: u8 = 0xa5;
/// Long enough not to be found by chance; half a key, so that half a copy is found too.
const NEEDLE: usize = 16;

/// What is looked for, masked.
#[derive(Debug, Default)]
struct Needles(Mutex<Vec<(String, [u8; NEEDLE])>>);

impl Needles {
    /// Remembers something as it is, and as HMAC pads it (RFC 2104: inner and outer). What masking spills is wiped.
    fn add(&self, name: &str, secret: &[u8]) {
        let mut all = self.0.lock().unwrap();
        crypt::clean(|| {
            for (part, chunk) in secret.chunks_exact(NEEDLE).enumerate() {
                for (pad, how) in [(0, ""), (0x36, ", inner pad"), (0x5c, ", outer pad")] {
                    let mut masked = [0; NEEDLE];
                    for (to, from) in masked.iter_mut().zip(chunk) {
                        *to = from ^ (MASK ^ pad);
                    }
                    all.push((format!("{name}[{part}]{how}"), masked));
                }
            }
        });
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Reads everything that this process can write to, and counts.
    fn search(&self) -> HashMap<String, usize> {
        let all = self.0.lock().unwrap();
        // Two bytes decide for almost every position that nothing is there.
        let mut first = vec![false; 1 << 16];
        for (_, masked) in all.iter() {
            first[usize::from(masked[0]) << 8 | usize::from(masked[1])] = true;
        }
        let mut found = HashMap::new();
        let mut buffer = vec![0u8; 1 << 20];
        let own = buffer.as_ptr().addr()..buffer.as_ptr().addr() + buffer.len();
        let memory = File::open("/proc/self/mem").unwrap();
        for line in std::fs::read_to_string("/proc/self/maps").unwrap().lines() {
            let mut words = line.split_whitespace();
            let (range, rights) = (words.next().unwrap(), words.next().unwrap());
            if !rights.starts_with("rw") {
                continue;
            }
            let place = line.split_whitespace().nth(5).unwrap_or("a mapping");
            let (from, to) = range.split_once('-').unwrap();
            let (mut at, end) = (address(from), address(to));
            while at < end {
                // The buffer is not searched: it is a copy of what was searched before.
                if own.contains(&at) {
                    at = own.end;
                    continue;
                }
                let stop = if at < own.start {
                    end.min(own.start)
                } else {
                    end
                };
                let len = buffer.len().min(stop.saturating_sub(at));
                let Ok(read) = memory.read_at(&mut buffer[..len], at as u64) else {
                    break;
                };
                if read < NEEDLE {
                    break;
                }
                // Masked before it is compared: unmasked needles would be spilled to the stack.
                buffer[..read].iter_mut().for_each(|b| *b ^= MASK);
                std::hint::black_box(&mut buffer);
                for p in 0..=read - NEEDLE {
                    let two = [buffer[p], buffer[p + 1]];
                    if !first[usize::from(two[0]) << 8 | usize::from(two[1])] {
                        continue;
                    }
                    for (name, masked) in all.iter() {
                        if buffer[p..p + NEEDLE] == *masked {
                            let offset = at + p - address(from);
                            let entry = format!("{name} in {place}, byte {offset:x}");
                            *found.entry(entry).or_default() += 1;
                        }
                    }
                }
                // What lies across two pieces is read again with the next.
                at += if read == len && at + read < stop {
                    read - (NEEDLE - 1)
                } else {
                    read
                };
            }
        }
        buffer.fill(0);
        found
    }
}

fn address(hex: &str) -> usize {
    usize::from_str_radix(hex, 16).unwrap()
}

/// Random bytes whose draws of a key's length are remembered, masked.
#[derive(Debug)]
struct Recording(Arc<Needles>);

impl Entropy for Recording {
    fn fill(&self, out: &mut [u8]) -> Result<(), Error> {
        getrandom::fill(out).map_err(|_| Error::Entropy)?;
        if out.len() == 32 {
            self.0.add(&format!("key {}", self.0.len()), out);
        }
        Ok(())
    }
}

fn now() -> Timestamp {
    "2026-03-02T09:07:00Z".parse().unwrap()
}

/// A text that stands nowhere in the program.
fn text(needles: &Needles, name: &str) -> Vec<u8> {
    let mut text = vec![0; 4096];
    getrandom::fill(&mut text).unwrap();
    needles.add(name, &text[..64]);
    needles.add(name, &text[4032..]);
    text
}

/// Uses every way in which a store touches keys and texts. Calls `while_open` in the middle.
fn use_store(dir: &Path, needles: &Arc<Needles>, while_open: &dyn Fn()) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let entropy: Arc<dyn Entropy> = Arc::new(Recording(Arc::clone(needles)));
    let tenant = TenantId::from_random([1; 16]);
    let person = |n| SubjectId::from_random([n; 16]);
    let expiry = Policy::default().expiry(Category::Session, now()).unwrap();
    let meta = |n| {
        let purposes = PurposeSet::only(Purpose::DraftReply);
        RecordMeta::new(
            tenant,
            person(n),
            Category::Session,
            purposes,
            Region::France,
            expiry,
        )
        .unwrap()
    };
    let agent = Accessor::new(ActorId::from_random([9; 16]), Role::Agent, tenant);
    let officer = Accessor::new(ActorId::from_random([9; 16]), Role::PrivacyOfficer, tenant);
    let (reply, request) = (
        Reason::new(Purpose::DraftReply),
        Reason::new(Purpose::AnswerRequest),
    );
    let term = IndexTerm::new("email", "zoe@example.org").unwrap();
    let config = || StoreConfig::sqlite(StoreFiles::in_dir(dir));
    runtime.block_on(async {
        let root = Arc::new(KeyFile::create(dir.join("root.key"), entropy.clone()).unwrap());
        let store = Store::create(config(), root, entropy.clone(), now())
            .await
            .unwrap();
        store.create_tenant(tenant, now()).await.unwrap();
        let mut ids = Vec::new();
        for n in 1..=3 {
            let record = NewRecord::new(meta(n), text(needles, "text of a record"))
                .terms(vec![term.clone()])
                .idempotency_key(&[n]);
            ids.push(store.put(record, &agent, &reply, now()).await.unwrap().id());
        }
        store.close().await.unwrap();
        drop(store);
        let root = Arc::new(KeyFile::open(dir.join("root.key"), entropy.clone()).unwrap());
        let store = Store::open(config(), root, entropy.clone(), now())
            .await
            .unwrap();
        let opened = store.get(ids[0], &agent, &reply, now()).await.unwrap();
        assert_eq!(
            store
                .find(&term, &agent, &reply, now())
                .await
                .unwrap()
                .len(),
            3
        );
        while_open();
        drop(opened);
        store
            .erase_subject(person(2), &officer, &request, now())
            .await
            .unwrap();
        store.shred(&[ids[2]], &agent, &reply, now()).await.unwrap();
        assert!(store.survey(now()).await.unwrap().readable > 0);
        store.close().await.unwrap();

        let cost = Argon2Cost::new(19 << 10, 2, 1).unwrap();
        let path = dir.join("pass.key");
        drop(Passphrase::create(&path, "correct horse", cost, entropy.clone()).unwrap());
        let root = Passphrase::open(&path, "correct horse", entropy.clone()).unwrap();
        let key = Key32::random(&*entropy).unwrap();
        let wrapped = root.wrap(&key, b"context").await.unwrap();
        assert_eq!(root.unwrap(&wrapped, b"context").await.unwrap(), key);
    });
}

/// Work on primitives, with keys of which some are derived and never drawn.
fn primitives(needles: &Arc<Needles>) -> Vec<(&'static str, Work)> {
    let entropy = || Recording(Arc::clone(needles));
    let work = |name, work: fn(&Needles, &Recording)| {
        let (needles, entropy) = (Arc::clone(needles), entropy());
        (name, Box::new(move || work(&needles, &entropy)) as Work)
    };
    vec![
        work("a key", |_, entropy| {
            let keys = [(); 3].map(|()| Arc::new(Key32::random(entropy).unwrap()));
            assert!(keys[0] != keys[1]);
        }),
        work("hmac", |_, entropy| {
            let key = Key32::random(entropy).unwrap();
            assert!(crypt::hmac(key.expose(), &[b"part", b"part"]) != [0; 32]);
        }),
        work("wrap", |needles, entropy| {
            let [key, parent] = [(); 2].map(|()| Key32::random(entropy).unwrap());
            let wrapped = keywrap::wrap(&parent, 3, b"context", &key, entropy).unwrap();
            keywrap::tests::with_once(&parent, &wrapped, |once| needles.add("wrapping key", once));
        }),
        work("unwrap", |needles, entropy| {
            let [key, parent] = [(); 2].map(|()| Key32::random(entropy).unwrap());
            let wrapped = keywrap::wrap(&parent, 3, b"context", &key, entropy).unwrap();
            keywrap::tests::with_once(&parent, &wrapped, |once| needles.add("wrapping key", once));
            let back = keywrap::unwrap(&parent, b"context", &wrapped).unwrap();
            assert!(*Arc::new(back) == key);
        }),
        work("seal", |needles, entropy| drop(sealed(needles, entropy))),
        work("open", |needles, entropy| {
            let (keys, sealed) = sealed(needles, entropy);
            let [subject, bucket, unit] = &keys;
            let keys = RecordKeys {
                subject,
                bucket,
                unit,
            };
            drop(envelope::open(keys, b"identity", &sealed).unwrap());
            assert!(envelope::open(keys, b"another identity", &sealed).is_err());
        }),
        work("a backup", |needles, entropy| {
            let content = Zeroizing::new(text(needles, "content"));
            let key = Key32::random(entropy).unwrap();
            let sealed = sealed::tests::stream(&key, &OsEntropy::new(), &content, |key| {
                needles.add("key of chunks", key)
            });
            let mut opener = sealed::Sealed::read(&sealed[..])
                .unwrap()
                .open(&key)
                .unwrap();
            assert!(opener.some(4096).unwrap() == &content[..]);
            opener.end().unwrap();
        }),
    ]
}

fn sealed(needles: &Needles, entropy: &Recording) -> ([Key32; 3], Vec<u8>) {
    let body = Zeroizing::new(text(needles, "text"));
    let keys = [(); 3].map(|()| Key32::random(entropy).unwrap());
    let [subject, bucket, unit] = &keys;
    let of = RecordKeys {
        subject,
        bucket,
        unit,
    };
    let sealed = envelope::seal(of, b"identity", &body, &draw(entropy).unwrap()).unwrap();
    envelope::tests::with_derived(of, b"identity", &sealed, |name, key| needles.add(name, key));
    (keys, sealed)
}

type Work = Box<dyn FnOnce() + Send>;

/// Works in a thread of its own and searches while the thread's stack is as the work left it. The thread waits without a call
/// that needs stack: a channel's would overwrite what is looked for, unless the search is quicker.
fn left_by(needles: &Needles, work: Work) -> HashMap<String, usize> {
    let flags = Arc::new([AtomicBool::new(false), AtomicBool::new(false)]);
    let of_worker = Arc::clone(&flags);
    let worker = std::thread::spawn(move || {
        let [worked, searched] = &*of_worker;
        work();
        worked.store(true, Ordering::Release);
        while !searched.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
    });
    let [worked, searched] = &*flags;
    while !worked.load(Ordering::Acquire) && !worker.is_finished() {
        std::thread::yield_now();
    }
    let found = needles.search();
    searched.store(true, Ordering::Release);
    worker.join().unwrap();
    found
}

/// Not a test of its own: the process that is searched.
#[test]
fn child() {
    let Ok(dir) = std::env::var("TACTFUL_MEMORY") else {
        return;
    };
    let needles = Arc::new(Needles::default());
    let alive = text(&needles, "text");
    assert!(!needles.search().is_empty(), "the search is blind");
    drop(Zeroizing::new(alive));
    let found = needles.search();
    assert!(
        found.is_empty(),
        "the search finds its own notes: {found:?}"
    );

    let mut all = primitives(&needles);
    let of_store = Arc::clone(&needles);
    let store = move || {
        use_store(Path::new(&dir), &of_store, &|| {
            let live = of_store.search();
            let sees = |what| live.keys().any(|name| name.starts_with(what));
            assert!(sees("key") && sees("text"), "{live:?}");
        });
    };
    all.push(("a store", Box::new(store)));
    let mut left = 0;
    for (name, work) in all {
        let before = needles.len();
        let found = left_by(&needles, work);
        assert!(needles.len() > before, "{name} used no secret");
        left += found.len();
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort();
        eprintln!(
            "{name}: {} needles, found {found:?}",
            needles.len() - before
        );
        needles.0.lock().unwrap().clear();
    }
    assert_eq!(left, 0, "left in memory");
    std::process::exit(15);
}

#[test]
fn failure_15_no_key_and_no_text_is_left_in_memory() {
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: no /proc/self/mem on this system");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory_scan::child", "--nocapture"])
        .env("TACTFUL_MEMORY", dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stderr);
    assert_eq!(child.status.code(), Some(15), "{said}");
}
