//! A PostgreSQL of this run's own, and pgcrypto in it. Clients are `pgbench` and `psql`, which come with the server.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::super::super::{Stop, shop};
use super::super::load::{CALLERS, Rate};
use super::super::plan::BODY;
use super::sample::Sample;
use super::{BATCH, Rates, Shape, figures, line};

/// Twenty seconds until a server must answer.
const TRIES: u32 = 200;
const TRY: Duration = Duration::from_millis(100);
/// Which bytes of a ciphertext are searched for: `substr` counts from 1.
const PIECE: &str = "substr(body, 500, 64)";
/// What records are encrypted with.
const KEY: &str = "d41d8cd98f00b204e9800998ecf8427e9c5a1f6b";

/// A server, stopped when this is dropped.
pub(super) struct Server {
    dir: TempDir,
    programs: PathBuf,
    user: Option<(u32, u32)>,
    child: Child,
}

impl Server {
    /// None: PostgreSQL is not installed.
    pub(super) fn start() -> Result<Option<Self>, Stop> {
        let Ok(said) = Command::new("pg_config").arg("--bindir").output() else {
            return Ok(None);
        };
        let programs = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
        for program in [
            "postgres",
            "initdb",
            "pg_ctl",
            "pg_isready",
            "pgbench",
            "psql",
        ] {
            if !programs.join(program).exists() {
                return Ok(None);
            }
        }
        let dir = tempfile::tempdir()?;
        let user = user(dir.path())?;
        if let Some((uid, gid)) = user {
            chown(dir.path(), Some(uid), Some(gid))?;
        }
        let data = dir.path().join("data");
        let mut init = command(&programs, "initdb", dir.path(), user);
        init.arg("-D").arg(&data);
        init.args(["-U", "tactful", "-A", "trust", "-E", "UTF8", "--locale=C"]);
        told(init)?;
        let mut serve = command(&programs, "postgres", dir.path(), user);
        serve.arg("-D").arg(&data).arg("-k").arg(dir.path());
        serve.args(["-c", "listen_addresses=", "-c", "fsync=on"]);
        let log = File::create(dir.path().join("server.log"))?;
        serve.stdout(log.try_clone()?).stderr(log);
        let server = Server {
            child: serve.spawn()?,
            dir,
            programs,
            user,
        };
        for _ in 0..TRIES {
            let mut ready = server.client("pg_isready");
            // An open socket is not enough: a server that starts refuses.
            if ready.arg("-q").status()?.success() {
                server.sql("CREATE EXTENSION pgcrypto")?;
                return Ok(Some(server));
            }
            std::thread::sleep(TRY);
        }
        let log = fs::read_to_string(server.dir.path().join("server.log"))?;
        Err(Stop::Failed(format!(
            "PostgreSQL does not start: {}",
            log.lines().last().unwrap_or("no log")
        )))
    }

    fn client(&self, program: &str) -> Command {
        let mut client = Command::new(self.programs.join(program));
        client.stdin(Stdio::null()).arg("-h").arg(self.dir.path());
        client.args(["-U", "tactful"]);
        if program != "pg_isready" {
            client.args(["-d", "postgres"]);
        }
        client
    }

