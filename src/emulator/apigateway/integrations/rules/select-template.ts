import { parseJson } from "../../../../values/json.ts";
import { evaluateExpression, parseRouteExpression } from "../../message/rules/route-expression.ts";
import type { Strings } from "../../rules/event-types.ts";

/** Resolves a variable of a selection expression; undefined if it has no value. */
export type Variables = (name: string) => string | undefined;

const VARIABLE = /\\\$|\$\{([^}]*)\}|\$([\w.[\]-]*)/g;

/**
 * The value of a selection expression: static text with `$name`, `${name}`, and `\$` for a dollar sign.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-transformations.html
 */
export function evaluateSelection(expression: string, variables: Variables): string {
  return expression.replace(VARIABLE, (found, braced?: string, bare?: string) =>
    found === "\\$" ? "$" : (variables(braced ?? bare ?? "") ?? ""),
  );
}

/** The template that an expression selects. */
export function selectTemplate(
  templates: Strings | undefined,
  expression: string | undefined,
  variables: Variables,
): string | undefined {
  const selected = expression === undefined ? undefined : evaluateSelection(expression, variables);
  return templateFor(templates, selected);
}

/**
 * The template with the selected key, else `$default`. Inferred from APIs that work on AWS: without an
 * expression, the template is `$default`, else `application/json`, else the only one. A backslash before the
 * dollar sign of a key is ignored.
 */
function templateFor(templates: Strings = {}, selected: string | undefined): string | undefined {
  const byKey = new Map(
    Object.entries(templates).map(([key, template]) => [key.replaceAll("\\$", "$"), template]),
  );
  if (selected !== undefined) return byKey.get(selected) ?? byKey.get("$default");
  const [only] = byKey.size === 1 ? byKey.values() : [];
  return byKey.get("$default") ?? byKey.get("application/json") ?? only;
}

/**
 * Resolves `request.body.path` in a message. Undefined for other names, missing values and bodies that are
 * not JSON.
 */
export function inBody(body: string): Variables {
  const parsed = parseJson(body);
  return (name) => {
    const path = parseRouteExpression(`\${${name}}`);
    if (parsed === undefined || path.kind === "invalid") return undefined;
    const { value, complete } = evaluateExpression(path.expression, parsed.value);
    return complete ? value : undefined;
  };
}
