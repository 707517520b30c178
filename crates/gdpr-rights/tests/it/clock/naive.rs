//! The deadline clock once more, day by day and hour by hour, to be read at sight and compared with the real one.
//!
//! Nothing here adds months or looks a holiday up: it walks the calendar as a clerk would with a finger. Saturdays and
//! Sundays are off by Regulation (EEC, Euratom) 1182/71 art. 2(2); whether any other day is off is the caller's knowledge.
//! Where the law is silent (pauses, art. 3(5) for hours) it follows the policy this suite was written for:
//! a pause that is still open credits nothing, and a period of less than 48 hours is not one "of two days or more".
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;

/// What is asked of the clock, the dates already civil dates of the controller's zone.
pub(crate) struct Asked<'a> {
    pub(crate) received: NaiveDate,
    /// Asked, answered; no answer yet is `None`.
    pub(crate) pauses: &'a [(NaiveDate, Option<NaiveDate>)],
    /// Days on which the person was told of an extension.
    pub(crate) notices: &'a [NaiveDate],
    pub(crate) reason: Option<&'a str>,
    /// A pause asked more days than this after receipt earns nothing.
    pub(crate) undue_delay_days: u64,
}

/// The four dates of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dates {
    pub(crate) base_due: NaiveDate,
    pub(crate) extended_due: NaiveDate,
    pub(crate) extension_notice_by: NaiveDate,
    pub(crate) base_due_without_pause: NaiveDate,
}

/// The three instants of a breach, with the offset the controller's wall clock has at each.
#[derive(Debug)]
pub(crate) struct Instants {
    pub(crate) strict: DateTime<FixedOffset>,
    pub(crate) regulation_end: DateTime<FixedOffset>,
    pub(crate) contested_end: DateTime<FixedOffset>,
}

impl Instants {
    /// Instant and offset of each: two times that are equal and written differently are not the same.
    pub(crate) fn written(&self) -> [String; 3] {
        [self.strict, self.regulation_end, self.contested_end].map(|at| at.to_rfc3339())
    }
}

/// The day on which an instant falls for the controller.
pub(crate) fn civil_date(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// The dates of a request, or the code of what is wrong with it.
pub(crate) fn dates(
    asked: &Asked<'_>,
    is_day_off: &dyn Fn(NaiveDate) -> bool,
) -> Result<Dates, &'static str> {
    let credit = credited_days(asked)?;
    let one = same_number_after(asked.received, 1);
    let three = same_number_after(asked.received, 3);
    let base_due = next_working(later_by(one, credit), is_day_off);
    may_extend(asked, base_due)?;
    Ok(Dates {
        base_due,
        extended_due: next_working(later_by(three, credit), is_day_off),
        extension_notice_by: base_due,
        base_due_without_pause: next_working(one, is_day_off),
    })
}

/// The instants that follow from a moment of awareness.
pub(crate) fn instants(
    aware: DateTime<Utc>,
    hours: u32,
    zone: Tz,
    is_day_off: &dyn Fn(NaiveDate) -> bool,
) -> Instants {
    let aware = aware.with_timezone(&zone);
    let start = hour_after(aware);
    let regulation_end = hours_later(start, hours);
    let contested_end = if hours < 48 {
        regulation_end
    } else {
        regulation_end.max(end_of_second_working_day(start, is_day_off))
    };
    Instants {
        strict: hours_later(aware, hours).fixed_offset(),
        regulation_end: regulation_end.fixed_offset(),
        contested_end: contested_end.fixed_offset(),
    }
}

fn tomorrow(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap()
}

/// Art. 3(2)(c): the same number in the n-th month, or that month's last day where it has no such number.
fn same_number_after(received: NaiveDate, months: u32) -> NaiveDate {
    let mut months_begun = 0;
    let mut day = received;
    loop {
        if tomorrow(day).month() != day.month() {
            if months_begun == months {
                return day;
            }
            months_begun += 1;
        }
        day = tomorrow(day);
        if months_begun == months && day.day() == received.day() {
            return day;
        }
    }
}

fn later_by(mut day: NaiveDate, days: u32) -> NaiveDate {
    for _ in 0..days {
        day = tomorrow(day);
    }
    day
}

fn is_working(day: NaiveDate, is_day_off: &dyn Fn(NaiveDate) -> bool) -> bool {
    let weekend = day.weekday() == Weekday::Sat || day.weekday() == Weekday::Sun;
    !weekend && !is_day_off(day)
}

/// Art. 3(4).
fn next_working(mut day: NaiveDate, is_day_off: &dyn Fn(NaiveDate) -> bool) -> NaiveDate {
    while !is_working(day, is_day_off) {
        day = tomorrow(day);
    }
    day
}

