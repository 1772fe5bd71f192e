import { expect, test } from "vitest";
import { createAwsError } from "../../../src/deploy/aws/aws-errors.ts";
import { calling } from "../../../src/deploy/aws/retry-throttled.ts";
import { startStub } from "../cloudformation-stub.ts";
import { deployWith, testRun } from "../runs.ts";
import { smallStack } from "../small-stack.ts";

const codeOf = (logicalId: string) => ({
  action: "Modify",
  logicalId,
  type: "AWS::Lambda::Function",
  replacement: "False",
  properties: ["Code"],
});

/** A run with --code-only, whose functions take their code as `updateCode` says. */
async function codeOnlyRun(
  changed: readonly string[],
  updateCode: (name: string) => Promise<void>,
  more: {
    readonly updateStatus?: (name: string) => string;
    readonly onFact?: NonNullable<Parameters<typeof testRun>[1]>["onFact"];
  } = {},
) {
  const stub = await startStub({
    stack: { status: "CREATE_COMPLETE" },
    changeSet: { changes: changed.map(codeOf) },
  });
  const { updateStatus = () => "Successful", onFact } = more;
  const state = async (name: string) => ({ updateStatus: updateStatus(name), reason: undefined });
  const run = await testRun(stub.url, {
    ...(onFact && { onFact }),
    cloud: (cloud, beforeRetry) => ({
      ...cloud,
      functions: {
        updateCode: (name) =>
          calling("Lambda", "UpdateFunctionCode", beforeRetry, () => updateCode(name)),
        state,
      },
    }),
  });
  const small = smallStack();
  const [talk] = small.functions;
  const functions = ["Talk", "Listen", "Wait"].map((name) => ({ ...talk!, name, logicalId: name }));
  const prepare = async () => ({ ...small, functions });
  return { run, deployed: deployWith(run, { codeOnly: true, prepare }) };
}

test("--code-only reports every function that rejects its code, after the others have theirs", async () => {
  const { run, deployed } = await codeOnlyRun(["Talk", "Listen"], async (name) => {
    if (name === "Listen") return new Promise((resolve) => setImmediate(resolve));
    throw createAwsError("busy", {
      code: "ResourceConflictException",
      service: "Lambda",
      operation: "UpdateFunctionCode",
      statusCode: 409,
      bucketRegion: undefined,
    });
  });

  await expect(deployed).rejects.toMatchObject({
    code: "AWS_REFUSED",
    message: "Talk: Lambda rejected UpdateFunctionCode: busy (ResourceConflictException)",
  });
  expect(run.of("function.updated").map(({ name }) => name)).toEqual(["Listen"]);
});

test("--code-only does not pass over a function that a hook has added", async () => {
  const updated: string[] = [];
  const { deployed } = await codeOnlyRun(["Talk", "Extra"], async (name) => {
    updated.push(name);
  });

  await expect(deployed).rejects.toMatchObject({
    code: "NOT_CODE_ONLY",
    message: "Extra (AWS::Lambda::Function): its code is not from the definition",
  });
  expect(updated).toEqual([]);
});

test("--code-only, interrupted, tells which functions have their code", async () => {
  const throttled = createAwsError("Rate exceeded", {
    code: "TooManyRequestsException",
    service: "Lambda",
    operation: "UpdateFunctionCode",
    statusCode: 429,
    bucketRegion: undefined,
  });
  const { deployed } = await codeOnlyRun(
    ["Talk", "Listen", "Wait"],
    async (name) => {
      if (name === "Wait") throw throttled;
    },
    {
      updateStatus: (name) => (name === "Talk" ? "Successful" : "InProgress"),
      onFact(fact, run) {
        if (fact.type === "function.updated") run.interrupt();
      },
    },
  );

  expect(await deployed).toEqual({
    kind: "interrupted",
    stackName: "chat",
    running: undefined,
    code: { updated: ["Talk"], sent: ["Listen"], unchanged: ["Wait"] },
  });
});
