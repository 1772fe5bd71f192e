import { expect, test } from "vitest";
import { Evaluator } from "../../../src/readers/cloudformation/rules/intrinsic-functions.ts";
import {
  expandLoops,
  hasTransform,
} from "../../../src/readers/cloudformation/rules/language-extensions.ts";
import type { JsonObject } from "../../../src/readers/cloudformation/rules/origins.ts";
import { Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import { parameterValues } from "../../../src/readers/cloudformation/rules/parameters.ts";
import { parseTemplate } from "../../../src/readers/cloudformation/template-file.ts";
import { rounds } from "../../rounds.ts";
import { createRandom, mutatedText, mutatedTree } from "./mutations.ts";

const COUNT = Number(process.env.WSGW_MUTANTS ?? rounds(400));
const SLOWEST_MS = 200;

const SEED = `AWSTemplateFormatVersion: 2010-09-09
Transform: AWS::LanguageExtensions
Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
  Names: { Type: CommaDelimitedList, Default: "a,b" }
  Size: { Type: Number, Default: 128, MinValue: 1 }
Mappings:
  Sizes: { dev: { memory: 128, zones: [a, b] }, prod: { memory: 512 } }
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  Both: !And [!Condition IsDev, !Not [!Equals [!Ref Size, 1]]]
Resources:
  Common: &common { Type: AWS::SQS::Queue, Properties: { Name: !Sub "\${Stage}-q" } }
  Table:
    Type: AWS::DynamoDB::Table
    Condition: IsDev
    Properties:
      TableName: !Join ["-", [!Ref AWS::StackName, !Ref Stage, table]]
      Items: !Select [0, !Split [",", "a,b"]]
  Other: *common
  Merged: { <<: *common, DependsOn: Table }
  Fn::ForEach::Queues:
  - Name
  - !Ref Names
  - Queue\${Name}: { Type: AWS::SQS::Queue, Properties: { Name: !Sub ["\${A}-\${Name}", { A: !GetAtt Table.Arn }] } }
  Function:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: !FindInMap [Sizes, !Ref Stage, memory, { DefaultValue: 1 }]
      Code: { ZipFile: !Sub "exports.a = \${!x}" }
      Key: "{{resolve:ssm:/chat/key:1}}"
      Zones: !GetAZs ""
      Cidr: !Cidr [10.0.0.0/16, 2, 8]
      Json: !ToJsonString { A: !Base64 b, L: !Length [1, 2] }
      Url: !If [Both, !ImportValue chat:url, !Ref AWS::NoValue]
`;

/** Reads all of a template; the number of findings. */
function read(text: string): { readonly isRead: boolean; readonly findings: number } {
  let findings = 0;
  const report = () => {
    findings += 1;
  };
  const origins = new Origins();
  let template = parseTemplate(text, "t.yaml", origins, report);
  if (template === undefined) return { isRead: false, findings };
  const parameters = parameterValues(template, {}, origins, report);
  const evaluatorOf = (sections: JsonObject): Evaluator => {
    const evaluator: Evaluator = new Evaluator(
      {
        template: sections,
        pseudo: {
          accountId: "1",
          partition: "aws",
          region: "r",
          stackId: "i",
          stackName: "s",
          urlSuffix: "u",
        },
        parameters,
        resource: (id) => {
          const resources = sections.Resources as JsonObject | undefined;
          const value = resources?.[id];
          return value === undefined ? undefined : (evaluator.value(value) ?? id);
        },
        importValue: () => undefined,
        secret: () => undefined,
      },
      origins,
      report,
    );
    return evaluator;
  };
  if (hasTransform(template, "AWS::LanguageExtensions")) {
    const evaluator = evaluatorOf(template);
    template = expandLoops(template, (node) => evaluator.value(node), origins, report);
  }
  const evaluator = evaluatorOf(template);
  const value = evaluator.value(template);
  for (const name of Object.keys((template.Conditions as object | undefined) ?? {}))
    evaluator.holds(name);
  return { isRead: value !== undefined, findings };
}

test("the template that is mutated is read without a fault", () => {
  const { isRead, findings } = read(SEED);

  expect(isRead).toBe(true);
  expect(findings).toBeLessThan(12); // names without a value here
});

test.each(["bytes", "trees"])(
  `templates with mutated ${"%s"} give a value or findings, never an exception and never slowly`,
  (what) => {
    const seed = parseTemplate(SEED, "t.yaml", new Origins(), () => {}) as JsonObject;
    let readable = 0;
    for (let at = 0; at < COUNT / 2; at += 1) {
      const random = createRandom(at);
      const text =
        what === "bytes"
          ? mutatedText(SEED, random)
          : JSON.stringify(mutatedTree(seed, random, 0.02));
      const before = process.cpuUsage();
      const result = read(text);
      const { user } = process.cpuUsage(before);
      expect(result.isRead || result.findings > 0, `mutant ${at}: ${text}`).toBe(true);
      expect(user / 1000, `time of mutant ${at}: ${text}`).toBeLessThan(SLOWEST_MS);
      if (result.isRead) readable += 1;
    }
    expect(readable).toBeGreaterThan(COUNT / 20);
  },
  600_000,
);
