import { WsgwError } from "../../errors.ts";
import { managedBucket, tlsOnlyPolicy } from "../rules/bucket.ts";
import { mustConfirm, type Run } from "./run-context.ts";

/**
 * Finds the bucket for the code, or creates the one that wsgw manages. A bucket that the user names is never
 * changed.
 */
export async function ensureBucket(
  run: Run,
  account: string,
  named: string | undefined,
): Promise<string> {
  const { artifacts, region } = run.cloud;
  const bucket = named ?? managedBucket(account, region);
  const managed = named === undefined;
  // Bucket names are global: another account may have created this one to get the code.
  const found = await artifacts.locate(bucket, managed ? account : undefined);
  switch (found.kind) {
    case "closed": {
      throw new WsgwError("BUCKET_UNUSABLE", closedMessage(bucket, found.region, region));
    }
    case "missing": {
      if (!managed) {
        throw new WsgwError("BUCKET_UNUSABLE", `The bucket ${bucket} does not exist.`);
      }
      await mustConfirm(run, { kind: "create-bucket", bucket, region });
      await artifacts.create(bucket, region);
      break;
    }
    case "found": {
      if (found.region !== region) {
        throw new WsgwError(
          "BUCKET_UNUSABLE",
          `The bucket ${bucket} is in ${found.region}, the stack in ${region}. Lambda accepts code only from a bucket in its own region.`,
        );
      }
      break;
    }
    default:
      return found satisfies never;
  }

  let versioning = await artifacts.versioning(bucket);
  if (managed && versioning !== "Enabled") {
    // At a plain HTTP endpoint the policy would lock the user out.
    const isPlain = run.cloud.endpointUrl?.startsWith("http:") === true;
    const policy = isPlain ? undefined : tlsOnlyPolicy(bucket, region);
    await artifacts.secure(bucket, policy);
    versioning = "Enabled";
  }
  const created = found.kind === "missing";
  run.report({ type: "bucket.checked", bucket, region, versioning, created, managed });
  return bucket;
}

function closedMessage(bucket: string, at: string | undefined, region: string): string {
  if (at !== undefined && at !== region) {
    return `The bucket ${bucket} is in ${at}, the stack in ${region}. Lambda accepts code only from a bucket in its own region.`;
  }
  return `The bucket ${bucket} belongs to another account, or these credentials may not read it.`;
}
