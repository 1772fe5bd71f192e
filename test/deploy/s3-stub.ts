import type { IncomingMessage, ServerResponse } from "node:http";

/** A bucket of that name which is there, in another region, or whose objects cannot be put. */
export function s3Answer(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  objects: Map<string, Buffer>,
  script: {
    readonly failedUploads?: RegExp;
    readonly failedRemovals?: RegExp;
    readonly bucketRegion?: string;
  },
): void {
  const url = new URL(request.url ?? "/", "http://s3");
  const [, , ...rest] = url.pathname.split("/");
  const key = rest.join("/");
  const xml = (text: string, status = 200): void => {
    response.writeHead(status, { "content-type": "application/xml" }).end(text);
  };

  if (url.searchParams.has("location")) {
    xml(
      `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${script.bucketRegion ?? ""}</LocationConstraint>`,
    );
    return;
  }
  if (url.searchParams.has("versioning") && request.method === "GET") {
    xml("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
    return;
  }
  if (url.searchParams.has("delete")) {
    const faults: string[] = [];
    for (const [, name = ""] of body.toString().matchAll(/<Key>([^<]+)<\/Key>/g)) {
      if (script.failedRemovals?.test(name)) {
        faults.push(
          `<Error><Key>${name}</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`,
        );
      } else objects.delete(name);
    }
    xml(`<DeleteResult>${faults.join("")}</DeleteResult>`);
    return;
  }
  if (url.searchParams.has("versions")) {
    const members = [...objects.keys()].map(
      (name) => `<Version><Key>${name}</Key><VersionId>v1</VersionId></Version>`,
    );
    xml(`<ListVersionsResult>${members.join("")}</ListVersionsResult>`);
    return;
  }
  if (request.method === "HEAD") {
    const found = objects.get(key);
    if (key !== "" && found === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-length": `${found?.length ?? 0}` }).end();
    return;
  }
  if (request.method === "PUT") {
    if (script.failedUploads?.test(key)) {
      xml("<Error><Code>InternalError</Code><Message>We are sorry</Message></Error>", 500);
      return;
    }
    objects.set(key, body);
    response.writeHead(200, { "x-amz-version-id": "v1", etag: '"1"' }).end();
    return;
  }
  xml("<Error><Code>NotImplemented</Code><Message>not in this stub</Message></Error>", 501);
}
