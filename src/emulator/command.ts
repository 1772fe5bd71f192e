import { type CommandToRun, type RunningCommand, runCommand } from "../processes/command.ts";
import { createGuard } from "../processes/guard.ts";

/**
 * Starts a command beside the gateway, such as the user's front end. Nothing of it outlives this
 * process, however that ends. On Windows it may, when this process is killed.
 */
export function startCommand(options: CommandToRun): RunningCommand {
  return runCommand(options, createGuard());
}
