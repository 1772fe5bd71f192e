import { placeOf, type Report, shown } from "./faults.ts";
import { familyOf } from "./runtimes.ts";
import { isObject, type Shape, value } from "./shape.ts";

/** The folder with a function's code. */
export const codeFolder: Shape<string> = value(
  'a folder below that of the definition, such as "functions/chat"',
  (folder): folder is string =>
    typeof folder === "string" &&
    folder !== "" &&
    !/^(\/|[A-Za-z]:)|\\/.test(folder) &&
    !folder.split("/").includes(".."),
);

export const command: Shape<readonly string[]> = value(
  'a program with its arguments, such as ["java", "-jar", "chat.jar"]',
  (words): words is readonly string[] =>
    Array.isArray(words) &&
    words.every((word) => typeof word === "string") &&
    words.length > 0 &&
    words[0] !== "",
);

/**
 * `path.to.module.function` or `path/module.function`, as Lambda's Python runtime reads it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
 */
export const pythonHandler = handlerShape((handler) => {
  const example = 'such as "app.handler"';
  if (/\.py(\.|$)/.test(handler)) {
    const without = handler.replace(/\.py(?=\.|$)/, "");
    return `leave out the extension: "${without.includes(".") ? without : `${without}.handler`}".`;
  }
  const [module = "", name] = splitLast(handler);
  if (name === undefined) return `add the name of the function, ${example}.`;
  if (module.split(/[./]/).every(Boolean) && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    return undefined;
  return `write module.function, ${example}.`;
});

/** What an executable or a command is handed as `_HANDLER`. */
export const programHandler = handlerShape((handler) =>
  handler.startsWith("/") || handler.endsWith("/")
    ? 'name the executable below the folder of the definition, such as "chat/bootstrap".'
    : undefined,
);

function handlerShape(problemOf: (handler: string) => string | undefined): Shape<string> {
  return (handler, place, report): handler is string => {
    const problem = handlerProblem(handler, problemOf);
    if (problem !== undefined) report(place, problem);
    return problem === undefined;
  };
}

function handlerProblem(
  handler: unknown,
  problemOf: (handler: string) => string | undefined,
): string | undefined {
  if (handler === undefined) return "is missing; give what Lambda is told as the handler.";
  const not = `${shown(handler)} is not a handler`;
  if (typeof handler !== "string") return `${not}; it is a text.`;
  if (!/^\S{1,128}$/.test(handler))
    return `${not}; it has blanks, is empty or is longer than 128 characters.`;
  if (handler.includes("..")) return `${not}; ".." leads out of the folder of the code.`;
  const problem = problemOf(handler);
  return problem === undefined ? undefined : `${not}; ${problem}`;
}

function splitLast(handler: string): readonly string[] {
  const dot = handler.lastIndexOf(".");
  return dot < 0 ? [handler] : [handler.slice(0, dot), handler.slice(dot + 1)];
}

/** Finds fields that do not go with the function's runtime, or that it lacks. */
export function checkProgram(fn: unknown, place: string, report: Report): boolean {
  if (!isObject(fn)) return true;
  const family = typeof fn.runtime === "string" ? familyOf(fn.runtime) : "node";
  if (fn.command !== undefined) return true;
  if (family === "command") {
    report(
      placeOf(place, "command"),
      `is missing; wsgw runs Node, Python and executables by itself, so for ${shown(fn.runtime)} give the program that speaks the Lambda Runtime API, such as ["java", "-jar", "chat.jar"].`,
    );
    return false;
  }
  if (family === "node" && fn.code !== undefined) {
    report(
      placeOf(place, "code"),
      "does not go with a Node runtime; write the folder into the handler.",
    );
    return false;
  }
  return true;
}
