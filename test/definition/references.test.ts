import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { ref } from "../../src/definition/project.ts";
import { resolved, resolveValue } from "../../src/definition/references.ts";
import { resolveReferences } from "../../src/definition/resolve.ts";
import { chat, twoApis } from "./definitions.ts";

const check = (definition: unknown) =>
  checkProject(definition, "here", { parseExpression: () => ({ kind: "ok" }) }).project;

const meanings = {
  region: "eu-west-1",
  accountId: "123456789012",
  idOf: ({ key }: { readonly key: string }) => `id-of-${key}`,
  hostOf: ({ key }: { readonly key: string }) => `${key}.example.com`,
};

const withEnvironment = (environment: object) => ({
  ...chat,
  functions: { ...chat.functions, send: { ...chat.functions.send, environment } },
});

test("references are strings where they are resolved, and plain strings stay as they are", () => {
  const { functions, apis } = resolveReferences(check(twoApis), meanings);

  expect(functions.talk?.environment).toEqual({
    CHAT: "https://chat.example.com/v1",
    ORDERS: "wss://orders.example.com/live",
    ROOMS: "arn is arn:aws:dynamodb:eu-west-1:123456789012:table/shop-rooms",
    PLAIN: "${api.chat.url}",
    TABLE: "shop-rooms",
  });
  expect(apis.orders?.stages.live?.variables).toEqual({ chat: "id-of-chat" });
});

test("each reference has its meaning", () => {
  const names = [
    "api.chat.id",
    "api.chat.url",
    "api.chat.callbackUrl",
    "api.chat.stage",
    "table.rooms.name",
    "table.rooms.arn",
    "function.connect.name",
    "function.connect.arn",
    "region",
    "accountId",
  ] as const;
  const project = check({
    ...withEnvironment(Object.fromEntries(names.map((name, i) => [`V${i}`, ref(name)]))),
    tables: { rooms: { partitionKey: { name: "id", type: "S" } } },
    deploy: { tags: { region: ref("region") } },
  });
  const { functions, deploy } = resolveReferences(project, meanings);

  expect(Object.values(functions.send?.environment ?? {})).toEqual([
    "id-of-chat",
    "wss://chat.example.com/v1",
    "https://chat.example.com/v1",
    "v1",
    "chat-rooms",
    "arn:aws:dynamodb:eu-west-1:123456789012:table/chat-rooms",
    "connect",
    "arn:aws:lambda:eu-west-1:123456789012:function:connect",
    "eu-west-1",
    "123456789012",
  ]);
  expect(deploy.tags).toEqual({ region: "eu-west-1" });
});

test("ARNs begin with the partition of the region", () => {
  const project = check(
    withEnvironment({ ONE: ref("function.connect.arn"), TWO: ref("function.connect.name") }),
  );
  const { functions } = resolveReferences(project, { ...meanings, region: "cn-north-1" });

  expect(functions.send?.environment).toEqual({
    ONE: "arn:aws-cn:lambda:cn-north-1:123456789012:function:connect",
    TWO: "connect",
  });
});

test("a join is the string of its parts, joins among them", () => {
  const value = { join: ["a ", ref("region"), { join: [" b", ref("accountId")] }] };

  expect(resolveValue(value, (name) => `<${name}>`)).toBe("a <region> b<accountId>");
  expect(() => resolved({ VALUE: value })).toThrow("The reference region is not resolved.");
});

test.each([
  [
    { ref: "api.chta.id" },
    'ref: "api.chta.id" does not exist in this project. Did you mean "api.chat.id"?',
  ],
  [{ ref: "api.chat.name" }, "VALUE.ref: "],
  [
    { ref: "queue.jobs" },
    '"queue.jobs" does not exist in this project. It has api.chat.id, api.chat.url, ',
  ],
  [{ join: ["a", { ref: "table.rooms.arn" }] }, "VALUE.join[1].ref: "],
  [
    { ref: 5 },
    'VALUE.ref: 5 is not a string. Write the name of a resource, such as "api.chat.url".',
  ],
  [{ join: "a" }, 'VALUE.join: "a" is not an array. Put it in [ ].'],
  [{ join: [5] }, "VALUE.join[0]: 5 is not a text."],
  [{ ref: "region", or: "us-east-1" }, 'VALUE.or: "or" is not a field of a reference'],
  [
    { reff: "region" },
    'VALUE: {"reff":"region"} is not a string or a reference. Did you mean "ref"?',
  ],
  [
    { rfe: "region" },
    'VALUE: {"rfe":"region"} is not a string or a reference. Did you mean "ref"?',
  ],
  [
    { Ref: "AWS::Region" },
    '{"Ref":"AWS::Region"} is not a string or a reference. Did you mean "ref"?',
  ],
  [{ jion: ["a"] }, 'VALUE: {"jion":["a"]} is not a string or a reference. Did you mean "join"?'],
  [
    { join: ["a", { rfe: "region" }] },
    'VALUE.join[1]: {"rfe":"region"} is not a string or a reference. Did you mean "ref"?',
  ],
  [
    { region: "here" },
    "is not a string, which is all that environment variables can contain. Use JSON.stringify.",
  ],
  [
    { reff: "region", port: 1 },
    "is not a string, which is all that environment variables can contain. Use JSON.stringify.",
  ],
])("rejects the value %j", (value, fault) => {
  const place = "here: functions.send.environment.";

  expect(() => check(withEnvironment({ VALUE: value }))).toThrow(place);
  expect(() => check(withEnvironment({ VALUE: value }))).toThrow(fault);
});