    /// What a statement says, and the milliseconds it took.
    fn timed(&self, statement: &str) -> Result<(String, f64), Stop> {
        let mut psql = self.client("psql");
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]);
        psql.args(["-c", "\\timing on", "-c", statement]);
        let said = told(psql)?;
        let (rows, time) = said.rsplit_once("Time: ").unwrap_or((&said, ""));
        let ms = time.split_whitespace().next().and_then(|t| t.parse().ok());
        let ms = ms.ok_or_else(|| Stop::Failed("psql told no time".to_owned()))?;
        Ok((rows.to_owned(), ms))
    }

    fn sql(&self, statement: &str) -> Result<String, Stop> {
        Ok(self.timed(statement)?.0)
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = command(&self.programs, "pg_ctl", self.dir.path(), self.user);
        stop.arg("-D").arg(self.data());
        let stopped = told_by(stop.args(["-m", "immediate", "-w", "stop"]));
        if stopped.is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// PostgreSQL refuses to run as root: another user then.
fn user(dir: &Path) -> Result<Option<(u32, u32)>, Stop> {
    if fs::metadata(dir)?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let ids = |name: &str| {
        let mut fields = users
            .lines()
            .map(|line| line.split(':'))
            .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
        fields.next()?;
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let found = ids("postgres").or_else(|| ids("nobody"));
    found
        .map(Some)
        .ok_or_else(|| Stop::Failed("there is neither a user postgres nor nobody".to_owned()))
}

fn command(programs: &Path, program: &str, dir: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(programs.join(program));
    command.current_dir(dir).stdin(Stdio::null());
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

fn told(mut command: Command) -> Result<String, Stop> {
    told_by(&mut command)
}

/// What a program printed.
fn told_by(command: &mut Command) -> Result<String, Stop> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let program = command.get_program().to_string_lossy().into_owned();
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Stop::Failed(format!("{program}: {}", said.trim())))
}

/// Records encrypted by `pgp_sym_encrypt_bytea` in a table of their own.
pub(super) struct Pgcrypto<'a> {
    shape: Shape,
    server: &'a Server,
    peer: &'static str,
    table: String,
    insert: String,
    body: String,
    rates: Rates,
}

impl<'a> Pgcrypto<'a> {
    pub(super) fn create(
        shape: Shape,
        server: &'a Server,
        peer: &'static str,
        options: &str,
    ) -> Result<Self, Stop> {
        let table: String = peer.chars().filter(char::is_ascii_alphanumeric).collect();
        server.sql(&format!(
            "CREATE TABLE {table} (id bigint PRIMARY KEY, owner bigint NOT NULL, expiry bigint NOT NULL, body bytea NOT NULL);
             CREATE INDEX ON {table} (owner);
             CREATE INDEX ON {table} (expiry);
             CREATE SEQUENCE {table}_ids"
        ))?;
        // As many columns and indexes as plain SQLite has; the first records are one person's.
        let insert = format!(
            "INSERT INTO {table} SELECT n, CASE WHEN n <= {person} THEN 0 ELSE n / 10 + 1 END, \
             {opening} + n % 5 * 900, \
             pgp_sym_encrypt_bytea(CAST(:body AS bytea), CAST(:key AS text), '{options}') FROM",
            person = shape.person,
            opening = shop::opening().timestamp() + 3600,
        );
        let body = shop::bytes(shape.plan.seed, 0, BODY);
        let hex: String = body.iter().map(|b| format!("{b:02x}")).collect();
        Ok(Pgcrypto {
            shape,
            server,
            peer,
            table,
            insert,
            body: format!("\\x{hex}"),
            rates: Rates::default(),
        })
    }

    /// Transactions a second of a script.
    fn bench(&self, script: &str, clients: usize, each: u64) -> Result<f64, Stop> {
        let path = self.server.dir.path().join("script.sql");
        fs::write(&path, script)?;
        let threads = std::thread::available_parallelism()?.get().min(clients);
        let mut pgbench = self.server.client("pgbench");
        pgbench.args(["-n", "-M", "prepared"]);
        pgbench.args(["-c", &clients.to_string(), "-j", &threads.to_string()]);
        pgbench.args(["-t", &each.to_string()]);
        pgbench.args(["-D", &format!("body={}", self.body)]);
        pgbench.args(["-D", &format!("key={KEY}")]);
        let said = told_by(pgbench.arg("-f").arg(&path))?;
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = "));
        tps.and_then(|tps| tps.split_whitespace().next()?.parse().ok())
            .ok_or_else(|| Stop::Failed("pgbench told no rate".to_owned()))
    }

