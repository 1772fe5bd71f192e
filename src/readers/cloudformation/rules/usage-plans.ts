import type { ApiKeyDefinition, UsagePlanDefinition } from "../../../definition/parts.ts";
import type { Json, Origin } from "./origins.ts";
import type { TemplatePlaces } from "./places.ts";
import type { Report } from "./report.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject, objectOf } from "./tree.ts";

/** The API keys of a template, and its usage plans for stages of WebSocket APIs. */
export type Usage = {
  readonly apiKeys: Readonly<Record<string, ApiKeyDefinition>>;
  readonly usagePlans: Readonly<Record<string, UsagePlanDefinition>>;
};

type Surroundings = {
  readonly places: TemplatePlaces;
  readonly report: Report;
  readonly notServed: (what: string, of: string, origin: Origin | undefined, why?: string) => void;
};

/** Keys matter only if a plan may include them. `webSockets` are the WebSocket APIs among the resources. */
export function readUsage(
  resources: readonly Resource[],
  webSockets: readonly Resource[],
  surroundings: Surroundings,
): Usage {
  const apis = new Map(webSockets.map((api) => [textOf(api.value()) ?? "", api.key]));
  const keys = ofType(resources, "ApiKey");
  const usagePlans = ofType(resources, "UsagePlan").flatMap((plan) => {
    const apiStages = stagesOf(plan, apis, surroundings);
    if (apiStages.length === 0) return [];
    const members = ofType(resources, "UsagePlanKey").filter(
      (member) => member.text("UsagePlanId") === textOf(plan.value()),
    );
    return [
      [
        plan.key,
        readPlan(plan, apiStages, keyNames(members, keys, plan, surroundings), surroundings),
      ] as const,
    ];
  });
  if (usagePlans.length === 0) return { apiKeys: {}, usagePlans: {} };
  const apiKeys = keys.map((key) => [key.key, readKey(key, surroundings)] as const);
  return { apiKeys: Object.fromEntries(apiKeys), usagePlans: Object.fromEntries(usagePlans) };
}

function ofType(resources: readonly Resource[], type: string): readonly Resource[] {
  return resources.filter((resource) => resource.type === `AWS::ApiGateway::${type}`);
}

/** A key is disabled unless its template enables it. A value that only AWS knows counts as absent. */
function readKey(key: Resource, { places, report }: Surroundings): ApiKeyDefinition {
  const path = ["apiKeys", key.key];
  places.note(path, key.origin());
  for (const [field, property] of Object.entries({ value: "Value", enabled: "Enabled" })) {
    places.note([...path, field], key.origin(property));
  }
  const value = key.text("Value");
  const description = key.text("Description");
  const enabled = key.text("Enabled") === "true";
  if (!enabled) {
    const problem = `the API key ${key.key} is not enabled, so API Gateway rejects clients that send it. Set Enabled: true.`;
    report({ severity: "warning", origin: key.origin("Enabled"), problem });
  }
  return {
    ...(value !== undefined && !value.includes("{{resolve:") && { value }),
    enabled,
    ...(description !== undefined && { description }),
  };
}

type ApiStages = NonNullable<UsagePlanDefinition["apiStages"]>;

function stagesOf(
  plan: Resource,
  apis: ReadonlyMap<string, string>,
  { notServed }: Surroundings,
): ApiStages {
  return [plan.property("ApiStages") ?? []].flat().flatMap((each) => {
    const api = isObject(each) ? apis.get(textOf(each.ApiId) ?? "") : undefined;
    if (api === undefined || !isObject(each)) return [];
    if (each.Throttle !== undefined) {
      notServed(
        "Throttle of individual methods",
        `usage plan ${plan.key}`,
        plan.origin("ApiStages"),
      );
    }
    return [{ api, stage: textOf(each.Stage) ?? "" }];
  });
}

function keyNames(
  members: readonly Resource[],
  keys: readonly Resource[],
  plan: Resource,
  { notServed }: Surroundings,
): readonly string[] {
  return members.flatMap((member) => {
    const key = keys.find((each) => textOf(each.value()) === member.text("KeyId"));
    if (key !== undefined) return [key.key];
    const of = `usage plan ${plan.key}`;
    notServed("API key", of, member.origin("KeyId"), "is not in the template");
    return [];
  });
}

function readPlan(
  plan: Resource,
  apiStages: ApiStages,
  apiKeys: readonly string[],
  { places, notServed }: Surroundings,
): UsagePlanDefinition {
  const path = ["usagePlans", plan.key];
  places.note(path, plan.origin());
  const fields = { apiStages: "ApiStages", throttle: "Throttle", quota: "Quota" };
  for (const [field, property] of Object.entries(fields)) {
    places.note([...path, field], plan.origin(property));
  }
  const description = plan.text("Description");
  const quota = plan.property("Quota");
  if (isObject(quota) && Number(quota.Offset ?? 0) !== 0) {
    notServed("Offset of the quota", `usage plan ${plan.key}`, plan.origin("Quota"));
  }
  const throttle = throttleIn(plan.property("Throttle"), "RateLimit", "BurstLimit");
  return {
    ...(description !== undefined && { description }),
    apiKeys,
    apiStages,
    ...(throttle !== undefined && { throttle }),
    ...(isObject(quota) && {
      quota: {
        limit: Number(quota.Limit),
        // the definition's own checks validate it
        period: textOf(quota.Period) as NonNullable<UsagePlanDefinition["quota"]>["period"],
      },
    }),
  };
}

type Throttle = { readonly rateLimit?: number; readonly burstLimit?: number };

/** The limits in a property; undefined if it has none. */
export function throttleIn(
  value: Json | undefined,
  rate: string,
  burst: string,
): Throttle | undefined {
  if (!isObject(value)) return undefined;
  const [rateLimit, burstLimit] = [value[rate], value[burst]];
  if (rateLimit === undefined && burstLimit === undefined) return undefined;
  return {
    ...(rateLimit !== undefined && { rateLimit: Number(rateLimit) }),
    ...(burstLimit !== undefined && { burstLimit: Number(burstLimit) }),
  };
}

/** The limits of a stage of a WebSocket API; undefined if it has none. */
export function stageThrottleOf(
  stage: Resource,
): (Throttle & { readonly routes: Readonly<Record<string, Throttle>> }) | undefined {
  const read = (value: Json | undefined) =>
    throttleIn(value, "ThrottlingRateLimit", "ThrottlingBurstLimit");
  const shared = read(stage.property("DefaultRouteSettings"));
  const settings = stage.property("RouteSettings");
  const routes = Object.entries(objectOf(settings)).flatMap(([key, value]) => {
    const own = read(value);
    return own === undefined ? [] : [[key, own] as const];
  });
  if (shared === undefined && routes.length === 0) return undefined;
  return { ...shared, routes: Object.fromEntries(routes) };
}

/**
 * Why a key that `$connect` requires is unknown here, so that every client is accepted; undefined if it is
 * known. A key that an authorizer gives is unknown if that runs elsewhere.
 */
export function whyKeyIsUnknown(
  { usagePlans }: Usage,
  api: string,
  lacksAuthorizer: boolean,
): string | undefined {
  const stages = Object.values(usagePlans).flatMap(({ apiStages = [] }) => apiStages);
  if (!stages.some((stage) => stage.api === api))
    return "is in no usage plan of the template, so all clients can connect";
  return lacksAuthorizer
    ? "does not come from an authorizer here, so all clients can connect"
    : undefined;
}
