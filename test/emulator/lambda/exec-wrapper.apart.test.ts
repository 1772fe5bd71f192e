import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { launch } from "../../../src/emulator/lambda/exec-wrapper.ts";
import { makeProject } from "../../bundle/project.ts";
import { plainSpec } from "./plain-spec.ts";

const COMMAND = ["node", "a"];
const SCRIPT = `mount="$1"; shift; "$mount" -t overlay overlay -o "lowerdir=$0:/opt" /opt 2>/dev/null; exec "$@"`;
/** Leaves out its options and runs the rest, as `unshare` does where that is permitted. */
const UNSHARE = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/log"
[ "$1" = "$REJECTED" ] && exit 1
while [ "\${1#--}" != "$1" ]; do shift; done
exec "$@"
`;

/** A machine with such programs, a user, two layers and a project, all of its own. */
function machine({ user = 0, refuses = "nothing", mount = "exit 0" } = {}) {
  const { root, write } = makeProject({
    "app.js": "",
    "one/file": "",
    "two/wrap": "",
    "a:b/x": "",
  });
  const tools = ["unshare", "mount"].map((name) => {
    const file = write(`tools/${name}`, name === "mount" ? `#!/bin/sh\n${mount}\n` : UNSHARE);
    chmodSync(file, 0o755);
    return file;
  });
  vi.stubEnv("PATH", ["/nowhere", join(root, "tools"), process.env.PATH].join(delimiter));
  vi.stubEnv("REJECTED", refuses);
  const getuid = vi.spyOn(process, "getuid").mockReturnValue(user);
  const getgid = vi.spyOn(process, "getgid").mockReturnValue(7);
  onTestFinished(() => {
    for (const spy of [getuid, getgid]) spy.mockRestore();
    vi.unstubAllEnvs();
  });
  const layers = ["one", "two"].map((name) => join(root, name));
  return {
    ...{
      root,
      layers,
      unshare: tools[0]!,
      mount: tools[1]!,
      lowest: layers.toReversed().join(":"),
    },
    start: (more: Partial<ReturnType<typeof plainSpec>> = {}) =>
      launch({ ...plainSpec("app.js"), root, layers, ...more }, COMMAND),
    tried: () =>
      readFileSync(join(root, "tools", "log"), "utf8")
        .trim()
        .split("\n"),
  };
}

test.skipIf(process.platform !== "linux").each([
  ["root mounts layers in a namespace of its own", {}, true, 1],
  ["root that may not do so mounts them in one of its own users", { refuses: "--mount" }, false, 2],
  ["another user mounts them in a namespace of users", { user: 1000 }, false, 1],
])(
  "%s, the last layer on top, and finds that out once for each list of layers",
  (_, how, isPrivileged, tries) => {
    const { start, unshare, mount, lowest, tried } = machine(how);
    const user = (how as { user?: number }).user ?? 0;

    const command = start();

    expect(command).toEqual([
      unshare,
      ...(isPrivileged ? ["--mount"] : ["--user", "--map-root-user", "--mount"]),
      ...["/bin/sh", "-c", SCRIPT, lowest, mount],
      ...(isPrivileged ? [] : [unshare, "--user", `--map-user=${user}`, "--map-group=7"]),
      ...COMMAND,
    ]);
    expect(start()).toEqual(command);
    expect(start({ layers: [lowest.split(":")[0]!] })[0]).toBe(unshare);
    expect(tried().filter((line) => line.includes("/bin/sh -c mount"))).toHaveLength(2 * tries);
  },
);

test.skipIf(process.platform !== "linux")(
  "a wrapper in a layer is called by its path in /opt",
  () => {
    const { root, start, unshare } = machine();
    const script = (wrapper: string) =>
      start({
        environment: {
          AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
          AWS_LAMBDA_EXEC_WRAPPER: wrapper,
        },
      });

    const inLayer = script("/opt/wrap");
    expect(inLayer[0]).toBe(unshare);
    expect(inLayer.slice(-6)).toEqual([
      ...["/bin/sh", "-c", expect.stringContaining("does not exist")],
      ...["/opt/wrap", ...COMMAND],
    ]);
    expect(script("/var/task/wrap").at(-3)).toBe(join(root, "wrap"));
  },
);

test.each([
  ["the mount fails", { mount: "exit 1" }, {}],
  ["there is no layer", {}, { layers: [] }],
  ["a layer's name would separate two of them", {}, { layers: ["a:b"] }],
  ["the project is in /opt, which would become read-only", {}, { root: "/opt/project" }],
])(
  "a function is started by its own command if %s",
  (_, how, more: { root?: string; layers?: string[] }) => {
    const { root, start } = machine(how);
    const layers = more.layers?.map((layer) => join(root, layer));

    expect(start({ ...more, ...(layers && { layers }) })).toEqual(COMMAND);
  },
);
