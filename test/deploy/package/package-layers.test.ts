import { chmodSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FunctionDefinition } from "../../../src/definition/project.ts";
import { type PackagedProject, packageCode } from "../../../src/deploy/package/package-code.ts";
import { writeDeployment } from "../../../src/deploy/runs/noop.ts";
import { launch } from "../../../src/emulator/lambda/exec-wrapper.ts";
import { makeProject } from "../../bundle/project.ts";
import { projectOf } from "../apis.ts";
import { apiWith, contentsOf, modesOf } from "../packaging.ts";

const SHARED = "exports.shared = () => 'from the layer';\n";
const HANDLER = `const { shared } = require("/opt/nodejs/shared");
exports.handler = async () => ({ statusCode: 200, body: shared() });
`;

function packageAll(
  root: string,
  functions: Readonly<Record<string, FunctionDefinition>>,
): Promise<PackagedProject> {
  return packageCode({ project: projectOf(apiWith(functions)), root });
}

test("zips the directory of a layer once, unchanged, however functions spell it", async () => {
  const { root } = makeProject({
    "app.js": "exports.handler = async () => ({ statusCode: 200 });\n",
    "layers/common/nodejs/shared.js": SHARED,
    "layers/common/bin/tool": "#!/bin/sh\necho tool\n",
    "layers/common/.git/HEAD": "ref: refs/heads/main\n",
    "layers/common/python/__pycache__/a.pyc": "x",
    "layers/more/nodejs/node_modules/extra/index.js": "module.exports = 'extra';\n",
  });
  chmodSync(join(root, "layers/common/bin/tool"), 0o755);

  const { functions, layers } = await packageAll(root, {
    a: { handler: "app.handler", layers: ["layers/common", "layers/more"] },
    b: { handler: "app.handler", layers: ["./layers/common/"] },
  });

  expect(functions.map(({ files }) => files)).toEqual([
    ["index.js", "index.js.map"],
    ["index.js", "index.js.map"],
  ]);
  expect(layers.map(({ name, files, warnings }) => ({ name, files, warnings }))).toEqual([
    { name: "layers/common", files: ["bin/tool", "nodejs/shared.js"], warnings: [] },
    { name: "layers/more", files: ["nodejs/node_modules/extra/index.js"], warnings: [] },
  ]);
  const [common] = layers;
  expect(contentsOf(common!)["nodejs/shared.js"]).toBe(SHARED);
  expect(modesOf(common!)).toEqual({ "bin/tool": "100755", "nodejs/shared.js": "100644" });
  expect(common).toMatchObject({
    key: `chat/${common?.sha256}.zip`,
    zippedBytes: common?.zip.length,
    unzippedBytes: SHARED.length + "#!/bin/sh\necho tool\n".length,
  });
});

test("loads code that requires a file of a layer as Lambda would, with the layer in /opt", async () => {
  const { root } = makeProject({ "app.js": HANDLER, "common/nodejs/shared.js": SHARED });
  const layers = [join(root, "common")];
  const isShown = launch({ root, layers, environment: {} }, ["node"]).length > 1;

  const { functions } = await packageAll(root, {
    fn: { handler: "app.handler", layers: ["common"] },
  });

  expect(functions[0]?.warnings).toEqual(
    isShown ? [] : ['Function "fn" was not checked: it loads /opt/nodejs/shared from a layer.'],
  );
});

test("rejects code that requires a file which none of its layers has", async () => {
  const { root } = makeProject({ "app.js": HANDLER, "common/nodejs/other.js": SHARED });

  const made = packageAll(root, { fn: { handler: "app.handler", layers: ["common"] } });

  await expect(made).rejects.toMatchObject({
    code: "PACKAGE_INVALID",
    message: expect.stringContaining("Cannot find module '/opt/nodejs/shared'"),
  });
});

