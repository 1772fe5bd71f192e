import { beforeAll, expect, onTestFinished, test } from "vitest";
import { startEmulator } from "../../../src/emulator/emulator.ts";
import { makeProject } from "../../bundle/project.ts";
import { buildLambdaChild } from "../../contracts/lambda-setup.ts";

beforeAll(buildLambdaChild);

const HOLDS = `const held = [];
exports.handler = async ({ mb }) => {
  for (let each = 0; each < mb; each += 10) held.push(Buffer.alloc(10 * 1024 * 1024, 1));
  return held.length;
};
`;

test("a function that holds more in buffers than it has is killed, and the next event gets a new one", async () => {
  const { root } = makeProject({ "holds.js": HOLDS, "package.json": "{}" });
  const emulator = await startEmulator({
    root,
    port: 0,
    definition: {
      name: "memory",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { holds: { handler: "holds.handler", memory: 128, timeout: 20 } },
      routes: { $default: { function: "holds" } },
    },
  });
  onTestFinished(() => emulator.stop());

  expect(await emulator.invoke("holds", { mb: 100 })).toEqual({ kind: "returned", payload: "10" });
  expect(await emulator.invoke("holds", { mb: 200 })).toMatchObject({
    kind: "failed",
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(/Runtime exited with error: signal: killed$/),
    trace: [expect.stringMatching(/^The function used 3\d\d MB more .* has 128 MB/)],
  });
  expect(await emulator.invoke("holds", { mb: 10 })).toEqual({ kind: "returned", payload: "1" });
});
