import { beforeEach, expect } from "vitest";
import type { WsgwMatchers } from "./matcher-types.ts";
import { matchers } from "./matchers.ts";
import { onStarted, type Started } from "./started.ts";

// For `setupFiles` of Vitest: registers the matchers, and prints the facts of a test's gateways when it
// fails.
expect.extend(matchers);

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: Vitest declares the parameter so
  interface Matchers<T = any> extends WsgwMatchers {}
}

/** Gateways that a test may use, and the newest fact at its start. */
const gateways = new Map<Started, number>();
onStarted((gateway) => gateways.set(gateway, 0));

beforeEach(({ onTestFailed }) => {
  for (const gateway of [...gateways.keys()]) {
    if (gateway.isStopped()) gateways.delete(gateway);
    else gateways.set(gateway, gateway.lastFact());
  }
  onTestFailed(({ task }) => {
    for (const [gateway, before] of gateways) {
      const trace = gateway.trace(before);
      if (trace !== "") console.error(`What the gateway did in "${task.name}":\n${trace}\n`);
    }
  });
});
