import { expect, test } from "vitest";
import {
  filesInLayers,
  joined,
  layerVariables,
  nodeDirectories,
} from "../../../../src/emulator/lambda/rules/layers.ts";

test("no layers set no variables", () => {
  expect(layerVariables([], "nodejs24.x", "/bin", "/sdk")).toEqual({});
});

test("Node searches the directory of its version first, then the others, the last layer first", () => {
  expect(layerVariables(["/a", "/b"], "nodejs24.x", "/bin", "/sdk")).toEqual({
    PATH: "/bin:/b/bin:/a/bin",
    LD_LIBRARY_PATH: "/b/lib:/a/lib",
    NODE_PATH:
      "/b/nodejs/node24/node_modules:/a/nodejs/node24/node_modules:/b/nodejs/node_modules:/a/nodejs/node_modules:/sdk",
  });
});

test("Python searches the site packages of its version and python", () => {
  expect(layerVariables(["/a"], "python3.12", "/bin", undefined)).toEqual({
    PATH: "/bin:/a/bin",
    LD_LIBRARY_PATH: "/a/lib",
    PYTHONPATH: "/a/python/lib/python3.12/site-packages:/a/python",
  });
});

test("programs get what every runtime gets", () => {
  expect(Object.keys(layerVariables(["/a"], "provided.al2023", "/bin", undefined))).toEqual([
    "PATH",
    "LD_LIBRARY_PATH",
  ]);
});

test("a Node runtime without a version searches the directory for all", () => {
  expect(layerVariables(["/a"], "nodejs", "/bin", undefined).NODE_PATH).toBe(
    "/a/nodejs/node_modules",
  );
});

test("only the whole name of a runtime names a version", () => {
  for (const runtime of ["my-nodejs24.x", "nodejs24.x86"]) {
    expect(nodeDirectories(["/a"], runtime)).toEqual(["/a/nodejs/node_modules"]);
  }
  for (const runtime of ["my-python3.12", "python3.12-arm"]) {
    expect(layerVariables(["/a"], runtime, "/bin", undefined)).toEqual({
      PATH: "/bin:/a/bin",
      LD_LIBRARY_PATH: "/a/lib",
    });
  }
});

test("lists directories in the system's format, and omits missing ones", () => {
  expect(joined(["/a", undefined, "", "/b"])).toBe("/a:/b");
  expect(joined(["C:\\a", "/b"])).toBe("C:\\a;/b");
  expect(joined([undefined, "/c:\\a", "/b"])).toBe("/c:\\a:/b");
});

test("a path below /opt may be in any layer, the last one first; others are in none", () => {
  expect(filesInLayers(["/a", "/b"], "/opt/nodejs/shared")).toEqual([
    "/b/nodejs/shared",
    "/a/nodejs/shared",
  ]);
  expect(filesInLayers(["/a"], "/optional/x")).toEqual([]);
  expect(filesInLayers(["/a"], "/x/opt/y")).toEqual([]);
});
