"""Key files of a table of NIKs, made on a Spark cluster.

    spark-submit --files cek-nik cek_nik_keys.py TABLE --salt HEX --tasks N --staging URI --out DIR

The executors see NIKs (and names) in the clear: in memory, in Spark's shuffle files, which this job
encrypts, and on the network between them, unless Spark encrypts that too. The staging table and DIR
hold keys without false alarms: they are as sensitive as the table. docs/CLUSTER.md says more.

Each task gives its rows to `cek-nik keys - --out -`, and returns the key file as one row of the
staging table, which Spark's output committer writes. Of all attempts at a task it commits one, so a
task that dies or runs twice changes nothing. The driver then writes the rows into files in DIR, for
`cek-nik build --keys DIR/*.cnkkeys`.
"""

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile

import pyarrow
import pyarrow.csv
from pyspark import SparkFiles, TaskContext
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

# 16 digits with a day and a month, which are 40 more for women.
PLAUSIBLE = r"^[1-9]\d{5}([04][1-9]|[1256]\d|[37][01])(0[1-9]|1[0-2])\d{6}$"
# Other types have lost digits, or show them in another form.
EXACT_TYPES = ("string", "bigint", "decimal(16,0)")


def main():
    options = parse()
    if os.path.lexists(options.out):
        sys.exit(f"error: {options.out} exists; name a new directory with --out")
    spark = (
        SparkSession.builder.appName("cek-nik keys")
        # The shuffle writes NIKs to the disks of the executors.
        .config("spark.io.encryption.enabled", "true")
        # Version 2 shows files of tasks whose commit failed halfway.
        .config("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "1")
        .getOrCreate()
    )
    rows = distributed(people(spark, options), options.tasks)
    names = "nama" in rows.columns
    schema = "task int, rows bigint, key_file binary"
    key_files = rows.mapInArrow(KeyFile(arguments(options, names), options.binary), schema)
    key_files.write.parquet(options.staging)
    staged = spark.read.parquet(options.staging)
    check_no_row_is_missing(people(spark, options), staged)
    files = save(staged, options.out)
    remove(spark, options.staging)
    print(f"{options.out} holds {files} key files. They are as sensitive as the table.")


def parse():
    parser = argparse.ArgumentParser(
        description="Makes key files of a table of NIKs on a Spark cluster.",
        epilog="Salt, KDF, cost and identifier are those of `cek-nik keys`.",
    )
    parser.add_argument("table", metavar="TABLE", help="Parquet or CSV file or directory")
    parser.add_argument("--format", choices=["parquet", "csv"], default="parquet")
    parser.add_argument("--column", default="nik", help="column with the NIK [default: nik]")
    parser.add_argument("--name-column", help="column with the name, for nik+nama")
    parser.add_argument("--salt", required=True, metavar="HEX", help="32 hexadecimal digits")
    parser.add_argument("--identifier", choices=["nik", "nik+nama"], default="nik")
    parser.add_argument("--kdf", choices=["argon2id", "sha256"], default="argon2id")
    parser.add_argument("--argon2", metavar="COST", help="such as m=19456,t=2,p=1")
    parser.add_argument(
        "--tasks", required=True, type=int, metavar="N",
        help="number of tasks; one that dies is made again, so let it take less than an hour",
    )
    parser.add_argument(
        "--staging", required=True, metavar="URI",
        help="new directory of a file system that driver and executors share, closed to others",
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="new directory of the driver")
    parser.add_argument(
        "--binary", metavar="PATH",
        help="cek-nik on the executors [default: from --files, beside Python, or on PATH]",
    )
    parser.add_argument("--memory", default="256MiB", help="for the keys of a task")
    parser.add_argument("--accept-lost-rows", action="store_true", help="as for `cek-nik keys`")
    parser.add_argument("--accept-lost-digits", action="store_true", help="as for `cek-nik keys`")
    options = parser.parse_args()
    if (options.identifier == "nik+nama") != (options.name_column is not None):
        parser.error("--identifier nik+nama needs --name-column, and no other identifier takes it")
    return options


def arguments(options, names):
    """The arguments of `cek-nik`, but for the number of threads."""
    given = [
        "keys", "-", "--out", "-", "--delimiter", ",", "--column", "nik",
        "--salt", options.salt, "--kdf", options.kdf, "--identifier", options.identifier,
        "--memory", options.memory,
    ]
    if names:
        given += ["--name-column", "nama"]
    if options.argon2:
        given += ["--argon2", options.argon2]
    if options.accept_lost_rows:
        given += ["--accept-lost-rows"]
    if options.accept_lost_digits:
        given += ["--accept-lost-digits"]
    return given


def people(spark, options):
    """The rows of the table that are not entirely empty: columns `nik` and maybe `nama`, text."""
    if options.format == "csv":
        table = spark.read.csv(options.table, header=True, multiLine=True, escape='"')
    else:
        table = spark.read.parquet(options.table)
    # As Spark does, this finds a column in either case.
    kinds = {name.lower(): kind for name, kind in table.dtypes}
    kind = kinds.get(options.column.lower())
    if kind not in EXACT_TYPES:
        sys.exit(
            f"error: column {options.column} is {kind or 'missing'}, which is no form of a NIK; "
            "name a column of text with --column"
        )
    # An empty cell in a row with other cells is a person who cannot be found. Alone, it would be
    # an empty row, which is not counted.
    nik = F.nullif(F.trim(table[options.column].cast("string")), F.lit(""))
    columns = [F.coalesce(nik, F.lit("-")).alias("nik")]
    if options.name_column:
        columns.append(F.coalesce(table[options.name_column], F.lit("")).alias("nama"))
    return table.dropna("all").select(columns)


def distributed(rows, tasks):
    """The rows, distributed by their numbers.

    Rows with equal numbers meet in one task: their key is made once, and no two tasks have the same
    rows, which `build` would take for repeated work. Cells such as "-" are spread, or else the
    limit of rows that cannot be used, which holds for each task, would fail the one that has them.
    Their ids count the rows of a file in order, so another attempt spreads them alike.
    """
    spread = F.monotonically_increasing_id().cast("string")
    number = F.when(F.col("nik").rlike(PLAUSIBLE), F.col("nik")).otherwise(spread)
    return rows.repartition(tasks, number)


class KeyFile:
    """The function of a task: from its rows to one row with the key file of them.

    Two attempts at a task have the same rows in whatever order, and the same rows give the same
    bytes. Nothing depends on it: one attempt is committed, with the rows it has read to the end.
    """

    def __init__(self, arguments, binary):
        self.arguments = arguments
        self.binary = binary

    def __call__(self, batches):
        batches = (batch for batch in batches if batch.num_rows)
        first = next(batches, None)
        if first is None:
            return
        context = TaskContext.get()
        with tempfile.TemporaryFile() as messages:
            command = [self.path(), *self.arguments, "--threads", str(context.cpus())]
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=messages
            )
            with process:
                try:
                    rows = give(process.stdin, first, batches)
                    key_file = process.stdout.read()
                except BrokenPipeError:
                    rows = None
                except BaseException:
                    # It took the end of the pipe for the end of the rows.
                    process.kill()
                    raise
            if rows is None or process.returncode != 0:
                messages.seek(0)
                words = messages.read().decode(errors="replace")
                raise RuntimeError(f"cek-nik keys failed ({process.returncode}):\n{words}")
        yield pyarrow.RecordBatch.from_pydict(
            {
                "task": pyarrow.array([context.partitionId()], pyarrow.int32()),
                "rows": pyarrow.array([rows], pyarrow.int64()),
                "key_file": pyarrow.array([key_file], pyarrow.binary()),
            }
        )

    def path(self):
        if self.binary:
            return self.binary
        sent = SparkFiles.get("cek-nik")
        if os.path.exists(sent):
            os.chmod(sent, 0o700)
            return sent
        # Where pip installs the wheel, which is not always on PATH.
        installed = os.path.join(sysconfig.get_path("scripts"), "cek-nik")
        return installed if os.path.exists(installed) else "cek-nik"


