use super::*;
use std::sync::LazyLock;

// Without optimisation the join takes seconds: worlds and registers are learned once for all tests.
static WORLDS: LazyLock<[World; 2]> = LazyLock::new(|| [world(1), world(5)]);
static ATTACKERS: LazyLock<[AttackerA<'static>; 2]> =
    LazyLock::new(|| WORLDS.each_ref().map(|w| AttackerA::new(&w.register)));

fn one() -> &'static World {
    &WORLDS[0]
}

fn singles(world: &World, text: impl Fn(&Ticket) -> String) -> Vec<Published> {
    world
        .tickets
        .iter()
        .map(|t| Published::new(text(t), vec![t.id.clone()]))
        .collect()
}

fn ask_a(world: &World, published: &[Published]) -> Figure {
    let nth = usize::from(std::ptr::eq(world, &raw const WORLDS[1]));
    let ranking = ATTACKERS[nth].rank(published, 7);
    let figure = world.score(&ranking, published);
    println!("A: {figure}");
    figure
}

#[test]
fn the_world_is_as_promised() {
    let w = one();
    assert_eq!(
        (w.register.len(), w.tickets.len(), w.agents.len()),
        (PERSONS, TICKETS, 12)
    );
    assert_eq!(*w, world(1));
    assert_ne!(w.tickets, world(2).tickets);
    let mut by_person: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut cells: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for t in &w.tickets {
        *by_person.entry(&t.subject).or_default() += 1;
        cells.entry((t.lang, t.intent)).or_default().insert(&t.text);
        assert!(!t.text.contains(['{', '}']), "{}", t.text);
        for p in &t.planted {
            assert!(
                !p.value.is_empty() && t.text.contains(&p.value),
                "{:?} {}",
                p,
                t.text
            );
            *kinds.entry(p.kind).or_default() += 1;
        }
    }
    println!("{kinds:?}\npersons {}", by_person.len());
    assert!(by_person.values().all(|n| *n <= 6) && by_person.values().any(|n| *n > 4));
    assert!(by_person.len() < TICKETS);
    assert_eq!(cells.len(), 7 * INTENTS.len());
    assert_eq!(kinds.len(), 20, "{kinds:?}");
    assert!(
        w.agents
            .iter()
            .all(|a| w.tickets.iter().any(|t| t.agent == a.id))
    );
    let different: BTreeSet<&str> = w.tickets.iter().map(|t| t.text.as_str()).collect();
    assert!(different.len() > 1950);
}

#[test]
fn the_register_repeats_names_and_no_address() {
    let w = one();
    let mut names: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut surnames, mut towns): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) =
        Default::default();
    for p in &w.register {
        *names.entry((&p.given, &p.surname)).or_default() += 1;
        *surnames.entry(&p.surname).or_default() += 1;
        *towns.entry(&p.town).or_default() += 1;
        assert!((1..=3).contains(&p.orders.len()));
        assert!(p.email.ends_with(".example") || p.email.ends_with(".invalid"));
        assert!(p.email.is_ascii() && !p.phone.contains('#'));
    }
    let alone = names.values().filter(|n| **n == 1).count();
    println!("alone with their full name: {alone}; towns {}", towns.len());
    assert!((6_000..9_800).contains(&alone));
    assert!(surnames.values().filter(|n| **n > 20).count() > 50);
    assert!(towns.values().any(|n| *n > 500) && towns.values().any(|n| *n < 12));
    for field in [|p: &Person| p.email.clone(), |p: &Person| p.phone.clone()] {
        assert_eq!(
            w.register.iter().map(field).collect::<BTreeSet<_>>().len(),
            PERSONS
        );
    }
}

