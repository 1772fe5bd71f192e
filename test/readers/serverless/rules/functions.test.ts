import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { addFunction, addLayer } from "../../../../src/readers/serverless/rules/functions.ts";
import { addDefaultRole } from "../../../../src/readers/serverless/rules/roles.ts";
import type { Service } from "../../../../src/readers/serverless/rules/written.ts";
import { arn, writtenBy } from "./written.ts";

const made = (door: JsonObject, more: Partial<Service> = {}) =>
  writtenBy((written) => addFunction(written, "door", written.service.functions.door ?? {}), {
    door,
    ...more,
  });
const propertiesOf = (door: JsonObject, more: Partial<Service> = {}) =>
  made(door, more).resources.DoorLambdaFunction?.Properties as JsonObject;

const HANDLER = { handler: "src/door.handler" };

test("a function has Serverless's defaults", () => {
  expect(made(HANDLER).resources).toEqual({
    DoorLambdaFunction: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Handler: "src/door.handler",
        Runtime: "nodejs24.x",
        Code: ".",
        FunctionName: "chat-dev-door",
        MemorySize: 1024,
        Timeout: 6,
        Role: arn("IamRoleLambdaExecution"),
      },
    },
  });
});

const SETTINGS = {
  runtime: "nodejs22.x",
  memorySize: 512,
  timeout: 10,
  layers: ["arn:shared"],
  environment: { TABLE: "rooms", GONE: "x" },
};
const OWN = {
  runtime: "nodejs20.x",
  memorySize: 256,
  timeout: 20,
  layers: ["arn:own"],
  environment: { LEVEL: "info", GONE: null },
};

test("a function takes the settings of the provider, and its own before them", () => {
  expect(propertiesOf(HANDLER, { provider: SETTINGS })).toMatchObject({
    Runtime: "nodejs22.x",
    MemorySize: 512,
    Timeout: 10,
    Layers: ["arn:shared"],
    Environment: { Variables: { TABLE: "rooms", GONE: "x" } },
  });
  expect(
    propertiesOf({ ...HANDLER, ...OWN, name: "own", description: "Opens" }, { provider: SETTINGS }),
  ).toEqual({
    Handler: "src/door.handler",
    Runtime: "nodejs20.x",
    Code: ".",
    FunctionName: "own",
    Description: "Opens",
    MemorySize: 256,
    Timeout: 20,
    Environment: { Variables: { TABLE: "rooms", LEVEL: "info" } },
    Role: arn("IamRoleLambdaExecution"),
    Layers: ["arn:own"],
  });
});

test.each([
  ["FunctionName", "name"],
  ["Code", "handler"],
  ["Handler", "handler"],
  ["Description", "description"],
  ["Environment", "environment"],
  ["Layers", "layers"],
  ["MemorySize", "memorySize"],
  ["Role", "role"],
  ["Runtime", "runtime"],
  ["Timeout", "timeout"],
])("the place of %s is that of %s", (property, word) => {
  const door = { ...HANDLER, ...OWN, name: "own", description: "Opens" };

  expect(made(door).pathOf("DoorLambdaFunction", property)).toBe(`functions.door.${word}`);
});

test("an image runs by its URI, or by the name of the function", () => {
  expect(propertiesOf({ image: "1.dkr.ecr/chat@sha256:a" })).toMatchObject({
    PackageType: "Image",
    Code: { ImageUri: "1.dkr.ecr/chat@sha256:a" },
  });
  const { pathOf, resources } = made({ image: { name: "own" } });
  expect(resources.DoorLambdaFunction).toEqual({
    Type: "AWS::Lambda::Function",
    Properties: {
      PackageType: "Image",
      Code: { ImageUri: "door" },
      FunctionName: "chat-dev-door",
      MemorySize: 1024,
      Timeout: 6,
      Role: arn("IamRoleLambdaExecution"),
    },
  });
  expect(pathOf("DoorLambdaFunction", "PackageType")).toBe("functions.door.image");
});

test("a condition of a function is one of its resource", () => {
  expect(made({ ...HANDLER, condition: "IsLive" }).resources.DoorLambdaFunction).toMatchObject({
    Condition: "IsLive",
  });
});

test("a function without handler and image is a fault", () => {
  const { resources, reported } = made({});

  expect(resources).toEqual({});
  expect(reported).toEqual([
    "error functions.door: the function door has neither handler nor image. Add one, such as handler: src/door.handler.",
  ]);
});

const PYTHON = ["serverless-python-requirements"];

