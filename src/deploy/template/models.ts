import { modelNamedBy, refsIn, withRefs } from "../../definition/model-refs.ts";
import type { ModelSchema } from "../../definition/models.ts";
import { sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { modelLogicalId } from "./logical-ids.ts";
import type { Json, Resource } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";

/**
 * A model of an API. On AWS a reference to another model is a URL with the API's id.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-model.html
 */
export function modelResources(
  { api, logicalId, prefix }: PlacedApi,
  name: string,
  schema: ModelSchema,
): Readonly<Record<string, Resource>> {
  const names = refsIn(schema).flatMap(([, ref]) => modelNamedBy(ref) ?? []);
  const needed = [...new Set(names)].filter(
    (each) => each !== name && Object.hasOwn(api.models, each),
  );
  const urlOf = (ref: string): Json =>
    ref === modelNamedBy(ref)
      ? sub(`https://apigateway.amazonaws.com/restapis/\${${logicalId}}/models/${ref}`)
      : ref;
  return {
    [modelLogicalId(name, prefix)]: {
      Type: "AWS::ApiGatewayV2::Model",
      ...dependsOnModels(needed, prefix),
      Properties: {
        ApiId: { Ref: logicalId },
        ContentType: "application/json",
        Name: name,
        Schema: withRefs(schema, urlOf) as Json,
      },
    },
  };
}

/** Resources that reference models by name must depend on them. */
export function dependsOnModels(
  names: readonly string[],
  prefix: string,
): Pick<Resource, "DependsOn"> {
  if (names.length === 0) return {};
  return { DependsOn: names.map((name) => modelLogicalId(name, prefix)).sort() };
}
