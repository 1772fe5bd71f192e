import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  whyNotListening,
  whyNotReached,
  whyNotRead,
  whyNotStarted,
  whyNotWritten,
} from "../../src/errors/in-words.ts";
import { project } from "../readers/projects.ts";

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: as Node says it`), { code, ...more });

test("explains Node's errors about files, with their code", () => {
  const { path } = project({ "a.txt": "" });
  const read = (name: string) => thrownBy(() => readFileSync(path(name)));
  const write = (name: string) => thrownBy(() => writeFileSync(path(name), ""));

  expect(whyNotRead(read("gone"))).toBe("it does not exist (ENOENT)");
  expect(whyNotRead(read("."))).toBe("it is a directory (EISDIR)");
  expect(whyNotWritten(write("gone/b.txt"), path("gone/b.txt"))).toBe(
    "its directory does not exist (ENOENT)",
  );
  expect(whyNotWritten(write("a.txt/b.txt"))).toBe(
    "a file is where a directory is needed (ENOTDIR)",
  );
});

test("the path is named that the system stumbled over, when it is another", () => {
  const error = coded("EACCES", { path: "/p/.wsgw" });

  expect(whyNotWritten(error, "/p/.wsgw/ca.pem")).toBe("permission is denied (EACCES: /p/.wsgw)");
  expect(whyNotWritten(error, "/p/.wsgw")).toBe("permission is denied (EACCES)");
});

test("the same code means something else of a program or a server", () => {
  expect(whyNotStarted(coded("ENOENT"))).toBe("the program does not exist (ENOENT)");
  expect(whyNotListening(coded("EACCES"))).toBe("this user may not use that port (EACCES)");
  expect(whyNotReached(coded("ECONNREFUSED"))).toBe("nothing listens on that port (ECONNREFUSED)");
  expect(whyNotReached(coded("ECONNRESET"), { ECONNRESET: "it hung up" })).toBe(
    "it hung up (ECONNRESET)",
  );
});

test("what has no words says its own message", () => {
  expect(whyNotRead(new Error("Something else."))).toBe("Something else");
  expect(whyNotRead(coded("EODD"))).toBe("EODD: as Node says it");
  expect(whyNotRead(Object.assign(new Error(""), { code: "EODD" }))).toBe("EODD");
  expect(whyNotRead("text")).toBe("text");
});
