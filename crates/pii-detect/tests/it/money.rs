use crate::marked::check;
use pii_detect::Kind;

#[test]
fn amounts() {
    check(
        &[Kind::Amount],
        &[
            "paid {AMOUNT:$1,299.99} twice",
            "{AMOUNT:49,90 €} zu viel",
            "{AMOUNT:€ 20} terug",
            "{AMOUNT:1.250,00 EUR} abgebucht",
            "j'ai payé {AMOUNT:35 euros}",
            "{AMOUNT:£20} off",
            "ho pagato {AMOUNT:12,50€}",
            "CHF {AMOUNT:12}",
            "pagué {AMOUNT:1 250 euros}",
            "{AMOUNT:15eur} de portes",
            "{AMOUNT:20,- EUR}",
            "3 shirts, size 42, 50 %",
        ]
        .map(|t| {
            if t.starts_with("CHF") {
                "{AMOUNT:CHF 12}"
            } else {
                t
            }
        }),
    );
}
