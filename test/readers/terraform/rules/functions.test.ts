import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { expect, test } from "vitest";
import { callFunction } from "../../../../src/readers/terraform/rules/functions.ts";
import { type Value, ValueFault } from "../../../../src/readers/terraform/rules/values.ts";
import { contextOf, evaluated } from "../evaluated.ts";

const FILES = {
  "a.txt": "é\n",
  "src/b.ts": "",
  "src/deep/c.ts": "",
  "src/b.tsx": "",
  "hello.tftpl": "Hello ${name}",
};

/** Calls a function with the files of `FILES`. A template shows its text and names. */
function called(name: string, args: readonly Value[]): Value {
  return callFunction(name, args, contextOf(FILES), ({ kind }, names) => [kind, names]);
}

test.each<[string, readonly Value[], Value]>([
  ["base64decode", ["w6k="], "é"],
  ["base64encode", ["é"], "w6k="],
  ["chomp", ["a\n\nb\r\n\n"], "a\n\nb"],
  ["endswith", ["hello", "lo"], true],
  ["endswith", ["hello", "he"], false],
  ["format", ["%s-%s", "a", 1], "a-1"],
  ["formatlist", ["%s-%s%s", ["a", "b", "c"], 1, ["x", "y", "z"]], ["a-1x", "b-1y", "c-1z"]],
  ["formatlist", ["%s", "a"], []],
  ["formatlist", ["%v", [null]], ["null"]],
  ["indent", [2, "a\nb\nc"], "a\n  b\n  c"],
  ["join", [", ", ["a", 1], ["b"]], "a, 1, b"],
  ["lower", ["AbC"], "abc"],
  ["regex", ["[a-z]+", "12ab"], "ab"],
  ["regex", ["(\\d)(x)?", "1"], ["1", null]],
  ["regex", ["(?P<digit>\\d)(?P<more>x)?", "1"], { digit: "1", more: null }],
  ["regex", ["(?i)AB", "xab"], "ab"],
  ["regex", ["(?s)a.b", "a\nb"], "a\nb"],
  ["regex", ["(?im)^B$", "a\nb"], "b"],
  ["regex", ["a[(?i)]", "xa("], "a("],
  ["regex", ["^.$", "😀"], "😀"],
  ["regexall", ["[a-z]", "1a2b"], ["a", "b"]],
  [
    "regexall",
    ["(\\w)=(\\d)", "a=1,b=2"],
    [
      ["a", "1"],
      ["b", "2"],
    ],
  ],
  ["regexall", ["x", "ab"], []],
  ["replace", ["a.b.c", ".", "$1"], "a$1b$1c"],
  ["replace", ["a1b2", "/(\\w)(\\d)/", "${2}$1-"], "1a-2b-"],
  ["replace", ["ab", "/(?P<first>a)/", "<$first>"], "<a>b"],
  ["replace", ["a/b", "/", "-"], "a-b"],
  ["replace", ["x/a/", "x/a/", "-"], "-"],
  ["replace", ["/a/x", "/a/x", "-"], "-"],
  ["replace", ["a\n\nb", "/\n\n/", "-"], "a-b"],
  ["replace", ["a1", "/(?P<x1>\\d)/", "<$x1>"], "a<1>"],
  ["replace", ["a1", "/(?P<x1>\\d)/", "<$1x>"], "a<>"],
  ["split", [",", "a,b,"], ["a", "b", ""]],
  ["startswith", ["hello", "he"], true],
  ["startswith", ["hello", "lo"], false],
  ["strcontains", ["hello", "ell"], true],
  ["strcontains", ["hello", "x"], false],
  ["strrev", ["a😀b"], "b😀a"],
  ["substr", ["hello", 1, 3], "ell"],
  ["substr", ["hello", 0, 0], ""],
  ["substr", ["hello", 0, 2], "he"],
  ["substr", ["hello", 2, -1], "llo"],
  ["substr", ["hello", -3, 2], "ll"],
  ["substr", ["hello", -9, 2], "he"],
  ["substr", ["😀bc", 1, 1], "b"],
  ["title", ["hello wide-world, it's o'clock a_b é"], "Hello Wide-World, It's O'clock A_b É"],
  ["trim", ["?!a?b!?", "!?"], "a?b"],
  ["trim", ["!!", "!"], ""],
  ["trim", ["", "!"], ""],
  ["trimprefix", ["aab", "a"], "ab"],
  ["trimprefix", ["ba", "a"], "ba"],
  ["trimspace", [" a b \n"], "a b"],
  ["trimsuffix", ["baa", "a"], "ba"],
  ["trimsuffix", ["ab", "a"], "ab"],
  ["trimsuffix", ["ab", ""], "ab"],
  ["upper", ["aBc"], "ABC"],
  ["urlencode", ["a b!'()*/é~"], "a+b%21%27%28%29%2A%2F%C3%A9~"],
])("%s() of the strings %j is %j", (name, args, value) => {
  expect(called(name, args)).toEqual(value);
});

