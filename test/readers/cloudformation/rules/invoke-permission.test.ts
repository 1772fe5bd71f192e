import { expect, test } from "vitest";
import {
  alikeDenied,
  denialOf,
  type GatewayCall,
  withAliases,
  withDenials,
  withRoles,
} from "../../../../src/readers/cloudformation/rules/invoke-permission.ts";
import {
  permissionsOf,
  readRoles,
} from "../../../../src/readers/cloudformation/rules/role-permissions.ts";
import { stackOf } from "./stacks.ts";

const URI =
  "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:fn";

const CHAT = `
  Chat: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: chat, ProtocolType: WEBSOCKET } }
  Call: { Type: AWS::ApiGatewayV2::Integration, Properties: {} }
  Judge: { Type: AWS::ApiGatewayV2::Authorizer, Properties: {} }
  Fn: { Type: AWS::Lambda::Function, Properties: { FunctionName: fn } }
`;

/** What denies a call of the function `fn` in a template with these resources too. */
function denied(
  more: string,
  given: Partial<Omit<GatewayCall, "caller">> & {
    readonly caller?: string;
    /** The address of the API and its role in Terraform. */
    readonly terraform?: readonly string[];
  } = {},
  mayAllow = false,
) {
  const { caller = "Call", qualifier, terraform, ...others } = given;
  const { resources: all, madeUp } = stackOf(CHAT + more);
  const origin = () => ({ file: "/chat/main.tf", line: 1, column: 1, path: terraform ?? [] });
  const resources = all.map((each) => ({ ...each, ...(terraform && { origin }) }));
  const resource = (key: string) => resources.find((each) => each.key === key)!;
  const roles = readRoles(resources, { madeUp, problems: new Map() });
  const call: GatewayCall = {
    api: resource("Chat"),
    of: "routes",
    name: "send",
    functionName: "fn",
    qualifier,
    caller: resource(caller),
    uri: `${URI}${qualifier === undefined ? "" : `:${qualifier}`}/invocations`,
    stage: "live",
    source: "id-of-chat/live/send",
    ...others,
  };
  return denialOf(call, { resources, roles, madeUp, mayAllow: () => mayAllow });
}

const permission = (properties: string) =>
  `  May: { Type: AWS::Lambda::Permission, Properties: { ${properties} } }\n`;
const SOURCE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Chat}/";
const toAdd = (id: string, FunctionName: unknown, source: string) =>
  `Add to Resources: "${id}": ${JSON.stringify({
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName,
      Principal: "apigateway.amazonaws.com",
      SourceArn: { "Fn::Sub": `${SOURCE}${source}` },
    },
  })}`;

const NOT_PERMITTED = {
  why: "may not be invoked by API Gateway",
  add: toAdd("FnForChat", { Ref: "Fn" }, "*"),
};
const AUTHORIZER = {
  of: "authorizers",
  name: "Judge",
  caller: "Judge",
  source: "id-of-chat/authorizers/abc",
} as const;

test("says what permission a function lacks for a route, an authorizer and an alias", () => {
  expect(denied("")).toEqual(NOT_PERMITTED);
  expect(denied("", AUTHORIZER)).toEqual({
    why: "may not be invoked by API Gateway",
    add: toAdd("FnForChatAuthorizers", { Ref: "Fn" }, "authorizers/*"),
  });
  expect(denied("", { qualifier: "live" })).toEqual({
    why: "may not be invoked by API Gateway by its alias live",
    add: toAdd("FnForChat", { "Fn::Sub": "${Fn}:live" }, "*"),
  });
  expect(denied("", { functionName: "elsewhere" })).toBeUndefined();
});

const ARN = "arn:aws:execute-api:eu-west-1:123456789012:";

