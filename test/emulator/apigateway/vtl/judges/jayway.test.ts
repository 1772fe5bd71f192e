import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { jsonText } from "../../../../../src/emulator/apigateway/vtl/rules/java-printing.ts";
import { parseJsonText } from "../../../../../src/emulator/apigateway/vtl/rules/java-values.ts";
import {
  find,
  PathFault,
  parsePath,
} from "../../../../../src/emulator/apigateway/vtl/rules/json-path.ts";
import { isInstalled } from "../../../../deploy/judges/judge.ts";

const program = fileURLToPath(new URL("Find.java", import.meta.url));
const CLASS_PATH = ["json-path", "json-smart", "accessors-smart", "asm", "slf4j-api", "slf4j-nop"]
  .map((name) => `/usr/share/java/${name}.jar`)
  .join(":");

const DOCUMENT = JSON.stringify({
  s: "text",
  n: 3,
  d: 2.5,
  yes: true,
  nothing: null,
  "a b": 1,
  "a-b": 2,
  "@type": "t",
  "x:y": "colon",
  list: [1, 2, 3, 4, 5],
  words: ["one", "two", "three"],
  none: [],
  empty: {},
  map: { a: 1, b: "two", c: { a: 3 } },
  books: [
    { title: "A", price: 8, tags: ["x", "y"], isbn: "1", author: { name: "Ann" } },
    { title: "B", price: 12.5, tags: [], author: { name: "Bob" } },
    { title: "C", price: 8, tags: ["y"], isbn: null, author: { name: "Ann" } },
    { title: "D", tags: ["z"], isbn: "4" },
  ],
  nested: [[1, 2], [3], []],
  limit: 10,
});

const PATHS = `$
$.s
$.missing
$.map
$.map.a
$['map']['b']
$["map"]["b"]
$.map.missing
$.map.missing.more
$.s.more
$.nothing
$.nothing.more
$['a b']
$.a-b
$['a-b']
$.@type
$.x:y
s
map.a
$.list
$.list[0]
$.list[4]
$.list[5]
$.list[0,2]
$.list[0, 2]
$.list[0,9]
$.list[1:3]
$.list[:2]
$.list[3:]
$.list[-2:]
$.list[:-1]
$.list[1:99]
$.list[9:]
$.list[3:1]
$.list[1:-1]
$.list[*]
$.list.*
$.map.*
$.map[*]
$.*
$[*]
$.none[*]
$.none
$.empty
$.empty.*
$.s[0]
$.s[*]
$.map[0]
$.books[*].title
$.books.*.title
$.books[0].title
$.books[0]['title']
$.books[0].author.name
$.books[*].author.name
$.books[*].isbn
$.books[0,1].title
$.books[1:3].price
$.books[0].tags
$.books[*].tags[0]
$.books[*].tags[*]
$.books[*].missing
$.books[9].title
$..title
$..name
$..a
$..missing
$..author
$..author.name
$..tags
$..tags[*]
$..*
$..list
$..[0]
$..list[0]
$..books[0].title
$.books..name
$.map..a
$.nested[*]
$.nested[*][0]
$.nested[0][1]
$.nested[*][*]
$.books[?(@.price)]
$.books[?(@.price)].title
$.books[?(@.price < 10)].title
$.books[?(@.price<10)].title
$.books[?(@.price <= 8)].title
$.books[?(@.price > 8)].title
$.books[?(@.price >= 12.5)].title
$.books[?(@.price == 8)].title
$.books[?(@.price != 8)].title
$.books[?(@.title == 'A')].price
$.books[?(@.title == "B")].price
$.books[?(@.title != 'A')].title
$.books[?(@.title > 'B')].title
$.books[?(@.isbn)].title
$.books[?(@.isbn == null)].title
$.books[?(@.isbn != null)].title
$.books[?(@.isbn == '1')].title
$.books[?(@.isbn == 1)].title
$.books[?(@.price == '8')].title
$.books[?(@.author.name == 'Ann')].title
$.books[?(@['title'] == 'A')].price
$.books[?(@.price < 10 && @.title == 'A')].title
$.books[?(@.price > 10 || @.title == 'A')].title
$.books[?(@.price < $.limit)].title
$.books[?(@.title in ['A','C'])].title
$.books[?(@.title nin ['A','C'])].title
$.books[?(@.price in [8])].title
$.books[?(@.tags size 1)].title
$.books[?(@.tags contains 'y')].title
$.books[?(@.title contains 'A')].title
$.books[?(@.title =~ /a/i)].title
$.books[?(@.title =~ /[AB]/)].title
$.books[?(@.title =~ /x/)].title
$.list[?(@ > 2)]
$.list[?(@ == 2)]
$.words[?(@ == 'two')]
$.words[?(@ =~ /t.*/)]
$.map[?(@.a == 1)]
$..[?(@.price == 8)].title
$..[?(@.name == 'Ann')]
$..[?(@.a)]
$..[?(@.a == 3)]
$.books[?(@.yes == true)]
$[?(@.yes == true)].s
$[?(@.yes)].s
$.books[?(@.price == 8)][?(@.title == 'C')].title
$.books[?(@.tags[0] == 'x')].title
$.books[?(@.missing)]
$.books[?(@.missing == 1)]
$.
$..
$.a[
$.books[?(@.price <)]
$.books[?(
$.list[a]
$.list[]
$.list[1
$x
$ .s
$.s .t
$['a
$.list[:]
$.list[0:4:2]
$.list[-4:-1]
$.list[-2:4]
$.list[-9:2]
$.map['a','b']
$.map['a','missing']
$.books[*]['title','price']
$..['title','isbn']
$['map','empty'].a
$.books[?(!(@.isbn))].title
$.books[?(!@.isbn)].title
$.books[?(@.title === 'A')].title
$.books[?(@.price == 8 && (@.title == 'A' || @.title == 'C'))].title
$.books[?((@.price == 8))].title
$.books[?(@.price==8&&@.title=='A')].title
$.books[ ?(@.price == 8) ].title
$.books[?(8 == @.price)].title
$.books[?(@.author)].title
$.books[?(@.author == null)].title
$.books[?(@.tags == ['y'])].title
$.books[?(@.price < '9')].title
$.books[?(@.isbn < 3)].title
`
  .split("\n")
  .filter((path) => path !== "");

