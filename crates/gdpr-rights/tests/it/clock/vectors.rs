//! Vectors for the deadline clock, by somebody who had not seen it.
//!
//! Sources: Regulation (EEC, Euratom) 1182/71 art. 2 and 3, GDPR art. 12(3) and 33, EDPB 01/2022 par. 157-164, and the
//! holiday law of each country. Expected dates were reasoned from those and then compared with [`super::naive`] and with
//! the Python package `holidays` 0.109. Each vector lists the weekdays off that change its result, and no other: a clock
//! that does not know one of them, or takes a day off that is none, misses the expected date.
//!
//! Readings that the law does not settle, so that a disagreement can be judged:
//! a pause without an answer credits nothing yet (`OPEN` in `why`); 3(5) needs a period of two days, so 24 hours have no
//! contested end of their own (`breach-48`); the regions of `roll-74` to `roll-76` may be unknown to a smaller calendar.
mod breaches;
mod deadlines;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use chrono_tz::Tz;

use super::naive::{self, Asked, Dates, Instants};

pub(crate) use breaches::BREACHES;
pub(crate) use deadlines::DEADLINES;

/// Days after receipt within which a pause must be asked for, in every vector.
pub(crate) const UNDUE_DELAY_DAYS: u64 = 7;

/// A request and the dates, or the refusal, that follow from it.
pub(crate) struct Deadline {
    pub(crate) id: &'static str,
    /// A civil date in `zone`, or an RFC 3339 instant.
    pub(crate) received: &'static str,
    /// ISO 3166-1, or 3166-2 for a region.
    pub(crate) calendar: &'static str,
    pub(crate) zone: &'static str,
    /// Asked, answered.
    pub(crate) pauses: &'static [(&'static str, Option<&'static str>)],
    /// Days on which the person was told of an extension.
    pub(crate) notices: &'static [&'static str],
    pub(crate) reason: Option<&'static str>,
    /// The last day of the month; with `extension_too_late`, the day that the notice missed. Also the last day for a notice.
    pub(crate) base: &'static str,
    /// The last day of three months.
    pub(crate) extended: &'static str,
    /// Empty where there is no pause: then it is `base`.
    pub(crate) without_pause: &'static str,
    pub(crate) error: Option<&'static str>,
    /// Weekdays off on the way, each `date name`.
    pub(crate) off: &'static [&'static str],
    pub(crate) why: &'static str,
}

/// What a vector has that says nothing else.
pub(crate) const PLAIN: Deadline = Deadline {
    id: "",
    received: "",
    calendar: "",
    zone: "",
    pauses: &[],
    notices: &[],
    reason: None,
    base: "",
    extended: "",
    without_pause: "",
    error: None,
    off: &[],
    why: "",
};

/// A moment of awareness and the three instants that follow from it.
pub(crate) struct Breach {
    pub(crate) id: &'static str,
    pub(crate) aware_at: &'static str,
    /// ISO 3166-1, or 3166-2 for a region.
    pub(crate) calendar: &'static str,
    pub(crate) zone: &'static str,
    pub(crate) hours: u32,
    pub(crate) strict: &'static str,
    pub(crate) regulation_end: &'static str,
    pub(crate) contested_end: &'static str,
    /// Weekdays off on the way to the contested end, each `date name`.
    pub(crate) off: &'static [&'static str],
    pub(crate) why: &'static str,
}

impl Deadline {
    pub(crate) fn zone(&self) -> Tz {
        self.zone.parse().unwrap()
    }

    /// The civil date of receipt.
    pub(crate) fn received(&self) -> NaiveDate {
        match self.received.parse::<NaiveDate>() {
            Ok(date) => date,
            Err(_) => naive::civil_date(instant(self.received).to_utc(), self.zone()),
        }
    }

    pub(crate) fn pauses(&self) -> Vec<(NaiveDate, Option<NaiveDate>)> {
        self.pauses
            .iter()
            .map(|(asked, answered)| (date(asked), answered.map(date)))
            .collect()
    }

    pub(crate) fn notices(&self) -> Vec<NaiveDate> {
        self.notices.iter().map(|on| date(on)).collect()
    }

