//! Rules that no lint knows: lengths of files, ASCII sources, forbidden words, what the facade may not hold.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path
                .file_name()
                .is_some_and(|n| n != "target" && n != "data")
            {
                sources(&path, out);
            }
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn all() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    for dir in ["crates", "examples", "benches", "tools"] {
        sources(&root().join(dir), &mut paths);
    }
    assert!(paths.len() > 50, "the walk found the sources");
    paths
        .into_iter()
        .map(|p| {
            let text = fs::read_to_string(&p).unwrap();
            (p, text)
        })
        .collect()
}

fn is_test(path: &Path) -> bool {
    path.components().any(|c| c.as_os_str() == "tests")
}

#[test]
fn no_file_is_longer_than_a_thousand_lines() {
    for (path, text) in all() {
        let lines = text.lines().count();
        assert!(lines <= 1000, "{} has {lines} lines", path.display());
    }
}

#[test]
fn the_facade_stays_thin() {
    let mut paths = Vec::new();
    sources(&root().join("crates/tactful/src"), &mut paths);
    for path in paths {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 250, "{} has {lines} lines", path.display());
    }
}

#[test]
fn the_facade_has_no_mechanism_of_its_own() {
    // No threshold, legal rule, pattern or cryptographic step: these belong to the rooms below.
    let mut paths = Vec::new();
    sources(&root().join("crates/tactful/src"), &mut paths);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        for word in [
            "Regex",
            "Aes",
            "Hmac",
            "Sha256",
            "Hkdf",
            "TimeDelta::hours",
            "TimeDelta::minutes",
            "TimeDelta::days",
            "TimeDelta::seconds",
            "Duration::from",
            "0.",
        ] {
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                let decimal = word == "0."
                    && code
                        .split(word)
                        .nth(1)
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                let hit = if word == "0." {
                    decimal
                } else {
                    code.contains(word)
                };
                assert!(!hit, "{}:{}: {word}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn sources_are_ascii_outside_tests() {
    for (path, text) in all() {
        if is_test(&path) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            assert!(line.is_ascii(), "{}:{}", path.display(), number + 1);
        }
    }
}

#[test]
fn no_module_is_named_mod_rs() {
    for (path, _) in all() {
        assert!(
            path.file_name().is_some_and(|n| n != "mod.rs"),
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_crate_forbids_unsafe_code() {
    for (path, text) in all() {
        let name = path.file_name().unwrap().to_string_lossy();
        let parent = path
            .parent()
            .unwrap()
            .file_name()
            .unwrap()
            .to_string_lossy();
        if name == "lib.rs" && parent == "src" {
            assert!(
                text.contains("#![forbid(unsafe_code)]"),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn pure_crates_read_no_clock_and_no_environment() {
    for (path, text) in all() {
        let shown = path.to_string_lossy().replace('\\', "/");
        let pure = [
            "pii-detect",
            "redact",
            "suggest-core",
            "retention-policy",
            "gdpr-rights",
        ]
        .iter()
        .any(|c| shown.contains(&format!("crates/{c}/src")));
        if !pure {
            continue;
        }
        let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: String = shipped
            .lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        for word in [
            "SystemTime",
            "Instant::now",
            "Utc::now",
            "env::var",
            "std::fs",
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "getrandom",
        ] {
            assert!(!code.contains(word), "{shown}: {word}");
        }
    }
}