    pub(super) fn put(&mut self, records: u64) -> Result<(), Stop> {
        let script = format!("{} nextval('{}_ids') n;\n", self.insert, self.table);
        let rate = self.bench(&script, CALLERS, records / CALLERS as u64)?;
        add(&mut self.rates.put, records, rate);
        Ok(())
    }

    pub(super) fn get(&mut self, records: u64) -> Result<(), Stop> {
        let script = format!(
            "\\set id random(1, {})\nSELECT pgp_sym_decrypt_bytea(body, CAST(:key AS text)) FROM {} WHERE id = :id;\n",
            self.shape.records, self.table
        );
        let rate = self.bench(&script, CALLERS, records / CALLERS as u64)?;
        add(&mut self.rates.get, records, rate);
        Ok(())
    }

    pub(super) fn end(self) -> Result<Value, Stop> {
        let (table, server, shape) = (&self.table, self.server, self.shape);
        self.check()?;
        let step = (shape.person / shape.sampled().count() as u64).max(1);
        let rows = server.sql(&format!(
            "SELECT encode({PIECE}, 'hex') FROM {table} WHERE owner = 0 AND (id - 1) % {step} = 0"
        ))?;
        let pieces = rows.lines().map(|row| {
            let pairs = row.trim().as_bytes().as_chunks::<2>().0;
            pairs
                .iter()
                .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
                .collect::<Option<Vec<u8>>>()
        });
        let pieces = pieces.collect::<Option<Vec<_>>>();
        let sample = Sample::new(pieces.ok_or_else(|| unexpected("ciphertexts"))?);
        if sample.len() != shape.sampled().count() {
            return Err(unexpected("number of ciphertexts"));
        }
        let (_, took) = server.timed(&format!("DELETE FROM {table} WHERE owner = 0"))?;
        server.sql("CHECKPOINT")?;
        let data = server.data();
        let deleted = sample.search(&data, |path| !in_wal(path))?;
        server.sql(&format!("VACUUM {table}"))?;
        server.sql("CHECKPOINT")?;
        let mut figures = figures(shape, &self.rates);
        figures.measured("delete_ms", Some(took), 3);
        figures.set("remnants", sample.search(&data, |_| true)?);
        figures.set("heap_deleted", deleted);
        figures.set("heap_vacuumed", sample.search(&data, |path| !in_wal(path))?);
        figures.set("wal_vacuumed", sample.search(&data, in_wal)?);
        figures.measured("batch_per_s", Some(self.batch()?), 1);
        Ok(line(self.peer, figures))
    }

    /// Every record is there, and a hundred of them decrypt to what was put.
    fn check(&self) -> Result<(), Stop> {
        let (table, shape) = (&self.table, self.shape);
        let said = self.server.sql(&format!(
            "SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM {table} WHERE owner = 0), \
             (SELECT count(*) FROM (SELECT body FROM {table} ORDER BY id LIMIT 100) t \
             WHERE pgp_sym_decrypt_bytea(body, '{KEY}') = '{}')",
            self.body
        ))?;
        if said.trim() == format!("{}|{}|100", shape.records, shape.person) {
            Ok(())
        } else {
            Err(unexpected("table"))
        }
    }

    /// Records a second in large transactions, a client for each processor.
    fn batch(&self) -> Result<f64, Stop> {
        let script = format!(
            "{} (SELECT nextval('{}_ids') n FROM generate_series(1, {BATCH})) t;\n",
            self.insert, self.table
        );
        let clients = std::thread::available_parallelism()?.get();
        let each = self.shape.records / BATCH / clients as u64;
        Ok(self.bench(&script, clients, each.max(1))? * BATCH as f64)
    }
}

fn add(rate: &mut Rate, done: u64, per_s: f64) {
    rate.add(done, done as f64 / per_s);
}

fn in_wal(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "pg_wal")
}

fn unexpected(what: &str) -> Stop {
    Stop::Failed(format!("pgcrypto gave an unexpected {what}"))
}
