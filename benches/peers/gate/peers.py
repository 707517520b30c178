#!/usr/bin/env python3
"""How the restorers of other gateways do on the suite of restoring, beside this workspace's, and how long they take.

    target/release/suites and target/release/eval are built; the peers are installed (requirements.txt).
    python benches/peers/gate/peers.py

Every peer gets the open cases of benches/suites with our tags written as its own placeholders, mangled in the same way, and
is judged by the text alone: none of them reports what it did. See README.md beside it.
"""

import argparse
import html
import importlib
import importlib.metadata
import importlib.util
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
import types
import unicodedata
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]

# CPU seconds and bytes for restoring one text.
LIMIT, MEMORY = 0.5, 3 << 30

# --- our tags as the placeholders of others, mangled in the same way

INVISIBLE = "\u200b\u200c\u200d\u2060"
OPEN = r"\[\[|\{\{|<<|\[|\uff3b|\u3010|\u300c|\u27e8|&#91;|&#x5[Bb];|&lsqb;|&lbrack;|&lt;|\\u005b"
CLOSE = r"\]\]|\}\}|>>|\]|\uff3d|\u3011|\u300d|\u27e9|&#93;|&#x5[Dd];|&rsqb;|&rbrack;|&gt;|\\u005d"
BRACKETED = re.compile(rf"(?P<open>{OPEN})(?P<inner>[^\[\]{{}}<>]{{1,60}}?)(?P<close>{CLOSE})")
CUT = re.compile(rf"(?P<open>{OPEN})(?P<inner>[^\[\]{{}}<>&.,\n]{{0,30}})$")
# Without brackets a tag is one of ours in capitals; another word with a number is a word.
KINDS = (
    "PERSON|EMAIL|PHONE|ADDRESS|LOCATION|POSTCODE|ORDER|TRACKING|CUSTOMER_ID|DATE|AMOUNT|ORG|TEXT|AGE|IBAN|CARD|SECRET|URL"
)
BARE = re.compile(rf"(?<![\w\[])(?:{KINDS})[-_]\d+(?!\w)")
LABEL = re.compile(r"[^\W\d_]+(?:[\s_\-]+[^\W\d_]+)*[\s_\-]*\d+")

# What a bracket of ours is among the brackets of others; what is not here is another bracket for both.
ANGLES = {
    "[": "<", "]": ">", "[[": "<<", "]]": ">>", "\uff3b": "\uff1c", "\uff3d": "\uff1e", "&#91;": "&#60;", "&#93;": "&#62;",
    "&#x5b;": "&#x3c;", "&#x5d;": "&#x3e;", "&lsqb;": "&lt;", "&rsqb;": "&gt;", "&lbrack;": "&lt;", "&rbrack;": "&gt;",
    "\\u005b": "\\u003c", "\\u005d": "\\u003e",
}  # fmt: skip


