import { expect, test } from "vitest";
import { checkInspectorPorts } from "../../../../src/emulator/lambda/child-process/inspector-ports.ts";
import { withoutRoot } from "../../../for-a-while.apart.ts";
import { mayListenAnywhere } from "../../../may-listen-anywhere.ts";

test.skipIf(mayListenAnywhere())("reports a port that is not permitted", async () => {
  withoutRoot();

  await expect(checkInspectorPorts(["ask"], () => 1)).rejects.toMatchObject({
    code: "INSPECT_PORT_FORBIDDEN",
    message:
      'Port 1, for the debugger of "ask", cannot be used: this user may not use that port (EACCES).',
    hint: expect.stringContaining("--inspect=PORT"),
  });
});
