import { expect, test } from "vitest";
import { keepShellProxies } from "../../../../src/emulator/network/rules/shell-proxies.ts";

const OURS = {
  HTTPS_PROXY: "http://127.0.0.1:1",
  https_proxy: "http://127.0.0.1:1",
  HTTP_PROXY: "http://127.0.0.1:1",
  AWS_CA_BUNDLE: "/ca.pem",
  SSL_CERT_FILE: "/ca.pem",
  REQUESTS_CA_BUNDLE: "/ca.pem",
};

test("a shell without settings of its own gets all variables", () => {
  expect(keepShellProxies({ PATH: "/bin", HTTPS_PROXY: "" }, OURS)).toEqual(OURS);
});

test("a proxy of the shell stays, in whatever variable", () => {
  const { HTTPS_PROXY: _, https_proxy: __, ...others } = OURS;
  const { HTTP_PROXY: ___, ...authorities } = others;

  expect(keepShellProxies({ https_proxy: "http://corp" }, OURS)).toEqual(others);
  expect(keepShellProxies({ ALL_PROXY: "http://corp" }, OURS)).toEqual(authorities);
});

test("an authority of the shell stays, for the programs that read it", () => {
  const { AWS_CA_BUNDLE: _, REQUESTS_CA_BUNDLE: __, ...others } = OURS;
  const { SSL_CERT_FILE: ___, ...rest } = OURS;

  expect(keepShellProxies({ REQUESTS_CA_BUNDLE: "/corp.pem" }, OURS)).toEqual(others);
  expect(keepShellProxies({ SSL_CERT_FILE: "/corp.pem" }, OURS)).toEqual(rest);
});
