"""What docs/format.md says of bytes: fields, keys, records, trees. Section names in quotes are those of the page."""

import datetime
import hashlib
import hmac
import sqlite3
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

try:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
except ImportError:
    Argon2id = None

ZEROS = bytes(16)
HOLD_BUCKET = (0xFF, 2**63 - 1)
WEEK = 7 * 86400
WIDTHS = [900, 86400, WEEK, WEEK, 900, WEEK, WEEK, WEEK]
MONDAY = int(datetime.datetime(1970, 1, 5, tzinfo=datetime.timezone.utc).timestamp())
TABLES = ["records", "terms", "once", "gone", "holds", "links", "intents", "meta"]
AUDIT, TENANT, BUCKET, INDEX, SUBJECT, UNIT = 1, 3, 4, 5, 6, 7
HEADER, MARK, RECORD, EPOCHS, AHEAD, PERSON = 0, 2, 8, 9, 10, 11


class Damaged(Exception):
    """Bytes that are not what the page says."""


def need(condition, why):
    if not condition:
        raise Damaged(why)


def mac(key, *parts):
    return hmac.digest(key, b"".join(parts), "sha256")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def same(a, b):
    return hmac.compare_digest(a, b)


def u32(n):
    return struct.pack(">I", n)


def u64(n):
    return struct.pack(">Q", n)


def i64(n):
    return struct.pack(">q", n)


class Bytes:
    """Takes fields off the front; nothing may be left over."""

    def __init__(self, data):
        need(isinstance(data, bytes), "no bytes")
        self.data, self.at = data, 0

    def take(self, n):
        need(len(self.data) - self.at >= n, "too short")
        self.at += n
        return self.data[self.at - n : self.at]

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]

    def end(self):
        need(self.at == len(self.data), "something left over")


# "Root key" and "Wrapped keys"


def unwrap(parent, wrapped, context):
    """The key and the epoch that names its parent."""
    b = Bytes(wrapped)
    need(b.number("B") == 1, "version of a wrapped key")
    epoch, salt, nonce, sealed = b.take(4), b.take(16), b.take(12), b.take(48)
    b.end()
    key = mac(parent, b"tactful crypto-store wrap v1", salt)
    try:
        return AESGCM(key).decrypt(nonce, sealed, epoch + context), int.from_bytes(epoch, "big")
    except InvalidTag:
        raise Damaged("a wrapped key does not open") from None


def unwrap_v0(parent, wrapped, context):
    b = Bytes(wrapped)
    need(b.number("B") == 0, "version of a wrapped key")
    salt, nonce, sealed = b.take(16), b.take(12), b.take(48)
    b.end()
    key = mac(parent, b"tactful crypto-store wrap v0", salt)
    try:
        return AESGCM(key).decrypt(nonce, sealed, context), 0
    except InvalidTag:
        raise Damaged("a wrapped key does not open") from None


def argon2id(passphrase, salt, memory, passes, lanes):
    if Argon2id is not None:
        kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory)
        return kdf.derive(passphrase)
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(passphrase, salt, passes, memory, lanes, 32, Type.ID, 0x13)


def root_key(path, passphrase):
    """Provider id and root key."""
    data = path.read_bytes()
    b = Bytes(data)
    magic, provider = b.take(8), b.take(16)
    if magic == b"TCSROOT0":
        key = b.take(32)
    else:
        need(magic == b"TCSPASS0", "no root key file")
        memory, passes, lanes = b.number("I"), b.number("I"), b.number("I")
        need(19 * 1024 <= memory <= 4 << 20 and 2 <= passes <= 64 and 1 <= lanes <= 64, "cost")
        salt = b.take(16)
        context = data[: b.at]
        wrapped = b.take(b.number("I"))
        need(passphrase is not None, "a passphrase file needs --passphrase-env")
        parent = argon2id(passphrase.encode(), salt, memory, passes, lanes)
        opener = unwrap_v0 if wrapped[:1] == b"\0" else unwrap
        key, epoch = opener(parent, wrapped, context)
        need(epoch == 0, "epoch of a root key")
    before = data[: b.at]
    need(same(b.take(16), sha(before)[:16]), "check of the root key file")
    b.end()
    return provider, key


