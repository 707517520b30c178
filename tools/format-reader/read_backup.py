#!/usr/bin/env python3
"""Opens sealed backups of a tactful store with nothing but docs/format.md at hand ("Backups").

    read_backup.py BACKUP... [--dir DIR] [--root FILE] [--passphrase-env VAR] [--expect FILE]

Takes a backup of records, one of keys, or both; a side without a backup is read from the store in DIR. Everything that
read_store.py looks at is looked at, in memory, with the same answer and exit status; `apart` counts what tells that the two
sides are of different moments. A copy from before a migration is opened alone. Writes nothing.
"""

import hashlib
import sqlite3
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from cryptography.exceptions import InvalidTag  # noqa: E402
from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402
from cryptography.hazmat.primitives.hashes import SHA256  # noqa: E402
from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: E402

from read_store import Reader, answer, arguments, root_of  # noqa: E402
from tactful_format import AUDIT, TABLES, ZEROS, Bytes, Damaged, keys_of, need, records_of, same, sha, unwrap  # noqa: E402

RECORDS, KEYS, FILE = 0, 1, 2
CHUNK = 65_536
LOGS = ["audit", "ledger"]


class Backup:
    """A sealed stream, its header read."""

    def __init__(self, path):
        self.b = Bytes(path.read_bytes())
        b = self.b
        need(b.take(8) == b"TCSBACK1", "no backup of this format")
        self.what, self.store, self.made, self.salt = b.number("B"), b.take(16), b.number("q"), b.take(32)
        need(self.what in (RECORDS, KEYS, FILE), "kind of a backup")
        self.extra = b.take(b.number("I"))
        check = hashlib.sha256(b.data[: b.at]).digest()[:16]
        need(same(b.take(16), check), "check of the header")
        self.header = b.data[: b.at]

    def key(self, provider, root):
        """The stream key of what carries it itself."""
        e = Bytes(self.extra)
        if self.what == KEYS:
            need(e.take(16) == provider, "another root key")
            context = b"tactful crypto-store key backup v1" + self.store
        else:
            context = b"tactful crypto-store copy v1" + self.store
        key, epoch = unwrap(root, e.data[e.at :], context)
        need(epoch == 0, "epoch")
        return key

    def open(self, key):
        b = self.b
        info = b"tactful crypto-store backup v1" + sha(self.header)
        okm = HKDF(SHA256(), 64, self.salt, info).derive(key)
        need(same(b.take(32), okm[32:]), "commitment")
        cipher, out, last, number = AESGCM(okm[:32]), [], 0, 0
        while not last:
            last, length = b.number("B"), b.number("I")
            need(last in (0, 1) and (length <= CHUNK if last else length == CHUNK), "length of a chunk")
            nonce = bytes(3) + number.to_bytes(8, "big") + bytes([last])
            try:
                out.append(cipher.decrypt(nonce, b.take(length + 16), self.header))
            except InvalidTag:
                raise Damaged(f"chunk {number}") from None
            number += 1
        b.end()
        return b"".join(out)


def optional(b, take):
    there = b.number("B")
    need(there in (0, 1), "an optional field")
    return take() if there else None


def pieces(content):
    """The two sides of a store, in memory, from a row of pieces."""
    keys, db = (sqlite3.connect(":memory:", isolation_level=None) for _ in range(2))
    keys.execute("CREATE TABLE slots (slot INTEGER PRIMARY KEY, id BLOB UNIQUE, wrapped BLOB)")
    keys.execute("CREATE TABLE roots (id BLOB PRIMARY KEY, wrapped BLOB)")
    for table in TABLES:
        columns = "seq INTEGER PRIMARY KEY, key BLOB UNIQUE, r0 BLOB, r1 BLOB, at INTEGER, value BLOB"
        db.execute(f"CREATE TABLE {table} ({columns})")
    db.execute("CREATE TABLE fresh (seq INTEGER PRIMARY KEY, value BLOB)")
    for log in LOGS:
        db.execute(f"CREATE TABLE {log} (seq INTEGER PRIMARY KEY, value BLOB, link BLOB)")
    b, number, before = Bytes(content), 0, -1
    while True:
        kind = b.number("B")
        if kind == 0xFF:
            need(b.number("Q") == number, "number of pieces")
            b.end()
            return keys, db
        number += 1
        need(kind >= before, "order of pieces")
        before = kind
        if kind < len(TABLES):
            row = [b.take(b.number("I"))]
            row += [optional(b, lambda: b.take(b.number("I"))) for _ in range(2)]
            row += [optional(b, lambda: b.number("q")), b.take(b.number("I"))]
            db.execute(f"INSERT INTO {TABLES[kind]} (key, r0, r1, at, value) VALUES (?, ?, ?, ?, ?)", row)
        elif kind in (0x10, 0x11):
            seq, link = b.number("Q"), b.take(32)
            row = (seq, b.take(b.number("I")), link)
            db.execute(f"INSERT INTO {LOGS[kind - 0x10]} (seq, value, link) VALUES (?, ?, ?)", row)
        else:
            need(kind == 0x20, "kind of a piece")
            row = (b.take(33), b.take(b.number("I")))
            table = "slots" if len(row[1]) == 81 else "roots"
            keys.execute(f"INSERT INTO {table} (id, wrapped) VALUES (?, ?)", row)


def look(a):
    provider, root = root_of(a)
    backups = {}
    for path in a.backup:
        backup = Backup(path)
        need(backup.what not in backups, "two backups of one kind")
        backups[backup.what] = backup
    if FILE in backups:
        content = backups[FILE].open(backups[FILE].key(provider, root))
        need(content[:16] == b"SQLite format 3\0", "no database")
        return {"bytes": len(content), "findings": 0}
    keys_db = pieces(backups[KEYS].open(backups[KEYS].key(provider, root)))[0] if KEYS in backups else keys_of(a.dir)
    if RECORDS not in backups:
        db = records_of(a.dir)
    else:
        empty = sqlite3.connect(":memory:")
        above = Reader(keys_db, empty, provider, root)
        above.read_keys()
        audit = above.keys[(AUDIT, ZEROS, ZEROS)]
        need(not backups[RECORDS].extra, "extra")
        need(backups[RECORDS].store == above.store, "the backup of another store")
        key = HKDF(SHA256(), 32, b"", b"tactful crypto-store backup key v1").derive(audit)
        db = pieces(backups[RECORDS].open(key))[1]
    reader = Reader(keys_db, db, provider, root, moments=True)
    reader.read(a.expect)
    need(all(backup.store == reader.store for backup in backups.values()), "the backup of another store")
    return reader.summary()


def main():
    p = arguments("Opens backups from docs/format.md alone.")
    p.add_argument("backup", type=Path, nargs="+")
    p.add_argument("--dir", type=Path, default=Path("."), help="the store that the backups are of")
    a = p.parse_args()
    return answer(lambda: look(a))


if __name__ == "__main__":
    sys.exit(main())
