//! What is read, and what holds what.

use super::*;
use crate::guard::words;

fn shown(text: &str, locale: Locale) -> String {
    let name = |unit: Unit| {
        [
            "day", "week", "hour", "month", "year", "percent", "kg", "gb", "degree", "point", "km",
        ]
        .into_iter()
        .find(|name| words::unit(name) == Some(unit))
        .unwrap_or("?")
    };
    let code = |currency: Option<Currency>| {
        ["eur", "gbp", "usd", "chf"]
            .into_iter()
            .find(|code| currency.is_some() && words::currency(code) == currency)
            .unwrap_or("?")
    };
    let parts: Vec<String> = values(text, locale)
        .into_iter()
        .filter(Value::claims)
        .map(|value| match value.what {
            What::Number(n, Some(unit)) => format!("{n} {}", name(unit)),
            What::Number(n, None) => n,
            What::Price(n, currency) => format!("{} {n}", code(currency)),
            What::Time(m, known) => {
                format!("{}:{:02}{}", m / 60, m % 60, if known { "" } else { "?" })
            }
            What::Date(d) => {
                let year = d.year.map_or_else(String::new, |year| format!("{year}-"));
                let weekday = d.weekday.map_or_else(String::new, |w| format!("/{w}"));
                format!("{year}{}-{}{weekday}", d.month, d.day)
            }
            What::DayOfMonth(d) => format!("day {d}"),
            What::Weekday(d) => format!("weekday {d}"),
            What::Url(None, u) => format!("url {u}"),
            What::Url(Some(s), u) => format!("url {s}:{u}"),
            What::Email(e) => format!("mail {e}"),
        })
        .collect();
    parts.join(", ")
}

#[test]
fn values_are_read_alike() {
    use Locale::{Dutch, English, French, German, Italian, Portuguese, Spanish};
    for (locale, text, expected) in [
        (English, "within 30 days", "30 day"),
        (German, "innerhalb von 14 Werktagen", "14 day"),
        (English, "3-5 days", "3 day, 5 day"),
        (English, "5 to 7 working days", "5 day, 7 day"),
        (French, "deux semaines", "2 week"),
        (Italian, "due settimane", "2 week"),
        (English, "due to that", ""),
        (
            English,
            "49,90 \u{20ac} or EUR 1.250,00 or $5",
            "eur 49.9, eur 1250, usd 5",
        ),
        (Dutch, "\u{20ac} 49,- of 7,- euro", "eur 49, eur 7"),
        (English, "20 % off, ten per cent", "20 percent, 10 percent"),
        (Spanish, "el veinticinco por ciento", "25 percent"),
        (French, "dix pour cent", "10 percent"),
        (
            English,
            "on 12.03.2026 or 12 March 2026 or March 12",
            "2026-3-12, 2026-3-12, 3-12",
        ),
        (
            English,
            "the 3rd of May, third of May, May 3, 2026",
            "5-3, 5-3, 2026-5-3",
        ),
        (Spanish, "el 12 de marzo de 2026", "2026-3-12"),
        (French, "le 1er mai, le premier mai", "5-1, 5-1"),
        (
            German,
            "am 12. M\u{e4}rz, am dritten Mai 2026",
            "3-12, 2026-5-3",
        ),
        (German, "vom 12. bis 15. M\u{e4}rz", "3-12, 3-15"),
        (Portuguese, "de 29/05 a 14/06", "5-29, 6-14"),
        (Italian, "gioved\u{ec} 12 marzo 2026", "2026-3-12/3"),
        (Portuguese, "na segunda-feira", "weekday 0"),
        (English, "You may return 5 may be less", "5"),
        (English, "by Friday", "weekday 4"),
        (
            English,
            "see https://www.Shop.example/returns/.",
            "url https:shop.example/returns",
        ),
        (
            English,
            "write to Help@shop.example!",
            "mail help@shop.example",
        ),
        (English, "1. open it\n2. close it", ""),
        (English, "Three things to check:\n1) the plug", ""),
        (English, "nothing. here", ""),
        (English, "1,000 points", "1000 point"),
        (French, "25\u{a0}000 heures", "25000 hour"),
        (
            English,
            "2 pm, 2 p.m., 14:00, half past six",
            "14:00, 14:00, 14:00, 6:30?",
        ),
        (English, "two in the afternoon", "14:00"),
        (
            German,
            "um halb sieben, 18 Uhr 30, 13 bis 20 Uhr",
            "6:30?, 18:30, 13:00, 20:00",
        ),
        (Dutch, "om vier uur 's middags, 16.00 uur", "16:00, 16 hour"),
        (French, "18h30", "18:30"),
        (Italian, "alle sei e mezza di sera", "18:30"),
        (Spanish, "una noche", ""),
        (German, "einundzwanzig Tage", "21 day"),
        (German, "zweihundertf\u{fc}nfzig Euro", "eur 250"),
        (French, "quatre-vingt-dix jours", "90 day"),
        (French, "soixante et onze, quatre-vingts", "71, 80"),
        (Italian, "ventuno giorni, trentotto", "21 day, 38"),
        (
            Spanish,
            "veintiuno, treinta y cinco d\u{ed}as",
            "21, 35 day",
        ),
        (
            Dutch,
            "eenentwintig dagen, tweehonderdvijftig",
            "21 day, 250",
        ),
        (
            Portuguese,
            "vinte e um dias, cento e vinte e cinco",
            "21 day, 125",
        ),
        (
            English,
            "two hundred and fifty, twenty-five thousand hours",
            "250, 25000 hour",
        ),
        (
            English,
            "twelve euros fifty, twenty pence",
            "eur 12.5, gbp 0.2",
        ),
        (German, "zw\u{f6}lf Euro und f\u{fc}nfzig Cent", "eur 12.5"),
        (Dutch, "vijf euro vijfenzeventig", "eur 5.75"),
        (French, "4\u{20ac}50, vingt francs", "eur 4.5, chf 20"),
        (
            Spanish,
            "a\u{f1}o y medio, dos a\u{f1}os y medio",
            "2.5 year",
        ),
        (German, "30 GB, 30GB und 5 km", "30 gb, 30 gb, 5 km"),
        (English, "30 \u{b0}C, 8 degrees", "30 degree, 8 degree"),
    ] {
        assert_eq!(shown(text, locale), expected, "{text}");
    }
}

