//! Front matter: `key: value` lines between two lines `---`.

use chrono::NaiveDate;
use redact::Locale;

use crate::error::{Error, FrontMatterFault};
use crate::knowledge::Audience;

#[derive(Debug)]
pub(super) struct Front {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) locale: Locale,
    pub(super) audience: Audience,
    pub(super) from: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
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
    let (mut id, mut title, mut locale) = (None, None, None);
    let (mut audience, mut from, mut until) = (None, None, None);
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
        let value = unquoted(value);
        let taken = match key.trim() {
            "id" if is_id(value) => id.replace(value.to_owned()).is_some(),
            "title" if !value.is_empty() => title.replace(value.to_owned()).is_some(),
            "lang" => {
                let read = Locale::from_code(value)
                    .ok_or_else(|| fault(number, FrontMatterFault::UnknownLanguage))?;
                locale.replace(read).is_some()
            }
            "audience" => {
                let read = match value {
                    "customer" | "customers" | "public" | "all" => Audience::Customer,
                    "internal" | "agent" | "agents" | "team" => Audience::Internal,
                    _ => return Err(fault(number, FrontMatterFault::UnknownAudience)),
                };
                audience.replace(read).is_some()
            }
            "valid_from" if value.is_empty() || value == "null" => false,
            "valid_until" if value.is_empty() || value == "null" => false,
            "valid_from" => {
                let day = date(value).ok_or_else(|| fault(number, FrontMatterFault::BadDate))?;
                from.replace(day).is_some()
            }
            "valid_until" => {
                let day = date(value).ok_or_else(|| fault(number, FrontMatterFault::BadDate))?;
                until.replace(day).is_some()
            }
            "id" => return Err(fault(number, FrontMatterFault::BadId)),
            "title" => return Err(fault(number, FrontMatterFault::NoTitle)),
            _ => return Err(fault(number, FrontMatterFault::UnknownKey)),
        };
        if taken {
            return Err(fault(number, FrontMatterFault::Twice));
        }
    }
    let end = end.ok_or_else(|| fault(1, FrontMatterFault::NotClosed))?;
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        return Err(fault(end, FrontMatterFault::EndsBeforeItBegins));
    }
    let front = Front {
        id: id.ok_or_else(|| fault(end, FrontMatterFault::BadId))?,
        title: title.ok_or_else(|| fault(end, FrontMatterFault::NoTitle))?,
        locale: locale.ok_or_else(|| fault(end, FrontMatterFault::UnknownLanguage))?,
        audience: audience.unwrap_or(Audience::Customer),
        from,
        until,
    };
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
fn is_id(value: &str) -> bool {
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
