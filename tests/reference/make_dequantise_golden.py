"""Writes dequantise.json: random blocks of each GGUF type and their values by the gguf package.

usage: python make_dequantise_golden.py    (needs numpy and gguf 0.19)
Blocks are random bytes, so that every bit pattern occurs; only their half-precision scales are kept finite.
"""
import json
import pathlib

import numpy as np
from gguf import GGMLQuantizationType, GGML_QUANT_SIZES, quants

# Bytes at which a block of the type holds a half-precision number.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2],
          "Q6_K": [208]}
PLAIN = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}
VALUES = 512


def random_half(random, shape):
    """Finite, of many magnitudes, one in eight subnormal."""
    bits = random.integers(0, 0x7C00, shape, dtype=np.uint16)
    bits = np.where(random.random(shape) < 0.125, bits & 0x03FF, bits)
    return bits | (random.integers(0, 2, shape, dtype=np.uint16) << 15)


def random_blocks(random, name):
    if name in PLAIN:
        # An odd count and both infinities: these types have no blocks.
        values = random.normal(size=77).astype(np.float32) * 10.0 ** random.integers(-7, 4, 77)
        values[:2] = np.inf, -np.inf
        if name == "BF16":
            return (values.astype(np.float32).view(np.uint32) >> 16).astype("<u2").view(np.uint8)
        return values.astype(PLAIN[name]).view(np.uint8)
    per_block, size = GGML_QUANT_SIZES[GGMLQuantizationType[name]]
    blocks = random.integers(0, 256, (VALUES // per_block, size), dtype=np.uint8)
    for offset in HALVES[name]:
        blocks[:, offset:offset + 2] = random_half(random, (len(blocks), 1)).view(np.uint8)
    return blocks.reshape(-1)


def main():
    random = np.random.default_rng(1)
    golden = {}
    for name in [*PLAIN, *HALVES]:
        blocks = random_blocks(random, name)
        values = quants.dequantize(blocks if name != "F32" else blocks.view("<f4"), GGMLQuantizationType[name])
        values = np.asarray(values, dtype="<f4").reshape(-1)
        golden[name] = {"blocks": blocks.tobytes().hex(), "values": values.tobytes().hex()}
    text = json.dumps(golden, indent=1)
    pathlib.Path(__file__).with_name("dequantise.json").write_text(text + "\n", encoding="utf8")


main()
