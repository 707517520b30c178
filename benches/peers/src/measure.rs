//! CPU time of this thread, memory of a process of its own.

use std::path::Path;
use std::process::Command;

use nix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use crate::input::pieces;
use crate::peers::Peer;

/// The size of a ticket whose median is told.
pub const TICKET: usize = 400;

/// What was measured of a peer's speed.
pub struct Speed {
    /// Bytes a CPU second, in millions, median of the rounds.
    pub mb_per_s: f64,
    /// Slowest and fastest round.
    pub range: (f64, f64),
    /// Microseconds a ticket of [`TICKET`] bytes, median.
    pub p50_us: f64,
    /// Findings per 1,000 bytes.
    pub found: f64,
}

/// CPU seconds of this thread.
pub fn cpu() -> f64 {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
        .map_or(f64::NAN, |t| t.tv_sec() as f64 + t.tv_nsec() as f64 / 1e9)
}

/// The median.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Rounds in which the peers take turns, so that what else the machine does falls on all of them.
pub fn speeds(
    peers: &[Peer],
    texts: &[String],
    bytes: usize,
    rounds: usize,
    turn: f64,
) -> Result<Vec<Speed>, String> {
    let tickets = pieces(texts, TICKET);
    let mut scans = Vec::new();
    for peer in peers {
        let scan = (peer.build)()?;
        // The first texts fill caches and compile what is compiled late.
        for text in texts.iter().take(50) {
            scan(text)?;
        }
        scans.push((scan, Vec::new(), Vec::new(), 0usize, 0usize));
    }
    for _ in 0..rounds.max(1) {
        for (scan, speeds, singles, found, read) in &mut scans {
            let (start, mut done) = (cpu(), 0);
            // Whole passes where they fit into the turn, so that all peers are measured on the same mixture.
            for (at, text) in texts.iter().cycle().enumerate() {
                if at % texts.len() == 0 && done >= bytes || at % 64 == 0 && cpu() - start > turn {
                    break;
                }
                *found += scan(text)?;
                done += text.len();
            }
            *read += done;
            speeds.push(done as f64 / 1e6 / (cpu() - start));
            for ticket in tickets.iter().take(500) {
                let start = cpu();
                scan(ticket)?;
                singles.push((cpu() - start) * 1e6);
            }
        }
    }
    Ok(scans
        .into_iter()
        .map(|(_, mut speeds, mut singles, found, read)| {
            let mb_per_s = median(&mut speeds);
            Speed {
                mb_per_s,
                range: (speeds[0], speeds[speeds.len() - 1]),
                p50_us: median(&mut singles),
                found: found as f64 * 1e3 / read as f64,
            }
        })
        .collect())
}

/// What a fresh process needs for a peer.
pub fn start(peer: Peer, texts: &[String]) -> Result<Value, String> {
    let before = rss()?;
    let from = cpu();
    let scan = (peer.build)()?;
    scan(&texts[0])?;
    let start_ms = (cpu() - from) * 1e3;
    for text in texts.iter().cycle().take(500) {
        scan(text)?;
    }
    Ok(json!({"start_ms": start_ms, "rss_kb": rss()?.saturating_sub(before)}))
}

/// The same, measured by a child: (ms, MiB).
pub fn start_in_child(name: &str, file: &Path) -> Result<(f64, f64), String> {
    let failed = |e: &dyn std::fmt::Display| format!("child of {name}: {e}");
    let mut runs = Vec::new();
    let mut memory = 0.0;
    for _ in 0..3 {
        let program = std::env::current_exe().map_err(|e| failed(&e))?;
        let output = Command::new(program)
            .arg("--child")
            .arg(name)
            .arg(file)
            .output()
            .map_err(|e| failed(&e))?;
        let answer: Value = serde_json::from_slice(&output.stdout)
            .map_err(|_| failed(&String::from_utf8_lossy(&output.stderr)))?;
        runs.push(answer["start_ms"].as_f64().unwrap_or(f64::NAN));
        memory = answer["rss_kb"].as_f64().unwrap_or(f64::NAN) / 1024.0;
    }
    Ok((median(&mut runs), memory))
}

/// Resident memory of this process in KiB.
fn rss() -> Result<u64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|e| e.to_string())?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| "no VmRSS".to_owned())
}
