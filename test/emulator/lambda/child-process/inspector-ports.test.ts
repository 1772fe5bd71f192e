import { existsSync, readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { checkInspectorPorts } from "../../../../src/emulator/lambda/child-process/inspector-ports.ts";

/** As in containers of Docker, where every port is free to all. */
function mayListenAnywhere(): boolean {
  const file = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
  return process.platform === "win32" || (existsSync(file) && Number(readFileSync(file)) <= 1);
}

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
