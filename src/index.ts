export type {
  AfterBundle,
  Api,
  ApiCustomDomain,
  ApiDefinition,
  ApiDeploy,
  ApiFunction,
  ApiLogging,
  ApiRoute,
  ApiTable,
  BeforeBundle,
  Capacity,
  ChangeTemplate,
  ConnectionTableDefinition,
  CustomDomainDefinition,
  DeletionPolicy,
  DeployDefinition,
  DeployHooks,
  DomainNameForm,
  FunctionDefinition,
  IndexDefinition,
  KeyDefinition,
  LoggingDefinition,
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
export type { CommandEnd, CommandToRun, RunningCommand } from "./command.ts";
export { type Control, openControl } from "./control/client.ts";
export {
  callManagement,
  type ManagementAnswer,
  type ManagementTarget,
} from "./control/management-call.ts";
export type { ControlAddress, ControlConnection } from "./control/protocol.ts";
export {
  type DescribeFormat,
  type DescribeOptions,
  describeProject,
} from "./deploy/compose-describe.ts";
export { type DeployOptions, deploy } from "./deploy/deploy.ts";
export { type DestroyOptions, destroy } from "./deploy/destroy.ts";
export { diffStack, type StackDiff } from "./deploy/diff.ts";
export type { DeployFact, DeployStep, Question, StepTime } from "./deploy/facts.ts";
export { type LogLine, type LogsOptions, readLogs } from "./deploy/logs.ts";
export {
  type WriteDeploymentOptions,
  type WrittenDeployment,
  writeDeployment,
} from "./deploy/noop.ts";
export type { StackEvent, StackOutput, StackResource } from "./deploy/ports.ts";
export type { Effect, PlannedChange } from "./deploy/rules/change-set.ts";
export { sortOutputs } from "./deploy/rules/outputs.ts";
export type { Diagnosis } from "./deploy/rules/root-cause.ts";
export type { DeployResult } from "./deploy/run-deploy.ts";
export type { DestroyResult } from "./deploy/run-destroy.ts";
export type { RunControls, StackPlace } from "./deploy/run-open.ts";
export { type FoundStack, findStackUrl, type StackStatus, stackStatus } from "./deploy/status.ts";
export { renderDiff } from "./deploy/template/render-diff.ts";
export { type CheckUp, type CheckUpOptions, checkUp } from "./doctor/compose-check-up.ts";
export type { Finding } from "./doctor/rules/findings.ts";
export { type Authority, findAuthority } from "./emulator/compose-authority.ts";
export { startCommand } from "./emulator/compose-command.ts";
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
export type { LambdaSettings } from "./emulator/lambda/settings.ts";
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
export type { PendingKind, PendingWork } from "./emulator/rules/pending-work.ts";
export type { RouteSelection } from "./emulator/rules/route-selection.ts";
export { whyNotRead, whyNotWritten } from "./errors/in-words.ts";
export { type ErrorCode, WsgwError } from "./errors.ts";
export type { Entry, Fact, Journal } from "./journal.ts";
export { installPackages } from "./project/install.ts";
export { isProjectName, projectNameOf } from "./project/name.ts";
export { LANGUAGES, type Language } from "./project/template.ts";
export {
  type ProjectPlan,
  type WrittenProject,
  writeProject,
} from "./project/write-project.ts";
export { findRunning, type RunningGateway } from "./running.ts";
