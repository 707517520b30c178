#!/usr/bin/env python3
"""Opens a tactful store with nothing but docs/format.md at hand.

    read_store.py DIR [--root FILE] [--passphrase-env VAR] [--expect FILE]

Prints one line of JSON; exit status 0 if nothing is damaged, 1 if something is, 2 for a wrong call or no store.
Writes nothing (SQLite makes `*-shm` where a log is in use); prints no key, no id, no content. Section names in
quotes are those of docs/format.md.

--expect names a file of JSON lines, what the writer of the store says it wrote:

    {"id": hex, "tenant": hex, "state": "open" or "gone", "sha256": hex of the body,
     "terms": [[field, value, bits or null], ...], "once": hex of the idempotency key or null}
"""

import argparse
import json
import os
import sqlite3
import struct
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.dont_write_bytecode = True

from tactful_format import (  # noqa: E402
    AHEAD, AUDIT, BUCKET, EPOCHS, HEADER, HOLD_BUCKET, INDEX, MARK, PERSON, RECORD, SUBJECT, TABLES, TENANT, UNIT, ZEROS,
    Bytes, Damaged, i64, keys_of, mac, merkle, need, open_envelope, parse_record, records_of, root_key, same, sha, u32,
    u64, unwrap,
)

SHOWN = 50


