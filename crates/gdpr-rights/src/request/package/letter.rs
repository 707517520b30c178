//! The letter: a page that says in plain words what articles 15(1) and 20 ask for.
//!
//! The words stand in a template a language; what comes in as data is escaped by the engine, and set apart from the direction
//! of the text around it by `bdi`.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use retention_policy::Category;

use super::item::Item;
use super::reason::{Automation, Keeps, Origin, Reason};
use super::sheet::Sheet;
use super::wipe::Wiped;
use super::{LetterLanguage, PackageError, PackageInput, PackageRight};

const ENGLISH: &str = include_str!("../../../data/package/letter.en.html");
const FRENCH: &str = include_str!("../../../data/package/letter.fr.html");
const STYLE: &str = include_str!("../../../data/package/letter.css");

/// The file `letter.html`.
pub(super) fn write(
    input: &PackageInput,
    items: &[&Item],
    sheets: &[Sheet],
) -> Result<Wiped, PackageError> {
    let mut engine = Environment::new();
    engine.set_auto_escape_callback(|_| AutoEscape::Html);
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    let template = engine
        .template_from_str(match input.language {
            LetterLanguage::English => ENGLISH,
            LetterLanguage::French => FRENCH,
        })
        .map_err(|_| PackageError::Writing)?;
    let mut out = Wiped::with_capacity(32 * 1024);
    template
        .render_captured_to(values(input, items, sheets), &mut out)
        .map_err(|_| PackageError::Writing)?;
    Ok(out)
}

fn values(input: &PackageInput, items: &[&Item], sheets: &[Sheet]) -> Value {
    let language = input.language;
    let decides = match &input.automation {
        Automation::HumanDecides => Value::from(false),
        Automation::Decides {
            logic,
            significance,
            consequences,
        } => context! {
            logic => shown(logic),
            significance => shown(significance),
            consequences => shown(consequences),
        },
    };
    let recipients: Vec<Value> = input
        .recipients
        .iter()
        .map(|disclosure| {
            let recipient = &disclosure.recipient;
            context! {
                name => shown(&recipient.name),
                role => language.role(recipient.role),
                country => language.country(recipient.country),
                told => recipient.keeps_hours.is_some(),
                hours => recipient.keeps_hours.unwrap_or_default(),
                safeguard => disclosure.safeguard.as_deref().map_or(Value::from(false), |s| shown(s).into()),
            }
        })
        .collect();
    let reasons: Vec<Value> = input
        .reasons
        .iter()
        .filter_map(|reason| {
            let sheet = sheets.iter().find(|s| s.category == reason.category)?;
            Some(category(language, reason, sheet))
        })
        .collect();
    let guarded: u64 = sheets.iter().map(|sheet| sheet.guarded).sum();
    context! {
        style => Value::from_safe_string(STYLE.to_owned()),
        access => input.right == PackageRight::Access,
        case => input.case.to_string(),
        controller => shown(&input.controller),
        country => language.country(input.country),
        contact => shown(&input.contact),
        authority => shown(&input.authority),
        received => language.instant(input.received),
        due => language.day(input.due),
        made => language.day(input.made.date_naive()),
        items => items.len(),
        // A record of the request itself is data too, and is no reason to say that the person is known here.
        request_alone => !items.is_empty()
            && items.iter().all(|item| item.category().house() == Some(Category::RightsCase)),
        inferred => input.items.len() - items.len(),
        sources => input.asked.len(),
        redacted => input.redacted_values,
        guarded,
        reasons,
        recipients,
        abroad => input.recipients.iter().any(|r| r.safeguard.is_some()),
        consent => input.reasons.iter().any(|r| r.basis == retention_policy::LegalBasis::Consent),
        decides,
    }
}

fn category(language: LetterLanguage, reason: &Reason, sheet: &Sheet) -> Value {
    let purposes: Vec<Value> = reason
        .purposes
        .iter()
        .map(|purpose| language.purpose(purpose).into())
        .collect();
    context! {
        name => shown(language.category(&reason.category)),
        about => language.about(&reason.category),
        items => sheet.items,
        file => sheet.file.as_str(),
        purposes,
        basis => language.basis(reason.basis),
        article => reason.basis.article(),
        keeps => match &reason.keeps {
            Keeps::For(lifetime) => language.period(*lifetime),
            Keeps::Until(criterion) => shown(criterion),
        },
        fixed => matches!(reason.keeps, Keeps::For(_)),
        origin => match &reason.origin {
            Origin::Person => Value::from(false),
            Origin::Other(origin) => shown(origin).into(),
        },
    }
}

/// A text of the caller, without control characters: HTML has none, and a terminal would obey them.
fn shown(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| {
            if c.is_control() && c != '\n' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}
