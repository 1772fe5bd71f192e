import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { errorCode } from "../../errors/error-code.ts";

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
