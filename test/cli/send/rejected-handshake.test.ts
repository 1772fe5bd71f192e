import { expect, test } from "vitest";
import { explainRejection, stageMistake } from "../../../cli/send/rejected-handshake.ts";
import type { RunningGateway } from "../../../src/project-directory/running.ts";

test.each([
  [403, /stage/],
  [407, /^The proxy requires/],
  [503, /starting or stopping/],
  [502, /\$connect handler failed/],
  [302, /redirects/],
  [418, /may have answered/],
])("explains a handshake rejected with %i", (status, words) => {
  expect(explainRejection(status)).toMatch(words);
});

test.each(["ExpiredTokenException", "UnrecognizedClientException"])("explains %s", (type) => {
  expect(explainRejection(403, type)).not.toBe(explainRejection(403));
});

test.each([
  ["ws://localhost:3001/", "/ is not a stage of this gateway. Connect to ws://localhost:3001/v1."],
  [
    "wss://localhost:3001/prod?token=t",
    "/prod is not a stage of this gateway. Connect to wss://localhost:3001/v1.",
  ],
  ["ws://localhost:3001/v1", undefined],
  ["ws://localhost:3001/v1/?a=1", undefined],
  ["ws://localhost:3001/chat/v1", undefined],
])("says where to connect when %s is not a stage", (url, says) => {
  const stage = {
    name: "v1",
    url: "ws://localhost:3001/v1",
    secureUrl: "wss://localhost:3001/v1",
    managementUrl: "http://localhost:3001/v1",
  };
  const running = { apis: [{ name: "chat", stages: [stage] }] } as unknown as RunningGateway;

  expect(stageMistake({ url, running })).toBe(says);
  expect(stageMistake({ url, running: undefined })).toBeUndefined();
});
