//! The body of a template record: lines by language and matter.

use super::DraftTemplates;
use crate::Error;

const VERSION: u8 = 0;

/// What is written.
pub(super) fn encode(groups: &[DraftTemplates]) -> Result<Vec<u8>, Error> {
    let mut out = vec![VERSION];
    put_number(&mut out, groups.len())?;
    for one in groups {
        put(&mut out, &one.locale)?;
        put(&mut out, one.intent.as_deref().unwrap_or_default())?;
        out.extend_from_slice(&one.drafts.to_be_bytes());
        put_number(&mut out, one.lines.len())?;
        for line in &one.lines {
            put(&mut out, line)?;
        }
    }
    Ok(out)
}

/// Takes a body apart.
pub(in crate::desk) fn decode(bytes: &[u8]) -> Result<Vec<DraftTemplates>, Error> {
    read(bytes).ok_or(Error::DamagedSession)
}

fn read(bytes: &[u8]) -> Option<Vec<DraftTemplates>> {
    let mut rest = bytes.strip_prefix(&[VERSION])?;
    let mut groups = Vec::new();
    for _ in 0..number(&mut rest)? {
        let (locale, intent) = (text(&mut rest)?, text(&mut rest)?);
        let (drafts, after) = rest.split_first_chunk::<8>()?;
        rest = after;
        let many = number(&mut rest)?;
        groups.push(DraftTemplates {
            locale,
            intent: Some(intent).filter(|intent| !intent.is_empty()),
            drafts: u64::from_be_bytes(*drafts),
            lines: (0..many).map(|_| text(&mut rest)).collect::<Option<_>>()?,
        });
    }
    rest.is_empty().then_some(groups)
}

fn put_number(out: &mut Vec<u8>, n: usize) -> Result<(), Error> {
    let n = u32::try_from(n).map_err(|_| Error::TooLarge { bytes: n })?;
    out.extend_from_slice(&n.to_be_bytes());
    Ok(())
}

fn put(out: &mut Vec<u8>, text: &str) -> Result<(), Error> {
    put_number(out, text.len())?;
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let (n, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    usize::try_from(u32::from_be_bytes(*n)).ok()
}

fn text(rest: &mut &[u8]) -> Option<String> {
    let len = number(rest)?;
    let (text, after) = rest.split_at_checked(len)?;
    *rest = after;
    Some(std::str::from_utf8(text).ok()?.to_owned())
}
