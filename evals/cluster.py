"""Runs the same generated pages in-process and on a cluster of one scheduler and two workers on this machine, compares the tables byte by
byte, and prints what the cluster costs, in time and (on Linux) in processor time, which other load on the machine changes less. Both use two cores: two threads here, two workers of one thread there. The engine program must
lie beside `polybius`.

    python3 evals/cluster.py [--pages 400] [--rounds 3] [--polybius PROGRAM]

Exit code 1 when a table differs."""

import argparse
import hashlib
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile


def tables(store):
    return {str(p.relative_to(store)): hashlib.sha256(p.read_bytes()).hexdigest() for p in store.glob("*/*.parquet")}


def processor_seconds(services):
    """What the services, what they started, and all commands that have ended took."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks, parents = {}, {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parents[pid], ticks[pid] = int(fields[1]), int(fields[11]) + int(fields[12])
    ours = {service.pid for service in services}
    while more := {pid for pid, parent in parents.items() if parent in ours and pid not in ours}:
        ours |= more
    return ended.ru_utime + ended.ru_stime + sum(ticks.get(pid, 0) for pid in ours) / os.sysconf("SC_CLK_TCK")


def run(program, corpus, store, services, *more):
    """Seconds of the stage that the cluster takes over, of the whole run, and of the processor."""
    before = processor_seconds(services)
    done = subprocess.run([program, "run", str(corpus), "--json", "--quiet", "--store", str(store), *more], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    summary = json.loads(done.stdout)
    return dict(summary["stages"])["read"], summary["seconds"], processor_seconds(services) - before


def start(program, *arguments):
    """A service and its first line."""
    child = subprocess.Popen([program, *arguments], stderr=subprocess.PIPE, text=True)
    return child, child.stderr.readline()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--pages", type=int, default=400)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--polybius", default="polybius")
    arguments = arguments.parse_args()
    program = shutil.which(arguments.polybius) or sys.exit(f"there is no program `{arguments.polybius}`")
    engine = pathlib.Path(program).resolve().with_name("polybius-engine")
    if not engine.exists():
        sys.exit(f"there is no `{engine}`: cargo build -p polybius-engine")
    services, here, there = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        corpus = folder / "corpus.jsonl"
        subprocess.run([program, "bench", "generate", "--pages", str(arguments.pages), "--out", str(corpus)], check=True)
        try:
            scheduler, line = start(program, "scheduler", "--listen", "127.0.0.1:0")
            services.append(scheduler)
            address = line.split()[-1]
            for _ in range(2):
                services.append(start(program, "worker", "--cluster", address, "--threads", "1")[0])
            for n in range(arguments.rounds):
                alone, together = folder / f"alone-{n}", folder / f"together-{n}"
                here.append(run(program, corpus, alone, services, "--threads", "2"))
                there.append(run(program, corpus, together, services, "--threads", "2", "--cluster", address))
                if tables(alone) != tables(together):
                    sys.exit("the cluster gives other tables")
        finally:
            for service in services:
                service.kill()
                service.wait()
    for name, at in (("reading", 0), ("whole run", 1), ("processor", 2)):
        a, b = statistics.median(t[at] for t in here), statistics.median(t[at] for t in there)
        print(f"{name}: in-process {a:.1f} s, on the cluster {b:.1f} s: {b / a:.2f}x (median of {arguments.rounds}, {arguments.pages} pages)")
    print(f"tables: {arguments.rounds} times the same bytes")


if __name__ == "__main__":
    main()