test.each([
  "FunctionName: fn, Principal: apigateway.amazonaws.com, Action: lambda:InvokeFunction",
  "FunctionName: fn, Principal: apigateway.amazonaws.com.cn, Action: 'lambda:*'",
  "FunctionName: fn, Principal: '*', Action: '*'",
  "FunctionName: fn",
  "Principal: apigateway.amazonaws.com",
  `FunctionName: fn, SourceArn: '${ARN}id-of-chat/live/send'`,
  `FunctionName: fn, SourceArn: '${ARN}*/live/send'`,
  `FunctionName: fn, SourceArn: '${ARN}id-of-chat/l?ve/*'`,
  "FunctionName: fn, SourceArn: '*'",
  `FunctionName: fn, SourceArn: '${ARN}i?-of-chat/live/send'`,
  "FunctionName: fn, SourceArn: 'arn:aws:execute-api:*'",
])("permits a call by the permission %s", (properties) => {
  expect(denied(permission(properties))).toBeUndefined();
});

test.each([
  "FunctionName: other",
  "FunctionName: 'fn:live'",
  "FunctionName: fn, Qualifier: live",
  "FunctionName: fn, Principal: events.amazonaws.com",
  "FunctionName: fn, Principal: apigateway.amazonaws.com.example",
  "FunctionName: fn, Principal: xapigateway.amazonaws.com",
  "FunctionName: fn, Action: lambda:GetFunction",
  "FunctionName: fn, Action: xlambda:InvokeFunction",
  `FunctionName: fn, SourceArn: '${ARN}id-of-chat:live/send'`,
  `FunctionName: fn, SourceArn: '${ARN}id-of-chat/li:ve/send'`,
  `FunctionName: fn, SourceArn: '${ARN}id-of-chat/live/se.nd'`,
  "FunctionName: fn, Action: lambda:InvokeFunctionUrl",
  `FunctionName: fn, SourceArn: '${ARN}id-of-chat/live'`,
  `FunctionName: fn, SourceArn: '${ARN}id-of-chat/dev/send'`,
  `FunctionName: fn, SourceArn: '${ARN}id.of.chat/live/send'`,
  `FunctionName: fn, SourceArn: '${ARN}xid-of-chat/live/send'`,
  "FunctionName: fn, SourceArn: 'arn:aws:execute-api:eu-west-1'",
])("does not permit a call by the permission %s", (properties) => {
  expect(denied(permission(properties))).toEqual(NOT_PERMITTED);
});

test("permits the call of an alias by a permission for that alias", () => {
  for (const properties of ["FunctionName: 'fn:live'", "FunctionName: fn, Qualifier: live"]) {
    expect(denied(permission(properties), { qualifier: "live" })).toBeUndefined();
    expect(denied(permission(properties), { qualifier: "dev" })?.why).toBe(
      "may not be invoked by API Gateway by its alias dev",
    );
  }
});

test("says to add an alias that the function lacks, whatever permission it has", () => {
  const alias = `  Alias: { Type: AWS::Lambda::Alias, Properties: { FunctionName: fn, Name: live } }\n`;
  const all = alias + permission("Principal: '*'");
  expect(denied(all, { qualifier: "live" })).toBeUndefined();
  expect(denied(all, { qualifier: "dev" })?.add).toMatch(/^Add to Resources: "FnAliasdev": /);
});

test("says what to add in Terraform", () => {
  const add = (more: string, arn: string) =>
    `Add an aws_lambda_permission with function_name = "fn"${more}, action = "lambda:InvokeFunction", principal = "apigateway.amazonaws.com" and source_arn = "\${${arn}}/*"`;
  const terraform = ["aws_apigatewayv2_api", "chat", "name"];
  expect(denied("", { terraform })?.add).toBe(add("", "aws_apigatewayv2_api.chat.execution_arn"));
  expect(denied("", { terraform: ["module", "chat"], qualifier: "live" })?.add).toBe(
    add(', qualifier = "live"', "module.chat.api_execution_arn"),
  );
  expect(denied("", { terraform: [] })).toEqual(NOT_PERMITTED);
  expect(denied("", { terraform: ["locals"] })?.add).toBe(add("", "locals.execution_arn"));
  const alias = `  Alias: { Type: AWS::Lambda::Alias, Properties: { FunctionName: fn, Name: live } }\n`;
  expect(denied(alias, { terraform, qualifier: "dev" })).toEqual({
    why: "has no alias dev",
    add: 'Add an aws_lambda_alias with name = "dev"',
  });
  expect(denied(role("[]"), { caller: "By", terraform })?.add).toMatch(
    /^Add to its assume_role_policy: /,
  );
  expect(denied(role(TRUST), { caller: "By", terraform })?.add).toContain(
    '"Resource":"arn:aws:lambda:eu-west-1:123456789012:function:fn"',
  );
});

