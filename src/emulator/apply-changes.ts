import type { LocalProject } from "../definition/local-project.ts";
import { faultIn } from "./broken-functions.ts";
import type { Code } from "./build-functions.ts";
import { createTables } from "./dynamodb/seed.ts";
import type { Tables } from "./dynamodb/table.ts";
import type { Permissions } from "./iam/permissions.ts";
import { changedFunctions, keepWorking } from "./keep-previous-code.ts";
import type { Emulator } from "./options.ts";
import type { ProjectReader } from "./project.ts";
import { keepFixed, restartReasons } from "./restart-reasons.ts";
import type { RunningFunctions } from "./running-functions.ts";
import type { RunningGateways } from "./running-gateways.ts";
import type { ServedProject } from "./served-project.ts";

/** The running code of functions that a changed definition leaves unchanged. */
function sameFunctions({ project, code }: ServedProject, next: LocalProject): Code {
  const isSame = ([name]: readonly [name: string, ...unknown[]]) => {
    const [before, after] = [project.functions[name], next.functions[name]];
    return before?.handler === after?.handler && before?.runtime === after?.runtime;
  };
  return {
    ...code,
    built: new Map([...code.built].filter(isSame)),
    broken: new Map([...code.broken].filter(isSame)),
    uninstalled: new Map([...code.uninstalled].filter(isSame)),
  };
}

/** Creates the operations that change what is served. */
export function changesOf(
  served: ServedProject,
  parts: {
    readonly reader: ProjectReader;
    readonly tables: Tables | undefined;
    readonly permissions: Permissions;
    readonly functions: RunningFunctions;
    readonly gateways: RunningGateways;
    readonly root: string;
  },
): Pick<Emulator, "update" | "reload"> {
  const { reader, tables, permissions, functions, gateways, root } = parts;
  return {
    async update(definition) {
      const next = await reader.read(definition);
      const code = await next.code;
      const isNews = [...code.broken.keys()].some((name) => !served.code.broken.has(name));
      if (isNews) throw faultIn(code); // the running code stays
      const project = reader.local(keepFixed(served.project, next.project));
      const needsRestart = restartReasons(served.project, next.project, {
        isLongForm: next.isLongForm,
        hasTables: tables !== undefined,
      });
      await createTables(project, tables, root);
      permissions.follow(project, next.project);
      served.change(project, keepWorking(sameFunctions(served, project), code));
      await functions.replace();
      gateways.update();
      return { needsRestart };
    },
    async reload(files) {
      const before = served.code;
      const after = await reader.build(served.project);
      served.run(keepWorking(before, after));
      const names = changedFunctions(before, after, files);
      await functions.replace(({ name, broken }) => broken !== undefined || names.includes(name));
      return names;
    },
  };
}
