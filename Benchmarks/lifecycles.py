"""Writes three messages for every completed job of a file: pending, running, completed.

lifecycles.py FILE > lifecycles.jsonl

A thousand jobs live at a time: each state of all of them comes before the next one.
"""
import json
import sys

LATER = {"pending": ["result", "timeStarted", "timeCompleted", "logs", "jobInfo"], "running": ["result", "timeCompleted"]}


def write(jobs):
    for state in ["pending", "running", "completed"]:
        for job in jobs:
            message = {key: value for key, value in job.items() if key not in LATER.get(state, [])}
            message["state"] = state
            print(json.dumps(message))


alive = []
with open(sys.argv[1]) as lines:
    for line in lines:
        alive.append(json.loads(line))
        if len(alive) == 1000:
            write(alive)
            alive = []
write(alive)
