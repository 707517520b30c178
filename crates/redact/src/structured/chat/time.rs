//! Time stamps: what is certainly one, so that it may stay.

/// The bytes of a time stamp at the beginning of a text, brackets and the signs behind it included; 0 for none.
pub(super) fn leading(text: &str) -> usize {
    let space = text.len() - text.trim_start_matches([' ', '\t', '\u{200e}']).len();
    let rest = text.get(space..).unwrap_or_default();
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some(inside) = rest.strip_prefix(open)
            && let Some(end) = inside.find(close)
            && is_time(inside.get(..end).unwrap_or_default())
        {
            return space + open.len_utf8() + end + close.len_utf8();
        }
    }
    // Words of a time as far as they go: "01/05/2024, 10:32 - ".
    let mut end = 0;
    let mut best = 0;
    for word in rest.split_inclusive(' ').take(5) {
        end += word.len();
        let so_far = rest
            .get(..end)
            .unwrap_or_default()
            .trim_end_matches([' ', ',']);
        if is_time(so_far) {
            best = so_far.len();
        } else if best > 0 {
            break;
        }
    }
    if best == 0 { 0 } else { space + best }
}

/// Whether a text is a time of day, maybe with a date and a zone, and nothing else.
pub(super) fn is_time(text: &str) -> bool {
    let mut has_time = false;
    if text.len() > 40 {
        return false;
    }
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    for word in words {
        let (date, time) = word.split_once('T').unwrap_or(("", word));
        if is_clock(time) && (date.is_empty() || is_date(date)) {
            if has_time {
                return false;
            }
            has_time = true;
        } else if !is_date(word) && !is_sign(word) {
            return false;
        }
    }
    has_time
}

/// "10:32", "10:32:05.123", "10:32am", "10:32Z", "10:32+02:00".
fn is_clock(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let bare = lower
        .strip_suffix("am")
        .or_else(|| lower.strip_suffix("pm"))
        .or_else(|| lower.strip_suffix('z'))
        .unwrap_or(&lower);
    let bare = match bare.find(['+', '-']) {
        Some(at) if is_zone(bare.get(at + 1..).unwrap_or_default()) => {
            bare.get(..at).unwrap_or_default()
        }
        _ => bare,
    };
    let (bare, fraction) = bare.split_once('.').unwrap_or((bare, "0"));
    let parts: Vec<&str> = bare.split(':').collect();
    (2..=3).contains(&parts.len())
        && is_digits(fraction, 1, 9)
        && parts.iter().enumerate().all(|(at, part)| {
            is_digits(part, if at == 0 { 1 } else { 2 }, 2)
                && part
                    .parse()
                    .is_ok_and(|n: u8| n < if at == 0 { 25 } else { 60 })
        })
}

fn is_zone(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    is_digits(&digits, 1, 4)
}

/// "01/05/2024", "2024-05-01", "1.5.24", "1.5.".
fn is_date(word: &str) -> bool {
    let separator = match word.find(['/', '-', '.']) {
        Some(at) => word.get(at..).and_then(|rest| rest.chars().next()),
        None => return false,
    };
    let Some(separator) = separator else {
        return false;
    };
    let parts: Vec<&str> = word.trim_end_matches('.').split(separator).collect();
    let year =
        |part: &str| is_digits(part, 4, 4) && (part.starts_with("19") || part.starts_with("20"));
    (2..=3).contains(&parts.len())
        && parts.iter().all(|part| {
            year(part) || is_digits(part, 1, 2) && part.parse().is_ok_and(|n: u8| n <= 99)
        })
        && parts.iter().filter(|part| year(part)).count() <= 1
}

fn is_sign(word: &str) -> bool {
    let known = [
        "am",
        "pm",
        "a.m.",
        "p.m.",
        "utc",
        "gmt",
        "cet",
        "cest",
        "uhr",
        "at",
        "-",
        "\u{2013}",
        "today",
        "yesterday",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
    ];
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    known.iter().any(|sign| sign.trim_end_matches('.') == word)
}

fn is_digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a number counts seconds or milliseconds since 1970, between 2001 and 2033.
pub(super) fn is_epoch(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(fraction, 1, 9)
        && matches!(whole.len(), 10 | 13)
        && whole.starts_with('1')
        && whole.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_time() {
        for (text, expected) in [
            ("10:32", true),
            ("10:32:05 AM", true),
            ("01/05/2024, 10:32", true),
            ("2024-05-01T10:32:05.123+02:00", true),
            ("2024-05-01 10:32 UTC", true),
            ("1.5.24, 9:05 Uhr", true),
            ("0612345678", false),
            ("06:12:34:56", false),
            ("06:12", true),
            ("12-34-56-78", false),
            ("10:32 Marie", false),
            ("01/05/1980", false),
            ("99:99", false),
            ("10:32 06/12/34/56", false),
            ("", false),
        ] {
            assert_eq!(is_time(text), expected, "{text}");
        }
        for (text, bytes) in [
            ("[10:32] Marie: x", 7),
            ("  (10:32) x", 9),
            ("01/05/2024, 10:32 - Marie: x", 19),
            ("10:32 Marie", 5),
            ("Marie 10:32", 0),
            ("[0612345678] x", 0),
            ("2024-05-01T10:32:05Z Marie", 20),
        ] {
            assert_eq!(leading(text), bytes, "{text}");
        }
        assert!(is_epoch("1714552325.000200") && is_epoch("1714552325123"));
        assert!(!is_epoch("33612345678") && !is_epoch("0612345678"));
    }
}
