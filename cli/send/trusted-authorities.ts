import { readFile } from "node:fs/promises";
import type { RunningGateway } from "../../src/app.ts";
import { readText } from "../terminal/read-text.ts";

/**
 * The certificate authorities to trust in addition to Node's, in PEM: those of `--ca`, else on `wss` those of
 * the project's gateways at this host. Undefined without any.
 */
export async function trustedAuthorities(
  { protocol }: URL,
  caFile: string | undefined,
  gateways: readonly RunningGateway[],
): Promise<string | undefined> {
  if (caFile !== undefined) return readText(caFile);
  return protocol === "wss:" ? authoritiesOf(gateways) : undefined;
}

async function authoritiesOf(gateways: readonly RunningGateway[]): Promise<string | undefined> {
  const pems = await Promise.all(
    gateways
      .flatMap(({ caFile }) => caFile ?? [])
      .map((file) => readFile(file, "utf8").catch(() => "")), // its gateway may have just stopped
  );
  const all = pems.filter((pem) => pem !== "").join("\n");
  return all === "" ? undefined : all;
}
