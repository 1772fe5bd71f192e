import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { composeYaml } from "../../../src/readers/cloudformation/compose-yaml.ts";
import { readPlainYaml } from "../../../src/readers/cloudformation/rules/plain-yaml.ts";
import { rounds } from "../../rounds.ts";
import { createRandom, mutatedText } from "./mutations.ts";

const COUNT = Number(process.env.WSGW_MUTANTS ?? rounds(3000));
const FIXTURES = fileURLToPath(new URL("../../../fixtures", import.meta.url));
const files = ["templates", "projects"].flatMap((directory) =>
  readdirSync(join(FIXTURES, directory), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ya?ml|json)$/.test(name) && !name.includes("node_modules"))
    .map((name) => join(directory, name)),
);
const texts = files.map((name) => readFileSync(join(FIXTURES, name), "utf8"));

const IDIOMS = `# A comment
AWSTemplateFormatVersion: 2010-09-09
Description: >-
  One line
  and another.

  A paragraph.
"Quoted": 'it''s'
Resources:
  Api: # a comment
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: WEBSOCKET, Route: $request.body.action, "a":1, b: [ -1, "\\u00e4\\n", !Ref X ] }
  Items:
  - !If [ A, !Sub "\${B}", { C: d } ]
  - - nested
    - !GetAtt A.B
  - Key: value # why
    Other:
      - !Join
        - ","
        - [ a,
            b ]
  -
    Sid: 1
  Code: !Sub |
    exports.handler = async () => {
      # no comment
    };

  Last: !Select
    - 0
    - http://a.b/c#d
  Policy:
    {
      "Version": "2012-10-17",
      "Statement": []
    }
  Text: |-
    a

      b
End: x
`;

/** What the package makes of a text; undefined when it is not one document without a fault. */
function composed(text: string) {
  const { documents, errors, tooDeepAt } = composeYaml(text, 100);
  const [only, ...others] = documents;
  const isOne = errors.length === 0 && tooDeepAt === undefined && others.length === 0;
  return isOne ? only?.content : undefined;
}

/** Without what is not there. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

test("reads most fixtures as the yaml package does, with all places", { tags: ["journey"] }, () => {
  const read = texts.filter((text) => readPlainYaml(text) !== undefined);
  for (const text of [...read, IDIOMS]) {
    expect(asJson(readPlainYaml(text))).toEqual(asJson(composed(text)));
  }
  expect(read.length).toBeGreaterThan(texts.length / 2);
});

test("reads whatever it accepts of broken files as the yaml package does", {
  tags: ["journey"],
}, () => {
  const random = createRandom(20_261_129);
  const seeds = [IDIOMS, IDIOMS, ...texts.filter(({ length }) => length < 4000)];
  let accepted = 0;
  for (let left = COUNT; left > 0; left -= 1) {
    const text = mutatedText(seeds[left % seeds.length] ?? "", random);
    const node = readPlainYaml(text);
    if (node === undefined) continue;
    accepted += 1;
    expect({ text, node: asJson(node) }).toEqual({ text, node: asJson(composed(text)) });
  }
  expect(accepted).toBeGreaterThan(COUNT / 10);
});
