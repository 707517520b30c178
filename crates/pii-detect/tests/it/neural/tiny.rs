//! A whole model of a few bytes: one row of label values for each piece of a small vocabulary.

use std::sync::Arc;

use pii_detect::{Detector, Kind, Known, ModelConfig, NeuralError, NeuralModel, TokenClassifier};
use proptest::prelude::*;

const LABELS: [&str; 6] = [
    "O",
    "B-GIVEN_NAME",
    "I-GIVEN_NAME",
    "B-SURNAME",
    "B-CITY",
    "B-TAX_ID",
];

/// Pieces and the label that the model gives them.
const VOCABULARY: [(&str, usize); 12] = [
    ("[PAD]", 0),
    ("[UNK]", 0),
    ("[CLS]", 0),
    ("[SEP]", 0),
    ("yusra", 1),
    ("ok", 3),
    ("##on", 0),
    ("##jo", 3),
    ("the", 0),
    (".", 0),
    ("lyon", 4),
    ("zz9999", 5),
];

/// Fields of Protocol Buffers (protobuf.dev, "Encoding"), as many as an ONNX file needs.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    fn bytes(mut self, field: u64, value: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    fn text(self, field: u64, value: &str) -> Self {
        self.bytes(field, value.as_bytes())
    }

    fn with(self, field: u64, value: Self) -> Self {
        self.bytes(field, &value.0)
    }
}

/// `onnx.proto` of ONNX 1.16: `Gather(rows, input_ids)`.
fn onnx(input: &str, outputs: usize, value: f32) -> Vec<u8> {
    let rows: Vec<u8> = VOCABULARY
        .iter()
        .flat_map(|(_, label)| (0..outputs).map(move |at| if at == *label { value } else { 0.0 }))
        .flat_map(f32::to_le_bytes)
        .collect();
    let tensor = Message::default()
        .number(1, VOCABULARY.len() as u64)
        .number(1, outputs as u64)
        .number(2, 1)
        .text(8, "rows")
        .bytes(9, &rows);
    let node = Message::default()
        .text(1, "rows")
        .text(1, input)
        .text(2, "logits")
        .text(3, "look-up")
        .text(4, "Gather");
    let value = |name: &str, element, dimensions: &[&str]| {
        let shape = dimensions.iter().fold(Message::default(), |shape, name| {
            shape.with(1, Message::default().text(2, name))
        });
        let tensor = Message::default().number(1, element).with(2, shape);
        Message::default()
            .text(1, name)
            .with(2, Message::default().with(1, tensor))
    };
    let graph = Message::default()
        .with(1, node)
        .text(2, "tiny")
        .with(5, tensor)
        .with(11, value(input, 7, &["batch", "tokens"]))
        .with(12, value("logits", 1, &["batch", "tokens", "labels"]));
    // The graph comes last, so that a file cut anywhere is cut within it.
    Message::default()
        .number(1, 8)
        .with(8, Message::default().number(2, 17))
        .with(7, graph)
        .0
}

fn tokenizer(extra: &str) -> String {
    let pieces: Vec<String> = VOCABULARY
        .iter()
        .enumerate()
        .map(|(id, (piece, _))| format!("\"{piece}\":{id}"))
        .collect();
    format!(
        r#"{{"normalizer":{{"type":"BertNormalizer","lowercase":true}},"pre_tokenizer":{{"type":"BertPreTokenizer"}},
        "model":{{"type":"WordPiece","vocab":{{{}{extra}}}}}}}"#,
        pieces.join(",")
    )
}

fn config() -> ModelConfig {
    ModelConfig::from_labels(&LABELS).expect("they mean something")
}

fn model() -> NeuralModel {
    NeuralModel::load(
        onnx("input_ids", LABELS.len(), 9.0),
        &tokenizer(""),
        &config(),
    )
    .expect("a good model")
}

