import { isObject } from "../values/json.ts";
import { shown } from "./faults.ts";
import { familyOf } from "./runtimes.ts";

/** The meaning of a function's handler, by what runs the function. */
export type HandlerKind = "node" | "python" | "program";

/** The kind of handler of a function, as written. */
export function handlerKindOf(fn: unknown): HandlerKind {
  if (!isObject(fn)) return "node";
  if (fn.command !== undefined) return "program";
  const family = typeof fn.runtime === "string" ? familyOf(fn.runtime) : undefined;
  if (family === undefined || family === "node") return "node";
  return family === "python" ? "python" : "program";
}

const NODE_EXAMPLE = 'such as "src/connect.handler"';

/**
 * Why a handler in Node's format, `path.export`, is not valid; the build finds out whether file and export
 * exist.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
export function nodeHandlerProblem(handler: unknown): string | undefined {
  if (handler === undefined) return `is missing. Add path.export, ${NODE_EXAMPLE}.`;
  const not = `${shown(handler)} is not path.export`;
  if (typeof handler !== "string") return `${not}, ${NODE_EXAMPLE}.`;
  if (!/^\S{1,128}$/.test(handler))
    return `${not}. It contains spaces, is empty or is longer than 128 characters.`;
  if (handler.includes(".."))
    return `${not}. Lambda rejects "..". Write a path below the definition's directory.`;
  if (/^(\/(?!opt\/)|[A-Za-z]:)|\\/.test(handler))
    return `${not}. Write the path relative to the definition's directory, with /.`;
  const [directory, module, exported] = /^(.*\/)?([^./]*)\.?([^/]*)$/.exec(handler)?.slice(1) ?? [];
  if (!module || !exported)
    return `${not}. Add the name of the exported function, ${NODE_EXAMPLE}.`;
  const extension = /^[cm]?[jt]s(?:\.|$)/.exec(exported);
  if (extension === null) return undefined;
  const name = exported.slice(extension[0].length) || "handler";
  return `${not}. Omit the extension: "${directory ?? ""}${module}.${name}".`;
}

/**
 * The same for `path.to.module.function` or `path/module.function`, as Lambda's Python runtime reads it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
 */
export const pythonHandlerProblem = handlerProblem((handler) => {
  const example = 'such as "app.handler"';
  if (/\.py(\.|$)/.test(handler)) {
    const without = handler.replace(/\.py(?=\.|$)/, "");
    return `Omit the extension: "${without.includes(".") ? without : `${without}.handler`}".`;
  }
  const dot = handler.lastIndexOf(".");
  if (dot < 0) return `Add the name of the function, ${example}.`;
  const isModule = handler.slice(0, dot).split(/[./]/).every(Boolean);
  if (isModule && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(handler.slice(dot + 1))) return undefined;
  return `Write module.function, ${example}.`;
});

/** The same for `_HANDLER` of an executable or a command. */
export const programHandlerProblem = handlerProblem((handler) =>
  handler.startsWith("/") || handler.endsWith("/")
    ? 'Write the path of the executable, such as "chat/bootstrap".'
    : undefined,
);

function handlerProblem(problemOf: (handler: string) => string | undefined) {
  return (handler: unknown): string | undefined => {
    if (handler === undefined) return "is missing. Add what Lambda gets as the handler.";
    const not = `${shown(handler)} is not a handler`;
    if (typeof handler !== "string") return `${not}. A handler is a string.`;
    if (!/^\S{1,128}$/.test(handler))
      return `${not}. It contains spaces, is empty or is longer than 128 characters.`;
    if (handler.includes("..")) return `${not}. ".." leads out of the code's directory.`;
    const problem = problemOf(handler);
    return problem === undefined ? undefined : `${not}. ${problem}`;
  };
}
