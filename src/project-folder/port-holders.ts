import { lstat, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * Notes, for this user's other projects, which project's gateway listens at a port. It is for messages
 * only, so whatever fails here is passed over. Returns the function that takes the note away.
 */
export async function notePort(port: number, root: string): Promise<() => Promise<void>> {
  try {
    const folder = folderOfNotes();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Whoever else owns it could have put a link there that leads the note over another file.
    if (!(await isOwn(folder))) return async () => {};
    const file = join(folder, `${port}`);
    await writeFile(file, root, { mode: 0o600 });
    return () => rm(file, { force: true }).catch(() => {});
  } catch {
    return async () => {};
  }
}

/** The project that was last noted for a port; whether its gateway still runs is another question. */
export async function notedAt(port: number): Promise<string | undefined> {
  try {
    const folder = folderOfNotes();
    return (await isOwn(folder)) ? await readFile(join(folder, `${port}`), "utf8") : undefined;
  } catch {
    return undefined;
  }
}

async function isOwn(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  if (process.platform === "win32") return true;
  return found.isDirectory() && found.uid === userInfo().uid;
}

/** A folder of this user's in the place for what need not last. Throws for a user without a name. */
function folderOfNotes(): string {
  return join(tmpdir(), `wsgw-ports-${userInfo().username}`);
}