    pub(crate) fn expected(&self) -> Result<Dates, &'static str> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let base = date(self.base);
        Ok(Dates {
            base_due: base,
            extended_due: date(self.extended),
            extension_notice_by: base,
            base_due_without_pause: match self.without_pause {
                "" => base,
                other => date(other),
            },
        })
    }

    fn naive(&self, off: &[&str]) -> Result<Dates, &'static str> {
        let asked = Asked {
            received: self.received(),
            pauses: &self.pauses(),
            notices: &self.notices(),
            reason: self.reason,
            undue_delay_days: UNDUE_DELAY_DAYS,
        };
        naive::dates(&asked, &|day| is_listed(off, day))
    }

    /// What only a calendar can refuse.
    fn is_about_the_calendar(&self) -> bool {
        matches!(
            self.error,
            Some("unknown_calendar" | "calendar_out_of_range")
        )
    }
}

impl Breach {
    pub(crate) fn zone(&self) -> Tz {
        self.zone.parse().unwrap()
    }

    pub(crate) fn aware_at(&self) -> DateTime<Utc> {
        instant(self.aware_at).to_utc()
    }

    pub(crate) fn expected(&self) -> Instants {
        Instants {
            strict: instant(self.strict),
            regulation_end: instant(self.regulation_end),
            contested_end: instant(self.contested_end),
        }
    }

    fn naive(&self, off: &[&str]) -> Instants {
        naive::instants(self.aware_at(), self.hours, self.zone(), &|day| {
            is_listed(off, day)
        })
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

fn is_listed(off: &[&str], day: NaiveDate) -> bool {
    off.iter().any(|entry| entry.starts_with(&day.to_string()))
}

fn every_deadline() -> impl Iterator<Item = &'static Deadline> {
    DEADLINES.iter().chain(super::held_back::DEADLINES)
}

fn every_breach() -> impl Iterator<Item = &'static Breach> {
    BREACHES.iter().chain(super::held_back::BREACHES)
}

/// The list without its n-th entry, for every n.
fn each_left_out<'a>(off: &'a [&'a str]) -> impl Iterator<Item = (&'a str, Vec<&'a str>)> {
    off.iter().map(|out| {
        let rest = off.iter().copied().filter(|entry| entry != out).collect();
        (*out, rest)
    })
}

#[test]
fn naive_clock_meets_every_deadline() {
    for v in every_deadline().filter(|v| !v.is_about_the_calendar()) {
        assert_eq!(
            v.naive(v.off),
            v.expected(),
            "{} ({}): {}",
            v.id,
            v.calendar,
            v.why
        );
    }
}

#[test]
fn naive_clock_meets_every_breach() {
    for v in every_breach() {
        let (got, expected) = (v.naive(v.off).written(), v.expected().written());
        assert_eq!(got, expected, "{} ({}): {}", v.id, v.calendar, v.why);
    }
}

#[test]
fn vectors_list_no_day_off_in_vain() {
    for v in every_deadline().filter(|v| v.error.is_none()) {
        for (out, rest) in each_left_out(v.off) {
            assert_ne!(v.naive(&rest), v.expected(), "{} without {out}", v.id);
        }
    }
    for v in every_breach() {
        for (out, rest) in each_left_out(v.off) {
            let got = v.naive(&rest).written();
            assert_ne!(got, v.expected().written(), "{} without {out}", v.id);
        }
    }
}

#[test]
fn vectors_that_come_too_late_name_the_day_that_was_missed() {
    for v in every_deadline().filter(|v| v.error == Some("extension_too_late")) {
        let untold = Deadline { notices: &[], ..*v };
        assert_eq!(
            untold.naive(v.off).unwrap().extension_notice_by,
            date(v.base),
            "{}",
            v.id
        );
    }
}

#[test]
fn vectors_are_told_apart() {
    let mut ids = every_deadline()
        .map(|v| v.id)
        .chain(every_breach().map(|v| v.id))
        .collect::<Vec<_>>();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);

    let mut questions = every_deadline()
        .map(|v| {
            (
                v.received, v.calendar, v.zone, v.pauses, v.notices, v.reason,
            )
        })
        .collect::<Vec<_>>();
    questions.sort_unstable();
    questions.dedup();
    assert_eq!(questions.len(), every_deadline().count());
}

#[test]
fn vectors_know_every_refusal_in_both_parts() {
    for code in [
        "unknown_calendar",
        "calendar_out_of_range",
        "invalid_pause",
        "extension_too_late",
        "reason_required",
        "not_an_extension_ground",
        "already_extended",
    ] {
        for part in [DEADLINES, super::held_back::DEADLINES] {
            assert!(part.iter().any(|v| v.error == Some(code)), "{code}");
        }
    }
}
