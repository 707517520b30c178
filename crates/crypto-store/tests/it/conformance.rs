//! The suites that every back end and every root of keys must pass, on those of this crate.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use crypto_store::backend::Backend;
use crypto_store::backend::memory::MemoryBackend;
use crypto_store::backend::sqlite::SqliteBackend;
use crypto_store::conformance::{
    BackendCase, BoxFuture, Case, Factory, Place, ProviderCase, Roots,
};
use crypto_store::{
    Argon2Cost, EphemeralRoot, Error, Horizon, KeyFile, KeyProvider, OsEntropy, Passphrase,
    ProviderId, StoreFiles,
};
use tempfile::TempDir;

mod faults;
mod model;

/// Runs a case as a user's test would.
fn run<M: ?Sized>(case: &'static Case<M>, maker: &M) {
    let executor = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    if let Err(failure) = executor.block_on(case.run(maker)) {
        panic!("{failure}");
    }
}

/// Every task on a thread of its own.
async fn threads(tasks: Vec<BoxFuture<'static, ()>>) {
    let threads: Vec<_> = tasks
        .into_iter()
        .map(|task| {
            std::thread::spawn(move || {
                let executor = tokio::runtime::Builder::new_current_thread()
                    .build()
                    .unwrap();
                executor.block_on(task);
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

struct Memory;

struct Kept(Arc<dyn Backend>);

#[async_trait]
impl Place for Kept {
    async fn open(&self) -> Result<Arc<dyn Backend>, Error> {
        Ok(Arc::clone(&self.0))
    }
}

#[async_trait]
impl Factory for Memory {
    async fn place(&self) -> Result<Box<dyn Place>, Error> {
        Ok(Box::new(Kept(Arc::new(MemoryBackend::new()))))
    }

    async fn together(&self, tasks: Vec<BoxFuture<'static, ()>>) {
        threads(tasks).await;
    }
}

/// SQLite files in a folder of their own; tasks take turns on one thread or have a thread each.
struct Sqlite {
    threads: bool,
}

struct Folder(TempDir);

impl Folder {
    /// Copies files that were made once: making them durable takes longer than most cases.
    fn new() -> Self {
        static MADE: OnceLock<TempDir> = OnceLock::new();
        let made = MADE.get_or_init(|| {
            let dir = tempfile::tempdir().unwrap();
            SqliteBackend::create_empty(&StoreFiles::in_dir(dir.path())).unwrap();
            dir
        });
        let folder = Folder(tempfile::tempdir().unwrap());
        crate::support::copy_dir(made.path(), folder.0.path());
        folder
    }

    fn attach(&self) -> Result<Arc<dyn Backend>, Error> {
        Ok(Arc::new(SqliteBackend::attach(&self.files())?))
    }

    fn files(&self) -> StoreFiles {
        StoreFiles::in_dir(self.0.path())
    }
}

#[async_trait]
impl Place for Folder {
    async fn open(&self) -> Result<Arc<dyn Backend>, Error> {
        self.attach()
    }
}

#[async_trait]
impl Factory for Sqlite {
    async fn place(&self) -> Result<Box<dyn Place>, Error> {
        Ok(Box::new(Folder::new()))
    }

    async fn together(&self, tasks: Vec<BoxFuture<'static, ()>>) {
        if self.threads {
            threads(tasks).await;
        } else {
            crypto_store::conformance::interleave(tasks).await;
        }
    }
}

/// Roots in files.
struct Files {
    dir: TempDir,
    made: Mutex<HashMap<[u8; 16], PathBuf>>,
    create: fn(PathBuf) -> Arc<dyn KeyProvider>,
    open: fn(PathBuf) -> Arc<dyn KeyProvider>,
}

#[async_trait]
impl Roots for Files {
    async fn fresh(&self) -> Result<Arc<dyn KeyProvider>, Error> {
        let mut made = self.made.lock().unwrap();
        let path = self.dir.path().join(made.len().to_string());
        let root = (self.create)(path.clone());
        made.insert(*root.id().as_bytes(), path);
        Ok(root)
    }

    async fn reopen(&self, id: ProviderId) -> Result<Arc<dyn KeyProvider>, Error> {
        Ok((self.open)(
            self.made.lock().unwrap()[id.as_bytes()].clone(),
        ))
    }

    fn horizon(&self) -> Horizon {
        Horizon::Copies
    }

    async fn together(&self, tasks: Vec<BoxFuture<'static, ()>>) {
        threads(tasks).await;
    }
}

fn roots(
    create: fn(PathBuf) -> Arc<dyn KeyProvider>,
    open: fn(PathBuf) -> Arc<dyn KeyProvider>,
) -> Files {
    Files {
        dir: tempfile::tempdir().unwrap(),
        made: Mutex::default(),
        create,
        open,
    }
}

struct Ephemeral;

#[async_trait]
impl Roots for Ephemeral {
    async fn fresh(&self) -> Result<Arc<dyn KeyProvider>, Error> {
        Ok(Arc::new(EphemeralRoot::new(Arc::new(OsEntropy::new()))?))
    }

    async fn reopen(&self, _: ProviderId) -> Result<Arc<dyn KeyProvider>, Error> {
        Err(Error::KeysLost {
            what: "a key that ended with its value",
        })
    }

    fn horizon(&self) -> Horizon {
        Horizon::Copies
    }

    async fn together(&self, tasks: Vec<BoxFuture<'static, ()>>) {
        threads(tasks).await;
    }
}

fn memory(case: &'static BackendCase) {
    run(case, &Memory as &dyn Factory);
}

fn sqlite(case: &'static BackendCase) {
    run(case, &Sqlite { threads: true } as &dyn Factory);
}

fn key_file(case: &'static ProviderCase) {
    let roots = roots(
        |path| Arc::new(KeyFile::create(path, Arc::new(OsEntropy::new())).unwrap()),
        |path| Arc::new(KeyFile::open(path, Arc::new(OsEntropy::new())).unwrap()),
    );
    run(case, &roots as &dyn Roots);
}

/// At the cheapest cost that is taken.
fn passphrase(case: &'static ProviderCase) {
    let roots = roots(
        |path| {
            let cost = Argon2Cost::new(19 << 10, 2, 1).unwrap();
            let entropy = Arc::new(OsEntropy::new());
            Arc::new(Passphrase::create(path, "some words", cost, entropy).unwrap())
        },
        |path| {
            let entropy = Arc::new(OsEntropy::new());
            Arc::new(Passphrase::open(path, "some words", entropy).unwrap())
        },
    );
    run(case, &roots as &dyn Roots);
}

fn ephemeral(case: &'static ProviderCase) {
    run(case, &Ephemeral as &dyn Roots);
}

mod on_memory {
    crypto_store::backend_conformance!(super::memory);
}

mod on_sqlite {
    crypto_store::backend_conformance!(super::sqlite);
    crypto_store::backend_durability!(super::sqlite);
    crypto_store::backend_ownership!(super::sqlite);
}

mod on_key_file {
    crypto_store::provider_conformance!(super::key_file);
    crypto_store::provider_durability!(super::key_file);
}

mod on_passphrase {
    crypto_store::provider_conformance!(super::passphrase);
    crypto_store::provider_durability!(super::passphrase);
}

mod on_ephemeral_root {
    crypto_store::provider_conformance!(super::ephemeral);
}

/// What takes turns on one thread is what an executor with one worker does.
#[test]
fn sqlite_serves_callers_that_take_turns() {
    let cases = crypto_store::conformance::backend_cases().iter();
    for case in cases.filter(|case| case.name().starts_with("concurrency::")) {
        run(case, &Sqlite { threads: false } as &dyn Factory);
    }
}

#[test]
fn the_suites_are_as_large_as_promised_and_no_name_is_there_twice() {
    use crypto_store::conformance as c;
    assert!(c::backend_cases().len() >= 150);
    assert!(c::provider_cases().len() >= 25);
    let backend = [
        names(c::backend_cases()),
        names(c::durability_cases()),
        names(c::ownership_cases()),
    ];
    let provider = [
        names(c::provider_cases()),
        names(c::provider_durability_cases()),
    ];
    for names in [backend.concat(), provider.concat()] {
        let different: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len());
    }
}

fn names<M: ?Sized>(cases: &'static [Case<M>]) -> Vec<&'static str> {
    cases.iter().map(Case::name).collect()
}
