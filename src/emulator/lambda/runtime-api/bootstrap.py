"""Runs a Python handler on the Lambda Runtime API, as Lambda's own Python runtime does.

Where that runtime is installed (the package awslambdaric) it does the work itself. Needs nothing but
the standard library, Python 3.7 and newer.

https://github.com/aws/aws-lambda-python-runtime-interface-client
"""

import decimal
import http.client
import importlib
import json
import logging
import math
import os
import re
import runpy
import sys
import time
import traceback
import uuid

API = "/2018-06-01/runtime"

request_id = None


class Fault(Exception):
    """What the runtime itself has to say against the user's code."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = list(trace)


class Gone(Exception):
    """The gateway is no longer there."""


def main():
    # As on Lambda: the code's own folder comes first, and nothing is written into it.
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    sys.dont_write_bytecode = True
    handler_name = os.environ["_HANDLER"]
    if has_own_runtime():
        sys.argv = ["awslambdaric", handler_name]
        runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
        return

    api = Api(os.environ["AWS_LAMBDA_RUNTIME_API"])
    set_up_logging()
    try:
        handler = find_handler(handler_name)
    except Fault as fault:
        fail_to_start(api, fault.error_type, fault.message, fault.trace)
    except Exception as error:
        fail_to_start(api, type(error).__name__, str(error), trace_of(error))
    while True:
        answer_one(api, handler)


def has_own_runtime():
    try:
        import awslambdaric.bootstrap  # noqa: F401
    except ImportError:
        return False
    return True


class Api:
    """The Runtime API, on one connection."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    def next(self):
        response, body = self.call("GET", "/invocation/next")
        if response.status != 200:
            raise Gone(body)
        return response.headers, body

    def respond(self, result, content_type):
        self.report("/invocation/%s/response" % request_id, result, {"Content-Type": content_type})

    def fail(self, path, error):
        headers = {
            "Content-Type": "application/vnd.aws.lambda.error+json",
            "Lambda-Runtime-Function-Error-Type": printable(error["errorType"]),
        }
        self.report(path, json.dumps(error), headers)

    def report(self, path, body, headers):
        response, text = self.call("POST", path, body, headers)
        if response.status not in (202, 413):
            raise RuntimeError("Failed to post: %s %s" % (response.status, text))

    def call(self, method, path, body=None, headers=None):
        if isinstance(body, str):
            body = body.encode("utf-8", "surrogatepass")
        try:
            self.connection.request(method, API + path, body, headers or {})
            response = self.connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Gone(str(error))


def printable(text):
    return re.sub(r"[^\x20-\x7e]", "?", text)


def find_handler(name):
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        reason = "not enough values to unpack (expected 2, got 1)"
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '%s': %s" % (name, reason))
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = "Cannot use built-in module %s as a handler module" % module_name
        raise Fault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = "Unable to import module '%s': %s" % (module_name, error)
        raise Fault("Runtime.ImportModuleError", message)
    except SyntaxError as error:
        message = "Syntax error in module '%s': %s" % (module_name, error)
        place = '  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)
        raise Fault("Runtime.UserCodeSyntaxError", message, [place])
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = "Handler '%s' missing on module '%s'" % (function_name, module_name)
        raise Fault("Runtime.HandlerNotFound", message)


def answer_one(api, handler):
    global request_id
    headers, event = api.next()
    request_id = headers["Lambda-Runtime-Aws-Request-Id"]
    trace_id = headers.get("Lambda-Runtime-Trace-Id")
    if trace_id is None:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    else:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id

    error = None
    try:
        result, content_type = marshal(handler(unmarshal(event), LambdaContext(headers)))
    except Fault as fault:
        error = describe(fault.error_type, fault.message, fault.trace)
    except Exception as raised:
        error = describe(type(raised).__name__, str(raised), trace_of(raised))
    flush()
    if error is None:
        api.respond(result, content_type)
    else:
        api.fail("/invocation/%s/error" % request_id, error)


def fail_to_start(api, error_type, message, trace):
    flush()
    api.fail("/init/error", describe(error_type, message, trace))
    sys.exit(1)


def describe(error_type, message, trace):
    return {
        "errorMessage": message,
        "errorType": error_type,
        "requestId": request_id or "",
        "stackTrace": trace,
    }


def trace_of(error):
    """The frames of the user's code: this file's come first and say nothing about it."""
    frames = traceback.extract_tb(error.__traceback__)
    for first, frame in enumerate(frames):
        if frame.filename != __file__ and "importlib" not in frame.filename:
            return traceback.format_list(frames[first:])
    return traceback.format_list(frames)


def unmarshal(event):
    try:
        return json.loads(event)
    except ValueError as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error)


def marshal(result):
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return to_json(result), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error)


def to_json(result):
    """Like Lambda's encoder, which writes a Decimal as a number with all of its digits."""
    decimals = {}

    def default(value):
        if not isinstance(value, decimal.Decimal):
            raise TypeError(
                "Object of type %s is not JSON serializable" % type(value).__name__
            )
        if value.is_nan():
            return math.nan
        token = uuid.uuid4().hex
        decimals['"%s"' % token] = str(value)
        return token

    text = json.dumps(result, default=default, ensure_ascii=escapes_unicode())
    for token, number in decimals.items():
        text = text.replace(token, number)
    return text


def escapes_unicode():
    """Lambda's runtimes before Python 3.12 write every character beyond ASCII as an escape."""
    version = re.search(r"python3\.(\d+)$", os.environ.get("AWS_EXECUTION_ENV", ""))
    return version is not None and int(version.group(1)) < 12


class LambdaContext:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, headers):
        self.aws_request_id = request_id
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.tenant_id = headers.get("Lambda-Runtime-Aws-Tenant-Id")
        self.client_context = None
        self.identity = CognitoIdentity()
        self._epoch_deadline_time_in_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._epoch_deadline_time_in_ms - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        names = (name for name in vars(self) if not name.startswith("_"))
        fields = ",".join("%s=%s" % (name, getattr(self, name)) for name in names)
        return "LambdaContext([%s])" % fields


class CognitoIdentity:
    cognito_identity_id = None
    cognito_identity_pool_id = None

    def __repr__(self):
        return "CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None])"


def set_up_logging():
    class RequestId(logging.Filter):
        def filter(self, record):
            record.aws_request_id = request_id or ""
            return True

    class Handler(logging.Handler):
        def emit(self, record):
            sys.stdout.write(self.format(record))

    layout = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
    logging.Formatter.converter = time.gmtime
    handler = Handler()
    handler.setFormatter(logging.Formatter(layout, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(RequestId())
    logging.getLogger().addHandler(handler)


def flush():
    """Python is told not to buffer, but the user's code may have put something else in place."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass


if __name__ == "__main__":
    try:
        main()
    except Gone:
        os._exit(1)
