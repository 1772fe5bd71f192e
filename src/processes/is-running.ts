import { errorCode } from "../errors/error-code.ts";

/** Whether a process of any user's runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM"; // it runs, as another user
  }
}
