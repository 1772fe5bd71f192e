import { expect, test } from "vitest";
import { project } from "../readers/projects.ts";
import { api, started } from "./gateways.ts";

const FUNCTIONS = { all: { handler: "app.handler" }, typo: { handler: "typo.handler" } };
const definition = api({
  functions: FUNCTIONS,
  routes: {
    ask: { function: "all", routeResponse: true },
    typo: { function: "typo", routeResponse: true },
  },
});

function root() {
  return project({
    "app.ts": "export const handler = async () => ({ statusCode: 200, body: 'hello' });\n",
    "typo.ts": "export const = 1;\n",
    "package.json": "{}",
  }).root;
}

test("a function that cannot be built fails the test that starts the gateway", async () => {
  await expect(started(definition, { root: root() })).rejects.toMatchObject({
    code: "HANDLER_INVALID",
    message: expect.stringMatching(/typo\.ts:1:14: /),
  });
});

test("without strict that function alone fails, and the gateway says why", async () => {
  const gateway = await started(definition, { root: root(), strict: false });
  const ann = await gateway.connect();

  ann.sendJson({ action: "ask" });
  expect(await ann.next()).toBe("hello");
  ann.sendJson({ action: "typo" });
  expect(await ann.next()).toMatch("Internal server error");

  expect(gateway.functions).toMatchObject([
    { name: "all", runnable: true },
    { name: "typo", runnable: false, because: expect.stringMatching(/typo\.ts:1:14: /) },
  ]);
  expect(gateway.invocations("typo")).toMatchObject([
    { error: { errorType: "Runtime.UserCodeSyntaxError" } },
  ]);
});

test("a test invokes a function with any payload", async () => {
  const gateway = await started(api(), {
    handlers: { all: async (event: unknown) => ({ echoed: event }) },
  });

  const outcome = await gateway.invoke("all", { Records: [1] });

  expect(outcome).toEqual({ kind: "returned", payload: '{"echoed":{"Records":[1]}}' });
  const [invocation] = gateway.invocations<{ Records: number[] }>("all");
  expect(invocation).toMatchObject({ connectionId: undefined, event: { Records: [1] } });
  expect(gateway.trace()).toMatch(/all is invoked, cold\n/);
});
