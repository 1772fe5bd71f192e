import { expect, test } from "vitest";
import { type Script, startStub } from "../cloudformation-stub.ts";
import { destroyWith, testRun } from "../runs.ts";

const about = (id: string, status: string, reason?: string) => ({
  id,
  logicalId: "chat",
  status,
  ...(reason === undefined ? {} : { reason }),
});
const DELETION = [
  { status: "DELETE_IN_PROGRESS", events: [about("7", "DELETE_IN_PROGRESS", "User Initiated")] },
  { status: "DELETE_COMPLETE", events: [about("8", "DELETE_COMPLETE")] },
];

async function destroyed(script: Script, options: Parameters<typeof testRun>[1] = {}) {
  const stub = await startStub(script);
  const run = await testRun(stub.url, options);
  return { stub, run, result: await destroyWith(run) };
}

test("lists what is deleted, asks, and changes nothing after a no", async () => {
  const { stub, run, result } = await destroyed(
    { stack: { status: "CREATE_COMPLETE" } },
    { answer: false },
  );

  expect(result.kind).toBe("declined");
  expect(run.questions).toMatchObject([
    { kind: "destroy", resources: [{ logicalId: "Connections" }], retained: [] },
  ]);
  expect(stub.actions()).not.toContain("DeleteStack");
});

test("tells what stayed, and why, when the deletion fails", async () => {
  const { result } = await destroyed({
    skipped: "Kept",
    stack: { status: "CREATE_COMPLETE" },
    deletion: [
      {
        status: "DELETE_IN_PROGRESS",
        events: [about("7", "DELETE_IN_PROGRESS", "User Initiated")],
      },
      { status: "DELETE_FAILED", events: [about("8", "DELETE_FAILED")] },
    ],
  });

  expect(result).toMatchObject({
    kind: "failed",
    status: "DELETE_FAILED",
    stuck: [{ logicalId: "Connections", reason: "Table is protected" }],
  });
});

test("waits for the end of a deployment that runs, then deletes", async () => {
  const { stub, result } = await destroyed({
    stack: { status: "UPDATE_IN_PROGRESS" },
    events: [about("1", "UPDATE_IN_PROGRESS", "User Initiated")],
    attached: [
      { status: "UPDATE_IN_PROGRESS" },
      { status: "UPDATE_COMPLETE", events: [about("2", "UPDATE_COMPLETE")] },
    ],
    deletion: DELETION,
  });

  expect(result.kind).toBe("destroyed");
  expect(stub.actions()).toContain("DeleteStack");
});

test("watches a deletion that another run has started to its end", async () => {
  const { stub, result } = await destroyed({
    stack: { status: "DELETE_IN_PROGRESS" },
    events: [about("1", "DELETE_IN_PROGRESS", "User Initiated")],
    attached: [
      { status: "DELETE_IN_PROGRESS" },
      { status: "DELETE_IN_PROGRESS" },
      { status: "DELETE_COMPLETE", events: [about("2", "DELETE_COMPLETE")] },
    ],
  });

  expect(result.kind).toBe("destroyed");
  expect(stub.actions()).not.toContain("DeleteStack");
});

test("Ctrl-C leaves the deletion to CloudFormation", async () => {
  const { result } = await destroyed(
    { stack: { status: "CREATE_COMPLETE" }, deletion: DELETION },
    { onFact: (fact, run) => fact.type === "stack.started" && run.interrupt() },
  );

  expect(result).toEqual({ kind: "interrupted", stackName: "chat", running: "delete" });
});

test("keeps a stack whose template is not JSON, because it is not wsgw's", async () => {
  const stub = await startStub({
    stack: { status: "CREATE_COMPLETE" },
    template: "Resources:\n  Topic: {Type: AWS::SNS::Topic}",
  });
  const run = await testRun(stub.url);

  await expect(destroyWith(run)).rejects.toMatchObject({
    code: "STACK_NOT_FOUND",
    message: "The template of the stack chat is not JSON, so it is not one of wsgw's.",
  });
  await expect(destroyWith(run, { retainTable: true })).rejects.toMatchObject({
    code: "STACK_NOT_FOUND",
  });
  expect(stub.actions()).not.toContain("DeleteStack");
});

test("objects that S3 does not remove are not said to be gone", async () => {
  const stub = await startStub({ failedRemovals: /b.zip$/ });
  const objects = stub.objects as Map<string, Buffer>;
  for (const key of ["chat/a.zip", "chat/b.zip"]) objects.set(key, Buffer.from("x"));
  const run = await testRun(stub.url);

  await expect(destroyWith(run)).rejects.toMatchObject({
    code: "AWS_REFUSED",
    message: "S3 rejected DeleteObjects: chat/b.zip: Access Denied (AccessDenied)",
  });
  expect(run.of("objects.removed")).toEqual([]);
});

const templateWith = (DeletionPolicy: string) =>
  JSON.stringify({ Resources: { Connections: { Type: "AWS::DynamoDB::Table", DeletionPolicy } } });
const RETAINED = {
  changeSet: {
    changes: [{ action: "Modify", logicalId: "Connections", type: "AWS::DynamoDB::Table" }],
  },
  execution: [{ status: "UPDATE_COMPLETE", events: [about("6", "UPDATE_COMPLETE")] }],
  deletion: DELETION,
};

test("a table that is to be kept is kept by the stack's template before the stack goes", async () => {
  const stub = await startStub({
    stack: { status: "CREATE_COMPLETE", tags: true },
    template: templateWith("Delete"),
    ...RETAINED,
  });
  const run = await testRun(stub.url);

  const result = await destroyWith(run, { retainTable: true });

  expect(result).toMatchObject({ kind: "destroyed", kept: [expect.any(String)] });
  const changes = stub.actions().filter((action) => /^(Create|Execute|Delete)/.test(action));
  expect(changes).toEqual(["CreateChangeSet", "ExecuteChangeSet", "DeleteStack"]);
  const { parameters } = stub.calls.find(({ action }) => action === "CreateChangeSet")!;
  expect(JSON.parse(parameters.get("TemplateBody") ?? "")).toMatchObject({
    Resources: { Connections: { DeletionPolicy: "Retain" } },
  });
  expect(parameters.get("Tags.member.1.Key")).toBe("team"); // the stack's own
});

test("a table that its definition keeps is not among what goes", async () => {
  const { run, result } = await destroyed({
    stack: { status: "CREATE_COMPLETE" },
    template: templateWith("RetainExceptOnCreate"),
    deletion: DELETION,
  });

  expect(run.questions).toMatchObject([
    { kind: "destroy", resources: [], retained: ["Connections"] },
  ]);
  expect(result).toMatchObject({ kind: "destroyed", kept: [expect.any(String)] });
});
