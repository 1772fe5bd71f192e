import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";
import { WsgwError } from "../../src/errors.ts";

const chat = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { all: { handler: "src/all.handler" } },
  routes: { $default: { function: "all" } },
};

function check(more: object) {
  const { project } = checkProject({ ...chat, ...more }, "wsgw.config.ts", {
    parseExpression: parseRouteExpression,
  });
  return { ...project.apis.chat, endpoints: project.endpoints };
}

function faultOf(more: object): string {
  try {
    check(more);
    return "none";
  } catch (error) {
    if (error instanceof WsgwError) return error.message;
    throw error;
  }
}

test("without settings for hosts the API has AWS's host name", () => {
  expect(check({})).toMatchObject({
    customDomain: undefined,
    domainName: "execute-api",
    endpoints: {},
  });
});

test.each([
  [
    { customDomain: { name: "chat.example.com" } },
    { customDomain: { name: "chat.example.com", mappingKey: "" } },
  ],
  [
    { customDomain: { name: "chat.example.com", mappingKey: "live-v2" } },
    { customDomain: { name: "chat.example.com", mappingKey: "live-v2" } },
  ],
  [
    { customDomain: { name: "chat.example.com", mappings: { "": "v1", next: "v1" } } },
    { customDomain: { name: "chat.example.com", mappings: { "": "v1", next: "v1" } } },
  ],
  [
    { disableExecuteApiEndpoint: true, ipAddressType: "dualstack" },
    { disableExecuteApiEndpoint: true, ipAddressType: "dualstack" },
  ],
  [{ domainName: "localhost" }, { domainName: "localhost" }],
  [
    { endpoints: { s3: "http://localhost:4566", "cognito-idp": "https://idp.test/base" } },
    { endpoints: { s3: "http://localhost:4566", "cognito-idp": "https://idp.test/base" } },
  ],
])("takes %j", (more, api) => {
  expect(check(more)).toMatchObject(api);
});

test.each([
  [{ customDomain: "chat.example.com" }, 'customDomain: "chat.example.com" is not an object'],
  [{ customDomain: { name: "https://chat.example.com" } }, "is not a domain name"],
  [{ customDomain: { name: "chat" } }, "is not a domain name"],
  [{ customDomain: { name: "x.amazonaws.com" } }, "outside of amazonaws.com"],
  [{ customDomain: { name: "chat.example.com", mappingKey: "/v1" } }, "is not a mapping key"],
  [{ customDomain: { name: "chat.example.com", mappingKey: "live/v2" } }, "is not a mapping key"],
  [
    { customDomain: { name: "chat.example.com", mappings: { "a/b": "v1" } } },
    '"a/b" is not a mapping key',
  ],
  [
    { customDomain: { name: "chat.example.com", mappings: { a: "v2" } } },
    'customDomain.mappings.a: "v2" is not the name of a stage. Did you mean "v1"?',
  ],
  [
    { customDomain: { name: "chat.example.com", mappings: {} } },
    "customDomain.mappings: is empty. Add at least one mapping.",
  ],
  [
    { customDomain: { name: "chat.example.com", mappingKey: "a", mappings: { b: "v1" } } },
    "customDomain.mappings: cannot be combined with `mappingKey`. Write all keys here.",
  ],
  [{ ipAddressType: "ipv6" }, "(ipv4, dualstack)"],
  [{ domainName: "example.com" }, "(localhost, execute-api)"],
  [{ endpoints: { s3: "localhost:4566" } }, 'endpoints.s3: "localhost:4566" is not a URL'],
  [{ endpoints: { s3: "http://localhost:4566/?a=b" } }, "is not a URL"],
  [
    { endpoints: { S3: "http://localhost:4566" } },
    '"S3" is not an AWS service as in host names, such as s3, sqs or secretsmanager.',
  ],
  [{ endpoints: { dynamodb: "http://localhost:8000" } }, "Use the option --dynamodb-endpoint"],
])("rejects %j", (more, fault) => {
  expect(faultOf(more)).toContain(fault);
});

test("two APIs cannot have one mapping key on a domain, however they write it", () => {
  const api = (customDomain: object) => ({
    routeSelectionExpression: "$request.body.action",
    stages: { v1: {}, v2: {} },
    routes: { $default: { function: "all" } },
    customDomain: { name: "chat.example.com", ...customDomain },
  });
  const definition = {
    name: "chat",
    functions: chat.functions,
    apis: { one: api({ mappings: { "": "v1", a: "v2" } }), two: api({ mappingKey: "a" }) },
  };

  expect(() =>
    checkProject(definition, "wsgw.config.ts", { parseExpression: parseRouteExpression }),
  ).toThrow(
    'apis.two.customDomain: "chat.example.com/a" already points to apis.one. Set another mappingKey.',
  );
});

test("15 (1): $default is not a stage of a WebSocket API", () => {
  expect(faultOf({ stage: { name: "$default" } })).toContain('"$default" is not a stage name');
});
