import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { errorCode } from "../../errors/error-code.ts";

/**
 * Whether this process may open one more file or socket. Once it may not, libuv takes the clients that come and drops
 * them, without a word to Node.
 */
export function hasFreeDescriptor(): boolean {
  try {
    closeSync(openSync(devNull, "r"));
  } catch (error) {
    return errorCode(error) !== "EMFILE";
  }
  return true;
}
