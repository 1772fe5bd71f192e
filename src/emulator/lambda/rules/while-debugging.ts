import type { LambdaSettings } from "../lambda.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Whether nothing times out, neither functions nor routes: a debugger may pause handlers for any time. */
export function isUntimed(inspectPort: number | undefined): boolean {
  return inspectPort !== undefined;
}

/** What a handler sees as its remaining time: always its full timeout while you debug. */
export function shownRemainingMs(isDebugged: boolean, timeoutMs: number, leftMs: number): number {
  return isDebugged ? timeoutMs : leftMs;
}

/**
 * How many environments functions get. While you debug, each has one permanent environment, so that a breakpoint
 * stops everything that the function does.
 */
export function environmentsWith(
  inspectPort: number | undefined,
  environments: Partial<LambdaSettings>,
): Partial<LambdaSettings> {
  return inspectPort === undefined
    ? environments
    : { ...environments, keep: 1, maxEnvironments: 1, maxTotal: Number.POSITIVE_INFINITY };
}

/**
 * A function's variables, and the two of the shell by which VS Code attaches to all descendants of a process
 * that it launched. Environments get no other variables of the shell.
 * @see https://github.com/microsoft/vscode-js-debug `src/targets/node/bootloader.ts`
 */
export function variablesForDebugger(
  own: Readonly<Record<string, string>>,
  shell: Variables,
): Readonly<Record<string, string>> {
  const { NODE_OPTIONS: shells = "", VSCODE_INSPECTOR_OPTIONS } = shell;
  if (VSCODE_INSPECTOR_OPTIONS === undefined) return own;
  const NODE_OPTIONS = `${own.NODE_OPTIONS ?? ""} ${shells}`.trim();
  return { ...own, NODE_OPTIONS, VSCODE_INSPECTOR_OPTIONS };
}
