//! Lists and sentences of `reident.rs`, from the files beside it.

use std::collections::BTreeMap;

/// Languages of the tickets, with the share of persons who speak each.
pub(super) const LANGS: [(&str, usize); 7] = [
    ("en", 24),
    ("fr", 20),
    ("de", 18),
    ("es", 12),
    ("it", 10),
    ("nl", 8),
    ("pt", 8),
];

const FILES: [(&str, &str); 8] = [
    ("en", include_str!("en.txt")),
    ("fr", include_str!("fr.txt")),
    ("de", include_str!("de.txt")),
    ("es", include_str!("es.txt")),
    ("it", include_str!("it.txt")),
    ("nl", include_str!("nl.txt")),
    ("pt", include_str!("pt.txt")),
    ("all", include_str!("common.txt")),
];

/// All lists by language and key.
#[derive(Debug)]
pub(super) struct Data {
    lists: BTreeMap<(&'static str, String), Vec<String>>,
}

impl Data {
    pub(super) fn load() -> Self {
        let mut lists = BTreeMap::new();
        for (lang, file) in FILES {
            for raw in file.lines().filter(|l| !l.starts_with('#')) {
                let line = decode(raw);
                let mut parts = line.split('|').map(str::to_owned);
                if let Some(key) = parts.next() {
                    lists.insert((lang, key), parts.collect());
                }
            }
        }
        // Surnames nobody else has are put together, so that the frequent ones repeat and the rare ones do not.
        for (lang, _) in LANGS {
            let get = |key: &str| {
                lists
                    .get(&(lang, key.to_owned()))
                    .cloned()
                    .unwrap_or_default()
            };
            let (heads, tails): (Vec<String>, Vec<String>) = (get("head"), get("tail"));
            let rare = heads
                .iter()
                .flat_map(|h| tails.iter().map(move |t| format!("{h}{t}")))
                .collect();
            lists.insert((lang, "rare_surname".to_owned()), rare);
        }
        Self { lists }
    }

    /// The list of a language; empty where there is none.
    pub(super) fn list(&self, lang: &'static str, key: &str) -> &[String] {
        self.lists
            .get(&(lang, key.to_owned()))
            .map_or(&[], Vec::as_slice)
    }
}

fn decode(line: &str) -> String {
    let mut parts = line.split("\\u{");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (hex, rest) = part.split_once('}').unwrap_or(("", part));
        out.extend(u32::from_str_radix(hex, 16).ok().and_then(char::from_u32));
        out.push_str(rest);
    }
    out
}
