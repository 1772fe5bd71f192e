import type { ThrottleDefinition } from "../../definition/parts.ts";
import type { Project, StageThrottle, UsagePlan } from "../../definition/project.ts";
import { ref, sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import {
  apiKeyLogicalId,
  stageLogicalId,
  usagePlanKeyLogicalId,
  usagePlanLogicalId,
} from "./logical-ids.ts";
import type { JsonObject, Resource } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";

type Resources = Readonly<Record<string, Resource>>;

/**
 * API keys, usage plans, and their assignments. WebSocket APIs have none of their own: those of REST APIs
 * accept their stages.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
export function usageResources(
  { apiKeys, usagePlans }: Pick<Project, "apiKeys" | "usagePlans">,
  apis: readonly PlacedApi[],
): Resources {
  const keys = Object.values(apiKeys).map(({ name, value, enabled, description }) => {
    const Properties = {
      ...(description && { Description: description }),
      Enabled: enabled,
      Name: sub(`\${AWS::StackName}-${name}`),
      ...(value !== undefined && { Value: value }),
    };
    return [apiKeyLogicalId(name), { Type: "AWS::ApiGateway::ApiKey", Properties }] as const;
  });
  const plans = Object.values(usagePlans).flatMap((plan) => planResources(plan, apis));
  return Object.fromEntries([...keys, ...plans]);
}

function planResources(
  plan: UsagePlan,
  apis: readonly PlacedApi[],
): readonly (readonly [string, Resource])[] {
  const id = usagePlanLogicalId(plan.name);
  const { description, quota } = plan;
  const throttle = limits(plan.throttle, "RateLimit", "BurstLimit");
  const Properties = {
    ApiStages: plan.apiStages.flatMap(({ api, stage }) => placedStage(apis, api, stage)),
    ...(description && { Description: description }),
    ...(quota !== undefined && { Quota: { Limit: quota.limit, Period: quota.period } }),
    ...(throttle !== undefined && { Throttle: throttle }),
    UsagePlanName: sub(`\${AWS::StackName}-${plan.name}`),
  };
  const members = [...new Set(plan.apiKeys)].map((key) => {
    const member = { KeyId: ref(apiKeyLogicalId(key)), KeyType: "API_KEY", UsagePlanId: ref(id) };
    return [
      usagePlanKeyLogicalId(plan.name, key),
      { Type: "AWS::ApiGateway::UsagePlanKey", Properties: member },
    ] as const;
  });
  return [[id, { Type: "AWS::ApiGateway::UsagePlan", Properties }], ...members];
}

function placedStage(apis: readonly PlacedApi[], key: string, name: string): readonly JsonObject[] {
  const placed = apis.find(({ api }) => api.key === key);
  const stage = placed?.stages.find((each) => each.name === name);
  if (placed === undefined || stage === undefined) return [];
  return [{ ApiId: ref(placed.logicalId), Stage: ref(stageLogicalId(stage.prefix)) }];
}

/** The limits of a stage: those of all routes, and those of routes with their own. */
export function throttleSettings(throttle: StageThrottle | undefined): {
  readonly shared?: JsonObject;
  readonly routes?: Readonly<Record<string, JsonObject>>;
} {
  if (throttle === undefined) return {};
  const shared = settings(throttle);
  const routes = Object.entries(throttle.routes).flatMap(([key, own]) => {
    // complete, because API Gateway's handling of a missing limit is unknown
    const made = settings({ ...throttle, ...own });
    return settings(own) === undefined || made === undefined ? [] : [[key, made] as const];
  });
  return {
    ...(shared !== undefined && { shared }),
    ...(routes.length > 0 && { routes: Object.fromEntries(routes) }),
  };
}

function settings(throttle: ThrottleDefinition): JsonObject | undefined {
  return limits(throttle, "ThrottlingRateLimit", "ThrottlingBurstLimit");
}

function limits(
  throttle: ThrottleDefinition | undefined,
  rate: string,
  burst: string,
): JsonObject | undefined {
  const { rateLimit, burstLimit } = throttle ?? {};
  if (rateLimit === undefined && burstLimit === undefined) return undefined;
  return {
    ...(burstLimit !== undefined && { [burst]: burstLimit }),
    ...(rateLimit !== undefined && { [rate]: rateLimit }),
  };
}
