import { expect, test } from "vitest";
import { deployedHandler } from "../../../src/deploy/template/deployed-handler.ts";

const node = { runtime: "nodejs24.x", code: undefined, command: undefined } as const;

test.each([
  ["app.handler", "index.handler"],
  ["src/handlers/connect.handler", "index.handler"],
  ["src/v1.2/app.handler", "index.handler"],
  ["src/app.api.handler", "index.api.handler"],
])("a Node function with the handler %s is deployed as %s", (handler, deployed) => {
  expect(deployedHandler({ ...node, handler })).toBe(deployed);
});

test.each([
  ["python3.13", undefined, "chat/app.handler", "chat/app.handler"],
  ["python3.13", "functions", "app.handler", "app.handler"],
  ["provided.al2023", undefined, "chat/list.handler", "list.handler"],
  ["provided.al2023", "chat", "bootstrap", "bootstrap"],
] as const)(
  "a function on %s with the code in %s and the handler %s is deployed as %s",
  (runtime, code, handler, deployed) => {
    expect(deployedHandler({ runtime, code, command: undefined, handler })).toBe(deployed);
  },
);
