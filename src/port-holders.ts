import { lstat, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * Notes, for this user's other projects, which project's gateway listens at a port. It is for messages
 * only, so whatever fails here is passed over. Returns the function that takes the note away.
 */
export async function notePort(port: number, root: string): Promise<() => Promise<void>> {
  const file = join(folder(), `${port}`);
  try {
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    await writeFile(file, root, { mode: 0o600 });
  } catch {
    return async () => {};
  }
  return () => rm(file, { force: true }).catch(() => {});
}

/** The project that was last noted for a port; whether its gateway still runs is another question. */
export async function notedAt(port: number): Promise<string | undefined> {
  try {
    const { uid } = await lstat(folder());
    const isOwn = process.platform === "win32" || uid === userInfo().uid;
    return isOwn ? await readFile(join(folder(), `${port}`), "utf8") : undefined;
  } catch {
    return undefined;
  }
}

/** A folder of this user's in the place for what need not last. */
function folder(): string {
  return join(tmpdir(), `wsgw-ports-${userInfo().username}`);
}
