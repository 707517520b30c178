//! Answers the request of a person who does not exist: makes the package, writes it to a folder, opens it again.
//!
//! ```sh
//! cargo run -q -p tactful-gdpr-rights --example package -- FOLDER [en|fr] [access|portability]
//! ```
//!
//! The folder gets `package.zip` and the same files unpacked; open `letter.html` in a browser.

use std::error::Error;
use std::path::Path;

use gdpr_rights::request::package::{
    Automation, DataCategory, Disclosure, Item, Keeps, LetterLanguage, Origin, Package,
    PackageInput, PackageRight, Provenance, Reason, SourceReport,
};
use gdpr_rights::request::sign::SigningKey;
use gdpr_rights::{Country, Recipient, RecipientRole, SourceId};
use retention_policy::{CaseId, Category, LegalBasis, Policy, Purpose, PurposeSet};

/// What three sources hold about Maren Quill, a customer of an invented shop.
///
/// # Errors
/// None: every value fits.
pub(crate) fn input(
    right: PackageRight,
    language: LetterLanguage,
) -> Result<PackageInput, Box<dyn Error>> {
    let french = language == LetterLanguage::French;
    let say = |english: &str, in_french: &str| if french { in_french } else { english }.to_owned();
    let (store, shop, mood) = (
        SourceId::new("store")?,
        SourceId::new("shop-orders")?,
        SourceId::new("mood-index")?,
    );
    let orders = DataCategory::named(&say("Orders", "Commandes"))?;
    let mut items = vec![
        Item::new(&store, Category::Session, "2026-03-01T17:42:10Z".parse()?, Provenance::Provided)?
            .with("from", "customer")?
            .with("text", say(
                "Hello, my lamp arrived with a crack. Could somebody call me at +33 6 39 98 12 34?\nMaren Quill",
                "Bonjour, ma lampe est arriv\u{e9}e f\u{ea}l\u{e9}e. Quelqu'un peut-il m'appeler au +33 6 39 98 12 34 ?\nMaren Quill",
            ))?,
        Item::new(&store, Category::Session, "2026-03-01T18:05:33Z".parse()?, Provenance::Provided)?
            .with("from", "agent")?
            .with("text", say(
                "Dear Maren, I am sorry. My colleague [name removed] will call you tomorrow.",
                "Bonjour Maren, toutes nos excuses. Ma coll\u{e8}gue [nom retir\u{e9}] vous appellera demain.",
            ))?,
        Item::new(&store, Category::Consent, "2026-02-11T08:00:00Z".parse()?, Provenance::Provided)?
            .with("purpose", "improve_service")?
            .with("agreed", false)?,
        Item::new(&mood, Category::Session, "2026-03-01T17:42:11Z".parse()?, Provenance::Inferred)?
            .with("mood", say("disappointed", "d\u{e9}\u{e7}ue"))?,
    ];
    for (number, at, cents, phone) in [
        (
            "FL-204417",
            "2026-02-10T20:14:00Z",
            8_900,
            "+33 6 39 98 12 34",
        ),
        ("FL-198803", "2025-11-28T12:00:00Z", 2_450, ""),
    ] {
        items.push(
            Item::new(&shop, orders.clone(), at.parse()?, Provenance::Observed)?
                .with("number", number)?
                .with("amount_cents", cents)?
                .with("phone", phone)?,
        );
    }
    let policy = Policy::default();
    let purpose = PurposeSet::only;
    let in_contract = LegalBasis::Contract;
    let reasons = vec![
        Reason::by_policy(
            &policy,
            Category::Session,
            purpose(Purpose::DraftReply).with(Purpose::Secure),
            in_contract,
            Origin::Person,
        ),
        Reason::by_policy(
            &policy,
            Category::Consent,
            purpose(Purpose::AnswerRequest),
            LegalBasis::Consent,
            Origin::Person,
        ),
        Reason {
            category: orders,
            purposes: purpose(Purpose::Operate),
            basis: in_contract,
            keeps: Keeps::Until(say(
                "until two years after the purchase, while you can claim on the warranty",
                "jusqu\u{2019}\u{e0} deux ans apr\u{e8}s l\u{2019}achat, tant que la garantie peut jouer",
            )),
            origin: Origin::Other(say(
                "from the order system of the shop",
                "du syst\u{e8}me de commande de la boutique",
            )),
        },
    ];
    let recipient = |name: &str, country, keeps_hours| -> Result<Recipient, gdpr_rights::Error> {
        Ok(Recipient {
            name: name.to_owned(),
            role: RecipientRole::SubProcessor,
            country: Country::from_code(country)?,
            keeps_hours,
        })
    };
    Ok(PackageInput {
        case: CaseId::from_random([0x5a; 16]),
        right,
        language,
        controller: "Lampes & Lueurs SARL".into(),
        country: Country::from_code("FR")?,
        contact: say(
            "Data protection officer, Lampes & Lueurs SARL\ndpo@lampes-lueurs.example",
            "D\u{e9}l\u{e9}gu\u{e9}e \u{e0} la protection des donn\u{e9}es, Lampes & Lueurs SARL\ndpo@lampes-lueurs.example",
        ),
        authority: "Commission nationale de l\u{2019}informatique et des libert\u{e9}s (CNIL)"
            .into(),
        received: "2026-03-02T09:14:00Z".parse()?,
        due: "2026-04-02".parse()?,
        made: "2026-03-09T15:30:00Z".parse()?,
        asked: vec![
            store.clone(),
            shop.clone(),
            mood.clone(),
            SourceId::new("mail-archive")?,
        ],
        reports: vec![
            SourceReport::answered(&store, 3),
            SourceReport::answered(&shop, 2),
            SourceReport::answered(&mood, 1),
            SourceReport::answered(&SourceId::new("mail-archive")?, 0),
        ],
        items,
        reasons,
        recipients: vec![
            Disclosure {
                recipient: recipient("Nordlicht Hosting GmbH", "DE", Some(24))?,
                safeguard: None,
            },
            Disclosure {
                recipient: recipient("Granite Model Services Inc.", "US", Some(0))?,
                safeguard: Some(say(
                    "standard contractual clauses of the European Commission",
                    "clauses contractuelles types de la Commission europ\u{e9}enne",
                )),
            },
        ],
        automation: Automation::HumanDecides,
        redacted_values: 1,
    })
}

