"""Writes numbers with the verdict of python-stdnum, one JSON object a line: {"s": scheme, "n": number, "v": valid}.

    python3 vectors.py > ../../crates/pii-detect/tests/data/validators.jsonl

python-stdnum (LGPL-2.1-or-later) is only called. The numbers are random; whom one belongs to, if anybody, is unknown.
"""

import importlib
import json
import random
import sys

# Letters of a template: d digit, a letter, then parts of dates: Y year, M month, D day (two digits each), C century.
# A scheme of ours, the module of python-stdnum, templates, and what is put before the number when it is asked.
SCHEMES = [
    ("x-imei", "imei", ["35" + "d" * 13, "01" + "d" * 13], ""),
    ("us-routing", "us.rtn", ["0[0123456789]ddddddd", "1[012]ddddddd", "2[12]ddddddd", "3[012]ddddddd"], ""),
    ("fr-nir", "fr.nir", ["1YMdddddddddd", "2YMdddddddddd"], ""),
    ("fr-spi", "fr.nif", ["[0123]" + "d" * 12], ""),
    ("fr-siren", "fr.siren", ["d" * 9], ""),
    ("fr-siret", "fr.siret", ["d" * 14], ""),
    ("be-nn", "be.nn", ["YMDddddd"], ""),
    ("be-enterprise", "be.vat", ["0" + "d" * 9, "1" + "d" * 9], ""),
    ("nl-bsn", "nl.bsn", ["d" * 9], ""),
    ("ie-pps", "ie.pps", ["dddddddw", "dddddddw[ABCDEFGHI]"], ""),
    ("gb-nhs", "gb.nhs", ["d" * 10], ""),
    ("gb-utr", "gb.utr", ["d" * 10], ""),
    ("ch-ahv", "ch.ssn", ["756" + "d" * 10], ""),
    ("ch-uid", "ch.uid", ["CHE" + "d" * 9], ""),
    ("es-dni", "es.dni", ["d" * 8 + "a"], ""),
    ("es-dni", "es.nie", ["[XYZ]" + "d" * 7 + "a"], ""),
    ("es-nif-klm", "es.nif", ["[KLM]" + "d" * 7 + "a"], ""),
    ("es-cif", "es.cif", ["[ABCDEFGHJNPQRSUVW]dddddddx"], ""),
    ("pt-nif", "pt.nif", ["[123456789]" + "d" * 8], ""),
    ("pt-cc", "pt.cc", ["dddddddddaad"], ""),
    ("it-cf", "it.codicefiscale", ["aaaaaaY[ABCDEHLMPRST]Dadddw"], ""),
    ("it-piva", "it.iva", ["ddddddd0ddd"], ""),
    ("gr-afm", "gr.vat", ["d" * 9], ""),
    ("gr-amka", "gr.amka", ["DMYddddd"], ""),
    ("cy-tic", "cy.vat", ["d" * 8 + "a"], ""),
    ("de-idnr", "de.idnr", ["@"], ""),
    ("at-svnr", "at.vnr", ["[123456789]dddDMY"], ""),
    ("at-tin", "at.tin", ["d" * 9], ""),
    ("pl-pesel", "pl.pesel", ["YMDddddd", "YNDddddd"], ""),
    ("pl-nip", "pl.nip", ["d" * 10], ""),
    ("pl-regon", "pl.regon", ["d" * 9, "d" * 14], ""),
    ("cz-rc", "cz.rc", ["YMDdddd", "YPDdddd", "YMDddd"], ""),
    ("sk-dic", "sk.dph", ["[123456789]d[234789]ddddddd"], ""),
    ("hu-tax", "hu.anum", ["d" * 8], ""),
    ("dk-cpr-date", "dk.cpr", ["DMYdddd"], ""),
    ("dk-cvr", "dk.cvr", ["[123456789]ddddddd"], ""),
    ("se-pnr", "se.personnummer", ["YMD-dddd"], ""),
    ("se-org", "se.orgnr", ["5d[23456789]ddddddd"], ""),
    ("fi-hetu", "fi.hetu", ["DMYA0ddx", "DMYA1ddx", "DMY-dddx"], ""),
    ("fi-business", "fi.ytunnus", ["d" * 8], ""),
    ("no-fnr", "no.fodselsnummer", ["DMYddddd"], ""),
    ("no-org", "no.orgnr", ["d" * 9], ""),
    ("ee-ik", "ee.ik", ["[3456]YMDdddd"], ""),
    ("ee-company", "ee.registrikood", ["1" + "d" * 7, "8" + "d" * 7, "7" + "d" * 7], ""),
    ("lt-ak", "lt.asmens", ["[3456]YMDdddd"], ""),
    ("lv-pk", "lv.pvn", ["DMY[12]dddd", "32" + "d" * 9], ""),
    ("lv-company", "lv.pvn", ["[456789]" + "d" * 10], ""),
    ("bg-egn", "bg.egn", ["YMDdddd"], ""),
    ("bg-pnf", "bg.pnf", ["d" * 10], ""),
    ("ro-cnp", "ro.cnp", ["[1256]YMD[0123]ddddd"], ""),
    ("ro-cui", "ro.cui", ["[123456789]" + "d" * n for n in range(4, 10)], ""),
    ("hr-oib", "hr.oib", ["d" * 11], ""),
    ("si-emso", "si.emso", ["DM9[456789]d50dddd", "DM00d50dddd"], ""),
    ("si-tax", "si.ddv", ["[123456789]" + "d" * 7], ""),
    ("us-ssn", "us.ssn", ["d" * 9], ""),
    ("us-itin", "us.itin", ["9dd[5678]ddddd"], ""),
    ("us-ein", "us.ein", ["d" * 9], ""),
    ("at-vat", "at.uid", ["U" + "d" * 8], "AT"),
    ("be-vat", "be.vat", ["0" + "d" * 9], "BE"),
    ("bg-vat", "bg.vat", ["d" * 9, "d" * 10], "BG"),
    ("cy-vat", "cy.vat", ["d" * 8 + "a"], "CY"),
    ("cz-vat", "cz.dic", ["d" * 8, "6" + "d" * 8, "YMDdddd"], "CZ"),
    ("de-vat", "de.vat", ["[123456789]" + "d" * 8], "DE"),
    ("dk-vat", "dk.cvr", ["[123456789]" + "d" * 7], "DK"),
    ("ee-vat", "ee.kmkr", ["d" * 9], "EE"),
    ("gr-vat", "gr.vat", ["d" * 9], "EL"),
    ("es-vat", "es.nif", ["[ABEGHJNPQRSUVW]dddddddx", "d" * 8 + "a", "[XYZKLM]" + "d" * 7 + "a"], "ES"),
    ("fi-vat", "fi.alv", ["d" * 8], "FI"),
    ("fr-vat", "fr.tva", ["d" * 11, "[ABCDEFGHJKLMNPQRSTUVWXYZ]" + "d" * 10], "FR"),
    ("gb-vat", "gb.vat", ["d" * 9, "d" * 12], "GB"),
    ("hr-vat", "hr.oib", ["d" * 11], "HR"),
    ("hu-vat", "hu.anum", ["d" * 8], "HU"),
    ("ie-vat", "ie.vat", ["dddddddw", "dddddddw[ABCDEFGHI]", "d[ABCDEFGH]dddddw"], "IE"),
    ("it-vat", "it.iva", ["ddddddd0ddd"], "IT"),
    ("lt-vat", "lt.pvm", ["ddddddd1d", "dddddddddd1d"], "LT"),
    ("lu-vat", "lu.tva", ["d" * 8], "LU"),
    ("lv-vat", "lv.pvn", ["[456789]" + "d" * 10], "LV"),
    ("mt-vat", "mt.vat", ["[123456789]" + "d" * 7], "MT"),
    ("nl-vat", "nl.btw", ["d" * 9 + "Bdd"], "NL"),
    ("no-vat", "no.orgnr", ["d" * 9], "NO"),
    ("pl-vat", "pl.nip", ["d" * 10], "PL"),
    ("pt-vat", "pt.nif", ["[123456789]" + "d" * 8], "PT"),
    ("ro-vat", "ro.cui", ["[123456789]" + "d" * n for n in range(4, 10)], "RO"),
    ("se-vat", "se.vat", ["5d[23456789]ddddddd01"], "SE"),
    ("si-vat", "si.ddv", ["[123456789]" + "d" * 7], "SI"),
    ("sk-vat", "sk.dph", ["[123456789]d[234789]ddddddd"], "SK"),
    ("ch-vat", "ch.vat", ["CHE" + "d" * 9 + "MWST", "CHE" + "d" * 9 + "TVA"], ""),
]

