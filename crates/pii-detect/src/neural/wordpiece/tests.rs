use proptest::prelude::*;

use super::{Piece, Set, WordPiece};
use crate::neural::NeuralError;

const VOCABULARY: [&str; 22] = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "zoe",
    "muller",
    "un",
    "##aff",
    "##able",
    "anna",
    ".",
    ",",
    "-",
    "\u{4e2d}",
    "\u{6587}",
    "o",
    "'",
    "neil",
    "@",
    "##s",
    "\u{1100}\u{1161}",
    "mu",
];

fn json(normalizer: &str) -> String {
    let vocabulary: Vec<String> = VOCABULARY
        .iter()
        .enumerate()
        .map(|(id, piece)| format!("\"{piece}\":{id}"))
        .collect();
    format!(
        r###"{{"normalizer":{normalizer},"pre_tokenizer":{{"type":"BertPreTokenizer"}},"model":{{"type":"WordPiece",
        "unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":20,"vocab":{{{}}}}}}}"###,
        vocabulary.join(",")
    )
}

const UNCASED: &str = r#"{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}"#;

fn tokenizer() -> WordPiece {
    WordPiece::load(&json(UNCASED)).expect("a good file")
}

/// The pieces of a text, each with the text it stands for.
fn cut(text: &str) -> Vec<(&'static str, String)> {
    let pieces = tokenizer().encode(text);
    pieces
        .iter()
        .map(|p| {
            let name = VOCABULARY[usize::try_from(p.id).expect("not negative")];
            (name, text[p.start..p.end].to_owned())
        })
        .collect()
}

fn is(text: &str, wanted: &[(&str, &str)]) {
    let got = cut(text);
    let got: Vec<(&str, &str)> = got.iter().map(|(n, t)| (*n, t.as_str())).collect();
    assert_eq!(got, wanted, "{text:?}");
}

#[test]
fn pieces_of_words() {
    is(
        "unaffable Anna",
        &[
            ("un", "un"),
            ("##aff", "aff"),
            ("##able", "able"),
            ("anna", "Anna"),
        ],
    );
    is("ANNAs", &[("anna", "ANNA"), ("##s", "s")]);
    is("unaffablex", &[("[UNK]", "unaffablex")]);
    is(
        "O'Neil,anna",
        &[
            ("o", "O"),
            ("'", "'"),
            ("neil", "Neil"),
            (",", ","),
            ("anna", "anna"),
        ],
    );
    is("  \t\r\n ", &[]);
    is("", &[]);
}

#[test]
fn accents_marks_and_hidden_signs() {
    is("Zo\u{eb}", &[("zoe", "Zo\u{eb}")]);
    is("Zoe\u{308} x", &[("zoe", "Zoe\u{308}"), ("[UNK]", "x")]);
    is("M\u{dc}LLER", &[("muller", "M\u{dc}LLER")]);
    // A soft hyphen, a zero-width space and a byte order mark hide no name.
    is(
        "An\u{ad}na A\u{200b}nna",
        &[("anna", "An\u{ad}na"), ("anna", "A\u{200b}nna")],
    );
    is("\u{feff}anna", &[("anna", "anna")]);
    // A capital with a dot above becomes a letter and a mark, and the mark goes.
    is("\u{130}", &[("[UNK]", "\u{130}")]);
    // A syllable of Hangul becomes its letters: two pieces may share one character.
    is("\u{ac00}", &[("\u{1100}\u{1161}", "\u{ac00}")]);
}

#[test]
fn ideographs_emoji_and_spaces() {
    is(
        "anna\u{4e2d}\u{6587}",
        &[
            ("anna", "anna"),
            ("\u{4e2d}", "\u{4e2d}"),
            ("\u{6587}", "\u{6587}"),
        ],
    );
    is("anna\u{1f600}", &[("[UNK]", "anna\u{1f600}")]);
    is(
        "\u{1f468}\u{200d}\u{1f469} anna",
        &[("[UNK]", "\u{1f468}\u{200d}\u{1f469}"), ("anna", "anna")],
    );
    is(
        "anna\u{a0}anna\u{3000}anna",
        &[("anna", "anna"), ("anna", "anna"), ("anna", "anna")],
    );
    is(
        "\u{bf}anna\u{2026}",
        &[("[UNK]", "\u{bf}"), ("anna", "anna"), ("[UNK]", "\u{2026}")],
    );
}

