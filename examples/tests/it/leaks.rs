//! Two hundred planted values, fifty of them such as no detector finds, and every place they could come out at:
//! logs at TRACE, errors, Debug, panics, store files, the audit.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt::Debug;
use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use tactful::crypto_store::{Accessor, IndexTerm};
use tactful::pii_detect::{CustomLabel, CustomRecogniser, Detector, Kind, Known};
use tactful::redact::{MapId, PseudonymMap, Tag, seal_checked};
use tactful::retention_policy::{ActorId, CaseId, Contract, Party, Policy, Region, Role, TenantId};
use tactful::suggest_core::{
    Author, ChatModel, Decision, DiscardReason, KnowledgeBase, ScriptedModel,
};
use tactful::{Customer, Desk, ManualClock, Message, Suggested, Ticket};

const PLANTED: &str = include_str!("../../../benches/suites/planted.jsonl");
pub(crate) fn plantings() -> Vec<Planting> {
    PLANTED
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

const ARTICLE: &str = "---\nid: returns-en\ntitle: Returns\nlang: en\naudience: customer\n---\n\n## How to return\n\
    You can return goods within 30 days of delivery. The return is free.\n";

#[derive(Deserialize)]
pub(crate) struct Planting {
    pub(crate) text: String,
    pub(crate) planted: Vec<Value>,
}

#[derive(Deserialize)]
pub(crate) struct Value {
    pub(crate) value: String,
    pub(crate) kind: String,
    pub(crate) detectable: bool,
}

/// What was written to one kind of place.
#[derive(Clone, Default)]
pub(crate) struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn add(&self, text: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(text.as_bytes());
        all.push(b'\n');
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Every place but the files.
#[derive(Clone, Default)]
pub(crate) struct Places {
    logs: Sink,
    errors: Sink,
    debug: Sink,
    panics: Sink,
    audit: Sink,
    /// Whether errors are shown but not panicked with: the hook that catches what is said then is the process's own.
    calm: bool,
}

impl Places {
    pub(crate) fn calm() -> Self {
        Self {
            calm: true,
            ..Self::default()
        }
    }

    fn shown(&self, value: &(impl Debug + ?Sized)) {
        self.debug.add(&format!("{value:?} {value:#?}"));
    }

    /// An error in all its forms: Display and Debug along its sources, and what `unwrap` makes of it.
    fn failed<T: Debug, E: StdError + 'static>(&self, result: Result<T, E>) {
        let Err(error) = result else { return };
        let mut cause: Option<&(dyn StdError + 'static)> = Some(&error);
        while let Some(e) = cause {
            self.errors.add(&format!("{e} {e:?} {e:#?}"));
            cause = e.source();
        }
        if self.calm {
            return;
        }
        let panicked = catch_unwind(AssertUnwindSafe(|| unwrapped(Err::<T, E>(error))));
        assert!(panicked.is_err());
    }
}

fn unwrapped<T, E: Debug>(result: Result<T, E>) -> T {
    result.unwrap()
}

/// The forms a value can stand in: as it is, in small letters, its digits, in hexadecimal, in base64, in UTF-16.
fn forms(value: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![value.as_bytes().to_vec(), value.to_lowercase().into_bytes()];
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= 7 {
        forms.push(digits.into_bytes());
    }
    let hex: String = value.bytes().map(|b| format!("{b:02x}")).collect();
    forms.push(hex.to_uppercase().into_bytes());
    forms.push(hex.into_bytes());
    forms.push(value.encode_utf16().flat_map(u16::to_le_bytes).collect());
    // Base64 at each of the three places a value can begin in a group; letters that neighbours change are left out.
    for lead in 0..3usize {
        let padded = [&vec![0; lead][..], value.as_bytes()].concat();
        let encoded = base64(&padded);
        let from = (lead * 8).div_ceil(6);
        let to = padded.len() * 8 / 6;
        forms.push(encoded[from..to].to_vec());
    }
    forms.retain(|form| form.len() >= 4);
    forms
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0usize, |w, b| (w << 8) | usize::from(*b)) << (8 * (3 - chunk.len()));
        out.extend((0..=chunk.len()).map(|i| LETTERS[(word >> (18 - 6 * i)) & 63]));
    }
    out
}

/// Which of the values stand in the bytes in some form.
pub(crate) fn found<'v>(values: &[&'v Value], bytes: &[u8]) -> Vec<&'v str> {
    let lower = bytes.to_ascii_lowercase();
    let stands = |form: &Vec<u8>| {
        memchr::memmem::find(bytes, form).is_some() || memchr::memmem::find(&lower, form).is_some()
    };
    values
        .iter()
        .filter(|v| forms(&v.value).iter().any(stands))
        .map(|v| v.value.as_str())
        .collect()
}