def give(stdin, first, batches):
    """Writes rows as CSV, closes the pipe, and returns the number of rows."""
    rows = first.num_rows
    with stdin, pyarrow.csv.CSVWriter(stdin, first.schema) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def check_no_row_is_missing(rows, staged):
    """Compares the table with what the tasks have read.

    A person without a key would be told "not in this list".
    """
    expected = rows.count()
    read = staged.agg(F.sum("rows")).first()[0] or 0
    if read != expected:
        sys.exit(
            f"error: the tasks have read {read} rows, and the table has {expected}; it may have "
            "changed meanwhile. Remove the staging directory and run the job again"
        )


def save(staged, out):
    """Writes the key files into a new directory, which has its name only when all are there."""
    unfinished = f"{out.rstrip('/')}.unfinished"
    os.mkdir(unfinished, 0o700)
    files = 0
    for row in staged.toLocalIterator():
        path = os.path.join(unfinished, f"{row.task:06}.cnkkeys")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(row.key_file)
            file.flush()
            os.fsync(descriptor)
        files += 1
    os.rename(unfinished, out)
    return files


def remove(spark, directory):
    path = spark._jvm.org.apache.hadoop.fs.Path(directory)
    path.getFileSystem(spark._jsc.hadoopConfiguration()).delete(path, True)


if __name__ == "__main__":
    main()