test("asks for the role of an authorizer", () => {
  const by = role("[]")
    .replace("Integration", "Authorizer")
    .replace("CredentialsArn", "AuthorizerCredentialsArn");
  expect(denied(by, { ...AUTHORIZER, caller: "By" })?.why).toBe(NOT_TRUSTED);
});

test("denies the routes and authorizers of one API", () => {
  const { resource } = stackOf(CHAT);
  const call = (of: "routes" | "authorizers", name: string, stage?: string, why = "may not") => ({
    api: resource("Chat"),
    of,
    name,
    functionName: "fn",
    qualifier: undefined,
    caller: resource("Call"),
    uri: "",
    stage,
    source: "",
    denial: { why, add: "Add it" },
  });
  const api = {
    routeSelectionExpression: "$request.body.action",
    stages: { a: {}, b: {} },
    authorizers: { Judge: { function: "Fn" }, Other: { function: "Fn" } },
    routes: {
      all: { function: "Fn", operationName: "o" },
      some: { integration: { type: "lambda" as const, function: "Fn" } },
      differ: { function: "Fn" },
      Judge: { function: "Fn" },
      mock: { integration: { type: "mock" as const } },
    },
  };
  const denials = [
    call("authorizers", "Judge"),
    call("routes", "all", "a"),
    call("routes", "all", "b"),
    call("routes", "some", "b"),
    call("routes", "differ", "a"),
    call("routes", "differ", "b", "cannot"),
    call("routes", "mock", "a"),
  ];
  const { authorizers: _, ...open } = { ...api, routes: { all: { function: "Fn" } } };
  const said = "the function fn may not. Add it";
  const proxy = { type: "lambda-proxy", function: "Fn" };
  expect(withDenials({ Chat: api, Open: open }, denials)).toEqual({
    Open: open,
    Chat: {
      ...api,
      authorizers: { Judge: { function: "Fn", denied: said }, Other: { function: "Fn" } },
      routes: {
        all: { operationName: "o", integration: { ...proxy, denied: said } },
        some: { integration: { type: "lambda", function: "Fn", deniedAt: { b: said } } },
        differ: {
          integration: {
            ...proxy,
            deniedAt: { a: said, b: "the function fn cannot. Add it" },
          },
        },
        Judge: { function: "Fn" },
        mock: { integration: { ...proxy, function: "", deniedAt: { a: said } } },
      },
    },
  });
});

const role = (statement: string) => `
  Role:
    Type: AWS::IAM::Role
    Properties: { AssumeRolePolicyDocument: { Statement: ${statement} } }
  By:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { CredentialsArn: !GetAtt Role.Arn }
`;
const TRUST =
  "{ Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, Action: sts:AssumeRole }";

test.each([
  TRUST,
  `[ ${TRUST} ]`,
  "{ Effect: Allow, Principal: '*', Action: '*' }",
  "{ Effect: Allow, Principal: { AWS: '*' }, Action: 'sts:*' }",
  "{ Effect: Allow, Principal: { Service: [ a, apigateway.amazonaws.com ] }, Action: [ a, 'sts:Assume*' ] }",
  `[ ${TRUST}, ${TRUST.replace("Allow", "Deny, Condition: {}")} ]`,
])("lets API Gateway assume a role by %s", (statement) => {
  expect(denied(role(statement), { caller: "By" }, true)).toBeUndefined();
});

const NOT_TRUSTED =
  "may not be invoked by API Gateway, because the trust policy of Role does not let it assume that role";
const TRUST_TO_ADD =
  'Add to its AssumeRolePolicyDocument: {"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}';

test.each([
  ["[]", TRUST_TO_ADD],
  ["{ Effect: Allow, Action: '*' }", TRUST_TO_ADD],
  ["[ text ]", TRUST_TO_ADD],
  [TRUST.replace("apigateway", "lambda"), TRUST_TO_ADD],
  [TRUST.replace("AssumeRole", "TagSession"), TRUST_TO_ADD],
  ["{ Effect: Allow, Principal: { Service: apigateway.amazonaws.com } }", TRUST_TO_ADD],
  [`[ ${TRUST}, ${TRUST.replace("Allow", "Deny")} ]`, "Remove the statement that denies it there"],
])("does not let API Gateway assume a role by %s", (statement, add) => {
  expect(denied(role(statement), { caller: "By" }, true)).toEqual({ why: NOT_TRUSTED, add });
});

