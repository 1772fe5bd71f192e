import { expect, test } from "vitest";
import { loadCertificates } from "../../../src/emulator/network/certificates/certificates.ts";
import { startPort } from "../../../src/emulator/network/port.ts";
import { withoutRoot } from "../../for-a-while.apart.ts";
import { mayListenAnywhere } from "../../may-listen-anywhere.ts";

test.skipIf(mayListenAnywhere())("says of a port that needs more rights what to do", async () => {
  const certificates = loadCertificates({ stateDir: undefined, now: Date.now() });
  withoutRoot();

  await expect(startPort({ host: "127.0.0.1", port: 1, certificates })).rejects.toMatchObject({
    code: "PORT_FORBIDDEN",
    message: "This user may not listen on port 1 of 127.0.0.1.",
    hint: expect.stringContaining("--port"),
  });
});
