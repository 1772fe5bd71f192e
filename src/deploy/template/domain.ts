import type { Api } from "../../definition/project.ts";
import { ref } from "./intrinsics.ts";
import { IDS } from "./logical-ids.ts";
import type { Resource } from "./model.ts";

/**
 * The custom domain. With a certificate the stack makes it; without one it maps the API to a domain
 * that the account has already, for several stacks may share one.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-custom-domain-names.html
 */
export function domainResources({ customDomain }: Api): Readonly<Record<string, Resource>> {
  if (customDomain === undefined) return {};
  const { certificateArn, mappingKey, name } = customDomain;
  return {
    ...(certificateArn !== undefined && {
      [IDS.domain]: {
        Type: "AWS::ApiGatewayV2::DomainName",
        Properties: {
          DomainName: name,
          DomainNameConfigurations: [
            {
              CertificateArn: certificateArn,
              EndpointType: "REGIONAL", // the only type that WebSocket APIs have
              SecurityPolicy: "TLS_1_2",
            },
          ],
        },
      },
    }),
    [IDS.mapping]: {
      Type: "AWS::ApiGatewayV2::ApiMapping",
      Properties: {
        ApiId: ref(IDS.api),
        ...(mappingKey !== "" && { ApiMappingKey: mappingKey }),
        DomainName: certificateArn === undefined ? name : ref(IDS.domain),
        Stage: ref(IDS.stage),
      },
    },
  };
}
