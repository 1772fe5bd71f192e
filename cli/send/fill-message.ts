import type { Session } from "./session.ts";

/** A message with its values; undefined, and says why, if one is missing. Then nothing may be sent. */
export function filled(
  { variables, view, current }: Session,
  text: string,
  values?: Readonly<Record<string, string>>,
): string | undefined {
  const result = variables.fill(text, values);
  if (result.kind === "filled") return result.text;
  const { name } = result;
  const how = /^\$\{?\s*last\b/.test(name)
    ? current?.last === undefined
      ? "No message has arrived yet."
      : "The last message does not have this part."
    : "Set it with /set.";
  view.problem(`Nothing was sent: ${name} has no value. ${how} /raw sends it unchanged.`);
  return undefined;
}
