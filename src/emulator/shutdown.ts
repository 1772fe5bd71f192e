import type { RunningGateway } from "./apigateway/gateway.ts";
import type { Lambda } from "./lambda/lambda.ts";
import type { EmulatorSettings } from "./options.ts";
import { RenewableLimit } from "./renewable-limit.ts";

/** Time for running handlers of `wsgw dev`: slightly longer than a function's default timeout. */
export const STOP_GRACE_MS = 3_500;

/**
 * Maximum total time for `$disconnect` when the emulator stops, as long as they keep ending. A route's
 * timeout is a second shorter.
 */
const DISCONNECTS_MS = 30_000;

/** Time for `$disconnect` if other handlers have used up theirs. */
const LATE_MS = 1_000;

/** Lets handlers finish, then runs `$disconnect` as long as they keep ending, and reports those left. */
export async function endGateways(
  running: readonly RunningGateway[],
  lambda: Pick<Lambda, "idle" | "stopRetries">,
  { journal, stopGraceMs }: Pick<EmulatorSettings, "journal" | "stopGraceMs">,
): Promise<void> {
  lambda.stopRetries();
  for (const gateway of running) gateway.drain();
  const handlers = new RenewableLimit(stopGraceMs, stopGraceMs);
  const haveEnded = await handlers.for(Promise.all(running.map(({ idle }) => idle())));
  // Handlers that have not ended are awaited again together with the $disconnect handlers.
  const graceMs = haveEnded ? stopGraceMs : Math.min(stopGraceMs, LATE_MS);
  const disconnects = new RenewableLimit(graceMs, DISCONNECTS_MS);
  const stopped = Promise.all(running.map(({ stop }) => stop(() => disconnects.renew())));
  await disconnects.for(stopped.then(lambda.idle)); // they may have invoked others
  const left = running.reduce((sum, { disconnecting }) => sum + disconnecting(), 0);
  if (left > 0) journal.record({ type: "warning", message: leftBehind(left) });
}

function leftBehind(connections: number): string {
  const those = connections === 1 ? "1 connection" : `${connections} connections`;
  return `wsgw stopped before the $disconnect of ${those} ended. Data that it deletes, such as rows of a table, may remain.`;
}
