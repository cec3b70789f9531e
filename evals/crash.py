"""Kills `polybius run` at random moments, lets it go on, and compares the tables with those of an undisturbed run, byte by byte. Also: two
writers at once, and a full disk (on a small tmpfs, where mounting is permitted).

    python3 evals/crash.py [--pages 2000] [--kills 100] [--seed 1] [--polybius PROGRAM] [--folder DIR]

Exit code 1 when a table differs, when a state that was read between two kills is not whole, or when an error has no way out."""

import argparse
import hashlib
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time


def tables(store):
    """The hash of every table of the last version."""
    files = sorted(p for p in store.glob("*/*.parquet"))
    return {str(p.relative_to(store)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def read_bytes(store):
    """The length of what a run reads and keeps."""
    return [sum(p.stat().st_size for p in store.glob(pattern)) for pattern in ("_pages/*.log", "_analysis/*.log")]


class Crash:
    def __init__(self, arguments):
        self.program = shutil.which(arguments.polybius) or sys.exit(f"there is no program `{arguments.polybius}`")
        self.folder = pathlib.Path(arguments.folder).absolute()
        self.dice = random.Random(arguments.seed)
        self.pages = arguments.pages
        self.kills = arguments.kills
        self.seed = arguments.seed
        self.problems = []

    def wrong(self, problem):
        print(problem, flush=True)
        self.problems.append(problem)

    def command(self, store, corpus, *more):
        # A page is named after its file, so both corpora have one name in different folders.
        return [self.program, "run", corpus.name, "--format", "jsonl", "--quiet", "--store", str(store), *more]

    def run(self, store, corpus, *more):
        return subprocess.run(self.command(store, corpus, *more), cwd=corpus.parent, capture_output=True, text=True)

    def start(self, store, corpus):
        command = self.command(store, corpus)
        return subprocess.Popen(command, cwd=corpus.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def corpora(self):
        """The corpus, and its first half, which is committed first."""
        whole, half = self.folder / "whole" / "corpus.jsonl", self.folder / "half" / "corpus.jsonl"
        whole.parent.mkdir()
        half.parent.mkdir()
        subprocess.run([self.program, "bench", "generate", "--pages", str(self.pages), "--seed", str(self.seed),
                        "--out", str(whole)], check=True)
        lines = whole.read_text().splitlines(keepends=True)
        half.write_text("".join(lines[: len(lines) // 2]))
        return whole, half

    def undisturbed(self, whole):
        store = self.folder / "undisturbed"
        started = time.monotonic()
        done = self.run(store, whole)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return tables(store), time.monotonic() - started

    def killed(self, whole, half, expected, seconds):
        """Kills at random moments; between them the store must be whole, whatever it holds. What is read stays read: once all pages are,
        kills fall on comparing and committing, and a run that ends is begun again from there."""
        store, ready = self.folder / "killed", self.folder / "all-read"
        start = self.folder / "half-store"
        self.run(start, half)
        shutil.copytree(start, store)
        all_read = read_bytes(self.folder / "undisturbed")
        n_killed, n_late, n_ended, longest = 0, 0, 0, seconds * 0.6
        while n_killed < self.kills:
            child, began = self.start(store, whole), time.monotonic()
            try:
                child.wait(timeout=self.dice.uniform(0, longest))
                n_ended += 1
                if ready.exists():
                    longest = 1.1 * (time.monotonic() - began)
                self.whole_between(store, f"after {n_killed} kills")
                shutil.rmtree(store)
                shutil.copytree(ready if ready.exists() else start, store)
                continue
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
            n_killed += 1
            n_late += ready.exists()
            if not ready.exists() and read_bytes(store) == all_read:
                shutil.copytree(store, ready)
            if n_killed % 5 == 0:
                self.whole_between(store, f"after {n_killed} kills")
        done = self.run(store, whole)
        if done.returncode != 0:
            self.wrong(f"killed: the last run fails: {done.stderr}")
        self.compare("killed", store, expected)
        print(f"killed {n_killed} times, {n_late} of them while comparing and committing; {n_ended} runs ended first", flush=True)

    def whole_between(self, store, when):
        checked = subprocess.run([self.program, "check", "--store", str(store)], capture_output=True, text=True)
        if checked.returncode != 0:
            self.wrong(f"{when}: {checked.stdout}{checked.stderr}")

    def compare(self, name, store, expected):
        found = tables(store)
        different = sorted(p for p in expected if found.get(p) != expected[p]) + sorted(set(found) - set(expected))
        if different:
            self.wrong(f"{name}: other bytes in {', '.join(different)}")
        self.whole_between(store, name)

    def two_writers(self, whole, half, expected):
        store = self.folder / "two"
        first = self.start(store, half)
        while not (store / "_log" / "lock").exists() and first.poll() is None:
            time.sleep(0.01)
        time.sleep(0.1)
        refused = self.run(store, whole)
        if first.poll() is None and (refused.returncode != 1 or "hint" not in refused.stderr):
            self.wrong(f"two writers: the second one was not refused: {refused.stderr}")
        waiting = self.run(store, whole, "--wait")
        first.wait()
        if first.returncode != 0 or waiting.returncode != 0:
            self.wrong(f"two writers: {first.returncode}, {waiting.returncode}: {waiting.stderr}")
        self.compare("two writers", store, expected)
        print("two writers: one refused, one waited", flush=True)

    def full_disk(self, whole, expected):
        """A disk that is too small, then made larger step by step: each run fails with a way out or ends."""
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True).returncode != 0:
            print("full disk: skipped, mounting is not permitted", flush=True)
            return
        try:
            store, n_full = disk / "store", 0
            for size in (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512, 1024, 4096):
                subprocess.run(["mount", "-o", f"remount,size={size}m", disk], check=True)
                done = self.run(store, whole)
                if done.returncode == 0:
                    break
                n_full += 1
                if done.returncode != 1 or "No space left" not in done.stderr or "hint" not in done.stderr:
                    self.wrong(f"full disk at {size} MB: {done.returncode} {done.stderr}")
            self.compare("full disk", store, expected)
            print(f"full disk: {n_full} runs out of room, then done at {size} MB", flush=True)
        finally:
            subprocess.run(["umount", disk], check=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--pages", type=int, default=2000)
    arguments.add_argument("--kills", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--polybius", default="polybius")
    arguments.add_argument("--folder", default="crash-test")
    arguments = arguments.parse_args()
    crash = Crash(arguments)
    if crash.folder.exists():
        sys.exit(f"`{crash.folder}` is there already: remove it or give another --folder")
    crash.folder.mkdir(parents=True)
    whole, half = crash.corpora()
    expected, seconds = crash.undisturbed(whole)
    print(f"undisturbed: {len(expected)} tables in {seconds:.1f} s", flush=True)
    crash.two_writers(whole, half, expected)
    crash.full_disk(whole, expected)
    crash.killed(whole, half, expected, seconds)
    sys.exit(1 if crash.problems else 0)


if __name__ == "__main__":
    main()
