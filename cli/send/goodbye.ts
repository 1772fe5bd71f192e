import type { Client } from "../../src/app.ts";

const GOODBYE_MS = 2000;

/** Closes with 1000; a peer that does not answer is left after a while. */
export async function goodbye(client: Client): Promise<void> {
  const timer = setTimeout(() => client.terminate(), GOODBYE_MS);
  await client.close(1000);
  clearTimeout(timer);
}
