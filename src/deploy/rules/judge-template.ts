import { expressionWarning, keyWarning } from "../../definition/route-warnings.ts";
import { Evaluator } from "../../readers/cloudformation/rules/intrinsic-functions.ts";
import type { Origins } from "../../readers/cloudformation/rules/origins.ts";
import { parameterValues } from "../../readers/cloudformation/rules/parameters.ts";
import type { Finding } from "../../readers/cloudformation/rules/report.ts";
import { pseudoParameters, secretIn } from "../../readers/cloudformation/rules/stack.ts";
import { isObject, section } from "../../readers/cloudformation/rules/tree.ts";
import type { JsonObject } from "../template/model.ts";
import { closedRuntimes } from "./closed-runtimes.ts";
import { falseConditions } from "./false-conditions.ts";
import { parametersWithoutValue } from "./parameters-without-value.ts";

/** What is known about a template before it is sent. */
export type JudgedTemplate = {
  /** One for each use of a runtime that Lambda rejects for new functions. */
  readonly closedRuntimes: readonly Finding[];
  /** Route keys and selection expressions without their `$`. */
  readonly misleadingRoutes: readonly Finding[];
  /** One for each parameter without a default or a value. */
  readonly withoutValue: readonly Finding[];
  /** Excludes those that depend on a parameter with an unknown value. */
  readonly falseConditions: readonly string[];
};

export type JudgedBy = {
  readonly origins: Origins;
  /** The given values of the template's parameters. */
  readonly given: Readonly<Record<string, string>>;
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
};

/** Checks an author's template, with short tags expanded. */
export function judgeTemplate(template: JsonObject, by: JudgedBy): JudgedTemplate {
  const { origins, given } = by;
  const parameters = section(template, "Parameters");
  const values = parameterValues(template, given, origins, () => {}); // CloudFormation validates values
  const unknown = Object.keys(parameters).filter((name) => !Object.hasOwn(values, name));
  const evaluator = new Evaluator(
    {
      template,
      pseudo: pseudoParameters(by),
      parameters: values,
      resource: () => undefined,
      importValue: () => undefined,
      secret: (reference) => secretIn(given, reference),
    },
    origins,
    () => {},
  );
  const conditions = section(template, "Conditions");
  const falseOnes = falseConditions(conditions, unknown, evaluator);
  const made = Object.values(section(template, "Resources")).filter(
    (resource): resource is JsonObject =>
      isObject(resource) && !falseOnes.some((name) => name === resource.Condition),
  );
  return {
    closedRuntimes: closedRuntimes(template, made, evaluator, origins),
    misleadingRoutes: misleadingRoutes(made, evaluator, origins),
    withoutValue: parametersWithoutValue(parameters, unknown, { given, origins }),
    falseConditions: falseOnes,
  };
}

/** Of `AWS::ApiGatewayV2` and of SAM's own `WebSocketApi`, which contains its routes. */
function misleadingRoutes(
  resources: readonly JsonObject[],
  evaluator: Evaluator,
  origins: Origins,
): readonly Finding[] {
  const properties = (...types: readonly string[]) =>
    resources
      .filter(({ Type }) => types.includes(String(Type)))
      .map((resource) => section(resource, "Properties"));
  const found = (
    problem: string | undefined,
    holder: JsonObject,
    key: string,
  ): readonly Finding[] =>
    problem === undefined
      ? []
      : [{ severity: "warning", origin: origins.of(holder, key), problem }];

  const routes = properties("AWS::ApiGatewayV2::Route").map((route) => ({
    api: JSON.stringify(route.ApiId),
    key: String(evaluator.value(route.RouteKey ?? null)),
    route,
  }));
  const keysOf = (of: string) =>
    new Set(routes.filter(({ api }) => api === of).map(({ key }) => key));
  return [
    ...properties("AWS::ApiGatewayV2::Api", "AWS::Serverless::WebSocketApi").flatMap((api) => {
      const source = evaluator.value(api.RouteSelectionExpression ?? null);
      const isHttp = api.ProtocolType === "HTTP";
      const problem = isHttp || typeof source !== "string" ? undefined : expressionWarning(source);
      return found(problem, api, "RouteSelectionExpression");
    }),
    ...routes.flatMap(({ api, key, route }) =>
      found(keyWarning(key, keysOf(api)), route, "RouteKey"),
    ),
    ...properties("AWS::Serverless::WebSocketApi").flatMap((api) => {
      const keyed = section(api, "Routes");
      const keys = new Set(Object.keys(keyed));
      return [...keys].flatMap((key) => found(keyWarning(key, keys), keyed, key));
    }),
  ];
}
