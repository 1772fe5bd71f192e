import { expect, test } from "vitest";
import { describeAsJson, descriptionOf } from "../../src/describe/describe.ts";
import { describeAsHtml } from "../../src/describe/html.ts";
import { describeAsMermaid } from "../../src/describe/mermaid.ts";
import { describeAsText } from "../../src/describe/text.ts";
import { direct, twoApis } from "../definition/definitions.ts";
import { projectOf, rich, sample } from "../deploy/apis.ts";

test("shows what the role of a template's function allows, and what of it is not known", () => {
  const statement = { Effect: "Deny", NotAction: "s3:*", Resource: ["a", "b"] };
  const permissions = {
    policies: { own: { Statement: statement } },
    managedPolicies: ["arn:aws:iam::aws:policy/X"],
    unknown: "it has a boundary",
  };
  const { connect, ...others } = sample.functions;
  const functions = { ...others, connect: { handler: "unused.connect", ...connect, permissions } };
  const description = descriptionOf(projectOf({ ...sample, functions }));
  for (const text of [describeAsText(description), describeAsHtml(description)]) {
    expect(text).toMatch(/everything but (<code>)?s3:\*(<\/code>)? on a, b/);
    expect(text).toMatch(/what (<code>)?arn:aws:iam::aws:policy\/X(<\/code>)? allows/);
    expect(text).toContain("not known whole: it has a boundary");
  }
});

test("describes the sample for a terminal", () => {
  expect(describeAsText(descriptionOf(projectOf(sample)))).toBe(
    `chat: Sends every message to everybody who is connected

  URL       wss://{apiId}.execute-api.{region}.amazonaws.com/v1
  Stage     v1
  Route by  $request.body.message

Routes
  $connect     -> connect      waits 29 s
  $disconnect  -> disconnect   waits 29 s
  sendmessage  -> sendmessage  waits 29 s

Functions
  connect
    src/handlers/connect.handler, nodejs24.x, 128 MB, 3 s
    sees    CONNECTIONS_TABLE
    may     logs:CreateLogStream, logs:PutLogEvents on its own log group
    may     execute-api:ManageConnections on connections of the stage v1
    may     dynamodb: read and write items on the table connections
  disconnect
    src/handlers/disconnect.handler, nodejs24.x, 128 MB, 3 s
    sees    CONNECTIONS_TABLE
    may     logs:CreateLogStream, logs:PutLogEvents on its own log group
    may     execute-api:ManageConnections on connections of the stage v1
    may     dynamodb: read and write items on the table connections
  sendmessage
    src/handlers/sendmessage.handler, nodejs24.x, 128 MB, 29 s
    sees    CONNECTIONS_TABLE
    may     logs:CreateLogStream, logs:PutLogEvents on its own log group
    may     execute-api:ManageConnections on connections of the stage v1
    may     dynamodb: read and write items on the table connections

Tables
  connections
    key connectionID (S); 5 read and 5 write units; deleted with the stack
    used by connect, disconnect, sendmessage as CONNECTIONS_TABLE
`,
  );
});

test("describes everything in a rich definition, in every form", () => {
  const description = descriptionOf(projectOf(rich));
  const all = [
    describeAsText(description),
    JSON.stringify(description),
    describeAsHtml(description),
  ];

  for (const text of all) {
    for (const word of [
      "chat.example.com/v2",
      "room/join me",
      "send-all",
      "bySender",
      "s3:GetObject",
      "chat-worker@x",
      "sentAt (N)",
      "who",
      "route.request.querystring.token",
      "partner-1",
      "1000",
      "100.5",
    ]) {
      expect(text).toContain(word);
    }
    expect(text).toMatch(/"MONTH"|1000 handshakes a month/);
  }
});

test("the page names the column of each cell for narrow screens, where rows are blocks", () => {
  const page = describeAsHtml(descriptionOf(projectOf(sample)));

  expect(page).toContain("@media (max-width: 40rem)");
  expect(page).toContain('<tr class="heads"><th>Route</th><th>Function</th>');
  expect(page).toContain('<td><code>$connect</code></td><td data-head="Function">connect</td>');
  expect(page).toContain('<table class="pairs">\n<tr><td>URL</td><td><code>wss://');
});

test("says of $connect that clients sign for it", () => {
  const { $connect, ...routes } = sample.routes;
  const connect = { function: "connect", ...$connect, authorizer: "AWS_IAM" };
  const description = descriptionOf(
    projectOf({ ...sample, routes: { ...routes, $connect: connect } }),
  );

  expect(describeAsText(description)).toMatch(
    /\$connect +-> connect +waits 29 s, takes signed handshakes \(AWS_IAM\)\n/,
  );
  expect(JSON.parse(describeAsJson(description)).routes[0]).toMatchObject({
    routeKey: "$connect",
    authorizationType: "AWS_IAM",
  });
  expect(describeAsHtml(description)).toContain('<td data-head="Authorizer">AWS_IAM</td>');
});

