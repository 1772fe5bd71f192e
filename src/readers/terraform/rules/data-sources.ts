import { createHash } from "node:crypto";
import { partitionOf } from "../../../definition/region.ts";
import { cloudFormationType, computed } from "./local-attributes.ts";
import { policyDocument } from "./policy-document.ts";
import { type Value, ValueFault } from "./values.ts";
import { type Surroundings, textIn, type WrittenResource } from "./written-resource.ts";

/**
 * A data source's attribute that its block does not contain. Values that only AWS knows are constant
 * placeholders.
 */
export function dataAttribute(
  data: WrittenResource,
  name: string,
  surroundings: Surroundings,
): Value | undefined {
  const { place, remoteOutputs } = surroundings;
  const partition = partitionOf(place.region);
  switch (data.type) {
    case "archive_file":
      return name.startsWith("output_")
        ? createHash("sha256").update(`${data.address}.${name}`).digest("base64")
        : undefined;
    case "aws_availability_zones":
      return name === "names" || name === "zone_ids"
        ? ["a", "b", "c"].map((zone) => `${place.region}${zone}`)
        : place.region;
    case "aws_caller_identity":
      return name === "arn"
        ? `arn:${partition.name}:iam::${place.accountId}:root`
        : place.accountId;
    case "aws_iam_policy_document":
      return name === "json" || name === "minified_json" ? policyDocument(data) : "";
    case "aws_partition":
      return name === "dns_suffix" ? partition.domain : partition.name;
    case "aws_region":
      return place.region;
    case "aws_secretsmanager_secret_version":
      return `{{resolve:secretsmanager:${textIn(data, "secret_id")}:SecretString}}`;
    case "aws_ssm_parameter":
      return name === "value"
        ? `{{resolve:ssm:${textIn(data, "name")}}}`
        : computed(data, name, place);
    case "terraform_remote_state":
      if (name === "outputs") return remoteOutputs(data);
      throw new ValueFault(`${data.address} has outputs, and no ${name}.`);
    default:
      return cloudFormationType(data.type) === undefined && name !== "arn" && name !== "id"
        ? `${data.key}.${name}`
        : computed(data, name, place);
  }
}
