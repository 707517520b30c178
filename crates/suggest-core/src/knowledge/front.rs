//! Front matter: `key: value` lines between two lines `---`.

use chrono::NaiveDate;
use redact::Locale;

use crate::error::{Error, FrontMatterFault};
use crate::knowledge::passage::{Audience, Pool};

/// What is known of an article beside its text.
#[derive(Clone, Debug)]
pub(crate) struct Front {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) locale: Locale,
    pub(super) audience: Audience,
    pub(super) pool: Pool,
    pub(super) from: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
    pub(super) examples: Vec<String>,
}

impl Front {
    pub(super) fn new(id: impl Into<String>, title: impl Into<String>, locale: Locale) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            locale,
            audience: Audience::Customer,
            pool: Pool::Article,
            from: None,
            until: None,
            examples: Vec::new(),
        }
    }

    /// What is wrong with it as a whole.
    pub(super) fn check(&self) -> Result<(), FrontMatterFault> {
        if !is_id(&self.id) {
            return Err(FrontMatterFault::BadId);
        }
        if self.title.trim().is_empty() {
            return Err(FrontMatterFault::NoTitle);
        }
        match (self.from, self.until) {
            (Some(from), Some(until)) if until < from => Err(FrontMatterFault::EndsBeforeItBegins),
            _ => Ok(()),
        }
    }
}

/// Fields as they come, from whatever format, each at most once.
#[derive(Default)]
pub(super) struct Fields {
    id: Option<String>,
    title: Option<String>,
    locale: Option<Locale>,
    audience: Option<Audience>,
    pool: Option<Pool>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    examples: Option<Vec<String>>,
}

impl Fields {
    /// Takes a field.
    pub(super) fn take(&mut self, key: &str, value: &str) -> Result<(), FrontMatterFault> {
        let value = value.trim();
        let empty = value.is_empty() || value == "null";
        let day = || date(value).ok_or(FrontMatterFault::BadDate);
        let twice = match key {
            "id" if is_id(value) => self.id.replace(value.to_owned()).is_some(),
            "id" => return Err(FrontMatterFault::BadId),
            "title" if !value.is_empty() => self.title.replace(value.to_owned()).is_some(),
            "title" => return Err(FrontMatterFault::NoTitle),
            "lang" => {
                let read = Locale::from_code(value).ok_or(FrontMatterFault::UnknownLanguage)?;
                self.locale.replace(read).is_some()
            }
            "audience" => {
                let read = match value {
                    "customer" | "customers" | "public" | "all" => Audience::Customer,
                    "internal" | "agent" | "agents" | "team" => Audience::Internal,
                    _ => return Err(FrontMatterFault::UnknownAudience),
                };
                self.audience.replace(read).is_some()
            }
            "kind" => {
                let read = match value {
                    "article" => Pool::Article,
                    "macro" => Pool::Macro,
                    _ => return Err(FrontMatterFault::UnknownKind),
                };
                self.pool.replace(read).is_some()
            }
            "examples" => {
                let read = value.split(" / ").map(str::trim).filter(|e| !e.is_empty());
                self.examples
                    .replace(read.map(str::to_owned).collect())
                    .is_some()
            }
            "valid_from" | "valid_until" if empty => false,
            "valid_from" => self.from.replace(day()?).is_some(),
            "valid_until" => self.until.replace(day()?).is_some(),
            _ => return Err(FrontMatterFault::UnknownKey),
        };
        if twice {
            return Err(FrontMatterFault::Twice);
        }
        Ok(())
    }

    /// Takes a field unless it is there already.
    #[cfg(feature = "html")]
    pub(super) fn or_take(&mut self, key: &str, value: &str) -> Result<(), FrontMatterFault> {
        let there = match key {
            "id" => self.id.is_some(),
            "title" => self.title.is_some(),
            _ => self.locale.is_some(),
        };
        if there { Ok(()) } else { self.take(key, value) }
    }

    /// All that must be there is.
    pub(super) fn done(self) -> Result<Front, FrontMatterFault> {
        let front = Front {
            id: self.id.ok_or(FrontMatterFault::BadId)?,
            title: self.title.ok_or(FrontMatterFault::NoTitle)?,
            locale: self.locale.ok_or(FrontMatterFault::UnknownLanguage)?,
            audience: self.audience.unwrap_or(Audience::Customer),
            pool: self.pool.unwrap_or_default(),
            from: self.from,
            until: self.until,
            examples: self.examples.unwrap_or_default(),
        };
        front.check()?;
        Ok(front)
    }
}

/// Takes the front matter off a file; the rest is Markdown.
pub(super) fn read<'a>(name: &str, source: &'a str) -> Result<(Front, &'a str), Error> {
    let fault = |line, fault| Error::FrontMatter {
        article: name.to_owned(),
        line,
        fault,
    };
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut lines = source.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Err(fault(1, FrontMatterFault::Missing));
    }
    let mut at = first.len();
    let mut end = None;
    let mut fields = Fields::default();
    for (number, line) in (2..).zip(lines) {
        at += line.len();
        let line = line.trim();
        if line == "---" {
            end = Some(number);
            break;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line
            .split_once(':')
            .ok_or_else(|| fault(number, FrontMatterFault::NotKeyValue))?;
        fields
            .take(key.trim(), unquoted(value))
            .map_err(|found| fault(number, found))?;
    }
    let end = end.ok_or_else(|| fault(1, FrontMatterFault::NotClosed))?;
    let front = fields.done().map_err(|found| fault(end, found))?;
    Ok((front, source.get(at..).unwrap_or_default()))
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

/// Ids stand in citations and must not be mistaken for anything else there.
pub(super) fn is_id(value: &str) -> bool {
    (1..=80).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/'))
}

/// A day; of a timestamp, its day.
fn date(value: &str) -> Option<NaiveDate> {
    let day = match value.split_once('T') {
        Some((day, _)) => day,
        None => value,
    };
    NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()
}
