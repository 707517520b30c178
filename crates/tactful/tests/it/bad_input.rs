//! Bad input: a typed error that says what to do, holds no personal data, and loses nothing.

use std::fs;

use tactful::crypto_store::Accessor;
use tactful::retention_policy::{ActorId, Role, TenantId};
use tactful::suggest_core::Author;
use tactful::{Desk, Error, Message, Ticket};

use crate::{at, builder, by, clock, desk, in_dir, shop, ticket};

fn text(text: &str) -> Result<Ticket, Error> {
    Ticket::new(
        "T-1",
        None,
        vec![Message::new(Author::Customer, None, text)],
    )
}

#[tokio::test]
async fn empty_tickets_are_no_tickets() {
    for empty in ["", " \n\t ", "...", "\u{200b}"] {
        assert!(
            matches!(text(empty), Err(Error::EmptyTicket { messages: 1 })),
            "{empty:?}"
        );
    }
    assert!(Ticket::new(" ", None, vec![Message::new(Author::Customer, None, "hi")]).is_err());
    assert!(Ticket::new("1", None, vec![]).is_err());
    assert!(Ticket::new("1", None, vec![Message::new(Author::Agent, None, "hi")]).is_err());
}

#[tokio::test]
async fn odd_text_walks_through_like_any_other() {
    let desk = desk(&clock()).await;
    for (n, odd) in [
        "a\0b zoe@quill.example\0",
        "\u{202e}abc\u{1f600}",
        "[PERSON_1] [[TEXT_2]] says hi",
    ]
    .iter()
    .enumerate()
    {
        let message = Message::new(Author::Customer, None, *odd);
        let ticket = Ticket::new(format!("odd-{n}"), None, vec![message]).unwrap();
        let session = desk.ingest(&by(Role::Agent), &ticket).await.unwrap();
        let back = desk
            .thread_in(
                desk.store(),
                &by(Role::Agent),
                session.record(),
                at("2026-03-02T09:08:00Z"),
            )
            .await
            .unwrap();
        assert_eq!(back[0].expose(), *odd);
    }
}

#[tokio::test]
async fn ten_megabytes_are_stored_or_refused_and_never_lost() {
    let desk = desk(&clock()).await;
    let long = "The lamp flickers, please help. ".repeat(10 << 20 >> 5);
    match desk.ingest(&by(Role::Agent), &text(&long).unwrap()).await {
        Ok(session) => assert!(session.messages()[0].text().len() > 9 << 20),
        Err(error) => assert!(
            error.is_withheld() || matches!(error, Error::Store(_)),
            "{error}"
        ),
    }
    let longer = "x ".repeat(9 << 20);
    let error = desk
        .ingest(&by(Role::Agent), &text(&longer).unwrap())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Detect(_)), "{error}");
    // The desk goes on.
    desk.ingest(&by(Role::Agent), &ticket("T-2")).await.unwrap();
}

#[tokio::test]
async fn an_unknown_tenant_gets_nothing() {
    let desk = desk(&clock()).await;
    let stranger = Accessor::new(
        ActorId::from_random([2; 16]),
        Role::Agent,
        TenantId::from_random([9; 16]),
    );
    let error = desk.ingest(&stranger, &ticket("T-1")).await.unwrap_err();
    assert!(matches!(error, Error::NotOnboarded), "{error}");
}

#[tokio::test]
async fn a_clock_before_2020_opens_nothing_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("store");
    let early = std::sync::Arc::new(tactful::ManualClock::new(at("2001-01-01T00:00:00Z")));
    let error = in_dir(&early, &dir).open().await.unwrap_err();
    assert!(matches!(error, Error::Policy(_)), "{error}");
    assert!(!dir.exists());
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let incomplete = |error: Error| match error {
        Error::Incomplete(what) => what,
        other => panic!("{other}"),
    };
    let what = incomplete(Desk::builder().in_memory().open().await.unwrap_err());
    assert!(what.contains("region"));
    let what = incomplete(builder(&clock()).open().await.unwrap_err());
    assert!(what.contains("in_memory or directory"));
    let folder = tempfile::tempdir().unwrap();
    let what = incomplete(
        builder(&clock())
            .directory(folder.path())
            .open()
            .await
            .unwrap_err(),
    );
    assert!(what.contains("key_file"));
}

#[tokio::test]
async fn wrong_keys_second_openers_and_cut_files_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let clock = clock();
    let passphrase = |words: &str| builder(&clock).directory(dir).passphrase(words);
    let record = {
        let desk = passphrase("correct horse").open().await.unwrap();
        desk.onboard(crate::contract(shop())).await.unwrap();
        let session = desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
        let error = passphrase("correct horse").open().await.unwrap_err();
        assert!(error.is_busy(), "{error}");
        desk.close().await.unwrap();
        session.record()
    };
    let error = passphrase("wrong horse").open().await.unwrap_err();
    assert!(
        matches!(&error, Error::Store(e) if e.is_wrong_key()),
        "{error}"
    );
    for file in ["records.db", "keys.db"] {
        let path = dir.join(file);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let cut = fs::read(&path).unwrap();
        let error = passphrase("correct horse").open().await.unwrap_err();
        assert!(matches!(error, Error::Store(_)), "{file}: {error}");
        assert!(
            fs::read(&path).unwrap() == cut,
            "{file} was changed by a failed opening"
        );
        fs::write(&path, &whole).unwrap();
    }
    // A lost root is never an empty store.
    fs::rename(dir.join("root.kdf"), dir.join("away")).unwrap();
    assert!(passphrase("correct horse").open().await.is_err());
    fs::rename(dir.join("away"), dir.join("root.kdf")).unwrap();
    let desk = passphrase("correct horse").open().await.unwrap();
    desk.session(&by(Role::Agent), record).await.unwrap();
}
