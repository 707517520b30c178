//! Runs this test program once more, with calls on one folder failing or written down.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// How calls fail, and which ones count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Every call; an I/O error.
    Eio,
    /// What needs space; there is none.
    Enospc,
    /// What changes anything; the file system is read-only.
    Erofs,
    /// Writes; half is written, and after that there is no space.
    Short,
    /// Syncs; an I/O error.
    Sync,
}

/// One fault, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    pub(super) mode: Mode,
    /// Number of the counted call that fails; 0 is none.
    pub(super) at: u64,
    /// Whether those after it fail too.
    pub(super) on: bool,
}

/// What a run left behind, beside its folder.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) told: Vec<String>,
    pub(super) counted: u64,
    pub(super) journal: Vec<u8>,
    /// Empty unless the program ended otherwise than it should.
    pub(super) trouble: String,
}

/// A place for runs: the store's folder, and beside it what must survive every fault.
pub(super) struct Bench {
    dir: TempDir,
}

impl Bench {
    /// In memory where there is such a file system: what a sync costs is no part of these tests.
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let bench = Bench { dir: dir.unwrap() };
        std::fs::create_dir(bench.store()).unwrap();
        bench
    }

    /// Another place that starts from what is here.
    pub(super) fn copy(&self) -> Self {
        let copy = self.bare();
        crate::support::copy_dir(&self.store(), &copy.store());
        std::fs::copy(self.told(), copy.told()).unwrap();
        copy
    }

    /// Another place with the same root key and an empty folder.
    pub(super) fn bare(&self) -> Self {
        let copy = Bench::new();
        std::fs::copy(self.root(), copy.root()).unwrap();
        copy
    }

    pub(super) fn store(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("store")
    }

    pub(super) fn root(&self) -> PathBuf {
        self.dir.path().join("root.key")
    }

    /// Where the program writes what it did.
    pub(super) fn told(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("told")
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let told = std::fs::read_to_string(self.told()).unwrap();
        told.lines().map(str::to_owned).collect()
    }

    /// Runs a script under a fault. `variables` are for the script.
    pub(super) fn run(&self, script: &str, fault: Fault, variables: &[(&str, &str)]) -> Ran {
        let (count, journal) = (
            self.dir.path().join("count"),
            self.dir.path().join("journal"),
        );
        let mode = match fault.mode {
            Mode::Eio => "eio",
            Mode::Enospc => "enospc",
            Mode::Erofs => "erofs",
            Mode::Short => "short",
            Mode::Sync => "sync",
        };
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", script, "--nocapture"])
            .env("TACTFUL_SCRIPT", self.dir.path())
            .env("LD_PRELOAD", library().unwrap())
            .env("FAULT_DIR", self.store())
            .env("FAULT_ACKS", self.told())
            .env("FAULT_MODE", mode)
            .env("FAULT_AT", fault.at.to_string())
            .env("FAULT_COUNT", &count)
            .env("FAULT_JOURNAL", &journal)
            .envs(variables.iter().copied());
        if fault.on {
            command.env("FAULT_ON", "1");
        }
        let out = command.stdin(Stdio::null()).output().unwrap();
        let words = String::from_utf8_lossy(&out.stderr).into_owned();
        let fine = out.status.code() == Some(END) && !words.contains("panicked");
        Ran {
            told: self.lines(),
            counted: std::fs::read_to_string(count).unwrap().parse().unwrap_or(0),
            journal: std::fs::read(journal).unwrap(),
            trouble: if fine {
                String::new()
            } else {
                format!("{}: {words}", out.status)
            },
        }
    }
}

/// Exit status of a script that came to its end: not the test harness's own.
pub(super) const END: i32 = 23;

/// The library to preload, built once a test program. `None`, said aloud, where there is no C compiler.
pub(super) fn library() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shim/fault.c");
            let draft = place.join(format!("fault-{}.so", std::process::id()));
            let compiler = Command::new("cc")
                .args(["-O1", "-Wall", "-Wextra", "-Werror", "-U_FORTIFY_SOURCE"])
                .args(["-shared", "-fPIC", "-pthread", "-o"])
                .arg(&draft)
                .arg(source)
                .status();
            let Ok(status) = compiler else {
                eprintln!("skipped: install a C compiler");
                return None;
            };
            assert!(status.success(), "tests/shim/fault.c does not compile");
            let built = place.join("fault.so");
            std::fs::rename(draft, &built).unwrap();
            Some(built)
        })
        .as_deref()
}
