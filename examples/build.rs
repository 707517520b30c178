//! Lists the articles of the knowledge base, so that a new file needs no second mention.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its folder by the environment"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/knowledge");
    println!("cargo::rerun-if-changed={}", dir.display());
    let mut files = Vec::new();
    walk(&dir, &mut files)?;
    files.sort();
    let target =
        PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("knowledge.rs");
    let mut out = fs::File::create(target)?;
    writeln!(out, "/// File name and text of every article and macro.")?;
    writeln!(out, "const KNOWLEDGE: &[(&str, &str)] = &[")?;
    for file in files {
        let name = file
            .strip_prefix(&dir)
            .unwrap_or(&file)
            .display()
            .to_string();
        println!("cargo::rerun-if-changed={}", file.display());
        writeln!(out, "    ({name:?}, include_str!({:?})),", file.display())?;
    }
    writeln!(out, "];")
}

fn walk(dir: &Path, out: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, out)?;
        } else if path.extension().is_some_and(|e| e == "md" || e == "csv") {
            out.push(path);
        }
    }
    Ok(())
}
