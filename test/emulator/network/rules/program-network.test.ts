import { expect, test } from "vitest";
import { programNetwork } from "../../../../src/emulator/network/rules/program-network.ts";

test("a program gets its authorities and its proxy in all variables that programs read", () => {
  expect(programNetwork({ caBundle: "/ca.pem", proxy: "http://127.0.0.1:1" })).toEqual({
    AWS_CA_BUNDLE: "/ca.pem",
    SSL_CERT_FILE: "/ca.pem",
    REQUESTS_CA_BUNDLE: "/ca.pem",
    CURL_CA_BUNDLE: "/ca.pem",
    HTTP_PROXY: "http://127.0.0.1:1",
    http_proxy: "http://127.0.0.1:1",
    HTTPS_PROXY: "http://127.0.0.1:1",
    https_proxy: "http://127.0.0.1:1",
    NO_PROXY: "localhost,127.0.0.1,::1",
    no_proxy: "localhost,127.0.0.1,::1",
  });
});
