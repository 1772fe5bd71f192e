import { expect, test } from "vitest";
import { ignoredSettings } from "../../../../src/emulator/lambda/rules/ignored-settings.ts";

const environment = {
  HTTPS_PROXY: "http://p",
  https_proxy: "http://p",
  HTTP_PROXY: "http://p",
  http_proxy: "http://p",
  NO_PROXY: "h",
  no_proxy: "h",
  NODE_OPTIONS: "--inspect",
  NODE_TLS_REJECT_UNAUTHORIZED: "0",
  AWS_LAMBDA_EXEC_WRAPPER: "/opt/wrapper",
};
const fn = { name: "ask", runtime: "nodejs24.x", environment, isProgram: false };
const unusedWarning = (name: string, why: string) =>
  `Function "ask" sets ${name}, which has no effect ${why}`;
const PROXY =
  "here, because its connections go through wsgw's proxy and from there directly to their host.";

test("in a process of its own all counts for code that wsgw's Node runs", () => {
  expect(ignoredSettings(fn, false)).toEqual([]);
});

test("in a test's process what is of a process has no effect", () => {
  const why = `in the test's process. Start the gateway with runtime: "child-process".`;

  expect(ignoredSettings(fn, true)).toEqual([
    unusedWarning("NODE_OPTIONS", why),
    unusedWarning("NODE_TLS_REJECT_UNAUTHORIZED", why),
    unusedWarning("AWS_LAMBDA_EXEC_WRAPPER", why),
  ]);
  expect(ignoredSettings({ ...fn, environment: { NODE_OPTIONS: "" } }, true)).toEqual([]);
});

test("a program's proxies have no effect, and with provided its wrapper neither", () => {
  const proxies = [
    ...["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"],
    ...["NO_PROXY", "no_proxy"],
  ];
  const program = { ...fn, isProgram: true };

  expect(ignoredSettings({ ...program, runtime: "python3.13" }, false)).toEqual(
    proxies.map((name) => unusedWarning(name, PROXY)),
  );
  expect(ignoredSettings({ ...program, runtime: "provided.al2023" }, false)).toEqual([
    ...proxies.map((name) => unusedWarning(name, PROXY)),
    unusedWarning(
      "AWS_LAMBDA_EXEC_WRAPPER",
      "with the runtime provided.al2023, as on AWS, unless its bootstrap runs it.",
    ),
  ]);
});