test("stage variables and tags may refer to what the project has, and to nothing else", () => {
  const stage = { name: "v1", variables: { other: ref("function.sned.arn") } };

  expect(() => check({ ...chat, stage })).toThrow(
    'stage.variables.other.ref: "function.sned.arn" does not exist in this project. Did you mean "function.send.arn"?',
  );
  expect(() => check({ ...chat, deploy: { tags: { a: { rfe: "region" } } } })).toThrow(
    'deploy.tags.a: {"rfe":"region"} is not a string or a reference. Did you mean "ref"?',
  );
  expect(() => check({ ...chat, deploy: { tags: { a: ref("table.x.name") } } })).toThrow(
    'deploy.tags.a.ref: "table.x.name" does not exist in this project',
  );
});

const allowing = (more: object) => [{ Effect: "Allow", Action: "s3:GetObject", ...more }];
const withStatements = (roleStatements: object) => ({
  ...chat,
  functions: { ...chat.functions, send: { ...chat.functions.send, roleStatements } },
});

test("references of role statements are strings where they are resolved", () => {
  const project = check(
    withStatements(
      allowing({
        Resource: [ref("function.connect.arn"), { "Fn::Join": ["", ["a", ref("region")]] }],
        Condition: { StringEquals: { "aws:SourceAccount": ref("accountId") } },
      }),
    ),
  );

  expect(resolveReferences(project, meanings).functions.send?.roleStatements).toEqual(
    allowing({
      Resource: [
        "arn:aws:lambda:eu-west-1:123456789012:function:connect",
        { "Fn::Join": ["", ["a", "eu-west-1"]] },
      ],
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    }),
  );
});

test.each([
  [{ Resource: { ref: "function.conect.arn" } }, '.Resource.ref: "function.conect.arn" does not'],
  [{ Resource: ["*", { ref: "table.x.arn" }] }, '.Resource[1].ref: "table.x.arn" does not exist'],
  [
    { Resource: { ref: 5 } },
    '.Resource.ref: 5 is not a string. Write the name of a resource, such as "api.chat.url".',
  ],
  [{ Resource: { join: [{ ref: "table.x.arn" }, "/*"] } }, ".Resource.join[0].ref: "],
  [{ Resource: { join: "a" } }, '.Resource.join: "a" is not an array. Put it in [ ].'],
  [
    { Resource: "*", Condition: { StringEquals: { a: { ref: "account" } } } },
    '.Condition.StringEquals.a.ref: "account" does not exist in this project',
  ],
])("rejects a role statement with %j", (more, fault) => {
  expect(() => check(withStatements(allowing(more)))).toThrow(
    `here: functions.send.roleStatements[0]${fault}`,
  );
});

test("rejects functions with circular references once, with the circle", () => {
  const b = { handler: "b.b", roleStatements: allowing({ Resource: ref("function.c.arn") }) };
  const c = { handler: "c.c", environment: { TO_A: { join: ["-", ref("function.a.arn")] } } };
  const functions = {
    a: {
      handler: "a.a",
      environment: { TO_B: ref("function.b.name"), TO_C: ref("function.c.name") },
    },
    b,
    c,
  };
  const definition = { ...chat, functions, routes: { x: { function: "a" } } };
  const message = (() => {
    try {
      check(definition);
      return "none";
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  })();

  expect(message).toBe(
    'here: functions.a.environment.TO_B.ref: "function.b.name" starts the circular reference a -> b -> c -> a, which CloudFormation rejects. Remove one of these references.',
  );
});

test("functions may refer to others that refer to none of them", () => {
  const environment = { TO_A: ref("function.a.arn"), TO_B: ref("function.b.arn") };
  const a = { handler: "a.a", environment: { TO_B: ref("function.b.arn") } };
  const functions = { c: { handler: "c.c", environment }, a, b: { handler: "b.b" } };

  expect(() => check({ ...chat, functions, routes: { x: { function: "a" } } })).not.toThrow();
});

test("a function that refers to itself is a circle", () => {
  expect(() => check(withEnvironment({ SELF: ref("function.send.name") }))).toThrow(
    'functions.send.environment.SELF.ref: "function.send.name" starts the circular reference send -> send, which CloudFormation rejects. Remove one of these references.',
  );
});

test.each(["accountId", "api.chat.id", "function.send.arn"] as const)(
  "a tag of the stack cannot refer to %s",
  (name) => {
    const tags = { a: { join: ["of ", ref(name)] } };

    expect(() => check({ ...chat, deploy: { tags } })).toThrow(
      `here: deploy.tags.a.join[1].ref: a tag of a stack cannot refer to ${name}. Write the value, or refer to the region.`,
    );
  },
);