/** Where later versions of JsonPath, which wsgw follows, differ from the 2.0.0 of Debian; with what 2.0.0 gives. */
const DIFFERENCES: readonly {
  readonly why: string;
  readonly paths: Readonly<Record<string, string>>;
}[] = [
  {
    why: "names and strings may have double quotes since 2.1",
    paths: { '$["map"]["b"]': "!", '$.books[?(@.title == "B")].price': "[[]]" },
  },
  {
    why: "since 2.1 an index that is not there is left out, and a path through a value that is no list finds nothing",
    paths: { "$.list[0,9]": "-", "$.s[0]": "!", "$.map[0]": "!", "$..[0]": "-" },
  },
  {
    why: "negative indexes count from the end since 2.1, in slices too",
    paths: { "$.list[-4:-1]": "-", "$.list[-2:4]": "-", "$.list[-9:2]": "-" },
  },
  {
    why: "several names may be followed by others since 2.1",
    paths: { "$['map','empty'].a": "!" },
  },
  {
    why: "a field that is null exists since 2.1, and `!=` is the contrary of `==`",
    paths: {
      "$.books[?(@.price != 8)].title": '[["B"]]',
      "$.books[?(@.isbn)].title": '[["A","D"]]',
      "$.books[?(!@.isbn)].title": '[["B","C"]]',
      "$.books[?(@.isbn != null)].title": '[["A","D"]]',
    },
  },
  {
    why: "filters have these operators and operands since 2.1",
    paths: {
      "$.books[?(@.title in ['A','C'])].title": "!",
      "$.books[?(@.title nin ['A','C'])].title": "!",
      "$.books[?(@.price in [8])].title": "!",
      "$.books[?(@.tags size 1)].title": "!",
      "$.books[?(@.tags contains 'y')].title": "!",
      "$.books[?(@.title contains 'A')].title": "!",
      "$.books[?(!(@.isbn))].title": "!",
      "$.books[?(@.title === 'A')].title": "[[]]",
      "$.books[?(8 == @.price)].title": "[[]]",
      "$.books[?(@.tags == ['y'])].title": "[[]]",
      "$.books[?(@.price < '9')].title": '[["A","C"]]',
    },
  },
];

const EXPLAINED = new Map(DIFFERENCES.flatMap(({ paths }) => Object.entries(paths)));

/** What the document has for each path, `-` where it has nothing, and `!` where a path cannot be read. */
function byJayway(paths: readonly string[]): readonly string[] {
  const input = [DOCUMENT, ...paths]
    .map((each) => `${Buffer.from(each).toString("base64")}\n`)
    .join("");
  const { stdout, stderr } = spawnSync("java", ["-cp", CLASS_PATH, program], {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stdout.length, stderr).toBeGreaterThan(0);
  return stdout
    .split("\n")
    .slice(0, paths.length)
    .map((line) => (/^[-!]$/.test(line) ? line : Buffer.from(line, "base64").toString()));
}

const document = parseJsonText(DOCUMENT);

function byWsgw(path: string): string {
  try {
    const value = find(parsePath(path), document);
    return value === undefined ? "-" : `[${jsonText(value)}]`;
  } catch (error) {
    if (error instanceof PathFault) return "!";
    throw error;
  }
}

describe.skipIf(!isInstalled("java", "-cp", CLASS_PATH, program))("Jayway's JsonPath", () => {
  test("finds what wsgw finds for each path, or the difference is explained", () => {
    const given = byJayway(PATHS);

    const differing = PATHS.flatMap((path, at) => {
      const [jayway, wsgw] = [given[at] ?? "", byWsgw(path)];
      const expected = EXPLAINED.get(path) ?? wsgw;
      const isExpected = jayway === expected && EXPLAINED.has(path) === (jayway !== wsgw);
      return isExpected ? [] : [{ path, jayway, wsgw, expected }];
    });
    expect(differing).toEqual([]);
  });
});
