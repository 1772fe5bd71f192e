import type { Clock } from "../../clock.ts";
import { lambdaName } from "../../definition/lambda-name.ts";
import type { LocalProject } from "../../definition/local-project.ts";
import type { Project } from "../../definition/project.ts";
import { partitionOf } from "../../definition/region.ts";
import type { FactId, Recorder, Warning } from "../journal/journal.ts";
import type { IamFact } from "./facts.ts";
import type { AccessDenied } from "./rules/access-denied.ts";
import { sessionArn } from "./rules/caller-arns.ts";
import type { RequestContext } from "./rules/condition-operators.ts";
import {
  integrationRole,
  isKnown,
  type Role,
  roleOf,
  THOSE,
  uncheckedIn,
} from "./rules/function-role.ts";
import { howToAdd, missingStatement } from "./rules/missing-statement.ts";
import { type AccessDecision, evaluatePolicies } from "./rules/policy-evaluation.ts";
import { allowsStandIn } from "./rules/stand-in-permission.ts";
import { mayBeAllowed } from "./rules/unknown-statements.ts";

/** What happens to calls that a function's role does not allow. */
export type PermissionMode = "enforce" | "warn" | "off";

/** A function's call whose permissions are checked. */
export type CheckedCall = {
  /** The function to which the signing key was issued, or `integrationCaller`. Other keys are not checked. */
  readonly functionName: string | undefined;
  readonly action: string;
  /** Its ARN. Called only if there is a role to check. */
  readonly resource: () => string;
  readonly because: FactId | undefined;
  /**
   * A service with a local endpoint, whose queues and topics have other names than on AWS: any statement that
   * allows the action is enough. Default: Lambda, DynamoDB and API Gateway, whose resources are local.
   */
  readonly standIn?: string;
};

/** Why a call is rejected; undefined for an allowed one. */
export type CheckPermission = (call: CheckedCall) => AccessDenied | undefined;

/** The caller: a function, or API Gateway for a route. */
type Caller = {
  readonly name: string;
  readonly role: Role;
  /** Name of its role session. */
  readonly session: string;
  /** Whether its role comes from a template. */
  readonly isTemplate: boolean;
};

/** Checks what the roles of a project's functions and integrations allow. */
export class Permissions {
  readonly mode: PermissionMode;
  readonly #file: string;
  readonly #apiIdOf: (name: string) => string;
  readonly #clock: Clock;
  readonly #journal: Recorder<IamFact | Warning>;
  readonly #reported = new Set<string>();
  #project: LocalProject | undefined;
  #callers: ReadonlyMap<string, Caller> = new Map();

  constructor(options: {
    readonly mode: PermissionMode;
    /** The file of the definition. */
    readonly file: string;
    readonly apiIdOf: (name: string) => string;
    readonly clock: Clock;
    readonly journal: Recorder<IamFact | Warning>;
  }) {
    this.mode = options.mode;
    this.#file = options.file;
    this.#apiIdOf = options.apiIdOf;
    this.#clock = options.clock;
    this.#journal = options.journal;
  }

