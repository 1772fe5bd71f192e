// @ts-check
import { join } from "node:path";
import { API } from "typescript/unstable/sync";

/**
 * Opens the project of a directory in the compiler. Files are relative to the directory. @param {string}
 * directory
 */
export function openCompiler(directory) {
  const api = new API({ cwd: directory });
  let snapshot = api.updateSnapshot({ openProjects: [join(directory, "tsconfig.json")] });
  /** Files that may have changed since the last compilation. @type {Set<string>} */
  const changed = new Set();

  return {
    /** @param {string} file */
    sourceOf: (file) => program().getSourceFile(join(directory, file)),

    /** Whether the compiler rejects a file as it is now. Unused names do not count. @param {string} file */
    rejects(file) {
      const path = join(directory, file);
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
    if (project === undefined) throw new Error(`${directory} has no project`);
    return project.program;
  }
}
