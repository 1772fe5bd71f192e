import { expect, onTestFinished, test } from "vitest";
import { checkInspectorPorts } from "../../../../src/emulator/lambda/child-process/inspector-ports.ts";
import { mayListenAnywhere } from "../../../may-listen-anywhere.ts";

test.skipIf(mayListenAnywhere())("a port that is not permitted is told as such", async () => {
  const { seteuid } = process;
  const isRoot = process.getuid?.() === 0;
  onTestFinished(() => {
    if (isRoot) seteuid?.(0);
  });
  if (isRoot) seteuid?.(65_534);

  await expect(checkInspectorPorts(["ask"], () => 1)).rejects.toMatchObject({
    code: "INSPECT_PORT_FORBIDDEN",
    message:
      'Port 1, for the debugger of "ask", cannot be used: this user may not use that port (EACCES).',
    hint: expect.stringContaining("--inspect=PORT"),
  });
});

test("a port that does not exist is told as such", async () => {
  await expect(checkInspectorPorts(["ask"], () => 65_536)).rejects.toMatchObject({
    code: "INSPECT_PORT_FORBIDDEN",
    message: 'There is no port 65536 for the debugger of "ask".',
  });
});
