//! The text of a certificate, version 1: a title, then `key: value` a line, always in this order.
//!
//! Reading is lax and cheap, because [`verify`](super::SignedCertificate::verify) writes what was read again and compares.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::str::Lines;

use chrono::NaiveDate;
use retention_policy::{CaseId, Category, TenantId, Timestamp};

use super::facts::{
    Account, Backups, BlindSubject, CertifiedSource, Exception, KeptUntil, Method, Notice, Told,
};
use super::{Certificate, hex, unhex};
use crate::request::order::SourceId;

/// The first line, with the version.
pub(super) const TITLE: &str = "tactful certificate of erasure 1\n";

const NOTES: &str = "\
note: Every source named above was asked again after the erasure and found nothing but what an exception names.
note: Copies of data or keys made earlier outside of these sources are not covered.
note: This is a technical record, not legal advice.
";

const CLEAN: &str = "asked again, nothing found";
const UNCOUNTED: &str = "not counted";
const NO_BACKUPS: &str = "none are made";
const IMPOSSIBLE: &str = "impossible";
const DISPROPORTIONATE: &str = "disproportionate effort";

/// Writes a certificate. Writing to a String cannot fail.
pub(super) fn write(certificate: &Certificate) -> String {
    let mut text = String::from(TITLE);
    let _ = writeln!(text, "article: 17 GDPR");
    let _ = writeln!(text, "case: {}", certificate.case);
    let _ = writeln!(text, "issued: {}", instant(certificate.issued));
    if let Some(account) = &certificate.account {
        let _ = writeln!(text, "tenant: {}", account.tenant);
        let _ = writeln!(
            text,
            "subject (hmac-sha256): {}",
            hex(account.subject.as_bytes())
        );
        let _ = writeln!(text, "intent (sha256): {}", hex(&account.intent));
        let _ = writeln!(text, "intent recorded: {}", instant(account.decided));
        let _ = writeln!(text, "tombstone: {}", hex(&account.tombstone));
        let _ = match account.backups {
            Backups::None => writeln!(text, "backups: {NO_BACKUPS}"),
            Backups::Until(end) => writeln!(text, "backups expire: {}", instant(end)),
        };
    }
    for known in &certificate.sources {
        let _ = write!(text, "source {}: ", known.source.as_str());
        let _ = match (known.method, known.before) {
            (None, _) => writeln!(text, "{CLEAN}"),
            (Some(method), None) => {
                writeln!(text, "before {UNCOUNTED}, after 0, {}", method.words())
            }
            (Some(method), Some(before)) => {
                writeln!(text, "before {before}, after 0, {}", method.words())
            }
        };
    }
    if let Some(account) = &certificate.account {
        for (n, exception) in (1..).zip(&account.exceptions) {
            let categories: Vec<_> = exception.categories().map(Category::code).collect();
            let _ = writeln!(text, "exception {n} law: {}", exception.law());
            let _ = writeln!(text, "exception {n} article: {}", exception.article());
            let _ = writeln!(text, "exception {n} keeps: {}", categories.join(", "));
            let _ = match exception.until() {
                KeptUntil::Date(day) => writeln!(text, "exception {n} until: {day}"),
                KeptUntil::Criterion(words) => writeln!(text, "exception {n} criterion: {words}"),
            };
        }
        for (n, notice) in (1..).zip(&account.recipients) {
            let _ = writeln!(text, "recipient {n}: {}", notice.recipient());
            let _ = match notice.told() {
                Told::At(at) => writeln!(text, "recipient {n} told: {}", instant(at)),
                Told::Impossible => writeln!(text, "recipient {n} not told: {IMPOSSIBLE}"),
                Told::Disproportionate => {
                    writeln!(text, "recipient {n} not told: {DISPROPORTIONATE}")
                }
            };
        }
    }
    text.push_str(NOTES);
    text
}

