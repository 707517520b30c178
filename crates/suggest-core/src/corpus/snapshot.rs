//! The stored form of a corpus: version byte, count, then each sentence. Numbers are little-endian.

use std::collections::{BTreeMap, BTreeSet};

use redact::{Label, Locale};

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

fn number(out: &mut Vec<u8>, n: usize) {
    out.extend((n as u64).to_le_bytes());
}

fn string(out: &mut Vec<u8>, text: &str) {
    number(out, text.len());
    out.extend(text.as_bytes());
}

pub(super) fn read(bytes: &[u8]) -> Result<Corpus, Error> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => Reader(rest).corpus().ok_or(Error::CorruptCorpus),
        Some((&version, _)) if version > VERSION => Err(Error::NewerCorpus { version }),
        _ => Err(Error::CorruptCorpus),
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn corpus(mut self) -> Option<Corpus> {
        let mut sentences = BTreeMap::new();
        for _ in 0..self.number()? {
            let intent = Intent::from_code(self.string()?)?;
            let locale = self.string()?;
            let locale = Locale::from_code(locale).filter(|read| read.code() == locale)?;
            let text = self.string()?.to_owned();
            let places = u64::from_le_bytes(self.array()?);
            let released = match self.array::<1>()? {
                [0] => false,
                [1] => true,
                _ => return None,
            };
            let mut origins = BTreeSet::new();
            for _ in 0..self.number()? {
                let [source, subject, agent] = [self.array()?, self.array()?, self.array()?];
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
        self.0.is_empty().then_some(Corpus { sentences })
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.array()?)).ok()
    }

    fn string(&mut self) -> Option<&'a str> {
        let n = self.number()?;
        std::str::from_utf8(self.take(n)?).ok()
    }
}
