import { createServer } from "node:http";
import { expect, test } from "vitest";
import {
  checkInspectorPorts,
  createInspectorPorts,
} from "../../../../src/emulator/lambda/child-process/inspector-ports.ts";
import { listen } from "../../../listen.ts";

test("functions get ports that count up, each its own whenever it asks", () => {
  const portOf = createInspectorPorts(9229);

  expect(["ask", "say", "ask", "join", "say"].map(portOf)).toEqual([9229, 9230, 9229, 9231, 9230]);
});

test("with port 0 every function gets any free port", async () => {
  const portOf = createInspectorPorts(0);

  expect(["ask", "say"].map(portOf)).toEqual([0, 0]);
  await checkInspectorPorts(["ask", "say"], portOf);
});

test("reports every port that is in use, and no other", async () => {
  const used = await listen(createServer());
  const other = await listen(createServer());
  const ports: Record<string, number> = { ask: used, free: 0, say: other, join: 65_536 };

  await expect(
    checkInspectorPorts(Object.keys(ports), (name) => ports[name]!),
  ).rejects.toMatchObject({
    code: "INSPECT_PORT_IN_USE",
    message: [
      `Port ${used}, for the debugger of "ask", is in use.`,
      `Port ${other}, for the debugger of "say", is in use.`,
      'Port 65536, for the debugger of "join", does not exist: ports end at 65535.',
    ].join("\n"),
  });
});

test("reports a port that does not exist", async () => {
  await expect(checkInspectorPorts(["ask"], () => 65_536)).rejects.toMatchObject({
    code: "INSPECT_PORT_FORBIDDEN",
    message: 'Port 65536, for the debugger of "ask", does not exist: ports end at 65535.',
  });
});
