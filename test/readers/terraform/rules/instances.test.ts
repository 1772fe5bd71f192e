import { expect, test } from "vitest";
import { HclFault } from "../../../../src/readers/terraform/rules/hcl-syntax.ts";
import {
  DataInstance,
  ResourceInstance,
} from "../../../../src/readers/terraform/rules/instances.ts";
import { parseHcl } from "../../../../src/readers/terraform/rules/parse-hcl.ts";
import type { Value } from "../../../../src/readers/terraform/rules/values.ts";
import { contextOf } from "../evaluated.ts";

const SURROUNDINGS = {
  place: {
    stackName: "chat",
    region: "eu-west-1",
    accountId: "123456789012",
    apiIdOf: (name: string) => `id-of-${name}`,
  },
};

/** An instance `TYPE.it` of a block with this body, in which `it` is the instance. */
function instance(hcl: string, type = "aws_sqs_queue", Kind = ResourceInstance) {
  const named = (name: string): Value | undefined => (name === "it" ? found : undefined);
  const found: ResourceInstance | DataInstance = new Kind({
    type,
    name: "it",
    address: `${type}.it`,
    key: () => "It",
    body: parseHcl(hcl),
    scope: { file: "/chat/main.tf", named, context: contextOf({}) },
    origin: (attribute) => ({
      file: "/chat/main.tf",
      line: attribute?.line ?? 0,
      column: attribute?.column ?? 0,
      path: [type, "it", ...(attribute === undefined ? [] : [attribute.name])],
    }),
    surroundings: SURROUNDINGS as never,
  });
  return found;
}

test("an instance has its names, and its attributes written or computed", () => {
  const it = instance('name = "jobs"\nother = null');

  expect([it.label, it.address, it.type, it.key, it.isData]).toEqual([
    "aws_sqs_queue.it",
    "aws_sqs_queue.it",
    "aws_sqs_queue",
    "It",
    false,
  ]);
  expect(it.written("name")).toBe("jobs");
  expect(it.attribute("name")).toBe("jobs");
  expect(it.written("other")).toBeUndefined();
  expect(it.written("other")).toBeUndefined();
  expect(it.written("arn")).toBeUndefined();
  expect(it.value("arn")).toBe("arn:aws:sqs:eu-west-1:123456789012:jobs");
  const data = instance("", "aws_region", DataInstance as never);
  expect([data.isData, data.value("name")]).toEqual([true, "eu-west-1"]);
});

test("meta-arguments are not attributes", () => {
  const meta = "connection count depends_on for_each lifecycle provider provisioner timeouts";
  const written = meta.split(" ").map((name) => `${name} = 1`);
  const blocks = meta.split(" ").map((name) => `${name} {}`);
  const it = instance([...written, "own = 1", "part {}", 'dynamic "piece" {}'].join("\n"));

  expect(it.names()).toEqual(["own", "part", "piece", "id", "arn"]);
  expect(meta.split(" ").map(it.written)).toEqual(written.map(() => undefined));
  expect(meta.split(" ").map(instance(blocks.join("\n")).written)).toEqual(
    blocks.map(() => undefined),
  );
});

test("blocks are values, dynamic ones too", () => {
  const it = instance(`
    part { a = 1 }
    dynamic "part" {
      for_each = ["x", "y"]
      content {
        a = part.key
        b = part.value
      }
    }
    dynamic "part" {
      for_each = [5]
      iterator = each
      labels = []
      content {
        a = each.key
        inner { b = each.value }
      }
    }
    dynamic "part" {
      for_each = { d = 1, c = 2 }
      content { a = "\${part.key}\${part.value}\${it.name}" }
    }
    dynamic "part" {
      for_each = 1
      content {}
    }
    name = "n"
    other { c = 1 }
  `);

  expect(it.written("part")).toEqual([
    { a: 1 },
    { a: "x", b: "x" },
    { a: "y", b: "y" },
    { a: 0, inner: [{ b: 5 }] },
    { a: "c2n" },
    { a: "d1n" },
  ]);
  expect(it.written("dynamic")).toBeUndefined();
});

test.each(['dynamic "part" { for_each = [] }', 'dynamic "part" {\ncontent {}\n}'])(
  "%s lacks something",
  (hcl) => {
    const read = () => instance(hcl).written("part");

    expect(read).toThrow(HclFault);
    expect(read).toThrow("a dynamic block needs for_each and content.");
    expect(read).toThrow(expect.objectContaining({ file: "/chat/main.tf" }));
  },
);

test("an attribute that depends on itself is rejected, and read again", () => {
  const it = instance("a = it.b\nb = it.a\nc = 1");

  for (const _ of [1, 2]) {
    expect(() => it.written("a")).toThrow("aws_sqs_queue.it.a depends on itself.");
  }
  expect(it.written("c")).toBe(1);
});

test("an attribute or a block has its place, anything else that of the resource", () => {
  const it = instance('name = 1\npart {}\n  dynamic "piece" {}');
  const at = (line: number, column: number, ...more: readonly string[]) => ({
    file: "/chat/main.tf",
    line,
    column,
    path: ["aws_sqs_queue", "it", ...more],
  });

  expect(it.origin()).toEqual(at(0, 0));
  expect(it.origin("none")).toEqual(at(0, 0));
  expect(it.origin("name")).toEqual(at(1, 1, "name"));
  expect(it.origin("part")).toEqual(at(2, 1, "part"));
  expect(it.origin("piece")).toEqual(at(3, 3, "piece"));
});