/// Reads a certificate; what it cannot hold is lost, and then the text is not the same when written again.
pub(super) fn read(text: &str) -> Option<Certificate> {
    let fields = Fields::of(text.lines());
    let account = match fields.get("tenant") {
        None => None,
        Some(tenant) => Some(Account {
            tenant: TenantId::parse(tenant).ok()?,
            subject: BlindSubject::from_hmac(unhex(fields.get("subject (hmac-sha256)")?)?),
            intent: unhex(fields.get("intent (sha256)")?)?,
            decided: moment(fields.get("intent recorded")?)?,
            tombstone: unhex(fields.get("tombstone")?)?,
            backups: match fields.get("backups expire") {
                Some(end) => Backups::Until(moment(end)?),
                None => Backups::None,
            },
            exceptions: fields.numbered("exception", exception)?,
            recipients: fields.numbered("recipient", notice)?,
        }),
    };
    let sources: Vec<CertifiedSource> = fields
        .0
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("source ")?, value)))
        .map(|(name, value)| source(name, value))
        .collect::<Option<_>>()?;
    // With an account each source says how it erased, without one none does.
    let even = sources
        .iter()
        .all(|source| source.method.is_some() == account.is_some());
    let certificate = Certificate {
        case: CaseId::parse(fields.get("case")?).ok()?,
        issued: moment(fields.get("issued")?)?,
        sources,
        account,
    };
    even.then_some(certificate)
}

/// The lines by key.
struct Fields<'t>(BTreeMap<&'t str, &'t str>);

impl<'t> Fields<'t> {
    fn of(lines: Lines<'t>) -> Self {
        Self(lines.filter_map(|line| line.split_once(": ")).collect())
    }

    fn get(&self, key: &str) -> Option<&'t str> {
        self.0.get(key).copied()
    }

    /// What stands under `name 1`, `name 2` and so on.
    fn numbered<T>(
        &self,
        name: &str,
        read: impl Fn(&Self, &str) -> Option<Option<T>>,
    ) -> Option<Vec<T>> {
        let mut list = Vec::new();
        while let Some(one) = read(self, &format!("{name} {}", list.len() + 1))? {
            list.push(one);
        }
        Some(list)
    }
}

/// Reads an exception; the inner none is the end of the list.
fn exception(fields: &Fields<'_>, key: &str) -> Option<Option<Exception>> {
    let Some(law) = fields.get(&format!("{key} law")) else {
        return Some(None);
    };
    let article = fields.get(&format!("{key} article"))?;
    let categories: Option<Vec<Category>> = fields
        .get(&format!("{key} keeps"))?
        .split(", ")
        .map(|code| Category::ALL.into_iter().find(|c| c.code() == code))
        .collect();
    let until = match fields.get(&format!("{key} until")) {
        Some(day) => KeptUntil::Date(day.parse::<NaiveDate>().ok()?),
        None => KeptUntil::Criterion(fields.get(&format!("{key} criterion"))?.to_owned()),
    };
    Some(Some(Exception::new(law, article, categories?, until).ok()?))
}

/// Reads what became of telling a recipient; the inner none is the end of the list.
fn notice(fields: &Fields<'_>, key: &str) -> Option<Option<Notice>> {
    let Some(name) = fields.get(key) else {
        return Some(None);
    };
    let told = match fields.get(&format!("{key} told")) {
        Some(at) => Told::At(moment(at)?),
        None => match fields.get(&format!("{key} not told"))? {
            IMPOSSIBLE => Told::Impossible,
            DISPROPORTIONATE => Told::Disproportionate,
            _ => return None,
        },
    };
    Some(Some(Notice::new(name, told).ok()?))
}

fn source(name: &str, value: &str) -> Option<CertifiedSource> {
    let source = SourceId::new(name).ok()?;
    if value == CLEAN {
        return Some(CertifiedSource::clean(source));
    }
    let (before, words) = value.strip_prefix("before ")?.split_once(", after 0, ")?;
    let before = match before {
        UNCOUNTED => None,
        number => Some(number.parse().ok()?),
    };
    Some(CertifiedSource {
        source,
        before,
        method: Some(Method::ALL.into_iter().find(|m| m.words() == words)?),
    })
}

fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
