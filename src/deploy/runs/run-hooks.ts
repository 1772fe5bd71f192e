import type { AfterBundle, HookTemplate, Project } from "../../definition/project.ts";
import { WsgwError } from "../../errors.ts";
import { byCodeUnit, fileOf, type PackageFile } from "../package/files.ts";

type About = { readonly project: Project; readonly root: string };

/** Called for each hook that has run. */
export type OnHook = (hook: string, durationMs: number) => void;

/** Runs the first hook. Throws HOOK_FAILED, like those below. */
export async function runBeforeBundle({ project, root }: About, onHook: OnHook): Promise<void> {
  const hook = project.hooks.beforeBundle;
  if (hook !== undefined) await running("beforeBundle", () => hook({ project, root }), onHook);
}

/** The files of one function's zip, sorted, after the author's hook has changed them. */
export async function changeFiles(
  about: About & { readonly functionName: string },
  found: readonly PackageFile[],
  onHook: OnHook,
): Promise<readonly PackageFile[]> {
  const files = [...found].sort((a, b) => byCodeUnit(a.path, b.path));
  const hook = about.project.hooks.afterBundle;
  if (hook === undefined) return files;
  const changes = await running(
    `afterBundle for function "${about.functionName}"`,
    () => hook({ ...about, files: files.map(({ path }) => path) }),
    onHook,
  );
  return applied(about.functionName, files, changes);
}

function applied(
  functionName: string,
  files: readonly PackageFile[],
  changes: Awaited<ReturnType<AfterBundle>>,
): readonly PackageFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const [path, contents] of Object.entries(changes ?? {})) {
    if (!isPathInZip(path)) {
      throw new WsgwError(
        "HOOK_FAILED",
        `The hook afterBundle for function "${functionName}" returned "${path}", which is not a path in a zip. Write it without / at its ends and without "..".`,
      );
    }
    if (contents === undefined) byPath.delete(path);
    else byPath.set(path, withContents(functionName, path, contents, byPath.get(path)));
  }
  return [...byPath.values()].sort((a, b) => byCodeUnit(a.path, b.path));
}

function withContents(
  functionName: string,
  path: string,
  contents: unknown,
  before: PackageFile | undefined,
): PackageFile {
  if (typeof contents !== "string" && !(contents instanceof Uint8Array)) {
    throw new WsgwError(
      "HOOK_FAILED",
      `The hook afterBundle for function "${functionName}" returned a value for "${path}" that is neither a string nor bytes.`,
    );
  }
  return { ...fileOf(path, contents), executable: before?.executable ?? false };
}

function isPathInZip(path: string): boolean {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** The template after the author's hook has changed it. */
export async function changeTemplate<T extends object>(
  template: T,
  about: About & { readonly buildId: string },
  onHook: OnHook,
): Promise<T> {
  const hook = about.project.hooks.template;
  if (hook === undefined) return template;
  const free = structuredClone(template) as unknown as HookTemplate;
  const changed: unknown = await running("template", () => hook(free, about), onHook);
  if (isTemplate(changed)) return changed as unknown as T; // checked like every template
  throw new WsgwError(
    "HOOK_FAILED",
    "The hook template returned something other than a template. Return an object with Resources.",
  );
}

function isTemplate(value: unknown): value is HookTemplate {
  const resources = (value as { Resources?: unknown } | null | undefined)?.Resources;
  return typeof resources === "object" && resources !== null;
}

async function running<T>(hook: string, run: () => T | Promise<T>, onHook: OnHook): Promise<T> {
  const start = performance.now();
  try {
    const result = await run();
    onHook(hook, performance.now() - start);
    return result;
  } catch (cause) {
    if (cause instanceof WsgwError) throw cause;
    const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new WsgwError("HOOK_FAILED", `The hook ${hook} failed: ${said}`, { cause });
  }
}
