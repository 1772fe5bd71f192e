import { WsgwError } from "../errors.ts";
import type { TestClient } from "./test-client.ts";

/** What matchers need of a client besides what everybody sees. */
export type ClientInside = {
  readonly settled: () => Promise<void>;
  /** Calls back for every message and at the end; the returned function ends that. */
  readonly onChange: (listener: () => void) => () => void;
};

const insides = new WeakMap<object, ClientInside>();

export function keepInside(client: TestClient, inside: ClientInside): void {
  insides.set(client, inside);
}

/** Throws USAGE for anything but a client of a gateway of the harness. */
function insideOf(client: TestClient): ClientInside {
  const inside = typeof client === "object" && client !== null ? insides.get(client) : undefined;
  if (inside !== undefined) return inside;
  throw new WsgwError("USAGE", "This matcher takes a client that gateway.connect() gave.");
}

/** Waits until `isMet`, or until nothing can change any more. */
export async function metOrSettled(client: TestClient, isMet: () => boolean): Promise<void> {
  const { settled, onChange } = insideOf(client);
  if (isMet()) return;
  let stop = (): void => {};
  const met = new Promise<void>((resolve) => {
    stop = onChange(() => {
      if (isMet()) resolve();
    });
  });
  const all = settled();
  all.catch(() => {}); // told by the race unless it is met first
  try {
    await Promise.race([met, all]);
  } finally {
    stop();
  }
}
