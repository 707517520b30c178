//! Files of tickets as users bring them: each fault gets an error that says where and what to do, and quotes nothing.

use std::io::{self, Read};
use std::process::Command;

use tactful_examples::tickets::{Format, MAX_RECORD_BYTES, TicketsError, read_tickets};

const GOOD: &str =
    r#"{"id":"1","customer":null,"thread":[{"from":"customer","text":"where is order 12345?"}]}"#;

fn json(bytes: &[u8]) -> Result<usize, TicketsError> {
    read_tickets(bytes, Format::JsonLines).map(|t| t.len())
}

fn csv(bytes: &[u8]) -> Result<usize, TicketsError> {
    read_tickets(bytes, Format::Csv).map(|t| t.len())
}

#[test]
fn good_files_are_read() {
    assert_eq!(json(b"").unwrap(), 0);
    assert_eq!(
        json(format!("\u{feff}{GOOD}\r\n\r\n{GOOD}").as_bytes()).unwrap(),
        2
    );
    assert_eq!(csv(b"id,text\n1,\"where, is it?\"\n2,hello\n").unwrap(), 2);
    assert_eq!(
        csv(b"Text,ID,email\nhello,1,zoe@quill.example\n").unwrap(),
        1
    );
    // NULs are text like any other.
    assert_eq!(
        json(GOOD.replace("where", "wh\\u0000ere").as_bytes()).unwrap(),
        1
    );
}

#[test]
fn a_fault_is_named_with_its_place_and_never_quoted() {
    let secret = "zoequillfeather";
    let cases: Vec<(Result<usize, TicketsError>, &str)> = vec![
        (
            json(format!("{GOOD}\n{secret}").as_bytes()),
            "line 2 is no JSON object",
        ),
        (
            json(format!("{{\"id\":\"{secret}\"}}").as_bytes()),
            "`thread` is missing",
        ),
        (
            json(format!("{{\"id\":7,\"thread\":\"{secret}\"}}").as_bytes()),
            "`id` is missing",
        ),
        (
            json(
                GOOD.replace("\"customer\",\"text\"", &format!("\"{secret}\",\"text\""))
                    .as_bytes(),
            ),
            "`from` is missing",
        ),
        (
            json(GOOD.replace("null", &format!("\"{secret}\"")).as_bytes()),
            "`customer` is missing",
        ),
        (
            json(GOOD.replace("where is order 12345?", " \\n ").as_bytes()),
            "no text of the customer",
        ),
        (
            json(&[GOOD.as_bytes(), b"\n{\"id\":\"\xff\xfe\"}"].concat()),
            "record 2 is not UTF-8",
        ),
        (
            csv(format!("number,body\n1,{secret}\n").as_bytes()),
            "no column `id`",
        ),
        (
            csv(format!("id,text\n1,{secret},3\n").as_bytes()),
            "does not fit the header",
        ),
        (csv(b"id,text\n1,\xff\xfe\n"), "record 1 is not UTF-8"),
        (csv(b"id,text\n1,\n"), "no text of the customer"),
    ];
    for (result, want) in cases {
        let error = result.unwrap_err();
        let message = error.to_string();
        assert!(message.contains(want), "{message:?} should say {want:?}");
        assert!(
            !message.contains(secret) && !format!("{error:?}").contains(secret),
            "{message}"
        );
    }
}

/// An endless cell that is never closed, without the memory for it.
struct Endless {
    head: &'static [u8],
    read: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        assert!(self.read < 1 << 30, "the reader went on for a gigabyte");
        let n = if self.head.is_empty() {
            buffer.fill(b'a');
            buffer.len()
        } else {
            self.head.read(buffer)?
        };
        self.read += n;
        Ok(n)
    }
}

#[test]
fn a_gigabyte_in_one_quoted_cell_is_refused_early() {
    for (head, format) in [
        (&b"id,text\n1,\""[..], Format::Csv),
        (&b"{\"id\":\""[..], Format::JsonLines),
    ] {
        let mut source = Endless { head, read: 0 };
        let error = read_tickets(&mut source, format).unwrap_err();
        assert!(
            matches!(error, TicketsError::TooLong { record: 1, .. }),
            "{error}"
        );
        assert!(source.read < 2 * MAX_RECORD_BYTES, "read {}", source.read);
    }
}

#[test]
fn the_program_says_what_is_wrong_and_fails() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("tickets.jsonl");
    std::fs::write(&file, "nonsense\n").unwrap();
    for path in [file, dir.path().join("missing.jsonl")] {
        let output = Command::new(env!("CARGO_BIN_EXE_quick_start"))
            .arg("--tickets")
            .arg(path)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            String::from_utf8(output.stderr)
                .unwrap()
                .starts_with("quick_start: ")
        );
    }
}
