use std::fmt::Write as _;

use retention_policy::{Access, Action, Category, Purpose, Role, access};

/// The whole table as text: whoever changes who may do what sees it in the diff of the golden file.
#[test]
fn the_table_is_the_golden_one() {
    let mut text = String::new();
    for role in Role::ALL {
        for action in Action::ALL {
            for purpose in Purpose::ALL {
                for category in Category::ALL {
                    let answer = access(role, action, purpose, category);
                    if answer != Access::Denied {
                        writeln!(text, "{role} {action} {purpose} {category} {answer:?}").unwrap();
                    }
                }
            }
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/access.txt");
    let golden = std::fs::read_to_string(path).unwrap();
    assert!(text == golden, "the table changed; it now reads:\n{text}");
}

#[test]
fn nobody_reads_tickets_to_improve_anything() {
    for role in Role::ALL {
        for action in Action::ALL {
            for category in [Category::Session, Category::Attachment] {
                let answer = access(role, action, Purpose::ImproveService, category);
                assert_eq!(answer, Access::Denied, "{role} {action} {category}");
            }
        }
    }
}

/// Drafts are opened for what they have in common, before they end, and by nobody who answers tickets or looks at people.
#[test]
fn only_the_worker_reads_drafts_to_improve_anything() {
    for role in Role::ALL {
        for action in Action::ALL {
            let answer = access(role, action, Purpose::ImproveService, Category::Draft);
            let reads = matches!(action, Action::Read | Action::Find) && role == Role::Worker;
            assert_eq!(answer != Access::Denied, reads, "{role} {action}");
        }
    }
}

#[test]
fn only_the_privacy_officer_erases_and_exports() {
    for role in Role::ALL {
        for purpose in Purpose::ALL {
            for category in Category::ALL {
                for action in [Action::Erase, Action::Export, Action::Hold] {
                    let allowed = access(role, action, purpose, category) != Access::Denied;
                    assert!(!allowed || role == Role::PrivacyOfficer, "{role} {action}");
                }
            }
        }
    }
}
