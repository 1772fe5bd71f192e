import { expect, test } from "vitest";
import { type Script, type StubEvent, startStub } from "../cloudformation-stub.ts";
import { deployWith, type TestRun, testRun } from "../runs.ts";
import { smallStack } from "../small-stack.ts";

const ADDED = { action: "Add", logicalId: "Talk", type: "AWS::Lambda::Function" };
const about = (id: string, status: string, reason?: string): StubEvent => ({
  id,
  logicalId: "chat",
  status,
  ...(reason === undefined ? {} : { reason }),
});
const of = (id: string, logicalId: string, status: string, reason?: string): StubEvent => ({
  id,
  logicalId,
  type: "AWS::Lambda::Function",
  status,
  ...(reason === undefined ? {} : { reason }),
});
const CREATION = [
  { status: "CREATE_IN_PROGRESS", events: [about("1", "CREATE_IN_PROGRESS", "User Initiated")] },
  {
    status: "CREATE_IN_PROGRESS",
    events: [of("2", "Talk", "CREATE_IN_PROGRESS"), of("3", "Talk", "CREATE_COMPLETE")],
  },
  { status: "CREATE_COMPLETE", events: [about("4", "CREATE_COMPLETE")] },
];

async function deployed(script: Script, options: Parameters<typeof testRun>[1] = {}) {
  const stub = await startStub(script);
  const run = await testRun(stub.url, options);
  const result = await deployWith(run, { prepare: async () => smallStack() });
  return { stub, run, result };
}

const eventsOf = (run: TestRun) =>
  run.of("stack.event").map(({ event }) => `${event.logicalId} ${event.status}`);

test("creates a stack, telling each event once", async () => {
  const { run, result } = await deployed({ changeSet: { changes: [ADDED] }, execution: CREATION });

  expect(result).toMatchObject({ kind: "deployed", stack: { status: "CREATE_COMPLETE" } });
  expect(eventsOf(run)).toEqual([
    "chat CREATE_IN_PROGRESS",
    "Talk CREATE_IN_PROGRESS",
    "Talk CREATE_COMPLETE",
    "chat CREATE_COMPLETE",
  ]);
  expect(run.of("resources.timed")[0]?.times).toEqual([
    { logicalId: "Talk", type: "AWS::Lambda::Function", durationMs: 1000 },
  ]);
});

test("tells the root cause of a rollback first, without what was only cancelled", async () => {
  const { stub, result } = await deployed({
    changeSet: { changes: [ADDED] },
    execution: [
      {
        status: "CREATE_IN_PROGRESS",
        events: [about("1", "CREATE_IN_PROGRESS", "User Initiated")],
      },
      {
        status: "ROLLBACK_IN_PROGRESS",
        events: [
          of("3", "Late", "CREATE_FAILED", "Quota reached"),
          of("4", "Other", "CREATE_FAILED", "Resource creation cancelled"),
          of("2", "Talk", "CREATE_FAILED", "chat-talk already exists"),
          about("5", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Talk]."),
        ],
      },
      { status: "ROLLBACK_COMPLETE", events: [about("6", "ROLLBACK_COMPLETE")] },
    ],
  });

  expect(result).toMatchObject({
    kind: "failed",
    status: "ROLLBACK_COMPLETE",
    diagnosis: {
      cause: { logicalId: "Talk", reason: "chat-talk already exists" },
      others: [{ logicalId: "Late" }],
      hint: expect.stringContaining("another name"),
    },
  });
  expect([...stub.objects.keys()]).toEqual([]);
});

test("follows what happens in nested stacks to the resource that failed there", async () => {
  const nested = "arn:aws:cloudformation:us-east-1:123456789012:stack/chat-Inner/2";
  const { result } = await deployed({
    changeSet: { changes: [ADDED] },
    execution: [
      {
        status: "CREATE_IN_PROGRESS",
        events: [
          about("1", "CREATE_IN_PROGRESS", "User Initiated"),
          {
            ...of("2", "Inner", "CREATE_IN_PROGRESS"),
            type: "AWS::CloudFormation::Stack",
            physicalId: nested,
          },
          { ...of("3", "Deep", "CREATE_FAILED", "Access denied"), stackId: nested },
        ],
      },
      {
        status: "ROLLBACK_COMPLETE",
        events: [
          {
            ...of("4", "Inner", "CREATE_FAILED", "Embedded stack was not successfully created"),
            type: "AWS::CloudFormation::Stack",
            physicalId: nested,
          },
          about("5", "ROLLBACK_COMPLETE"),
        ],
      },
    ],
  });

  expect(result).toMatchObject({ diagnosis: { cause: { logicalId: "Deep" }, others: [] } });
});

