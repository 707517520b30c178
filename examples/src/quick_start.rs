//! The quick start: what it shows, in the order it shows it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tactful::crypto_store::Accessor;
use tactful::retention_policy::{ActorId, Contract, Party, Region, Role, TenantId, Timestamp};
use tactful::suggest_core::{Decision, DiscardReason, KnowledgeBase};
use tactful::{Clock, Desk, ManualClock, SystemClock, Ticket};

use crate::paint::{BOLD, DIM, rule, styled};
use crate::tickets::{Format, TicketsError, read_tickets};

mod batch;
mod checking;
mod limits;
mod proof;
mod replies;
mod rights;
mod story;

pub use checking::check;
pub use rights::verify;

/// The invented tickets.
const TICKETS: &str = include_str!("../data/tickets.jsonl");
/// Values that stand in them; the proof looks for every one.
const PLANTED: &str = include_str!("../data/planted.json");

include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));

/// The one client company of this program; a real desk keeps its own ids.
const SHOP: [u8; 16] = *b"fernlicht-shop-1";
const AGENT: [u8; 16] = *b"agent-number-007";

/// The tickets that are told one by one, and what the agent does with each.
const STORIES: [(&str, Told); 5] = [
    ("t-en-01", Told::Open),
    ("t-fr-02", Told::Accept),
    ("t-de-03", Told::Open),
    ("t-es-06", Told::Discard),
    ("t-en-09", Told::Open),
];

#[derive(Clone, Copy)]
enum Told {
    Accept,
    Discard,
    Open,
}

/// What the user asked for.
#[derive(Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "the options of one program")]
pub struct Options {
    /// The user's own tickets.
    pub tickets: Option<PathBuf>,
    /// Where the store stays.
    pub dir: Option<PathBuf>,
    /// One JSON object a line.
    pub json: bool,
}

