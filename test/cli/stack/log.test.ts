import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { createDeployLog } from "../../../cli/stack/log.ts";
import type { StackEvent } from "../../../src/deploy/aws/stacks.ts";

function logAt(live: boolean) {
  let ms = 0;
  const log = createDeployLog({
    paint: new Chalk({ level: 0 }),
    version: "1.0.0",
    live,
    elapsed: () => ms,
  });
  return {
    ...log,
    pass: (more: number) => {
      ms += more;
    },
  };
}

function event(status: string, reason?: string): StackEvent {
  return {
    id: status,
    stackId: "s",
    stackName: "chat",
    logicalId: "Talk",
    physicalId: undefined,
    type: "AWS::Lambda::Function",
    status,
    reason,
    at: 0,
    token: undefined,
  };
}

test("at a terminal a resource in progress is below the log until it is done", () => {
  const log = logAt(true);

  const begun = log.fact({
    type: "stack.event",
    event: event("CREATE_IN_PROGRESS"),
    aboutStack: false,
  });
  log.pass(3000);
  const during = log.now();
  const done = log.fact({
    type: "stack.event",
    event: event("CREATE_COMPLETE"),
    aboutStack: false,
  });

  expect(begun).toEqual([]);
  expect(during).toEqual(["        ⠋ CREATE_IN_PROGRESS  Talk  AWS::Lambda::Function 3 s"]);
  expect(done).toEqual(["    3.0s  CREATE_COMPLETE  Talk  AWS::Lambda::Function"]);
  expect(log.now()).toEqual([]);
});

test("elsewhere each event is a line, and nothing is drawn again", () => {
  const log = logAt(false);

  const lines = log.fact({
    type: "stack.event",
    event: event("CREATE_FAILED", "chat-talk already exists\u001b[2J"),
    aboutStack: false,
  });

  expect(lines).toEqual([
    "    0.0s  CREATE_FAILED  Talk  AWS::Lambda::Function  chat-talk already exists\\x1b[2J",
  ]);
  expect(log.now()).toEqual([]);
});

test("says in large letters when what answers is not AWS", () => {
  const lines = logAt(false).fact({
    type: "run.started",
    command: "deploy",
    stackName: "chat",
    stage: "v1",
    region: "us-east-1",
    endpointUrl: "http://127.0.0.1:5000",
    codeOnly: true,
    express: false,
    tags: { team: "red" },
    hooks: [],
    at: 0,
  });

  expect(lines).toEqual([
    "  wsgw 1.0.0  deploy chat stage v1, us-east-1, 1970-01-01T00:00:00.000Z",
    "  code only: yes, express: no, hooks: none, tags: team=red",
    "",
    "   NOT AWS: http://127.0.0.1:5000 answers instead and gets placeholder keys. ",
    "",
  ]);
});

test("a failure begins with its root cause and ends with what to do", () => {
  const failure = (logicalId: string, reason: string) => ({
    logicalId,
    type: "AWS::Lambda::Function",
    status: "CREATE_FAILED",
    reason,
  });
  const lines = logAt(false).fact({
    type: "stack.failed",
    stackName: "chat",
    status: "ROLLBACK_COMPLETE",
    diagnosis: { cause: failure("A", "first"), others: [failure("B", "second")], hint: "Do this." },
  });

  expect(lines).toEqual([
    "    0.0s  ✗ Stack chat ended as ROLLBACK_COMPLETE",
    "          A (AWS::Lambda::Function): first",
    "          also B (AWS::Lambda::Function): second",
    "          Do this.",
  ]);
});

test("numbers of one and of many have their words, and a stack without outputs no list of them", () => {
  const { fact } = logAt(false);
  const settled = {
    type: "stack.settled",
    stackName: "chat",
    stackId: "id",
    createdAt: 0,
  } as const;

  expect([
    ...fact({ type: "objects.removed", bucket: "b", count: 1 }),
    ...fact({ type: "uploads.removed", bucket: "b", keys: ["k", "l"] }),
    ...fact({ type: "template.made", resources: 1, bytes: 1 }),
    ...fact({ ...settled, status: "CREATE_COMPLETE", outputs: [] }),
  ]).toEqual([
    "    0.0s  ✓ Removed 1 object from s3://b",
    "    0.0s  ↶ Removed what was uploaded: 2 objects",
    "    0.0s  ✓ Template: 1 resource, 1 B",
    "    0.0s  ✓ Stack chat is CREATE_COMPLETE made 1970-01-01T00:00:00.000Z id",
  ]);
});

test("a change set tells what is added, changed and replaced", () => {
  const change = (logicalId: string, effect: "add" | "change" | "replace", details: string[]) => ({
    logicalId,
    type: "AWS::X::Y",
    effect,
    details,
  });
  const lines = logAt(false).fact({
    type: "changeSet.created",
    name: "wsgw-1",
    stackId: "s",
    changes: [
      change("A", "replace", ["KeySchema"]),
      change("B", "add", []),
      change("C", "change", ["Code"]),
    ],
  });

  expect(lines.slice(1)).toEqual([
    "          ± A  AWS::X::Y  REPLACED: KeySchema",
    "          + B  AWS::X::Y  added",
    "          ~ C  AWS::X::Y  changed: Code",
  ]);
});
