import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deploy, destroy, diffStack } from "../../../src/app.ts";
import { makeProject } from "../../bundle/project.ts";
import { deployOptions, START_MS, skipped, useMoto } from "./moto.ts";

const FILES = {
  "wsgw.config.json": JSON.stringify({
    name: "layered",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "v1" },
    functions: { all: { handler: "app.handler", layers: ["layers/base", "layers/more"] } },
    routes: { $default: { function: "all" } },
  }),
  "app.js": "exports.handler = async () => ({ statusCode: 200 });\n",
  "layers/base/nodejs/shared.js": "exports.version = 1;\n",
  "layers/more/bin/tool": "#!/bin/sh\n",
};

describe.skipIf(skipped)(
  "layers in a stack, judged by the AWS CLI",
  { timeout: 3 * START_MS }, // the AWS CLI takes seconds for each call
  () => {
    const moto = useMoto();

    test("functions get the layers in order, a changed one is a new version, destroy removes all", async () => {
      const { root } = makeProject(FILES);
      const options = deployOptions(root, moto);
      const layersOf = async () => {
        const { Functions } = await moto.aws("lambda", "list-functions");
        const layers: readonly { readonly Arn: string }[] = Functions[0].Layers;
        return layers.map(({ Arn }) => Arn);
      };

      expect((await deploy(options)).kind).toBe("deployed");

      const [base = "", more = ""] = await layersOf();
      const described = (arn: string) => {
        const [name = "", version = ""] = arn.split(":").slice(-2);
        const of = ["--layer-name", name, "--version-number", version];
        return moto.aws("lambda", "get-layer-version", ...of);
      };
      expect(await described(base)).toMatchObject({ Description: "layers/base" });
      expect(await described(more)).toMatchObject({ Description: "layers/more" });
      expect((await deploy(options)).kind).toBe("unchanged");

      writeFileSync(join(root, "layers/base/nodejs/shared.js"), "exports.version = 2;\n");
      const { changes } = await diffStack(options);
      expect(changes.find(({ id }) => id.startsWith("LayersBase"))).toMatchObject({
        type: "AWS::Lambda::LayerVersion",
        replacement: "always",
      });
      await expect(deploy({ ...options, codeOnly: true })).rejects.toMatchObject({
        code: "NOT_CODE_ONLY",
      });
      expect((await deploy(options)).kind).toBe("deployed");

      expect((await destroy(options)).kind).toBe("destroyed");
      const { Layers } = await moto.aws("lambda", "list-layers");
      expect(Layers).toEqual([]);
    });
  },
);
