import type { Value } from "../../../../src/readers/terraform/rules/values.ts";
import type { WrittenResource } from "../../../../src/readers/terraform/rules/written-resource.ts";

type Attributes = Readonly<Record<string, Value>>;

/** A resource `TYPE.it` with these attributes, of which some may be computed only. */
export function resource(
  type: string,
  attributes: Attributes = {},
  { computed = {}, ...more }: Partial<WrittenResource> & { readonly computed?: Attributes } = {},
): WrittenResource {
  const written = (name: string) => attributes[name];
  return {
    type,
    address: `${type}.it`,
    key: "it",
    written,
    value: (name) => written(name) ?? computed[name],
    origin: () => undefined,
    isData: false,
    ...more,
  };
}