  /**
   * Uses the roles of this project from now on, and reports functions with unknown roles. `written` is the
   * project with unresolved references, which show the APIs that a function posts to.
   */
  follow(project: LocalProject, written: Pick<Project, "functions">): void {
    this.#project = project;
    const functions = Object.values(project.functions).map((fn): Caller => {
      const { environment } = written.functions[fn.name] ?? fn;
      const role = roleOf(project, { ...fn, environment }, this.#apiIdOf);
      const isTemplate = fn.permissions !== undefined;
      return { name: fn.name, role, session: lambdaName(fn), isTemplate };
    });
    const callers = [...functions, ...Object.values(project.apis).flatMap(integrationsOf)];
    this.#callers = new Map(callers.map((caller) => [caller.name, caller]));
    if (this.mode === "off") return;
    const names = new Map<string, string[]>();
    for (const { name, role } of callers) {
      for (const line of uncheckedIn(role)) names.set(line, [...(names.get(line) ?? []), name]);
    }
    for (const [line, those] of names) {
      const message = line.replace(THOSE, () => those.join(", "));
      if (this.#isNew(message)) this.#journal.record({ type: "warning", message });
    }
  }

  readonly check: CheckPermission = (call) => {
    const { functionName = "", action, because, standIn } = call;
    if (this.mode === "off") return undefined;
    const [project, from] = [this.#project, this.#callers.get(functionName)];
    const role = from?.role;
    if (project === undefined || from === undefined || !isKnown(role)) return undefined;
    if (standIn !== undefined && allowsStandIn(role, standIn, action)) return undefined;
    const resource = call.resource();
    const context = this.#contextOf(project, role, resource);
    const request = { action, resource, context };
    const judged = evaluatePolicies(role.policies, request);
    if (judged.decision === "allow") return undefined;
    if (mayBeAllowed(judged, role.mayAllow, request)) return undefined;
    this.#report(project, from, { action, resource, because }, judged);
    if (this.mode === "warn") return undefined;
    const caller = sessionArn(role.name, from.session, project);
    return { caller, action, resource, decision: judged.decision };
  };

  /** ARN of the role session in which a function runs; undefined if the function does not exist. */
  readonly roleSessionOf = (functionName: string): string | undefined => {
    const [project, caller] = [this.#project, this.#callers.get(functionName)];
    if (project === undefined || caller === undefined) return undefined;
    return sessionArn(caller.role.name, caller.session, project);
  };

  #contextOf(
    { region, accountId }: LocalProject,
    { name }: Role,
    resource: string,
  ): RequestContext {
    const now = this.#clock.now();
    return {
      "aws:currenttime": new Date(now).toISOString(),
      "aws:epochtime": String(Math.floor(now / 1000)),
      "aws:principalaccount": accountId,
      "aws:principalarn": `arn:${partitionOf(region).name}:iam::${accountId}:role/${name}`,
      "aws:requestedregion": resource.split(":")[3] || region,
      "aws:resourceaccount": accountId,
    };
  }

  /** In warn mode the same call is reported once. */
  #report(
    project: LocalProject,
    { name, isTemplate }: Caller,
    {
      action,
      resource,
      because,
    }: { readonly action: string; readonly resource: string; readonly because: FactId | undefined },
    judged: Exclude<AccessDecision, { readonly decision: "allow" }>,
  ): void {
    const refused = this.mode === "enforce";
    const isNew = this.#isNew([name, action, resource].join(" "));
    if (!refused && !isNew) return;
    const { decision } = judged;
    const statement =
      decision === "implicit-deny"
        ? missingStatement(
            project,
            { action, resource },
            { isTemplate, apiIdOf: this.#apiIdOf, file: this.#file },
          )
        : undefined;
    this.#journal.record(
      {
        type: "permission.missing",
        functionName: name,
        action,
        resource,
        decision,
        because: inWords(judged),
        statement,
        add: statement && howToAdd(statement, name, { isTemplate, file: this.#file }),
        refused,
      },
      because,
    );
  }

  #isNew(text: string): boolean {
    const isNew = !this.#reported.has(text);
    this.#reported.add(text);
    return isNew;
  }
}

/** The callers of an API's integrations. */
function integrationsOf({ key, routes }: LocalProject["apis"][string]): readonly Caller[] {
  return Object.values(routes).flatMap(({ integration, routeKey }) => {
    if (integration.type !== "aws") return [];
    const name = integrationCaller(key, routeKey);
    const isTemplate = integration.permissions !== undefined;
    return [
      {
        name,
        role: integrationRole(name, integration),
        session: "BackplaneAssumeRoleSession",
        isTemplate,
      },
    ];
  });
}

/** The caller's name of an integration, for checks and reports. */
export function integrationCaller(api: string, routeKey: string): string {
  return `the integration of ${routeKey} of ${api}`;
}

function inWords(
  judged: Exclude<AccessDecision, { readonly decision: "allow" }>,
): string | undefined {
  if (judged.decision === "explicit-deny") {
    return `statement ${judged.by.number} of ${judged.by.policy} denies it`;
  }
  const { nearest } = judged;
  if (nearest === undefined) return undefined;
  const { policy, number, part, written } = nearest;
  return `statement ${number} of ${policy} would allow it but for its ${part}, ${written}`;
}
