"""Reads every table of a store with DuckDB, polars, delta-rs, pyarrow and sqlite3, and compares the counts with each other and with
what `polybius log` says, for every version that the store keeps. Needs: pip install duckdb polars deltalake pyarrow

    python3 evals/readers.py STORE [--polybius PROGRAM]

Exit code 1 and a line for each difference; a line for each reader when there is none."""

import argparse
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

import deltalake
import duckdb
import polars
import pyarrow.dataset
import pyarrow.parquet


def versions_of(program, store):
    """Each readable version with its rows by table, the oldest first."""
    out = subprocess.run([program, "log", "--store", store, "--json"], check=True, capture_output=True, text=True)
    versions = [json.loads(line) for line in out.stdout.splitlines()]
    return sorted((v for v in versions if v["readable"]), key=lambda v: v["version"])


def counts_of_last(store, table):
    """The rows of the last version, by reader."""
    glob = str(store / table / "*.parquet")
    folder = store / table
    yield "duckdb, glob", duckdb.sql(f"select count(*) from read_parquet('{glob}')").fetchall()[0][0]
    yield "polars, glob", polars.scan_parquet(glob).select(polars.len()).collect().item()
    yield "polars, all columns", polars.read_parquet(glob).height
    yield "pyarrow, folder", pyarrow.dataset.dataset(str(folder), format="parquet").count_rows()
    yield "delta-rs", deltalake.DeltaTable(str(folder)).to_pyarrow_table().num_rows
    yield "polars, delta", polars.read_delta(str(folder)).height


def counts_of_version(store, table, version):
    """The rows of one version through the log in the Delta protocol."""
    folder = str(store / table)
    yield "delta-rs, version", deltalake.DeltaTable(folder, version=version).to_pyarrow_table().num_rows
    yield "polars, delta, version", polars.scan_delta(folder, version=version).select(polars.len()).collect().item()
    files = deltalake.DeltaTable(folder, version=version).file_uris()
    duck = duckdb.sql(f"select count(*) from read_parquet({files!r})").fetchall()[0][0] if files else 0
    yield "duckdb, files of the version", duck


def counts_of_database(program, store, tables):
    """The rows of each table of a SQLite export."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/all.sqlite"
        subprocess.run([program, "export", "--store", store, "--format", "sqlite", "--out", path], check=True)
        database = sqlite3.connect(path)
        whole = database.execute("pragma integrity_check").fetchall()[0][0]
        if whole != "ok":
            sys.exit(f"sqlite: {whole}")
        counts = {t: database.execute(f'select count(*) from "{t}"').fetchone()[0] for t in tables}
        text = database.execute("select group_concat(text, '') from documents").fetchone()[0] or ""
        database.close()
        return counts, text


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("store", type=pathlib.Path)
    arguments.add_argument("--polybius", default="polybius")
    arguments = arguments.parse_args()
    store, program = arguments.store, arguments.polybius
    versions = versions_of(program, store)
    last = versions[-1]
    problems, reads = [], {}

    def compare(reader, table, version, found, expected):
        reads[reader] = reads.get(reader, 0) + 1
        if found != expected:
            problems.append(f"{reader}: {table} at version {version}: {found} rows, {expected} expected")

    for table, expected in last["rows"].items():
        for reader, found in counts_of_last(store, table):
            compare(reader, table, last["version"], found, expected)
        for version in versions:
            for reader, found in counts_of_version(store, table, version["version"]):
                compare(reader, table, version["version"], found, version["rows"][table])
    found, text = counts_of_database(program, store, last["rows"])
    for table, expected in last["rows"].items():
        compare("sqlite3", table, last["version"], found[table], expected)
    documents = pyarrow.parquet.read_table(store / "documents" / "documents.parquet")
    compare("sqlite3, bytes of text", "documents", last["version"], len(text),
            sum(len(t.as_py()) for t in documents["text"]))
    dates = polars.read_delta(str(store / "events"))["date_start"]
    compare("polars, dates", "events", last["version"], dates.dtype, polars.Date)

    for problem in problems:
        print(problem)
    for reader, n in reads.items():
        print(f"{reader}: {n} tables read")
    print(f"{len(versions)} versions, {sum(last['rows'].values())} rows in the last")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