#[test]
fn pieces_of_a_word_and_parts_of_a_name_come_together() {
    let model = model();
    let text = "the Yusra OKONJO. the Lyon, the zz9999";
    let spans = model.classify(text).expect("it runs");
    let got: Vec<_> = spans
        .iter()
        .map(|s| (s.kind(), s.span().of(text).expect("a span of it")))
        .collect();
    // Two of three pieces of the surname say so, and the third goes with them.
    let wanted = [
        (Kind::Person, "Yusra OKONJO"),
        (Kind::Location, "Lyon"),
        (Kind::Id, "zz9999"),
    ];
    assert_eq!(got, wanted);
    assert!(spans.iter().all(|s| s.score() > 0.5 && s.score() <= 1.0));
    assert_eq!(model.classify(" \n").map(|s| s.len()), Ok(0));
}

#[test]
fn long_texts_are_read_to_the_end() {
    let text = "the the yusra okonjo. ".repeat(500);
    let model = model();
    let spans = model.classify(&text).expect("it runs");
    assert_eq!(spans.len(), 500);
    assert!(
        spans
            .iter()
            .all(|s| s.span().of(&text) == Some("yusra okonjo"))
    );
    // No border to cut at, and words without end.
    for text in ["okon".repeat(2000), ".".repeat(1000), "yusra ".repeat(1000)] {
        assert!(model.classify(&text).is_ok());
    }
    assert_eq!(
        model.classify(&text),
        Ok(spans),
        "the same text gives the same"
    );
}

#[test]
fn it_serves_the_detector_and_many_threads() {
    let detector = Detector::builder().neural(Arc::new(model())).build();
    let detector = detector.expect("nothing to refuse");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let found = detector.detect("ask yusra okonjo. now", &Known::new());
                assert!(
                    found
                        .expect("it runs")
                        .iter()
                        .any(|f| f.why().rule() == "neural")
                );
            });
        }
    });
    assert_eq!(
        format!("{:?}", model()),
        "NeuralModel { labels: 6, window: 128, .. }"
    );
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let load = |onnx: Vec<u8>, tokenizer: &str, config: &ModelConfig| {
        NeuralModel::load(onnx, tokenizer, config)
            .map(|_| ())
            .expect_err("refused")
    };
    let (good, words) = (onnx("input_ids", LABELS.len(), 9.0), tokenizer(""));
    for outputs in [1, 5, 7, 35] {
        let error = load(onnx("input_ids", outputs, 9.0), &words, &config());
        assert_eq!(error, NeuralError::LabelCount { labels: 6, outputs });
    }
    let error = load(onnx("pixels", 6, 9.0), &words, &config());
    assert!(matches!(error, NeuralError::BadModel { .. }), "{error}");
    let error = load(onnx("input_ids", 6, f32::NAN), &words, &config());
    assert!(error.to_string().contains("no numbers"), "{error}");
    let error = load(good.clone(), &tokenizer(",\"more\":12"), &config());
    assert!(matches!(error, NeuralError::BadTokenizer { .. }), "{error}");
    let short = r#"{"id2label":{"0":"O","1":"PER"},"max_position_embeddings":8}"#;
    let short = ModelConfig::from_config_json(short).expect("readable");
    assert!(matches!(
        load(good, &words, &short),
        NeuralError::BadLabels { .. }
    ));
}

#[test]
fn damaged_models_are_refused() {
    let good = onnx("input_ids", LABELS.len(), 9.0);
    let words = tokenizer("");
    for length in (0..good.len()).step_by(3) {
        let cut = good.get(..length).expect("shorter").to_vec();
        assert!(
            NeuralModel::load(cut, &words, &config()).is_err(),
            "cut at {length}"
        );
    }
    for junk in [
        b"PK\x03\x04".to_vec(),
        vec![0; 64],
        vec![0xff; 64],
        b"RTEN".to_vec(),
    ] {
        let error = NeuralModel::load(junk, &words, &config()).expect_err("refused");
        assert!(matches!(error, NeuralError::BadModel { .. }), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::times(64)))]
    #[test]
    fn a_byte_changed_is_refused_or_harmless(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bytes = onnx("input_ids", LABELS.len(), 9.0);
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(model) = NeuralModel::load(bytes, &tokenizer(""), &config()) {
            prop_assert!(model.classify("the yusra okonjo").is_ok());
        }
    }
}
