//! The table.

use std::path::Path;

use crate::measure::{Speed, TICKET};
use crate::peers::Peer;

/// Prints a file's table.
pub fn print(
    file: &Path,
    texts: &[String],
    peers: &[Peer],
    starts: &[(f64, f64)],
    speeds: &[Speed],
) {
    let bytes: usize = texts.iter().map(String::len).sum();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    println!(
        "\n{name}: {} texts, {bytes} bytes, one call a text, one thread, CPU time\n",
        texts.len()
    );
    println!(
        "| peer | version | MB/s (median; range) | to ours | p50 of {TICKET} bytes, us | start, ms | memory, MiB | findings per KB |"
    );
    println!("|-|-|-|-|-|-|-|-|");
    let ours = speeds.first().map_or(f64::NAN, |s| s.mb_per_s);
    for ((peer, (ms, mib)), speed) in peers.iter().zip(starts).zip(speeds) {
        println!(
            "| {} | {} | {:.2} ({:.2} to {:.2}) | {:.2} | {:.1} | {ms:.1} | {mib:.1} | {:.1} |",
            peer.name,
            peer.version(),
            speed.mb_per_s,
            speed.range.0,
            speed.range.1,
            speed.mb_per_s / ours,
            speed.p50_us,
            speed.found,
        );
    }
}
