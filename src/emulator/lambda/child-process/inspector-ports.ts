import { whyNotListening } from "../../../errors/in-words.ts";
import { WsgwError } from "../../../errors.ts";
import { tryPort } from "../../../project-directory/port-holders.ts";

const HOST = "127.0.0.1";

/**
 * Assigns each function a debugger port, counting up from `first` in the order of `names`; later names
 * continue. With 0 every function gets 0: any free port.
 */
export function createInspectorPorts(first: number): (functionName: string) => number {
  const given = new Map<string, number>();
  return (name) => {
    const port = given.get(name) ?? (first === 0 ? 0 : first + given.size);
    given.set(name, port);
    return port;
  };
}

/**
 * Throws INSPECT_PORT_IN_USE with every port of these functions that is in use, or INSPECT_PORT_FORBIDDEN if
 * ports are unusable for other reasons only.
 */
export async function checkInspectorPorts(
  names: readonly string[],
  portOf: (functionName: string) => number,
): Promise<void> {
  const refused = await Promise.all(names.map((name) => refusalOf(name, portOf(name))));
  const all = refused.flatMap((each) => each ?? []);
  if (all.length === 0) return;
  const code = all.some(({ inUse }) => inUse) ? "INSPECT_PORT_IN_USE" : "INSPECT_PORT_FORBIDDEN";
  throw new WsgwError(code, all.map(({ message }) => message).join("\n"));
}

type Refused = { readonly inUse: boolean; readonly message: string };

async function refusalOf(name: string, port: number): Promise<Refused | undefined> {
  if (port > 65_535) {
    return {
      inUse: false,
      message: `Port ${port}, for the debugger of "${name}", does not exist: ports end at 65535.`,
    };
  }
  const error = port === 0 ? undefined : await tryPort(port, [HOST]);
  if (error === undefined) return undefined;
  if (error.code === "EADDRINUSE") {
    return { inUse: true, message: `Port ${port}, for the debugger of "${name}", is in use.` };
  }
  const why = whyNotListening(error);
  const message = `Port ${port}, for the debugger of "${name}", cannot be used: ${why}.`;
  return { inUse: false, message };
}
