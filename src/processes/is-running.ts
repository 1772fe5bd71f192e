import { errorCode } from "../errors/error-code.ts";

/** Whether a process of any user exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM"; // it exists and belongs to another user
  }
}