def is_tag(inner):
    """Whether what stands between brackets is a label and a number, however mangled."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), inner)
    plain = unicodedata.normalize("NFKC", html.unescape(plain).translate({ord(c): None for c in INVISIBLE}))
    plain = re.sub("[\u2010-\u2015]", "-", plain.replace("\\", "").replace("*", "")).strip()
    return LABEL.fullmatch(plain) is not None


class Style:
    """How a peer writes a placeholder."""

    def __init__(self, prefix="", angles=False):
        self.prefix, self.angles = prefix, angles

    def bracket(self, token):
        return ANGLES.get(token.lower(), ANGLES.get(token, token)) if self.angles else token

    def inner(self, inner):
        """The prefix before the label, in its letters, with its kind of underscore."""
        letter = re.search(r"\\u[0-9a-fA-F]{4}|[^\W\d_]", inner)
        if not self.prefix or letter is None:
            return inner
        letters = [c for c in re.sub(r"\\u[0-9a-fA-F]{4}", "", inner) if c.isalpha()]
        word = self.prefix
        if all(c.islower() for c in letters):
            word = word.lower()
        elif any(c.islower() for c in letters):
            word = word.capitalize()
        if all("\uff21" <= c <= "\uff3a" for c in letters):
            word = "".join(chr(ord(c) + 0xFEE0) for c in word)
        joint = "\\_" if "\\_" in inner else "_"
        return inner[: letter.start()] + word + joint + inner[letter.start() :]

    def write(self, text):
        """The text with every tag in this style, and the pieces between them."""
        out, pieces, at = [], [], 0
        for start, end, tag in self._tags(text):
            pieces.append(text[at:start])
            out += [text[at:start], tag]
            at = end
        pieces.append(text[at:])
        return "".join(out) + text[at:], pieces

    def _tags(self, text):
        found = []
        for m in BRACKETED.finditer(text):
            if is_tag(m["inner"]):
                tag = self.bracket(m["open"]) + self.inner(m["inner"]) + self.bracket(m["close"])
                found.append((m.start(), m.end(), tag))
        for m in BARE.finditer(text):
            if not any(start <= m.start() < end for start, end, _ in found):
                found.append((m.start(), m.end(), self.inner(m[0])))
        found.sort()
        return found

    def case(self, case):
        """A case in this style: values by placeholder, the text, what must come out, and what stands between the tags."""
        values = {self.write(tag)[0]: self.write(value)[0] for tag, value in case["values"].items()}
        text, want = case["text"], case["expect"]["text"]
        end = ""
        if case["expect"]["truncated"]:
            cut = CUT.search(text)
            end = self.bracket(cut["open"]) + self.inner(cut["inner"])
            text = text[: cut.start()]
        text, pieces = self.write(text)
        if case["expect"]["restored"] or case["expect"]["unknown"]:
            named = len(case["expect"]["restored"]) + len(case["expect"]["unknown"])
            if len(pieces) <= named:
                raise ValueError(f"{case['id']}: a tag was not seen")
        elif len(pieces) != 1 or end:
            raise ValueError(f"{case['id']}: a tag was seen where none is")
        return values, text + end, self.write(want)[0], pieces


# --- the peers: the code that is installed, and nothing else of it


def module(name):
    """A module without what the packages above it import at once: models and their frameworks."""
    parts = name.split(".")
    if parts[0] in sys.modules:
        folder = Path(sys.modules[parts[0]].__path__[0])
    else:
        spec = importlib.util.find_spec(parts[0])
        if spec is None:
            raise ImportError(f"no module {parts[0]}")
        folder = Path(spec.submodule_search_locations[0])
    for depth in range(1, len(parts)):
        package = ".".join(parts[:depth])
        if package not in sys.modules:
            stub = types.ModuleType(package)
            stub.__path__ = [str(folder.joinpath(*parts[1:depth]))]
            sys.modules[package] = stub
    return importlib.import_module(name)


def llm_guard(strategy):
    def build():
        restorer = module("llm_guard.output_scanners.deanonymize").Deanonymize
        vault = module("llm_guard.vault").Vault
        module("llm_guard.util").configure_logger("ERROR")

        def restore(text, values):
            # It says what it replaced, at a level that is shut.
            return restorer(vault(list(values.items())), matching_strategy=strategy).scan("", text)[0]

        return restore

    return build


def litellm():
    # Otherwise it asks the network for prices of models.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    guardrail = importlib.import_module("litellm.proxy.guardrails.guardrail_hooks.presidio")
    return guardrail._OPTIONAL_PresidioPIIMasking._unmask_pii_text


def langchain(strategy):
    def build():
        strategies = module("langchain_experimental.data_anonymizer.deanonymizer_matching_strategies")
        match = getattr(strategies, strategy)
        return lambda text, values: match(text, {"ALL": values})

    return build


def cloakllm():
    tokenizer = module("cloakllm.tokenizer")
    token_map = tokenizer.TokenMap

    def restore(text, values):
        tokens = token_map()
        tokens.reverse.update(values)
        return tokenizer.Tokenizer.detokenize(restorer, text, tokens)

    restorer = tokenizer.Tokenizer.__new__(tokenizer.Tokenizer)
    return restore


REDACTED, ANGLED, SQUARE = Style("REDACTED"), Style(angles=True), Style()
PEERS = [
    ("LLM Guard, exact", "llm-guard", REDACTED, llm_guard("exact")),
    ("LLM Guard, case_insensitive", "llm-guard", REDACTED, llm_guard("case_insensitive")),
    ("LLM Guard, fuzzy", "llm-guard", REDACTED, llm_guard("fuzzy")),
    ("LLM Guard, combined_exact_fuzzy", "llm-guard", REDACTED, llm_guard("combined_exact_fuzzy")),
    ("LiteLLM, Presidio guardrail", "litellm", ANGLED, litellm),
    ("LangChain, exact", "langchain-experimental", ANGLED, langchain("exact_matching_strategy")),
    ("LangChain, case_insensitive", "langchain-experimental", ANGLED, langchain("case_insensitive_matching_strategy")),
    ("LangChain, fuzzy", "langchain-experimental", ANGLED, langchain("fuzzy_matching_strategy")),
    ("LangChain, combined_exact_fuzzy", "langchain-experimental", ANGLED, langchain("combined_exact_fuzzy_matching_strategy")),
    ("LangChain, ngram_fuzzy", "langchain-experimental", ANGLED, langchain("ngram_fuzzy_matching_strategy")),
    ("CloakLLM", "cloakllm", SQUARE, cloakllm),
]  # fmt: skip


class Ours:
    """`eval restore`, a whole text a row."""

    def __init__(self, program):
        self.program = program

    def restore_all(self, rows):
        """Rows of (format, text, values), answered in order."""
        answers = [None] * len(rows)
        for around in ("text", "json", "html"):
            numbers = [n for n, row in enumerate(rows) if row[0] == around]
            if not numbers:
                continue
            lines = [
                json.dumps({"id": n, "values": rows[n][2], "chunks": [rows[n][1]]}, ensure_ascii=False) for n in numbers
            ]
            done = subprocess.run(
                [self.program, "restore", "--format", around],
                input="".join(line + "\n" for line in lines),
                capture_output=True,
                encoding="utf-8",
                check=True,
            )
            for line in done.stdout.strip("\n").split("\n"):
                answer = json.loads(line)
                answers[answer["id"]] = answer.get("text")
        return answers


# --- the judgement, one for all


def allowed(value, want, around):
    """How often a value may stand in a text: as often as in the expected one, whichever way it is written there."""
    ways = {value}
    if around == "json":
        ways.add(json.dumps(value, ensure_ascii=False)[1:-1])
    if around == "html":
        ways.add(html.escape(value))
    return sum(want.count(way) for way in ways)


class Tally:
    def __init__(self):
        self.run = self.passed = self.plain = self.plain_passed = self.wrong = self.harmed = self.raised = 0

    def count(self, case, judged, got):
        values, _, want, pieces = judged
        passed = got == want
        self.run += 1
        self.passed += passed
        self.plain += case["format"] == "text"
        self.plain_passed += passed and case["format"] == "text"
        if got is None:
            self.raised += 1
        elif not passed:
            # A value that stands there more often than it should: somebody else's, or restored twice.
            self.wrong += any(got.count(value) > allowed(value, want, case["format"]) for value in values.values())
            at = 0
            for piece in pieces:
                at = got.find(piece, at)
                if at < 0:
                    self.harmed += 1
                    break
                at += len(piece)


def read(path):
    if "held" in path.name:
        raise SystemExit("a held-back file is not measured with")
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


class TooLong(Exception):
    """A restorer that was stopped."""


def tries(restore, text, values):
    """What comes back; nothing where a peer raises, fills the memory, or takes longer than LIMIT."""
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        return restore(text, values)
    except Exception:
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def bounded():
    """Some restorers put values into values, over and over: memory ends before the machine does."""

    def stop(*_):
        raise TooLong

    signal.signal(signal.SIGPROF, stop)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def scored(cases, style, restore):
    tally = Tally()
    for case in cases:
        judged = style.case(case)
        tally.count(case, judged, tries(restore, judged[1], judged[0]))
    return tally


WORDS = [
    "thank you", "we wrote to", "it went to", "please ask", "[draft]", "see note [1]", "it costs $1.00 & more", "<b>now</b>",
    "C:\\new\\table", "and", "instead of", "100 %", "person 1", "{x}", "(again)", "caf\u00e9",
]  # fmt: skip


def round_trips(cases, count):
    """Texts with values of the suite: (tags in place of values, the values, the source)."""
    rng = random.Random(1)
    pool = sorted({v for case in cases for v in case["values"].values() if SQUARE.write(v)[1] == [v]})
    for _ in range(count):
        values = {f"[PERSON_{n}]": v for n, v in enumerate(rng.sample(pool, rng.randint(1, 12)), 1)}
        sealed, source = [], []
        for _ in range(rng.randint(2, 15)):
            tag, words = rng.choice(list(values)), rng.choice(WORDS)
            sealed += [words, tag]
            source += [words, values[tag]]
        yield " ".join(sealed), values, " ".join(source)


def unchanged(trips, style, restore, seconds):
    """How many texts come back as they were, of how many that were tried before the time was up."""
    start, whole, tried = time.thread_time(), 0, 0
    for sealed, values, source in trips:
        if time.thread_time() - start > seconds:
            break
        values = {style.write(tag)[0]: value for tag, value in values.items()}
        whole += tries(restore, style.write(sealed)[0], values) == source
        tried += 1
    return whole, tried


def microseconds(style, restore, seconds=2.0):
    """CPU time of restoring 2 kB with 50 tags, the text of `suites gate`: median."""
    text = "".join(f"thank you [PERSON_{n}] for writing to us " for n in range(1, 51))
    text = style.write(text)[0]
    values = {style.write(f"[PERSON_{n}]")[0]: f"Value{n}" for n in range(1, 51)}
    times, start = [], time.thread_time()
    while len(times) < 3 or time.thread_time() - start < seconds and len(times) < 1000:
        before = time.thread_time_ns()
        done = tries(restore, text, values) is not None
        times.append((time.thread_time_ns() - before) / 1e3 if done else float("inf"))
    return sorted(times)[len(times) // 2]


def row(name, version, tally, trips, us):
    whole, tried = trips
    cells = [
        name, version, f"{tally.passed} of {tally.run}", f"{tally.plain_passed} of {tally.plain}", tally.wrong, tally.harmed,
        tally.raised, f"{100 * whole / max(tried, 1):.1f} % of {tried:,}", f"{us:,.1f}" if us < float("inf") else f"stopped after {LIMIT} s",
    ]  # fmt: skip
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--programs", type=Path, default=ROOT / "target/release", help="where eval and suites are")
    arguments.add_argument("--cases", type=Path, default=ROOT / "benches/suites/restore_dev.jsonl")
    arguments.add_argument("--round-trips", type=int, default=10_000)
    arguments.add_argument("--seconds", type=float, default=10.0, help="CPU seconds for the round trips of a peer")
    options = arguments.parse_args()
    warnings.simplefilter("ignore")  # LangChain's n-grams: of a slower library, said once on stderr.
    cases = read(options.cases)
    trips = list(round_trips(cases, options.round_trips))

    print(f"{len(cases)} open cases of restoring, whole texts, judged by the text\n")
    print(
        "| restorer | version | cases passed | of these plain text | a wrong value | text harmed | raised or stopped"
        " | round trips unchanged | 2 kB with 50 tags, us |"
    )
    print("|-|-|-|-|-|-|-|-|-|")
    ours, tally = Ours(options.programs / "eval"), Tally()
    judged = [SQUARE.case(case) for case in cases]
    rows = [(case["format"], text, values) for case, (values, text, _, _) in zip(cases, judged)]
    for case, one, got in zip(cases, judged, ours.restore_all(rows)):
        tally.count(case, one, got)
    backs = ours.restore_all([("text", sealed, values) for sealed, values, _ in trips])
    whole = sum(back == source for back, (_, _, source) in zip(backs, trips))
    gate = subprocess.run(
        [options.programs / "suites", "gate", "--rounds", "3", "--bytes", "100000", "--calls", "1"],
        capture_output=True,
        encoding="utf-8",
    )
    figures = json.loads(gate.stdout.strip().split("\n")[-1])
    row("tactful", "this tree", tally, (whole, len(trips)), figures["restore_50_tags_us"])

    bounded()
    ran = set()
    for name, package, style, build in PEERS:
        try:
            restore = build()
            version = importlib.metadata.version(package)
        except Exception as error:
            print(f"| {name} | skipped: pip install {package} (requirements.txt); {type(error).__name__}: {error} |")
            continue
        ran.add(package)
        row(
            name,
            version,
            scored(cases, style, restore),
            unchanged(trips, style, restore, options.seconds),
            microseconds(style, restore),
        )
    if len(ran) < 2:
        sys.exit(f"{len(ran)} peers ran: a comparison needs two")


if __name__ == "__main__":
    main()
