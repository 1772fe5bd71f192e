import type { ChalkInstance } from "chalk";
import type { DevSession } from "../../src/app.ts";

/** The warning that other machines can reach the gateway; prominent, because it runs the user's code. */
export function exposed(
  { host, port, publicHost, caFile }: Pick<DevSession, "host" | "port" | "publicHost" | "caFile">,
  paint: ChalkInstance,
): readonly string[] {
  const everywhere = ["0.0.0.0", "::", "[::]"].includes(host);
  const where = everywhere ? "on every address of this machine" : `on ${host}`;
  const called = publicHost === undefined ? "" : ` Other machines use ${publicHost}.`;
  return [
    paint.yellow.bold(`  ! It listens ${where}, port ${port}.${called}`),
    paint.yellow("    Every machine that reaches it can connect and run your handlers."),
    paint.yellow(
      "    @connections takes only keys of this machine; tables and endpoints answer only this machine.",
    ),
    ...(caFile === undefined
      ? []
      : [`    ${paint.dim("For wss and https, other machines must trust")} ${caFile}`]),
  ];
}