test("does not ask for Python packages that a layer has", async () => {
  const { root } = makeProject({
    "fn/app.py": "def handler(event, context):\n    return {'statusCode': 200}\n",
    "fn/requirements.txt": "requests==2.32.0\npyjwt\n",
    "layer/python/requests-2.32.0.dist-info/METADATA": "Name: requests\n",
  });

  const { functions } = await packageAll(root, {
    fn: { handler: "app.handler", runtime: "python3.13", code: "fn", layers: ["layer"] },
  });

  expect(functions[0]?.missingRequirements).toEqual(["pyjwt"]);
});

test("reports layers that are missing or empty, and warns about packages in the wrong place", async () => {
  const { root } = makeProject({
    "app.js": "exports.handler = async () => ({ statusCode: 200 });\n",
    "flat/node_modules/left/index.js": "",
    "empty/.git/HEAD": "",
  });
  const withLayers = (...layers: string[]) =>
    packageAll(root, { fn: { handler: "app.handler", layers } });

  await expect(withLayers("gone", "empty")).rejects.toMatchObject({
    code: "PACKAGE_INVALID",
    message: [
      'Function "fn" has the layer gone, which is not a directory. Create it or correct layers.',
      'Layer "empty" is an empty directory. Add files to it or remove it from layers.',
    ].join("\n"),
  });
  const { layers } = await withLayers("flat");
  expect(layers[0]?.warnings).toEqual([
    "The layer flat has its packages in node_modules, but Lambda reads nodejs/node_modules. Move them.",
  ]);
});

test("counts a function and its layers together against Lambda's 250 MB", async () => {
  const { root } = makeProject({
    "app.js": "exports.handler = async () => ({ statusCode: 200 });\n",
    "data.bin": "",
    "common/lib/data": "",
  });
  truncateSync(join(root, "data.bin"), 249 * 1024 * 1024);
  truncateSync(join(root, "common/lib/data"), 1024 * 1024);

  const made = packageAll(root, {
    fn: { handler: "app.handler", include: ["data.bin"], layers: ["common"] },
  });

  await expect(made).rejects.toThrow(
    `Function "fn" is 250.0 MB unzipped with its layers. Lambda's limit is 250.0 MB. Largest: its own code (249.0 MB), common (1.0 MB).`,
  );
});

test("deploy --noop writes layers next to functions, and the stack has them as layer versions", async () => {
  const { root } = makeProject({
    "wsgw.config.json": JSON.stringify(
      apiWith({
        plain: { handler: "app.handler" },
        shared: { handler: "app.handler", layers: ["common", "lib/more-tools"] },
      }),
    ),
    "app.js": "exports.handler = async () => ({ statusCode: 200 });\n",
    "common/nodejs/shared.js": SHARED,
    "lib/more-tools/bin/tool": "#!/bin/sh\n",
  });

  const { directory, template, packaged, summary, files } = await writeDeployment({ cwd: root });

  const [, , common, more] = packaged;
  const moreId = Object.keys(template.Resources).find((id) => /^LibMoreTools\w+Layer$/.test(id));
  expect(files).toEqual([
    "template.json",
    "plain.zip",
    "shared.zip",
    "CommonLayer.layer.zip",
    `${moreId}.layer.zip`,
    "manifest.json",
    "summary.txt",
  ]);
  expect(template.Resources.CommonLayer).toEqual({
    Type: "AWS::Lambda::LayerVersion",
    Properties: {
      Content: { S3Bucket: { Ref: "ArtifactBucket" }, S3Key: common?.key },
      Description: "common",
    },
  });
  expect(template.Resources.SharedFunction?.Properties?.Layers).toEqual([
    { Ref: "CommonLayer" },
    { Ref: moreId },
  ]);
  expect(template.Resources.PlainFunction?.Properties).not.toHaveProperty("Layers");
  expect(summary).toMatch(
    /^Layers \(2\)\n {2}common {2}.* zipped, .* unzipped\n {2}lib\/more-tools /m,
  );
  const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8"));
  expect(manifest.functions.map(({ name }: { name: string }) => name)).toEqual(["plain", "shared"]);
  expect(manifest.archives).toMatchObject([
    { name: "common", zip: "CommonLayer.layer.zip", key: common?.key, files: ["nodejs/shared.js"] },
    { name: "lib/more-tools", key: more?.key, files: ["bin/tool"] },
  ]);
});
