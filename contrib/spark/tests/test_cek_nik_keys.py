"""Key files of a cluster, compared with a build on one machine. `make test-cluster` runs this."""

import collections
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sysconfig
import tempfile
import threading
import unittest

import pyarrow.csv
import pyarrow.parquet
from cluster import Cluster, executor_of

HERE = pathlib.Path(__file__).parent
JOB = HERE.parent / "cek_nik_keys.py"
# Where pip has installed the wheel. It is not on PATH.
BINARY = os.path.join(sysconfig.get_path("scripts"), "cek-nik")
KEYS = ["--salt", "00112233445566778899aabbccddeeff", "--argon2", "m=8,t=1,p=1"]
TASKS = 4
# Only bounds the time of a test that fails.
PATIENCE = 200


class JobEnded(Exception):
    """There are no more attempts."""


class Attempt:
    """An attempt at a task, whose `cek-nik` has read all rows and waits."""

    def __init__(self, listener):
        self.connection, _ = listener.accept()
        with self.connection.makefile() as lines:
            words = lines.readline().split()
        if not words:
            self.connection.close()
            raise JobEnded
        pid, self.rows = words
        self.pid = int(pid)

    def go_on(self):
        self.connection.close()


def tell_the_end(job, address):
    job.wait()
    with socket.socket(socket.AF_UNIX) as end:
        end.connect(address)


class Table(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, directory, ignore_errors=True)
        cls.directory = directory
        cls.cluster = Cluster(directory)
        cls.addClassCleanup(cls.cluster.stop)
        sample = [BINARY, "sample", "--count", "2000", "--format", "csv"]
        rows = subprocess.check_output(sample, text=True).splitlines()
        # Repeated rows, rows that cannot be used, and an empty one.
        rows += rows[1:50] + ["-,BUDI,"] * 5 + [",BUDI,", ",,"]
        cls.rows = directory / "rows.csv"
        cls.rows.write_text("\n".join(rows) + "\n")
        cls.parquet = directory / "rows.parquet"
        cls.parquet.mkdir()
        table = pyarrow.csv.read_csv(
            cls.rows,
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(rows[0].split(","), pyarrow.string()),
                strings_can_be_null=True,
            ),
        )
        for part in range(2):
            half = table.slice(part * 1000, 1000 if part == 0 else None)
            pyarrow.parquet.write_table(half, cls.parquet / f"{part}.parquet")

    def submit(self, name, *options, files=(), **environment):
        self.log = self.directory / f"{name}.log"
        self.out = self.directory / name
        job = [JOB, *options, *KEYS, "--tasks", str(TASKS), "--out", self.out]
        job += ["--staging", self.directory / f"{name}.staging"]
        with self.log.open("wb") as log:
            job = self.cluster.submit(*job, log=log, environment=environment, files=files)
        self.addCleanup(job.wait)
        self.addCleanup(job.kill)
        return job

    def finish(self, job):
        self.assertEqual(job.wait(PATIENCE), 0, self.log.read_text()[-6000:])

    def build(self, name, *lists):
        out = self.directory / f"{name}.site"
        environment = os.environ | {"SOURCE_DATE_EPOCH": "1800000000"}
        subprocess.run(
            [BINARY, "build", "--out", out, "--id", "x", *KEYS, *lists],
            env=environment, check=True, capture_output=True,
        )
        files = (path for path in out.rglob("*") if path.is_file())
        return {path.relative_to(out): path.read_bytes() for path in files}

    def compare_sites(self, name, *identifier):
        key_files = sorted(self.out.iterdir())
        self.assertEqual(len(key_files), TASKS)
        self.assertEqual({path.stat().st_mode & 0o777 for path in key_files}, {0o600})
        self.assertFalse((self.directory / f"{name}.staging").exists())
        of_cluster = self.build(f"{name}-cluster", "--keys", *key_files, *identifier)
        of_one_machine = self.build(f"{name}-alone", self.rows, *identifier)
        differing = {
            path
            for path in of_cluster.keys() | of_one_machine.keys()
            if of_cluster.get(path) != of_one_machine.get(path)
        }
        self.assertFalse(differing)

    def test_killed_executor_and_repeated_task_change_nothing(self):
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        address = str(self.directory / "socket")
        listener.bind(address)
        listener.listen()
        listener.settimeout(PATIENCE)
        binary = ["--binary", HERE / "held_cek_nik.py"]
        job = self.submit(
            "faults", self.parquet, *binary, HELD_SOCKET=address, HELD_BINARY=BINARY
        )
        threading.Thread(target=tell_the_end, args=[job, address], daemon=True).start()
        killed, repeated = Attempt(listener), Attempt(listener)
        attempts = collections.Counter([killed.rows, repeated.rows])
        self.assertEqual(len(attempts), 2)
        os.kill(executor_of(killed.pid), signal.SIGKILL)
        while attempts[repeated.rows] < 2:
            attempt = Attempt(listener)
            attempts[attempt.rows] += 1
            if attempt.rows != repeated.rows:
                attempt.go_on()
        # Both attempts at one task finish now, and so does the orphan of the dead executor.
        for each in (killed, repeated, attempt):
            each.go_on()

        def let_all_go_on():
            with contextlib.suppress(JobEnded):
                while True:
                    late = Attempt(listener)
                    attempts[late.rows] += 1
                    late.go_on()

        late = threading.Thread(target=let_all_go_on, daemon=True)
        late.start()
        self.finish(job)
        late.join()
        self.assertGreaterEqual(attempts[killed.rows], 2)
        # Rows must not move between tasks when Spark repeats the shuffle.
        self.assertEqual(len(attempts), TASKS)
        self.compare_sites("faults")

    def test_names_from_csv_and_binary_from_files(self):
        locked = ["--identifier", "nik+nama"]
        csv = ["--format", "csv", "--column", "NIK", "--name-column", "nama"]
        self.finish(self.submit("names", self.rows, *csv, *locked, files=[BINARY]))
        self.compare_sites("names", *locked)

    def test_failed_task_says_why_and_leaves_no_key_file(self):
        bad = self.directory / "bad.csv"
        bad.write_text(self.rows.read_text() + "-,BUDI,\n" * 200)
        # The executors find the command of the wheel by themselves.
        csv = ["--format", "csv", "--column", "NIK"]
        job = self.submit("failed", bad, *csv)
        self.assertNotEqual(job.wait(PATIENCE), 0)
        self.assertIn("give --accept-lost-rows", self.log.read_text())
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
