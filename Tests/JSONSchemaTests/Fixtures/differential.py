"""Validates the JSON documents of standard input, one a line, against a YAML schema: differential.py SCHEMA

Prints for each line: the verdict as it is, the verdict with regular expressions read the way ECMA-262 does, and for
the latter the breaks as instance pointer, space, keyword, separated by tabs.
"""
import json
import re
import sys

import jsonschema
import yaml


def ecma_pattern(validator, pattern, instance, schema):
    if validator.is_type(instance, "string"):
        expression = re.sub(r"(?<!\\)\$", r"\\Z", pattern)
        if not re.search(expression, instance, re.ASCII):
            yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def pointer(error):
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in error.absolute_path)


with open(sys.argv[1], encoding="utf-8") as file:
    schema = yaml.safe_load(file)
plain = jsonschema.validators.validator_for(schema)
plain.check_schema(schema)
ecma = jsonschema.validators.extend(plain, {"pattern": ecma_pattern})
plain, ecma = plain(schema), ecma(schema)
for line in sys.stdin.buffer.read().decode("utf-8").split("\n"):
    if line:
        document = json.loads(line)
        breaks = sorted({f"{pointer(error)} {error.validator}" for error in ecma.iter_errors(document)})
        sys.stdout.write("\t".join([str(int(plain.is_valid(document))), str(int(not breaks)), *map(json.dumps, breaks)]) + "\n")
