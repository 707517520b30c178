//! What "receipt + 30 days" costs: for each of the 2,556 days of receipt from 2021 to 2027, is that date late, right or early?
//!
//! ```sh
//! cargo run -q -p tactful-gdpr-rights --example thirty_days
//! ```

use std::error::Error;
use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use gdpr_rights::request::clock::{Clock, Zone};
use gdpr_rights::request::holidays::Calendar;

/// The table in the documentation of `gdpr_rights::request::clock`.
///
/// # Errors
/// None as long as the years lie within what the calendars know.
pub(crate) fn table() -> Result<String, Box<dyn Error>> {
    let mut table =
        String::from("| country | late | right | early | the month lasts |\n|-|-|-|-|-|\n");
    // The end of a civil day depends on the zone, its date does not.
    let zone = Zone::new("Europe/Paris")?;
    let first = NaiveDate::from_ymd_opt(2021, 1, 1).ok_or("no such day")?;
    let last = NaiveDate::from_ymd_opt(2027, 12, 31).ok_or("no such day")?;
    for country in Calendar::all().filter(|calendar| calendar.code().len() == 2) {
        let clock = Clock::new(zone, &country);
        let (mut late, mut right, mut early) = (0u32, 0u32, 0u32);
        let (mut shortest, mut longest) = (i64::MAX, i64::MIN);
        for received in first.iter_days().take_while(|day| *day <= last) {
            let due = clock.deadline(received, &[])?.base().due();
            let naive = received + Days::new(30);
            match naive.cmp(&due) {
                std::cmp::Ordering::Greater => late += 1,
                std::cmp::Ordering::Equal => right += 1,
                std::cmp::Ordering::Less => early += 1,
            }
            let length = (due - received).num_days();
            shortest = shortest.min(length);
            longest = longest.max(length);
        }
        let days = late + right + early;
        let share = |part: u32| f64::from(part) * 100.0 / f64::from(days);
        writeln!(
            table,
            "| {} | {late} ({:.1} %) | {right} ({:.1} %) | {early} ({:.1} %) | {shortest} to {longest} days |",
            country.code(),
            share(late),
            share(right),
            share(early)
        )?;
    }
    Ok(table)
}

#[allow(
    dead_code,
    clippy::print_stdout,
    reason = "a program when run, a module of the test that checks the documentation"
)]
fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", table()?);
    Ok(())
}
