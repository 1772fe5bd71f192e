import { execFileSync } from "node:child_process";
import type { ApiDefinition } from "../src/testing/index.ts";

/** A chat of `fixtures/unchanged`: all of them serve the same API. */
export function chat({
  module = "app",
  more = {},
}: {
  readonly module?: string;
  readonly more?: Partial<ApiDefinition["functions"][string]>;
}): ApiDefinition {
  const names = ["connect", "disconnect", "sendmessage"];
  return {
    name: "chat",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "prod" },
    functions: Object.fromEntries(
      names.map((name) => [name, { handler: `${module}.${name}`, timeout: 20, ...more }]),
    ),
    routes: {
      $connect: { function: "connect" },
      $disconnect: { function: "disconnect" },
      sendmessage: { function: "sendmessage" },
    },
    connectionTable: { environmentVariable: "TABLE_NAME", attribute: "connectionId" },
  };
}

/** Whether a command that a chat takes is on this machine. */
export function works([program = "", ...args]: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
