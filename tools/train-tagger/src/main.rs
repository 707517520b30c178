//! Trains the embedded tagger of pii-detect. See README.md beside this crate.
#![forbid(unsafe_code)]
#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "a tool over its own tables; a panic stops the training and harms nobody"
)]
#![expect(clippy::print_stderr, reason = "a command-line tool")]

mod corpora;
mod glance;
mod model;
mod sample;
mod score;
mod template;

use glance::Glance;
use model::{Model, Sequence, Settings};
use pii_detect::training::{OUTSIDE, Page, STATES};
use sample::{Random, Sample, hash};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// Parts of the tagged text, and how much each counts.
const PARTS: [(&str, f32); 24] = [
    ("base", 1.0),
    ("crossner_en", 1.0),
    ("gum_perm_en", 1.0),
    ("lener_pt", 0.5),
    ("ler_de", 0.5),
    ("litbank_en", 1.0),
    ("multiconer1_de", 1.0),
    ("multiconer1_en", 1.0),
    ("multiconer1_es", 1.0),
    ("multiconer1_nl", 1.0),
    ("multiconer2_en", 1.0),
    ("multidogo_en", 1.0),
    ("newseye_de", 0.7),
    ("newseye_fr", 0.7),
    ("silver_eltec_es", 0.7),
    ("silver_eltec_fr", 0.7),
    ("silver_eltec_it", 0.7),
    ("silver_eltec_pt", 0.7),
    ("silver_kind_it", 0.7),
    ("silver_porttinari_pt", 0.7),
    ("slurp_en", 1.0),
    ("snips_en", 1.0),
    ("sonar_de", 0.7),
    ("tweebank_ner_en", 1.0),
];

fn run() -> Result<(), String> {
    let mut corpora = PathBuf::from("../shared/data/ner");
    let mut here = PathBuf::from("tools/train-tagger");
    let mut out = PathBuf::from("crates/pii-detect/data/tagger.bin");
    let mut table = 300_000u32;
    let mut fills = 15usize;
    let mut lost_at_a_glance = 4f32;
    let mut settings = Settings {
        epochs: 6,
        rate: 0.1,
        miss: 5.0,
        alarm: 0.0,
        drop: 102,
        decay: 0.0,
    };
    let mut args = std::env::args().skip(1);
    while let Some(flag) = args.next() {
        let value = args.next().ok_or_else(|| format!("{flag} needs a value"))?;
        let number = || value.parse::<f32>().map_err(|e| format!("{flag}: {e}"));
        match flag.as_str() {
            "--corpora" => corpora = PathBuf::from(value),
            "--here" => here = PathBuf::from(value),
            "--out" => out = PathBuf::from(value),
            "--rows" => table = number()? as u32,
            "--fills" => fills = number()? as usize,
            "--glance" => lost_at_a_glance = number()?,
            "--epochs" => settings.epochs = number()? as usize,
            "--rate" => settings.rate = number()?,
            "--miss" => settings.miss = number()?,
            "--alarm" => settings.alarm = number()?,
            "--drop" => settings.drop = number()? as u64,
            "--decay" => settings.decay = number()?,
            other => return Err(format!("unknown option {other}")),
        }
    }
    let mut samples: Vec<(Sample, f32)> = Vec::new();
    for (part, weight) in PARTS {
        samples.extend(
            corpora::read(&corpora, part)?
                .into_iter()
                .map(|s| (s, weight)),
        );
    }
    eprintln!("{} texts of corpora", samples.len());
    // A fortieth of every corpus is kept back for development.
    let (mut dev, mut train): (Vec<_>, Vec<_>) = samples
        .into_iter()
        .partition(|(s, _)| hash(&s.text).is_multiple_of(40));
    let filler = template::Filler::read(&here)?;
    train.extend(
        filler
            .fill_all("templates", fills, false)?
            .into_iter()
            .map(|s| (s, 1.0)),
    );
    dev.extend(
        filler
            .fill_all("dev", 6, true)?
            .into_iter()
            .map(|s| (s, 1.0)),
    );
    eprintln!(
        "{} texts to learn, {} for development",
        train.len(),
        dev.len()
    );
    let mut random = Random::new(1);
    let mut lost = [0usize; 4];
    let mut sequences = Vec::with_capacity(train.len());
    for (sample, weight) in &train {
        let (one, unseen) = sequence(sample, *weight, table);
        for (sum, one) in lost.iter_mut().zip(unseen) {
            *sum += one;
        }
        sequences.push(one);
    }
    let count = |f: &dyn Fn(&Sequence) -> usize| sequences.iter().map(f).sum::<usize>();
    let tokens = count(&|s| s.rows.len());
    let open = count(&|s| s.open.iter().filter(|o| **o).count());
    let labelled = count(&|s| s.allowed.iter().filter(|a| **a & 1 == 0).count());
    eprintln!(
        "{tokens} tokens, {open} looked at; {labelled} labelled, more not looked at (PER LOC ADDR OTH): {lost:?}"
    );
    let mut dev: Vec<(Sample, Sequence)> = dev
        .into_iter()
        .map(|(s, w)| {
            let (q, _) = sequence(&s, w, table);
            (s, q)
        })
        .collect();
    let mut mean = train_model(&sequences, &dev, table, &settings, &mut random);
    let mut bytes = mean.round_to_bytes();
    // What is shipped teaches the first glance.
    let glance = Glance::learn(&sequences, &mean, lost_at_a_glance, &mut random);
    bytes.extend(glance.bytes());
    let looked_at = |dev: &[(Sample, Sequence)]| {
        let open = dev.iter().flat_map(|(_, q)| &q.open);
        open.filter(|open| **open).count()
    };
    eprintln!("mean, rounded:\n{}", score::report(&mean, &dev, true));
    let before = looked_at(&dev);
    let (lost, labelled) = glance.lost(dev.iter().map(|(_, q)| q), &mean);
    for (_, sequence) in &mut dev {
        glance.close(sequence);
    }
    eprintln!(
        "of {before} tokens of development {} are worth more than a glance; of {labelled} that the model labels {lost} are not",
        looked_at(&dev)
    );
    eprintln!("the same:\n{}", score::report(&mean, &dev, false));
    std::fs::write(&out, &bytes).map_err(|e| format!("{}: {e}", out.display()))?;
    eprintln!("{} bytes", bytes.len());
    Ok(())
}

