import { expect, test } from "vitest";
import { throughVpcLink } from "../../../../../src/emulator/apigateway/integrations/rules/private-integration.ts";

test("a private integration keeps the host of its URI, unless it sets one", () => {
  const request = {
    method: "GET",
    url: new URL("http://inside:8/a?b=c"),
    headers: { x: "y" },
    body: Buffer.from("z"),
  };

  expect(throughVpcLink(request, "http://localhost:8080/base")).toEqual({
    method: "GET",
    url: new URL("http://localhost:8080/base/a?b=c"),
    headers: { Host: "inside:8", x: "y" },
    body: Buffer.from("z"),
  });
  expect(throughVpcLink({ ...request, headers: { Host: "own" } }, "http://h").headers).toEqual({
    Host: "own",
  });
});
