import { relative } from "node:path";
import { WsgwError } from "../../errors.ts";
import {
  type FoundProject,
  findProject,
  type ProjectSource,
} from "../../readers/load-definition.ts";

/** The deployment of a project that wsgw reads and does not deploy. */
export type OwnDeployment = {
  /** For example `terraform apply`. */
  readonly command: string;
  /** The message for the user. */
  readonly text: string;
};

const COMMANDS: { readonly [kind in FoundProject["kind"]]?: string } = {
  cdk: "cdk deploy",
  serverless: "serverless deploy",
  terraform: "terraform apply (or tofu apply)",
};

/** How a project is deployed with its own tool; undefined if wsgw deploys it. */
export async function findOwnDeployment(place: ProjectSource): Promise<OwnDeployment | undefined> {
  return ownDeployment(await findProject(place), place.cwd);
}

/** Throws NOT_DEPLOYABLE for a project that its own tool deploys. */
export function rejectOwnDeployment(found: FoundProject, cwd: string): void {
  const own = ownDeployment(found, cwd);
  if (own === undefined) return;
  const hint = "wsgw deploy --noop shows how wsgw understands it.";
  throw new WsgwError("NOT_DEPLOYABLE", own.text, { hint });
}

function ownDeployment({ kind, file }: FoundProject, cwd: string): OwnDeployment | undefined {
  const command = COMMANDS[kind];
  if (command === undefined) return undefined;
  const text = `wsgw does not deploy ${relative(cwd, file)}: the project has its own command. Run ${command}.`;
  return { command, text };
}
