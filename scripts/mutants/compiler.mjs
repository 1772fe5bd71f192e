// @ts-check
import { join } from "node:path";
import { API } from "typescript/unstable/sync";

/** Opens the project of a folder in the compiler. Files are named from the folder on. @param {string} folder */
export function openCompiler(folder) {
  const api = new API({ cwd: folder });
  let snapshot = api.updateSnapshot({ openProjects: [join(folder, "tsconfig.json")] });
  /** Files that may have changed since. @type {Set<string>} */
  const changed = new Set();

  return {
    /** @param {string} file */
    sourceOf: (file) => program().getSourceFile(join(folder, file)),

    /** Whether the compiler refuses a file as it is now. Names that are unused now are no reason. @param {string} file */
    refuses(file) {
      const path = join(folder, file);
      snapshot = api.updateSnapshot({ fileChanges: { changed: [...changed.add(path)] } });
      changed.clear();
      changed.add(path);
      return [
        ...program().getSyntacticDiagnostics(path),
        ...program().getSemanticDiagnostics(path),
      ].some(({ reportsUnnecessary }) => reportsUnnecessary !== true);
    },

    close: () => api.close(),
  };

  function program() {
    const [project] = snapshot.getProjects();
    if (project === undefined) throw new Error(`${folder} has no project`);
    return project.program;
  }
}