test("strings are indented by at most 1000 spaces", () => {
  expect(called("indent", [1001, "a\nb"])).toBe(`a\n${" ".repeat(1000)}b`);
});

test.each<[string, readonly Value[], Value]>([
  ["abs", [-3], 3],
  ["ceil", [1.2], 2],
  ["floor", ["1.8"], 1],
  ["log", [16, 2], 4],
  ["max", [1, 5, 3], 5],
  ["min", [4, 2, 9], 2],
  ["parseint", ["ff", 16], 255],
  ["parseint", ["0", 10], 0],
  ["pow", [2, 10], 1024],
  ["signum", [-7], -1],
  ["sum", [[1, "2", 3.5]], 6.5],
  ["sum", [[]], 0],
])("%s() of the numbers %j is %j", (name, args, value) => {
  expect(called(name, args)).toBe(value);
});

test.each<[string, readonly Value[], Value]>([
  ["alltrue", [[true, "true"]], true],
  ["alltrue", [[true, false]], false],
  ["anytrue", [[false, true]], true],
  ["anytrue", [[false]], false],
  ["chunklist", [["a", "b", "c"], 2], [["a", "b"], ["c"]]],
  ["chunklist", [["a", "b"], 0], [["a"], ["b"]]],
  ["coalesce", [null, "", "a", "b"], "a"],
  ["coalesce", [0, 1], 0],
  ["coalescelist", [null, [], ["a"], ["b"]], ["a"]],
  ["compact", [["a", "", null, "b"]], ["a", "b"]],
  ["concat", [["a"], ["b", "a"]], ["a", "b", "a"]],
  ["contains", [["a", ["b"]], ["b"]], true],
  ["contains", [["a"], "b"], false],
  ["distinct", [["b", "a", "b", ["c"], ["c"]]], ["b", "a", ["c"]]],
  ["element", [["a", "b", "c"], 1], "b"],
  ["element", [["a", "b", "c"], 4], "b"],
  ["element", [["a", "b", "c"], -1], "c"],
  ["element", [["a", "b", "c"], -4], "c"],
  ["flatten", [["a", ["b", ["c", []]], "d"]], ["a", "b", "c", "d"]],
  ["index", [["a", ["b"]], ["b"]], 1],
  ["index", [["a"], "a"], 0],
  ["keys", [{ b: 1, a: 2 }], ["a", "b"]],
  ["length", ["e\u0301😀"], 2],
  ["length", [["a", "b", "c"]], 3],
  ["length", [{ a: 1, b: 2 }], 2],
  ["lookup", [{ a: 1 }, "a"], 1],
  ["lookup", [{ a: null }, "a", 2], null],
  ["lookup", [{ a: 1 }, "b", 2], 2],
  ["lookup", [{}, "toString", "none"], "none"],
  ["matchkeys", [["1", "2", "3"], ["a", "b", "a"], ["a"]], ["1", "3"]],
  ["matchkeys", [["1", "2"], ["a"], [null]], ["2"]],
  ["merge", [{ a: 1, b: 1 }, null, { b: 2 }], { a: 1, b: 2 }],
  ["one", [[]], null],
  ["one", [null], null],
  ["one", [["a"]], "a"],
  ["range", [3], [0, 1, 2]],
  ["range", [-2], [0, -1]],
  ["range", [0], []],
  ["range", [1, 4], [1, 2, 3]],
  ["range", [4, 1], [4, 3, 2]],
  ["range", [1, 6, 2], [1, 3, 5]],
  ["range", [1, 6, -1], []],
  ["reverse", [["a", "b", "c"]], ["c", "b", "a"]],
  [
    "setintersection",
    [
      ["b", "a", "c"],
      ["c", "b"],
      ["b", "c", "d"],
    ],
    ["b", "c"],
  ],
  [
    "setproduct",
    [
      ["a", "b"],
      [1, 2],
    ],
    [
      ["a", 1],
      ["a", 2],
      ["b", 1],
      ["b", 2],
    ],
  ],
  ["setproduct", [["a"], []], []],
  ["setsubtract", [["b", "a", "c", "b"], ["a"]], ["b", "c"]],
  ["setunion", [["b"], ["a", "b"]], ["a", "b"]],
  ["sort", [["b", "a", "B"]], ["B", "a", "b"]],
  ["transpose", [{ b: ["x"], a: ["y", "x"] }], { x: ["a", "b"], y: ["a"] }],
  ["values", [{ b: 1, a: 2 }], [2, 1]],
  ["zipmap", [["a", "b"], [1]], { a: 1, b: null }],
])("%s() of the collections %j is %j", (name, args, value) => {
  expect(called(name, args)).toEqual(value);
});

