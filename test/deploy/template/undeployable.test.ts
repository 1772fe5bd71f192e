import { expect, test } from "vitest";
import { sentenceOf } from "../../../src/definition/faults.ts";
import { undeployable } from "../../../src/deploy/template/undeployable.ts";
import { projectOf, rich, sample } from "../apis.ts";

test("all of the sample and of a rich definition can be deployed", () => {
  expect(undeployable(projectOf(sample))).toEqual([]);
  expect(undeployable(projectOf(rich))).toEqual([]);
});

test("says which functions AWS would not run, why, and what to do", () => {
  const command = ["node", "server.js"];
  const project = projectOf({
    ...sample,
    functions: {
      connect: { handler: "src/a.handler", runtime: "nodejs20.x" },
      disconnect: { handler: "x", command },
      sendmessage: { handler: "x", runtime: "provided.al2023", code: "go", command },
    },
  });

  expect(undeployable(project).map(sentenceOf)).toEqual([
    "functions.connect.runtime: Lambda rejects new functions with nodejs20.x; use nodejs24.x.",
    'functions.disconnect.command: Lambda runs the handler with nodejs24.x, not the command "node server.js". Set the runtime of its language, or provided.al2023 with an executable "bootstrap" that starts it.',
  ]);
});