/// Days that lie in at least one pause; the day of asking is not in it, the day of the answer is.
fn credited_days(asked: &Asked<'_>) -> Result<u32, &'static str> {
    let in_time_until = asked.received + Days::new(asked.undue_delay_days);
    let mut pauses = Vec::new();
    for &(from, answered) in asked.pauses {
        let Some(to) = answered else { continue };
        if to < from {
            return Err("invalid_pause");
        }
        if from <= in_time_until {
            pauses.push((from, to));
        }
    }
    let Some(last) = pauses.iter().map(|&(_, to)| to).max() else {
        return Ok(0);
    };
    let mut credit = 0;
    let mut day = pauses.iter().map(|&(from, _)| from).min().unwrap();
    while day <= last {
        if pauses.iter().any(|&(from, to)| from < day && day <= to) {
            credit += 1;
        }
        day = tomorrow(day);
    }
    Ok(credit)
}

/// GDPR art. 12(3): told once, with one of its two grounds, within the first month.
fn may_extend(asked: &Asked<'_>, base_due: NaiveDate) -> Result<(), &'static str> {
    match (asked.notices, asked.reason) {
        ([], _) => Ok(()),
        ([_, _, ..], _) => Err("already_extended"),
        ([_], None) => Err("reason_required"),
        ([on], Some("complexity" | "number_of_requests")) if *on <= base_due => Ok(()),
        ([_], Some("complexity" | "number_of_requests")) => Err("extension_too_late"),
        ([_], Some(_)) => Err("not_an_extension_ground"),
    }
}

fn hours_later(mut at: DateTime<Tz>, hours: u32) -> DateTime<Tz> {
    for _ in 0..hours {
        at += TimeDelta::hours(1);
    }
    at
}

/// Art. 3(1): the hour of awareness is not counted, so the period begins when the wall clock next shows a full hour.
fn hour_after(aware: DateTime<Tz>) -> DateTime<Tz> {
    let mut at = aware - TimeDelta::nanoseconds(i64::from(aware.nanosecond()));
    loop {
        at += TimeDelta::seconds(1);
        if at.minute() == 0 && at.second() == 0 {
            return at;
        }
    }
}

/// Art. 3(5) as those read it who apply it to hours: the end of the second working day that lies wholly in the period.
fn end_of_second_working_day(
    start: DateTime<Tz>,
    is_day_off: &dyn Fn(NaiveDate) -> bool,
) -> DateTime<Tz> {
    let day_has_begun_before = (start - TimeDelta::seconds(1)).date_naive() == start.date_naive();
    let mut begin = if day_has_begun_before {
        next_midnight(start)
    } else {
        start
    };
    let mut whole = 0;
    loop {
        let end = next_midnight(begin);
        if is_working(begin.date_naive(), is_day_off) {
            whole += 1;
        }
        if whole == 2 {
            return end;
        }
        begin = end;
    }
}

/// The first instant of the next civil day, be it 00:00 or, where the clocks skip it, 01:00. `from` lies on a full hour of
/// the wall clock, and no zone of today is off from another by less than a quarter.
fn next_midnight(from: DateTime<Tz>) -> DateTime<Tz> {
    let mut at = from;
    while at.date_naive() == from.date_naive() {
        at += TimeDelta::minutes(15);
    }
    at
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn plain(received: NaiveDate) -> Asked<'static> {
    Asked {
        received,
        pauses: &[],
        notices: &[],
        reason: None,
        undue_delay_days: 7,
    }
}

fn no_holidays(_: NaiveDate) -> bool {
    false
}

#[test]
fn naive_published_examples_of_a_month() {
    // EDPB 01/2022, examples 32 and 33, in years in which nothing rolls.
    for (received, due) in [
        ("2024-03-05", "2024-04-05"),
        ("2023-08-31", "2023-10-02"), // 30 September 2023 is a Saturday: par. 161
        ("2022-08-31", "2022-09-30"),
        ("2027-08-31", "2027-09-30"),
    ] {
        let got = dates(&plain(day(received)), &no_holidays).unwrap();
        assert_eq!(got.base_due, day(due), "received {received}");
        assert_eq!(got.base_due_without_pause, got.base_due);
        assert_eq!(got.extension_notice_by, got.base_due);
    }
}

#[test]
fn naive_published_example_of_72_hours() {
    let aware = "2020-12-22T12:17:00+01:00"
        .parse::<DateTime<Utc>>()
        .unwrap();
    let got = instants(aware, 72, Tz::Europe__Berlin, &|d| d == day("2020-12-25"));
    assert_eq!(
        got.written(),
        [
            "2020-12-25T12:17:00+01:00",
            "2020-12-25T13:00:00+01:00",
            "2020-12-25T13:00:00+01:00"
        ]
    );
}

#[test]
fn naive_months_are_those_of_the_calendar_library() {
    let mut received = day("2020-01-01");
    while received < day("2036-01-01") {
        for months in [1, 3] {
            assert_eq!(
                same_number_after(received, months),
                received + chrono::Months::new(months),
                "{received} and {months}"
            );
        }
        received = tomorrow(received);
    }
}

#[test]
fn naive_dates_never_fall_with_a_later_receipt() {
    let mut received = day("2020-01-01");
    let mut before = dates(&plain(received), &no_holidays).unwrap();
    while received < day("2030-01-01") {
        received = tomorrow(received);
        let now = dates(&plain(received), &no_holidays).unwrap();
        assert!(now.base_due >= before.base_due, "received {received}");
        assert!(
            now.extended_due >= before.extended_due,
            "received {received}"
        );
        before = now;
    }
}

#[test]
fn naive_months_that_are_all_off_are_walked_through() {
    let due = dates(&plain(day("2026-06-01")), &|d| d.month() == 7).unwrap();
    assert_eq!(due.base_due, day("2026-08-03"));
}
