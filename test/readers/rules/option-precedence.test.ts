import { expect, test } from "vitest";
import { chosenParameters, chosenPlace } from "../../../src/readers/rules/option-precedence.ts";

test("parameters of the command line win over samconfig.toml, and these over fromTemplate()", () => {
  const all = chosenParameters({
    commandLine: { A: "1" },
    samconfig: { A: "2", B: "2" },
    fromTemplate: { A: "3", B: "3", C: "3" },
  });

  expect(all).toEqual({ A: "1", B: "2", C: "3" });
});

const place = (name: string) => ({ stackName: name, region: `${name}-1` });

test("name and region of a stack are those of the command line, else of its own tool, else of samconfig.toml", () => {
  const from = { commandLine: place("line"), ownTool: place("tool"), samconfig: place("sam") };
  const env = { AWS_REGION: "env-1" };

  expect(chosenPlace(from, env)).toEqual(place("line"));
  expect(chosenPlace({ ...from, commandLine: {} }, env)).toEqual(place("tool"));
  expect(chosenPlace({ ...from, commandLine: {}, ownTool: undefined }, env)).toEqual(place("sam"));
  expect(chosenPlace({ commandLine: {}, ownTool: {}, samconfig: undefined }, env)).toEqual({
    stackName: undefined,
    region: "env-1",
  });
});