#[allow(
    dead_code,
    clippy::print_stdout,
    reason = "a program when run, a module of the tests"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().ok_or("name a folder to write to")?;
    let language = if arguments.iter().any(|a| a == "fr") {
        LetterLanguage::French
    } else {
        LetterLanguage::English
    };
    let right = if arguments.iter().any(|a| a == "portability") {
        PackageRight::Portability
    } else {
        PackageRight::Access
    };
    // A key for show. An operator keeps a random one and publishes the other half.
    let key = SigningKey::from_bytes(&[7; 32]);
    let package = Package::build(&input(right, language)?, &key)?;

    let folder = Path::new(folder);
    std::fs::create_dir_all(folder.join("data"))?;
    std::fs::write(folder.join("package.zip"), package.expose_bytes())?;
    let opened = Package::open(package.expose_bytes(), &key.verifying_key())?;
    println!(
        "package.zip, {} bytes: {} of case {}, {} items",
        package.expose_bytes().len(),
        opened.right().code(),
        opened.case(),
        opened.items()
    );
    for (source, items) in opened.sources() {
        println!("  asked {:<14} answered {items} items", source.as_str());
    }
    let listed = opened.files().iter().map(|file| file.name.as_str());
    for name in listed.chain(["manifest.json"]) {
        let content = opened.expose(name).ok_or("a listed file is there")?;
        std::fs::write(folder.join(name), content)?;
        println!("  {name:<22} {:>7} bytes, signed", content.len());
    }
    println!("Software, not legal advice. Maren Quill and the shop are invented.");
    Ok(())
}
