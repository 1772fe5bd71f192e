import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { main } from "../../../cli/main.ts";
import type { Authority } from "../../../src/app.ts";
import { fakeIo } from "../fake-io.ts";

const authority: Authority = {
  file: "/my project/.wsgw/certificates/ca.pem",
  names: ["wsgw local authority 0011"],
  fingerprints: ["AA:BB"],
  validUntil: Date.UTC(2036, 0, 31),
};

async function run(...argv: string[]) {
  const asked: unknown[] = [];
  const findAuthority = async (options: unknown) => {
    asked.push(options);
    return authority;
  };
  const io = fakeIo({ app: { findAuthority } });
  return { code: await main(["cert", ...argv], io), out: io.out(), asked };
}

test("shows the authority, and how each tool trusts it", async () => {
  const { code, out } = await run();

  expect(code).toBe(0);
  expect(out).toContain(`
  File          /my project/.wsgw/certificates/ca.pem
  Name          wsgw local authority 0011
  SHA-256       AA:BB
  Valid until   2036-01-31
`);
  for (const tool of ["curl", "Node", "Python", "AWS CLI", "Java", "Firefox", "Chrome", "Safari"]) {
    expect(out).toMatch(new RegExp(`^ {2}${tool}`, "m"));
  }
  expect(out).toContain("curl --cacert '/my project/.wsgw/certificates/ca.pem' https://localhost");
  expect(out).toContain("wsgw does not install it");
});

test("prints environment variables that a shell takes as they are, also with blanks in the path", async () => {
  const { out } = await run();
  const assignments = out.match(/[A-Z_]+='.*?'/g) ?? [];

  const names = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"];
  expect(assignments).toEqual(names.map((name) => `${name}='${authority.file}'`));
  for (const assignment of assignments) {
    const [name] = assignment.split("=");
    const printed = execFileSync("sh", ["-c", `${assignment} printenv ${name}`], {
      encoding: "utf8",
    });
    expect(printed).toBe(`${authority.file}\n`);
  }
});

test("prints nothing but the path for scripts", async () => {
  const { out, asked } = await run("--path", "-c", "a.ts", "--public-host", "laptop.lan");

  expect(out).toBe(`${authority.file}\n`);
  expect(asked).toEqual([{ cwd: "/project", config: "a.ts", publicHost: "laptop.lan" }]);
});