#[test]
#[ignore = "a minute without optimisation: .ci/full suites"]
fn a_finds_whoever_left_an_identifying_value() {
    for w in WORLDS.iter() {
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for p in &w.register {
            *names
                .entry(format!("{} {}", p.given, p.surname).to_lowercase())
                .or_default() += 1;
        }
        let tells = |t: &Ticket| {
            t.planted.iter().any(|p| {
                Kind::UNIQUE.contains(&p.kind)
                    || p.kind == Kind::Person && names.get(&p.value.to_lowercase()) == Some(&1)
            })
        };
        let mut published = singles(w, |t| t.text.clone());
        println!("all:");
        ask_a(w, &published);
        let telling: BTreeSet<&str> = w
            .tickets
            .iter()
            .filter(|t| tells(t))
            .map(|t| t.id.as_str())
            .collect();
        published.retain(|p| telling.contains(p.tickets[0].as_str()));
        assert!(published.len() > 1200);
        assert!(ask_a(w, &published).share() > 0.95);
        if !std::ptr::eq(w, one()) {
            continue;
        }
        // Each sort of value by itself.
        for kind in [Kind::Email, Kind::Phone, Kind::Order] {
            let others = Kind::UNIQUE
                .into_iter()
                .chain(Kind::NAMES)
                .filter(|k| *k != kind);
            let others: Vec<Kind> = others.collect();
            let mut alone = singles(w, |t| t.masked(&others));
            let has = |id: &str| {
                w.tickets
                    .iter()
                    .any(|t| t.id == id && t.planted.iter().any(|p| p.kind == kind))
            };
            alone.retain(|p| has(&p.tickets[0]));
            println!("{kind:?}");
            assert!(ask_a(w, &alone).share() > 0.95);
        }
    }
}

#[test]
#[ignore = "a minute without optimisation: .ci/full suites"]
fn a_guesses_where_nothing_is_said() {
    let w = one();
    let mut hits = 0;
    let published = singles(w, |t| t.intent.replace('_', " "));
    for seed in 0..5 {
        let figure = w.score(&ATTACKERS[0].rank(&published, seed), &published);
        assert!((figure.chance - 1e-4).abs() < 1e-9);
        hits += figure.hits;
    }
    // 10,000 tries of one in 10,000: more than six is less likely than one in a thousand.
    assert!(hits <= 6, "{hits}");
    // As templates, each with the persons behind it.
    let lines: Vec<String> = w
        .tickets
        .iter()
        .map(|t| format!("{{\"id\":\"{}\",\"text\":\"{}\"}}", t.id, t.intent))
        .collect();
    let outcome = w.outcome(lines.iter().map(String::as_str)).unwrap();
    assert_eq!(outcome.published.len(), INTENTS.len());
    let figure = ask_a(w, &outcome.published);
    assert!(figure.hits <= 2 && figure.chance > 0.003);
    assert!(figure.interval().0 <= figure.chance && figure.chance <= figure.interval().1);
}

#[test]
#[ignore = "a minute without optimisation: .ci/full suites"]
fn masking_names_alone_is_not_enough() {
    let w = one();
    let published = singles(w, |t| t.masked(&Kind::NAMES));
    let names = ask_a(w, &published);
    assert!(names.interval().0 > 0.3);
    // Without the values of one person either, order dates, products and towns still say more than chance.
    let mut kinds = Kind::UNIQUE.to_vec();
    kinds.extend(Kind::NAMES);
    let rest = ask_a(w, &singles(w, |t| t.masked(&kinds)));
    assert!(rest.interval().0 > 20.0 * rest.chance && rest.share() < names.share());
    // And masked entirely, only the language is left.
    let all: Vec<Kind> = w
        .tickets
        .iter()
        .flat_map(|t| &t.planted)
        .map(|p| p.kind)
        .collect();
    let none = ask_a(w, &singles(w, |t| t.masked(&all)));
    assert!(none.hits <= 12);
}

type Trace = fn(&Person) -> String;