#[test]
fn long_words_and_special_names() {
    let long = "un".to_owned() + &"s".repeat(18);
    assert_eq!(cut(&long).len(), 19);
    is(&format!("{long}s"), &[("[UNK]", &format!("{long}s"))]);
    let names: Vec<_> = cut("[SEP] [CLS]")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(
        !names.contains(&"[SEP]") && !names.contains(&"[CLS]"),
        "{names:?}"
    );
}

#[test]
fn a_cased_model_keeps_case_and_accents() {
    let cased = UNCASED.replace(r#""lowercase":true"#, r#""lowercase":false"#);
    let tokenizer = WordPiece::load(&json(&cased)).expect("a good file");
    let ids = |text: &str| {
        tokenizer
            .encode(text)
            .iter()
            .map(|p| p.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("zoe ZOE zo\u{eb}"), [4, 1, 1]);
}

#[test]
fn heads_are_told() {
    let heads: Vec<bool> = tokenizer()
        .encode("unaffable, anna")
        .iter()
        .map(|p| p.head)
        .collect();
    assert_eq!(heads, [true, false, false, true, true]);
}

#[test]
fn files_that_cannot_be_used() {
    let good = json(UNCASED);
    let files = [
        String::new(),
        "{}".to_owned(),
        good.replace("\"WordPiece\"", "\"BPE\""),
        good.replace("BertNormalizer", "NFKC"),
        good.replace("BertPreTokenizer", "Metaspace"),
        good.replace("\"[SEP]\"", "\"[END]\""),
        good.replace("\"[UNK]\":", "\"[XXX]\":"),
        good.replace("\"anna\":9", "\"anna\":-9"),
        good.replace("\"anna\":9", "\"anna\":\"nine\""),
        good.replace("\"anna\":9", "\"anna\":99999999999"),
    ];
    for file in files {
        let fault = WordPiece::load(&file).err();
        assert!(
            matches!(fault, Some(NeuralError::BadTokenizer { .. })),
            "{file}"
        );
    }
}

#[test]
fn the_tables_are_there() {
    let marks = Set::new(r"\p{Mn}");
    assert!(marks.has('\u{301}') && !marks.has('e') && !marks.has('\u{903}'));
    let others = Set::new(super::CONTROLS);
    assert!(
        others.has('\u{ad}') && others.has('\u{7}') && !others.has('\u{378}') && !others.has('a')
    );
}

proptest! {
    #[test]
    fn offsets_lie_on_characters(text in any::<String>()) {
        check(&text, &tokenizer().encode(&text))?;
    }

    #[test]
    fn offsets_lie_on_characters_of_words(text in "(anna|Zo\u{eb}|un|s|\u{308}|\u{ad}|\u{ac00}|\u{4e2d}|\u{130}|[ .,@\n]|\u{1f600}){0,40}") {
        check(&text, &tokenizer().encode(&text))?;
    }
}

fn check(text: &str, pieces: &[Piece]) -> Result<(), TestCaseError> {
    let mut at = 0;
    for piece in pieces {
        prop_assert!(
            text.get(piece.start..piece.end)
                .is_some_and(|part| !part.is_empty())
        );
        prop_assert!(
            piece.start >= at || pieces.iter().any(|p| p != piece && p.start == piece.start)
        );
        at = piece.start;
    }
    // No letter of the words is left out.
    for (start, c) in text
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphanumeric())
    {
        let held = pieces.iter().any(|p| p.start <= start && start < p.end);
        prop_assert!(held, "{:?} at {}", c, start);
    }
    Ok(())
}
