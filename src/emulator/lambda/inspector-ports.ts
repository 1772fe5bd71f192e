import { createServer } from "node:net";
import { WsgwError } from "../../errors.ts";

const HOST = "127.0.0.1";

/**
 * Gives each function a port for its debugger, counting from `first` in the order of `names`; those
 * that come later count on. With 0 every function gets 0: any free port.
 */
export function createInspectorPorts(first: number): (functionName: string) => number {
  const given = new Map<string, number>();
  return (name) => {
    const port = given.get(name) ?? (first === 0 ? 0 : first + given.size);
    given.set(name, port);
    return port;
  };
}

/** Throws INSPECT_PORT_IN_USE with every port of these functions that somebody else listens on. */
export async function checkInspectorPorts(
  names: readonly string[],
  portOf: (functionName: string) => number,
): Promise<void> {
  const faults = await Promise.all(
    names.map(async (name) => {
      const port = portOf(name);
      if (port > 65_535) return `There is no port ${port} for the debugger of "${name}".`;
      if (port === 0 || (await isFree(port))) return [];
      return `Port ${port}, for the debugger of "${name}", is in use.`;
    }),
  );
  const all = faults.flat();
  if (all.length > 0) throw new WsgwError("INSPECT_PORT_IN_USE", all.join("\n"));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}