/// What can go wrong, each with what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QuickStartError {
    /// The user's tickets.
    #[error(transparent)]
    Tickets(#[from] TicketsError),
    /// A verb of the desk.
    #[error(transparent)]
    Desk(#[from] tactful::Error),
    /// A file or the terminal.
    #[error("reading or writing failed ({0:?}): check the folder and the free space")]
    Io(io::ErrorKind),
    /// The proof did not hold.
    #[error("the proof failed: {0}")]
    Proof(String),
    /// A file of this program, or one it was given, is not what it should be.
    #[error("{0}")]
    Input(&'static str),
}

impl From<io::Error> for QuickStartError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}

impl From<tactful::crypto_store::Error> for QuickStartError {
    fn from(error: tactful::crypto_store::Error) -> Self {
        Self::Desk(error.into())
    }
}

/// Where the program writes: pictures for people or lines for machines.
struct Screen {
    out: anstream::AutoStream<io::Stdout>,
    json: bool,
}

impl Screen {
    fn new(json: bool) -> Self {
        Self {
            // Colours only where there is a terminal and NO_COLOR is not set.
            out: anstream::AutoStream::auto(io::stdout()),
            json,
        }
    }

    /// Prints for people. A reader who has seen enough (`| head`) is no failure.
    fn say(&mut self, text: &str) -> io::Result<()> {
        if self.json {
            return Ok(());
        }
        writeln!(self.out, "{text}")
    }

    /// Prints for machines, at once: what is told is durable.
    fn tell(&mut self, event: &serde_json::Value) -> io::Result<()> {
        if self.json {
            writeln!(self.out, "{event}")?;
            self.out.flush()?;
        }
        Ok(())
    }
}

fn knowledge() -> Result<KnowledgeBase, QuickStartError> {
    let knowledge = KnowledgeBase::from_files(KNOWLEDGE.iter().copied());
    Ok(knowledge.map_err(tactful::Error::from)?)
}

/// Opens the store of `dir` under a clock that the program moves.
async fn open(dir: &Path) -> Result<(Desk, Arc<ManualClock>), QuickStartError> {
    let clock = Arc::new(ManualClock::new(SystemClock::new().now()));
    let desk = Desk::builder()
        .directory(dir)
        .key_file(dir.join("root.key"))
        .region(Region::France)
        .knowledge(knowledge()?)
        .facts(Arc::new(replies::Warehouse))
        .clock(Arc::<ManualClock>::clone(&clock))
        .controller(shop(), rights::controller()?)
        .signing_key(rights::signing_key())
        .open()
        .await?;
    // An earlier run moved the clock of a kept store ahead; time does not go back.
    if let Some(seen) = desk.last_seen().filter(|seen| *seen > clock.now()) {
        clock.jump_to(seen);
    }
    Ok((desk, clock))
}

fn agent() -> Accessor {
    Accessor::new(ActorId::from_bytes(AGENT), Role::Agent, shop())
}

fn shop() -> TenantId {
    TenantId::from_bytes(SHOP)
}

/// What the shop and the desk agreed on: the policy in force, and who speaks for the shop.
fn contract(desk: &Desk, since: Timestamp) -> Result<Contract, tactful::Error> {
    contract_of(desk, shop(), agent().actor(), since)
}

fn contract_of(
    desk: &Desk,
    client: TenantId,
    operator: ActorId,
    since: Timestamp,
) -> Result<Contract, tactful::Error> {
    let (policy, operators) = (desk.policy().version(), [operator]);
    let (processor, france) = (Party::Processor, Region::France);
    Ok(Contract::new(
        client, processor, france, policy, operators, since,
    )?)
}

/// The planted values, with the ticket each stands in.
fn planted() -> Result<Vec<(String, String)>, QuickStartError> {
    let rows: Vec<BTreeMap<String, String>> = serde_json::from_str(PLANTED)
        .map_err(|_| QuickStartError::Input("planted.json is broken"))?;
    Ok(rows
        .into_iter()
        .filter_map(|mut row| Some((row.remove("ticket")?, row.remove("value")?)))
        .collect())
}

fn tickets(options: &Options) -> Result<Vec<Ticket>, QuickStartError> {
    Ok(match &options.tickets {
        None => read_tickets(TICKETS.as_bytes(), Format::JsonLines)?,
        Some(path) => {
            let file = File::open(path).map_err(|e| TicketsError::Read(e.kind()))?;
            read_tickets(file, Format::of_file_name(&path.to_string_lossy()))?
        }
    })
}

/// Runs the whole quick start.
///
/// # Errors
/// Whatever went wrong first, with what to do about it. A reader that closed the pipe is no error.
pub async fn run(options: &Options) -> Result<(), QuickStartError> {
    match steps(options).await {
        Err(QuickStartError::Io(io::ErrorKind::BrokenPipe)) => Ok(()),
        done => done,
    }
}

/// What no clock ends, after everything.
async fn end(screen: &mut Screen, desk: &Desk) -> Result<(), QuickStartError> {
    let posture = desk.posture().await?;
    let audit = desk.verify_audit().await?;
    screen.say(&proof::note("what is left to say"))?;
    screen.say(&proof::row(
        "audit",
        &format!("{} entries, recomputed, in order", audit.leaves),
        audit.intact,
    ))?;
    screen.say(&proof::row(
        "the root, should it be lost",
        &posture.recoverable.to_string(),
        posture.is_green(),
    ))?;
    screen.say(&styled(
        DIM,
        &format!(
            "     what was erased lives on {}; no legal advice",
            posture.horizon
        ),
    ))?;
    screen.tell(&serde_json::json!({
        "event": "end",
        "audit_entries": audit.leaves,
        "audit_intact": audit.intact,
        "recovery": posture.recoverable.to_string(),
        "horizon": posture.horizon.to_string(),
    }))?;
    if audit.intact {
        Ok(())
    } else {
        Err(QuickStartError::Proof("the audit is broken".to_owned()))
    }
}

async fn steps(options: &Options) -> Result<(), QuickStartError> {
    let mut screen = Screen::new(options.json);
    let own = options.tickets.is_some();
    let tickets = tickets(options)?;
    let temporary;
    let dir = match &options.dir {
        Some(dir) => dir.as_path(),
        None => {
            temporary = tempfile::tempdir()?;
            temporary.path()
        }
    };
    let (desk, clock) = open(dir).await?;
    if desk.contract(shop()).is_none() {
        desk.onboard(contract(&desk, clock.now())?).await?;
    }
    let agent = agent();
    screen.say(&format!(
        "{}  {}",
        styled(BOLD, "tactful"),
        styled(
            DIM,
            "reply suggestions that keep what customers wrote to themselves"
        )
    ))?;
    screen.say(&styled(
        DIM,
        &format!(
            "{} tickets go into an encrypted store{}; no model, no network, no download",
            tickets.len(),
            if options.dir.is_some() {
                " that stays"
            } else {
                " in a temporary folder"
            }
        ),
    ))?;

    let stories: Vec<(&Ticket, Told)> = match (options.json, own) {
        (true, _) => Vec::new(),
        (false, true) => tickets.iter().take(3).map(|t| (t, Told::Open)).collect(),
        (false, false) => STORIES
            .iter()
            .filter_map(|(id, told)| Some((tickets.iter().find(|t| t.id() == *id)?, *told)))
            .collect(),
    };
    let mut sessions = BTreeMap::new();
    for (ticket, told) in &stories {
        let decision = match told {
            Told::Accept => Some(Decision::Accept),
            Told::Discard => Some(Decision::Discard {
                reason: DiscardReason::Incomplete,
            }),
            Told::Open => None,
        };
        if let Some(record) = story::tell(&mut screen, &desk, &agent, ticket, decision).await? {
            sessions.insert(ticket.id().to_owned(), record);
        }
    }

    let planted = if own { Vec::new() } else { planted()? };
    let rest: Vec<&Ticket> = tickets
        .iter()
        .filter(|t| !stories.iter().any(|(told, _)| told.id() == t.id()))
        .collect();
    let keep = |id: &str| planted.iter().any(|(ticket, _)| ticket == id);
    let started = SystemClock::new();
    let tally = batch::all(&mut screen, &desk, &agent, &rest, &keep).await?;
    tally.print(&mut screen, started.monotonic())?;
    screen.tell(&tally.event())?;
    sessions.extend(tally.kept);

    // Of the user's own tickets nobody knows what to look for.
    let planted: Vec<proof::Planted> = planted
        .into_iter()
        .filter_map(|(ticket, value)| {
            let session = *sessions.get(&ticket)?;
            Some(proof::Planted { value, session })
        })
        .collect();
    proof::run(&mut screen, &desk, &agent, &clock, dir, &planted).await?;
    if !own {
        replies::run(&mut screen, &desk, &clock).await?;
        let stays = options.dir.is_some();
        rights::run(&mut screen, &desk, &agent, &clock, dir, stays, &tickets).await?;
        let kept_in = options.dir.as_deref();
        limits::run(&mut screen, &desk, &clock, kept_in, &tickets).await?;
    }
    end(&mut screen, &desk).await?;
    desk.close().await?;
    if options.dir.is_some() {
        screen.say(&styled(
            DIM,
            "\n   the store stays where you wanted it; a second run goes on with it",
        ))?;
    }
    if !options.json && io::stdout().is_terminal() {
        screen.say(&format!("\n{}", rule("that was all")))?;
    }
    Ok(())
}