def connect(path, application):
    """Without a log in use the file is all there is, and SQLite need not make a shared-memory file beside it."""
    log = Path(f"{path}-wal")
    alone = not log.exists() or log.stat().st_size == 0
    address = path.resolve().as_uri() + "?mode=ro" + ("&immutable=1" if alone else "")
    c = sqlite3.connect(address, uri=True, isolation_level=None)
    c.execute("PRAGMA query_only = ON")
    c.execute("BEGIN")
    need(c.execute("PRAGMA application_id").fetchone()[0] == application, f"{path.name}: kind of file")
    word = c.execute("PRAGMA user_version").fetchone()[0] & 0xFFFFFFFF
    need(word & 0xFF == 1, f"{path.name}: format")
    need(c.execute("PRAGMA page_size").fetchone()[0] == 8192, f"{path.name}: page size")
    with open(path, "rb") as file:
        need(file.read(20)[18:] == b"\2\2", f"{path.name}: not in WAL mode")
    return c


def keys_of(folder):
    return connect(folder / "keys.db", 0x5443534B)


def records_of(folder):
    return connect(folder / "records.db", 0x54435352)


# "Records"


def parse_meta(data):
    b, fields = Bytes(data), []
    for length in (16, 16, 1, 1, 2, 8, 8):
        need(b.number("B") == length, "length of a meta field")
        fields.append(b.take(length))
    b.end()
    tenant, subject, category, purposes, region, made, expiry = fields
    category, purposes = category[0], purposes[0]
    need(category < 8 and 0 < purposes < 0x80, "category or purposes")
    need(region.isalpha() and region.isupper() and region.isascii(), "region")
    made, expiry = (struct.unpack(">q", t)[0] for t in (made, expiry))
    need(made < expiry, "times")
    return tenant, subject, category, purposes, expiry


def parse_record(value):
    b = Bytes(value)
    head = b.take(b.number("I"))
    envelope = b.data[b.at :]
    h = Bytes(head)
    need(h.number("B") == 0, "version of a head")
    tenant, subject, category, purposes, expiry = parse_meta(h.take(h.number("I")))
    bucket = (h.number("B"), h.number("q"))
    unit, reference, moved = h.take(16), h.take(16), h.number("I")
    terms = [h.take(16) for _ in range(h.number("I"))]
    h.end()
    need(all(a < b for a, b in zip(terms, terms[1:])), "order of terms")
    if bucket != HOLD_BUCKET:
        width = WIDTHS[category]
        need(bucket == (category, MONDAY - -(expiry - MONDAY) // width * width), "bucket")
    return dict(head=head, envelope=envelope, tenant=tenant, subject=subject, category=category,
                purposes=purposes, expiry=expiry, bucket=bucket, unit=unit, reference=reference,
                moved=moved, terms=terms)


def open_envelope(envelope, ikm, identity):
    b = Bytes(envelope)
    need(b.take(2) == b"CS" and b.number("B") == 0 and b.number("B") == 1, "envelope")
    salt, nonce, commitment = b.take(32), b.take(12), b.take(32)
    sealed = b.data[b.at :]
    need(16 <= len(sealed) <= (64 << 20) + 16, "length of an envelope")
    info = b"tactful crypto-store record v0" + sha(identity)
    okm = HKDF(SHA256(), 64, salt, info).derive(ikm)
    need(same(okm[32:], commitment), "commitment")
    try:
        return AESGCM(okm[:32]).decrypt(nonce, sealed, identity)
    except InvalidTag:
        raise Damaged("ciphertext") from None


def merkle(leaves):
    """RFC 6962, section 2.1, from hashed leaves."""
    stack = []
    for n, leaf in enumerate(leaves, 1):
        while n % 2 == 0:
            leaf = sha(b"\1", stack.pop(), leaf)
            n //= 2
        stack.append(leaf)
    if not stack:
        return sha()
    node = stack.pop()
    while stack:
        node = sha(b"\1", stack.pop(), node)
    return node