#[test]
fn a_reads_traces() {
    let w = one();
    // The text, made of a person, and how many of 60 must be found.
    let traces: [(&str, Trace, usize); 8] = [
        (
            "masked mail",
            |p| {
                let (local, domain) = p.email.split_once('@').unwrap();
                format!(
                    "{}***@{domain} {} {}",
                    &local[..1],
                    p.town,
                    p.orders[0].product
                )
            },
            10,
        ),
        (
            "local part",
            |p| p.email.split('@').next().unwrap().to_owned(),
            45,
        ),
        (
            "phone without code",
            |p| text::tail(&text::only_digits(&p.phone), 9).to_owned(),
            60,
        ),
        (
            "phone end, town",
            |p| {
                format!(
                    "...{} {}",
                    text::tail(&text::only_digits(&p.phone), 4),
                    p.town
                )
            },
            55,
        ),
        (
            "order digits",
            |p| text::only_digits(&p.orders[0].number),
            58,
        ),
        (
            "order end, product",
            |p| {
                format!(
                    "{} {}",
                    text::tail(&text::only_digits(&p.orders[0].number), 4),
                    p.orders[0].product
                )
            },
            55,
        ),
        (
            "day and town",
            |p| format!("{} {}", p.orders[0].date.format("%d.%m.%Y"), p.town),
            10,
        ),
        (
            "initials, day",
            |p| {
                let s = p.surname.chars().find(|c| c.is_uppercase()).unwrap();
                format!(
                    "{}. {s}. {} {}",
                    &p.given.chars().next().unwrap(),
                    p.orders[0].date,
                    p.town
                )
            },
            35,
        ),
    ];
    for (name, make, least) in traces {
        let own: Vec<usize> = (0..60).map(|n| n * 163).collect();
        let published: Vec<Published> = own
            .iter()
            .map(|n| Published::new(make(&w.register[*n]), Vec::new()))
            .collect();
        let ranking = ATTACKERS[0].rank(&published, 3);
        let hits = ranking
            .rows
            .iter()
            .zip(&own)
            .filter(|(r, n)| r[0].0 == **n)
            .count();
        println!("{name}: {hits} of 60");
        assert!(hits >= least, "{name}: {hits}");
    }
}

#[test]
#[ignore = "a minute without optimisation: .ci/full suites"]
fn b_finds_the_originals() {
    let w = one();
    let all: Vec<Kind> = w
        .tickets
        .iter()
        .flat_map(|t| &t.planted)
        .map(|p| p.kind)
        .collect();
    let mut published = singles(w, |t| t.text.clone());
    published.truncate(200);
    let figure = w.score_links(&attacker_b(&w.tickets, &published), &published);
    println!("B: {figure}");
    assert!(figure.share() > 0.97);
    let mut masked = singles(w, |t| t.masked(&all));
    masked.truncate(200);
    println!(
        "B masked: {}",
        w.score_links(&attacker_b(&w.tickets, &masked), &masked)
    );
    let nothing = [Published::new("\u{3a9}".to_owned(), Vec::new())];
    assert_eq!(attacker_b(&w.tickets, &nothing), [None]);
}

#[test]
#[ignore = "a minute without optimisation: .ci/full suites"]
fn utility_against_itself_is_not_lost() {
    let w = one();
    let published = singles(w, |t| t.text.clone());
    let same = w.utility(&published);
    println!("{same}");
    assert!(same.lost().abs() < f64::EPSILON && same.originals > 0.85);
    assert!((300..500).contains(&same.tested));
    // Shuffled intents teach nothing; nothing published teaches nothing.
    let turned: Vec<Published> = published
        .iter()
        .zip(published.iter().skip(1).chain(&published[..1]))
        .map(|(a, b)| Published::new(a.text.clone(), b.tickets.clone()))
        .collect();
    let turned = w.utility(&turned);
    println!("turned: {turned}");
    assert!(turned.lost() > 40.0);
    assert!(utility(&[], &[Labelled::new("login", "x")]) < f64::EPSILON);
}

#[test]
fn answers_are_read_and_grouped() {
    let w = one();
    let rows = w.rows().unwrap();
    assert_eq!(rows.len(), TICKETS);
    let first: serde_json::Value = serde_json::from_str(&rows[0]).unwrap();
    let keys: Vec<&String> = first.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 4);
    assert!(rows.iter().all(|r| !r.contains('\n')));
    let good = [
        r#"{"id":"t00001","text":"x"}"#,
        r#"{"id":"t00003","text":"x"}"#,
        r#"{"id":"t00002","refused":"too_few"}"#,
    ];
    let outcome = w.outcome(good).unwrap();
    assert_eq!(
        outcome.published,
        [Published::new(
            "x".into(),
            vec!["t00001".into(), "t00003".into()]
        )]
    );
    assert_eq!(
        (outcome.refused["too_few"], outcome.missing),
        (1, TICKETS - 3)
    );
    for bad in [
        "{}",
        r#"{"id":"t99999","text":"x"}"#,
        r#"{"id":"t00001"}"#,
        r#"{"id":"t00001","text":"x","refused":"y"}"#,
    ] {
        assert!(w.outcome([bad]).is_err());
    }
    assert!(w.outcome([good[0], good[0]]).is_err());
    let figure = Figure {
        hits: 0,
        tried: 100,
        chance: 0.0,
    };
    assert!(figure.interval().0 < 1e-9 && (figure.interval().1 - 0.037).abs() < 0.001);
}
