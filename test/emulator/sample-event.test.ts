import { expect, test } from "vitest";
import { buildSampleEvent, type SampleEvent } from "../../src/emulator/sample-event.ts";
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

const IDENTITIES = {
  ann: {
    principalId: "ann",
    context: { admin: true },
    identity: { cognitoIdentityId: "eu-west-1:7c0f" },
  },
};

function guarded(authorizer: string, identities = IDENTITIES) {
  const { root } = project({
    "wsgw.config.json": JSON.stringify({
      name: "chat",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { ask: { handler: "ask.handler" }, check: { handler: "ask.check" } },
      authorizers: { token: { function: "check" } },
      identities,
      routes: { $connect: { function: "ask", authorizer }, $default: { function: "ask" } },
    }),
  });
  return async (sample: SampleEvent) => {
    const { event } = await buildSampleEvent({ cwd: root, ...sample });
    return event.requestContext;
  };
}

test("an event for a route with AWS_IAM has the fields of a signer", async () => {
  const contextOf = guarded("AWS_IAM");

  for (const kind of ["connect", "message", "disconnect"] as const) {
    expect((await contextOf({ kind })).identity).toEqual({
      sourceIp: "127.0.0.1",
      accountId: "123456789012",
      accessKey: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      caller: expect.stringMatching(/^AIDA/),
      user: expect.stringMatching(/^AIDA/),
      userArn: "arn:aws:iam::123456789012:user/developer",
    });
  }
  expect(await contextOf({ kind: "connect", as: "ann" })).toMatchObject({
    identity: {
      cognitoIdentityId: "eu-west-1:7c0f",
      userArn: "arn:aws:iam::123456789012:user/ann",
    },
  });
});

test("an event as an identity has the context of the authorizer", async () => {
  const contextOf = guarded("token");

  const connect = await contextOf({ kind: "connect", as: "ann" });
  const message = await contextOf({ kind: "message", as: "ann" });
  expect(connect).toMatchObject({
    identity: { sourceIp: "127.0.0.1" },
    authorizer: { principalId: "ann", admin: "true", integrationLatency: 0 },
  });
  expect(message).toMatchObject({ authorizer: { principalId: "ann", admin: "true" } });
  expect(await contextOf({ kind: "connect" })).not.toHaveProperty("authorizer");
  expect(await contextOf({ kind: "authorizer" })).not.toHaveProperty("authorizer");
});

test.each(["eve", "__proto__", "toString"])(
  "an event as %j says which identities there are",
  (as) =>
    expect(guarded("token")({ kind: "connect", as })).rejects.toThrow(
      `The identity "${as}" is not defined. Its identities are ann.`,
    ),
);
