import type { ObjectVersion } from "../aws/artifacts.ts";
import type { Upload } from "../aws/put-object.ts";
import { inTurns } from "../in-turns.ts";
import type { Run } from "./run-context.ts";

/** Enough to use the bandwidth without keeping every archive in memory. */
const AT_ONCE = 4;

/**
 * Uploads objects to the bucket, several at once; existing ones stay. Their keys contain a hash of their
 * contents. If one fails, the uploads of this run are removed. Returns the uploaded keys.
 */
export async function uploadAll(
  run: Run,
  bucket: string,
  uploads: readonly Upload[],
): Promise<readonly ObjectVersion[]> {
  const { artifacts } = run.cloud;
  const unique = [...new Map(uploads.map((upload) => [upload.key, upload])).values()];
  const missing: Upload[] = [];
  await inTurns(unique, AT_ONCE, async (upload) => {
    const bytes = upload.body.byteLength;
    const isThere = await artifacts.has(bucket, upload.key, bytes);
    if (isThere) run.report({ type: "upload.skipped", key: upload.key, bytes });
    else missing.push(upload);
  });

  const allBytes = missing.reduce((sum, { body }) => sum + body.byteLength, 0);
  const sent = new Map<string, number>();
  const brought: ObjectVersion[] = [];
  try {
    await inTurns(missing, AT_ONCE, async (upload) => {
      if (run.signal.aborted) return;
      const { key, body } = upload;
      const bytes = body.byteLength;
      const start = run.timing.elapsed();
      run.report({ type: "upload.started", bucket, key, bytes });
      const { versionId } = await artifacts.put(bucket, upload, (sentBytes) => {
        sent.set(key, sentBytes);
        const allSentBytes = [...sent.values()].reduce((sum, value) => sum + value, 0);
        const progress = { key, sentBytes, bytes, allSentBytes, allBytes };
        run.report({ type: "upload.progressed", ...progress });
      });
      brought.push({ key, versionId });
      const durationMs = run.timing.elapsed() - start;
      run.report({ type: "upload.ended", bucket, key, bytes, durationMs });
    });
    return brought;
  } catch (error) {
    await removeUploads(run, bucket, brought);
    throw error;
  }
}

/** Removes the uploads of a run, and nothing that existed before. */
export async function removeUploads(
  run: Run,
  bucket: string,
  brought: readonly ObjectVersion[],
): Promise<void> {
  if (brought.length === 0) return;
  const keys = brought.map(({ key }) => key).sort();
  try {
    await run.cloud.artifacts.remove(bucket, brought);
    run.report({ type: "uploads.removed", bucket, keys });
  } catch (error) {
    // The earlier error matters more; a successful run uses what is left.
    const message = `${keys.length} uploaded objects were not removed: ${error instanceof Error ? error.message : String(error)}`;
    run.report({ type: "warning", message });
  }
}
