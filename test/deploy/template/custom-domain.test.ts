import { expect, test } from "vitest";
import type { JsonObject, Template } from "../../../src/deploy/template.ts";
import { rich, templateOf } from "../apis.ts";

const properties = (template: Template, id: string): JsonObject =>
  template.Resources[id]?.Properties ?? {};

test("a custom domain with a certificate is made, without one it is only mapped", () => {
  const { certificateArn: _, ...bare } = rich.customDomain!;
  const mapped = templateOf({ ...rich, customDomain: bare });

  expect(properties(templateOf(rich), "ApiMapping")).toMatchObject({
    ApiMappingKey: "v2",
    DomainName: { Ref: "DomainName" },
    Stage: { Ref: "Stage" },
  });
  expect(templateOf(rich).Outputs).toMatchObject({
    CustomDomainUrl: { Value: "wss://chat.example.com/v2" },
    CustomDomainTarget: { Value: { "Fn::GetAtt": ["DomainName", "RegionalDomainName"] } },
  });
  expect(properties(mapped, "ApiMapping").DomainName).toBe("chat.example.com");
  expect(mapped.Resources.DomainName).toBeUndefined();
});