test.each([
  ["a change set that failed", { changeSet: { status: "FAILED", reason: NOTHING() } }],
  [
    "a refused change set",
    { reject: { CreateChangeSet: ["ValidationError", NO_UPDATES()] as const } },
  ],
])("takes %s for a stack with nothing to change", async (_, script) => {
  const { run, result } = await deployed({ stack: { status: "UPDATE_COMPLETE" }, ...script });

  expect(result.kind).toBe("unchanged");
  expect(run.of("changeSet.empty")).toHaveLength(1);
});

function NOTHING() {
  return "The submitted information didn't contain changes. Submit different information to create a change set.";
}
function NO_UPDATES() {
  return "No updates are to be performed.";
}

test("removes a change set that CloudFormation rejects, and the empty stack with it", async () => {
  const { stub, result } = await deployed({
    changeSet: { status: "FAILED", reason: "Template error" },
  });

  expect(result).toMatchObject({
    kind: "failed",
    diagnosis: { cause: { reason: "Template error" } },
  });
  expect(stub.actions()).toEqual(expect.arrayContaining(["DeleteChangeSet", "DeleteStack"]));
  expect(stub.actions()).not.toContain("ExecuteChangeSet");
});

test("waits ever longer while AWS throttles, and goes on", async () => {
  const { run, result } = await deployed({
    changeSet: { changes: [ADDED] },
    execution: CREATION,
    throttle: { DescribeStackEvents: 3, CreateChangeSet: 1 },
  });

  expect(result.kind).toBe("deployed");
  const delays = run.of("call.throttled").map(({ operation }) => operation);
  expect(delays).toEqual(["CreateChangeSet", ...Array(3).fill("DescribeStackEvents")]);
});

test("attaches to an operation that runs, tells its events only, then goes on", async () => {
  const { stub, run, result } = await deployed({
    stack: { status: "UPDATE_IN_PROGRESS" },
    events: [
      about("1", "UPDATE_COMPLETE"),
      about("2", "UPDATE_IN_PROGRESS", "User Initiated"),
      of("3", "Talk", "UPDATE_IN_PROGRESS"),
    ],
    attached: [
      { status: "UPDATE_IN_PROGRESS" },
      { status: "UPDATE_IN_PROGRESS" },
      { status: "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" },
      { status: "UPDATE_COMPLETE", events: [about("4", "UPDATE_COMPLETE")] },
    ],
    changeSet: { changes: [{ ...ADDED, action: "Modify" }] },
    execution: [{ status: "UPDATE_COMPLETE", events: [about("6", "UPDATE_COMPLETE")] }],
  });

  expect(result.kind).toBe("deployed");
  expect(run.of("stack.attached")).toMatchObject([{ status: "UPDATE_IN_PROGRESS" }]);
  expect(eventsOf(run)).toEqual([
    "chat UPDATE_IN_PROGRESS",
    "Talk UPDATE_IN_PROGRESS",
    "chat UPDATE_COMPLETE",
    "chat UPDATE_COMPLETE",
  ]);
  const { parameters } = stub.calls.find(({ action }) => action === "CreateChangeSet") ?? {};
  expect(parameters?.get("ChangeSetType")).toBe("UPDATE");
});

