import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { descriptionOf } from "../../src/describe/describe.ts";
import { loadProject } from "../../src/emulator/load-project.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { projectNamed, testDescribed } from "./unmodified-projects.ts";

// The other projects, and those that run, are in unmodified-*.journey.test.ts (npm run test:journeys).

const projects = fileURLToPath(new URL("../../fixtures/projects", import.meta.url));

testDescribed(projectNamed("poll-terraform"));

const described = async (name: string, template: string) => {
  const cwd = join(projects, name);
  const loaded = await loadProject({ cwd, template, stateDir: temporaryDirectory() });
  return { ...descriptionOf(loaded.project, loaded.source), remarks: loaded.source.remarks };
};

test("typed-rooms: sizes by conditions and Globals, a timeout of an integration", async () => {
  const { apis, functions } = await described("typed-rooms", "template.yml");

  expect(apis[0]?.routes.at(-1)).toMatchObject({ routeKey: "ask", integrationTimeoutMs: 5000 });
  expect(functions.map(({ memoryMb }) => memoryMb)).toEqual([256, 128]);
});

test("half-here: what cannot run here is named", async () => {
  const { fromTemplate } = await described("half-here", "template.yaml");

  expect(fromTemplate?.triggers).toEqual([
    { kind: "queue", from: "Jobs", function: "Worker" },
    { kind: "schedule", from: expect.any(String), function: "Worker", schedule: "rate(1 day)" },
  ]);
  expect(fromTemplate?.notServed.map(({ what, why, of }) => [what, why, of])).toEqual([
    ["function half-here-Render", "is a container image", "route render of Api"],
  ]);
});

test("votes and support-desk: triggers, and what is left aside", async () => {
  const votes = await described("votes/backend", "template.yaml");
  const desk = await described("support-desk", "template.json");

  expect(votes.fromTemplate?.triggers).toEqual([
    { kind: "queue", from: "LateVotes", function: "Count" },
    { kind: "topic", from: "Closing", function: "Count" },
  ]);
  expect(desk.remarks.at(-1)).toBe("3 resources are ignored: 2 of Cognito, 1 of Logs.");
});

test("auction-house: the stacks of an app are one project, without what the CDK adds for itself", async () => {
  const { functions, tables, fromTemplate, remarks } = await described("auction-house", "cdk.json");

  expect(functions.map(({ name }) => name)).not.toContainEqual(
    expect.stringContaining("LogRetention"),
  );
  expect(tables.map(({ name }) => name)).toEqual([
    "auction-data-BiddersA5E8F558",
    "auction-data-Bids7CC0BBC2",
  ]);
  expect(fromTemplate?.triggers).toEqual([
    {
      kind: "topic",
      from: "auction-news-ClosedBAF26A78",
      function: "auction-news-Closing2D133A93",
    },
  ]);
  expect(remarks).toContainEqual(expect.stringMatching(/cdk\.out was written \d+ \w+ ago\.$/));
});
