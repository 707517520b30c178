//! The second half: people ask for their data, and for its end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use tactful::crypto_store::{Accessor, KeyFile, OsEntropy, Store, StoreFiles};
use tactful::gdpr_rights::request::case::{AnswerTo, Art19, Channel, Extent, Message};
use tactful::gdpr_rights::request::certificate::SignedCertificate;
use tactful::gdpr_rights::request::clock::Deadline;
use tactful::gdpr_rights::request::package::Package;
use tactful::gdpr_rights::request::sign::{KeyId, SigningKey, VerifyingKey};
use tactful::gdpr_rights::{Language, Right};
use tactful::retention_policy::{ActorId, CaseId, RecordId, Role};
use tactful::suggest_core::Author;
use tactful::{
    Clock, Controller, Customer, Desk, Intake, ManualClock, RightsRequest, Step, Ticket,
};

use super::proof::{count, note, row};
use super::{QuickStartError, Screen, shop};
use crate::paint::{BOLD, DIM, Piece, WIDTH, rule, styled, wrap};
use crate::scan::{search, size};

/// The one who answers requests of people.
pub(super) const OFFICER: [u8; 16] = *b"privacy-officer1";
/// The key of this program; a real desk keeps its own.
const SIGNING: [u8; 32] = *b"a key for a program to play with";

/// The margin of a text that somebody reads.
pub(super) const BOX: &str = "      \u{2502} ";
/// Lines shown of each text in a package.
const LINES: usize = 8;

/// What stands of the person in the two tickets, and is looked for afterwards.
const PLANTED: [&str; 4] = [
    "Orla Brennigan",
    "orla.brennigan@mailbox.example",
    "17 Harbour Lane",
    "FL-204417",
];

pub(super) fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&SIGNING)
}

pub(super) fn controller() -> Result<Controller, QuickStartError> {
    Ok(Controller::new(
        "Fernlicht GmbH",
        "privacy@fernlicht.example",
        "DE-BE",
        "Europe/Berlin",
    )?)
}

/// The one who answers requests of people.
pub(super) fn officer() -> Accessor {
    Accessor::new(ActorId::from_bytes(OFFICER), Role::PrivacyOfficer, shop())
}

/// Checks a certificate that an earlier run left, with the public key beside it.
///
/// # Errors
/// The file cannot be read, or it is not what the key signed.
pub fn verify(file: &Path) -> Result<(), QuickStartError> {
    let mut screen = Screen::new(false);
    let key = fs::read_to_string(file.with_extension("pub"))?;
    let key = public_key(key.trim()).ok_or(QuickStartError::Input(
        "the file with the ending .pub beside the certificate holds no public key of 64 hexadecimal digits",
    ))?;
    let certificate = SignedCertificate::verify(&fs::read(file)?, &key)
        .map_err(|error| QuickStartError::Proof(error.to_string()))?;
    screen.say(&row(
        "the certificate",
        &format!("as it was signed by key {}", KeyId::of(&key)),
        true,
    ))?;
    screen.say(&row("case", &certificate.case().to_string(), true))?;
    screen.say(&row(
        "issued",
        &certificate
            .issued()
            .format("%Y-%m-%d %H:%M UTC")
            .to_string(),
        true,
    ))?;
    for source in certificate.sources() {
        let before = source.before.map_or("some".to_owned(), |n| n.to_string());
        screen.say(&row(
            &format!("source {}", source.source.as_str()),
            &format!("{before} before, 0 after"),
            true,
        ))?;
    }
    screen.say(&styled(DIM, "     a technical record, no legal advice"))?;
    Ok(())
}

fn public_key(hex: &str) -> Option<VerifyingKey> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let mut bytes = [0; 32];
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (to, pair) in bytes.iter_mut().zip(pairs) {
        *to = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    VerifyingKey::from_bytes(&bytes).ok()
}

