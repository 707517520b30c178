//! The last line on stderr: one JSON object of figures. What was not measured is absent, never 0.

use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use crate::rows::Object;

/// CPU time of the whole process, all threads, at an instant.
#[derive(Clone, Copy, Debug)]
pub struct CpuTime(Option<f64>);

impl CpuTime {
    /// Reads the clock.
    #[must_use]
    pub fn now() -> Self {
        Self(
            clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)
                .ok()
                .map(|t| t.tv_sec() as f64 + t.tv_nsec() as f64 / 1e9),
        )
    }

    /// CPU seconds since then.
    #[must_use]
    pub fn elapsed_s(self) -> f64 {
        match (self.0, Self::now().0) {
            (Some(then), Some(now)) => now - then,
            _ => 0.0,
        }
    }
}

/// What a run measured.
#[derive(Debug)]
pub struct Figures {
    /// Rows that were objects with what they need.
    pub texts: usize,
    /// UTF-8 bytes of `text`.
    pub bytes: usize,
    /// CPU seconds of the work, all threads, parsing and printing left out.
    pub cpu_s: f64,
    /// Threads at work.
    pub threads: usize,
    /// Whether the command works on rows of text; figures of such rows are absent otherwise.
    pub rows: bool,
    /// Further figures of the command.
    pub extra: Object,
    started: Instant,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            texts: 0,
            bytes: 0,
            cpu_s: 0.0,
            threads: 1,
            rows: true,
            extra: Object::new(),
            started: Instant::now(),
        }
    }
}

impl Figures {
    /// Adds a figure of the command.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.extra.insert(name.to_owned(), value.into());
    }

    /// Adds a measured number with this many digits after the point; what was not measured stays absent.
    pub fn measured(&mut self, name: &str, value: Option<f64>, digits: i32) {
        if let Some(value) = value.filter(|v| v.is_finite()) {
            self.set(name, rounded(value, digits));
        }
    }

    /// The line as it is printed.
    #[must_use]
    pub fn line(&self) -> Value {
        let mut object = Object::new();
        if self.rows {
            object.insert("texts".into(), self.texts.into());
            object.insert("bytes".into(), self.bytes.into());
        }
        object.insert("cpu_s".into(), json!(rounded(self.cpu_s, 6)));
        object.insert(
            "wall_s".into(),
            json!(rounded(self.started.elapsed().as_secs_f64(), 6)),
        );
        if self.cpu_s > 0.0 && self.bytes > 0 {
            object.insert(
                "mb_per_s".into(),
                json!(rounded(self.bytes as f64 / 1e6 / self.cpu_s, 3)),
            );
        }
        if let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) {
            object.insert(
                "peak_rss_mb".into(),
                json!(rounded(usage.max_rss() as f64 / 1024.0, 1)),
            );
        }
        object.insert("threads".into(), self.threads.into());
        if let Some(commit) = commit() {
            object.insert("commit".into(), commit.into());
        }
        object.extend(self.extra.clone());
        Value::Object(object)
    }
}

fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}

/// The commit of the checkout this binary was built from, where git can still tell.
fn commit() -> Option<String> {
    let output = std::process::Command::new("git")
        .args(["rev-parse", "--short=12", "HEAD"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(std::process::Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
