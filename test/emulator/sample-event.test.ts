import { expect, test } from "vitest";
import { buildSampleEvent } from "../../src/emulator/sample-event.ts";
import { project } from "../readers/projects.ts";

test("the stage variables of a sample event are what they refer to", async () => {
  const { root } = project({
    "wsgw.config.json": JSON.stringify({
      name: "chat",
      routeSelectionExpression: "$request.body.action",
      stage: {
        name: "dev",
        variables: {
          table: { ref: "table.rooms.name" },
          place: { join: [{ ref: "region" }, "-1"] },
        },
      },
      functions: { ask: { handler: "ask.handler" } },
      routes: { ask: { function: "ask" } },
      tables: { rooms: { partitionKey: { name: "id", type: "S" } } },
    }),
  });

  const { event } = await buildSampleEvent({ cwd: root, kind: "connect" });
  expect(event).toMatchObject({
    stageVariables: { table: "chat-rooms", place: "us-east-1-1" },
  });
});
