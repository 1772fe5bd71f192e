import { WsgwError } from "../errors.ts";
import { notedAt } from "../project-folder/port-holders.ts";
import { findRunning } from "../project-folder/running.ts";

/** Says of a port in use which project's gateway has it, if it is one of this user's; other errors stay. */
export async function withHolder(error: unknown, port: number): Promise<unknown> {
  if (!(error instanceof WsgwError) || error.code !== "PORT_IN_USE") return error;
  const root = await notedAt(port);
  if (root === undefined) return error;
  const gateways = await findRunning(root);
  const holder = gateways.find(({ url }) => Number(new URL(url).port) === port);
  if (holder === undefined) return error;
  const message = `Port ${port} is in use by the wsgw dev of ${root} (process ${holder.pid}).`;
  return new WsgwError("PORT_IN_USE", message, { cause: error });
}
