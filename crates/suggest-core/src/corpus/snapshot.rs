//! The stored form of a corpus: version byte, count, then each sentence. Numbers are little-endian.

use std::collections::{BTreeMap, BTreeSet};

use redact::{Label, Locale};

use crate::bytes::{Reader, number, string};
use crate::corpus::{Corpus, Origin, Sentence, Subject, key};
use crate::error::Error;
use crate::intent::Intent;

const VERSION: u8 = 1;

pub(super) fn write(corpus: &Corpus) -> Vec<u8> {
    let mut out = vec![VERSION];
    number(&mut out, corpus.sentences.len());
    for ((about, _), sentence) in &corpus.sentences {
        string(&mut out, about.intent.code());
        string(&mut out, about.locale.code());
        string(&mut out, &sentence.text);
        out.extend(sentence.places.to_le_bytes());
        out.push(u8::from(sentence.released));
        number(&mut out, sentence.origins.len());
        for origin in &sentence.origins {
            for label in [origin.source, origin.subject, origin.agent] {
                out.extend(label.0);
            }
        }
    }
    out
}

pub(super) fn read(bytes: &[u8]) -> Result<Corpus, Error> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => corpus(Reader(rest)).ok_or(Error::CorruptCorpus),
        Some((&version, _)) if version > VERSION => Err(Error::NewerCorpus { version }),
        _ => Err(Error::CorruptCorpus),
    }
}

fn corpus(mut bytes: Reader<'_>) -> Option<Corpus> {
    let mut sentences = BTreeMap::new();
    for _ in 0..bytes.number()? {
        let intent = Intent::from_code(bytes.string()?)?;
        let locale = bytes.string()?;
        let locale = Locale::from_code(locale).filter(|read| read.code() == locale)?;
        let text = bytes.string()?.to_owned();
        let places = u64::from_le_bytes(bytes.array()?);
        let released = bytes.flag()?;
        let mut origins = BTreeSet::new();
        for _ in 0..bytes.number()? {
            let [source, subject, agent] = [bytes.array()?, bytes.array()?, bytes.array()?];
            origins.insert(Origin::new(Label(source), Label(subject), Label(agent)));
        }
        let sentence = Sentence {
            places,
            released,
            origins,
            text,
        };
        let at = (Subject::new(intent, locale), key(&sentence.text));
        if sentence.origins.is_empty() || sentences.insert(at, sentence).is_some() {
            return None;
        }
    }
    bytes.is_empty().then_some(Corpus { sentences })
}