test("5, 6: shows keys with the values that they have here, plans, limits and what needs a key", () => {
  const description = descriptionOf(projectOf(rich), undefined, "/project");
  const text = describeAsText(description);
  const value = description.apiKeys?.find(({ name }) => name === "web")?.localValue ?? "";

  expect(value).toMatch(/^[A-Za-z0-9]{40}$/);
  expect(text).toContain(`
    Limits    the stage: 100.5 requests a second, bursts of 50
    Limits    room/join me: bursts of 5
`);
  expect(text).toMatch(/\$connect .*, needs an API key\n/);
  expect(text).toContain(`
API keys
  partner-1  its value is in the definition; not enabled
  web        ${value} on this machine; Pages

Usage plans
  bare  keys none; stages live-1
  free  keys web, partner-1; stages live-1; 10 requests a second, bursts of 2; 1000 handshakes a month
`);
  expect(describeAsMermaid(description)).toContain("$connect<br/><small>one-way, needs an API key");
  const page = describeAsHtml(description);
  expect(page).toContain(value);
  expect(page).toContain("the stage: 100.5 requests a second, bursts of 50");
  expect(JSON.parse(describeAsJson(description))).toMatchObject({
    stage: { throttle: { rateLimit: 100.5 } },
    apiKeys: [
      { name: "partner-1", enabled: false },
      { name: "web", localValue: value },
    ],
    usagePlans: [{ name: "bare" }, { name: "free", quota: { limit: 1000, period: "MONTH" } }],
  });
});

test("URLs are those of the definition's region", () => {
  const urls = (region: string) =>
    descriptionOf(projectOf({ ...twoApis, region })).apis.map(({ stages }) => stages[0]?.url);

  expect(urls("cn-north-1")).toEqual([
    "wss://{apiId}.execute-api.cn-north-1.amazonaws.com.cn/v1",
    "wss://{apiId}.execute-api.cn-north-1.amazonaws.com.cn/live",
  ]);
});

test("names what role statements refer to", () => {
  const { connect } = sample.functions;
  const statement = { Effect: "Allow", Action: "s3:GetObject" } as const;
  const roleStatements = [
    { ...statement, Resource: { ref: "table.connections.arn" } },
    { ...statement, Resource: ["*", { join: [{ ref: "function.disconnect.arn" }, ":live"] }] },
  ];

  const text = describeAsText(
    descriptionOf(
      projectOf({
        ...sample,
        functions: { ...sample.functions, connect: { ...connect!, roleStatements } },
      }),
    ),
  );

  expect(text).toContain("may     s3:GetObject on {table.connections.arn}\n");
  expect(text).toContain('may     s3:GetObject on ["*","{function.disconnect.arn}:live"]\n');
});

test("tells what cannot be deployed", () => {
  const functions = {
    ...sample.functions,
    connect: { handler: "a.b", runtime: "nodejs20.x" },
  } as const;
  const description = descriptionOf(projectOf({ ...sample, functions }));

  for (const text of [describeAsText(description), describeAsHtml(description)]) {
    expect(text).toContain("Cannot be deployed");
    expect(text).toContain("Lambda rejects new functions with nodejs20.x");
  }
});

test("draws a flow chart from clients to tables", () => {
  expect(describeAsMermaid(descriptionOf(projectOf(sample)))).toBe(`flowchart LR
  client(["clients<br/><small>v1</small>"])
  route0{{"$connect<br/><small>one-way</small>"}}
  route1{{"$disconnect<br/><small>one-way</small>"}}
  route2{{"sendmessage<br/><small>one-way</small>"}}
  function0["connect<br/><small>nodejs24.x, 128 MB, 3 s</small>"]
  function1["disconnect<br/><small>nodejs24.x, 128 MB, 3 s</small>"]
  function2["sendmessage<br/><small>nodejs24.x, 128 MB, 29 s</small>"]
  table0[("connections<br/><small>connectionID (S), 5 read and 5 write units</small>")]
  client --> route0
  client --> route1
  client --> route2
  route0 --> function0
  route1 --> function1
  route2 --> function2
  function0 --> table0
  function1 --> table0
  function2 --> table0
`);
});

