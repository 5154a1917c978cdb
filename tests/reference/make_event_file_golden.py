"""Golden TensorBoard event file of a training log, written by the tensorboard package itself.

usage: make_event_file_golden.py LOG.jsonl OUT

Needs the packages tensorboard and, for reading the result back, nothing else.
"""
import json
import sys

from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


def events(lines):
    yield event_pb2.Event(file_version="brain.Event:2")
    for line in lines:
        if line["type"] not in ("training", "validation"):
            continue
        values = [
            summary_pb2.Summary.Value(tag=f"{line['type']}/{name}", simple_value=value)
            for name, value in line.items()
            if name not in ("type", "step")
        ]
        yield event_pb2.Event(wall_time=line["step"], step=line["step"], summary=summary_pb2.Summary(value=values))


def main():
    log, out = sys.argv[1:]
    with open(log, encoding="utf8") as file:
        lines = [json.loads(line) for line in file]
    with open(out, "wb") as file:
        writer = RecordWriter(file)
        for event in events(lines):
            writer.write(event.SerializeToString(deterministic=True))
    steps = [event.step for event in EventFileLoader(out).Load()]
    print(f"{len(steps)} events, steps {steps}")


main()