test.each<[JsonObject, Partial<Service>, string]>([
  [{ package: { artifact: "own.zip" } }, { package: { artifact: "all.zip" } }, "own.zip"],
  [{}, { package: { artifact: "all.zip" } }, "all.zip"],
  [{ module: "door" }, { plugins: PYTHON }, "door"],
  [{}, { plugins: PYTHON }, "."],
  [{ module: "door" }, {}, "."],
])("the code of %j in %j is %s", (door, more, code) => {
  expect(propertiesOf({ ...HANDLER, ...door }, more).Code).toBe(code);
});

test.each<[JsonObject, JsonObject, Json]>([
  [{ role: "Own" }, { role: "Shared" }, arn("Own")],
  [{ role: "arn:aws:iam::1:role/own" }, {}, "arn:aws:iam::1:role/own"],
  [{ role: { Ref: "Own" } }, {}, { Ref: "Own" }],
  [{}, { role: "Shared" }, arn("Shared")],
  [{}, { iam: { role: "arn:aws:iam::1:role/own" }, role: "Shared" }, "arn:aws:iam::1:role/own"],
  [{}, { iam: { role: { Ref: "Own" } } }, { Ref: "Own" }],
  [{}, { iam: { role: { "Fn::GetAtt": ["Own", "Arn"] } } }, arn("Own")],
  [{}, { iam: { role: { statements: [] } } }, arn("IamRoleLambdaExecution")],
])("the role of %j with provider %j is %j", (door, provider, role) => {
  expect(propertiesOf({ ...HANDLER, ...door }, { provider }).Role).toEqual(role);
});

const layer = (settings: JsonObject) =>
  writtenBy((written) => addLayer(written, "own-code", written.service.layers["own-code"] ?? {}), {
    layers: { "own-code": settings },
  });

test("a layer has its directory or its zip file", () => {
  const { resources, pathOf } = layer({ path: "layer" });

  expect(resources).toEqual({
    OwnDashcodeLambdaLayer: {
      Type: "AWS::Lambda::LayerVersion",
      Properties: { Content: "layer", LayerName: "own-code" },
    },
  });
  expect(pathOf("OwnDashcodeLambdaLayer", "Content")).toBe("layers.own-code.path");
  expect(pathOf("OwnDashcodeLambdaLayer", "LayerName")).toBe("layers.own-code.name");
  const more = { path: "layer", package: { artifact: "layer.zip" }, name: "own", description: "D" };
  expect(layer(more).resources.OwnDashcodeLambdaLayer?.Properties).toEqual({
    Content: "layer.zip",
    LayerName: "own",
    Description: "D",
  });
});

test("a layer without a directory is a fault", () => {
  const { resources, reported } = layer({});

  expect(resources).toEqual({});
  expect(reported).toEqual([
    "error layers.own-code: the layer own-code has no path. Add the directory of its files.",
  ]);
});

const PLUGIN = ["serverless-iam-roles-per-function"];
const LOGS = {
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource", "logs:PutLogEvents"],
  Resource: [{ "Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*" }],
};
const READ = { Effect: "Allow", Action: "dynamodb:GetItem", Resource: "arn:table" };
const WRITE = { Effect: "Allow", Action: "dynamodb:PutItem", Resource: "arn:table" };

const role = (PolicyName: string, Statement: readonly Json[], more: JsonObject = {}) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: ["lambda.amazonaws.com"] },
          Action: ["sts:AssumeRole"],
        },
      ],
    },
    Policies: [{ PolicyName, PolicyDocument: { Version: "2012-10-17", Statement } }],
    ...more,
  },
});

test.each<[JsonObject, readonly Json[], JsonObject]>([
  [{}, [], {}],
  [
    {
      iam: { role: { statements: [READ], managedPolicies: ["arn:a"] } },
      iamRoleStatements: [WRITE],
    },
    [READ],
    { ManagedPolicyArns: ["arn:a"] },
  ],
  [
    { iamRoleStatements: [WRITE], iamManagedPolicies: "arn:b" },
    [WRITE],
    { ManagedPolicyArns: ["arn:b"] },
  ],
  [{ iamManagedPolicies: [] }, [], {}],
  [
    { iam: { role: { permissionsBoundary: "arn:a" } }, rolePermissionsBoundary: "arn:b" },
    [],
    { PermissionsBoundary: "arn:a" },
  ],
  [{ rolePermissionsBoundary: "arn:b" }, [], { PermissionsBoundary: "arn:b" }],
])("the default role of %j may write logs and do what it says", (provider, own, more) => {
  const { resources } = writtenBy(
    (written) => {
      written.statements.push(WRITE);
      addDefaultRole(written);
    },
    { provider },
  );

  expect(resources).toEqual({
    IamRoleLambdaExecution: role("IamRoleLambdaExecution", [LOGS, ...own, WRITE], more),
  });
});

