import {
  type Control as ControlOf,
  openControl as openControlOf,
} from "./emulator/control/client.ts";
import type { Fact } from "./emulator/facts.ts";

export {
  type Client,
  type ClientOptions,
  type Closed,
  type Opening,
  openClient,
  type ReceivedFrame,
} from "./client/client.ts";
export type { Clock } from "./clock.ts";
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
} from "./definition/project.ts";
export { defineApi } from "./definition/project.ts";
export { type DeployOptions, deploy } from "./deploy/deploy.ts";
export { type DestroyOptions, destroy } from "./deploy/destroy.ts";
export { diffStack, type StackDiff } from "./deploy/diff.ts";
export { type LogLine, type LogsOptions, readLogs } from "./deploy/logs.ts";
export type { StackEvent, StackOutput, StackResource } from "./deploy/ports.ts";
export type { Effect, PlannedChange } from "./deploy/rules/change-set.ts";
export { sortOutputs } from "./deploy/rules/outputs.ts";
export type { Diagnosis } from "./deploy/rules/root-cause.ts";
export type { DeployFact, DeployStep, Question, StepTime } from "./deploy/runs/facts.ts";
export {
  type WriteDeploymentOptions,
  type WrittenDeployment,
  writeDeployment,
} from "./deploy/runs/noop.ts";
export type { DeployResult } from "./deploy/runs/run-deploy.ts";
export type { DestroyResult } from "./deploy/runs/run-destroy.ts";
export type { RunControls, StackPlace } from "./deploy/runs/run-open.ts";
export { type FoundStack, findStackUrl, type StackStatus, stackStatus } from "./deploy/status.ts";
export { renderDiff } from "./deploy/template/render-diff.ts";
export {
  type DescribeFormat,
  type DescribeOptions,
  describeProject,
} from "./describe/describe-project.ts";
export { type CheckUp, type CheckUpOptions, checkUp } from "./doctor/check-up.ts";
export type { Finding } from "./doctor/rules/findings.ts";
export { LIMITS, type Limits } from "./emulator/apigateway/message/rules/limits.ts";
export type { RouteSelection } from "./emulator/apigateway/message/rules/route-selection.ts";
export type {
  AuthorizerContext,
  ConnectEvent,
  DisconnectEvent,
  Identity,
  MessageEvent,
  WebSocketEvent,
} from "./emulator/apigateway/rules/events.ts";
export { type Authority, findAuthority } from "./emulator/authority.ts";
export { startCommand } from "./emulator/command.ts";
/** The control interface of a running gateway. */
export type Control = ControlOf<Fact>;

/** Opens the control interface of a running gateway; see `Control`. */
export const openControl: (...parameters: Parameters<typeof openControlOf>) => Control =
  openControlOf;
export {
  callManagement,
  type ManagementAnswer,
  type ManagementTarget,
} from "./emulator/control/management-call.ts";
export type { ControlConnection } from "./emulator/control/protocol.ts";
export { type DevOptions, type DevSession, startDev } from "./emulator/dev.ts";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator/emulator.ts";
export type { Entry, Fact, Journal } from "./emulator/facts.ts";
export {
  type Invocation,
  type InvocationOptions,
  invokeFunction,
} from "./emulator/invocation.ts";
export type { Handler, HandlerContext } from "./emulator/lambda/in-process/direct.ts";
export type { FunctionCall, Outcome } from "./emulator/lambda/invoke.ts";
export type { PendingKind, PendingWork } from "./emulator/lambda/rules/pending-work.ts";
export type { LambdaSettings } from "./emulator/lambda/settings.ts";
export {
  openRunningTables,
  type RunningTable,
  type RunningTables,
} from "./emulator/open-tables.ts";
export { type Project, type ProjectOptions, readProject } from "./emulator/read-project.ts";
export { buildSampleEvent, type SampleEvent } from "./emulator/sample-event.ts";
export { whyNotRead, whyNotWritten } from "./errors/in-words.ts";
export { type ErrorCode, WsgwError } from "./errors.ts";
export type { Ids } from "./ids.ts";
export type { CommandEnd, CommandToRun, RunningCommand } from "./processes/command.ts";
export { installPackages } from "./project-folder/new-project/install.ts";
export { isProjectName, projectNameOf } from "./project-folder/new-project/name.ts";
export { LANGUAGES, type Language } from "./project-folder/new-project/template.ts";
export {
  type ProjectPlan,
  type WrittenProject,
  writeProject,
} from "./project-folder/new-project/write-project.ts";
export type { ControlAddress } from "./project-folder/running.ts";
export { findRunning, type RunningGateway } from "./project-folder/running.ts";