fn files(dir: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        all.extend(fs::read(entry.unwrap().path()).unwrap());
    }
    all
}

pub(crate) fn shop() -> TenantId {
    TenantId::from_random([1; 16])
}

pub(crate) fn contract() -> Contract {
    let (france, since) = (Region::France, "2026-01-01T00:00:00Z".parse().unwrap());
    let operators = [ActorId::from_random([8; 16])];
    Contract::new(shop(), Party::Processor, france, 1, operators, since).unwrap()
}

fn by(role: Role) -> Accessor {
    Accessor::new(ActorId::from_random([2; 16]), role, shop())
}

pub(crate) async fn desk(dir: &Path, model: Arc<dyn ChatModel>) -> Desk {
    let now = "2026-03-02T09:07:00Z".parse().unwrap();
    Desk::builder()
        .region(Region::France)
        .directory(dir)
        .key_file(dir.join("root.key"))
        .knowledge(KnowledgeBase::from_markdown([("returns.md", ARTICLE)]).unwrap())
        .clock(Arc::new(ManualClock::new(now)))
        .model(model)
        .open()
        .await
        .unwrap()
}

/// One ticket through everything that handles it.
pub(crate) async fn walk(desk: &Desk, planting: &Planting, places: &Places) {
    let first = &planting.planted[0].value;
    let customer = Customer::new()
        .with_name(first)
        .with_email(first)
        .with_order(first);
    let messages = vec![Message::new(Author::Customer, None, planting.text.clone())];
    // A helpdesk may use anything for an id: here it is a planted value itself.
    let ticket = Ticket::new(first.clone(), Some(customer.clone()), messages).unwrap();
    places.shown(&ticket);
    let agent = by(Role::Agent);
    let session = match desk.ingest(&agent, &ticket).await {
        Ok(session) => session,
        // The leak check withheld it: that is an answer too.
        Err(error) => return places.failed(Err::<(), _>(error)),
    };
    places.shown(&session);
    places.shown(session.findings());
    places.shown(session.messages());
    places.shown(&desk.ingest(&agent, &ticket).await.unwrap());
    let stranger = Accessor::new(
        ActorId::from_random([3; 16]),
        Role::Agent,
        TenantId::from_random([9; 16]),
    );
    places.failed(desk.ingest(&stranger, &ticket).await);
    places.failed(desk.session(&stranger, session.record()).await);
    places.failed(desk.session(&by(Role::Auditor), session.record()).await);

    let clear = desk
        .thread_in(
            desk.store(),
            &agent,
            session.record(),
            desk.last_seen().unwrap(),
        )
        .await
        .unwrap();
    assert_eq!(
        clear[0].expose(),
        planting.text,
        "what went in comes out for the agent"
    );
    places.shown(&clear);
    match desk.suggest(&agent, &session).await.unwrap() {
        Suggested::Draft(proposal) => {
            places.shown(&proposal);
            let shown = desk.show(&agent, &session, &proposal).await.unwrap();
            places.shown(&shown);
            let edit = Decision::edit(format!("{}\n{first}", shown.expose()));
            places.shown(&edit);
            places.shown(&desk.decide(&agent, &session, shown, edit).await.unwrap());
            places.failed(desk.show(&agent, &session, &proposal).await);
        }
        none => places.shown(&none),
    }
    places.shown(&Decision::Discard {
        reason: DiscardReason::Other,
    });
    let officer = by(Role::PrivacyOfficer);
    places.shown(&customer);
    if let Some(subject) = desk.find_person(&officer, &customer).await.unwrap() {
        let case = CaseId::from_random([5; 16]);
        places.failed(desk.erase_person(&agent, case, subject, &customer).await);
    }
}

