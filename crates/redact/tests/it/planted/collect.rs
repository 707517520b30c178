//! What a test plants, and everything that anybody could read afterwards. Of no crate of ours: other tests may take it
//! over as it stands (`#[path = ".../redact/tests/it/planted/collect.rs"] mod collect;`).

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};

/// Everything that was written, by anybody.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A writer for `tracing_subscriber::fmt::Layer::with_writer`.
    pub(crate) fn writer(&self) -> impl Fn() -> Self + Send + Sync + 'static {
        let lines = self.clone();
        move || lines.clone()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// Notes text beside the log: what a caller would print.
    pub(crate) fn note(&self, text: &str) {
        let mut all = self.0.lock().unwrap();
        all.extend_from_slice(text.as_bytes());
        all.push(b'\n');
    }

    /// What Debug prints, in both forms.
    pub(crate) fn debug(&self, value: &dyn fmt::Debug) {
        self.note(&format!("{value:?} {value:#?}"));
    }

    /// What an error prints, with all its causes.
    pub(crate) fn error(&self, error: &(dyn std::error::Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.note(&format!("{error} {error:#} {error:?} {error:#?}"));
            next = error.source();
        }
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The planted values that can be read out of a text, in any spelling: case, spacing and signs, escapes of Debug and JSON,
/// percent signs, hexadecimal and lists of bytes. Values of fewer than six letters and digits would be found by chance.
pub(crate) fn found<'v>(text: &str, planted: &[&'v str]) -> Vec<&'v str> {
    let lower = text.to_lowercase();
    let bare = bare(text);
    let seen = |value: &str| {
        let compact = self::bare(value);
        assert!(compact.chars().count() >= 6, "too short to be told apart");
        let hex: String = value.bytes().map(|b| format!("{b:02x}")).collect();
        let list = value
            .bytes()
            .map(|b| b.to_string())
            .collect::<Vec<_>>()
            .join(", ");
        let percent: String = value
            .bytes()
            .map(|b| match b {
                b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
                b => format!("%{b:02x}"),
            })
            .collect();
        let escaped = value.escape_default().to_string().to_lowercase();
        bare.contains(&compact)
            || [
                value.to_lowercase(),
                hex,
                list,
                percent.to_lowercase(),
                escaped,
            ]
            .iter()
            .any(|form| lower.contains(form))
    };
    planted
        .iter()
        .copied()
        .filter(|value| seen(value))
        .collect()
}

fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[test]
fn the_search_finds_what_is_there() {
    let value = "Zo\u{eb} O'Quirk";
    for text in [
        "x ZO\u{cb} o'quirk",
        "zo\u{eb}_oquirk",
        "Zo%C3%AB%20O%27Quirk",
        "Zo\\u{eb} O\\'Quirk",
        "5a6fc3ab204f27517569726b",
        "[90, 111, 195, 171, 32, 79, 39, 81, 117, 105, 114, 107]",
    ] {
        assert_eq!(found(text, &[value]), [value], "{text}");
    }
    assert!(found("Zoe Quark", &[value]).is_empty());
}
