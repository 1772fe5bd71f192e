/** The internal interface for the command line. It is not part of the package's API. */
import {
  type Control as ControlOf,
  openControl as openControlOf,
} from "./emulator/control/client.ts";
import type { Fact } from "./emulator/facts.ts";

export type { Client, Opening } from "./client/client.ts";
export { openClient } from "./client/client.ts";
export type { Closed, ReceivedFrame } from "./client/frames.ts";
export { identityUndefined } from "./definition/identities.ts";
export { AWS_IAM, backendOf, functionOf } from "./definition/integrations.ts";
export type { LocalProject } from "./definition/local-project.ts";
export type { IdentityDefinition, Runtime, WebSocketApi } from "./definition/project.ts";
export { successorOf } from "./definition/runtimes.ts";
export { findOwnKeys } from "./deploy/aws/own-keys.ts";
export { deploy } from "./deploy/deploy.ts";
export { destroy } from "./deploy/destroy.ts";
export { diffStack } from "./deploy/diff.ts";
export { readLogs } from "./deploy/logs.ts";
export type { Effect, PlannedChange } from "./deploy/rules/change-set.ts";
export { sortOutputs } from "./deploy/rules/outputs.ts";
export type { Diagnosis } from "./deploy/rules/root-cause.ts";
export type { DeployResult } from "./deploy/runs/deployment.ts";
export type { DeployFact, DeployStep, Question } from "./deploy/runs/facts.ts";
export { writeDeployment } from "./deploy/runs/noop.ts";
export { findOwnDeployment, type OwnDeployment } from "./deploy/runs/own-deployment.ts";
export { findStackUrl, stackStatus } from "./deploy/status.ts";
export { renderDiff } from "./deploy/template/render-diff.ts";
export { describeProject } from "./describe/describe-project.ts";
export { type CheckUpOptions, checkUp } from "./doctor/check-up.ts";
export type { Finding } from "./doctor/rules/findings.ts";
export { type Authority, findAuthority } from "./emulator/authority.ts";
export { sourceNotes } from "./readers/loaded-definition.ts";
/** The control interface of a running gateway. */
export type Control = ControlOf<Fact>;

/** Opens the control interface of a running gateway; see `Control`. */
export const openControl: (...parameters: Parameters<typeof openControlOf>) => Control =
  openControlOf;
export {
  identityHeader,
  identityHeaderValue,
} from "./emulator/apigateway/authorizers/rules/mocked-identity.ts";
export type { TemplateScope } from "./emulator/apigateway/vtl/render-template.ts";
export { callManagement } from "./emulator/control/management-call.ts";
export { type DevOptions, type DevSession, startDev } from "./emulator/dev.ts";
export type { Entry } from "./emulator/facts.ts";
export {
  type HandshakeSigner,
  presignHandshake,
  signHandshake,
} from "./emulator/iam/rules/sign-handshake.ts";
export {
  type Invocation,
  type InvocationOptions,
  invokeFunction,
} from "./emulator/invoke-function.ts";
export { consequencesOf } from "./emulator/journal/rules/tree.ts";
export { errorPayload } from "./emulator/lambda/rules/function-errors.ts";
export {
  endLine,
  initLine,
  reportParts,
  startLine,
  statusParts,
} from "./emulator/lambda/rules/log-lines.ts";
export type { PendingKind, PendingWork } from "./emulator/lambda/rules/pending-work.ts";
export {
  openRunningTables,
  type RunningTable,
  type RunningTables,
} from "./emulator/open-tables.ts";
export { readProject } from "./emulator/read-project.ts";
export { buildSampleEvent, type SampleEvent } from "./emulator/sample-event.ts";
export { renderTemplate, sampleTemplateScope } from "./emulator/sample-template.ts";
export { type ConfigPlan, writeConfig } from "./emulator/write-config.ts";
export { whyNotRead, whyNotWritten } from "./errors/in-words.ts";
export { WsgwError } from "./errors.ts";
export { type RunningCommand, startCommand } from "./processes/command.ts";
export { optimiseEarly } from "./processes/optimise-early.ts";
export type { ProcessEnd } from "./processes/process-group.ts";
export { installPackages } from "./project-directory/new-project/install.ts";
export { isProjectName, projectNameOf } from "./project-directory/new-project/name.ts";
export type { Language } from "./project-directory/new-project/template.ts";
export {
  type ProjectPlan,
  type WrittenProject,
  writeProject,
} from "./project-directory/new-project/write-project.ts";
export { findRunning, type RunningGateway } from "./project-directory/running.ts";
export { isFirstTime } from "./project-directory/state-directory.ts";
export { definingFilesIn } from "./readers/find-definition.ts";
