import type { Api } from "../../../definition/project.ts";
import { headerValue } from "../../iam/rules/raw-headers.ts";
import { nameOf } from "./aws-hosts.ts";

/**
 * What the path of a request begins with: the stage, or on the custom domain its mapping key, which
 * chooses the stage and may be empty.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function basePath(
  { stage, customDomain }: Pick<Api, "stage" | "customDomain">,
  rawHeaders: readonly string[],
): string {
  if (customDomain === undefined) return stage.name;
  const host = headerValue(rawHeaders, "host");
  return host !== undefined && nameOf(host) === customDomain.name
    ? customDomain.mappingKey
    : stage.name;
}
