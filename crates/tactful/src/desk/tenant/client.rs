//! What the desk keeps of a client: the contract, what was counted before it was destroyed, the certificates.

use retention_policy::Contract;

use crate::Error;

const VERSION: u8 = 0;

/// How much there was before the first of it was destroyed: what is gone cannot be counted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) records: u64,
    pub(crate) keys: u64,
}

/// A client of the desk.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) contract: Contract,
    pub(crate) counted: Option<Counted>,
    /// Signed, the one of the end first.
    pub(crate) certificates: Vec<Vec<u8>>,
}

impl Client {
    pub(crate) fn new(contract: Contract) -> Self {
        Self {
            contract,
            counted: None,
            certificates: Vec::new(),
        }
    }

    /// The same under another state of the contract.
    pub(crate) fn with(&self, contract: Contract) -> Self {
        Self {
            contract,
            ..self.clone()
        }
    }

    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        let mut out = vec![VERSION];
        field(&mut out, &self.contract.to_bytes())?;
        match self.counted {
            None => out.push(0),
            Some(Counted { records, keys }) => {
                out.push(1);
                out.extend_from_slice(&records.to_be_bytes());
                out.extend_from_slice(&keys.to_be_bytes());
            }
        }
        for certificate in &self.certificates {
            field(&mut out, certificate)?;
        }
        Ok(out)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        read(bytes).ok_or(Error::DamagedContract)
    }
}

fn read(bytes: &[u8]) -> Option<Client> {
    let (VERSION, mut rest) = bytes.split_first().map(|(v, rest)| (*v, rest))? else {
        return None;
    };
    let contract = Contract::from_bytes(take(&mut rest)?).ok()?;
    let (counts, after) = rest.split_first()?;
    rest = after;
    let counted = match counts {
        0 => None,
        1 => Some(Counted {
            records: number(&mut rest)?,
            keys: number(&mut rest)?,
        }),
        _ => return None,
    };
    let mut certificates = Vec::new();
    while !rest.is_empty() {
        certificates.push(take(&mut rest)?.to_vec());
    }
    Some(Client {
        contract,
        counted,
        certificates,
    })
}

fn field(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Error> {
    let len = u32::try_from(bytes.len()).map_err(|_| Error::TooLarge { bytes: bytes.len() })?;
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

fn take<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (len, after) = rest.split_first_chunk::<4>()?;
    let (taken, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)?;
    *rest = after;
    Some(taken)
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let (bytes, after) = rest.split_first_chunk::<8>()?;
    *rest = after;
    Some(u64::from_be_bytes(*bytes))
}
