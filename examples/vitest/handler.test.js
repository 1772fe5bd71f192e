import { expect, test } from "vitest";
import { connectEvent } from "wsgw/testing";
import { connect } from "./chat.js";

test("a handler by itself refuses who brings no token", async () => {
  expect(await connect(connectEvent({ query: { token: "wrong" } }))).toEqual({ statusCode: 401 });
});