VALID, INVALID, TRIES = 20, 20, 200_000


def fill(template, rng):
    if template == "@":  # ten digits of which one stands twice or three times
        digits = rng.sample("0123456789", 10)
        times = rng.choice((2, 3))
        head = digits[: 11 - times] + [digits[0]] * (times - 1)
        rng.shuffle(head)
        return "".join(head[:10]) + rng.choice("0123456789")
    out, i = "", 0
    while i < len(template):
        c = template[i]
        if c == "[":
            end = template.index("]", i)
            out += rng.choice(template[i + 1 : end])
            i = end
        elif c == "d":
            out += rng.choice("0123456789")
        elif c == "a":
            out += rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        elif c == "w":
            out += rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        elif c == "x":
            out += rng.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        elif c == "Y":
            out += "%02d" % rng.randint(0, 99)
        elif c == "M":
            out += "%02d" % rng.randint(1, 12)
        elif c == "N":
            out += "%02d" % (rng.randint(1, 12) + 20)
        elif c == "P":
            out += "%02d" % (rng.randint(1, 12) + 50)
        elif c == "D":
            out += "%02d" % rng.randint(1, 28)
        else:
            out += c
        i += 1
    return out


def altered(number, rng):
    """The number with one digit replaced by another."""
    places = [i for i, c in enumerate(number) if c.isdigit()]
    at = rng.choice(places)
    other = rng.choice([d for d in "0123456789" if d != number[at]])
    return number[:at] + other + number[at + 1 :]


def main():
    for scheme, module, templates, prefix in SCHEMES:
        rng = random.Random(scheme + module)
        oracle = importlib.import_module("stdnum." + module)
        seen = {}
        for index, template in enumerate(templates):
            wanted = -(-VALID // len(templates)) * (index + 1)
            for _ in range(TRIES):
                number = fill(template, rng)
                if oracle.is_valid(number):
                    seen[number] = True
                    if sum(seen.values()) >= wanted:
                        break
        good = [n for n in seen]
        if len(good) < VALID:
            print(scheme, module, "only", len(good), file=sys.stderr)
        for _ in range(INVALID):
            number = altered(rng.choice(good), rng) if good else fill(templates[0], rng)
            seen.setdefault(number, bool(oracle.is_valid(number)))
        for number, valid in seen.items():
            compact = prefix + number.replace("-", "")
            print(json.dumps({"s": scheme, "n": compact, "v": valid}, separators=(",", ":")))


main()
