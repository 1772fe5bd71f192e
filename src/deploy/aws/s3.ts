import { type Access, createService, type Service } from "./service.ts";

/** How S3 is called, by everything that does. */
export type S3 = Service<typeof import("./sdk/s3.ts")>;

/** Opens S3; servers at addresses of their own have no host for each bucket. */
export function createS3(access: Access): S3 {
  const { settings } = access;
  return createService("S3", access, async () => {
    const sdk = await import("./sdk/s3.ts");
    const forcePathStyle = settings.endpoint !== undefined;
    const client = new sdk.S3Client({ ...settings, forcePathStyle, followRegionRedirects: true });
    return { sdk, client };
  });
}
