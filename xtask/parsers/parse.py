"""What the PyPI packages say to each case: parse.py PACKAGES, with the cases on stdin and the answers on stdout, as JSON.

Only for compare.mjs.
"""

import datetime
import json
import pathlib
import sys

# Has to come before the packages are imported.
sys.path.insert(0, str(pathlib.Path(sys.argv[1]) / "python"))

from importlib.metadata import version

from lokal import parse_nik
from lokal.wilayah import wilayah_name
from stdnum.id import nik as stdnum_nik

SEXES = {"L": "male", "P": "female"}


def lokal(text, today):
    info = parse_nik(text, lookup_wilayah=wilayah_name, reference_date=datetime.date.fromisoformat(today))
    return {
        "valid": info.valid,
        "warned": bool(info.warnings),
        "date": info.birth_date,
        "sex": SEXES.get(info.gender),
        "province": info.province,
        "regency": info.regency,
    }


def stdnum(text, _today):
    """It never looks at the clock."""
    if not stdnum_nik.is_valid(text):
        return {"valid": False}
    return {"valid": True, "date": stdnum_nik.get_birth_date(text).isoformat()}


def answer(parse, case):
    try:
        return parse(case["text"], case["today"])
    except Exception as error:  # Whatever it is, it is what the caller would have got.
        return {"throws": f"{type(error).__name__}: {error}"}


def answers(name, parse, cases):
    return {"name": name, "version": version(name), "answers": [answer(parse, case) for case in cases]}


def main():
    cases = json.load(sys.stdin)
    json.dump([answers("lokal-id", lokal, cases), answers("python-stdnum", stdnum, cases)], sys.stdout)


main()
