import type { WebSocketApi } from "../../../definition/project.ts";

/** One WebSocket API of a project, as a gateway serves it. */
export type ServedApi = Pick<
  WebSocketApi,
  | "key"
  | "routeSelectionExpression"
  | "apiKeySelectionExpression"
  | "routes"
  | "authorizers"
  | "models"
  | "identities"
  | "stages"
  | "customDomain"
  | "domainName"
  | "disableExecuteApiEndpoint"
  | "hosts"
> & { readonly apiId: string };
