import { expect, test } from "vitest";
import {
  amzDateOf,
  createSigningKeys,
  queryParameters,
  signedHeaders,
  signRequest,
} from "../../../../src/emulator/iam/rules/sign-request.ts";
import {
  readAuthorization,
  verifySignature,
} from "../../../../src/emulator/iam/rules/verify-signature.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const AMZ_DATE = "20150830T123600Z";
const SCOPE = { date: "20150830", region: "us-east-1", service: "iam" };
const NOTHING = new Uint8Array();

function sign(url: string, rawHeaders: string[], signedHeaders: string[], body = NOTHING) {
  const key = createSigningKeys()(SECRET, SCOPE);
  const request = { method: "GET", url, rawHeaders, body };
  return signRequest(request, signedHeaders, AMZ_DATE, SCOPE, key);
}

// The example of AWS's guide to signing requests.
test("signs the example of the AWS guide", () => {
  const headers = [
    "Host",
    "iam.amazonaws.com",
    "Content-Type",
    "application/x-www-form-urlencoded; charset=utf-8",
    "X-Amz-Date",
    AMZ_DATE,
  ];

  const { signature, canonicalRequest } = sign("/?Action=ListUsers&Version=2010-05-08", headers, [
    "content-type",
    "host",
    "x-amz-date",
  ]);

  expect(canonicalRequest).toBe(`GET
/
Action=ListUsers&Version=2010-05-08
content-type:application/x-www-form-urlencoded; charset=utf-8
host:iam.amazonaws.com
x-amz-date:20150830T123600Z

content-type;host;x-amz-date
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`);
  expect(signature).toBe("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
});

test.each([
  ["/prod/@connections/X%3D", "/prod/%40connections/X%253D", ""],
  ["/prod/@connections/X=", "/prod/%40connections/X%3D", ""],
  ["/prod/%40connections/X%3D", "/prod/%2540connections/X%253D", ""],
  ["/prod//@connections/X", "/prod/%40connections/X", ""],
  ["/a/./b/../c/", "/a/c/", ""],
  ["/", "/", ""],
  ["/?b=2&a=1&a=0&c", "/", "a=0&a=1&b=2&c="],
  ["/?a=x%20y&a-b=1&a=%c3%bc", "/", "a=%C3%BC&a=x%20y&a-b=1"],
  ["/?X-Amz-Signature=no&X-Amz-Date=yes", "/", "X-Amz-Date=yes"],
  ["/?a=(*)", "/", "a=%28%2A%29"],
  ["/?a=2&a=1", "/", "a=1&a=2"],
  ["/?long=2&lone=3&long=1", "/", "lone=3&long=1&long=2"],
  ["/?ab=1&a=2", "/", "a=2&ab=1"],
  ["/a b!/", "/a%20b%21/", ""],
  ["/.a/b", "/.a/b", ""],
  ["/../a", "/a", ""],
])("writes %s canonically", (url, path, query) => {
  const { canonicalRequest } = sign(url, ["Host", "h"], ["host"]);

  expect(canonicalRequest.split("\n").slice(1, 3)).toEqual([path, query]);
});

test("joins repeated headers and folds blanks", () => {
  const headers = ["Host", "h", "My-Header", "  a   b ", "my-header", "c", "Not-Signed", "d"];

  const { canonicalRequest } = sign("/", headers, ["host", "my-header"]);

  expect(canonicalRequest.split("\n").slice(3, 5)).toEqual(["host:h", "my-header:a b,c"]);
});

test.each([
  ["a  b  c", "a b c"],
  ["a\tb", "a b"],
  [" a", "a"],
  ["a ", "a"],
  ["a b", "a b"],
])("signs the header %j as %j", (value, signed) => {
  const { canonicalRequest } = sign("/", ["Host", "h", "My-Header", value], ["host", "my-header"]);

  expect(canonicalRequest.split("\n")[4]).toBe(`my-header:${signed}`);
});

test("a header that is signed twice, or not sent, has one line", () => {
  const { canonicalRequest } = sign("/", ["Host", "h"], ["host", "missing", "host"]);

  expect(canonicalRequest.split("\n").slice(3)).toEqual([
    "host:h",
    "missing:",
    "",
    "host;missing;host",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  ]);
});

test("keeps a hundred keys, and forgets them when there is one more", () => {
  const keys = createSigningKeys();
  const first = keys(SECRET, SCOPE);
  for (let at = 1; at < 100; at += 1) keys(`${at}`, SCOPE);

  expect(keys(SECRET, SCOPE)).toBe(first);
  keys("one more", SCOPE);
  expect(keys(SECRET, SCOPE)).not.toBe(first);
  expect(keys(SECRET, SCOPE)).toEqual(first);
});

test.each([
  [undefined, ["content-type", "host", "x-amz-date"]],
  ["token", ["content-type", "host", "x-amz-date", "x-amz-security-token"]],
])("signs a request for a client whose session token is %s", (sessionToken, names) => {
  const url = new URL("http://localhost:3001/v1/@connections/X%3D");
  const request = { method: "POST", url, body: Buffer.from("hello") };
  const place = { region: "us-east-1", service: "execute-api" };
  const credentials = { accessKeyId: "AKID", secretAccessKey: SECRET, sessionToken };

  const headers = signedHeaders(request, { "content-type": "text/plain" }, credentials, place);

  const { authorization, ...others } = headers;
  expect(Object.keys(others).sort()).toEqual(names);
  expect(others).toMatchObject({
    host: "localhost:3001",
    "x-amz-date": expect.stringMatching(/^\d{8}T\d{6}Z$/),
    ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
  });
  const signed = { ...request, url: url.pathname, rawHeaders: Object.entries(headers).flat() };
  const read = readAuthorization(signed);
  expect(read).toMatchObject({
    kind: "signed",
    accessKeyId: "AKID",
    scope: { ...place, date: others["x-amz-date"]?.slice(0, 8) },
    signedHeaders: names,
    sessionToken,
  });
  if (read.kind !== "signed") return;
  expect(verifySignature(signed, read, SECRET, createSigningKeys())).toEqual({ kind: "right" });
});

test("derives a key once, and keeps scopes apart", () => {
  const keys = createSigningKeys();

  expect(keys(SECRET, SCOPE)).toBe(keys(SECRET, { ...SCOPE }));
  expect(keys(SECRET, { ...SCOPE, region: "eu-west-1" })).not.toEqual(keys(SECRET, SCOPE));
  expect(keys("other", SCOPE)).not.toEqual(keys(SECRET, SCOPE));
});

test("writes dates in basic format", () => {
  expect(amzDateOf(Date.UTC(2015, 7, 30, 12, 36, 0, 999))).toBe(AMZ_DATE);
});

test("reads query parameters as they are meant", () => {
  expect(queryParameters("a=1&&b&c=x%3Dy=z&d=%zz")).toEqual([
    ["a", "1"],
    ["b", ""],
    ["c", "x=y=z"],
    ["d", "%zz"],
  ]);
});
