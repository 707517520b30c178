//! Which rights of the GDPR a text asks for, the way an integrator would read it: detection, sealing, recogniser.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use tactful::pii_detect::Detector;
use tactful::redact::{Known, MapId, PseudonymMap, seal_checked};
use tactful::suggest_core::rights_asked;

/// A row of the suite. A row without `expect` is an ordinary ticket, so real tickets are rows too.
#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    id: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    case: String,
    #[serde(alias = "utterance", alias = "query")]
    text: String,
    #[serde(default)]
    expect: Vec<String>,
}

/// Of texts that ask for a right, how many were found; of ordinary ones, how many were taken for such.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Count {
    /// Texts that ask for a right.
    pub asking: usize,
    /// Of these, texts of which every right was found.
    pub found: usize,
    /// Of these, texts in which a right was found that they do not ask for.
    pub extra: usize,
    /// Ordinary texts.
    pub ordinary: usize,
    /// Of these, texts in which a right was found.
    pub alarms: usize,
}

/// What came of a file.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Rights {
    /// By `lang`, `case` and `code`; `all` is everything once.
    pub groups: BTreeMap<String, Count>,
    /// What went wrong: ids and codes, no text.
    pub failures: Vec<String>,
}

/// Reads every text.
///
/// # Errors
/// The file does not have the schema, or a text cannot be sealed.
pub fn run(text: &str) -> Result<Rights, String> {
    let detector = Detector::new();
    let mut rights = Rights::default();
    for (n, line) in text.lines().filter(|l| !l.trim().is_empty()).enumerate() {
        let n = n + 1;
        let case: Case = serde_json::from_str(line).map_err(|e| format!("case {n}: {e}"))?;
        let mut map = PseudonymMap::new(MapId([7; 16]));
        let sealed = seal_checked(&case.text, &Known::new(), &detector, &mut map)
            .map_err(|e| format!("case {n}: {e}"))?;
        let got: Vec<&str> = rights_asked(&sealed, None)
            .into_iter()
            .map(|right| right.article_code())
            .collect();
        rights.count(&case, n, &got);
    }
    Ok(rights)
}

impl Rights {
    fn count(&mut self, case: &Case, n: usize, got: &[&str]) {
        let found = case.expect.iter().all(|code| got.contains(&code.as_str()));
        let extra = got
            .iter()
            .any(|code| !case.expect.iter().any(|e| e == code));
        if !found || extra {
            let Case {
                id, lang, expect, ..
            } = case;
            self.failures.push(format!(
                "{lang} {id} (line {n}): expected {expect:?}, found {got:?}"
            ));
        }
        let mut groups = vec!["all".to_owned()];
        for (name, value) in [("lang", &case.lang), ("case", &case.case)] {
            if !value.is_empty() {
                groups.push(format!("{name} {value}"));
            }
        }
        groups.extend(case.expect.iter().map(|code| format!("code {code}")));
        for group in groups {
            let count = self.groups.entry(group).or_default();
            if case.expect.is_empty() {
                count.ordinary += 1;
                count.alarms += usize::from(extra);
            } else {
                count.asking += 1;
                count.found += usize::from(found);
                count.extra += usize::from(extra);
            }
        }
    }

    fn all(&self) -> Count {
        self.groups.get("all").copied().unwrap_or_default()
    }

    /// Found / asking; 1 for a file in which nobody asks.
    #[must_use]
    pub fn recall(&self) -> f64 {
        let all = self.all();
        if all.asking == 0 {
            return 1.0;
        }
        all.found as f64 / all.asking as f64
    }

    /// Alarms / ordinary; 1 for an empty file, so that it fails.
    #[must_use]
    pub fn false_alarms(&self) -> f64 {
        let all = self.all();
        match (all.asking, all.ordinary) {
            (0, 0) => 1.0,
            (_, 0) => 0.0,
            (_, ordinary) => all.alarms as f64 / ordinary as f64,
        }
    }
}

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  found /  asking  with more    alarms / ordinary")?;
        for (group, count) in &self.groups {
            let Count {
                asking,
                found,
                extra,
                ordinary,
                alarms,
            } = count;
            writeln!(
                f,
                "{found:>7} / {asking:>7} {extra:>10}   {alarms:>7} / {ordinary:<8} {group}"
            )?;
        }
        write!(
            f,
            "recall {:.3}, false alarms {:.4}",
            self.recall(),
            self.false_alarms()
        )
    }
}
