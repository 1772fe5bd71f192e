import { type BackendRequest, below } from "./http-request.ts";

/**
 * The request for the place where a VPC link leads. API Gateway sends the host of the URI with it, and does not
 * look the host up.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-using-swagger.html
 */
export function throughVpcLink(request: BackendRequest, endpoint: string): BackendRequest {
  const { host, pathname, search } = request.url;
  return {
    ...request,
    url: below(endpoint, `${pathname}${search}`),
    headers: { Host: host, ...request.headers },
  };
}
