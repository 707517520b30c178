//! Switches, knowledge that changes, readings, figures.

use chrono::TimeDelta;
use tactful::crypto_store::Accessor;
use tactful::retention_policy::{ActorId, Role};
use tactful::suggest_core::{
    Article, Audience, Bill, Decision, Error as SuggestError, KnowledgeBase, Label, Locale,
    QualitySeries, Style, Tariff, Tone, Week,
};
use tactful::{Clock, Suggested, Ticket};

use crate::{builder, by, clock, desk, shop, ticket};

#[tokio::test]
async fn a_channel_can_be_switched_off_while_the_desk_runs() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let of = |id: &str, channel: &str, labels: &[&str]| -> Ticket {
        ticket(id).channel(channel).labels(labels.iter().copied())
    };
    let silence = async |ticket: Ticket| {
        let session = desk.ingest(&agent, &ticket).await.unwrap();
        // As it is after a restart: what is switched off stays off.
        let session = desk.session(&agent, session.record()).await.unwrap();
        match desk.suggest(&agent, &session).await.unwrap() {
            Suggested::Draft(_) => None,
            Suggested::None(silence) => Some(silence.code()),
        }
    };
    assert_eq!(silence(of("T-1", "chat", &[])).await, None);
    desk.switch(|switches| switches.off("chat"));
    assert_eq!(silence(of("T-2", "Chat", &[])).await, Some("switched_off"));
    assert_eq!(silence(of("T-3", "email", &[])).await, None);
    assert_eq!(
        silence(of("T-4", "email", &["vip", "Legal"])).await,
        Some("bypassed")
    );
    desk.switch(|switches| switches.all_off());
    assert_eq!(silence(of("T-5", "email", &[])).await, Some("switched_off"));
    desk.switch(|switches| {
        switches.all_on();
        switches.on("chat");
    });
    assert_eq!(silence(of("T-6", "chat", &[])).await, None);
}

#[tokio::test]
async fn knowledge_changes_while_the_desk_runs() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    assert!(matches!(
        desk.suggest(&agent, &session).await.unwrap(),
        Suggested::Draft(_)
    ));
    let internal =
        "Agents may waive the fee when a customer has written for the third time already.";
    desk.knowledge(|knowledge| {
        let sources: Vec<String> = knowledge
            .passages()
            .map(|p| p.source().to_owned())
            .collect();
        for source in sources {
            knowledge.remove(&source);
        }
        knowledge.add(
            Article::new("fees", "How to return: fees", Locale::English)
                .audience(Audience::Internal)
                .text(internal),
        )
    })
    .unwrap();
    assert!(!desk.readings(&session, 3).unwrap().is_empty());
    assert!(
        desk.readings(&session, 3)
            .unwrap()
            .iter()
            .all(|r| r.internal)
    );
    assert_eq!(desk.quotes_internal(internal), ["fees#intro"]);
    let Suggested::None(silence) = desk.suggest(&agent, &session).await.unwrap() else {
        panic!("drafted without knowledge");
    };
    assert_eq!(silence.code(), "no_knowledge");
    // What fails changes nothing.
    let failed: Result<(), SuggestError> = desk.knowledge(|knowledge: &mut KnowledgeBase| {
        knowledge.remove("fees");
        Err(KnowledgeBase::from_snapshot(&[]).unwrap_err())
    });
    assert!(failed.is_err());
    assert_eq!(desk.quotes_internal(internal).len(), 1);
}

#[tokio::test]
async fn a_client_has_its_own_voice() {
    let style = Style::new().tone(Tone::Warm).team("Your lantern people");
    let desk = builder(&clock())
        .in_memory()
        .style(shop(), style)
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let Suggested::Draft(proposal) = desk.suggest(&agent, &session).await.unwrap() else {
        panic!("a draft");
    };
    let text = proposal.draft().text().as_str();
    assert!(text.starts_with("Hi [PERSON_1],"), "{text}");
    assert!(text.ends_with("Your lantern people"), "{text}");
}

#[tokio::test]
async fn figures_come_from_the_events_alone() {
    let clock = clock();
    let desk = desk(&clock).await;
    let agents: Vec<Accessor> = (0..6)
        .map(|n| Accessor::new(ActorId::from_random([40 + n; 16]), Role::Agent, shop()))
        .collect();
    let week = Week::of(clock.now());
    for (n, agent) in (0..12).zip(agents.iter().cycle()) {
        let session = desk
            .ingest(agent, &ticket(&format!("T-{n}")))
            .await
            .unwrap();
        let Suggested::Draft(proposal) = desk.suggest(agent, &session).await.unwrap() else {
            panic!("a draft");
        };
        let shown = desk.show(agent, &session, &proposal).await.unwrap();
        let decision = match n % 3 {
            0 => Decision::edit(format!("{} Yours", shown.expose())),
            _ => Decision::Accept,
        };
        desk.decide(agent, &session, shown, decision).await.unwrap();
    }
    desk.switch(|switches| switches.all_off());
    for (n, agent) in agents.iter().take(4).enumerate() {
        let session = desk
            .ingest(agent, &ticket(&format!("S-{n}")))
            .await
            .unwrap();
        assert!(matches!(
            desk.suggest(agent, &session).await.unwrap(),
            Suggested::None(_)
        ));
    }
    // Agents answer customers; figures are for who works on the service.
    assert!(desk.usage(&agents[0], week).await.unwrap_err().is_denied());
    let events = desk.usage(&by(Role::Worker), week).await.unwrap();
    assert_eq!(events.len(), 16);
    let bill = Bill::of(&events, &Tariff::new("EUR").accepted(10).edited(5)).unwrap();
    assert_eq!(bill.total(), 8 * 10 + 4 * 5);
    let series = QualitySeries::of(&events);
    let told = series.weeks()[0];
    assert_eq!(told.asked, Some(16));
    assert_eq!(told.coverage, Some(12.0 / 16.0));
    assert_eq!(told.abstention, Some(4.0 / 16.0));
    // Of a week that is not over no team is told.
    assert!(desk.teams(week).unwrap().is_empty());
    clock.advance(TimeDelta::days(7));
    let teams = desk.teams(week).unwrap();
    assert_eq!((teams.len(), teams[0].agents, teams[0].decided), (1, 6, 12));
    assert_eq!(teams[0].team, Label(shop().to_bytes()));
    assert_eq!(desk.end_team_weeks().unwrap().len(), 1);
    assert!(desk.teams(week).unwrap().is_empty());
}
