import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { FunctionSpec } from "../../../../src/emulator/lambda/environment-contract.ts";
import { createRuntimeApi } from "../../../../src/emulator/lambda/runtime-api/runtime-api.ts";
import { makeProject } from "../../../bundle/project.ts";
import {
  buildLambdaChild,
  lacksPython,
  observed,
  type RunFunction,
  runFunction,
  specOf,
} from "../../../contracts/lambda-setup.ts";

beforeAll(buildLambdaChild);

const skipped = await lacksPython();
const title = skipped ? "Python, which is missing here" : "Python";

// What all languages have in common is in python.journey.test.ts.
describe.skipIf(skipped)(title, () => {
  test("a handler without a function is malformed", async () => {
    const { invoke } = await startAs("ordinary");

    expect(await invoke("1")).toMatchObject({
      errorType: "Runtime.MalformedHandlerName",
      errorMessage: "Bad handler 'ordinary': not enough values to unpack (expected 2, got 1)",
    });
  });

  test("a module of the interpreter's own is not a handler module", async () => {
    const { invoke } = await startAs("sys.exit");

    expect(await invoke("1")).toMatchObject({
      errorType: "Runtime.BuiltInModuleConflict",
      errorMessage: "Cannot use built-in module sys as a handler module",
    });
  });

  test("code that cannot be parsed is a syntax error that shows the place", async () => {
    const { invoke, root } = await start("syntax-error.handler");

    expect(await invoke("1")).toMatchObject({
      errorType: "Runtime.UserCodeSyntaxError",
      errorMessage: expect.stringMatching(/^Syntax error in module 'syntax-error': .*line 2/),
      trace: [`  File "${root}/syntax-error.py" Line 2`, "    def handler(event, context) return"],
    });
  });

  test.each(["chat.app.handler", "chat/app.handler"])(
    "%s is found in a package",
    { tags: ["journey"] },
    async (handler) => {
      const { root } = makeProject({
        "chat/__init__.py": "",
        "chat/names.py": "NAME = 'chat'",
        "chat/app.py": "from .names import NAME\ndef handler(event, context): return NAME",
      });
      const { invoke } = await start(handler, { root });

      expect(await invoke("1")).toEqual({ kind: "returned", payload: '"chat"' });
    },
  );

  test("log lines carry level, time and request id", async () => {
    const { invoke, logged, facts } = await start("prints.logs");

    await invoke("1");

    const { awsRequestId } = facts("function.started")[0]!;
    const [, line] = logged()[1]!;
    expect(line).toMatch(/^\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t\S+\tbob is late$/);
    expect(line).toContain(`\t${awsRequestId}\t`);
    expect(logged()).toHaveLength(2);
  });

  test("reports output written past Python with its event", async () => {
    const { invoke, facts } = await start("prints.natively");

    await invoke("1");

    expect(facts("function.logged").at(-1)).toMatchObject({
      stream: "stdout",
      text: "native",
      requestId: "request",
      connectionId: "connection",
    });
  });

  test("from Python 3.12 on text beyond ASCII stays as it is", async () => {
    const spec = await specOf({ handler: "ordinary.unicode", language: "python" });
    const environment = { ...spec.environment, AWS_EXECUTION_ENV: "AWS_Lambda_python3.12" };
    const { invoke } = await start("ordinary.unicode", { spec: { ...spec, environment } });

    expect(await invoke("1")).toEqual({ kind: "returned", payload: '"grüße"' });
  });

  test("writes nothing next to the code", async () => {
    const { root } = makeProject({
      "names.py": "NAME = 'chat'",
      "app.py": "from names import NAME\ndef handler(event, context): return NAME",
    });
    const { invoke } = await start("app.handler", { root });

    await invoke("1");

    expect(existsSync(join(root, "__pycache__"))).toBe(false);
  });

  test("Lambda's own runtime runs the handler where it is installed", {
    tags: ["journey"],
  }, async () => {
    const { root } = makeProject({
      "app.py": "def handler(event, context): return 'not called'",
      "awslambdaric/__init__.py": "",
      "awslambdaric/bootstrap.py": "",
      "awslambdaric/__main__.py": [
        "import http.client, os, sys",
        "api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])",
        "api.request('GET', '/2018-06-01/runtime/invocation/next')",
        "event = api.getresponse()",
        "event.read()",
        "id = event.headers['Lambda-Runtime-Aws-Request-Id']",
        "api.request('POST', f'/2018-06-01/runtime/invocation/{id}/response', f'\"awslambdaric {sys.argv[1]}\"')",
        "api.getresponse().read()",
      ].join("\n"),
    });
    const { invoke } = await start("app.handler", { root });

    expect(await invoke("1")).toEqual({ kind: "returned", payload: '"awslambdaric app.handler"' });
  });

  test("a package that Lambda includes is an import error with advice", {
    tags: ["journey"],
  }, async () => {
    const { root } = makeProject({
      "app.py": "raise ModuleNotFoundError(\"No module named 'boto3'\")",
    });
    const { invoke, logged } = await start("app.handler", { root });

    expect(await invoke("1")).toMatchObject({
      errorType: "Runtime.ImportModuleError",
      errorMessage: "Unable to import module 'app': No module named 'boto3'",
    });
    expect(logged()).toEqual([["stderr", expect.stringContaining("pip install boto3")]]);
  });
});

function start(
  handler: string,
  more: Partial<RunFunction> & { readonly spec?: FunctionSpec } = {},
) {
  return runFunction(observed(createRuntimeApi()), { handler, language: "python", ...more });
}

/** A runtime that is given a handler which the check of the definition would refuse. */
async function startAs(handler: string) {
  const spec = await specOf({ handler: "ordinary.handler", language: "python" });
  const environment = { ...spec.environment, _HANDLER: handler };
  return start(handler, { spec: { ...spec, handler, environment } });
}
