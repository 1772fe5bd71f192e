import { placeOf, type Report } from "./faults.ts";
import { DEFAULT_RUNTIME, familyOf } from "./runtimes.ts";
import { isObject, type Shape, text, value } from "./shape.ts";

/** A pattern of files: `*` and `?` within a folder, `**` across folders, a folder for all that is in it. */
export const filePattern: Shape<string> = value(
  'a pattern of files below that folder, such as "data/*.json"',
  (pattern): pattern is string =>
    typeof pattern === "string" &&
    pattern !== "" &&
    !/^(\/|[A-Za-z]:)|\\/.test(pattern) &&
    !pattern.split("/").includes(".."),
);

export const packageName: Shape<string> = text(
  'the name of a package, such as "sharp"',
  /^(@[\w.~-]+\/)?[\w~-][\w.~-]*$/,
);

/** Finds packaging fields that do not go with the function's runtime. */
export function checkPackaging(fn: unknown, place: string, report: Report): boolean {
  if (!isObject(fn)) return true;
  const runtime = typeof fn.runtime === "string" ? fn.runtime : DEFAULT_RUNTIME;
  const isNode = fn.command === undefined && familyOf(runtime) === "node";
  const misplaced = isNode ? ["exclude"] : ["include", "nodeModules"];
  const why = isNode
    ? "does not go with a Node runtime, whose zip has only what the handler imports and what `include` names."
    : "goes with Node runtimes only; the whole folder of the code is deployed, less what `exclude` names.";
  const faulty = misplaced.filter((name) => fn[name] !== undefined);
  for (const name of faulty) report(placeOf(place, name), why);
  return faulty.length === 0;
}