test("replaces a stack whose creation had failed, telling why it had", async () => {
  const { stub, run, result } = await deployed({
    stack: { status: "ROLLBACK_COMPLETE" },
    events: [of("1", "Talk", "CREATE_FAILED", "too late"), about("2", "ROLLBACK_COMPLETE")],
    deletion: [
      {
        status: "DELETE_IN_PROGRESS",
        events: [about("3", "DELETE_IN_PROGRESS", "User Initiated")],
      },
      { status: "DELETE_COMPLETE", events: [about("4", "DELETE_COMPLETE")] },
    ],
    changeSet: { changes: [ADDED] },
    execution: [{ status: "CREATE_COMPLETE", events: [about("6", "CREATE_COMPLETE")] }],
  });

  expect(result.kind).toBe("deployed");
  expect(run.of("stack.replaced")).toMatchObject([
    { diagnosis: { cause: { reason: "too late" } } },
  ]);
  const { parameters } = stub.calls.find(({ action }) => action === "CreateChangeSet") ?? {};
  expect(parameters?.get("ChangeSetType")).toBe("CREATE");
});

test("stops before building at a stack whose rollback failed, and says how to go on", async () => {
  await expect(
    deployed({ stack: { status: "UPDATE_ROLLBACK_FAILED", reason: "a role is gone" } }),
  ).rejects.toMatchObject({
    code: "STACK_STUCK",
    message: expect.stringMatching(
      /a role is gone\.\n.*continue-update-rollback --stack-name chat/,
    ),
  });
});

test("a stack with nothing but an unused change set is created", async () => {
  const { stub } = await deployed({
    stack: { status: "REVIEW_IN_PROGRESS" },
    changeSet: { changes: [ADDED] },
    execution: CREATION,
  });

  const { parameters } = stub.calls.find(({ action }) => action === "CreateChangeSet") ?? {};
  expect(parameters?.get("ChangeSetType")).toBe("CREATE");
});

test("asks before a table is replaced, and changes nothing after a no", async () => {
  const script = {
    stack: { status: "CREATE_COMPLETE" },
    changeSet: {
      changes: [
        {
          action: "Modify",
          logicalId: "Connections",
          type: "AWS::DynamoDB::Table",
          replacement: "True",
          properties: ["KeySchema"],
        },
      ],
    },
  };
  const { stub, run, result } = await deployed(script, { answer: false });

  expect(result).toMatchObject({ kind: "declined" });
  expect(run.questions).toMatchObject([
    { kind: "lose-data", changes: [{ logicalId: "Connections", effect: "replace" }] },
  ]);
  expect(stub.actions()).not.toContain("ExecuteChangeSet");
  expect(stub.actions()).toContain("DeleteChangeSet");
  expect(stub.objects.size).toBe(0);
});

test("Ctrl-C while CloudFormation works ends the watching and keeps the code in place", async () => {
  const { stub, result } = await deployed(
    { changeSet: { changes: [ADDED] }, execution: CREATION },
    { onFact: (fact, run) => fact.type === "stack.event" && run.interrupt() },
  );

  expect(result).toEqual({ kind: "interrupted", stackName: "chat", running: "create" });
  expect(stub.objects.size).toBe(2);
});

test("a status from before the operation does not count as its end", async () => {
  const { result } = await deployed({
    stack: { status: "UPDATE_COMPLETE" },
    changeSet: { changes: [ADDED] },
    execution: [
      { status: "UPDATE_COMPLETE" },
      {
        status: "UPDATE_IN_PROGRESS",
        events: [about("1", "UPDATE_IN_PROGRESS", "User Initiated")],
      },
      {
        status: "UPDATE_ROLLBACK_COMPLETE",
        events: [
          of("2", "Talk", "CREATE_FAILED", "no room"),
          about("3", "UPDATE_ROLLBACK_COMPLETE"),
        ],
      },
    ],
  });

  expect(result).toMatchObject({ kind: "failed", status: "UPDATE_ROLLBACK_COMPLETE" });
});

test("code that a failed rollback may still need stays in the bucket", async () => {
  const { stub, result } = await deployed({
    stack: { status: "UPDATE_COMPLETE" },
    changeSet: { changes: [ADDED] },
    execution: [
      {
        status: "UPDATE_ROLLBACK_FAILED",
        events: [of("1", "Talk", "CREATE_FAILED", "no room"), about("2", "UPDATE_ROLLBACK_FAILED")],
      },
    ],
  });

  expect(result).toMatchObject({ kind: "failed", status: "UPDATE_ROLLBACK_FAILED" });
  expect(stub.objects.size).toBe(2);
});