/// Bad input to the single crates, each holding a value.
pub(crate) fn refuse(value: &str, places: &Places) {
    let detector = Detector::new();
    places.failed(Ticket::new(
        value,
        None,
        vec![Message::new(Author::Agent, None, value)],
    ));
    places.failed(Policy::from_toml(&format!(
        "[limits]\n\"{value}\" = \"24h\"\n"
    )));
    places.failed(Policy::from_toml(&format!("version = \"{value}\"")));
    places.failed(KnowledgeBase::from_markdown([("a.md", value)]));
    let article =
        format!("---\nid: {value}\nlang: {value}\naudience: {value}\n---\n\n## {value}\n{value}\n");
    places.failed(KnowledgeBase::from_markdown([("a.md", article.as_str())]));
    places.failed(IndexTerm::new(value, value));
    places.failed(IndexTerm::new("email", &value.repeat(2000)));
    places.failed(
        Detector::builder()
            .tenant_pattern(Kind::Order, &format!("({value}"))
            .build(),
    );
    let label = CustomLabel::new("OURS").unwrap();
    let pattern = CustomRecogniser::regex(label.clone(), &format!("[{value}"));
    places.shown(&pattern);
    places.failed(Detector::builder().custom(pattern).build());
    let words = CustomRecogniser::words(label, [value]);
    places.shown(&words);
    places.shown(&Detector::builder().custom(words).build());
    let short = Detector::builder().max_bytes(4).build().unwrap();
    places.failed(short.detect(value, &Known::new()));
    let mut known = Known::new();
    known
        .add_name(value)
        .add_email(value)
        .add_phone(value)
        .add_address(value)
        .add_order(value);
    places.shown(&known);
    places.shown(&detector.detect(value, &known));
    let mut map = PseudonymMap::new(MapId([7; 16]));
    places.shown(&seal_checked(value, &known, &detector, &mut map));
    places.shown(&map);
    places.shown(&Tag::parse(value));
    let mut bytes = map.to_bytes().unwrap().to_vec();
    bytes.truncate(bytes.len() - 1);
    places.failed(PseudonymMap::from_bytes(&bytes));
    places.failed(PseudonymMap::from_bytes(value.as_bytes()));
}

#[test]
fn no_planted_value_comes_out_anywhere() {
    let plantings = plantings();
    let values: Vec<&Value> = plantings.iter().flat_map(|p| &p.planted).collect();
    assert_eq!(
        (
            values.len(),
            values.iter().filter(|v| !v.detectable).count()
        ),
        (200, 50)
    );

    let places = Places::default();
    let logs = places.logs.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || logs.clone())
        .finish();
    let panics = places.panics.clone();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| panics.add(&info.to_string())));
    let dir = tempfile::tempdir().unwrap();
    let mut held: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    let walked = catch_unwind(AssertUnwindSafe(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        tracing::subscriber::with_default(subscriber, || {
            runtime.block_on(async {
                let model = Arc::new(ScriptedModel::new(
                    plantings
                        .iter()
                        .map(|p| Ok(&*p.planted[0].value.clone().leak())),
                ));
                let desk = desk(dir.path(), model.clone()).await;
                desk.onboard(contract()).await.unwrap();
                places.shown(&desk);
                for planting in &plantings {
                    walk(&desk, planting, &places).await;
                    for value in &planting.planted {
                        refuse(&value.value, &places);
                    }
                }
                places.shown(&model);
                held.insert("files, open", files(dir.path()));
                desk.sweep().await.unwrap();
                for (seq, entry) in desk.store().audit(0, usize::MAX).await.unwrap() {
                    places
                        .audit
                        .add(&format!("{} {entry:?}", entry.to_json(seq)));
                }
                for (_, entry) in desk.store().ledger(0, usize::MAX).await.unwrap() {
                    places.audit.add(&format!("{entry:?}"));
                }
                desk.close().await.unwrap();
                held.insert("files, closed", files(dir.path()));
            });
        });
    }));
    std::panic::set_hook(hook);
    assert!(
        walked.is_ok(),
        "{}",
        String::from_utf8_lossy(&places.panics.bytes())
    );

    held.insert("logs", places.logs.bytes());
    held.insert("errors", places.errors.bytes());
    held.insert("Debug", places.debug.bytes());
    held.insert("panics", places.panics.bytes());
    held.insert("audit", places.audit.bytes());
    let mut leaked = 0;
    for (place, bytes) in &held {
        let found = found(&values, bytes);
        println!(
            "{place:14} {:>9} bytes, {:>3} of 200 values {found:?}",
            bytes.len(),
            found.len()
        );
        assert!(bytes.len() > 2000, "{place} was hardly written to");
        leaked += found.len();
    }
    assert_eq!(leaked, 0);
}

#[test]
fn the_search_finds_a_value_in_every_form() {
    let value = Value {
        value: "Zo\u{eb} Quist 0470 123456".to_owned(),
        kind: "PERSON".to_owned(),
        detectable: true,
    };
    for form in forms(&value.value) {
        for around in 0..3 {
            let bytes = [&vec![b'.'; around][..], &form, b"..."].concat();
            assert_eq!(found(&[&value], &bytes).len(), 1);
        }
    }
    for lead in 0..5 {
        let text = format!("{}{}!", "a".repeat(lead), value.value);
        assert_eq!(
            found(&[&value], &base64(text.as_bytes())).len(),
            1,
            "{lead}"
        );
    }
    assert!(found(&[&value], b"Zoe Quist 0470 12345").is_empty());
    // All of the values are found where they stand in clear.
    let plantings = plantings();
    let values: Vec<&Value> = plantings.iter().flat_map(|p| &p.planted).collect();
    let clear: String = plantings.iter().map(|p| p.text.as_str()).collect();
    assert_eq!(found(&values, clear.as_bytes()).len(), 200);
}
