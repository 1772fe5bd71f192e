import { expect } from "vitest";
import { startGateway } from "../../src/testing/index.ts";
import { project } from "../readers/projects.ts";
import type { CapturedFact } from "./fact.ts";
import { expectText } from "./placeholders.ts";
import { handlerOf } from "./runners.ts";
import { call, connected, handshake, type Scene, sceneOf } from "./scene.ts";

type Lines = {
  readonly line: Readonly<Record<string, string>>;
  readonly linesAbsent?: readonly string[];
};

/** The variables of a line in a format such as `a=$context.a|b=$context.b`. */
function variablesIn(line: string): ReadonlyMap<string, string> {
  const pairs = line.split("|").map((part) => part.split(/=(.*)/s, 2));
  return new Map(pairs.map(([name = "", value = ""]) => [name, value]));
}

/** Holds a line of the access log to a captured one, by the variables that this names. */
export async function accessLog(fact: CapturedFact): Promise<void> {
  const { line, linesAbsent = [] } = fact.expect as Lines;
  const names = [...new Set([...Object.keys(line), "requestId", "eventType"])];
  const given = (fact.given ?? {}) as { readonly connectHandler?: unknown; handler?: unknown };
  const scene = await sceneOf({
    accessLog: names.map((name) => `${name}=$context.${name}`).join("|"),
    routes: ["$connect", "$disconnect", "ROUTE"],
    twoWay: ["ROUTE"],
    handlers: {
      ...(given.connectHandler !== undefined && { connect: handlerOf(given.connectHandler) }),
      ...(given.handler !== undefined && { ROUTE: handlerOf(given.handler) }),
    },
  });
  const known = await act(scene, fact, given.connectHandler === undefined);
  await scene.gateway.settled();

  const lines = scene.gateway.facts("access.logged").map((logged) => variablesIn(logged.line));
  const { eventType } = line;
  const last = lines.findLast((each) => [undefined, each.get("eventType")].includes(eventType));
  for (const [name, captured] of Object.entries(line)) {
    expectText(last?.get(name), captured, new Map([...known, ["ROUTE", "ROUTE"]]));
  }
  const types = lines.map((each) => each.get("eventType"));
  for (const absent of linesAbsent) expect(types).not.toContain(absent);
}

async function act(scene: Scene, { request }: CapturedFact, isAccepted: boolean) {
  if (!isAccepted) return (await handshake(scene)).known;
  const { wire, known } = await connected(scene);
  if (request === undefined) {
    wire.sendFrame(1, Buffer.from('{"action":"ROUTE"}'));
    await wire.frame();
    return known;
  }
  const { method, path } = request as { readonly method: string; readonly path: string };
  await call(scene, { method, path }, known);
  return known;
}

/** Gives a stage of a template the settings that a call would change, and holds their refusal to the captured one. */
export async function logSettings({ request, expect: wanted }: CapturedFact): Promise<void> {
  const { AccessLogSettings, ...settings } = (
    request as { readonly UpdateStage: Readonly<Record<string, object>> }
  ).UpdateStage;
  const usual = { DestinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:access" };
  const format = { Format: "$context.requestId" };
  const template = {
    Resources: {
      Api: {
        Type: "AWS::ApiGatewayV2::Api",
        Properties: {
          Name: "probe",
          ProtocolType: "WEBSOCKET",
          RouteSelectionExpression: "$request.body.action",
        },
      },
      Stage: {
        Type: "AWS::ApiGatewayV2::Stage",
        Properties: {
          ApiId: { Ref: "Api" },
          StageName: "dev",
          ...settings,
          ...(AccessLogSettings && {
            AccessLogSettings: { ...usual, ...format, ...AccessLogSettings },
          }),
        },
      },
      Connect: {
        Type: "AWS::ApiGatewayV2::Route",
        Properties: { ApiId: { Ref: "Api" }, RouteKey: "$connect" },
      },
    },
  };
  const { path } = project({ "template.json": JSON.stringify(template) });

  const started = startGateway({ template: path("template.json") });

  if (wanted.status === 200) await (await started).stop();
  else await expect(started).rejects.toThrow(String(wanted.message));
}
