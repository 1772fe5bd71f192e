import { partitionOf } from "../../../../definition/region.ts";
import { objectOf, parseJson } from "../../../../values/json.ts";
import { neededPermissions } from "../../../dynamodb/rules/needed-permissions.ts";
import { accessDenied, rejectionBody } from "../../../dynamodb/rules/rejections.ts";
import { type AccessDenied, deniedMessage } from "../../../iam/rules/access-denied.ts";
import { neededAction, standInDenial } from "../../../network/rules/sending-actions.ts";
import type { BackendAnswer } from "./integration-response.ts";
import type { ServiceCall } from "./service-request.ts";

/** The permission that an integration's role needs for a call. */
export type NeededByCall = {
  readonly action: string;
  readonly resource: string;
  /** The local name for resources whose names may differ from those on AWS. */
  readonly standIn?: string;
};

/** The permissions that a call to a service needs; empty where wsgw checks none. */
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
  return neededPermissions(operation, objectOf(input)).map(({ action, resource }) => ({
    action,
    resource: `${prefix}${resource}`,
  }));
}

/** The response of a service when the caller's role does not allow the call. */
export function deniedAnswer(service: string, denied: AccessDenied): BackendAnswer {
  const { statusCode, body } =
    service === "dynamodb"
      ? { statusCode: 400, body: rejectionBody(accessDenied(deniedMessage(denied))) }
      : standInDenial(service, denied);
  return { statusCode, headers: {}, body: Buffer.from(String(body)) };
}
