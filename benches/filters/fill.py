"""Fills a filter from the lines of a list and writes it to a file.

fill.py rbloom|pyfusefilter ROWS LIST OUT
"""

import sys
from hashlib import sha256


def first_half(line):
    """The first 128 bits of SHA-256, as the documentation of rbloom hashes keys of saved filters."""
    return int.from_bytes(sha256(line).digest()[:16], "big", signed=True)


def rbloom(rows, lines):
    """A Bloom filter with false positives of 1 in 1,000."""
    from rbloom import Bloom

    bloom = Bloom(rows, 0.001, first_half)
    bloom.update(map(bytes.rstrip, lines))
    return bloom.save_bytes()


def pyfusefilter(rows, lines):
    """A binary fuse filter with false positives of 1 in 65,536."""
    from pyfusefilter import Fuse16

    # The filter requires distinct keys.
    return Fuse16({line.decode().rstrip() for line in lines}).serialize()


name, rows, source, out = sys.argv[1:]
fill = {"rbloom": rbloom, "pyfusefilter": pyfusefilter}[name]
with open(source, "rb") as lines, open(out, "wb") as file:
    file.write(fill(int(rows), lines))
