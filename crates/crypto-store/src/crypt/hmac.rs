//! HMAC-SHA256 (RFC 2104) and HKDF-SHA256 (RFC 5869) on the block function of `sha2`.
//!
//! To seal a small record is as much hashing as encrypting. A block waits for the one before it, so that one hash leaves half
//! of the processor idle: two that do not need each other run side by side when their blocks take turns, which general layers
//! around the block function do not offer. To be called inside of [`clean`](super::clean): nothing here wipes what it leaves
//! on the stack.

use std::slice::from_ref;

use sha2::block_api::compress256;

const BLOCK: usize = 64;
const DIGEST: usize = 32;

/// FIPS 180-4, section 5.3.3.
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// SHA-256 of one message, part by part.
pub(super) struct Hash {
    state: [u32; 8],
    /// Zeros behind what waits to be a whole block.
    block: [u8; BLOCK],
    len: u64,
}

impl Hash {
    /// Goes on from the state after so many bytes, which are whole blocks.
    #[inline]
    fn after(state: [u32; 8], len: u64) -> Self {
        let block = [0; BLOCK];
        Hash { state, block, len }
    }

    #[inline]
    fn free(&mut self) -> &mut [u8] {
        let waiting = self.len as usize % BLOCK;
        self.block.get_mut(waiting..).unwrap_or_default()
    }

    #[inline]
    fn compress(&mut self) {
        compress256(&mut self.state, from_ref(&self.block));
        self.block = [0; BLOCK];
    }

    #[inline]
    fn update(&mut self, mut bytes: &[u8]) {
        let free = self.free();
        if let Some((fits, rest)) = bytes.split_at_checked(free.len()) {
            free.copy_from_slice(fits);
            self.compress();
            let (blocks, rest) = rest.as_chunks();
            compress256(&mut self.state, blocks);
            self.len += (bytes.len() - rest.len()) as u64;
            bytes = rest;
        }
        if let Some(to) = self.free().get_mut(..bytes.len()) {
            to.copy_from_slice(bytes);
        }
        self.len += bytes.len() as u64;
    }

    /// Pads (FIPS 180-4, section 5.1.1): a one, zeros, and the length in bits at the end of a block.
    #[inline]
    fn finish(mut self) -> [u8; DIGEST] {
        let free = self.free();
        let fits = free.len() > size_of::<u64>();
        if let Some(one) = free.first_mut() {
            *one = 0x80;
        }
        if !fits {
            self.compress();
        }
        if let Some(bits) = self.block.last_chunk_mut() {
            *bits = (8 * self.len).to_be_bytes();
        }
        self.compress();
        let mut out = [0; DIGEST];
        for (to, word) in out.as_chunks_mut().0.iter_mut().zip(self.state) {
            *to = word.to_be_bytes();
        }
        out
    }
}

/// A key of HMAC, hashed once for any number of messages.
pub(super) struct HmacKey {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl HmacKey {
    #[inline]
    pub(super) fn new(key: &[u8]) -> Self {
        if key.len() > BLOCK {
            let mut hash = Hash::after(START, 0);
            hash.update(key);
            return HmacKey::new(&hash.finish());
        }
        let (mut ipad, mut opad) = ([0x36; BLOCK], [0x5c; BLOCK]);
        for ((ipad, opad), key) in ipad.iter_mut().zip(&mut opad).zip(key) {
            *ipad ^= key;
            *opad ^= key;
        }
        let (mut inner, mut outer) = (START, START);
        compress256(&mut inner, from_ref(&ipad));
        compress256(&mut outer, from_ref(&opad));
        HmacKey { inner, outer }
    }

    #[inline]
    fn begin(&self, parts: &[&[u8]]) -> Hash {
        let mut message = Hash::after(self.inner, BLOCK as u64);
        for part in parts {
            message.update(part);
        }
        message
    }

    #[inline]
    fn close(&self, message: &[u8; DIGEST]) -> [u8; DIGEST] {
        let mut outer = Hash::after(self.outer, BLOCK as u64);
        outer.update(message);
        outer.finish()
    }

    #[inline]
    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; DIGEST] {
        self.close(&self.begin(parts).finish())
    }

    /// HKDF-Extract, and beside it the SHA-256 of `other`.
    #[inline]
    pub(super) fn extract(salt: &[u8], ikm: &[&[u8]], other: &[u8]) -> (Self, [u8; DIGEST]) {
        let (first, rest) = other.split_at(other.len().min(BLOCK));
        let salt = HmacKey::new(salt);
        let mut hash = Hash::after(START, 0);
        hash.update(first);
        let message = salt.begin(ikm);
        hash.update(rest);
        let (message, hash) = (message.finish(), hash.finish());
        (HmacKey::new(&salt.close(&message)), hash)
    }

    /// HKDF-Expand. `None` for more than 8,160 bytes.
    #[inline]
    pub(super) fn expand(&self, info: &[&[u8]], out: &mut [u8]) -> Option<()> {
        let mut before: &[u8] = &[];
        for (n, chunk) in (1_u64..).zip(out.chunks_mut(DIGEST)) {
            let mut message = self.begin(&[before]);
            for part in info {
                message.update(part);
            }
            message.update(&[u8::try_from(n).ok()?]);
            let block: [u8; DIGEST] = self.close(&message.finish());
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
            before = chunk;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
