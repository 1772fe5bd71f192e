import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadDefinition } from "../../../src/emulator/load-project.ts";
import { WsgwError } from "../../../src/errors.ts";
import { rounds } from "../../rounds.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { project } from "../projects.ts";
import { SERVICES } from "./services.ts";

const MUTANTS = rounds(300);
const PIECES = [
  "${self:",
  "${file(",
  "${opt:a",
  "}",
  "\n",
  "  ",
  ": ",
  "- ",
  "&a ",
  "*a",
  "!Ref ",
  "[",
  "{",
  "~",
  "0",
  "'",
  '"',
  "${self:functions}",
  "${file(./serverless.yml)}",
  "${self:}",
  "resources: ",
  "extensions: ",
  "\\${",
];

/** The same numbers in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function mutated(text: string, random: (below: number) => number): string {
  const at = random(text.length);
  const piece = PIECES[random(PIECES.length)] ?? "";
  switch (random(3)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random(8));
    default: {
      const lines = text.split("\n");
      const from = random(lines.length);
      lines.splice(random(lines.length), random(2), lines[from] ?? "");
      return lines.join("\n");
    }
  }
}

const quizNight = readFileSync(
  fileURLToPath(new URL("../../../fixtures/projects/quiz-night/serverless.yml", import.meta.url)),
  "utf8",
);

test("reads broken services or names what is wrong, and never fails otherwise", async () => {
  const random = createRandom(7);
  const yaml = SERVICES.flatMap(({ files }) => files["serverless.yml"] ?? []);
  const { root, write } = project({ "a.js": "exports.handler = () => {};" });
  const stateDir = temporaryDirectory();
  for (let count = 0; count < MUTANTS; count += 1) {
    const text = [quizNight, ...yaml][random(yaml.length + 1)] ?? "";
    const broken = mutated(mutated(text, random), random);
    write("serverless.yml", broken);
    const loading = loadDefinition({ cwd: root, template: "serverless.yml", stateDir });
    const outcome = await loading.catch((error: unknown) => error);
    if (outcome instanceof Error && !(outcome instanceof WsgwError)) {
      expect.fail(`${broken}\n${outcome.stack}`);
    }
  }
});

const service = (custom: string, value: string) => `service: chat
provider: { name: aws, environment: { A: "${value}" } }
custom:
${custom}
functions: { door: { handler: a.handler, events: [{ websocket: $connect }] } }
`;

test.each([
  [
    "a string that doubles",
    Array.from(
      { length: 40 },
      (_, at) => `  a${at}: "\${self:custom.a${at + 1}}\${self:custom.a${at + 1}}"`,
    )
      .join("\n")
      .concat("\n  a40: xxxxxxxxxx"),
    "${self:custom.a0}",
    "A string is too long after its variables are replaced.",
  ],
  [
    "a long chain",
    Array.from({ length: 900 }, (_, at) => `  a${at}: \${self:custom.a${at + 1}}`)
      .join("\n")
      .concat("\n  a900: end"),
    "${self:custom.a0}",
    "Variables are nested too deeply. Flatten them.",
  ],
  ["nested braces", "  a: b", "${self:".repeat(200), "nests variables too deeply"],
  ["the whole service in itself", "  a: ${self:}", "${self:custom.a.service}x", "circular"],
])("names %s and goes no further", async (_, custom, value, problem) => {
  const { root } = project({ "a.js": "", "serverless.yml": service(custom, value) });

  await expect(
    loadDefinition({ cwd: root, template: "serverless.yml", stateDir: temporaryDirectory() }),
  ).rejects.toThrow(problem);
});
