import { expect, test } from "vitest";
import { dataAttribute } from "../../../../src/readers/terraform/rules/data-sources.ts";
import { resource } from "./resource.ts";

const ELSEWHERE = { remoteOutputs: () => "the outputs" };

/** An attribute of the data source `TYPE.it`. */
function attribute(type: string, name: string, region = "eu-west-1") {
  const place = {
    stackName: "chat",
    region,
    accountId: "123456789012",
    apiIdOf: (api: string) => `id-of-${api}`,
  };
  const data = resource(type, { name: "/a", secret_id: "b" }, { isData: true });
  return dataAttribute(data, name, { ...ELSEWHERE, place } as never);
}

test.each([
  ["archive_file", "output_path", "+rHtomNtNDJ5e8BemeQqD2EEH9ri7GhZnR7vm9ha7Kk="],
  ["archive_file", "source_dir", undefined],
  ["aws_availability_zones", "names", ["eu-west-1a", "eu-west-1b", "eu-west-1c"]],
  ["aws_availability_zones", "zone_ids", ["eu-west-1a", "eu-west-1b", "eu-west-1c"]],
  ["aws_availability_zones", "id", "eu-west-1"],
  ["aws_caller_identity", "arn", "arn:aws:iam::123456789012:root"],
  ["aws_caller_identity", "account_id", "123456789012"],
  ["aws_iam_policy_document", "id", ""],
  ["aws_iam_policy_document", "json", '{"Version":"2012-10-17","Statement":[]}'],
  ["aws_iam_policy_document", "minified_json", '{"Version":"2012-10-17","Statement":[]}'],
  ["aws_partition", "dns_suffix", "amazonaws.com"],
  ["aws_partition", "partition", "aws"],
  ["aws_region", "name", "eu-west-1"],
  [
    "aws_secretsmanager_secret_version",
    "secret_string",
    "{{resolve:secretsmanager:b:SecretString}}",
  ],
  ["aws_ssm_parameter", "value", "{{resolve:ssm:/a}}"],
  ["terraform_remote_state", "outputs", "the outputs"],
  ["unknown_type", "other", "it.other"],
])("an %s has the %s %j", (type, name, value) => {
  expect(attribute(type, name)).toEqual(value);
});

test.each([
  ["unknown_type", "arn"],
  ["unknown_type", "id"],
  ["aws_sqs_queue", "url"],
  ["aws_sqs_queue", "other"],
])("computes of an %s the %s as of a resource", (type, name) => {
  expect(attribute(type, name)).not.toBe(`it.${name}`);
});

test("knows no other attribute of the state of a project", () => {
  expect(() => attribute("terraform_remote_state", "id")).toThrow(
    "terraform_remote_state.it has outputs, and no id.",
  );
});
