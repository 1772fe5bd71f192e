import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";
import { WsgwError } from "../../src/errors.ts";
import { chat, twoApis } from "./definitions.ts";

const rules = { parseExpression: parseRouteExpression };
const check = (definition: unknown) => checkProject(definition, "wsgw.config.ts", rules);

function faultsOf(definition: unknown): string {
  try {
    check(definition);
    return "none";
  } catch (error) {
    if (error instanceof WsgwError && error.code === "CONFIG_INVALID") return error.message;
    throw error;
  }
}

const { chat: first, orders } = twoApis.apis;
const withApis = (apis: object) => ({ ...twoApis, apis });
const withRoutes = (routes: object) => withApis({ ...twoApis.apis, orders: { ...orders, routes } });

const domain = (mappingKey: string, certificate?: string) => ({
  name: "shop.example.com",
  mappingKey,
  ...(certificate !== undefined && {
    certificateArn: `arn:aws:acm:eu-west-1:123456789012:certificate/${certificate}`,
  }),
});

test("a project has its APIs, stages and routes in the order in which they are written", () => {
  const { project, warnings } = check(twoApis);

  expect(warnings).toEqual([]);
  expect(project).toMatchObject({ name: "shop", region: "eu-west-1", accountId: "210987654321" });
  expect(Object.keys(project.apis)).toEqual(["chat", "orders"]);
  expect(project.apis.chat).toEqual({
    key: "chat",
    name: "shop-chat",
    description: undefined,
    routeSelectionExpression: "$request.body.action",
    apiKeySelectionExpression: "$request.header.x-api-key",
    stages: {
      v1: {
        name: "v1",
        description: undefined,
        variables: { level: "debug" },
        throttle: undefined,
        accessLog: undefined,
      },
      v2: {
        name: "v2",
        description: "Next",
        variables: {},
        throttle: undefined,
        accessLog: undefined,
      },
    },
    routes: {
      $connect: {
        routeKey: "$connect",
        integration: { type: "lambda-proxy", function: "open" },
        operationName: undefined,
        authorizer: undefined,
        apiKeyRequired: false,
        routeResponse: false,
        integrationTimeout: 29_000,
        modelSelectionExpression: undefined,
        requestModels: {},
      },
      talk: expect.objectContaining({ routeResponse: true }),
    },
    customDomain: undefined,
    domainName: "execute-api",
    hosts: [],
    authorizers: {},
    models: {},
    disableSchemaValidation: false,
    identities: {},
  });
  expect(project.apis.orders).toMatchObject({
    name: "shop-order-feed",
    customDomain: { name: "orders.example.com", mappingKey: "" },
    routes: { $connect: { integration: { function: "open" }, operationName: "Open" } },
  });
});

test.each(["eusc-de-east-1", "us-gov-west-1", "cn-north-1", "ap-southeast-10"])(
  "takes the region %s",
  (region) => {
    expect(check({ ...twoApis, region }).project.region).toBe(region);
  },
);

test("functions keep their own code root, and refer to the tables that they use", () => {
  const { functions, tables } = check(twoApis).project;

  expect(functions.open).toMatchObject({ root: "services/open", handler: "open.handler" });
  expect(functions.talk).toMatchObject({ root: ".", handler: "talk.handler" });
  expect(functions.open?.environment).toEqual({ TABLE: { ref: "table.rooms.name" } });
  expect(tables.rooms?.name).toBe("shop-rooms");
});

test("one API with one stage is a project with one API, called by its name", () => {
  const { project } = check(chat);

  expect(Object.keys(project.apis)).toEqual(["chat"]);
  expect(project.apis.chat).toMatchObject({
    key: "chat",
    name: "chat",
    stages: { v1: { name: "v1" } },
    routes: { send: { integration: { type: "lambda-proxy", function: "send" } } },
  });
});

