export type { Closed } from "../client/frames.ts";
export {
  type ApiDefinition,
  defineApi,
  defineProject,
  type ProjectDefinition,
  ref,
} from "../definition/project.ts";
export type { AuthorizerEvent } from "../emulator/apigateway/authorizers/rules/authorizer-event.ts";
export type { MetricCounts } from "../emulator/apigateway/requests/prometheus-metrics.ts";
export type {
  ConnectEvent,
  DisconnectEvent,
  MessageEvent,
  WebSocketEvent,
} from "../emulator/apigateway/rules/event-types.ts";
export type { Item, TestTable } from "../emulator/dynamodb/items.ts";
export type { Entry, Fact } from "../emulator/facts.ts";
export type { Handler } from "../emulator/options.ts";
export { type ErrorCode, WsgwError } from "../errors.ts";
export type { ConnectOptions, PresignOptions } from "./connect-options.ts";
export type { Duration } from "./duration.ts";
export {
  authorizerEvent,
  type ConnectEventOptions,
  connectEvent,
  type DisconnectEventOptions,
  disconnectEvent,
  type EventOptions,
  type MessageEventOptions,
  messageEvent,
} from "./events.ts";
export type { Expected } from "./expected.ts";
export type { EntryOf, FactFilter } from "./facts.ts";
export type { VanishingClient } from "./faults/client-disconnects.ts";
export type { DisconnectVerbs } from "./faults/disconnect-faults.ts";
export type { Fault } from "./faults/fault-registry.ts";
export type { Faults } from "./faults/faults.ts";
export type { ErrorSpec, FunctionVerbs, HeldFault, WorkOptions } from "./faults/function-faults.ts";
export type { IntegrationVerbs } from "./faults/integration-faults.ts";
export type { PostVerbs } from "./faults/post-faults.ts";
export type {
  CallSelection,
  ConnectionRef,
  EventSelection,
  Selection,
} from "./faults/selection.ts";
export type { StaleOptions } from "./faults/stale-connection.ts";
export type { TableSelection, TableVerbs } from "./faults/table-faults.ts";
export type { GatewayOptions } from "./gateway-options.ts";
export type { WsgwMatchers } from "./matcher-types.ts";
export { matchers } from "./matchers.ts";
export type { MetricsOf } from "./metrics.ts";
export type { HandshakeResult } from "./running-gateway.ts";
export {
  type GatewaySource,
  startGateway,
  type TemplateProject,
  type TestGateway,
} from "./start-gateway.ts";
export type { TestClient, WaitOptions } from "./test-client.ts";
export {
  type SignOptions,
  startTokenIssuer,
  type TokenClaims,
  type TokenIssuer,
  type TokenIssuerOptions,
} from "./token-issuer.ts";
export type { IntegrationCall, Invocation, OpenConnection, Post } from "./views.ts";
