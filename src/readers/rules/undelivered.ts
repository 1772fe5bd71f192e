import type { DefinitionSource, NotServed, UnservedTable } from "../loaded-definition.ts";
import { codeInS3Text } from "./code-elsewhere.ts";

/** Messages about a definition for its author, as served on this machine. */
export function sourceNotes(source: DefinitionSource): readonly string[] {
  const { live, dead } = undeliveredTexts(source);
  return [
    live ?? [],
    unservedTablesText(source) ?? [],
    source.notServed.map(notServedText),
    dead ?? [],
    codeInS3Text(source.unserved) ?? [],
  ].flat();
}

/** Messages about functions that API Gateway may not invoke on AWS, whether they are invoked here or not. */
export function deniedTexts({ failsOnAws = [], notServed }: DefinitionSource): readonly string[] {
  return [...failsOnAws, ...notServed.filter(({ add }) => add !== undefined).map(notServedText)];
}

function unservedTablesText({ tables = [] }: DefinitionSource): string | undefined {
  if (tables.length === 0) return undefined;
  return `not served locally yet: ${tables.flatMap(unservedOf).join(", ")}`;
}

/** Messages about the features of a table that do not exist on this machine. */
export function unservedOf({ table, timeToLive, stream }: UnservedTable): readonly string[] {
  return [
    ...(timeToLive === undefined ? [] : [`expiry of items of ${table} by ${timeToLive}`]),
    ...(stream === undefined ? [] : [`stream of ${table} (${stream})`]),
  ];
}

/** Messages about undelivered triggers and what to do, for functions that run here and for others. */
function undeliveredTexts({ triggers, httpApis, unserved }: DefinitionSource) {
  const all = [
    ...triggers.map(({ kind, from, function: fn }) => ({ what: `${kind} ${from}`, to: [fn] })),
    ...httpApis.map(({ name, functions }) => ({ what: `HTTP API ${name}`, to: functions })),
  ];
  const whys = new Map(unserved.map(({ key, why }) => [key, `${key} ${why}`]));
  const runs = (key: string) => !whys.has(key);
  const text = (undelivered: typeof all, end: string) =>
    undelivered.length === 0
      ? undefined
      : `not delivered locally yet: ${namesIn(undelivered.map(({ what }) => what))}; ${end}`;
  const live = all.filter(({ to }) => to.some(runs));
  const dead = all.filter(({ to }) => !to.some(runs));
  const functions = new Set(live.flatMap(({ to }) => to.filter(runs)));
  const [fn = "FUNCTION"] = functions.size === 1 ? functions : [];
  return {
    live: text(live, `\`wsgw invoke ${fn} --event FILE\` runs them`),
    dead: text(dead, namesIn(dead.flatMap(({ to }) => to.map((key) => whys.get(key) ?? key)))),
  };
}

/** Each name once. */
function namesIn(words: readonly string[]): string {
  return [...new Set(words)].join(", ");
}

/** A message about an unserved feature, with its owner and place. */
export function notServedText({ what, why, of, at, add }: NotServed): string {
  const place = at === undefined ? "" : `, ${at}`;
  if (add !== undefined) return `${what} ${why}: ${of}${place}. ${add}`;
  return why === undefined
    ? `not emulated yet: ${what} of ${of}${place}`
    : `${what} ${why}; ${of} runs without it${place}`;
}