test("reports the faults of all APIs at once", () => {
  expect(
    faultsOf(
      withApis({
        chat: { ...first, routes: { talk: { function: "tlak" } } },
        orders: {
          ...orders,
          routeSelectionExpression: "${",
          stages: { "a b": {} },
          apiKeys: {},
        },
      }),
    ).split("\n"),
  ).toEqual([
    'wsgw.config.ts: apis.orders.apiKeys: "apiKeys" is not a field of an API. Write it next to `apis`.',
    'wsgw.config.ts: apis.orders.stages["a b"]: "a b" cannot name a stage. Use letters, digits, _ and -, 128 characters at most.',
    expect.stringMatching(
      /^wsgw\.config\.ts: apis\.orders\.routeSelectionExpression: "\$\{" is not a valid expression: /,
    ),
    'wsgw.config.ts: apis.chat.routes.talk.function: "tlak" is not the name of a function. Did you mean "talk"?',
  ]);
});

test.each<[string, unknown, string]>([
  ["no APIs", withApis({}), "apis: is empty. Add at least one API."],
  [
    "an API without a stage",
    withApis({ chat: { ...first, stages: {} } }),
    "apis.chat.stages: is empty. Add at least one stage.",
  ],
  [
    "an API without a route",
    withApis({ chat: { ...first, routes: {} } }),
    "apis.chat.routes: is empty. API Gateway does not deploy an API without routes. Add one.",
  ],
  [
    "an API named like a stage of the first",
    withApis({ chat: first, v2: orders }),
    'apis.v2: "v2" is a stage of apis.chat too, so the path /v2 is ambiguous. Rename one of them.',
  ],
  [
    "two APIs of one name on AWS",
    withApis({ chat: first, orders: { ...orders, name: "shop-chat" } }),
    'apis.orders.name: "shop-chat" is the name of apis.chat too. Give each API its own name.',
  ],
  ["an API's name with a blank", withApis({ "my chat": first }), '"my chat" cannot name an API'],
  [
    "a route without an integration",
    withRoutes({ x: {} }),
    "apis.orders.routes.x: has neither `function` nor `integration`. Add one of them.",
  ],
  [
    "a route with both",
    withRoutes({ x: { function: "talk", integration: orders.routes.$connect.integration } }),
    "apis.orders.routes.x.integration: cannot be combined with `function`. Remove one of them.",
  ],
  [
    "an integration of a kind that wsgw lacks",
    withRoutes({ x: { integration: { type: "htp", function: "talk" } } }),
    'apis.orders.routes.x.integration.type: "htp" is not a type of integration (lambda-proxy, lambda, http, http-proxy, aws, mock)',
  ],
  [
    "an integration with an unknown function",
    withRoutes({ x: { integration: { type: "lambda-proxy", function: "opne" } } }),
    'apis.orders.routes.x.integration.function: "opne" is not the name of a function. Did you mean "open"?',
  ],
  [
    "routes beside the APIs",
    { ...twoApis, routes: {} },
    'routes: "routes" is not a field of the project. Write it in one of `apis`.',
  ],
  ["a misspelt region", { ...twoApis, region: "ireland" }, '"ireland" is not a region of AWS'],
  ["an account of 11 digits", { ...twoApis, accountId: "1".repeat(11) }, "12 digits"],
  [
    "two APIs at one URL of a custom domain",
    withApis({ chat: { ...first, customDomain: orders.customDomain }, orders }),
    'apis.orders.customDomain: "orders.example.com" already points to apis.chat. Set another mappingKey.',
  ],
  [
    "two certificates for one custom domain",
    withApis({
      chat: { ...first, customDomain: domain("chat", "a") },
      orders: { ...orders, customDomain: domain("orders", "b") },
    }),
    'apis.orders.customDomain.certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/b" is not the certificate that apis.chat sets for "shop.example.com". Set the same one, or omit it.',
  ],
  [
    "a host of two APIs",
    withApis({
      chat: { ...first, hosts: ["a.example.com", "b.example.com"] },
      orders: { ...orders, hosts: ["c.example.com", "b.example.com"] },
    }),
    'apis.orders.hosts[1]: "b.example.com" already points to apis.chat. Assign each host to one API.',
  ],
  [
    "a host that is another API's custom domain",
    withApis({ chat: { ...first, hosts: ["orders.example.com"] }, orders }),
    'apis.chat.hosts[0]: "orders.example.com" already points to apis.orders. Assign each host to one API.',
  ],
  [
    "the name of this machine for another API than the first",
    withApis({
      chat: { ...first, domainName: "localhost" },
      orders: { ...orders, domainName: "localhost" },
    }),
    'apis.orders.domainName: "localhost" works for the first API only: here https://{domainName}/{stage} means apis.chat. Remove it.',
  ],
  [
    "a code root of this machine only",
    { ...twoApis, functions: { ...twoApis.functions, talk: { handler: "a.b", root: "/a" } } },
    'functions.talk.root: "/a" is not a directory, as a relative path with /, such as "services/chat".',
  ],
])("rejects %s", (_, definition, fault) => {
  expect(faultsOf(definition)).toContain(`wsgw.config.ts: `);
  expect(faultsOf(definition)).toContain(fault);
});