test("does not delete a stack that another change set has started", async () => {
  const { stub } = await deployed(
    { stack: { status: "REVIEW_IN_PROGRESS" }, changeSet: { changes: [ADDED] } },
    { onFact: (fact, run) => fact.type === "changeSet.created" && run.interrupt() },
  );

  expect(stub.actions()).toContain("DeleteChangeSet");
  expect(stub.actions()).not.toContain("DeleteStack");
});

test("its own bucket has to be the account's, for its name is anybody's to take", async () => {
  const asked: unknown[] = [];
  const stub = await startStub({ changeSet: { changes: [ADDED] }, execution: CREATION });
  const run = () =>
    testRun(stub.url, {
      cloud: (cloud) => ({
        ...cloud,
        artifacts: {
          ...cloud.artifacts,
          locate(bucket, owner) {
            asked.push([bucket, owner]);
            return cloud.artifacts.locate(bucket, owner);
          },
        },
      }),
    });
  const prepare = async () => smallStack();

  await deployWith(await run(), { prepare });
  await deployWith(await run(), { prepare, bucket: "mine" });

  expect(asked).toEqual([
    ["wsgw-artifacts-123456789012-us-east-1", "123456789012"],
    ["mine", undefined],
  ]);
});

test("Ctrl-C before that leaves nothing behind", async () => {
  const { stub, result } = await deployed(
    { changeSet: { changes: [ADDED] }, execution: CREATION },
    { onFact: (fact, run) => fact.type === "changeSet.created" && run.interrupt() },
  );

  expect(result).toEqual({ kind: "interrupted", stackName: "chat", running: undefined });
  expect(stub.actions()).not.toContain("ExecuteChangeSet");
  expect(stub.objects.size).toBe(0);
});

test("removes what it had uploaded when one upload fails", async () => {
  const stub = await startStub({ failedUploads: /zip$/ });
  const run = await testRun(stub.url);

  await expect(deployWith(run, { prepare: async () => smallStack() })).rejects.toMatchObject({
    code: "AWS_REFUSED",
    message: expect.stringContaining("S3 rejected PutObject"),
  });
  expect(stub.objects.size).toBe(0);
  expect(run.of("uploads.removed")).toHaveLength(1);
});

test("stops before building when the bucket is in another region", async () => {
  const stub = await startStub({ bucketRegion: "EU" });
  const run = await testRun(stub.url);

  await expect(deployWith(run, { bucket: "mine" })).rejects.toMatchObject({
    code: "BUCKET_UNUSABLE",
    message: expect.stringContaining("mine is in eu-west-1, the stack in us-east-1"),
  });
});

test("requests EXPRESS mode, keeps the tags of the stack and rejects unknown parameters", async () => {
  const stub = await startStub({
    stack: { status: "UPDATE_COMPLETE", tags: true },
    changeSet: { status: "FAILED", reason: NOTHING() },
  });
  const prepare = async () => smallStack();
  await deployWith(await testRun(stub.url), { express: true, tags: { a: "b" }, prepare });

  const { parameters } = stub.calls.find(({ action }) => action === "CreateChangeSet") ?? {};
  expect(parameters?.get("DeploymentConfig.Mode")).toBe("EXPRESS");
  const tags = [1, 2, 3].map((index) => parameters?.get(`Tags.member.${index}.Key`));
  expect(tags).toEqual(["team", "wsgw:buildId", "a"]);
  await expect(
    deployWith(await testRun(stub.url), { parameters: { Nope: "1" }, prepare }),
  ).rejects.toMatchObject({
    message: 'The template has no parameter "Nope". It has ArtifactBucket.',
  });
});

test("a template of the project's own may hold macros, and decides its parameters", async () => {
  const stub = await startStub({ changeSet: { changes: [ADDED] }, execution: CREATION });
  const small = smallStack();
  const body = Buffer.from("{}");
  const files = [{ key: "chat/nested.template.json", body, type: "application/json" }];
  const parameters = { ArtifactBucket: "the-author's" };
  const run = await testRun(stub.url);
  await deployWith(run, { prepare: async () => ({ ...small, own: { files, parameters } }) });

  const call = stub.calls.find(({ action }) => action === "CreateChangeSet")?.parameters;
  const list = (name: string) => [1, 2, 3].map((index) => call?.get(`${name}.${index}`));
  expect(list("Capabilities.member")).toContain("CAPABILITY_AUTO_EXPAND");
  expect(call?.get("Parameters.member.1.ParameterValue")).toBe("the-author's");
  expect([1, 2].map((index) => call?.get(`Tags.member.${index}.Key`))).toEqual([
    "wsgw:buildId",
    "wsgw:bucket",
  ]);
  expect(run.of("upload.ended").map(({ key }) => key)).toContain("chat/nested.template.json");
  expect(run.of("roles.verified")).toEqual([]);
});

