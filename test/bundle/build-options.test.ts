import { expect, test } from "vitest";
import { buildOptions, placeInZip } from "../../src/bundle/build-options.ts";

const common = {
  root: "/project",
  stateDir: "/project/.wsgw",
  files: ["/project/src/app.ts"],
  kept: new Map(),
  links: new Map(),
};

test.each(["commonjs", "module"] as const)(
  "between this machine and AWS only packages, target and places differ (%s)",
  (format) => {
    const here = buildOptions({ ...common, format, aim: { purpose: "child-process" } });
    const aim = { purpose: "deploy", target: "node24", nodeModules: new Set<string>() } as const;
    const there = buildOptions({ ...common, format, aim });

    const differing = Object.keys({ ...here, ...there }).filter(
      (name) =>
        JSON.stringify(Reflect.get(here, name)) !== JSON.stringify(Reflect.get(there, name)),
    );
    expect(differing.sort()).toEqual(["banner", "outdir", "plugins", "target"]);
    expect(there.target).toBe("node24");
    const plugins = (options: typeof here) => options.plugins?.map(({ name }) => name);
    expect(plugins(here)).toEqual(["native-outside", "packages-outside", "change-sources"]);
    expect(plugins(there)).toEqual(["packages-inside", "keep-packages", "change-sources"]);
  },
);

test.each([
  ["/project/src/app.ts", "src/app.ts"],
  ["/project/node_modules/a/b.js", "node_modules/a/b.js"],
  ["/node_modules/a/b.js", "node_modules/a/b.js"],
  ["/shared/words.ts", "_/shared/words.ts"],
])("%s of /project has the path %s in a zip", (file, place) => {
  expect(placeInZip("/project", file)).toBe(place);
});
