"""Expands a SAM template, read from standard input, to plain CloudFormation."""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

print(json.dumps(Translator({}, Parser()).translate(json.load(sys.stdin), {})))
