import * as v from "valibot";
import { isObject } from "../values/json.ts";
import { join, reference } from "./value-schema.ts";
import {
  fields,
  list,
  meant,
  oneOf,
  optional,
  record,
  required,
  something,
  text,
  textThat,
} from "./vocabulary.ts";

// Permissions of roles.

const action = textThat(
  'an action such as "s3:GetObject", or an array of actions',
  (word) => word !== "",
);

/** JSON with references at any place, for example as an ARN, or in CloudFormation functions. */
const withReferences: v.GenericSchema<unknown> = meant(v.unknown(), (value) => {
  if (Array.isArray(value)) return v.array(withReferences);
  if (!isObject(value)) return v.unknown();
  if ("join" in value) return join;
  return "ref" in value ? reference : v.record(v.string(), withReferences);
});

/** Any value except undefined and null, with references in it. */
function statementPart(expected: string) {
  const anything = something(expected);
  return meant(anything, (value) =>
    typeof value === "object" && value !== null ? withReferences : anything,
  );
}

export const roleStatement = fields("a role statement", {
  Sid: optional(
    text("a name of letters and digits", /^[A-Za-z0-9]+$/),
    "A name of letters and digits.",
  ),
  Effect: required(oneOf("an effect", ["Allow", "Deny"]), "`Allow` or `Deny`."),
  Action: required(
    meant(v.union([action, list(action)]), (value) =>
      Array.isArray(value) && value.length > 0 ? list(action) : action,
    ),
    'An action such as `"s3:GetObject"`, or an array of actions.',
  ),
  Resource: required(
    statementPart("a resource: an ARN, an array of ARNs, or an intrinsic function"),
    "An ARN or a reference, an array of these, or an intrinsic function of CloudFormation.",
  ),
  Condition: optional(
    statementPart("a condition"),
    "A condition in IAM's syntax. Its values may be references.",
  ),
});

/** The permissions of a role from elsewhere; set by readers of templates. */
export const permissionsSchema = fields("what a role allows", {
  roleName: optional(
    textThat("the name of a role", (name) => name !== ""),
    "Name of the role. Default: the name of the function.",
  ),
  policies: optional(
    record("a policy document for each name", v.string(), something("a policy document of IAM")),
    "Policy documents of IAM, by the name of the policy.",
    {},
  ),
  managedPolicies: optional(
    list(textThat("the ARN of a managed policy", (arn) => arn.startsWith("arn:"))),
    "ARNs of policies that AWS manages.",
    [],
  ),
  ownPolicies: optional(
    list(textThat("the name of a service, such as sqs", (name) => /^[a-z]+$/.test(name))),
    "Services whose resources have their own policies, such as `sqs`. These may allow more, so wsgw does not check calls to them.",
    [],
  ),
  onlyOnAws: optional(
    list(textThat("a value", (value) => value !== "")),
    "Values in the policies that only AWS knows; here they are placeholders. wsgw does not check calls that a statement with one of them may allow.",
    [],
  ),
  unknown: optional(
    textThat("why the role is unknown", (why) => why !== ""),
    "Why the role is not completely known. wsgw then rejects no calls of its function. Completes a sentence.",
  ),
});
