"""Translates the SAM templates named as arguments; prints what became of each."""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

URIS = {"CodeUri", "ContentUri", "DefinitionUri"}


def uploaded(value):
    """Local paths as S3 URIs, for the translator takes no others."""
    if isinstance(value, list):
        return [uploaded(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: "s3://local/" + item
        if key in URIS and isinstance(item, str) and not item.startswith("s3:")
        else uploaded(item)
        for key, item in value.items()
    }


def translated(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    # Dates are strings to CloudFormation.
    template = json.loads(json.dumps(yaml_parse(text), default=str))
    for parameter in template.get("Parameters", {}).values():
        # Without a value, references to it stay.
        parameter.pop("Default", None)
    try:
        # Without a name for the policies of AWS, the translator keeps those names.
        expanded = Translator({}, Parser()).translate(uploaded(template), {})
    except InvalidDocumentException as error:
        return {"refused": [cause.message for cause in error.causes]}
    return {"expanded": expanded}


print(json.dumps([translated(path) for path in sys.argv[1:]]))
