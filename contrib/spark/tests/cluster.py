"""A standalone Spark cluster of two hosts on this computer, with one executor each.

Spark never runs a speculative attempt on the host of the first one, and all executors of
`local-cluster` are on one host. So the workers have addresses of their own in 127.0.0.0/8.
"""

import os
import pathlib
import socket
import subprocess
import sys

import pyspark

SPARK = pathlib.Path(pyspark.__file__).parent
MASTER = "127.0.0.1"
WORKERS = ["127.0.0.2", "127.0.0.3"]
# Programs this short gain nothing from the second compiler of Java.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


class Cluster:
    def __init__(self, directory):
        self.directory = directory
        self.processes = []
        with socket.socket() as free:
            free.bind((MASTER, 0))
            self.port = free.getsockname()[1]
        self.url = f"spark://{MASTER}:{self.port}"
        master = ["master.Master", "--port", str(self.port)]
        self.start(MASTER, *master)
        for host in WORKERS:
            worker = ["worker.Worker", "--cores", "1", "--memory", "1g"]
            self.start(host, *worker, "--work-dir", directory / host, self.url)

    def environment(self, host):
        return os.environ | {
            "SPARK_HOME": str(SPARK),
            "SPARK_LOCAL_IP": host,
            "SPARK_LOCAL_DIRS": str(self.directory),
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": JAVA,
            "PYSPARK_PYTHON": sys.executable,
        }

    def start(self, host, name, *arguments):
        command = [SPARK / "bin/spark-class", f"org.apache.spark.deploy.{name}"]
        log = open(self.directory / f"{host}.log", "wb")
        with log:
            process = subprocess.Popen(
                [*command, "--host", host, "--webui-port", "0", *arguments],
                env=self.environment(host),
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)

    def submit(self, *arguments, environment, log, files=()):
        """Starts a job. `environment` is that of its executors."""
        settings = {
            "spark.driver.memory": "512m",
            "spark.driver.extraJavaOptions": JAVA,
            "spark.executor.extraJavaOptions": JAVA,
            "spark.executor.memory": "512m",
            "spark.speculation": "true",
            "spark.ui.enabled": "false",
            "spark.sql.warehouse.dir": str(self.directory),
        } | {f"spark.executorEnv.{name}": value for name, value in environment.items()}
        options = [part for pair in settings.items() for part in ("--conf", "=".join(pair))]
        if files:
            options += ["--files", ",".join(files)]
        return subprocess.Popen(
            [SPARK / "bin/spark-submit", "--master", self.url, *options, *arguments],
            env=self.environment(MASTER),
            stdout=log,
            stderr=log,
        )

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()


def executor_of(pid):
    """The executor that a process descends from."""
    while b"CoarseGrainedExecutorBackend" not in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        pid = int(status.split("PPid:")[1].split()[0])
    return pid
