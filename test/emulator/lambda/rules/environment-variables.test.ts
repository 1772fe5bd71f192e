import { expect, test } from "vitest";
import {
  type FunctionSettings,
  functionArn,
  functionEnvironment,
  logStreamName,
} from "../../../../src/emulator/lambda/rules/environment-variables.ts";

const settings: FunctionSettings = {
  name: "chat-connect",
  handler: "src/connect.handler",
  runtime: "nodejs20.x",
  memory: 256,
  environment: {},
  region: "eu-west-1",
  credentials: { accessKeyId: "AKIA1", secretAccessKey: "secret", sessionToken: "token" },
  root: "/project",
  path: "/usr/bin",
  caFile: undefined,
  dynamodbEndpoint: undefined,
  nodePath: undefined,
};

test("has Lambda's variables and nothing else", () => {
  expect(functionEnvironment(settings)).toEqual({
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: "/usr/bin",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    _HANDLER: "src/connect.handler",
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x",
    AWS_LAMBDA_FUNCTION_NAME: "chat-connect",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/chat-connect",
    AWS_ACCESS_KEY_ID: "AKIA1",
    AWS_ACCESS_KEY: "AKIA1",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SESSION_TOKEN: "token",
    AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001",
    LAMBDA_TASK_ROOT: "/project",
    LAMBDA_RUNTIME_DIR: "/var/runtime",
  });
});

test.each([undefined, { caBundle: "/ca.pem", proxy: "http://127.0.0.1:1" }])(
  "settings of AWS that the author packs win over none, those of the developer never count (%o)",
  (program) => {
    const variables = functionEnvironment({
      ...settings,
      ...(program === undefined ? {} : { program }),
      environment: { AWS_CONFIG_FILE: "aws/config" },
    });

    expect(variables).toMatchObject({
      AWS_CONFIG_FILE: "aws/config",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    });
  },
);

test("contains the emulator's table, certificates and fallback packages, if any", () => {
  const environment = functionEnvironment({
    ...settings,
    caFile: "/project/.wsgw/ca.pem",
    dynamodbEndpoint: "http://localhost:8000",
    nodePath: "/wsgw/node_modules",
  });

  expect(environment).toMatchObject({
    NODE_EXTRA_CA_CERTS: "/project/.wsgw/ca.pem",
    AWS_ENDPOINT_URL_DYNAMODB: "http://localhost:8000",
    NODE_PATH: "/wsgw/node_modules",
  });
});

test.each([
  ["a variable of its own", "TABLE_NAME"],
  ["the language", "LANG"],
  ["the time zone", "TZ"],
  ["the search path", "PATH"],
  ["the table's endpoint", "AWS_ENDPOINT_URL_DYNAMODB"],
])("the author can set %s", (_, name) => {
  const environment = functionEnvironment({
    ...settings,
    dynamodbEndpoint: "http://localhost:8000",
    environment: { [name]: "mine" },
  });

  expect(environment[name]).toBe("mine");
});

test.each([
  "_HANDLER",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_ACCESS_KEY_ID",
  "AWS_ACCESS_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
  "NODE_EXTRA_CA_CERTS",
])("the author cannot replace %s", (name) => {
  const own = { ...settings, caFile: "/project/.wsgw/ca.pem" };

  const environment = functionEnvironment({ ...own, environment: { [name]: "mine" } });

  expect(environment).toEqual(functionEnvironment(own));
});

test("names a log stream by day and 32 hex digits", () => {
  const now = Date.parse("2026-03-01T23:59:59Z");

  expect(logStreamName(now, "01234567-89ab-4def-8123-456789abcdef")).toBe(
    "2026/03/01/[$LATEST]0123456789ab4def8123456789abcdef",
  );
});

test("writes the function's ARN", () => {
  expect(functionArn("eu-west-1", "123456789012", "chat")).toBe(
    "arn:aws:lambda:eu-west-1:123456789012:function:chat",
  );
  expect(functionArn("us-gov-west-1", "123456789012", "chat")).toBe(
    "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:chat",
  );
});

const program = { caBundle: "/project/.wsgw/ca-bundle.pem", proxy: "http://127.0.0.1:4711" };

test("a program of another language has the proxy and the authorities, and nothing of Node's", () => {
  const environment = functionEnvironment({
    ...settings,
    runtime: "python3.12",
    caFile: "/project/.wsgw/ca.pem",
    nodePath: "/wsgw/node_modules",
    dynamodbEndpoint: "http://localhost:8000",
    environment: { HTTPS_PROXY: "http://proxy.example.com", SSL_CERT_FILE: "/etc/mine.pem" },
    program,
  });

  expect(environment).toMatchObject({
    TZ: ":UTC",
    AWS_EXECUTION_ENV: "AWS_Lambda_python3.12",
    AWS_ENDPOINT_URL_DYNAMODB: "http://localhost:8000",
    AWS_CA_BUNDLE: program.caBundle,
    SSL_CERT_FILE: program.caBundle,
    REQUESTS_CA_BUNDLE: program.caBundle,
    CURL_CA_BUNDLE: program.caBundle,
    HTTPS_PROXY: program.proxy,
    https_proxy: program.proxy,
    HTTP_PROXY: program.proxy,
    http_proxy: program.proxy,
    NO_PROXY: "localhost,127.0.0.1,::1",
    no_proxy: "localhost,127.0.0.1,::1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  });
  expect(Object.keys(environment).filter((name) => /NODE|AWS_SDK_JS/.test(name))).toEqual([]);
});

test.each([
  ["go1.x", "AWS_Lambda_go1.x"],
  ["java21", "AWS_Lambda_java21"],
  ["provided.al2", undefined],
  ["provided.al2023", undefined],
])("the execution environment of %s is called %s", (runtime, name) => {
  const environment = functionEnvironment({ ...settings, runtime, program });

  expect(environment.AWS_EXECUTION_ENV).toBe(name);
});

test("a function of Node's finds what its layers contain, before the fallback packages", () => {
  const environment = functionEnvironment({
    ...settings,
    nodePath: "/sdk",
    layers: ["/a"],
  });

  expect(environment).toMatchObject({
    PATH: "/usr/bin:/a/bin",
    LD_LIBRARY_PATH: "/a/lib",
    NODE_PATH: "/a/nodejs/node20/node_modules:/a/nodejs/node_modules:/sdk",
  });
});

test.each([
  ["nothing of its own", {}, [], undefined],
  ["packages of its own", { PYTHONPATH: "/mine" }, [], "/mine"],
  ["a layer", {}, ["/a"], "/a/python/lib/python3.12/site-packages:/a/python"],
  [
    "both",
    { PYTHONPATH: "/mine" },
    ["/a"],
    "/mine:/a/python/lib/python3.12/site-packages:/a/python",
  ],
])("Python's path of a function with %s", (_, own, layers, path) => {
  const variables = functionEnvironment({
    ...{ ...settings, runtime: "python3.12", environment: own as Record<string, string> },
    ...{ layers, program },
  });

  expect(variables.PYTHONPATH).toBe(path);
  expect("PYTHONPATH" in variables).toBe(path !== undefined);
  expect(variables.PATH).toBe(layers.length === 0 ? "/usr/bin" : "/usr/bin:/a/bin");
  expect(variables.AWS_LAMBDA_FUNCTION_NAME).toBe("chat-connect");
});