test("a role has the place of its settings", () => {
  const placeOf = (provider: JsonObject) =>
    writtenBy(addDefaultRole, { provider }).pathOf("IamRoleLambdaExecution");
  const own = made({ ...HANDLER, iamRoleStatements: [READ] }, { plugins: PLUGIN });

  expect(placeOf({ iam: { role: { statements: [READ] } } })).toBe("provider.iam.role");
  expect(placeOf({ iamRoleStatements: [READ] })).toBe("provider");
  expect(own.pathOf("DoorIamRoleLambdaExecution")).toBe("functions.door.iamRoleStatements");
});

test("a statement about a resource that is unknown here is about all", () => {
  const open = { ...READ, Resource: ["arn:x", "wsgw:open/1"] };
  const { resources } = writtenBy(addDefaultRole, {
    provider: { iamRoleStatements: [open, READ, { Effect: "Allow" }] },
    open: new Set(["other", "wsgw:open"]),
  });

  expect(resources.IamRoleLambdaExecution).toEqual(
    role("IamRoleLambdaExecution", [LOGS, { ...READ, Resource: "*" }, READ, { Effect: "Allow" }]),
  );
});

test.each<[JsonObject, Partial<Service>, readonly Json[]]>([
  [{}, {}, [READ]],
  [{ iamRoleStatementsInherit: true }, {}, [READ, WRITE]],
  [
    {},
    { custom: { "serverless-iam-roles-per-function": { defaultInherit: true } } },
    [READ, WRITE],
  ],
  [
    { iamRoleStatementsInherit: false },
    { custom: { "serverless-iam-roles-per-function": { defaultInherit: true } } },
    [READ],
  ],
  [
    { iamRoleStatementsInherit: true },
    { provider: { iam: { role: { statements: [WRITE, READ] } }, iamRoleStatements: [] } },
    [READ, WRITE, READ],
  ],
])(
  "with %j and %j serverless-iam-roles-per-function makes a role of its own",
  (door, more, own) => {
    const { resources } = made(
      { ...HANDLER, iamRoleStatements: [READ], ...door },
      { plugins: PLUGIN, provider: { iamRoleStatements: [WRITE] }, ...more },
    );

    expect(resources.DoorLambdaFunction?.Properties).toMatchObject({
      Role: arn("DoorIamRoleLambdaExecution"),
    });
    expect(resources.DoorIamRoleLambdaExecution).toEqual(
      role("DoorIamRoleLambdaExecution", [LOGS, ...own]),
    );
  },
);

test.each<[JsonObject, JsonObject, string, string]>([
  [{}, {}, "arn:provider", "arn:provider"],
  [{ iamPermissionsBoundary: "arn:own" }, {}, "arn:own", "arn:provider"],
  [{}, { iamGlobalPermissionsBoundary: "arn:all" }, "arn:all", "arn:all"],
  [
    { iamPermissionsBoundary: "arn:own" },
    { iamGlobalPermissionsBoundary: "arn:all" },
    "arn:own",
    "arn:all",
  ],
])(
  "with %j and %j the boundary of a function's own role is %s, of the default one %s",
  (...row) => {
    const [door, settings, own, shared] = row;
    const provider = { rolePermissionsBoundary: "arn:provider" };
    const custom = { "serverless-iam-roles-per-function": settings };
    const service = { plugins: PLUGIN, provider, custom };
    const boundaryOf = (written: ReturnType<typeof writtenBy>, id: string) =>
      (written.resources[id]?.Properties as JsonObject | undefined)?.PermissionsBoundary;

    const withOwn = made({ ...HANDLER, iamRoleStatements: [READ], ...door }, service);
    expect(boundaryOf(withOwn, "DoorIamRoleLambdaExecution")).toBe(own);
    expect(boundaryOf(writtenBy(addDefaultRole, service), "IamRoleLambdaExecution")).toBe(shared);
  },
);

test.each<[JsonObject, readonly string[]]>([
  [{ iamRoleStatements: [READ] }, []],
  [{}, PLUGIN],
])("%j with the plugins %j has the default role", (door, plugins) => {
  const { resources } = made({ ...HANDLER, ...door }, { plugins });

  expect(Object.keys(resources)).toEqual(["DoorLambdaFunction"]);
  expect(resources.DoorLambdaFunction?.Properties).toMatchObject({
    Role: arn("IamRoleLambdaExecution"),
  });
});
