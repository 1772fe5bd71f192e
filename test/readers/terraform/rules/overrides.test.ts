import { expect, test } from "vitest";
import { type Body, HclFault } from "../../../../src/readers/terraform/rules/hcl-syntax.ts";
import { withOverrides } from "../../../../src/readers/terraform/rules/overrides.ts";
import { parseHcl } from "../../../../src/readers/terraform/rules/parse-hcl.ts";

/** A body: each attribute with its value and, where it has one, its file; each block by its name. */
function outline({ attributes, blocks }: Body): unknown {
  return [
    ...[...attributes.values()].map(
      ({ name, value, file = "" }) =>
        `${name} = ${value.kind === "literal" ? value.value : value.kind}${file && ` in ${file}`}`,
    ),
    ...blocks.map(({ type, labels, body }) => [[type, ...labels].join(" "), outline(body)]),
  ];
}

const parsed = (file: string, text: string) => ({ file, body: parseHcl(text) });

function overridden(texts: readonly string[], overrides: readonly string[]): unknown {
  const files = texts.map((text, at) => parsed(`${at}.tf`, text));
  const over = overrides.map((text, at) => parsed(`${at}_override.tf`, text));
  return withOverrides(files, over).map(({ file, body }) => [file, outline(body)]);
}

test("override files replace attributes, and blocks of the same type", () => {
  const files = [
    `resource "a" "b" {
       one = 1
       two = 2
       part { old = 1 }
       dynamic "piece" { old = 1 }
       more { old = 1 }
       kept { old = 1 }
     }
     resource "a" "c" { one = 1 }`,
    `variable "a" { one = 1 }`,
  ];
  const overrides = [
    `resource "a" "b" {
       two = 3
       part { new = 1 }
       dynamic "more" { new = 1 }
       piece { new = 1 }
     }
     terraform { one = 1 }`,
    `resource "a" "b" { two = 4 }`,
  ];

  expect(overridden(files, overrides)).toEqual([
    [
      "0.tf",
      [
        [
          "resource a b",
          [
            "one = 1",
            "two = 4 in 1_override.tf",
            ["kept", ["old = 1"]],
            ["part", ["new = 1"]],
            ["dynamic more", ["new = 1"]],
            ["piece", ["new = 1"]],
          ],
        ],
        ["resource a c", ["one = 1"]],
      ],
    ],
    ["1.tf", [["variable a", ["one = 1"]]]],
  ]);
});

test("override files replace local values one by one", () => {
  const files = ["locals {\n a = 1\n b = 2\n}\nlocals { c = 3 }\nvariable a { c = 1 }"];

  expect(overridden(files, ["locals {\n b = 4\n c = 5\n d = 6\n}"])).toEqual([
    [
      "0.tf",
      [
        ["locals", ["a = 1", "b = 4 in 0_override.tf"]],
        ["locals", ["c = 5 in 0_override.tf"]],
        ["variable a", ["c = 1"]],
      ],
    ],
  ]);
});

test("a block that overrides nothing is rejected at its place", () => {
  const override = () => overridden(['resource "a" "b" {}'], ['\nresource "a" "c" {}']);

  expect(override).toThrow(HclFault);
  expect(override).toThrow("resource.a.c does not exist, so it cannot be overridden.");
  expect(override).toThrow(
    expect.objectContaining({
      place: expect.objectContaining({ line: 2, column: 1 }),
      file: "0_override.tf",
    }),
  );
});