/// Plays the three requests.
pub(super) async fn run(
    screen: &mut Screen,
    desk: &Desk,
    agent: &Accessor,
    clock: &Arc<ManualClock>,
    dir: &Path,
    stays: bool,
    tickets: &[Ticket],
) -> Result<(), QuickStartError> {
    let Some(first) = tickets.iter().find(|t| t.id() == "t-en-01") else {
        return Ok(());
    };
    screen.say(&format!("\n{}", rule("people ask")))?;
    screen.say(&note("two more tickets come in"))?;
    let sessions = two_tickets(desk, agent, clock, first).await?;
    screen.say(&styled(
        DIM,
        "     one of Orla's own, and one in which a colleague of hers speaks of her",
    ))?;
    let mut story = Story {
        screen,
        desk,
        officer: officer(),
        clock,
        dir,
        sessions,
        stays,
        reply: None,
    };
    story.access().await?;
    story.stranger().await?;
    story.erasure().await
}

async fn two_tickets(
    desk: &Desk,
    agent: &Accessor,
    clock: &ManualClock,
    first: &Ticket,
) -> Result<[RecordId; 2], QuickStartError> {
    // The same words again, as a ticket of today.
    let day = clock.now().format("%Y%m%d%H%M%S");
    let own = Ticket::new(
        format!("{}-{day}", first.id()),
        first.customer().cloned(),
        first.thread().to_vec(),
    )?;
    let text = "Hello, the lamp of order FL-204417 is for my colleague Orla Brennigan \
        (orla.brennigan@mailbox.example). Please write to her directly.\nNoor Castellane";
    let message = tactful::Message::new(Author::Customer, None, text);
    let noor = Customer::new()
        .with_name("Noor Castellane")
        .with_email("noor.castellane@mailbox.example");
    let other = Ticket::new(format!("t-en-90-{day}"), Some(noor), vec![message])?;
    Ok([
        desk.ingest(agent, &own).await?.record(),
        desk.ingest(agent, &other).await?.record(),
    ])
}

struct Story<'s> {
    screen: &'s mut Screen,
    desk: &'s Desk,
    officer: Accessor,
    clock: &'s Arc<ManualClock>,
    dir: &'s Path,
    sessions: [RecordId; 2],
    /// Whether the folder is the user's own.
    stays: bool,
    /// What the first person was answered, without its reference.
    reply: Option<String>,
}

/// What of `data.json` is shown here.
#[derive(serde::Deserialize)]
struct Data {
    items: Vec<DataItem>,
}

#[derive(serde::Deserialize)]
struct DataItem {
    fields: BTreeMap<String, serde_json::Value>,
}

fn orla() -> Customer {
    Customer::new()
        .with_name("Orla Brennigan")
        .with_email("orla.brennigan@mailbox.example")
}

