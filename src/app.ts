/** The internal interface for the command line. It is not part of the package's API. */
import {
  type Control as ControlOf,
  openControl as openControlOf,
} from "./emulator/control/client.ts";
import type { Fact } from "./emulator/facts.ts";

export type { Client, Opening } from "./client/client.ts";
export type { Closed, ReceivedFrame } from "./client/frames.ts";
export { identityUndefined } from "./definition/identities.ts";
export { AWS_IAM, backendOf, functionOf } from "./definition/integrations.ts";
export type { LocalProject } from "./definition/local-project.ts";
export type { IdentityDefinition, Runtime, WebSocketApi } from "./definition/project.ts";
export { successorOf } from "./definition/runtimes.ts";
export type { Effect, PlannedChange } from "./deploy/rules/change-set.ts";
export { sortOutputs } from "./deploy/rules/choose-url.ts";
export type { Diagnosis } from "./deploy/rules/root-cause.ts";
export type { DeployResult } from "./deploy/runs/deploy-result.ts";
export type { OwnDeployment } from "./deploy/runs/deployed-by-own-tool.ts";
export type { DeployFact, DeployStep, Question } from "./deploy/runs/facts.ts";
export { renderDiff } from "./deploy/template/render-diff.ts";
export type { CheckUpOptions } from "./doctor/check-up.ts";
export type { Finding } from "./doctor/rules/findings.ts";
export type { Authority } from "./emulator/authority.ts";
export { sourceNotes } from "./readers/rules/undelivered.ts";
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
export { type DevOptions, type DevSession, startDev } from "./emulator/dev.ts";
export type { Entry } from "./emulator/facts.ts";
export {
  type HandshakeSigner,
  presignHandshake,
  signHandshake,
} from "./emulator/iam/rules/sign-handshake.ts";
export type { Invocation, InvocationOptions } from "./emulator/invoke-function.ts";
export { consequencesOf } from "./emulator/journal/rules/cause-tree.ts";
export { errorPayload } from "./emulator/lambda/rules/function-errors.ts";
export type { PendingKind, PendingWork } from "./emulator/lambda/rules/pending-work.ts";
export {
  endLine,
  initLine,
  reportParts,
  startLine,
  statusParts,
} from "./emulator/lambda/rules/report-line.ts";
export type { RunningTable, RunningTables } from "./emulator/running-tables.ts";
export type { SampleEvent } from "./emulator/sample-event.ts";
export { renderTemplate, sampleTemplateScope } from "./emulator/sample-template.ts";
export type { ConfigPlan } from "./emulator/write-config.ts";
export { whyNotRead, whyNotWritten } from "./errors/in-words.ts";
export { WsgwError } from "./errors.ts";
export { optimiseEarly } from "./processes/optimise-early.ts";
export type { ProcessEnd } from "./processes/process-group.ts";
export { type RunningCommand, startCommand } from "./processes/stoppable-command.ts";
export { isProjectName, projectNameOf } from "./project-directory/new-project/name.ts";
export type { Language } from "./project-directory/new-project/template.ts";
export type {
  ProjectPlan,
  WrittenProject,
} from "./project-directory/new-project/write-project.ts";
export { findRunning, type RunningGateway } from "./project-directory/running.ts";
export { isFirstTime } from "./project-directory/state-directory.ts";
export { definingFilesIn } from "./readers/find-definition.ts";

// Loaded when first called: `wsgw dev` does not need these.
export const deploy = later(async () => (await import("./deploy/deploy.ts")).deploy);
export const destroy = later(async () => (await import("./deploy/destroy.ts")).destroy);
export const diffStack = later(async () => (await import("./deploy/diff.ts")).diffStack);
export const findOwnDeployment = later(
  async () => (await import("./deploy/runs/deployed-by-own-tool.ts")).findOwnDeployment,
);
export const findOwnKeys = later(
  async () => (await import("./deploy/aws/keys-for-signing.ts")).findOwnKeys,
);
export const findStackUrl = later(async () => (await import("./deploy/status.ts")).findStackUrl);
export const readLogs = later(async () => (await import("./deploy/logs.ts")).readLogs);
export const stackStatus = later(async () => (await import("./deploy/status.ts")).stackStatus);
export const writeDeployment = later(
  async () => (await import("./deploy/runs/noop.ts")).writeDeployment,
);
export const openClient = later(async () => (await import("./client/client.ts")).openClient);
export const describeProject = later(
  async () => (await import("./describe/describe-project.ts")).describeProject,
);
export const checkUp = later(async () => (await import("./doctor/check-up.ts")).checkUp);
export const findAuthority = later(
  async () => (await import("./emulator/authority.ts")).findAuthority,
);
export const callManagement = later(
  async () => (await import("./emulator/control/management-call.ts")).callManagement,
);
export const invokeFunction = later(
  async () => (await import("./emulator/invoke-function.ts")).invokeFunction,
);
export const openRunningTables = later(
  async () => (await import("./emulator/running-tables.ts")).openRunningTables,
);
export const readProject = later(
  async () => (await import("./emulator/read-project.ts")).readProject,
);
export const buildSampleEvent = later(
  async () => (await import("./emulator/sample-event.ts")).buildSampleEvent,
);
export const writeConfig = later(
  async () => (await import("./emulator/write-config.ts")).writeConfig,
);
export const installPackages = later(
  async () => (await import("./project-directory/new-project/install.ts")).installPackages,
);
export const writeProject = later(
  async () => (await import("./project-directory/new-project/write-project.ts")).writeProject,
);

function later<Values extends unknown[], Result>(
  load: () => Promise<(...values: Values) => Promise<Result>>,
): (...values: Values) => Promise<Result> {
  return async (...values) => (await load())(...values);
}
