//! The gate: texts pseudonymised, a fresh map or session each, and restored.

use std::hint::black_box;
use std::path::Path;

use gaze::{CleanDocument, Scope, Session};
use gaze_assembly::{CorePipeline, CorePipelineConfig};
use pii_detect::Detector;
use redact::{Gate, MapId, PseudonymMap, Redacted, restore};

use crate::measure::{cpu, median};
use crate::peers::version;

/// What a peer makes of a text, and how it comes back.
trait RoundTrip {
    type Sealed;
    const NAME: &'static str;
    const PACKAGE: &'static str;
    fn seal(&self, text: &str) -> Result<Self::Sealed, String>;
    fn restore(&self, sealed: &Self::Sealed) -> Result<String, String>;
}

/// Detects, seals and detects again.
struct Ours(Detector);

impl RoundTrip for Ours {
    type Sealed = (Redacted, PseudonymMap);
    const NAME: &'static str = "tactful";
    const PACKAGE: &'static str = "tactful-redact";

    fn seal(&self, text: &str) -> Result<Self::Sealed, String> {
        let mut map = PseudonymMap::new(MapId([1; 16]));
        let sealed = Gate::new(&self.0).seal(text, &mut map);
        Ok((sealed.map_err(|e| e.to_string())?, map))
    }

    fn restore(&self, (text, map): &Self::Sealed) -> Result<String, String> {
        let restored = restore(text, map).map_err(|e| e.to_string())?;
        Ok(restored.expose().to_owned())
    }
}

/// As its documentation builds it: the `core` rules, no model.
struct Gaze(CorePipeline);

impl RoundTrip for Gaze {
    type Sealed = (String, Session);
    const NAME: &'static str = "gaze";
    const PACKAGE: &'static str = "gaze-pii";

    fn seal(&self, text: &str) -> Result<Self::Sealed, String> {
        let session = Session::new(Scope::Ephemeral).map_err(|e| e.to_string())?;
        let clean = self.0.pseudonymize_text(&session, text);
        match clean.map_err(|e| e.to_string())? {
            CleanDocument::Text(clean) => Ok((clean, session)),
            _ => Err("no text".to_owned()),
        }
    }

    fn restore(&self, (clean, session): &Self::Sealed) -> Result<String, String> {
        let restored = session.restore_strict_text(clean);
        restored.map_err(|e| e.to_string())
    }
}

/// A row of the table.
#[derive(Default)]
struct Row {
    name: &'static str,
    version: String,
    seal: Vec<f64>,
    restore: Vec<f64>,
    both: Vec<f64>,
    whole: usize,
    refused: usize,
    changed: usize,
}

/// One turn of a peer: whole passes until so many bytes or seconds are behind it.
fn turn<P: RoundTrip>(
    peer: &P,
    texts: &[String],
    bytes: usize,
    limit: f64,
    row: &mut Row,
) -> Result<(), String> {
    let (mut sealing, mut restoring, mut done) = (0.0, 0.0, 0);
    (row.whole, row.refused, row.changed) = (0, 0, 0);
    for (at, text) in texts.iter().cycle().enumerate() {
        let whole_pass = at >= texts.len();
        if at % texts.len() == 0 && done >= bytes || whole_pass && sealing + restoring > limit {
            break;
        }
        let start = cpu();
        let sealed = peer.seal(text);
        let between = cpu();
        let back = sealed.as_ref().map(|sealed| peer.restore(sealed));
        let end = cpu();
        sealing += between - start;
        restoring += end - between;
        done += text.len();
        // Every text counts once.
        if !whole_pass {
            match back {
                Ok(Ok(back)) if back == *text => row.whole += 1,
                Ok(_) => row.changed += 1,
                Err(_) => row.refused += 1,
            }
        }
        // What is dropped, keys and values that are overwritten, is part of the work.
        let start = cpu();
        drop(black_box(sealed));
        sealing += cpu() - start;
    }
    let mb = done as f64 / 1e6;
    row.seal.push(mb / sealing);
    row.restore.push(mb / restoring);
    row.both.push(mb / (sealing + restoring));
    Ok(())
}

fn row<P: RoundTrip>() -> Row {
    Row {
        name: P::NAME,
        version: version(P::PACKAGE),
        ..Row::default()
    }
}

/// Prints a file's table.
pub fn print(
    file: &Path,
    texts: &[String],
    bytes: usize,
    rounds: usize,
    limit: f64,
) -> Result<(), String> {
    let ours = Ours(Detector::new());
    let gaze = Gaze(
        CorePipelineConfig::new()
            .build()
            .map_err(|e| e.to_string())?,
    );
    let mut rows = (row::<Ours>(), row::<Gaze>());
    for text in texts.iter().take(50) {
        let _ = ours.seal(text);
        let _ = gaze.seal(text);
    }
    for _ in 0..rounds.max(1) {
        turn(&ours, texts, bytes, limit, &mut rows.0)?;
        turn(&gaze, texts, bytes, limit, &mut rows.1)?;
    }
    println!(
        "\n{}: {} texts pseudonymised and restored, a fresh map or session each, one thread, CPU time\n",
        file.file_name().unwrap_or_default().to_string_lossy(),
        texts.len()
    );
    println!(
        "| peer | version | seal, MB/s | restore, MB/s | both, MB/s (median; range) | to ours | unchanged | changed or not restored | refused |"
    );
    println!("|-|-|-|-|-|-|-|-|-|");
    let first = median(&mut rows.0.both);
    for row in [&mut rows.0, &mut rows.1] {
        let both = median(&mut row.both);
        println!(
            "| {} | {} | {:.2} | {:.1} | {both:.2} ({:.2} to {:.2}) | {:.3} | {} | {} | {} |",
            row.name,
            row.version,
            median(&mut row.seal),
            median(&mut row.restore),
            row.both[0],
            row.both[row.both.len() - 1],
            both / first,
            row.whole,
            row.changed,
            row.refused,
        );
    }
    Ok(())
}
