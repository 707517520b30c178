//! Times, in rounds in which what is compared takes turns, so that what else the machine does falls on all of it.

use std::hint::black_box;

use tactful::pii_detect::{Detector, Kind, Known};
use tactful::redact::{
    Format, Gate, MapId, Mark, PseudonymMap, Redacted, RestoreTable, leaks_in, restore, seal_marks,
};

use super::Effort;
use crate::figures::CpuTime;

/// Values of the map that has a floor.
pub(super) const LEAK_BAR: usize = 50;
/// Values of the maps.
pub(super) const LEAK_VALUES: [usize; 3] = [5, LEAK_BAR, 500];
/// The text of a leak check is at least as long, so that making the index is not what is measured.
const LEAK_BYTES: usize = 1_000_000;
/// A short text, for which it is.
const SHORT_BYTES: usize = 2_000;
/// Restorings of the text with 50 tags in a turn, and leak checks of the short text.
const TIMES: usize = 200;

/// Times of sealing and restoring.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Speed {
    /// Texts.
    pub texts: usize,
    /// Texts that were sealed; the times are of these.
    pub sealed: usize,
    /// Sealed texts that came back as they were.
    pub whole: usize,
    /// Detection, MB/s of what was written.
    pub detect: f64,
    /// Sealing, detection in it, a fresh map a text, MB/s of what was written.
    pub seal: f64,
    /// Restoring, MB/s of what was written.
    pub restore: f64,
    /// Time of detection by time of sealing and restoring.
    pub ratio: f64,
    /// The lowest and the highest of the rounds.
    pub range: (f64, f64),
    /// Length of the text with 50 tags.
    pub tagged_bytes: usize,
    /// Microseconds for restoring it.
    pub tagged_us: f64,
}

/// The leak check with a map.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Leaks {
    /// Values of the map.
    pub values: usize,
    /// A long text, MB/s.
    pub mb_per_s: f64,
    /// Length of a short text.
    pub short_bytes: usize,
    /// Microseconds for it: mostly the making of the index.
    pub short_us: f64,
    /// Values that were put into the long text in clear.
    pub planted: usize,
    /// How many of them the check found.
    pub found: usize,
}

/// A text with what it became.
pub(super) type Sealed<'t> = (&'t str, Redacted, PseudonymMap);

fn map() -> PseudonymMap {
    PseudonymMap::new(MapId([1; 16]))
}

/// Every text that can be sealed, each with a map of its own.
pub(super) fn sealed<'t>(detector: &Detector, texts: &'t [String]) -> Vec<Sealed<'t>> {
    let gate = Gate::new(detector);
    let seal = |text: &'t String| {
        let mut map = map();
        let redacted = gate.seal(text, &mut map).ok()?;
        Some((text.as_str(), redacted, map))
    };
    texts.iter().filter_map(seal).collect()
}

