//! The stored form of a knowledge base: version byte, count, then each passage.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use redact::Locale;

use crate::bytes::{Reader, number, string};
use crate::error::Error;
use crate::knowledge::Section;
use crate::knowledge::front::Front;
use crate::knowledge::passage::{Audience, Passage, Pool};

const VERSION: u8 = 1;

pub(super) fn write(passages: &BTreeMap<String, Arc<Passage>>) -> Vec<u8> {
    let mut out = vec![VERSION];
    number(&mut out, passages.len());
    for passage in passages.values() {
        let (source, slug) = passage.id.split_once('#').unwrap_or((&passage.id, ""));
        for text in [
            source,
            slug,
            &passage.article,
            passage.heading.as_deref().unwrap_or_default(),
            &passage.text,
            passage.locale.code(),
            passage.pool.code(),
        ] {
            string(&mut out, text);
        }
        out.push(u8::from(passage.heading.is_some()));
        out.push(u8::from(passage.audience == Audience::Internal));
        for day in [passage.from, passage.until] {
            let day = day.map_or(i32::MIN, |day| day.num_days_from_ce());
            out.extend(day.to_le_bytes());
        }
        number(&mut out, passage.place);
        number(&mut out, passage.examples.len());
        for example in &passage.examples {
            string(&mut out, example);
        }
    }
    out
}

pub(super) fn read(bytes: &[u8]) -> Result<BTreeMap<String, Passage>, Error> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => passages(Reader(rest)).ok_or(Error::CorruptKnowledge),
        Some((&version, _)) if version > VERSION => Err(Error::NewerCorpus { version }),
        _ => Err(Error::CorruptKnowledge),
    }
}

fn passages(mut bytes: Reader<'_>) -> Option<BTreeMap<String, Passage>> {
    let mut passages: BTreeMap<String, Passage> = BTreeMap::new();
    for _ in 0..bytes.number()? {
        let (source, slug, article) = (bytes.string()?, bytes.string()?, bytes.string()?);
        let (heading, text) = (bytes.string()?, bytes.string()?);
        let (locale, pool) = (bytes.string()?, bytes.string()?);
        let locale = Locale::from_code(locale).filter(|read| read.code() == locale)?;
        let mut front = Front::new(source, article, locale);
        front.pool = Pool::ALL.into_iter().find(|p| p.code() == pool)?;
        let heading = match (bytes.flag()?, heading) {
            (true, heading) => Some(heading.to_owned()),
            (false, "") => None,
            (false, _) => return None,
        };
        if bytes.flag()? {
            front.audience = Audience::Internal;
        }
        front.from = day(&mut bytes)?;
        front.until = day(&mut bytes)?;
        let place = bytes.number()?;
        for _ in 0..bytes.number()? {
            front.examples.push(bytes.string()?.to_owned());
        }
        front.check().ok()?;
        let section = Section {
            heading,
            slug: slug.to_owned(),
            text: text.to_owned(),
        };
        let passage = Passage::of(&front, section, place);
        // They were written in the order of their ids.
        if passages
            .last_key_value()
            .is_some_and(|(last, _)| *last >= passage.id)
        {
            return None;
        }
        passages.insert(passage.id.clone(), passage);
    }
    bytes.is_empty().then_some(passages)
}

/// A day that may be absent; the outer `None` is a fault.
fn day(bytes: &mut Reader<'_>) -> Option<Option<NaiveDate>> {
    match i32::from_le_bytes(bytes.array()?) {
        i32::MIN => Some(None),
        day => Some(Some(NaiveDate::from_num_days_from_ce_opt(day)?)),
    }
}
