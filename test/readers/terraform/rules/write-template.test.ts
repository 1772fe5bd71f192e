import { expect, test } from "vitest";
import { Origins } from "../../../../src/readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../../../src/readers/cloudformation/rules/report.ts";
import { HclFault } from "../../../../src/readers/terraform/rules/hcl-syntax.ts";
import { ValueFault } from "../../../../src/readers/terraform/rules/values.ts";
import { writeTemplate } from "../../../../src/readers/terraform/rules/write-template.ts";
import type { WrittenResource } from "../../../../src/readers/terraform/rules/written-resource.ts";
import { resource } from "./resource.ts";

const origin = (attribute?: string) => ({
  file: "/chat/main.tf",
  line: attribute === undefined ? 1 : 2,
  column: 3,
  path: ["it", ...(attribute === undefined ? [] : [attribute])],
});

function written(...resources: readonly WrittenResource[]) {
  const origins = new Origins();
  const found: Finding[] = [];
  const report = (finding: Finding) => {
    found.push(finding);
  };
  const codeOf = () => {
    throw new Error("no code");
  };
  const template = writeTemplate(resources, codeOf as never, { origins, report });
  return { template, origins, found };
}

test("resources are written by their mappings, without data sources and gathered ones", () => {
  const { template, found } = written(
    resource("aws_sqs_queue", { name: "jobs", fifo_queue: [] }, { key: "Jobs" }),
    resource("aws_sqs_queue", {}, { key: "data", isData: true }),
    resource("aws_s3_object", {}, { key: "object" }),
    resource("toString", { a: 1 }, { key: "Other" }),
  );

  expect(template).toEqual({
    Resources: {
      Jobs: { Type: "AWS::SQS::Queue", Properties: { QueueName: "jobs" } },
      Other: { Type: "toString", Properties: {} },
    },
  });
  expect(found).toEqual([]);
});

test("what is gathered from other resources is only of their types", () => {
  const attached = { role: "app", policy_arn: "arn:aws:iam::aws:policy/a" };
  const { template } = written(
    resource("aws_iam_role", { name: "app" }, { key: "Role" }),
    resource("aws_iam_role_policy_attachment", attached),
    resource("aws_sqs_queue", { ...attached, policy_arn: "arn:aws:iam::aws:policy/b" }),
  );

  expect(template).toMatchObject({
    Resources: { Role: { Properties: { ManagedPolicyArns: ["arn:aws:iam::aws:policy/a"] } } },
  });
});

test("what is written has the places of its attributes", () => {
  const { template, origins } = written(
    resource("aws_sqs_queue", { name: "jobs" }, { key: "Jobs", origin }),
  );
  const { Jobs } = template.Resources as { readonly Jobs: { readonly Properties: object } };

  expect(origins.of(Jobs)).toEqual(origin());
  expect(origins.of(Jobs.Properties)).toEqual(origin());
  expect(origins.of(Jobs.Properties, "QueueName")).toEqual(origin("name"));
});

/** A resource of which an attribute cannot be read. */
function failing(type: string, error: Error): WrittenResource {
  const written = () => {
    throw error;
  };
  return resource(type, {}, { written, value: written, origin });
}

test("faults are reported where they are, as warnings if they are of roles", () => {
  const place = { line: 7, column: 8 };
  const queue = written(failing("aws_sqs_queue", new ValueFault("a.")));

  expect(queue.template).toEqual({
    Resources: { it: { Type: "AWS::SQS::Queue", Properties: {} } },
  });
  expect(queue.found).toEqual([
    { severity: "error", origin: origin("fifo_queue"), problem: "a." },
    { severity: "error", origin: origin("name"), problem: "a." },
  ]);
  const policy = written(failing("aws_iam_role_policy", new HclFault("b.", place, "/chat/b.tf")));
  expect(policy.template).toEqual({
    Resources: {
      it: {
        Type: "AWS::IAM::RolePolicy",
        Properties: {
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "*", Resource: "{{resolve:terraform:faulty}}" }],
          },
        },
      },
    },
  });
  expect(policy.found).toEqual([
    {
      severity: "warning",
      origin: { ...origin("policy"), ...place, file: "/chat/b.tf" },
      problem: "b.",
    },
    {
      severity: "warning",
      origin: { ...origin("role"), ...place, file: "/chat/b.tf" },
      problem: "b.",
    },
  ]);
  expect(written(failing("aws_sqs_queue", new HclFault("c.", place))).found[0]).toEqual({
    severity: "error",
    origin: { ...origin("fifo_queue"), ...place },
    problem: "c.",
  });
  expect(() => written(failing("aws_sqs_queue", new TypeError("d")))).toThrow(new TypeError("d"));
});
