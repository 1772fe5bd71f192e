import { expect, test } from "vitest";
import {
  hasTerraformApi,
  isOfTofu,
  isSourceFile,
  isTerraformFile,
  localModules,
  SOURCE_PATTERNS,
} from "../../../../src/readers/terraform/rules/terraform-files.ts";

test("a file has a WebSocket API if it names the protocol outside comments", () => {
  const line = 'protocol_type = "WEBSOCKET"';

  expect(hasTerraformApi(`a\n${line}`)).toBe(true);
  expect(hasTerraformApi(line.replaceAll('"', ""))).toBe(false);
  expect(hasTerraformApi(`# ${line}\n  // ${line}\n\t# ${line}`)).toBe(false);
  expect(hasTerraformApi(`# a\n${line}`)).toBe(true);
  expect(hasTerraformApi(`a = 1 # ${line}`)).toBe(true);
});

test("local modules are those whose source is a relative path", () => {
  const text = `source = "./a"
"source": "../b"
source="."
source = "terraform-aws-modules/lambda/aws"
source = ".a"
resource = "./c"
# source = "./d"
source = ".../e"`;

  expect(localModules(text)).toEqual(["./a", "../b", "."]);
});

test.each([
  ["main.tf", true, false],
  ["main.tofu", true, true],
  ["main.tf.json", true, false],
  ["main.tofu.json", true, true],
  ["main.tf.bak", false, false],
  ["main.tofu.bak", false, false],
  ["maintf", false, false],
  ["plan.json", false, false],
])("whether %s is a source file: %s, of OpenTofu only: %s", (file, isSource, isTofu) => {
  expect([isSourceFile(file), isOfTofu(file)]).toEqual([isSource, isTofu]);
});

test.each([
  ["main.tf", "", true],
  ["plan.json", '{"format_version": "1.2", "planned_values": {}}', true],
  ["state.json", '{"format_version" :"1.0","values" : {}}', true],
  ["a.json", '{"format_version": "1.0"}', false],
  ["a.json", '{"values": {}}', false],
  ["plan.txt", '{"format_version": "1.2", "planned_values": {}}', false],
])("whether %s with %s is Terraform's: %s", (file, text, isTerraform) => {
  expect(isTerraformFile(file, () => text)).toBe(isTerraform);
});

test("new source files are noticed by their names", () => {
  expect(SOURCE_PATTERNS).toEqual(["*.tf", "*.tofu", "*.tf.json", "*.tofu.json"]);
});
