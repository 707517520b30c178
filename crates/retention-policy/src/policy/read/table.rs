//! A TOML table whose values know their line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Codes;
use crate::Error;
use crate::error::PolicyFault;
use crate::record::Lifetime;

/// Bytes of a text that somebody reads in a sentence.
const MOST_WORDS: usize = 200;

pub(super) fn parse(text: &str) -> Result<Spanned<DeTable<'_>>, Error> {
    DeTable::parse(text).map_err(|e| Error::PolicySyntax {
        line: e.span().map_or(1, |span| line_of(text, span.start)),
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    before.iter().filter(|b| **b == b'\n').count() + 1
}

pub(super) struct Table<'t, 'i> {
    text: &'t str,
    at: usize,
    table: &'t DeTable<'i>,
}

pub(super) struct Value<'t, 'i> {
    text: &'t str,
    key: &'static str,
    value: &'t Spanned<DeValue<'i>>,
}

impl<'t, 'i> Table<'t, 'i> {
    pub(super) fn root(text: &'t str, whole: &'t Spanned<DeTable<'i>>) -> Self {
        Self {
            text,
            at: 0,
            table: whole.get_ref(),
        }
    }

    /// Where it begins: lines are counted for faults only.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn line_at(&self, offset: usize) -> usize {
        line_of(self.text, offset)
    }

    pub(super) fn fault(&self, key: &'static str, fault: PolicyFault) -> Error {
        Error::Policy {
            line: self.line_at(self.at),
            key,
            fault,
        }
    }

    /// Refuses keys that are not in the list.
    pub(super) fn only(&self, known: &'static str) -> Result<(), Error> {
        let first = self
            .table
            .iter()
            .map(|(key, _)| key)
            .filter(|key| known.split(", ").all(|known| known != key.get_ref()))
            .map(|key| key.span().start)
            .min();
        match first {
            Some(offset) => Err(Error::PolicyUnknownKey {
                line: line_of(self.text, offset),
                known,
            }),
            None => Ok(()),
        }
    }

    /// The value of a key, which is named with its path.
    pub(super) fn get(&self, key: &'static str) -> Option<Value<'t, 'i>> {
        let own = key.rsplit('.').next().unwrap_or(key);
        Some(Value {
            text: self.text,
            key,
            value: self.table.get(own)?,
        })
    }

    pub(super) fn need(&self, key: &'static str) -> Result<Value<'t, 'i>, Error> {
        self.get(key)
            .ok_or_else(|| self.fault(key, PolicyFault::Missing))
    }

    pub(super) fn table(&self, key: &'static str) -> Result<Option<Self>, Error> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let table = value
            .value
            .get_ref()
            .as_table()
            .ok_or_else(|| value.fault(PolicyFault::MustBe("a table")))?;
        Ok(Some(Self {
            text: self.text,
            at: value.value.span().start,
            table,
        }))
    }

    /// The tables of an array, in the order of the text.
    pub(super) fn tables(&self, key: &'static str) -> Result<Vec<Self>, Error> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let must = || value.fault(PolicyFault::MustBe("tables in double brackets"));
        let array = value.value.get_ref().as_array().ok_or_else(must)?;
        array
            .iter()
            .map(|element| {
                Ok(Self {
                    text: self.text,
                    at: element.span().start,
                    table: element.get_ref().as_table().ok_or_else(must)?,
                })
            })
            .collect()
    }
}

impl<'t> Value<'t, '_> {
    pub(super) fn fault(&self, fault: PolicyFault) -> Error {
        Error::Policy {
            line: line_of(self.text, self.value.span().start),
            key: self.key,
            fault,
        }
    }

    pub(super) fn number(&self, min: u32, max: u32) -> Result<u32, Error> {
        self.value
            .get_ref()
            .as_integer()
            .and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok())
            .filter(|n| (min..=max).contains(n))
            .ok_or_else(|| self.fault(PolicyFault::NotANumber { min, max }))
    }

    pub(super) fn text(&self) -> Result<&'t str, Error> {
        self.value
            .get_ref()
            .as_str()
            .ok_or_else(|| self.fault(PolicyFault::MustBe("text in quotes")))
    }

    /// Text that somebody reads in a sentence.
    pub(super) fn words(&self) -> Result<String, Error> {
        let text = self.text()?;
        if text.is_empty() || text.len() > MOST_WORDS || text.chars().any(char::is_control) {
            let must = "1 to 200 bytes in one line";
            return Err(self.fault(PolicyFault::MustBe(must)));
        }
        Ok(text.to_owned())
    }

    /// A period's text. TOML has a number for what is endless.
    pub(super) fn period_text(&self, at_most: Lifetime) -> Result<&'t str, Error> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text),
            DeValue::Float(_) => Err(self.fault(PolicyFault::Endless { at_most })),
            _ => Err(self.fault(PolicyFault::NotAPeriod { at_most })),
        }
    }

    pub(super) fn one_of<T: Copy>(&self, codes: &Codes<T>) -> Result<T, Error> {
        self.value
            .get_ref()
            .as_str()
            .and_then(|text| find(codes, text))
            .ok_or_else(|| self.fault(PolicyFault::MustBe(codes.words)))
    }

    pub(super) fn list<T: Copy>(&self, codes: &Codes<T>) -> Result<Vec<T>, Error> {
        let must = || self.fault(PolicyFault::MustBe(codes.words));
        let array = self.value.get_ref().as_array().ok_or_else(must)?;
        array
            .iter()
            .map(|v| v.get_ref().as_str().and_then(|text| find(codes, text)))
            .map(|found| found.ok_or_else(must))
            .collect()
    }
}

fn find<T: Copy>(codes: &Codes<T>, text: &str) -> Option<T> {
    let (_, value) = codes.all.iter().find(|(code, _)| *code == text)?;
    Some(*value)
}
