import { checkApi } from "../../definition/checks.ts";
import type { Api } from "../../definition/project.ts";
import { parseRouteExpression } from "../../emulator/apigateway/message/rules/route-expression.ts";
import { apiIdOf } from "../../emulator/host-table.ts";
import { WsgwError } from "../../errors.ts";
import type { PackagedFunction } from "../package/package-code.ts";
import { localValues } from "../rules/local-values.ts";
import { deployedHandler } from "../template/deployed-handler.ts";
import type { Template } from "../template.ts";
import type { PrepareFact } from "./facts.ts";

export type PrepareOptions = {
  /** What the author wrote; all of it is checked. */
  readonly definition: unknown;
  /** Folder of the definition. */
  readonly root: string;
  /** The file of the definition, as its author would name it. */
  readonly source: string;
  /** Changes the checked definition, as command-line options do. */
  readonly adjust?: (api: Api) => Api;
  /** Folders and files of the project that hold no code; absolute. */
  readonly without?: readonly string[];
  readonly report?: (fact: PrepareFact) => void;
};

/** All that is deployed, made on this machine. */
export type PreparedDeployment = {
  readonly api: Api;
  /** In the order of the definition. */
  readonly packaged: readonly PackagedFunction[];
  readonly template: Template;
  /** The template as it is sent; the same for the same definition and code. */
  readonly templateText: string;
  readonly buildId: string;
  /** Whole sentences: what AWS takes, but may not be meant. */
  readonly warnings: readonly string[];
};

/**
 * Makes everything ready that a deployment needs, without any network: checks the definition, bundles
 * and zips the code, makes the template and checks it. Throws a WsgwError with all that is wrong in
 * the first of these that finds something.
 */
export async function prepareDeployment(options: PrepareOptions): Promise<PreparedDeployment> {
  const { root, source, report = () => {} } = options;
  const checked = checkApi(options.definition, source, { parseExpression: parseRouteExpression });
  const api = options.adjust?.(checked.api) ?? checked.api;
  const [packaging, synthesis, checks, deployable, ids, hooks] = await Promise.all([
    import("../package/package-code.ts"),
    import("../template.ts"),
    import("../template/check.ts"),
    import("../template/deployable.ts"),
    import("../package/build-id.ts"),
    import("./run-hooks.ts"),
  ]);
  refuse(
    "NOT_DEPLOYABLE",
    deployable.undeployable(api).map((problem) => `${source}: ${problem}`),
  );

  const packaged = await packaging.packageCode({
    api,
    root,
    without: options.without ?? [],
    onHook: (hook, durationMs) => report({ type: "hook.called", hook, durationMs }),
    onPackaged: ({ name, key, files, zippedBytes, unzippedBytes }) =>
      report({
        type: "function.packaged",
        name,
        key,
        files: files.length,
        zippedBytes,
        unzippedBytes,
      }),
  });
  // The id is that of the API as its definition names it, whatever its stack is called.
  const local = localValues({ api: checked.api, apiId: apiIdOf(root, checked.api.name) });
  const buildId = await ids.findBuildId(root, packaged, options.without);
  report({
    type: "build.identified",
    buildId,
    source: buildId.startsWith("content-") ? "content" : "git",
  });

  const code = new Map(packaged.map(({ name, key }) => [name, locationOf(api, name, key)]));
  const made = synthesis.synthesize(api, { code, buildId });
  const template = await hooks.changeTemplate(made, { api, root, buildId }, (hook, durationMs) =>
    report({ type: "hook.called", hook, durationMs }),
  );
  refuse(
    "TEMPLATE_INVALID",
    checks.checkTemplate(template).map(({ message }) => message),
  );
  const templateText = synthesis.renderTemplate(template);
  report({
    type: "template.made",
    resources: Object.keys(template.Resources).length,
    bytes: Buffer.byteLength(templateText),
  });
  return {
    api,
    packaged,
    template,
    templateText,
    buildId,
    warnings: [
      ...checked.warnings,
      ...local.map((sentence) => `${source}: ${sentence}`),
      ...packaged.flatMap(({ warnings }) => warnings),
    ],
  };
}

/** Where the stack finds a function's code, and how it is called there. */
function locationOf(api: Api, name: string, key: string) {
  const fn = api.functions[name];
  if (fn === undefined) return { key };
  return { key, handler: deployedHandler(fn) };
}

function refuse(code: "NOT_DEPLOYABLE" | "TEMPLATE_INVALID", faults: readonly string[]): void {
  if (faults.length > 0) throw new WsgwError(code, faults.join("\n"));
}
