import { describe, expect, test } from "vitest";
import { compileTemplate } from "../../../../src/emulator/apigateway/vtl/render-template.ts";

const BODY = JSON.stringify({
  name: "shop",
  "two words": 2,
  "@type": "t",
  books: [
    { title: "A", price: 8, tags: ["x", "y"] },
    { title: "B", price: 12.5, tags: [] },
    { title: "C", price: 8 },
  ],
  list: [1, 2, 3, 4, 5],
});

/** The JSON of what a path finds in the body. */
function found(path: string): string {
  const scope = {
    body: BODY,
    context: {},
    stageVariables: {},
    params: { path: {}, querystring: {}, header: {} },
  };
  const quoted = path.replaceAll("'", "''");
  const result = compileTemplate(`$input.json('${quoted}')`).render(scope);
  return result.kind === "rendered" ? result.text : `✗ ${result.problem}`;
}

describe("JSONPath", () => {
  test("9.3 (1): $ is the whole message", () => {
    expect(JSON.parse(found("$"))).toEqual(JSON.parse(BODY));
  });

  test("9.3 (2): .name takes a field, of any characters up to a dot, a blank or a bracket", () => {
    expect(found("$.name")).toBe('"shop"');
    expect(found("$.@type")).toBe('"t"');
    expect(found("name")).toBe('"shop"');
  });

  test("9.3 (3): ['name'] takes any field, and several at the end of a path give one map", () => {
    expect(found("$['two words']")).toBe("2");
    expect(found('$["name"]')).toBe('"shop"');
    expect(found("$['name','two words','missing']")).toBe('{"name":"shop","two words":2}');
    expect(found("$.books[*]['title','price']")).toBe(
      '[{"title":"A","price":8},{"title":"B","price":12.5},{"title":"C","price":8}]',
    );
    expect(found("$['books','list'][0]")).toBe('[{"title":"A","price":8,"tags":["x","y"]},1]');
  });

  test("9.3 (4): [0] takes an item, from the end where it is negative", () => {
    expect(found("$.list[0]")).toBe("1");
    expect(found("$.list[-1]")).toBe("5");
    expect(found("$.list[9]")).toBe('""');
    expect(found("$.list[0,2,9]")).toBe("[1,3]");
  });

  test.each([
    ["$.list[1:3]", "[2,3]"],
    ["$.list[:2]", "[1,2]"],
    ["$.list[-2:]", "[4,5]"],
    ["$.list[:-1]", "[1,2,3,4]"],
    ["$.list[-3:-1]", "[3,4]"],
    ["$.list[1:-1]", "[]"],
    ["$.list[0:4:2]", "[1,2,3,4]"],
    ["$.list[7:]", "[]"],
  ])("a slice %s is %s", (path, expected) => {
    expect(found(path)).toBe(expected);
  });

  test("9.3 (5): .. searches every depth", () => {
    expect(found("$..title")).toBe('["A","B","C"]');
    expect(found("$..['title','tags']")).toBe(
      '[{"title":"A","tags":["x","y"]},{"title":"B","tags":[]}]',
    );
    expect(found("$..[?(@.price > 10)].title")).toBe('["B"]');
    expect(found("$..[?(@.name)].list")).toBe("[[1,2,3,4,5]]");
  });

  test("9.3 (6): [*] takes all items or fields", () => {
    expect(found("$.books[*].price")).toBe("[8,12.5,8]");
    expect(found("$.list.*")).toBe("[1,2,3,4,5]");
    expect(found("$.books[*].missing")).toBe("[]");
  });

  test.each([
    ["@.price==8", '["A","C"]'],
    ["@.tags", '["A","B"]'],
    ["!(@.tags)", '["C"]'],
    ["!@.tags", '["C"]'],
    ["@.price != 8", '["B"]'],
    ["@.tags != null", '["A","B","C"]'],
    ["@.title in ['A', 'B']", '["A","B"]'],
    ["@.title nin ['A', 'B']", '["C"]'],
    ["@.missing nin ['A']", '["A","B","C"]'],
    ["@.tags contains 'x'", '["A"]'],
    ["@.tags all ['x', 'y']", '["A"]'],
    ["@.tags size 0", '["B"]'],
    ["@.tags empty true", '["B"]'],
    ["@.title =~ /[ab]/i", '["A","B"]'],
    ["@.title =~ /[ab]/iu", '["A","B"]'],
    ["@.tags[0] =~ /x/", '["A"]'],
    ["'xx' =~ /x/", "[]"],
    ["@.price == '8'", '["A","C"]'],
    ["@.price === '8'", "[]"],
    ["@.price !== '8'", '["A","B","C"]'],
    ["@.price < 10 && @.title > 'A'", '["C"]'],
    ["@.title == 'B' || (@.price == 8 && @.tags)", '["A","B"]'],
    ["@.price > $.list[4]", '["A","B","C"]'],
  ])("9.3 (7): a filter keeps the items where %s", (filter, titles) => {
    expect(found(`$.books[?(${filter})].title`)).toBe(titles);
  });

  test("9.3 (8): a path that can find one thing gives it, any other gives a list", () => {
    expect(found("$.books[0].title")).toBe('"A"');
    expect(found("$.books[?(@.title == 'A')].price")).toBe("[8]");
    expect(found("$..name")).toBe('["shop"]');
    expect(found("$.list[0:1]")).toBe("[1]");
  });

  test.each([
    ["$.list.length()", "5"],
    ["$.list.size()", "5"],
    ["$.list.min()", "1.0"],
    ["$.list.sum()", "15.0"],
    ["$.list.max()", "5.0"],
    ["$.list.avg()", "3.0"],
  ])("a function at the end of a path: %s", (path, expected) => {
    expect(found(path)).toBe(expected);
  });

  test.each(["$.", "$..", "$x", "$.list[:]", "$.list[a]", "$.books[?(@.a ==)]", "$.a b", "$['a"])(
    "%s is not a path, which the template's error says",
    (path) => {
      expect(found(path)).toMatch(/^✗ json\(\) throws .+ is not a JSONPath: /);
    },
  );

  test.each([
    [" $.name ", '"shop"'],
    ["a$b", '""'],
    ["$[ 'name' ]", '"shop"'],
    ["$['name' , 'two words']", '{"name":"shop","two words":2}'],
    ["$.list[ 0 , 2 ]", "[1,3]"],
    ["$.list[ 1 : 3 ]", "✗"],
    ["$.list[ 1 :3 ]", "[2,3]"],
    ["$.list[*]", "[1,2,3,4,5]"],
    ["$.list[ * ]", "[1,2,3,4,5]"],
    ["$.books[ ? ( @.price > 8 ) ].title", '["B"]'],
    ["$.books[2].keys()", '["title","price"]'],
    ["$.name.length()", "4"],
    ["$.books[0].size()", "3"],
    ["$.books[0].min()", "8.0"],
    ["$.books[0].tags.max()", '""'],
    ["$.two.xlength()", "✗"],
    ["$.list.lengthy()", "✗"],
    ["$.name.keys()", '""'],
    ["$.list[", "✗"],
    ["$.list[1,]", "✗"],
  ])("%s finds %s", (path, expected) => {
    expect(found(path).replace(/^✗.*/, "✗")).toBe(expected);
  });

  test("a list of finds prints as JSON, the keys of a map as a set of Java", () => {
    const printed = (path: string) => {
      const params = { path: {}, querystring: {}, header: {} };
      const scope = { body: BODY, context: {}, stageVariables: {}, params };
      return compileTemplate(`$input.path('${path}')`).render(scope);
    };

    expect(printed("$..title")).toEqual({ kind: "rendered", text: '["A","B","C"]' });
    expect(printed("$.books[2].keys()")).toEqual({ kind: "rendered", text: "[title, price]" });
  });

  const ITEMS = JSON.stringify([
    { id: 0, n: 0, note: null, text: "", flag: true, list: [], code: "8" },
    { id: 1, n: 8, note: "x", text: 'it\'s "a" \\ b', flag: false, list: ["a"], code: "9" },
    { id: 2, n: 12.5, list: ["a", "b"], code: "b", half: 8 },
  ]).replace('"half":8', '"half":8.0');

  /** The ids of the items that a filter keeps. */
  function kept(filter: string): string {
    const params = { path: {}, querystring: {}, header: {} };
    const scope = { body: ITEMS, context: {}, stageVariables: {}, params };
    const quoted = filter.replaceAll("'", "''");
    const result = compileTemplate(`$input.json('$[?(${quoted})].id')`).render(scope);
    return result.kind === "rendered" ? result.text : "✗";
  }

  test.each([
    ["@.note == null", "[0]"],
    ["@.note != null", "[1,2]"],
    ["@.note == ''", "[]"],
    ["@.text == ''", "[0]"],
    ["@.n == ''", "[]"],
    ["@.n == '8'", "[1]"],
    ["@.code == 8", "[0]"],
    ["@.half == 8", "[2]"],
    ["@.half == '8'", "[2]"],
    ["@.flag == true", "[0]"],
    ["@.flag == false", "[1]"],
    ["@.flag == 'true'", "[]"],
    ["@.n == 12.5", "[2]"],
    ["@.n == 1.25e1", "[2]"],
    ["@.n < 1e1", "[0,1]"],
    ["@.n < 8", "[0]"],
    ["@.n <= 8", "[0,1]"],
    ["@.n > 8", "[2]"],
    ["@.n >= 8", "[1,2]"],
    ["@.code < '9'", "[0]"],
    ["@.code <= '9'", "[0,1]"],
    ["@.code > '9'", "[2]"],
    ["@.code >= '9'", "[1,2]"],
    ["@.code > 8", "[1,2]"],
    ["@.n < 'a'", "[0,1,2]"],
    ["@.list < 8", "[]"],
    ["@.list > 8", "[]"],
    ["@.list <= 8", "[]"],
    ["@.list >= 8", "[]"],
    ["@.note > 'a'", "[1]"],
    ['@.code == "8"', "[0]"],
    ["@.text == 'it\\'s \"a\" \\\\ b'", "[1]"],
    ["@.list empty true", "[0]"],
    ["@.list empty false", "[1,2]"],
    ["@.text empty true", "[0]"],
    ["@.text empty false", "[1]"],
    ["@.missing empty true", "[]"],
    ["@.list anyof ['b', 'c']", "[2]"],
    ["@.list noneof ['b', 'c']", "[0,1]"],
    ["@.list subsetof ['a', 'c']", "[0,1]"],
    ["@.list all ['a']", "[1,2]"],
    ["@.list size 1", "[1]"],
    ["@.code size 1", "[0,1,2]"],
    ["@.code in []", "[]"],
    ["@.code in [ ]", "[]"],
    ["@.code in [ '8' , 'b' ]", "[0,2]"],
    ["@.code in [@.code]", "[0,1,2]"],
    ["@.n in [0, 8]", "[0,1]"],
    ["@.missing == 1", "[]"],
    ["@.missing != 1", "[0,1,2]"],
    ["@.missing !== 1", "[0,1,2]"],
    ["@.missing < 1", "[]"],
    ["@.missing contains 1", "[]"],
    ["@.code contains 'b'", "[2]"],
    ["@.code =~ /A|B/i", "[2]"],
    ["@.code =~ /\\_|8/u", "[0]"],
    ["@.code  =~  /8/", "[0]"],
    ["@.n == 8 || @.n == 0 && @.code == 'x'", "[1]"],
    [" ( @.n == 8 ) && ( @.code == '9' ) ", "[1]"],
    [" ! ( @.n == 8 ) ", "[0,2]"],
    ["@.n == $[1].n", "[1]"],
    ["@", "[0,1,2]"],
    ["@.n ==", "✗"],
    ["@.n == x", "✗"],
    ["@.code =~ x", "✗"],
    ["@.code =~ /(/", "✗"],
    ["@.code in ['8'", "✗"],
  ])("the filter %s keeps %s", (filter, ids) => {
    expect(kept(filter)).toBe(ids);
  });

  test.each([
    ["brackets", (n: number) => `${"(".repeat(n)}@.n${")".repeat(n)}`],
    ["negations", (n: number) => `${"!".repeat(n)}@.n`],
  ])("%s of a filter may be nested up to level 50, again and again", (_, nested) => {
    expect(kept(`${nested(49)} || ${nested(49)} || @.n`)).toBe("[0,1,2]");
    expect(kept(nested(50))).toBe("✗");
  });
});
