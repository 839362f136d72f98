"""Validates a file of jobs, one a line, the way that a peer does; prints microseconds of a job.

validate_peers.py PEER SCHEMA.yml FILE.jsonl [COUNT]

PEER: jsonschema-rs, fastjsonschema, or treeherder (jsonschema.validate, with the schema handed over each time).
COUNT: how many lines are looked at; the slow ones need no more.
"""
import itertools
import json
import sys
import time

import yaml

peer, schema_path, jobs_path = sys.argv[1:4]
count = int(sys.argv[4]) if len(sys.argv) > 4 else None
with open(schema_path, encoding="utf-8") as file:
    schema = yaml.safe_load(file)

if peer == "jsonschema-rs":
    import jsonschema_rs
    validate = jsonschema_rs.validator_for(schema).is_valid
elif peer == "fastjsonschema":
    import fastjsonschema
    compiled = fastjsonschema.compile(schema)

    def validate(job):
        try:
            compiled(job)
            return True
        except fastjsonschema.JsonSchemaException:
            return False
elif peer == "treeherder":
    import jsonschema

    def validate(job):
        try:
            jsonschema.validate(job, schema)
            return True
        except jsonschema.ValidationError:
            return False
else:
    sys.exit(f"{peer} is no peer")

begin = time.perf_counter()
valid = total = 0
with open(jobs_path, encoding="utf-8") as lines:
    for line in itertools.islice(lines, count):
        total += 1
        valid += validate(json.loads(line))
print(f"{(time.perf_counter() - begin) / total * 1e6:.3f} {total} {valid}")
