import { mappedUrl, mappingsOf } from "../../definition/custom-domain.ts";
import type { ApiCustomDomain } from "../../definition/project.ts";
import { getAtt, ref } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { domainLogicalId, mappingLogicalId, stageLogicalId } from "./logical-ids.ts";
import type { Outputs, Resource } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";

/**
 * The custom domains. With a certificate the stack creates the domain. Without one it maps the API to an
 * existing domain of the account, which several stacks and APIs may share.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-custom-domain-names.html
 */
export function domainResources(apis: readonly PlacedApi[]): Readonly<Record<string, Resource>> {
  const resources = apis.flatMap((placed): readonly (readonly [string, Resource])[] => {
    const { customDomain } = placed.api;
    if (customDomain === undefined) return [];
    const owner = domainOwner(apis, customDomain.name);
    const mappings = [...mappingsOf(placed.api)].map(
      ([key, stage], at) =>
        [
          mappingLogicalId(placed.prefix, at === 0 ? undefined : key),
          mappingResource(placed, { key, stage, name: customDomain.name }, owner),
        ] as const,
    );
    if (owner !== placed) return mappings;
    return [[domainLogicalId(placed.prefix), domainOf(customDomain)], ...mappings];
  });
  return Object.fromEntries(resources);
}

/** The API whose certificate the stack uses for a domain: the first one that has it. */
function domainOwner(apis: readonly PlacedApi[], name: string): PlacedApi | undefined {
  return apis.find(
    ({ api: { customDomain } }) =>
      customDomain?.name === name && customDomain.certificateArn !== undefined,
  );
}

/** The outputs of an API with a custom domain. */
export function domainOutputs(
  apis: readonly PlacedApi[],
  { api }: PlacedApi,
  prefix: string,
): Outputs {
  if (api.customDomain === undefined) return {};
  const { name } = api.customDomain;
  const [first = ""] = mappingsOf(api).keys();
  const owner = domainOwner(apis, name);
  return {
    [`${prefix}CustomDomainUrl`]: {
      Description: "Where clients connect once the domain's DNS record points to API Gateway",
      Value: `wss://${mappedUrl(name, first)}`,
    },
    ...(owner !== undefined && {
      [`${prefix}CustomDomainTarget`]: {
        Description: "Target for the domain's DNS record",
        Value: getAtt(domainLogicalId(owner.prefix), "RegionalDomainName"),
      },
    }),
  };
}

function domainOf({ name, certificateArn = "" }: ApiCustomDomain): Resource {
  return {
    Type: "AWS::ApiGatewayV2::DomainName",
    Properties: {
      DomainName: name,
      DomainNameConfigurations: [
        {
          CertificateArn: certificateArn,
          EndpointType: "REGIONAL", // the only type that WebSocket APIs support
          SecurityPolicy: "TLS_1_2",
        },
      ],
    },
  };
}

function mappingResource(
  { logicalId, stages }: PlacedApi,
  { key, stage, name }: { readonly key: string; readonly stage: string; readonly name: string },
  owner: PlacedApi | undefined,
): Resource {
  const placed = stages.find((each) => each.name === stage) ?? stages[0];
  return {
    Type: "AWS::ApiGatewayV2::ApiMapping",
    Properties: {
      ApiId: ref(logicalId),
      ...(key !== "" && { ApiMappingKey: key }),
      DomainName: owner === undefined ? name : ref(domainLogicalId(owner.prefix)),
      Stage: ref(stageLogicalId(placed.prefix)),
    },
  };
}