test.each([
  ["the same certificate", domain("chat", "a"), domain("orders", "a")],
  ["a certificate from the one API", domain("chat", "a"), domain("orders")],
  ["no certificate", domain("chat"), domain("orders")],
])("two APIs may share a custom domain with %s", (_, one, other) => {
  expect(
    faultsOf(
      withApis({
        chat: { ...first, customDomain: one, domainName: "localhost", hosts: ["a.example.com"] },
        orders: { ...orders, customDomain: other, hosts: ["b.example.com"] },
      }),
    ),
  ).toBe("none");
});

test("a project may have more functions than one API takes, and each API may have so many routes", () => {
  const names = Array.from({ length: 302 }, (_, i) => `n${i}`);
  const routes = (some: readonly string[]) =>
    Object.fromEntries(some.map((name) => [name, { function: name }]));
  const project = (count: number) => ({
    ...twoApis,
    apis: {
      chat: { ...first, routes: routes(names.slice(0, count)) },
      orders: { ...orders, routes: routes(names.slice(2)) },
    },
    functions: Object.fromEntries(names.map((name) => [name, { handler: "a.b" }])),
  });

  expect(faultsOf(project(300))).toBe("none");
  expect(faultsOf(project(301))).toBe(
    "wsgw.config.ts: apis.chat.routes: 301 routes exceed API Gateway's limit of 300. Split the API.",
  );
});

test("does not warn of functions that other parts refer to", () => {
  const statement = { Effect: "Allow", Action: "lambda:InvokeFunction" };
  const { warnings } = check({
    ...twoApis,
    apis: {
      ...twoApis.apis,
      chat: { ...first, stages: { v1: { variables: { worker: { ref: "function.c.name" } } } } },
    },
    functions: {
      ...twoApis.functions,
      open: { handler: "open.handler", environment: { WORKER: { ref: "function.a.name" } } },
      a: {
        handler: "a.b",
        roleStatements: [{ ...statement, Resource: [{ ref: "function.b.arn" }] }],
      },
      b: { handler: "a.b" },
      c: { handler: "a.b", environment: { ref: "function.unused.name" } },
      unused: { handler: "a.b" },
    },
  });

  expect(warnings).toEqual([
    "wsgw.config.ts: functions.unused: no route uses this function, and nothing refers to it.",
  ]);
});

test("warns of what has no effect in any of the APIs", () => {
  const { warnings } = check({
    ...twoApis,
    apis: {
      ...twoApis.apis,
      chat: { ...first, routes: { $connect: { function: "open", routeResponse: true } } },
    },
    functions: { ...twoApis.functions, unused: { handler: "a.b" } },
  });

  expect(warnings).toEqual([
    "wsgw.config.ts: apis.chat.routes.$connect.routeResponse: $connect has no message to answer. Its route response has no effect.",
    "wsgw.config.ts: functions.unused: no route uses this function, and nothing refers to it.",
  ]);
});
