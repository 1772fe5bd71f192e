export type {
  Api,
  ApiCustomDomain,
  ApiDefinition,
  ApiFunction,
  ApiRoute,
  ApiTable,
  Capacity,
  ConnectionTableDefinition,
  CustomDomainDefinition,
  DomainNameForm,
  FunctionDefinition,
  IndexDefinition,
  KeyDefinition,
  RoleStatement,
  RouteDefinition,
  Runtime,
  StageDefinition,
  TableDefinition,
} from "./api.ts";
export { defineApi } from "./api.ts";
export {
  type Client,
  type ClientOptions,
  type Closed,
  type Opening,
  openClient,
  type ReceivedFrame,
} from "./client.ts";
export { type Control, openControl } from "./control/client.ts";
export {
  callManagement,
  type ManagementAnswer,
  type ManagementTarget,
} from "./control/management-call.ts";
export type { ControlAddress, ControlConnection } from "./control/protocol.ts";
export { type Authority, findAuthority } from "./emulator/compose-authority.ts";
export {
  type Invocation,
  type InvocationOptions,
  invokeFunction,
} from "./emulator/compose-invocation.ts";
export { type Project, type ProjectOptions, readProject } from "./emulator/compose-read-project.ts";
export { buildSampleEvent, type SampleEvent } from "./emulator/compose-sample-event.ts";
export {
  openRunningTables,
  type RunningTable,
  type RunningTables,
} from "./emulator/compose-tables.ts";
export { type DevOptions, type DevSession, startDev } from "./emulator/dev.ts";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator/emulator.ts";
export type { Handler, HandlerContext } from "./emulator/lambda/direct.ts";
export type { LambdaSettings } from "./emulator/lambda/pool.ts";
export type { Clock, FunctionCall, Ids, Outcome } from "./emulator/ports.ts";
export type {
  AuthorizerContext,
  ConnectEvent,
  DisconnectEvent,
  Identity,
  MessageEvent,
  WebSocketEvent,
} from "./emulator/rules/events.ts";
export { LIMITS, type Limits } from "./emulator/rules/limits.ts";
export type { RouteSelection } from "./emulator/rules/route-selection.ts";
export { type ErrorCode, WsgwError } from "./errors.ts";
export type { Entry, Fact, Journal } from "./journal.ts";
export { findRunning, type RunningGateway } from "./running.ts";