test("the page loads nothing and lets no name become markup", () => {
  const page = describeAsHtml(
    descriptionOf(
      projectOf({
        ...sample,
        description: "<script>alert(1)</script>",
        routes: { ...sample.routes, '"><img src=x>': { function: "connect" } },
      }),
    ),
  );

  expect(page).not.toMatch(/<script|<img|<link|src=["']|https?:\/\//);
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(page.match(/<g class="box/g)).toHaveLength(1 + 4 + 3 + 1);
  expect(page.match(/class="edge"/g)).toHaveLength(4 + 4 + 3);
});

test("boxes of the drawing do not overlap", () => {
  const page = describeAsHtml(descriptionOf(projectOf(rich)));
  const places = [...page.matchAll(/translate\(([\d.]+) ([\d.]+)\)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);

  for (const [at, [x = 0, y = 0]] of places.entries()) {
    for (const [otherX = 0, otherY = 0] of places.slice(at + 1)) {
      expect(x !== otherX || Math.abs(y - otherY) >= 52).toBe(true);
    }
  }
});

test("describes every API with its stages and routes for a terminal", () => {
  const text = describeAsText(descriptionOf(projectOf(twoApis)));

  expect(text.slice(0, text.indexOf("\nFunctions"))).toBe(`shop

API chat
  URL       wss://{apiId}.execute-api.eu-west-1.amazonaws.com/v1
  Stage     v1
    level   debug
  URL       wss://{apiId}.execute-api.eu-west-1.amazonaws.com/v2
  Stage     v2
  Route by  $request.body.action

Routes of chat
  $connect  -> open  waits 29 s
  talk      -> talk  waits 29 s, sends the answer back

API orders: Orders as they come
  URL         wss://{apiId}.execute-api.eu-west-1.amazonaws.com/live
  Own domain  wss://orders.example.com
  Stage       live
    chat      {api.chat.id}
  Route by    $request.body.type

Routes of orders
  $connect  -> open  waits 29 s
  $default  -> talk  waits 0.1 s
`);
  expect(text).toContain("may     execute-api:ManageConnections on connections of the API orders");
});

test("draws clients of each API, and the functions and tables that they share once", () => {
  const chart = describeAsMermaid(descriptionOf(projectOf(twoApis)));

  expect(chart.match(/client\d\(\[".*/g)).toEqual([
    'client0(["clients of chat<br/><small>v1, v2</small>"])',
    'client1(["clients of orders<br/><small>live</small>"])',
  ]);
  expect(chart.match(/ +client.*>.*route\d/g)).toEqual([
    "  client0 --> route0",
    "  client0 <--> route1",
    "  client1 --> route2",
    "  client1 --> route3",
  ]);
  expect(chart.match(/ (function|table)\d[[(]/g)).toHaveLength(3);
});

test("JSON has the fields of one API with one stage in the project itself, and several in apis", () => {
  const one = JSON.parse(describeAsJson(descriptionOf(projectOf(sample))));
  const several = JSON.parse(describeAsJson(descriptionOf(projectOf(twoApis))));

  expect(Object.keys(one)).toEqual([
    "name",
    "description",
    "routeSelectionExpression",
    "stage",
    "url",
    "routes",
    "functions",
    "tables",
    "undeployable",
  ]);
  expect(one.stage).toEqual({ name: "v1", variables: {} });
  expect(several).toMatchObject({
    name: "shop",
    apis: [
      { name: "chat", stages: [{ name: "v1", variables: { level: "debug" } }, { name: "v2" }] },
      { name: "orders", stages: [{ name: "live" }] },
    ],
    functions: [{ routes: ["chat $connect", "orders $connect"] }, { name: "talk" }],
  });
  expect(several).not.toHaveProperty("stage");
});

test("the page of several APIs has a part for each, and boxes that do not overlap", () => {
  const page = describeAsHtml(descriptionOf(projectOf(twoApis)));

  expect(page.match(/<h2>[^<]*/g)).toEqual([
    "<h2>API chat",
    "<h2>Routes of chat",
    "<h2>API orders",
    "<h2>Routes of orders",
    "<h2>Functions",
    "<h2>Tables",
  ]);
  expect(page.match(/<g class="box client"/g)).toHaveLength(2);
  const places = [...page.matchAll(/translate\([\d. ]+\)/g)].map(([place]) => place);
  expect(new Set(places).size).toBe(places.length);
});

const TEMPLATE = {
  kind: "cloudformation",
  remarks: [],
  triggers: [
    { kind: "schedule", from: "Nightly", function: "connect", schedule: "rate(1 day)" },
    { kind: "stream", from: "Rooms", function: "connect", filters: ['{"a":[1]}', '{"a":[2]}'] },
  ],
  httpApis: [
    { name: "Web", functions: ["connect"], routes: [{ route: "GET /a", function: "connect" }] },
    { name: "Elsewhere", functions: ["connect"] },
  ],
  tables: [{ table: "Rooms", timeToLive: "until", stream: "NEW_IMAGE" }],
  directories: {
    "../cache/code": "the inline code at template.yaml:3:5",
    "../cache/layer": "Common (layer.zip)",
  },
  notServed: [],
  unserved: [],
} as const;

test("says of a template what is not delivered, with schedules, filters and paths", () => {
  const description = descriptionOf(projectOf(sample), TEMPLATE);

  expect(describeAsText(description)).toContain(`
Triggers, not delivered locally yet
  schedule Nightly, rate(1 day) -> connect
  stream Rooms, events like {"a":[1]} or {"a":[2]} -> connect

HTTP APIs, not served locally yet
  Web: GET /a -> connect
  Elsewhere -> connect

Of tables, not served locally yet
  expiry of items of Rooms by until
  stream of Rooms (NEW_IMAGE)
`);
  expect(describeAsHtml(description)).toContain("Web: GET /a -&gt; connect");
});

test("names code of the template and layers by what the author wrote, not by the cache", () => {
  const { connect, ...others } = sample.functions;
  const code = { handler: "index.handler", root: "../cache/code", layers: ["../cache/layer"] };
  const functions = { ...others, connect: { ...connect, ...code } };

  const description = descriptionOf(projectOf({ ...sample, functions }), TEMPLATE);

  for (const text of [describeAsText(description), describeAsHtml(description)]) {
    expect(text).toContain("index.handler in the inline code at template.yaml:3:5");
    expect(text).toContain("Common (layer.zip)");
    expect(text).not.toContain("cache");
  }
});

test("says why no function answers a route", () => {
  const none = (because?: string) =>
    ({ integration: { type: "none", ...(because !== undefined && { because }) } }) as const;
  const description = descriptionOf(
    projectOf({
      name: "quiet",
      apis: {
        quiet: {
          routeSelectionExpression: "$request.body.action",
          stages: { dev: {} },
          routes: { $connect: none(), mock: none("wsgw emulates no MOCK yet"), silent: none() },
        },
      },
      functions: {},
    }),
  );

  expect(describeAsText(description)).toContain(`
  $connect  -> nothing  has no integration, so nothing runs
  mock      -> nothing  wsgw emulates no MOCK yet
  silent    -> nothing  has no integration, so messages get "Internal server error"
`);
  expect(describeAsHtml(description)).toContain("nothing: wsgw emulates no MOCK yet");
});

test("says of keys of a template that their values are in it, and what of a role only AWS knows", () => {
  const unknown = '{{No stack on this machine exports "jobs"}}';
  const statement = { Effect: "Allow", Action: "sqs:SendMessage", Resource: unknown };
  const permissions = { policies: { own: { Statement: [statement] } } };
  const connect = { handler: "connect.handler", permissions };
  const text = describeAsText(
    descriptionOf(
      projectOf({
        ...sample,
        functions: { ...sample.functions, connect },
        apiKeys: { web: { value: "web-0123456789-0123456789" } },
        usagePlans: { free: { apiKeys: ["web"], quota: { limit: 5, period: "DAY" } } },
      }),
      TEMPLATE,
    ),
  );

  expect(text).toContain("  web  its value is in the template\n");
  expect(text).toContain("; 5 handshakes a day\n");
  expect(text).toContain("    may     sqs:SendMessage on {a value that only AWS knows}\n");
});

test("names what a route calls instead of a function", () => {
  const described = descriptionOf(projectOf(direct));

  const text = describeAsText(described);
  expect(text).toContain("-> dynamodb PutItem");
  expect(text).toMatch(/ping +-> mock/);
  expect(text).toContain("-> sqs path/123456789012/orders");
  expect(text).toContain("-> POST https://backend.example.com");
  expect(describeAsMermaid(described)).toContain('"mock<br/>');
  expect(describeAsHtml(described)).toContain("dynamodb PutItem");
});

test("15 (7): names each mapping of a custom domain with its stage, and a host that is disabled", () => {
  const { chat, orders } = twoApis.apis;
  const description = descriptionOf(
    projectOf({
      ...twoApis,
      apis: {
        chat,
        orders: {
          ...orders,
          stages: { live: {}, test: {} },
          customDomain: { name: "ws.example.com", mappings: { "": "live", next: "test" } },
          disableExecuteApiEndpoint: true,
        },
      },
    }),
  );

  for (const text of [describeAsText(description), describeAsHtml(description)]) {
    expect(text).toContain("wss://ws.example.com (live)");
    expect(text).toContain("wss://ws.example.com/next (test)");
    expect(text).toContain("disabled");
  }
  expect(JSON.parse(describeAsJson(description)).apis).toMatchObject([
    {},
    {
      customDomainUrl: "wss://ws.example.com",
      customDomainUrls: { "wss://ws.example.com": "live", "wss://ws.example.com/next": "test" },
      disableExecuteApiEndpoint: true,
    },
  ]);
});