test("says what the policies of a role lack", () => {
  const lacking = (Resource: unknown) => ({
    why: "may not be invoked by API Gateway, because its role Role does not allow lambda:InvokeFunction on it",
    add: `Add to a Statement in the policies of Role: ${JSON.stringify({
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource,
    })}`,
  });
  expect(denied(role(TRUST), { caller: "By" })).toEqual(lacking({ "Fn::GetAtt": ["Fn", "Arn"] }));
  expect(denied(role(TRUST), { caller: "By", qualifier: "live" })).toEqual(
    lacking({ "Fn::Sub": "${Fn.Arn}:*" }),
  );
  expect(denied(role(TRUST), { caller: "By", functionName: "elsewhere" })).toBeUndefined();
  expect(denied(role(TRUST), { caller: "By", uri: "http://a.b" })).toBeUndefined();
  const longer = { caller: "By", uri: `${URI}/invocations/more` };
  expect(denied(role(TRUST), longer)).toBeUndefined();
});

test("gives integrations with AWS services the permissions of their roles, or says what denies them", () => {
  const services = (statement: string) => `
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument: { Statement: ${statement} }
`;
  const withRole = (statement: string) => {
    const { resources, madeUp } = stackOf(services(statement));
    const roles = readRoles(resources, { madeUp, problems: new Map() });
    const credentials = String([...roles.roles.keys()][0]);
    const denials: string[][] = [];
    const aws = { type: "aws" as const, credentials };
    const api = {
      routeSelectionExpression: "$request.body.action",
      stages: { a: {} },
      routes: {
        put: { operationName: "o", integration: aws },
        other: { operationName: "o", integration: { type: "aws" as const } },
        mock: { integration: { type: "mock" as const, credentials } },
      },
    };
    const found = withRoles({ Chat: api as never }, roles, (...each) => denials.push(each));
    return { api, aws, found, denials, permissions: permissionsOf(credentials, roles) };
  };

  const open = withRole(TRUST);
  expect(open.denials).toEqual([]);
  expect(open.found).toEqual({
    Chat: {
      ...open.api,
      routes: {
        ...open.api.routes,
        put: { operationName: "o", integration: { ...open.aws, permissions: open.permissions } },
      },
    },
  });
  const closed = withRole("[]");
  const said = `the service ${NOT_TRUSTED}. ${TRUST_TO_ADD}`;
  expect(closed.denials).toEqual([["Chat", "put", said]]);
  expect(closed.found).toEqual({
    Chat: {
      ...closed.api,
      routes: {
        ...closed.api.routes,
        put: { operationName: "o", integration: { ...closed.aws, denied: said } },
      },
    },
  });
});

test("groups denied calls and names called aliases", () => {
  const { resource } = stackOf(CHAT);
  const call = (name: string, functionName: string, qualifier?: string) => ({
    api: resource("Chat"),
    of: "routes" as const,
    name,
    functionName,
    qualifier,
    caller: resource("Call"),
    uri: "",
    stage: "live",
    source: "",
    denial: { why: "a", add: "b" },
  });
  const calls = [
    call("1", "fn"),
    call("2", "other", "v1"),
    call("3", "fn", "live"),
    call("4", "fn", "7"),
    call("5", "fn", "7a"),
  ];
  expect(alikeDenied(calls).map((group) => group.map(({ name }) => name))).toEqual([
    ["1", "3", "4", "5"],
    ["2"],
  ]);
  const keys = new Map([
    ["fn", "Fn"],
    ["other", "Other"],
  ]);
  expect(withAliases({ Fn: { a: 1 }, Other: {}, More: {} }, calls, keys)).toEqual({
    Fn: { a: 1, aliases: ["live", "7a"] },
    Other: { aliases: ["v1"] },
    More: {},
  });
});
