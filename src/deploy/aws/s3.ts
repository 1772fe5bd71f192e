import { type Access, createService, type Service } from "./service.ts";

/** The S3 service, shared by all callers. */
export type S3 = Service<typeof import("./sdk/s3.ts")>;

/** Creates the S3 client; servers at their own URLs do not have a host for each bucket. */
export function createS3(access: Access): S3 {
  const { settings } = access;
  return createService("S3", access, async () => {
    const sdk = await import("./sdk/s3.ts");
    const forcePathStyle = settings.endpoint !== undefined;
    const client = new sdk.S3Client({ ...settings, forcePathStyle, followRegionRedirects: true });
    return { sdk, client };
  });
}
