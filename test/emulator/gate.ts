import { createServer, type ServerResponse } from "node:http";
import { listen } from "../listen.ts";

/** A place at which handlers wait, by asking for `url`, until the test lets them go. */
export async function startGate() {
  const waiting: ServerResponse[] = [];
  let told = (): void => {};
  const server = createServer((_, response) => {
    waiting.push(response);
    told();
  });
  const port = await listen(server);

  return {
    url: `http://127.0.0.1:${port}`,
    /** Resolves when so many handlers wait. */
    async reachedBy(count: number): Promise<void> {
      while (waiting.length < count) {
        await new Promise<void>((resolve) => {
          told = resolve;
        });
      }
    },
    open(): void {
      for (const response of waiting.splice(0)) response.end();
    },
  };
}
