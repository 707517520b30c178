//! Giving everything back before it is destroyed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};

use crypto_store::{Accessor, Described, Opened, ParcelToken};
use gdpr_rights::account::give_back::{Archive, Content, Line};
use redact::{MapId, PseudonymMap, restore, verify};
use retention_policy::{Category, Choice, OffboardingStage, State, Step, TenantId, Timestamp};
use suggest_core::Author;

use crate::Error;
use crate::desk::Desk;
use crate::desk::house::BY_LAW;
use crate::desk::{suggest, templates};
use crate::session;

/// Everything the desk had of a client, sealed. Debug tells sizes.
#[non_exhaustive]
pub struct HandedBack {
    /// The sealed parts, in their order.
    pub parcels: Vec<Vec<u8>>,
    /// What opens them. Nobody keeps it: who loses it asks for another archive.
    pub token: ParcelToken,
    /// SHA-256 of the opened parts, one after the other: what [`Desk::received`] takes.
    pub sha256: [u8; 32],
    /// How many records are in them.
    pub records: u64,
}

impl fmt::Debug for HandedBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandedBack")
            .field("parcels", &self.parcels.len())
            .field("records", &self.records)
            .finish_non_exhaustive()
    }
}

/// Which archive was handed out last, by its hash.
#[derive(Debug, Default)]
pub(crate) struct Handed(RwLock<BTreeMap<TenantId, [u8; 32]>>);

impl Handed {
    pub(crate) fn get(&self, tenant: TenantId) -> Option<[u8; 32]> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&tenant).copied()
    }

    pub(crate) fn set(&self, tenant: TenantId, sha256: [u8; 32]) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(tenant, sha256);
    }
}

/// The maps of tickets, for drafts.
type Maps = BTreeMap<MapId, PseudonymMap>;

impl Desk {
    /// Makes the archive that a client gets back: every record that lives, tickets with their real values, sealed under a key
    /// that is handed over here and not kept. It can be made again until it was received; the one before stays what it is.
    ///
    /// # Errors
    /// [`Error::NotOnboarded`]; [`Error::Policy`] unless an operator of the contract asks, and the contract ended by return and
    /// nothing was received; [`Error::is_denied`] unless the role may export; the store failed.
    pub async fn hand_back(&self, by: &Accessor) -> Result<HandedBack, Error> {
        let now = self.now()?;
        let tenant = by.tenant();
        let contract = self.contract(tenant).ok_or(Error::NotOnboarded)?;
        if !contract.operators().any(|actor| actor == by.actor()) {
            return Err(retention_policy::Error::NotOperator.into());
        }
        let _turn = self.clients_turn.of(tenant).lock_owned().await;
        let waits = |state: &State| matches!(state, State::Ending(off) if off.stage() == OffboardingStage::Asked && off.choice() == Choice::Return);
        let contract = self.contract(tenant).ok_or(Error::NotOnboarded)?;
        if !waits(contract.state()) {
            let (from, step) = (contract.state().code(), "returned");
            return Err(retention_policy::Error::NotAllowed { from, step }.into());
        }
        let mut all: Vec<Described> = Vec::new();
        let mut walk = self.store.walk(by, &BY_LAW, now).await?;
        while let Some(page) = walk.next().await? {
            all.extend(page);
        }
        // Tickets first: drafts are restored with their maps.
        all.sort_by_key(|one| (one.meta.category(), one.id));
        let (mut archive, mut maps) = (Archive::new(tenant, now), Maps::new());
        for one in &all {
            let opened = self.store.export(one.id, by, &BY_LAW, now).await?;
            self.give_back(&mut archive, &mut maps, one, &opened)?;
        }
        let finished = archive.finish();
        let token = ParcelToken::random(&*self.entropy)?;
        let seal = |part: &zeroize::Zeroizing<Vec<u8>>| token.seal(part, &*self.entropy);
        let parcels = finished.parts.iter().map(seal).collect::<Result<_, _>>()?;
        self.handed.set(tenant, finished.sha256);
        tracing::info!(%tenant, records = finished.records, "an archive was handed out");
        Ok(HandedBack {
            parcels,
            token,
            sha256: finished.sha256,
            records: finished.records,
        })
    }

    /// An operator says that the client has the archive and can open it: from here on the desk destroys what it has.
    ///
    /// # Errors
    /// [`Error::OtherArchive`] unless it is the one that was handed out last by this process; otherwise as
    /// [`Desk::hand_back`].
    pub async fn received(&self, by: &Accessor, sha256: [u8; 32]) -> Result<(), Error> {
        if self.handed.get(by.tenant()) != Some(sha256) {
            return Err(Error::OtherArchive);
        }
        let step = Step::Returned { archive: sha256 };
        self.operate(by, &step).await.map(drop)
    }

    fn give_back(
        &self,
        archive: &mut Archive,
        maps: &mut Maps,
        one: &Described,
        opened: &Opened,
    ) -> Result<(), Error> {
        let line = |content| Line {
            record: one.id,
            person: one.meta.subject(),
            category: one.meta.category(),
            made: one.meta.expiry().made(),
            ends: one.ends.0,
            content,
        };
        let bytes = opened.expose();
        let as_it_is = line(Content::Bytes(bytes));
        match one.meta.category() {
            Category::Session => {
                let Ok(body) = session::decode(bytes) else {
                    return Ok(archive.add(&as_it_is)?);
                };
                let mut texts = Vec::with_capacity(body.messages.len());
                for message in &body.messages {
                    let redacted = verify(message.text, &body.map, &self.detector);
                    let restored = redacted.ok().map(|text| restore(&text, &body.map));
                    texts.push(restored.transpose().ok().flatten());
                }
                let threads = body.messages.iter().zip(&texts);
                // A text that today's checks refuse is given back as it is stored.
                let messages: Vec<(&str, Option<Timestamp>, &str)> = threads
                    .map(|(m, text)| {
                        let text = text.as_ref().map_or(m.text, |text| text.expose());
                        (author(m.author), m.at, text)
                    })
                    .collect();
                let content = Content::Thread {
                    ticket: &body.place.ticket.0,
                    messages: &messages,
                };
                archive.add(&line(content))?;
                maps.insert(body.map.id(), body.map);
            }
            Category::Draft => {
                let Ok(suggest::Stored { map, text, .. }) = suggest::decode(bytes) else {
                    return Ok(archive.add(&as_it_is)?);
                };
                let restored = maps.get(&map).and_then(|map| {
                    let redacted = verify(text, map, &self.detector).ok()?;
                    restore(&redacted, map).ok()
                });
                let text = restored.as_ref().map_or(text, |text| text.expose());
                archive.add(&line(Content::Text(text)))?;
            }
            Category::Template => match templates::decode(bytes) {
                Ok(groups) => {
                    let lines = groups.iter().flat_map(|group| &group.lines);
                    let lines: Vec<&str> = lines.map(String::as_str).collect();
                    archive.add(&line(Content::Text(&lines.join("\n"))))?;
                }
                Err(_) => archive.add(&as_it_is)?,
            },
            Category::Usage => match std::str::from_utf8(bytes) {
                Ok(text) => archive.add(&line(Content::Text(text)))?,
                Err(_) => archive.add(&as_it_is)?,
            },
            _ => archive.add(&as_it_is)?,
        }
        Ok(())
    }
}

const fn author(author: Author) -> &'static str {
    match author {
        Author::Customer => "customer",
        _ => "agent",
    }
}
