import { placeOf, type Report, shown } from "./faults.ts";
import { layers } from "./layer-shape.ts";
import { DEFINITION_LIMITS, RESERVED_VARIABLES } from "./limits.ts";
import { checkPackaging, filePattern, packageName } from "./packaging-shape.ts";
import {
  checkProgram,
  codeFolder,
  command,
  programHandler,
  pythonHandler,
} from "./program-shape.ts";
import type { FunctionDefinition, RoleStatement } from "./project.ts";
import { familyOf, RUNTIMES } from "./runtimes.ts";
import {
  type Fields,
  fields,
  isObject,
  list,
  oneOf,
  optional,
  record,
  type Shape,
  text,
  textOf,
  value,
  wholeNumber,
} from "./shape.ts";

const reservedOrMalformed = (name: string): string | undefined => {
  if (RESERVED_VARIABLES.has(name)) return `"${name}" is set by Lambda itself; use another name.`;
  if (/^[A-Za-z]\w+$/.test(name)) return undefined;
  return `"${name}" cannot name an environment variable; use two or more letters, digits and _, a letter first.`;
};

/** The name of an environment variable that an author may set. */
export const environmentName: Shape<string> = (name, place, report): name is string => {
  const problem =
    typeof name === "string"
      ? reservedOrMalformed(name)
      : `${name === undefined ? "is missing" : `${shown(name)} is not a text`}; give the name of an environment variable.`;
  if (problem !== undefined) report(place, problem);
  return problem === undefined;
};

const environment = record(
  "a text for each variable",
  reservedOrMalformed,
  value(
    "a text; environment variables hold nothing else",
    (value): value is string => typeof value === "string",
    (value) =>
      isObject(value) ? "; use JSON.stringify." : `; write ${JSON.stringify(String(value))}.`,
  ),
);

const roleStatement = fields<RoleStatement>("a role statement", {
  Sid: optional(text("a name of letters and digits", /^[A-Za-z0-9]+$/)),
  Effect: oneOf("an effect", ["Allow", "Deny"]),
  Action: value(
    'an action such as "s3:GetObject", or a list of actions',
    (value): value is string | readonly string[] =>
      Array.isArray(value) ? value.length > 0 && value.every(isText) : isText(value),
  ),
  Resource: value("a resource: an ARN, a list of them, or an intrinsic function", isThere),
  Condition: optional(value("a condition", isThere)),
});

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
const roleName = text(
  'the name of a role, or its ARN, such as "arn:aws:iam::123456789012:role/chat"',
  /^([\w+=,.@-]{1,64}|arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512})$/,
);

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isThere(value: unknown): value is unknown {
  return value !== undefined && value !== null && value !== "";
}

const rest: Omit<Fields<FunctionDefinition>, "handler"> = {
  description: optional(textOf(0, 256)),
  runtime: optional(oneOf("a runtime that wsgw knows", RUNTIMES)),
  code: optional(codeFolder),
  command: optional(command),
  include: optional(list(filePattern)),
  exclude: optional(list(filePattern)),
  nodeModules: optional(list(packageName)),
  memory: optional(
    wholeNumber(DEFINITION_LIMITS.memoryMb.least, DEFINITION_LIMITS.memoryMb.most, "MB"),
  ),
  timeout: optional(
    wholeNumber(
      DEFINITION_LIMITS.timeoutSeconds.least,
      DEFINITION_LIMITS.timeoutSeconds.most,
      "seconds",
    ),
  ),
  environment: optional(environment),
  layers: optional(layers),
  roleStatements: optional(list(roleStatement)),
  role: optional(roleName),
};

const shapes = {
  node: fields<FunctionDefinition>("a function", { handler, ...rest }),
  python: fields<FunctionDefinition>("a function", { handler: pythonHandler, ...rest }),
  program: fields<FunctionDefinition>("a function", { handler: programHandler, ...rest }),
};

/** A function; how its handler is written depends on what runs it. */
export const functionShape: Shape<FunctionDefinition> = (
  fn,
  place,
  report,
): fn is FunctionDefinition => {
  const sound = shapes[languageOf(fn)](fn, place, report);
  const checks = [checkProgram, checkPackaging, checkRole];
  const goTogether = checks.map((check) => check(fn, place, report)); // each tells its own fault
  return goTogether.every(Boolean) && sound;
};

/** A role that exists is somebody else's: the stack cannot add to it. */
function checkRole(fn: unknown, place: string, report: Report): boolean {
  if (!isObject(fn) || fn.role === undefined || fn.roleStatements === undefined) return true;
  report(
    placeOf(place, "roleStatements"),
    "does not go with `role`, a role that exists already; add the statements to that role, or leave `role` out.",
  );
  return false;
}

function languageOf(fn: unknown): keyof typeof shapes {
  if (!isObject(fn)) return "node";
  if (fn.command !== undefined) return "program";
  const family = typeof fn.runtime === "string" ? familyOf(fn.runtime) : undefined;
  if (family === "python" || family === undefined) return family ?? "node";
  return family === "node" ? "node" : "program";
}

/**
 * `path.export` as Lambda's Node runtime reads it; whether file and export exist is found when the
 * code is made runnable.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
function handler(value: unknown, place: string, report: Report): value is string {
  const problem = handlerProblem(value);
  if (problem !== undefined) report(place, problem);
  return problem === undefined;
}

const HANDLER_EXAMPLE = 'such as "src/connect.handler"';

function handlerProblem(handler: unknown): string | undefined {
  if (handler === undefined) return `is missing; give path.export, ${HANDLER_EXAMPLE}.`;
  const not = `${shown(handler)} is not path.export`;
  if (typeof handler !== "string") return `${not}, ${HANDLER_EXAMPLE}.`;
  if (!/^\S{1,128}$/.test(handler))
    return `${not}; it has blanks, is empty or is longer than 128 characters.`;
  if (handler.includes(".."))
    return `${not}; Lambda refuses "..", so name a path below the folder of the definition.`;
  if (/^(\/|[A-Za-z]:)|\\/.test(handler))
    return `${not}; name the path from the folder of the definition, with /.`;
  const [folder, module, exported] = /^(.*\/)?([^./]*)\.?([^/]*)$/.exec(handler)?.slice(1) ?? [];
  if (!module || !exported)
    return `${not}; add the name of the exported function, ${HANDLER_EXAMPLE}.`;
  const extension = /^[cm]?[jt]s(?:\.|$)/.exec(exported);
  if (extension === null) return undefined;
  const name = exported.slice(extension[0].length) || "handler";
  return `${not}; leave out the extension: "${folder ?? ""}${module}.${name}".`;
}
