import { partitionOf } from "../../../../definition/region.ts";
import { isObject, parseJson } from "../../../../values/json.ts";
import { neededPermissions } from "../../../dynamodb/rules/permissions.ts";
import { accessDenied, refusalBody } from "../../../dynamodb/rules/refusals.ts";
import { type AccessDenied, deniedMessage } from "../../../iam/rules/access-denied.ts";
import { neededAction, standInDenial } from "../../../network/rules/stand-in-calls.ts";
import type { BackendAnswer } from "./integration-response.ts";
import type { ServiceCall } from "./service-request.ts";

/** What the role of an integration has to allow. */
export type NeededByCall = {
  readonly action: string;
  readonly resource: string;
  /** Where resources may have other names here than on AWS. */
  readonly standIn?: string;
};

/** What a call of a service needs; nothing where wsgw does not judge it. */
export function neededByCall(call: ServiceCall, accountId: string): readonly NeededByCall[] {
  const { service, region, operation = "", request } = call;
  const body = Buffer.from(request.body).toString();
  const partition = partitionOf(region).name;
  if (service !== "dynamodb") {
    const needed = neededAction({ service, operation, body, partition, region, accountId });
    return needed === undefined ? [] : [{ ...needed, standIn: service }];
  }
  const input = parseJson(body)?.value;
  const prefix = `arn:${partition}:dynamodb:${region}:${accountId}:`;
  return neededPermissions(operation, isObject(input) ? input : {}).map(({ action, resource }) => ({
    action,
    resource: `${prefix}${resource}`,
  }));
}

/** How a service refuses a call for the role of its caller. */
export function deniedAnswer(service: string, denied: AccessDenied): BackendAnswer {
  const { statusCode, body } =
    service === "dynamodb"
      ? { statusCode: 400, body: refusalBody(accessDenied(deniedMessage(denied))) }
      : standInDenial(service, denied);
  return { statusCode, headers: {}, body: Buffer.from(String(body)) };
}