test("passes a template that is too large for a call by its URL in the bucket", async () => {
  const stub = await startStub({ changeSet: { changes: [ADDED] }, execution: CREATION });
  const more = { Large: { Type: "AWS::SNS::Topic", Metadata: { Filler: "x".repeat(52_000) } } };
  const run = await testRun(stub.url, { cloud: (cloud) => ({ ...cloud, endpointUrl: undefined }) });

  await deployWith(run, { prepare: async () => smallStack({ more }) });

  const { parameters } = stub.calls.find(({ action }) => action === "CreateChangeSet") ?? {};
  const [key = ""] = [...stub.objects.keys()].filter((name) => name.endsWith(".json"));
  expect(parameters?.get("TemplateBody")).toBeNull();
  expect(parameters?.get("TemplateURL")).toBe(
    `https://wsgw-artifacts-123456789012-us-east-1.s3.us-east-1.amazonaws.com/${key}`,
  );
});

test("gives its own bucket a policy that wants TLS, and finishes a bucket that was left half made", async () => {
  const secured: string[] = [];
  const stub = await startStub({ changeSet: { status: "FAILED", reason: NOTHING() } });
  const run = await testRun(stub.url, {
    cloud: (cloud) => ({
      ...cloud,
      endpointUrl: undefined,
      artifacts: {
        ...cloud.artifacts,
        versioning: async () => "Off",
        secure: async (_bucket, policy) => void secured.push(policy ?? "none"),
      },
    }),
  });

  await deployWith(run, { prepare: async () => smallStack() }).catch(() => {});

  expect(secured).toEqual([expect.stringContaining("aws:SecureTransport")]);
  expect(run.questions).toEqual([]);
});

test("looks for the roles that functions name before anything is built", async () => {
  const stub = await startStub({});
  const run = await testRun(stub.url, {
    cloud: (cloud) => ({
      ...cloud,
      identity: { ...cloud.identity, hasRole: async (name) => name === "there" },
    }),
  });

  await expect(deployWith(run, { namedRoles: ["there", "gone"] })).rejects.toMatchObject({
    code: "ROLE_NOT_FOUND",
    message: 'Account 123456789012 has no role "gone".',
  });
});

test("looks for the role that API Gateway logs with, where the stage logs, before anything is built", async () => {
  const stub = await startStub({});
  const runFor = (role: string | undefined) =>
    testRun(stub.url, {
      cloud: (cloud) => ({
        ...cloud,
        identity: { ...cloud.identity, gatewayLogRole: async () => role },
      }),
    });
  const found = await runFor("arn:aws:iam::123456789012:role/service/gateway-logs");

  await expect(
    deployWith(await runFor(undefined), { logsBy: "deploy.logging is set" }),
  ).rejects.toMatchObject({
    code: "LOG_ROLE_NOT_FOUND",
    message:
      "deploy.logging is set, but API Gateway has no role to write logs with in account 123456789012, region us-east-1.",
  });
  await expect(deployWith(found, { logsBy: "deploy.logging is set" })).rejects.toThrow(
    "nothing to deploy",
  );
  expect(found.of("roles.verified")).toMatchObject([{ named: ["gateway-logs"] }]);
});

test.each([
  ["ExpiredToken", "AWS_CREDENTIALS", "STS rejected the credentials"],
  ["AccessDenied", "AWS_REFUSED", "STS rejected GetCallerIdentity"],
])("reports %s as an error that the user can fix", async (code, ours, message) => {
  const stub = await startStub({ reject: { GetCallerIdentity: [code, "no"] } });

  await expect(deployWith(await testRun(stub.url), {})).rejects.toMatchObject({
    code: ours,
    message: expect.stringContaining(message),
  });
});
