//! The Merkle tree of RFC 6962, section 2.1, over SHA-256.
//!
//! The root sums up all entries in 32 bytes; an inclusion proof shows with about log2(n) hashes that one entry is in it.

use crate::crypt;

/// A hash of the tree.
pub type Hash = [u8; 32];

/// Hash of one entry: SHA-256(0x00 || entry).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    crypt::sha256(&[&[0], entry])
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    crypt::sha256(&[&[1], left, right])
}

/// Builds the root of a growing list in memory that grows with its logarithm.
///
/// ```
/// use crypto_store::audit::tree::{Frontier, leaf_hash};
/// let mut tree = Frontier::default();
/// tree.push(leaf_hash(b"one"));
/// assert_eq!(tree.root(), leaf_hash(b"one"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Frontier {
    size: u64,
    /// Roots of complete subtrees, largest first; one for each bit set in `size`.
    stack: Vec<Hash>,
}

impl Frontier {
    /// Appends the hash of an entry.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        let mut bits = self.size;
        while bits & 1 == 1 {
            let Some(left) = self.stack.pop() else { break };
            node = node_hash(&left, &node);
            bits >>= 1;
        }
        self.stack.push(node);
        self.size += 1;
    }

    /// Number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root; of no entries the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut nodes = self.stack.iter().rev();
        match nodes.next() {
            None => crypt::sha256(&[]),
            Some(last) => nodes.fold(*last, |right, left| node_hash(left, &right)),
        }
    }
}

/// The root of a list of leaf hashes.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Frontier::default();
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    tree.root()
}

/// The largest power of two below `n` (n > 1).
fn split(n: usize) -> usize {
    let power = n.next_power_of_two();
    if power == n { n / 2 } else { power / 2 }
}

/// Hashes that lead from leaf `index` to the root, nearest first. None if there is no such leaf.
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut part, mut index, mut path) = (leaves, index, Vec::new());
    while part.len() > 1 {
        let (left, right) = part.split_at_checked(split(part.len()))?;
        if index < left.len() {
            path.push(root(right));
            part = left;
        } else {
            index -= left.len();
            path.push(root(left));
            part = right;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether `leaf` stands at `index` of the tree of `size` entries with this root (RFC 9162, section 2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut at, mut last) = (*leaf, index, size - 1);
    for hash in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            node = node_hash(hash, &node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(&node, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && node == *root
}
