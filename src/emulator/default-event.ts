import { functionsOf } from "../definition/integrations.ts";
import type { LocalProject } from "../definition/local-project.ts";
import { WsgwError } from "../errors.ts";
import type { DefinitionSource, Trigger } from "../readers/loaded-definition.ts";
import { parseRouteExpression } from "./apigateway/message/rules/route-expression.ts";
import type { SampleEvent } from "./sample-event.ts";

/** A route to a function. */
type RouteTo = { readonly api: string; readonly routeKey: string };

/** The routes, authorizers and triggers of a function. */
type LeadingTo = {
  readonly routes: readonly RouteTo[];
  readonly apis: LocalProject["apis"];
  readonly source: Pick<DefinitionSource, "triggers">;
};

/** The routes of a function, those of the first API first. */
export function routesTo(functionName: string, { apis }: LocalProject): readonly RouteTo[] {
  return Object.values(apis).flatMap(({ key, routes }) =>
    Object.values(routes).flatMap((route) =>
      route.integration.type === "lambda-proxy" && functionsOf(route).includes(functionName)
        ? [{ api: key, routeKey: route.routeKey }]
        : [],
    ),
  );
}

/** The event of a function whose routes are all of one kind, or that is only an authorizer. */
export function usualEvent(
  functionName: string,
  routes: readonly RouteTo[],
  { apis }: LocalProject,
): SampleEvent | undefined {
  const keys = [...new Set(routes.map(({ routeKey }) => routeKey))];
  const asking = Object.values(apis).find(({ authorizers }) =>
    Object.values(authorizers).some((each) => each.function === functionName),
  );
  if (keys.length === 0 && asking !== undefined) return { kind: "authorizer", api: asking.key };
  if (keys.length === 1) {
    if (keys[0] === "$connect") return { kind: "connect" };
    if (keys[0] === "$disconnect") return { kind: "disconnect" };
  }
  return undefined;
}

/** An error that requests an event for a function, with an example of a matching kind. */
export function eventMissing(functionName: string, leading: LeadingTo): WsgwError {
  const keys = [...new Set(leading.routes.map(({ routeKey }) => routeKey))];
  const ways = [
    ...(keys.some(isOfMessages) ? ["--message TEXT"] : []),
    ...(keys.includes("$connect") ? ["--connect"] : []),
    ...(keys.includes("$disconnect") ? ["--disconnect"] : []),
    "--event FILE with its JSON, or - for standard input",
  ];
  const those =
    keys.length === 0
      ? "No route uses it."
      : `Its route${keys.length === 1 ? " is" : "s are"} ${keys.join(", ")}.`;
  return new WsgwError("USAGE", `Which event should ${functionName} get? ${those}`, {
    hint: `Pass ${ways.join(", or ")}. For example:\n  ${example(functionName, leading)}`,
  });
}

function isOfMessages(routeKey: string): boolean {
  return !/^\$(dis)?connect$/.test(routeKey);
}

/** A command line, ready to paste. */
function example(functionName: string, { routes, apis, source }: LeadingTo): string {
  const invoke = `wsgw invoke ${functionName}`;
  const route = routes.find(({ routeKey }) => isOfMessages(routeKey));
  if (route !== undefined) {
    const { routeKey } = route;
    const message =
      routeKey === "$default"
        ? "hello"
        : messageFor(routeKey, apis[route.api]?.routeSelectionExpression ?? "");
    return message === undefined
      ? `${invoke} --route ${quoted(routeKey)} --message hello`
      : `${invoke} --message ${quoted(message)}`;
  }
  if (routes.length > 0) return `${invoke} --connect`;
  const trigger = source.triggers.find((each) => each.function === functionName);
  return `echo ${quoted(JSON.stringify(trigger === undefined ? {} : EVENTS[trigger.kind]))} | ${invoke} --event -`;
}

/** A message that selects a route by one field; undefined if the expression is not of that form. */
function messageFor(routeKey: string, source: string): string | undefined {
  const parsed = parseRouteExpression(source);
  if (parsed.kind === "invalid") return undefined;
  const [part, ...others] = parsed.expression;
  if (part?.kind !== "body" || others.length > 0) return undefined;
  if (part.path.some((step) => typeof step === "number")) return undefined;
  return JSON.stringify(
    part.path.reduceRight<unknown>((value, step) => ({ [step]: value }), routeKey),
  );
}

/** The minimum that functions read from such events. */
const EVENTS: Readonly<Record<Trigger["kind"], object>> = {
  stream: {
    Records: [
      {
        eventSource: "aws:dynamodb",
        eventName: "INSERT",
        dynamodb: { NewImage: { id: { S: "1" } } },
      },
    ],
  },
  queue: { Records: [{ eventSource: "aws:sqs", messageId: "1", body: "hello" }] },
  topic: { Records: [{ EventSource: "aws:sns", Sns: { Message: "hello" } }] },
  rule: { source: "example", "detail-type": "Example", detail: {} },
  schedule: { source: "aws.events", "detail-type": "Scheduled Event", detail: {} },
  pipe: {},
  other: {},
};

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
