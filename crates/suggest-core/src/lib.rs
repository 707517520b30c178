//! Reply drafts from redacted text: playbook, retrieval, models, guards.
#![forbid(unsafe_code)]
