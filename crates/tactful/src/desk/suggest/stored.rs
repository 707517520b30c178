//! The body of a draft record: the map its tags belong to, the thread it answers, how it was made, sources, text.

use redact::MapId;
use suggest_core::Draft;
use zeroize::Zeroizing;

use crate::Error;

/// Version byte of a stored draft.
const VERSION: u8 = 0;
/// Bytes that say which message it answers.
const ANSWERS: usize = size_of::<u64>();

/// A stored draft taken apart. The text re-enters through `redact` before anything else sees it.
pub(in crate::desk) struct Stored<'b> {
    pub(in crate::desk) map: MapId,
    pub(in crate::desk) locale: &'b str,
    /// Empty for none.
    pub(in crate::desk) intent: &'b str,
    pub(in crate::desk) text: &'b str,
}

/// Takes a body apart.
pub(in crate::desk) fn decode(bytes: &[u8]) -> Result<Stored<'_>, Error> {
    read(bytes).ok_or(Error::DamagedSession)
}

fn read(bytes: &[u8]) -> Option<Stored<'_>> {
    let ([VERSION], rest) = bytes.split_first_chunk::<1>()? else {
        return None;
    };
    let (map, rest) = rest.split_first_chunk::<16>()?;
    let (_, mut rest) = rest.split_first_chunk::<ANSWERS>()?;
    let mut field = || {
        let (len, after) = rest.split_first_chunk::<4>()?;
        let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
        let (field, after) = after.split_at_checked(len)?;
        rest = after;
        std::str::from_utf8(field).ok()
    };
    let (locale, _source, intent, _citations) = (field()?, field()?, field()?, field()?);
    let text = field()?;
    rest.is_empty().then_some(Stored {
        map: MapId(*map),
        locale,
        intent,
        text,
    })
}

/// What is written.
pub(super) fn encode(draft: &Draft) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut out = Zeroizing::new(vec![VERSION]);
    out.extend_from_slice(&draft.map_id().0);
    out.extend_from_slice(&draft.answers().to_be_bytes());
    let mut field = |text: &str| -> Result<(), Error> {
        let len = u32::try_from(text.len()).map_err(|_| Error::TooLarge { bytes: text.len() })?;
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(text.as_bytes());
        Ok(())
    };
    field(draft.locale().code())?;
    field(draft.source().code())?;
    field(draft.intent().map_or("", |i| i.code()))?;
    field(&draft.citations().join("\n"))?;
    field(draft.text().as_str())?;
    Ok(out)
}