class Reader:
    """Two databases and a root key. `moments`: the sides may be of different moments, which is counted and no finding."""

    def __init__(self, keys_db, db, provider, root, moments=False):
        self.findings = []
        self.provider, self.root, self.moments = provider, root, moments
        self.keys_db, self.db = keys_db, db
        for name, c in (("keys.db", self.keys_db), ("records.db", self.db)):
            if c.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                self.finding(name, "structure")
        self.small = 0
        self.numbers = Counter()

    def apart(self, where, why):
        """Something that tells that one side is older than the other."""
        self.numbers["apart"] += 1
        if not self.moments:
            self.finding(where, why)

    def finding(self, where, why):
        self.findings.append(f"{where}: {why}")

    def each(self, where, rows, look):
        """Looks at rows; what is wrong with one is a finding and the next one is looked at."""
        for place, row in rows:
            try:
                look(row)
            except (Damaged, struct.error, ValueError, TypeError, IndexError) as e:
                why = str(e) if isinstance(e, Damaged) else "form"
                self.finding(f"{where} {place}", why)

    # "keys.db"

    def read_keys(self):
        self.wrapped, self.plain, self.keys, self.orphans = {}, {}, {}, set()
        slots = self.keys_db.execute("SELECT slot, id, wrapped FROM slots").fetchall()
        self.each("slots", ((slot, (slot, id, w)) for slot, id, w in slots), self.slot)
        roots = self.keys_db.execute("SELECT rowid, id, wrapped FROM roots").fetchall()
        self.each("roots", ((n, (id, w)) for n, id, w in roots), self.root_row)
        by_kind = sorted(self.wrapped.items(), key=lambda item: item[0][0] not in (AUDIT, TENANT))
        head = Bytes(self.plain.get((HEADER, ZEROS, ZEROS), b""))
        need(head.take(8) == b"TCSHEAD1", "header")
        need(head.take(16) == self.provider, "another root key")
        self.store = head.take(16)
        head.end()
        self.each("slots", ((s, (id, w)) for id, (s, w) in by_kind), self.unwrap_key)
        audit = self.keys.get((AUDIT, ZEROS, ZEROS))
        need(audit, "the audit key is missing")
        self.audit_key = audit
        self.row_key = mac(audit, b"tactful crypto-store row v1")
        self.blind_key = mac(audit, b"tactful crypto-store blind v0")

    def slot(self, row):
        slot, id, wrapped = row
        need(len(id) == 33 and len(wrapped) == 81, "length")
        if id[0] == 0xFF:
            need(id == b"\xff" + ZEROS + i64(slot) + bytes(8), "id of a destroyed slot")
            need(wrapped == bytes(81), "a destroyed slot is not zeros")
            self.numbers["slots_destroyed"] += 1
            return
        need(id[0] in (AUDIT, TENANT, BUCKET, INDEX, SUBJECT, UNIT), "kind of a key")
        self.wrapped[(id[0], id[1:17], id[17:])] = (slot, wrapped)

    def root_row(self, row):
        id, value = row
        need(len(id) == 33, "length")
        need(id[0] in (HEADER, MARK, EPOCHS, AHEAD, PERSON), "kind of a row")
        self.plain[(id[0], id[1:17], id[17:])] = value

    def unwrap_key(self, row):
        id, wrapped = row
        kind, tenant, reference = id
        context = b"tactful crypto-store key v0" + self.store + bytes([kind]) + tenant + reference
        if kind in (AUDIT, TENANT):
            parent = self.root
            need(kind != TENANT or reference[4:] == bytes(12), "reference")
        else:
            parent = self.keys.get((TENANT, tenant, wrapped[1:5] + bytes(12)))
            if parent is None:
                self.orphans.add(id)
                return
            need(kind != BUCKET or reference[9:] == bytes(7), "reference")
        key, epoch = unwrap(parent, wrapped, context)
        need(kind not in (AUDIT, TENANT) or epoch == 0, "epoch")
        self.keys[id] = key

    def plain_row(self, id):
        """A row of `roots` behind its tag."""
        value = self.plain[id]
        need(len(value) > 16, "too short")
        name = bytes([id[0]]) + id[1] + id[2]
        need(same(value[-16:], mac(self.row_key, b"\xff", name, value[:-16])[:16]), "tag")
        self.numbers["key_rows"] += 1
        return Bytes(value[:-16])

    def read_plain(self):
        self.persons, self.epochs, self.ahead = set(), {}, defaultdict(set)
        self.mark = None
        rows = sorted(self.plain)
        self.each("roots", ((f"kind {id[0]}", id) for id in rows if id[0] != HEADER), self.plain_kind)
        if self.mark is None:
            self.finding("roots", "no mark")
        tenants = defaultdict(set)
        for kind, tenant, reference in self.keys:
            if kind == TENANT:
                tenants[tenant].add(int.from_bytes(reference[:4], "big"))
        self.tenants = tenants
        for tenant, numbers in tenants.items():
            self.numbers["tenants"] += 1
            self.numbers["rotating"] += len(numbers) > 1
            epoch, index, earlier = self.epochs.get(tenant, (None, None, None))
            if epoch not in numbers:
                self.finding("roots", "no epochs of a tenant, or no key of its epoch")
                continue
            for kind, other, reference in self.keys:
                if kind == INDEX and other == tenant:
                    n = int.from_bytes(reference[12:], "big")
                    once = reference == sha(b"#once")[:12] + bytes(4)
                    if n != index and n not in earlier and not once:
                        self.finding("slots", "an index key of no epoch")
        if set(self.epochs) - set(tenants):
            self.finding("roots", "epochs of no tenant")

    def plain_kind(self, id):
        kind, tenant, reference = id
        b = self.plain_row(id)
        if kind == PERSON:
            b.number("q")
            self.persons.add((tenant, reference))
        else:
            need(reference == ZEROS, "reference")
            need(b.number("B") == 1, "version")
        if kind == MARK:
            need(tenant == ZEROS, "tenant")
            self.mark = (b.number("Q"), b.take(32), b.number("Q"))
        if kind == EPOCHS:
            epoch, index = b.number("I"), b.number("I")
            self.epochs[tenant] = (epoch, index, {b.number("I"): b.number("q") for _ in range(b.number("I"))})
        if kind == AHEAD:
            self.ahead[tenant] = {b.take(16) for _ in range(b.number("I"))}
        b.end()

    # "records.db"

    def rows(self, table):
        sql = f"SELECT seq, key, r0, r1, at, value FROM {table} ORDER BY seq"
        for row in self.db.execute(sql):
            yield row[0], row

    def fresh_rows(self):
        """Rows of "terms" that are not in their table yet."""
        found, behind = [], 0

        def run(row):
            nonlocal behind
            seq, value = row
            need(seq >= behind, "number of a run")
            b = Bytes(value)
            while b.at == 0 or b.at < len(value):
                parts = [b.take(b.number("B")) for _ in range(2)]
                found.append((seq, parts[0], None, None, None, parts[1]))
                seq += 1
            behind = seq

        self.each("fresh", ((row[0], row) for row in self.db.execute("SELECT seq, value FROM fresh ORDER BY seq")), run)
        self.numbers["fresh"] = len(found)
        return [(row[0], row) for row in found]

    def untag(self, table, row):
        """The value of a small row behind its tag."""
        _, key, r0, r1, at, value = row
        need(len(value) >= 16, "too short")
        parts = [bytes([TABLES.index(table)])]
        for part in (key, r0, r1, None if at is None else i64(at), value[:-16]):
            parts.append(b"\xff" * 4 if part is None else u32(len(part)) + part)
        need(same(value[-16:], mac(self.row_key, *parts)[:16]), "tag")
        self.small += 1
        return Bytes(value[:-16])

    def read_small(self):
        self.gone, self.once, self.linked = {}, {}, defaultdict(set)
        self.intents, self.ending = {}, {}
        self.holds, self.hold_counts, self.store_row = Counter(), {}, None
        for table in ("once", "gone", "holds", "links", "intents", "meta"):
            look = getattr(self, f"{table}_row")
            self.each(table, self.rows(table), lambda row: look(row, self.untag(table, row)))
        if self.store_row != self.store:
            self.finding("meta", "records.db is of another store than keys.db")
        for tenant in set(self.holds) | set(self.hold_counts):
            if self.holds[tenant] != self.hold_counts.get(tenant, 0):
                self.finding("meta", "number of holds of a tenant")
        for (tenant, first), others in self.linked.items():
            if any(first not in self.linked.get((tenant, other), ()) for other in others):
                self.finding("links", "only one direction of a link")
        self.tombs = {tenant for kind, tenant, _ in self.gone if kind == TENANT}
        for kind, tenant, _ in self.orphans:
            if not self.ended(tenant):
                self.finding("slots", "a key whose tenant key is missing")

    def once_row(self, row, b):
        need(len(row[1]) == 32 and row[2] is row[3] is None, "columns")
        self.once[row[1]] = (b.take(16), row[4])
        b.end()

    def gone_row(self, row, b):
        key = row[1]
        need(len(key) == 33 and row[2] is row[3] is None, "columns")
        b.end()
        self.gone[(key[0], key[1:17], key[17:])] = row[4]

    def holds_row(self, row, b):
        _, key, r0, r1, at, _ = row
        need(len(key) == 33 and key[0] in (0, 1, 2, 3) and r1 is None, "columns")
        if key[0] == 1:
            need(len(r0) == 33 and r0[0] == 3 and r0[1:17] == key[1:17] and at is not None, "columns")
            self.numbers["duties"] += 1
            return b.end()
        if key[0] == 3:
            need(r0 is None and b.number("B") == 1, "version of an earlier end")
            what, end = b.number("B"), None
            need(1 <= what <= 3, "earlier end")
            if what & 1:
                end, reason, trigger = b.number("q"), b.number("B"), b.number("B")
                need(reason <= 3 and trigger <= (8 if reason == 2 else 0), "reason")
            if what & 2:
                b.number("q")
                need(0 < b.number("B") < 31, "readers")
            need(at == end, "columns")
            self.numbers["early"] += 1
            return b.end()
        need(at is None, "columns")
        if key[0] == 2:
            need(r0 is None and b.number("B") == 1 and b.take(16) == key[17:] and b.take(16) == key[1:17], "release")
            b.take(16), b.number("q")
            self.numbers["releases"] += 1
            return b.end()
        version = b.number("B")
        need(version <= 1 and b.number("B") <= 2, "version or reason")
        if version == 0:
            tag, scope = b.number("B"), b.take(16)
        b.take(16)
        need(b.number("q") < b.number("q"), "times")
        if version == 1:
            tag, scope = self.scope(Bytes(b.take(b.number("I"))), key[1:17])
        need(tag <= 2 and r0 == bytes([tag]) + key[1:17] + scope, "scope")
        b.end()
        self.holds[key[1:17]] += 1
        self.numbers["holds"] += 1

    def scope(self, b, tenant):
        """Tag and id by which a hold on this scope is found."""
        need(b.number("B") == 1, "version of a scope")
        of = b.number("B")
        need(1 <= of <= 4, "scope")
        found = (of - 1, b.take(16)) if of <= 2 else (2, tenant)
        if of == 4:
            said = b.number("B") != 255
            times = [b.number("q") for _ in range(2) if b.number("B") == 1]
            need(said or times, "an empty query")
        b.end()
        return found

    def links_row(self, row, b):
        _, key, r0, r1, at, _ = row
        need(len(key) == 48 and r0 == key[:32] and r1 is None and at is None, "columns")
        need(b.take(16) == key[32:], "second subject")
        b.end()
        self.linked[(key[:16], key[16:32])].add(key[32:])
        self.numbers["links"] += 1

    def intents_row(self, row, b):
        need(len(row[1]) == 16 and row[2] is row[3] is row[4] is None, "columns")
        need(b.number("B") == 0, "version")
        destroyed = b.number("B")
        need(destroyed <= 1, "destroyed")
        targets = [(b.take(33), b.number("Q")) for _ in range(b.number("I"))]
        more = [b.take(33) for _ in range(b.number("I"))]
        b.end()
        self.intents[row[1]] = (destroyed, [t for t, _ in targets] + more)
        self.ending[row[1]] = [t for t, _ in targets]

    def meta_row(self, row, b):
        key = row[1]
        need(row[2] is row[3] is row[4] is None, "columns")
        if key == b"store":
            self.store_row = b.take(16)
        elif key == b"restored":
            need(b.number("B") == 1, "version")
            b.take(b.number("I"))
            b.number("Q"), b.take(32), b.number("Q"), b.number("Q")
            self.numbers["restoring"] += 1
        else:
            need(key[:5] == b"holds" and len(key) == 21, "key")
            b.take(16)
            self.hold_counts[key[5:]] = b.number("I")
        b.end()

    def ended(self, tenant):
        return (tenant, ZEROS) in self.persons or tenant in self.tombs

    def read_records(self):
        self.records, self.units = {}, set()
        self.each("records", self.rows("records"), self.record_row)
        rows, carried = Counter(), defaultdict(set)

        def term_row(row):
            _, key, r0, r1, at, value = row
            need(len(key) == 32 and r0 is r1 is at is None, "columns")
            b = Bytes(value)
            told = (b.number("q"), b.number("B"), b.number("B"))
            b.end()
            record = self.records.get(key[16:])
            need(record, "a term of no record")
            need(record["terms"] is None or key[:16] in record["terms"], "a term its record does not name")
            need(told == record["told"], "not what its record says")
            need(key[:16] not in carried[key[16:]], "there already")
            carried[key[16:]].add(key[:16])
            rows["terms"] += 1

        self.each("terms", [*self.rows("terms"), *self.fresh_rows()], term_row)
        self.numbers["terms"] = rows["terms"]
        for id, record in self.records.items():
            if record["terms"] and carried[id] != set(record["terms"]):
                self.finding(f"records {record['seq']}", "terms without a row")
        for key, (id, at) in self.once.items():
            record = self.records.get(id)
            if record and record["told"] and at != record["told"][0]:
                self.finding("once", "not the expiry of its record")
        kept = {(id[1], id[2]) for id in self.keys if id[0] == UNIT}
        for tenant, reference in kept:
            if (tenant, reference) not in self.units and reference not in self.ahead[tenant]:
                self.finding("slots", "a unit key of no record")

    def record_row(self, row):
        seq, key, r0, r1, at, value = row
        self.numbers["records"] += 1
        entry = dict(seq=seq, terms=None, told=None, state="damaged")
        self.records[key] = entry
        try:
            need(len(key) == 16, "key")
            r = parse_record(value)
            entry.update(held=r["bucket"] == HOLD_BUCKET, terms=r["terms"], told=(r["expiry"], r["category"], r["purposes"]), tenant=r["tenant"])
            self.units |= {(r["tenant"], r["reference"]), (r["tenant"], r["unit"])}
            need(r0 == r["tenant"] + r["subject"], "r0")
            need(r1 == (None if r["unit"] == key else r["tenant"] + r["unit"]), "r1")
            held = r["bucket"] == HOLD_BUCKET
            need(at == (None if held else r["expiry"]), "at")
            need(held or r["moved"] > 0 or r["reference"] == r["unit"], "unit reference")
            self.numbers["held"] += held
            self.open_record(key, r, entry)
        except Exception:
            self.numbers["damaged"] += entry["state"] == "damaged"
            raise

    def open_record(self, key, r, entry):
        t = r["tenant"]
        bucket = bytes([r["bucket"][0]]) + i64(r["bucket"][1]) + bytes(7)
        names = [(SUBJECT, t, r["subject"]), (BUCKET, t, bucket), (UNIT, t, r["reference"])]
        missing = [name for name in names if name not in self.keys]
        tombs = [name for name in names + [(RECORD, t, key), (UNIT, t, r["unit"])] if name in self.gone]
        if missing:
            broken = any(name in self.wrapped and name not in self.orphans for name in missing)
            need(not broken, "a key that does not open")
            need(tombs or self.ended(t), "a key is missing and nothing says that it was destroyed")
            entry["state"] = "destroyed"
            self.numbers["destroyed"] += 1
            return
        head = r["head"]
        identity = b"tactful crypto-store identity v0" + key + u32(len(head)) + head
        body = open_envelope(r["envelope"], b"".join(self.keys[name] for name in names), identity)
        entry.update(state="open", sha256=sha(body))
        self.numbers["opened"] += 1

    # "Audit" and "Erasures"

    def read_log(self, table):
        label = f"tactful crypto-store {table} v0".encode()
        previous, leaves, values = bytes(32), [], []
        look = self.audit_entry if table == "audit" else self.ledger_entry
        links = []
        for n, (seq, value, link) in enumerate(self.db.execute(f"SELECT seq, value, link FROM {table} ORDER BY seq")):
            try:
                need(seq == n, "a gap")
                leaf = sha(b"\0", value)
                leaves.append(leaf)
                values.append(value)
                expected = mac(self.audit_key, label, previous, u64(n), leaf)
                links.append(link)
                previous = link
                need(same(link, expected), "link")
                look(value)
            except (Damaged, struct.error, TypeError) as e:
                self.finding(f"{table} {seq}", str(e) if isinstance(e, Damaged) else "form")
        return links, leaves, values

    def audit_entry(self, value):
        b = Bytes(value)
        need(b.number("B") == 0, "version")
        b.number("q")
        action, decision, role, purpose = (b.number("B") for _ in range(4))
        need(action <= 12 and decision <= 5, "action or decision")
        need(role <= 4 or role == 255, "role")
        need(purpose <= 6 or purpose == 255, "purpose")
        actor, tenant, subject, object = (b.take(16) for _ in range(4))
        b.number("I")
        b.end()
        need(tenant == ZEROS or tenant in self.blind_tenants, "a tenant that nobody knows")

    def ledger_entry(self, value):
        b = Bytes(value)
        need(b.number("B") == 0, "version")
        b.number("q")
        kind, phase = b.number("B"), b.number("B")
        need(kind <= 4 and phase <= 2, "kind or phase")
        erasure, tenant, target = b.take(16), b.take(16), b.take(16)
        b.number("Q")
        b.end()
        need(tenant == ZEROS or tenant in self.blind_tenants, "a tenant that nobody knows")
        self.erasures[erasure][kind, tenant, target].append(phase)

    def blind(self, kind, id):
        return mac(self.blind_key, bytes([kind]), id)[:16]

    def read_logs(self):
        known = set(self.tenants) | {tenant for tenant, _ in self.persons}
        self.blind_tenants = {self.blind(TENANT, t) for t in known}
        self.erasures = defaultdict(lambda: defaultdict(list))
        links, leaves, self.audit_values = self.read_log("audit")
        ledger, _, _ = self.read_log("ledger")
        self.numbers["audit"], self.numbers["ledger"] = len(links), len(ledger)
        self.tree = merkle(leaves)
        if self.mark:
            position, link, entries = self.mark
            if position >= len(links) or links[position] != link:
                self.apart("audit", "not the entry that keys.db remembers: records.db is older")
            if entries > len(ledger):
                self.apart("ledger", "shorter than keys.db remembers: records.db is older")
        for erasure, lines in self.erasures.items():
            known = self.intents.get(erasure, (1, []))[0]
            for phases in lines.values():
                if phases not in ([0], [0, 1], [0, 1, 2]) or (phases == [0] and known):
                    self.finding("ledger", "phases of an erasure")
        going = {name for destroyed, names in self.intents.values() if not destroyed for name in names}
        for id in self.gone:
            if id in self.keys and bytes([id[0]]) + id[1] + id[2] not in going:
                self.apart("gone", "a destroyed key is there: keys.db is older")
        for erasure, ids in self.ending.items():
            lines = {target for _, _, target in self.erasures.get(erasure, ())}
            if lines != {self.blind(id[0], id[17:]) for id in ids}:
                self.finding("intents", "not what the ledger tells of the erasure")
        self.numbers["intents"] = len(self.intents)

    # --expect

    def read(self, expect):
        """Everything, in the order in which one thing needs another."""
        self.read_keys()
        self.read_plain()
        self.read_small()
        self.read_records()
        self.read_logs()
        if expect:
            with open(expect, encoding="ascii") as lines:
                self.compare(lines)

    def compare(self, lines):
        told = {}
        for line in lines:
            e = json.loads(line)
            told[bytes.fromhex(e["id"])] = e
        created = {v[61:77] for v in self.audit_values if len(v) == 81 and v[9] == 0 and v[10] == 0}
        for id, record in self.records.items():
            if id not in told:
                self.finding(f"records {record['seq']}", "not expected")
        for n, (id, e) in enumerate(told.items()):
            where, tenant = f"expected {n}", bytes.fromhex(e["tenant"])
            record = self.records.get(id, dict(state="absent"))
            if (record["state"] == "open") != (e["state"] == "open"):
                self.finding(where, f"{record['state']}, should be {e['state']}")
            if self.blind(RECORD, id) not in created:
                self.finding(where, "no entry in the audit tells of its making")
            if record["state"] == "open":
                self.each(where, [("", e)], lambda e: self.expected(id, record, e, tenant))

    def expected(self, id, record, e, tenant):
        need(record["tenant"] == tenant, "tenant")
        need(record["sha256"].hex() == e["sha256"], "content")
        need(tenant in self.epochs, "epochs")
        epochs = self.epochs[tenant]
        wanted = [{self.term(tenant, field, n, value, bits) for n in {epochs[1], *epochs[2]}} for field, value, bits in e["terms"]]
        need(len(record["terms"]) == len(wanted), "number of terms")
        need(all(len(w & set(record["terms"])) == 1 for w in wanted), "terms")
        self.numbers["terms_compared"] += len(wanted)
        # A held record may be over, and its delivery forgotten.
        if e["once"] is not None and not record["held"]:
            key = self.keys.get((INDEX, tenant, sha(b"#once")[:12] + bytes(4)))
            need(key, "no key for deliveries")
            name = mac(key, b"tactful crypto-store once v0", bytes.fromhex(e["once"]))
            need(self.once.get(name, (None,))[0] == id, "delivery")
            self.numbers["deliveries_compared"] += 1

    def term(self, tenant, field, epoch, value, bits):
        key = self.keys.get((INDEX, tenant, sha(field.encode())[:12] + u32(epoch)))
        if key is None or bits is None:
            return key and mac(key, b"tactful crypto-store term v0", value.encode())[:16]
        whole = mac(key, b"tactful crypto-store truncated term v0", bytes([bits]), value.encode())
        first = int.from_bytes(whole[:4], "big") >> (32 - bits) << (32 - bits)
        return u32(first) + bytes(11) + bytes([bits])

    def summary(self):
        n = self.numbers
        out = {name: n[name] for name in ("records", "opened", "destroyed", "damaged", "held", "terms", "fresh")}
        out |= {"audit": n["audit"], "ledger": n["ledger"], "root": self.tree.hex(), "small_rows": self.small}
        out |= {"once": len(self.once), "gone": len(self.gone), "keys": len(self.keys)}
        names = ("key_rows", "holds", "duties", "releases", "early", "links", "intents", "tenants", "rotating", "slots_destroyed", "apart")
        out |= {name: n[name] for name in names + ("terms_compared", "deliveries_compared")}
        out |= {"persons": len(self.persons), "ahead": sum(map(len, self.ahead.values()))}
        return out | {"findings": len(self.findings), "first_findings": self.findings[:SHOWN]}


def arguments(description):
    p = argparse.ArgumentParser(description=description)
    p.add_argument("--root", type=Path, help="key or passphrase file; root.key in DIR if left out")
    p.add_argument("--passphrase-env", help="variable that holds the passphrase")
    p.add_argument("--expect", type=Path, help="what was written, JSON lines")
    return p


def answer(look):
    """Prints what was found; the exit status."""
    try:
        out = look()
    except (Damaged, sqlite3.DatabaseError) as e:
        out = {"findings": 1, "first_findings": [str(e)]}
    except OSError as e:
        print(f"{e.strerror}: {e.filename}", file=sys.stderr)
        return 2
    print(json.dumps(out))
    return 1 if out["findings"] else 0


def root_of(a):
    passphrase = os.environ.get(a.passphrase_env) if a.passphrase_env else None
    return root_key(a.root or a.dir / "root.key", passphrase)


def main():
    p = arguments("Opens a store from docs/format.md alone.")
    p.add_argument("dir", type=Path)
    a = p.parse_args()

    def look():
        root = root_of(a)
        reader = Reader(keys_of(a.dir), records_of(a.dir), *root)
        reader.read(a.expect)
        return reader.summary()

    return answer(look)


if __name__ == "__main__":
    sys.exit(main())