/// The mean of a model over the later half of its epochs.
fn train_model(
    sequences: &[Sequence],
    dev: &[(Sample, Sequence)],
    table: u32,
    settings: &Settings,
    random: &mut Random,
) -> Model {
    let mut model = Model::new(table as usize);
    let mut mean = Model::new(table as usize);
    let mut order: Vec<usize> = (0..sequences.len()).collect();
    let averaged = settings.epochs.div_ceil(2);
    for epoch in 0..settings.epochs {
        random.shuffle(&mut order);
        for (step, at) in order.iter().enumerate() {
            model.learn(&sequences[*at], settings, random);
            // Eight moments an epoch in the later half of the epochs.
            let moment = order.len() / 8;
            if epoch >= settings.epochs - averaged && step % moment.max(1) == moment.max(1) - 1 {
                mean.add(&model, 1.0 / (8 * averaged) as f32);
            }
        }
        eprintln!("epoch {}", epoch + 1);
        eprintln!("{}", score::report(&model, dev, true));
    }
    mean
}

/// Rows and allowed states of a text, and how many labelled tokens the tagger never looks at.
fn sequence(sample: &Sample, weight: f32, table: u32) -> (Sequence, [usize; 4]) {
    let page = Page::new(&sample.text, table, |start, end| {
        sample.unheard.iter().any(|(s, e)| *s <= start && end <= *e)
    });
    let all: u16 = (1 << STATES) - 1;
    // Of a teacher's text only that a token is no person is known.
    let free = if sample.silver {
        all & !0b110
    } else {
        1 << OUTSIDE
    };
    let mut allowed: Vec<u16> = page
        .open
        .iter()
        .map(|open| if *open { free } else { 1 << OUTSIDE })
        .collect();
    let mut at = 0;
    let mut lost = [0; 4];
    for mark in &sample.marks {
        let label = usize::from(mark.label);
        while page
            .spans
            .get(at)
            .is_some_and(|(start, _)| *start < mark.start)
        {
            at += 1;
        }
        let mut first = true;
        while let Some((start, _)) = page.spans.get(at)
            && *start < mark.end
        {
            if !page.open[at] {
                lost[label] += 1;
                first = true;
            } else if !sample.silver || mark.label == 0 {
                allowed[at] = 1 << (1 + 2 * label + usize::from(!first));
                first = false;
            } else {
                first = false;
            }
            at += 1;
        }
    }
    (
        Sequence {
            rows: page.rows,
            glances: page.glances,
            allowed,
            open: page.open,
            weight,
        },
        lost,
    )
}
