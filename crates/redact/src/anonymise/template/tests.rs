use std::collections::BTreeSet;

use pii_detect::Detector;
use proptest::prelude::*;

use super::*;
use crate::map::MapId;

fn label(n: usize) -> Label {
    Label((n as u128).to_le_bytes())
}

/// A word that nobody else has, nor its beginning.
fn own(mut i: usize) -> String {
    let mut word = String::new();
    for _ in 0..3 {
        word.push(char::from(b'a' + u8::try_from(i % 5).unwrap()));
        i /= 5;
    }
    format!("{word}zither")
}

/// Tickets of a few frames with words of their own; who wrote and who answered.
fn tickets(limits: Limits, subjects: usize, agents: usize) -> Templates {
    let frames = [
        "hello i want to return the shoes because they are too small A. thank you all",
        "please send the invoice of my last purchase A again!",
        "hello the parcel has not arrived since A. what happened to it?",
    ];
    let mut all = Templates::new(limits);
    for i in 0..60 {
        let text = frames[i % 3].replace('A', &own(i));
        let backing = Backing::new(label(i % subjects), Some(label(i % agents)));
        all.take(&text, None, backing);
    }
    all
}

/// How a line must stand in a sentence.
#[derive(Clone, Copy)]
enum Form {
    /// Its words in this order.
    Order,
    /// Its words beside one another, or a word that begins so.
    Run,
}

fn stands(form: Form, line: &[String], start: Option<&str>, sentence: &[String]) -> bool {
    if let Some(start) = start {
        return sentence
            .iter()
            .any(|word| !word.starts_with('{') && word.starts_with(start));
    }
    match form {
        Form::Order => {
            let mut words = sentence.iter();
            line.iter().all(|word| words.any(|other| other == word))
        }
        Form::Run => sentence.windows(line.len()).any(|run| run == line),
    }
}

/// How many tickets, subjects and agents hold a line.
fn holders(all: &Templates, form: Form, line: &str) -> (usize, usize, usize) {
    let wanted: Vec<String> = words_of(line).into_iter().map(|(_, form)| form).collect();
    let start = line.strip_suffix('*');
    let fitting: Vec<&Ticket> = all
        .tickets
        .iter()
        .filter(|ticket| {
            all.units[ticket.units.clone()].iter().any(|unit| {
                let forms: Vec<String> = unit
                    .words
                    .iter()
                    .map(|id| all.words[*id].form.clone())
                    .collect();
                stands(form, &wanted, start, &forms)
            })
        })
        .collect();
    let of = |f: fn(&Ticket) -> Option<Label>| {
        let labels: BTreeSet<Label> = fitting.iter().filter_map(|t| f(t)).collect();
        labels.len()
    };
    (
        fitting.len(),
        of(|t| Some(t.backing.subject)),
        of(|t| t.backing.agent),
    )
}

#[test]
fn a_template_is_in_five_tickets_of_five_people_and_two_agents() {
    for (limits, form) in [
        (Limits::default(), Form::Run),
        (Limits::default().whole(), Form::Order),
    ] {
        let all = tickets(limits, 50, 4);
        let built = all.build();
        assert_eq!(built.len(), 60);
        for text in built {
            for line in text.unwrap().as_str().lines() {
                let (tickets, subjects, agents) = holders(&all, form, line);
                assert!(tickets >= 5 && subjects >= 5 && agents >= 2, "{line}");
                assert!(!line.contains("zither"), "{line}");
            }
        }
    }
}

#[test]
fn a_rare_word_leaves_its_line_standing() {
    let all = tickets(Limits::default(), 50, 4);
    let text = all.build().remove(2).unwrap();
    assert_eq!(
        text.as_str(),
        "hello the parcel has not arrived since\nwhat happened to it"
    );
}

#[test]
fn a_rare_form_of_a_word_is_cut_to_what_others_share() {
    let mut all = Templates::new(Limits::default());
    for (i, end) in ["ation", "able", "ed", "ing", "ment", "s"]
        .iter()
        .enumerate()
    {
        let text = format!("I want this order cancel{end} now please, thanks");
        all.take(&text, None, Backing::new(label(i), None));
    }
    let text = all.build().remove(0).unwrap();
    assert_eq!(
        text.as_str(),
        "I want this order\ncancel*\nnow please thanks"
    );
}

#[test]
fn a_word_alone_takes_half_as_many_more() {
    let built = |people: usize| {
        let mut all = Templates::new(Limits::default());
        for i in 0..people {
            let text = format!("{} kettle", own(i));
            all.take(&text, None, Backing::new(label(i), None));
        }
        all.build().remove(0)
    };
    assert!(matches!(built(6), Err(AnonymiseError::Alone { least: 5 })));
    assert_eq!(built(7).unwrap().as_str(), "kettle");
}

#[test]
fn too_few_people_or_one_agent_have_none() {
    for limits in [Limits::default(), Limits::default().whole()] {
        for (subjects, agents) in [(4, 3), (50, 1)] {
            let built = tickets(limits, subjects, agents).build();
            assert!(
                built
                    .iter()
                    .all(|t| matches!(t, Err(AnonymiseError::Alone { .. })))
            );
        }
    }
    let said = Redacted::new("one two three".to_owned(), MapId([0; 16]));
    let mut alone = Templates::new(Limits::default());
    alone
        .add(&said, &Detector::new(), Backing::new(label(1), None))
        .unwrap();
    assert_eq!(format!("{alone:?}"), "Templates(1 ticket(s))");
    assert!(alone.build()[0].is_err());
    assert!(Limits::new(1).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::times(64)))]

    /// Whatever people write: each line is held by k tickets of k subjects, a word alone by half as many more, and by two agents.
    #[test]
    fn every_line_is_held_by_k(
        k in 2..7_usize,
        tickets in prop::collection::vec(
            (
                prop::collection::vec(
                    prop::sample::select(vec![
                        "send", "sending", "sender", "the", "parcel", "parcels", "to", "{PERSON}", ".", "late", "later",
                    ]),
                    0..14,
                ),
                0..9_usize,
                0..3_usize,
            ),
            0..40,
        ),
    ) {
        let mut all = Templates::new(Limits::new(k).unwrap());
        for (words, subject, agent) in &tickets {
            let backing = Backing::new(label(*subject), Some(label(*agent)));
            all.take(&words.join(" "), None, backing);
        }
        let built = all.build();
        prop_assert_eq!(built.len(), tickets.len());
        for text in built.iter().flatten() {
            for line in text.as_str().lines() {
                let (tickets, subjects, agents) = holders(&all, Form::Run, line);
                let words = words_of(line).iter().filter(|w| !w.1.starts_with('{')).count();
                let least = if words == 1 && !line.ends_with('*') { k + k / 2 } else { k };
                prop_assert!(tickets >= least && subjects >= least && agents >= 2, "{}", line);
            }
        }
    }
}