test("collections may have as many elements as the limits say", () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

  expect(called("setproduct", [numbers(100), numbers(100)])).toHaveLength(10_000);
  expect(() => called("setproduct", [numbers(73), numbers(137)])).toThrow(
    new ValueFault("setproduct(): the product is too large."),
  );
  expect(called("range", [1024])).toHaveLength(1024);
});

test.each<[string, readonly Value[], Value]>([
  ["issensitive", ["a"], false],
  ["jsondecode", ['{"a":[1,null]}'], { a: [1, null] }],
  [
    "jsonencode",
    [{ b: [1, null, true], a: { c: '<&>\u2028\u2029"' } }],
    '{"a":{"c":"\\u003c\\u0026\\u003e\\u2028\\u2029\\""},"b":[1,null,true]}',
  ],
  ["nonsensitive", [["a"]], ["a"]],
  ["sensitive", [["a"]], ["a"]],
  ["tobool", ["true"], true],
  ["tobool", [null], null],
  ["tolist", [["b", "a"]], ["b", "a"]],
  ["tomap", [{ a: 1 }], { a: 1 }],
  ["tonumber", ["1.5"], 1.5],
  ["toset", [["b", "a", "b"]], ["a", "b"]],
  ["tostring", [1], "1"],
  ["tostring", [], null],
  [
    "type",
    [[1, "a", true, null, { a: 1, b: [] }]],
    "tuple([number, string, bool, dynamic, object({a: number, b: tuple([])})])",
  ],
  ["yamldecode", ["a: [1, yes]"], { a: [1, true] }],
])("%s() converts %j to %j", (name, args, value) => {
  expect(called(name, args)).toEqual(value);
});

test.each<[string, readonly Value[], Value]>([
  ["abspath", ["a/../b"], "/project/b"],
  ["basename", ["a/b.ts"], "b.ts"],
  ["dirname", ["a/b.ts"], "a"],
  ["file", ["a.txt"], "é\n"],
  ["file", ["/project/a.txt"], "é\n"],
  ["filebase64", ["a.txt"], "w6kK"],
  ["fileexists", ["a.txt"], true],
  ["fileexists", ["b.txt"], false],
  ["pathexpand", ["~/a"], `${homedir()}/a`],
  ["templatefile", ["hello.tftpl", { name: "a" }], ["template", { name: "a" }]],
  ["templatestring", ["${name}", { name: "a" }], ["template", { name: "a" }]],
  ["templatestring", ["plain", {}], ["literal", {}]],
  ["fileset", [".", "*"], ["a.txt", "hello.tftpl"]],
  ["fileset", [".", "**"], ["a.txt", "hello.tftpl", "src/b.ts", "src/b.tsx", "src/deep/c.ts"]],
  ["fileset", [".", "**/*.ts"], ["src/b.ts", "src/deep/c.ts"]],
  ["fileset", [".", "src/*.ts"], ["src/b.ts"]],
  ["fileset", [".", "src/?.ts?"], ["src/b.tsx"]],
  ["fileset", [".", "{a,hello}.{txt,tftpl}"], ["a.txt", "hello.tftpl"]],
  ["fileset", [".", "src?b.ts"], []],
  ["fileset", [".", "[ab].txt"], ["a.txt"]],
  ["fileset", [".", "b.ts"], []],
  ["fileset", [".", "a"], []],
  ["fileset", [".", "aXtxt"], []],
  ["fileset", [".", "a.tx(t)"], []],
  ["fileset", [".", "a.txt+"], []],
])("%s() of the paths %j is %j", (name, args, value) => {
  expect(called(name, args)).toEqual(value);
});

