//! The peers: each as its own documentation builds it, with what it finds by default, and nothing masked.

use std::hint::black_box;

use cloakrs_core::Locale;
use datafog_core::scan;
use llm_guard::{Pipeline, PipelineMode, scanners};
use pii::nlp::SimpleNlpEngine;
use pii::types::Language;
use pii_detect::{CustomLabel, CustomRecogniser, Detector, Known, NameEngine};
use redact_core::AnalyzerEngine;

/// Reads a text and says how much it found; fails as text.
pub type Scan = Box<dyn Fn(&str) -> Result<usize, String>>;

/// One peer.
pub struct Peer {
    /// What the table calls it.
    pub name: &'static str,
    /// The package whose version is printed.
    pub package: &'static str,
    /// Builds it, ready for its first text.
    pub build: fn() -> Result<Scan, String>,
}

impl Peer {
    /// Whether it is this workspace's detector.
    pub fn ours(&self) -> bool {
        self.package == OURS
    }

    /// The version this program was built with.
    pub fn version(&self) -> String {
        version(self.package)
    }
}

/// The version of a package that this program was built with.
pub fn version(package: &str) -> String {
    let mut lines = include_str!("../Cargo.lock").lines();
    let wanted = format!("name = \"{package}\"");
    lines
        .find(|line| *line == wanted)
        .and_then(|_| lines.next())
        .and_then(|line| line.split('"').nth(1))
        .unwrap_or("?")
        .to_owned()
}

const OURS: &str = "tactful-pii-detect";

/// All peers; the first is what the others are compared with.
pub fn all() -> Vec<Peer> {
    let peer = |name, package, build| Peer {
        name,
        package,
        build,
    };
    vec![
        peer("tactful", OURS, || ours(NameEngine::Embedded, 0)),
        peer("tactful, names none", OURS, || ours(NameEngine::None, 0)),
        peer("tactful, names none, 60 patterns", OURS, || {
            ours(NameEngine::None, 60)
        }),
        peer("datafog-core", "datafog-core", datafog),
        peer("redact-core", "redact-core", redact),
        peer("llm-guard", "llm-guard", guard),
        peer("pii (worka)", "pii", worka),
        peer("cloakrs", "cloakrs-patterns", cloakrs),
    ]
}

/// A peer by its name.
pub fn by_name(name: &str) -> Option<Peer> {
    all().into_iter().find(|peer| peer.name == name)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn ours(names: NameEngine, patterns: usize) -> Result<Scan, String> {
    let mut builder = Detector::builder().names(names);
    for index in 0..patterns {
        let label = CustomLabel::new(&format!("OWN_{index}")).ok_or("label")?;
        builder = builder.custom(CustomRecogniser::regex(label, &pattern(index)));
    }
    let detector = builder.build().map_err(text)?;
    let known = Known::new();
    Ok(Box::new(move |t| {
        let found = detector.detect(t, &known).map_err(text)?;
        Ok(black_box(found).len())
    }))
}

/// Numbers as shops write them: a prefix of two letters and six forms of what follows.
fn pattern(index: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    let (a, b) = (letter(index * 7 + 3), letter(index * 11 + 5));
    let rest = [
        r"-\d{6}",
        r"\d{4}-\d{4}",
        r"[A-Z]{2}\d{5,8}",
        r"/\d{2}/\d{4,6}",
        r"_[0-9a-f]{8}",
        r"-[A-Z0-9]{4}-[A-Z0-9]{4}",
    ];
    format!(r"\b{a}{b}{}\b", rest[index % rest.len()])
}

fn datafog() -> Result<Scan, String> {
    Ok(Box::new(|t| Ok(black_box(scan(t)).len())))
}

fn redact() -> Result<Scan, String> {
    let engine = AnalyzerEngine::new();
    Ok(Box::new(move |t| {
        let found = engine.analyze(t, None).map_err(text)?;
        Ok(black_box(found).detected_entities.len())
    }))
}

/// Its scanners of personal data and secrets; those of attacks on prompts are left out.
fn guard() -> Result<Scan, String> {
    let pipeline = Pipeline::new(PipelineMode::All)
        .with(scanners::PiiPatterns::new())
        .with(scanners::Secrets::new());
    Ok(Box::new(move |t| {
        Ok(black_box(pipeline.scan(t)).matches.len())
    }))
}

fn worka() -> Result<Scan, String> {
    let analyzer = pii::Analyzer::new(
        Box::new(SimpleNlpEngine::default()),
        pii::presets::default_recognizers(),
        Vec::new(),
        pii::PolicyConfig::default(),
    );
    let language = Language::from("en");
    Ok(Box::new(move |t| {
        let found = analyzer.analyze(t, &language).map_err(text)?;
        Ok(black_box(found).entities.len())
    }))
}

fn cloakrs() -> Result<Scan, String> {
    let scanner = cloakrs_patterns::default_registry()
        .into_scanner_builder()
        .locale(Locale::Universal)
        .without_masking()
        .build()
        .map_err(text)?;
    Ok(Box::new(move |t| {
        let found = scanner.scan(t).map_err(text)?;
        Ok(black_box(found).findings.len())
    }))
}
