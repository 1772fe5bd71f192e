import type { HandlerCode } from "./bundler.ts";
import type { LocatedHandler } from "./locate-handlers.ts";

/** Sentences about functions whose file does not export the name in the handler string. */
export function missingExports(
  handlers: readonly LocatedHandler[],
  code: ReadonlyMap<string, HandlerCode>,
): readonly string[] {
  return handlers.flatMap((handler) => {
    const known = code.get(handler.name)?.exports;
    const wanted = handler.exportPath.split(".")[0] ?? "";
    if (known === undefined || known.includes(wanted)) return [];
    const instead = known.length === 0 ? "exports nothing" : `exports ${known.join(", ")}`;
    return [
      `Function "${handler.name}" has the handler ${handler.handler}, but ${handler.file} ${instead}. Export "${wanted}" or correct the handler.`,
    ];
  });
}
