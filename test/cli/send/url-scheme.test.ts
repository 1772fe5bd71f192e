import { expect, test } from "vitest";
import { completeUrl } from "../../../cli/send/url-scheme.ts";

test.each([
  ["ws://localhost:3001/v1", "ws://localhost:3001/v1"],
  ["https://a.example/v1?x=1", "wss://a.example/v1?x=1"],
  ["http://a.example:443/v1", "ws://a.example:443/v1"],
  ["localhost:3001/v1", "ws://localhost:3001/v1"],
  ["127.0.0.1/v1", "ws://127.0.0.1/v1"],
  ["[::1]:3001/v1", "ws://[::1]:3001/v1"],
  [
    "abcdefghij.execute-api.eu-west-1.amazonaws.com/v1",
    "wss://abcdefghij.execute-api.eu-west-1.amazonaws.com/v1",
  ],
  ["a.example:80/v1", "wss://a.example:80/v1"],
  ["ftp://a.example", undefined],
  ["ws://a.example/#part", undefined],
  ["not a url", undefined],
])("reads %s as %s", (text, url) => {
  expect(completeUrl(text)?.href).toBe(url);
});
