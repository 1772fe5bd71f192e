import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { errorCode } from "../../errors/error-code.ts";

export const DESCRIPTORS_EXHAUSTED =
  "wsgw cannot open more files and sockets (EMFILE) and drops new clients until others leave. Raise the limit in the shell before you start wsgw: ulimit -n 4096";

/**
 * Whether this process may open one more file or socket. If not, libuv accepts and drops new clients without
 * an event in Node.
 */
export function hasFreeDescriptor(): boolean {
  try {
    closeSync(openSync(devNull, "r"));
  } catch (error) {
    return errorCode(error) !== "EMFILE";
  }
  return true;
}