fn held(draft: &str, passage: &str, locale: Locale) -> bool {
    let mut known = Support::default();
    known.add(values(passage, locale), From::Passage);
    values(draft, locale)
        .iter()
        .filter(|value| value.claims())
        .all(|value| known.holds(value))
}

#[test]
fn what_holds_what() {
    use Locale::{Dutch, English, French, German, Italian, Spanish};
    for (locale, passage, yes, no) in [
        (English, "You have 30 days.", "30 days", "30 weeks"),
        (English, "You have 30 days.", "thirty days", "31 days"),
        (English, "\u{20ac} 4,90", "4.90 EUR", "5.90 EUR"),
        (English, "\u{20ac} 4,90", "four euros ninety", "4.90 GBP"),
        (English, "12.03.2026", "12 March", "13 March"),
        (English, "12 March", "12 March 2026", "2 March"),
        (
            English,
            "2026-03-12",
            "Thursday 12 March",
            "Friday 12 March",
        ),
        (English, "until 14:00", "until 2 pm", "until 2 am"),
        (German, "8 bis 13 Uhr", "ab 8 Uhr", "ab 9 Uhr"),
        (German, "ab 12:30 Uhr", "ab halb eins", "ab halb zwei"),
        (
            Italian,
            "dalle 8.30 alle 17.30",
            "dalle 8:30 alle 17:30",
            "dalle 8:30 alle 17:45",
        ),
        (
            French,
            "13 h : 14,50 \u{20ac}",
            "avant 13 h, \u{e0} 14,50 \u{20ac}",
            "avant 13 h, \u{e0} 14,30 \u{20ac}",
        ),
        (
            German,
            "zwischen 9 und 18 Uhr",
            "ab neun Uhr",
            "ab zehn Uhr",
        ),
        (
            Dutch,
            "om 16.00 uur",
            "om vier uur 's middags",
            "om vijf uur 's middags",
        ),
        (
            Italian,
            "5 settimane per il faggio, 8 per il noce",
            "otto settimane",
            "otto giorni",
        ),
        (
            Spanish,
            "cuesta 12,50 \u{20ac}",
            "doce euros con cincuenta",
            "doce euros",
        ),
        (
            English,
            "https://shop.example/returns",
            "www.shop.example/returns",
            "http://shop.example/returns",
        ),
        (
            English,
            "https://shop.example/returns",
            "shop.example/returns/",
            "shop.example/other",
        ),
    ] {
        assert!(held(yes, passage, locale), "{yes}");
        assert!(!held(no, passage, locale), "{no}");
    }
}
