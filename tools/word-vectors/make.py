#!/usr/bin/env python3
"""Builds crates/suggest-core/data/vectors.bin from the files of potion-base-8M.

    make.py MODEL_DIR OUT TEXTS...        needs numpy and safetensors

MODEL_DIR holds model.safetensors and tokenizer.json; TEXTS are files of any form, packed by gzip or
not, whose words are looked at.

Little-endian: magic "TACTVEC", version byte, dimensions u16, pieces u32; for each dimension the step as f32; for each piece
the length of its text as a byte; the texts, sorted by their bytes, `#` before one that continues a word; for each piece
its numbers as codes of four bits, two a byte, the lower half first. A number is (code - 7.5) * step.

Of the 29,528 pieces those are kept that are of a to z and 0 to 9 alone and that the texts need, then the most frequent ones (the
list is sorted so). Four bits over three standard deviations cost no accuracy where pieces are averaged; half of the
dimensions at eight bits, which take the same space, cost 2 points.
"""

import gzip
import json
import re
import struct
import sys
import unicodedata
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

PIECES = 18_480
LEVELS = 16
DEVIATIONS = 3.0


def pieces(word, known):
    """The longest pieces from the left; none for a word that is not made of them."""
    found, at = [], 0
    while at < len(word):
        for end in range(len(word), at, -1):
            piece = "#" * 2 * (at > 0) + word[at:end]
            if piece in known:
                found.append(piece)
                at = end
                break
        else:
            return []
    return found


def needed(files, known):
    """The pieces of all words in the texts."""
    words = set()
    for file in files:
        data = file.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        text = unicodedata.normalize("NFKD", data.decode().lower())
        words.update(re.findall("[a-z0-9]+", "".join(c for c in text if not unicodedata.combining(c))))
    return {piece for word in words for piece in pieces(word, known)}


def main(model, out, texts):
    table = load_file(model / "model.safetensors")["embeddings"]
    vocabulary = json.loads((model / "tokenizer.json").read_text())["model"]["vocab"]
    plain = [
        (number, text)
        for text, number in sorted(vocabulary.items(), key=lambda item: item[1])
        if re.fullmatch("(##)?[a-z0-9]+", text)
    ]
    used = needed(texts, {text for _, text in plain})
    plain.sort(key=lambda piece: (piece[1] not in used, piece[0]))
    kept = [(n, re.sub("^##", "#", text)) for n, text in plain[:PIECES]]
    kept.sort(key=lambda piece: piece[1].encode())

    step = (2 * DEVIATIONS / (LEVELS - 1) * table.std(axis=0)).astype("<f4")
    rows = table[[number for number, _ in kept]]
    codes = np.clip(np.floor(rows / step) + LEVELS // 2, 0, LEVELS - 1).astype(np.uint8)
    packed = codes[:, 0::2] | codes[:, 1::2] << 4

    texts = [text.encode() for _, text in kept]
    head = b"TACTVEC" + struct.pack("<BHI", 1, table.shape[1], len(kept))
    lengths = bytes(len(text) for text in texts)
    out.write_bytes(head + step.tobytes() + lengths + b"".join(texts) + packed.tobytes())
    print(f"{len(used)} pieces needed, {len(kept)} kept, {out.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