/// Seconds of CPU time that something takes.
fn seconds<T>(work: impl FnOnce() -> Result<T, String>) -> Result<f64, String> {
    let start = CpuTime::now();
    black_box(work()?);
    Ok(start.elapsed_s())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(super) fn speed(
    detector: &Detector,
    texts: &[String],
    sealed: &[Sealed<'_>],
    effort: &Effort,
) -> Result<Speed, String> {
    let known = Known::new();
    let gate = Gate::new(detector);
    let bytes: usize = sealed.iter().map(|(text, ..)| text.len()).sum();
    if bytes == 0 {
        return Err("no text could be sealed".to_owned());
    }
    let turns = effort.bytes.div_ceil(bytes);
    let passes = |work: &dyn Fn(&Sealed<'_>) -> Result<usize, String>| {
        seconds(|| {
            let mut sum = 0;
            for _ in 0..turns {
                for one in sealed {
                    sum += black_box(work(one)?);
                }
            }
            Ok(sum)
        })
    };
    let tagged = tagged()?;
    let mut times: [Vec<f64>; 4] = Default::default();
    let mut ratios = Vec::new();
    for _ in 0..effort.rounds.max(1) {
        let detect = passes(&|(text, ..)| {
            let found = detector.detect(text, &known).map_err(|e| e.to_string())?;
            Ok(found.len())
        })?;
        let seal = passes(&|(text, ..)| {
            let mut map = map();
            let redacted = gate.seal(text, &mut map).map_err(|e| e.to_string())?;
            Ok(redacted.len())
        })?;
        let back = passes(&|(_, redacted, map)| {
            let restored = restore(redacted, map).map_err(|e| e.to_string())?;
            Ok(restored.expose().len())
        })?;
        let short = seconds(|| {
            for _ in 0..TIMES {
                black_box(tagged.1.restore(&tagged.0, Format::Text));
            }
            Ok(())
        })?;
        ratios.push(detect / (seal + back));
        let mb = |seconds: f64| (bytes * turns) as f64 / 1e6 / seconds;
        for (all, one) in
            times
                .iter_mut()
                .zip([mb(detect), mb(seal), mb(back), short * 1e6 / TIMES as f64])
        {
            all.push(one);
        }
    }
    let [detect, seal, back, short] = &mut times;
    let whole = sealed.iter().filter(|(text, redacted, map)| {
        restore(redacted, map).is_ok_and(|restored| restored.expose() == *text)
    });
    let ratio = median(&mut ratios);
    let end = |at: Option<&f64>| at.copied().unwrap_or(f64::NAN);
    Ok(Speed {
        texts: texts.len(),
        sealed: sealed.len(),
        whole: whole.count(),
        detect: median(detect),
        seal: median(seal),
        restore: median(back),
        ratio,
        range: (end(ratios.first()), end(ratios.last())),
        tagged_bytes: tagged.0.len(),
        tagged_us: median(short),
    })
}

/// A reply of 2 kB with 50 tags.
fn tagged() -> Result<(String, RestoreTable), String> {
    let pairs: Vec<(String, String)> = (1..=50)
        .map(|n| (format!("[PERSON_{n}]"), format!("Value{n}")))
        .collect();
    let table = RestoreTable::from_pairs(pairs.iter().map(|(t, v)| (t.as_str(), v.as_str())))
        .map_err(|e| e.to_string())?;
    let text = pairs
        .iter()
        .map(|(tag, _)| format!("thank you {tag} for writing to us "));
    Ok((text.collect(), table))
}

/// A value of a person, a mail address or a telephone, none of which stands in the texts.
fn value(at: usize) -> (String, Kind) {
    const LETTERS: [&str; 26] = [
        "ab", "el", "in", "or", "us", "ba", "de", "fi", "go", "hu", "ja", "ke", "li", "mo", "nu",
        "pa", "re", "si", "to", "vu", "wa", "xe", "yi", "zo", "cha", "thi",
    ];
    let word = |mut at: usize| {
        let mut word = String::new();
        for _ in 0..2 {
            word.push_str(LETTERS.get(at % LETTERS.len()).copied().unwrap_or_default());
            at /= LETTERS.len();
        }
        word
    };
    let name = format!("Quentin{} Castel{}", word(at * 5 + 3), word(at * 7 + 1));
    match at % 3 {
        0 => (name, Kind::Person),
        1 => (
            format!(
                "{}@castellane.example",
                name.to_lowercase().replace(' ', ".")
            ),
            Kind::Email,
        ),
        _ => (
            format!("+33 6 39 98 {:02} {:02}", at / 90 % 90 + 10, at % 90 + 10),
            Kind::Phone,
        ),
    }
}

/// The leak check over sealed texts, which is what leaves.
pub(super) fn leaks(
    sealed: &[Sealed<'_>],
    values: usize,
    effort: &Effort,
) -> Result<Leaks, String> {
    let mut map = PseudonymMap::new(MapId([9; 16]));
    let mut planted = Vec::new();
    for at in 0..values {
        let (value, kind) = value(at);
        let mark = Mark::new(0..value.len(), kind).ok_or("an empty value")?;
        seal_marks(&value, &[mark], &mut map).map_err(|e| e.to_string())?;
        planted.push(value);
    }
    let all: Vec<&str> = sealed.iter().map(|(_, text, _)| text.as_str()).collect();
    let all = all.join("\n\n");
    let long = all.repeat(effort.bytes.min(LEAK_BYTES).div_ceil(all.len().max(1)));
    let short = long
        .get(..long.floor_char_boundary(SHORT_BYTES))
        .unwrap_or_default();
    let mut speeds = Vec::new();
    let mut shorts = Vec::new();
    for _ in 0..effort.rounds.max(1) {
        let time = seconds(|| Ok(leaks_in(&long, &map)))?;
        speeds.push(long.len() as f64 / 1e6 / time);
        let time = seconds(|| {
            for _ in 0..TIMES {
                black_box(leaks_in(short, &map));
            }
            Ok(())
        })?;
        shorts.push(time * 1e6 / TIMES as f64);
    }
    // A check that finds nothing is fast: each value, alone in the text, has to be found.
    let found = planted.iter().filter(|value| {
        let text = format!("{short} ... {value} ...");
        leaks_in(&text, &map)
            .iter()
            .any(|leak| text.get(leak.range()) == Some(value.as_str()))
    });
    Ok(Leaks {
        values,
        mb_per_s: median(&mut speeds),
        short_bytes: short.len(),
        short_us: median(&mut shorts),
        planted: planted.len(),
        found: found.count(),
    })
}
