export { type ApiDefinition, defineApi } from "../api.ts";
export type { Client, Closed, Opening, ReceivedFrame } from "../client.ts";
export type { TestTable } from "../emulator/adapters/table-items.ts";
export type { Handler } from "../emulator/lambda/direct.ts";
export type {
  ConnectEvent,
  DisconnectEvent,
  MessageEvent,
  WebSocketEvent,
} from "../emulator/rules/events.ts";
export { type ErrorCode, WsgwError } from "../errors.ts";
export type { Entry, Fact } from "../journal.ts";
export type { Duration } from "./duration.ts";
export type { EntryOf } from "./facts.ts";
export { type GatewayOptions, startGateway, type TestGateway } from "./start-gateway.ts";
export type { ConnectOptions, TestClient } from "./test-client.ts";