test("files are read in the home directory too", () => {
  const context = contextOf({ [`${homedir()}/a.txt`]: "A" });
  const inHome = (name: string) => callFunction(name, ["~/a.txt"], context, () => null);

  expect(inHome("file")).toBe("A");
  expect(inHome("fileexists")).toBe(true);
});

test("file sets are sought in their directory", () => {
  const filesBelow = (directory: string) => [`below ${directory}`];
  const context = { ...contextOf({}), filesBelow };

  expect(callFunction("fileset", ["src", "**"], context, () => null)).toEqual([
    "below /project/src",
  ]);
});

test.each(["md5", "sha1", "sha256", "sha512"] as const)("%s hashes strings and files", (name) => {
  const hex = createHash(name).update("é\n").digest("hex");
  const base64 = createHash(name).update("é\n").digest("base64");

  expect(called(name, ["é\n"])).toBe(hex);
  expect(called(`file${name}`, ["a.txt"])).toBe(hex);
  if (name === "md5" || name === "sha1") return;
  expect(called(`base64${name}`, ["é\n"])).toBe(base64);
  expect(called(`filebase64${name}`, ["a.txt"])).toBe(base64);
});

test.each<[string, Value]>([
  ["plantimestamp", "2026-01-01T00:00:00Z"],
  ["timestamp", "2026-01-01T00:00:00Z"],
  ["uuid", "00000000-0000-4000-8000-000000000000"],
])("%s() is constant", (name, value) => {
  expect(called(name, [])).toBe(value);
});

test.each<[string, readonly Value[], string]>([
  ["made_up", [], "wsgw does not know the function made_up()."],
  ["toString", [], "wsgw does not know the function toString()."],
  ["upcore::per", ["a"], "wsgw does not know the function upcore::per()."],
  ["core::upper", [[]], "core::upper(): a list is not a string."],
  ["upper", [], "upper(): null is not a string."],
  ["formatlist", [["%s"]], "formatlist(): a list is not a string."],
  ["log", [2], "log(): null is not a number."],
  ["pow", [2], "pow(): null is not a number."],
  ["coalesce", [null, "", []], "coalesce(): all arguments are empty."],
  ["coalescelist", [[]], "coalescelist(): all lists are empty."],
  ["element", [[], 0], "element(): the list is empty."],
  ["file", ["b.txt"], "file(): the file b.txt does not exist."],
  ["index", [["a"], "b"], "index(): the list does not have the value."],
  ["jsondecode", ["{"], "jsondecode(): the string is not JSON."],
  ["lookup", [{}, "a"], 'lookup(): the key "a" does not exist.'],
  ["one", [["a", "b"]], "one(): the list has more than one element."],
  ["parseint", ["z", 10], 'parseint(): "z" is not a number of base 10.'],
  ["range", [1025], "range(): more than 1024 numbers are too many."],
  ["range", [0, 1, 0], "range(): more than 1024 numbers are too many."],
  ["regex", ["b", "a"], "regex(): the pattern matches nothing."],
  ["regex", ["(?<=", "a"], "regex(): (?<= is not a regular expression that wsgw reads."],
  ["slice", [["a"], 1, 0], "slice(): the list does not have this range."],
  ["yamldecode", ["a: ["], "yamldecode(): the string is not YAML."],
])("%s() of %j says what is wrong", (name, args, problem) => {
  expect(() => called(name, args)).toThrow(new ValueFault(problem));
});

test("core:: before the name of a function changes nothing", () => {
  expect(called("core::upper", ["a"])).toBe("A");
});

test("what is not a fault of values is thrown as it is", () => {
  const read = () => {
    throw new TypeError("no disk");
  };

  expect(() => callFunction("file", ["a"], { ...contextOf({}), read }, () => null)).toThrow(
    new TypeError("no disk"),
  );
});

test.each([
  ["0, 0", []],
  ["0, 1", ["a"]],
  ["1, 3", ["b", "c"]],
  ["3, 3", []],
])("slice() takes the elements from %s", (range, value) => {
  expect(evaluated(`slice(["a", "b", "c"], ${range})`)).toEqual(value);
});

test.each(["-1, 1", "0, 4", "2, 1"])("slice() rejects the range %s", (range) => {
  expect(() => evaluated(`slice(["a", "b", "c"], ${range})`)).toThrow();
});