impl Story<'_> {
    /// A request comes in; what is said at once, and by which day the answer is due.
    async fn ask(&mut self, right: Right, who: Customer) -> Result<Intake, QuickStartError> {
        let request = RightsRequest::new(right, self.clock.now(), who)
            .through(Channel::GeneralAddress)
            .in_language(Language::English);
        let mut queued = None;
        let intake = self
            .desk
            .request(&self.officer, &request, |reply| {
                queued = Some(reply.body().to_owned());
            })
            .await?;
        // The same but for the reference, which is random.
        let reply = queued
            .unwrap_or_default()
            .replace(&intake.case.to_string(), "(reference)");
        match &self.reply {
            None => {
                self.screen
                    .say(&row("queued before anybody is looked for", "", true))?;
                for line in reply.lines() {
                    let piece = Piece {
                        text: line.to_owned(),
                        style: None,
                    };
                    self.screen
                        .say(&styled(DIM, &wrap(&[piece], BOX, WIDTH - 6)))?;
                }
                self.reply = Some(reply);
            }
            Some(first) => {
                let same = *first == reply;
                let what = if same {
                    "the same, byte for byte"
                } else {
                    "ANOTHER ONE"
                };
                self.screen.say(&row("the reply", what, same))?;
                if !same {
                    return Err(QuickStartError::Proof(
                        "the reply tells people apart".to_owned(),
                    ));
                }
            }
        }
        self.dates(&intake.deadline)?;
        self.screen.tell(&json!({
            "event": "request",
            "case": intake.case.to_string(),
            "right": right.code(),
            "due": intake.deadline.base().due(),
        }))?;
        Ok(intake)
    }

    fn dates(&mut self, deadline: &Deadline) -> Result<(), QuickStartError> {
        for line in deadline.to_string().lines() {
            let (style, text) = match line.strip_prefix("Answer by ") {
                Some(rest) => (BOLD, format!("answer by {rest}")),
                None => (DIM, line.to_owned()),
            };
            let margin = if text.starts_with("- ") {
                "       "
            } else {
                "     "
            };
            let piece = Piece {
                text: text.trim_start_matches("- ").to_owned(),
                style: None,
            };
            self.screen
                .say(&styled(style, &wrap(&[piece], margin, WIDTH - 8)))?;
        }
        Ok(())
    }

    /// The client is told, instructs, and a human approves.
    async fn until_done(&mut self, case: CaseId) -> Result<u64, QuickStartError> {
        let (desk, by) = (self.desk, &self.officer);
        desk.advance(by, case, Step::Refer).await?;
        let asked = desk.instruct(by, case, AnswerTo::Person).await?;
        let found: u64 = asked.found.iter().map(|(_, n)| n).sum();
        desk.advance(by, case, Step::Approve(Extent::Full)).await?;
        desk.advance(by, case, Step::Execute).await?;
        self.screen.say(&row(
            "the client instructs, sources answer",
            &format!(
                "{} in {}",
                count(found, "record"),
                count(asked.found.len() as u64, "source")
            ),
            true,
        ))?;
        Ok(found)
    }

    /// Makes the package, fetches it with its link, opens it and lists it.
    async fn package(&mut self, case: CaseId) -> Result<u64, QuickStartError> {
        let (desk, by) = (self.desk, &self.officer);
        let made = desk.advance(by, case, Step::Deliver).await?;
        let handover = made
            .package
            .ok_or(QuickStartError::Input("the answer has no package"))?;
        desk.advance(by, case, Step::Sent(Message::Answer)).await?;
        let fetched = desk.collect(by, case, &handover.token).await?;
        let opened = Package::open(&fetched.bytes, &signing_key().verifying_key())
            .map_err(|error| QuickStartError::Proof(error.to_string()))?;
        self.screen.say(&row(
            "the package, signature checked",
            &format!(
                "{}; the link opens {} more until {}",
                count(opened.items(), "item"),
                count(u64::from(fetched.left), "time"),
                handover.until.format("%Y-%m-%d")
            ),
            true,
        ))?;
        for file in opened.files() {
            let line = format!("      {:<22}{:>7} bytes", file.name, file.size);
            self.screen.say(&styled(DIM, &line))?;
        }
        let data: Data = opened
            .expose("data.json")
            .and_then(|bytes| serde_json::from_slice(bytes).ok())
            .ok_or(QuickStartError::Input(
                "the package has no readable data.json",
            ))?;
        for text in data.items.iter().filter_map(|item| item.fields.get("text")) {
            let piece = Piece {
                text: text.as_str().unwrap_or_default().to_owned(),
                style: None,
            };
            let all = wrap(&[piece], BOX, WIDTH - 6);
            for line in all.lines().take(LINES) {
                self.screen.say(line)?;
            }
            self.screen.say(BOX)?;
        }
        Ok(opened.items())
    }

    async fn access(&mut self) -> Result<(), QuickStartError> {
        self.screen.say(&note("Orla asks for a copy of her data"))?;
        let intake = self.ask(Right::Access, orla()).await?;
        let found = self.until_done(intake.case).await?;
        let items = self.package(intake.case).await?;
        self.screen.tell(&json!({
            "event": "package", "case": intake.case.to_string(), "found": found, "items": items,
        }))?;
        if found < 2 {
            return Err(QuickStartError::Proof(format!(
                "{found} of 2 tickets of the person were found"
            )));
        }
        Ok(())
    }

    async fn stranger(&mut self) -> Result<(), QuickStartError> {
        self.screen
            .say(&note("somebody asks whom nobody here knows"))?;
        let nobody = Customer::new().with_email("nobody.known@mailbox.example");
        let intake = self.ask(Right::Access, nobody).await?;
        let found = self.until_done(intake.case).await?;
        self.package(intake.case).await?;
        self.screen.say(&styled(
            DIM,
            "     the one item is the request itself; that nothing else is known is a full answer",
        ))?;
        self.screen.tell(&json!({
            "event": "stranger", "case": intake.case.to_string(), "found": found,
        }))?;
        if found > 0 {
            return Err(QuickStartError::Proof("a stranger was found".to_owned()));
        }
        Ok(())
    }

    async fn erasure(&mut self) -> Result<(), QuickStartError> {
        self.screen.say(&note("Orla asks for erasure"))?;
        self.clock.advance(TimeDelta::hours(1));
        self.desk.store().flush().await?;
        let folder = tempfile::tempdir()?;
        let copy = folder.path().join("records.db");
        fs::copy(self.dir.join("records.db"), &copy)?;
        let before = self.read(&copy).await?;
        let intake = self.ask(Right::Erasure, orla()).await?;
        self.until_done(intake.case).await?;
        let (desk, by) = (self.desk, &self.officer);
        desk.advance(by, intake.case, Step::Recipients(Art19::NoRecipients))
            .await?;
        let made = desk.advance(by, intake.case, Step::Deliver).await?;
        desk.advance(by, intake.case, Step::Sent(Message::Answer))
            .await?;
        let signed = made
            .certificate
            .ok_or(QuickStartError::Input("the answer has no certificate"))?;
        let file = self.dir.join("erasure-certificate.txt");
        fs::write(&file, signed.to_bytes())?;
        let key = signing_key().verifying_key();
        let hex: String = key.as_bytes().iter().map(|b| format!("{b:02x}")).collect();
        fs::write(file.with_extension("pub"), hex)?;
        let checked = SignedCertificate::verify(&fs::read(&file)?, &key).is_ok();
        self.screen.say(&row(
            "the certificate, signature checked",
            &format!(
                "{} asked again, nothing found",
                count(signed.certificate().sources().len() as u64, "source")
            ),
            checked,
        ))?;
        let after = self.read(&copy).await?;
        self.screen.say(&row(
            "a copy of the files from before",
            &format!(
                "{} of {} planted values then, {} now",
                before.len(),
                PLANTED.len(),
                after.len()
            ),
            before.len() == PLANTED.len() && after.is_empty(),
        ))?;
        let clear = search(self.dir, &PLANTED)?.len();
        let (files, bytes) = size(self.dir)?;
        self.screen.say(&row(
            "every byte of the store",
            &format!(
                "{clear} values in clear, hex or base64 ({files} files, {} KiB)",
                bytes / 1024
            ),
            clear == 0,
        ))?;
        self.screen.say(&styled(
            DIM,
            &format!(
                "     her colleague's ticket goes on without her{}",
                if self.stays {
                    format!("; to check offline: quick_start verify {}", file.display())
                } else {
                    String::new()
                }
            ),
        ))?;
        self.screen.tell(&json!({
            "event": "erased",
            "case": intake.case.to_string(),
            "readable_before": before.len(),
            "readable": after.len(),
            "in_clear": clear,
            "certificate": checked,
        }))?;
        if before.len() != PLANTED.len() || !after.is_empty() || clear > 0 || !checked {
            return Err(QuickStartError::Proof(
                "the erasure left something, or the search finds nothing at all".to_owned(),
            ));
        }
        Ok(())
    }

    /// Which planted values a copy of the records gives away, with the keys that exist now.
    async fn read(&self, copy: &Path) -> Result<BTreeSet<&'static str>, QuickStartError> {
        let entropy = Arc::new(OsEntropy::new());
        let root = KeyFile::open(self.dir.join("root.key"), Arc::<OsEntropy>::clone(&entropy))?;
        let files = StoreFiles::new(copy, self.dir.join("keys.db"));
        let store = Store::open_copy(&files, Arc::new(root), entropy).await?;
        let agent = super::agent();
        let mut found = BTreeSet::new();
        for session in self.sessions {
            match self
                .desk
                .thread_in(&store, &agent, session, self.clock.now())
                .await
            {
                Ok(thread) => {
                    for message in &thread {
                        found.extend(PLANTED.iter().filter(|v| message.expose().contains(**v)));
                    }
                }
                Err(error) if error.is_expired() => {}
                Err(error) => return Err(error.into()),
            }
        }
        store.close().await?;
        Ok(found)
    }
}
