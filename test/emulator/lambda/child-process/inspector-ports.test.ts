import { expect, test } from "vitest";
import { checkInspectorPorts } from "../../../../src/emulator/lambda/child-process/inspector-ports.ts";

test("reports a port that does not exist", async () => {
  await expect(checkInspectorPorts(["ask"], () => 65_536)).rejects.toMatchObject({
    code: "INSPECT_PORT_FORBIDDEN",
    message: 'Port 65536, for the debugger of "ask", does not exist: ports end at 65535.',
  });
});
