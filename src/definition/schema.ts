import { customDomainShape, endpointsShape } from "./aws-shape.ts";
import { deployShape } from "./deploy-shape.ts";
import { didYouMean, shown } from "./faults.ts";
import { functionShape } from "./function-shape.ts";
import { hooksShape } from "./hooks-shape.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import { notEmulated } from "./not-emulated.ts";
import type { ApiDefinition, RouteDefinition, StageDefinition } from "./project.ts";
import {
  fields,
  nameOf,
  oneOf,
  optional,
  record,
  type Shape,
  text,
  textOf,
  trueOrFalse,
  wholeNumber,
} from "./shape.ts";
import { connectionTableShape, tableShape } from "./table-shape.ts";

/** What `checkApi` needs of the rules, handed in because the vocabulary imports none of them. */
export type ParseExpression = (
  source: string,
) => { readonly kind: "ok" } | { readonly kind: "invalid"; readonly problem: string };

const PREDEFINED_ROUTES = ["$connect", "$disconnect", "$default"];

/** The shape of a whole definition. Route targets and the like are looked up in `functionNames`. */
export function definitionShape(
  functionNames: readonly string[],
  parseExpression: ParseExpression,
): Shape<ApiDefinition> {
  const functionName = nameOf("a function", "functions", functionNames);

  return fields<ApiDefinition>(
    "the definition",
    {
      name: text(
        "a name of letters, digits and hyphens that starts with a letter, 128 characters at most",
        /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
      ),
      description: optional(textOf(0, 1024)),
      routeSelectionExpression: expressionShape(parseExpression),
      stage,
      functions: record("a function for each name", nameProblem("a function"), functionShape),
      routes: record("a route for each route key", routeKeyProblem, routeShape(functionName)),
      tables: optional(
        record("a table for each name", nameProblem("a table"), tableShape(functionName)),
      ),
      connectionTable: optional(connectionTableShape(functionName)),
      customDomain: optional(customDomainShape),
      domainName: optional(oneOf("a form of the domain name", ["localhost", "execute-api"])),
      endpoints: optional(endpointsShape),
      hooks: optional(hooksShape),
      deploy: optional(deployShape),
    },
    notEmulated,
  );
}

function expressionShape(parse: ParseExpression): Shape<string> {
  const example = '"$request.body.action"';
  return (source, place, report): source is string => {
    if (typeof source !== "string") {
      const is = source === undefined ? "is missing" : `${shown(source)} is not a text`;
      report(place, `${is}; give an expression, such as ${example}.`);
      return false;
    }
    const parsed = parse(source);
    if (parsed.kind === "ok") return true;
    report(place, `${shown(source)} is not valid: ${parsed.problem}. Write it like ${example}.`);
    return false;
  };
}

const stage = fields<StageDefinition>(
  "the stage",
  {
    name: text(
      "a stage name of letters, digits, _ and -, 128 characters at most",
      /^[\w-]{1,128}$/,
    ),
    description: optional(textOf(0, 1024)),
    // https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html
    variables: optional(
      record(
        "a text for each variable",
        (name) =>
          /^\w+$/.test(name)
            ? undefined
            : `"${name}" cannot name a stage variable; use letters, digits and _.`,
        text(
          "a text of 2048 characters at most out of letters, digits and -._~:/?#&=,",
          /^[\w.~:/?#&=,-]{1,2048}$/,
        ),
      ),
    ),
  },
  notEmulated,
);

function nameProblem(what: string): (name: string) => string | undefined {
  return (name) =>
    /^[A-Za-z][\w-]{0,63}$/.test(name)
      ? undefined
      : `"${name}" cannot name ${what}; use letters, digits, - and _, a letter first, 64 at most.`;
}

/**
 * A custom key may not begin with `$`; API Gateway says "The provided route key is not formatted properly".
 * @see https://github.com/serverless/serverless/issues/9530
 */
function routeKeyProblem(key: string): string | undefined {
  if (key === "") return "a route key cannot be empty.";
  if (!key.startsWith("$") || PREDEFINED_ROUTES.includes(key)) return undefined;
  const meant = didYouMean(key, PREDEFINED_ROUTES) ?? ".";
  return `"${key}" is not a route key of API Gateway${meant} Only $connect, $disconnect and $default may begin with $.`;
}

function routeShape(functionName: Shape<string>): Shape<RouteDefinition> {
  const { least, most } = DEFINITION_LIMITS.integrationTimeoutMs;
  return fields<RouteDefinition>(
    "a route",
    {
      function: functionName,
      operationName: optional(textOf(1, 64)),
      routeResponse: optional(trueOrFalse),
      integrationTimeout: optional(wholeNumber(least, most, "ms")),
    },
    notEmulated,
  );
}
