import { describe, expect, test } from "vitest";
import { connectEvent } from "../../../../src/emulator/apigateway/rules/connect-event.ts";
import { messageEvent } from "../../../../src/emulator/apigateway/rules/message-event.ts";
import {
  compileTemplate,
  type TemplateScope,
} from "../../../../src/emulator/apigateway/vtl/render-template.ts";
import { evaluateTemplate } from "../../../../src/emulator/apigateway/vtl/rules/evaluate-template.ts";
import { parseTemplate } from "../../../../src/emulator/apigateway/vtl/rules/parse-template.ts";
import { templateVariables } from "../../../../src/emulator/apigateway/vtl/rules/template-variables.ts";

const NOTHING: TemplateScope = {
  body: "",
  context: {},
  stageVariables: {},
  params: { path: {}, querystring: {}, header: {} },
};

const MESSAGE: TemplateScope = {
  ...NOTHING,
  body: '{"action":"say", "text":"it\'s \\"on\\"", "n":1.50, "big":12345678901234567890, "who":{"name":"Ann","tags":["a","b"]}, "nothing":null, "none":[]}',
  context: {
    connectionId: "gbgZYs78uQAYKEiBfA==",
    requestTimeEpoch: 1790299471061,
    identity: { sourceIp: "192.0.2.1" },
    authorizer: { principalId: "ann" },
  },
  stageVariables: { color: "blue", "two words": "yes" },
};

/** On a busy machine what ends by itself must not run into the limit of time. */
const PATIENT_MS = 50_000;

function rendered(template: string, scope: TemplateScope = MESSAGE): string {
  const result = compileTemplate(template, PATIENT_MS).render(scope);
  return result.kind === "rendered" ? result.text : `✗ ${result.problem}`;
}

describe("where values come from", () => {
  test("9.1 (1): $input.body is the text of the message, as it came", () => {
    expect(rendered("$input.body")).toBe(MESSAGE.body);
    expect(rendered("<$input.body>", NOTHING)).toBe("<>");
  });

  test("9.1 (2): $input.body has no fields", () => {
    expect(rendered("<$input.body.action>")).toBe("<>");
  });

  test("9.1 (3): $input.json() gives JSON text without blanks, and an empty string where nothing is found", () => {
    expect(rendered("$input.json('$.who')")).toBe('{"name":"Ann","tags":["a","b"]}');
    expect(rendered("$input.json('$.text')")).toBe('"it\'s \\"on\\""');
    expect(rendered("$input.json('$.missing')")).toBe('""');
    expect(rendered("$input.json('$')")).toBe(
      '{"action":"say","text":"it\'s \\"on\\"","n":1.50,"big":12345678901234567890,"who":{"name":"Ann","tags":["a","b"]},"nothing":null,"none":[]}',
    );
  });

  test("9.1 (4): $input.path() gives a value to work with, and null where nothing is found", () => {
    expect(rendered("$input.path('$.who').tags.get(1)")).toBe("b");
    expect(rendered("$input.path('$.who.tags')[0]")).toBe("a");
    expect(rendered("#if($input.path('$.missing') == $null)null#end")).toBe("null");
  });

  test("9.1 (5): $input.params() has maps of path, query and headers, which are empty for a message", () => {
    expect(rendered("$input.params()")).toBe("{path={}, querystring={}, header={}}");
  });

  test("9.1 (6): $input.params('n') looks in the path, the query, then the headers", () => {
    const params = {
      path: { a: "1" },
      querystring: { a: "2", b: "2" },
      header: { b: "3", C: "3" },
    };

    expect(
      rendered("$input.params('a')$input.params('b')$input.params('C')", { ...NOTHING, params }),
    ).toBe("123");
    expect(rendered("<$input.params('d')>", { ...NOTHING, params })).toBe("<>");
  });

  test("9.1 (7): the headers print as a map of Java does", () => {
    const header = { Host: "localhost", "Sec-WebSocket-Version": "13" };
    const scope = { ...NOTHING, params: { ...NOTHING.params, header } };

    expect(rendered("$input.params().get('header')", scope)).toBe(
      "{Host=localhost, Sec-WebSocket-Version=13}",
    );
  });

  test("9.1 (8): so does the query", () => {
    const scope = { ...NOTHING, params: { ...NOTHING.params, querystring: { foo: "bar" } } };

    expect(
      rendered("$input.params().get('querystring') $input.params().querystring.foo", scope),
    ).toBe("{foo=bar} bar");
  });

  test("9.1 (9): a stage variable is its value, or nothing", () => {
    expect(
      rendered("$stageVariables.color ${stageVariables['two words']} <$stageVariables.missing>"),
    ).toBe("blue yes <>");
  });

  test("9.1 (10): $context has what is known of the request, and nothing else prints", () => {
    expect(
      rendered("$context.connectionId $context.identity.sourceIp $context.authorizer.principalId"),
    ).toBe("gbgZYs78uQAYKEiBfA== 192.0.2.1 ann");
    expect(rendered("<$context.messageId|$context.authorizer.missing>")).toBe("<|>");
  });

  test("9.1 (11): $util.escapeJavaScript() escapes a single quote too, which JSON does not have", () => {
    expect(rendered("$util.escapeJavaScript($input.path('$.text'))")).toBe('it\\\'s \\"on\\"');
    expect(rendered(`$util.escapeJavaScript($input.path('$.text')).replaceAll("\\\\'","'")`)).toBe(
      'it\'s \\"on\\"',
    );
    expect(rendered("$util.escapeJavaScript($input.body)", { ...NOTHING, body: 'a\n\té"' })).toBe(
      'a\\n\\t\\u00E9\\"',
    );
  });

  test("9.1 (12): $util.parseJson() makes an object of a text", () => {
    expect(rendered(`$util.parseJson('{"a":{"b":[1,2]}}').a.b[1]`)).toBe("2");
    expect(rendered("$util.parseJson('{')")).toBe("✗ parseJson() throws the string is not JSON");
  });

  test("9.1 (13): $util.urlEncode() encodes as a form does", () => {
    expect(rendered("$util.urlEncode('a b&c=é~*')")).toBe("a+b%26c%3D%C3%A9%7E*");
  });

  test("9.1 (14): texts are decoded from URLs, and to and from base64", () => {
    expect(
      rendered("$util.urlDecode('a+b%26') $util.base64Encode('hé') $util.base64Decode('aMOp')"),
    ).toBe("a b& aMOp hé");
  });

  test("9.1 (15): a loop runs 1000 times at most", () => {
    expect(rendered("#foreach($i in [1..2000])#set($last = $i)#end$last")).toBe("1000");
  });
});

describe("$context", () => {
  const stamp = { requestId: "JVbeiEUJoAMESSQ=", at: 1790299471061 };
  const connection = {
    connectionId: "gbgZYs78uQAYKEiBfA==",
    connectedAt: 1790299470000,
    stage: "dev",
    stageVariables: {},
    domainName: "abcdef1234.execute-api.us-east-1.amazonaws.com",
    apiId: "abcdef1234",
    identity: { userAgent: "test", sourceIp: "192.0.2.1" },
    authorizer: { principalId: "ann", integrationLatency: 12, role: "admin" },
  };
  const message = { routeKey: "say", messageId: "gbgZdfOSOAMCKEiBfA==", text: "{}" };
  const ofMessage = messageEvent(connection, message, stamp).requestContext;
  const inMessage = (template: string) => rendered(template, { ...NOTHING, context: ofMessage });

  test("9.2 (1): has what the event of the route says of the request", () => {
    const names = [
      ...["apiId", "connectionId", "connectedAt", "domainName", "eventType", "extendedRequestId"],
      ...["requestId", "requestTime", "requestTimeEpoch", "routeKey", "stage"],
    ];

    expect(inMessage(names.map((name) => `$context.${name}`).join("|"))).toBe(
      "abcdef1234|gbgZYs78uQAYKEiBfA==|1790299470000|abcdef1234.execute-api.us-east-1.amazonaws.com|MESSAGE|JVbeiEUJoAMESSQ=|JVbeiEUJoAMESSQ=|25/Sep/2026:01:24:31 +0000|1790299471061|say|dev",
    );
  });

  test("9.2 (2): has a messageId for messages only", () => {
    const { url, rawHeaders, traceId } = { url: "/dev", rawHeaders: [], traceId: "Root=1-0-0" };
    const { requestContext } = connectEvent(connection, { url, rawHeaders, traceId }, stamp);

    expect(inMessage("<$context.messageId>")).toBe("<gbgZdfOSOAMCKEiBfA==>");
    expect(rendered("<$context.messageId>", { ...NOTHING, context: requestContext })).toBe("<>");
  });

  test("9.2 (3): has the identity of the client, nothing where it has none", () => {
    expect(
      inMessage("$context.identity.sourceIp|$context.identity.userAgent|$context.identity.user|"),
    ).toBe("192.0.2.1|test||");
  });

  test("9.2 (4): has the authorizer's context", () => {
    expect(
      inMessage("$context.authorizer.principalId|$context.authorizer.role|$context.authorizer.no|"),
    ).toBe("ann|admin||");
  });

  test("9.2 (5): has the error that a response describes, and nothing without one", () => {
    const context = { ...ofMessage, error: { message: "no", messageString: '"no"' } };
    const template =
      "$context.error.message|$context.error.messageString|$context.error.responseType|";

    expect(rendered(template, { ...NOTHING, context })).toBe('no|"no"||');
    expect(inMessage(template)).toBe("|||");
  });

  test("9.2 (6): has the direction of the message, which AWS does not document", () => {
    expect(inMessage("$context.messageDirection")).toBe("IN");
  });

  test("9.2 (7): what is not set prints as nothing", () => {
    expect(inMessage("<$context.nope|$context.nope.more|${context.status}>")).toBe("<||>");
  });
});

test("an object prints as a map of Java, a list of the message as JSON", () => {
  expect(rendered("$input.path('$.who')")).toBe('{name=Ann, tags=["a","b"]}');
  expect(rendered("$input.path('$.who.tags')", MESSAGE)).toBe('["a","b"]');
  expect(rendered('$util.parseJson(\'[{"foo":"bar"}]\')')).toBe('[{"foo":"bar"}]');
  expect(rendered("#set($list = [1, 'a'])$list")).toBe("[1, a]");
});

test("numbers print as the message wrote them", () => {
  expect(rendered("$input.path('$.n') $input.path('$.big')")).toBe("1.50 12345678901234567890");
});

test("nothing found equals null and the empty string, an empty list does not", () => {
  const conditions = ["$input.path('$.missing') == $null", "$input.path('$.missing') == ''"];

  for (const condition of conditions) expect(rendered(`#if(${condition})yes#end`)).toBe("yes");
  expect(rendered("#if($input.path('$.none') == $null)yes#{else}no#end")).toBe("no");
  expect(rendered("<$input.path('$.missing')>")).toBe("<>");
});

test("whole numbers of the context are divided without a remainder", () => {
  expect(rendered("#set($ttl = $context.requestTimeEpoch + 86400)$ttl")).toBe("1790299557461");
  expect(rendered("#set($ttl = ($context.requestTimeEpoch / 1000) + 7200)$ttl")).toBe("1790306671");
});

test("templates may set what to override, to no effect", () => {
  expect(
    rendered(
      "#set($context.responseOverride.status = 400)#set($context.requestOverride.path.x = 'y')ok",
    ),
  ).toBe("ok");
});

test.each([
  "requestOverride.path",
  "requestOverride.querystring",
  "requestOverride.header",
  "responseOverride.header",
])("$context.%s keeps what a template sets", (name) => {
  expect(rendered(`#set($context.${name}.x = 'y')$context.${name}`)).toBe("{x=y}");
});

test.each([
  ["$input", "$input"],
  ["$util", "$util"],
  ["<$input.json('$.text', 'x')>", "<>"],
  ["<$input.params('a', 'b')>", "<>"],
  ["$util.urlDecode('%41%42-%43')", "AB-C"],
  ["$util.urlDecode('%4')", "✗ urlDecode() throws IllegalArgumentException: %4 is not URL-encoded"],
  ["$util.escapeJavaScript($input.path('$.s'))", "\\b\\n\\t\\f\\r\\/\\u0001"],
])("%s gives %s", (template, text) => {
  const body = JSON.stringify({ text: "x", s: "\b\n\t\f\r/\u0001" });

  expect(rendered(template, { ...NOTHING, body })).toBe(text);
});

test("a template that reads a message which is not JSON fails", () => {
  const scope = { ...NOTHING, body: "plain" };

  expect(rendered("$input.body", scope)).toBe("plain");
  expect(rendered("$input.json('$')", scope)).toBe("✗ json() throws the string is not JSON");
  expect(rendered("$input.json('$')", NOTHING)).toBe("✗ json() throws the string is empty");
});

test.each([
  ["$context.class", ""],
  ["$context.constructor", ""],
  ["$context.__proto__.polluted", ""],
  ["$input.constructor.constructor('return process')()", "()"],
  ["$util.class.forName('java.lang.Runtime')", ""],
  [
    "#set($x = 'a')$x.constructor $x.getClass() $x.__proto__",
    "$x.constructor $x.getClass() $x.__proto__",
  ],
  ["#set($x = {})#set($x.__proto__ = 'y')$x.__proto__ $x.constructor", "y $x.constructor"],
  [
    "#set($x = [])$x.constructor $x.get('constructor') $x['length']",
    "$x.constructor $x.get('constructor') $x['length']",
  ],
])("%s reaches nothing of the process", (template, text) => {
  expect(rendered(template)).toBe(text);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("a template ends after its most steps, however fast they are", { tags: ["journey"] }, () => {
  const loops = "#foreach($a in [1..999])#foreach($b in [1..999])#foreach($c in [1..999])";
  const template = parseTemplate(`${loops}#set($x = 1)#end#end#end`);

  // By itself: in the gateway a slow machine may reach the limit of time first.
  expect(() => evaluateTemplate(template, templateVariables(MESSAGE))).toThrow(
    "the template takes more than 300000 steps",
  );
});

test.each([
  ["#set($x = 'aaaaaaaaaa')#foreach($i in [1..30])#set($x = \"$x$x\")#end$x", "characters"],
  ["#macro(again)#again()#end#again()", "levels deep"],
  ["#define($x)$x#end$x", "levels deep"],
  ["#set($t = '#evaluate($t)')#evaluate($t)", "levels deep"],
  ["#set($x = [1..1000000])$x.size()", "numbers"],
  ["#set($x = 10)#foreach($i in [1..500])#set($x = $x * $x)#end$x", "is not there"],
  ["#set($x = ['a'])#foreach($i in [1..40])#set($ok = $x.addAll($x))#end", "OutOfMemoryError"],
  ["#set($x = ['a'])#set($ok = $x.add($x))$x", "StackOverflowError"],
  [
    "#set($x = {})#set($x.a = $x)$input.path('$').put('b', $x)$input.json('$')",
    "StackOverflowError",
  ],
  [
    "#set($x = ['a'])#set($y = ['a'])#foreach($i in [1..40])#set($x = [$x, $x])#set($y = [$y, $y])#end$x.equals($y)",
    "StackOverflowError",
  ],
  ["#set($x = ['a'])#foreach($i in [1..40])#set($x = [$x, $x])#end$x", "OutOfMemoryError"],
  [
    "#set($x = 'aa')#foreach($i in [1..40])#set($x = $x.replaceAll('a', $x))#end$x",
    "OutOfMemoryError",
  ],
  ["#set($x = 'a')#foreach($i in [1..40])#set($x = $x.concat($x))#end$x", "OutOfMemoryError"],
  [
    "#set($x = $input.path('$'))#foreach($i in [1..30])#set($x = {'a': $x, 'b': $x})#end$input.path('$').put('x', $x)$input.json('$..a')",
    "StackOverflowError",
  ],
  [`${"#if(true)".repeat(200)}x${"#end".repeat(200)}`, "levels deep"],
  [`${"$x.y(".repeat(500)}`, "levels deep"],
  [`${"$x[".repeat(500)}`, "levels deep"],
  [`#set($x = ${"(".repeat(500)}1${")".repeat(500)})`, "levels deep"],
])("a template does not run without end: %#", { tags: ["journey"] }, (template, problem) => {
  const result = rendered(template);
  if (problem === "is not there") expect(result.length).toBeLessThan(2000);
  else expect(result).toContain(problem);
});

test("a regular expression that would take for ever ends when its time is up, by default after 5 seconds", () => {
  const body = JSON.stringify({ text: "a".repeat(100) });
  const template = "#set($x = $input.path('$.text'))\n$x.matches('(a*)*b')";

  expect(compileTemplate(template, 50).render({ ...NOTHING, body })).toEqual({
    kind: "failed",
    problem: "the template takes more than 0.05 seconds",
    line: 2,
    column: 1,
  });
});

test("fields keep their order, names and numbers", () => {
  const body =
    '{"b":1,"2":[1.0,1e3,-0],"1":{"n":"5","\\u0000number":"6"},"__proto__":{"a:b" : "c:1"}}';

  expect(rendered("$input.json('$')", { ...NOTHING, body })).toBe(
    '{"b":1,"2":[1.0,1e3,-0],"1":{"n":"5","\\u0000number":"6"},"__proto__":{"a:b":"c:1"}}',
  );
});

test("a fault tells line, column and the value at hand", () => {
  const result = compileTemplate(
    "{\n  #set($s = $input.path('$.action'))\n  $s.substring(9)\n}",
  ).render(MESSAGE);

  expect(result).toEqual({
    kind: "failed",
    problem: "substring() throws StringIndexOutOfBoundsException: begin 9, end 3, length 3",
    line: 3,
    column: 5,
    value: "say",
  });
});

test.each([
  ["#if($x)\n  y", 1, "#if has no #end"],
  ["a\nb #end", 2, "#end does not belong to a block"],
  ["#set($x = )", 1, ") is not a value"],
  ["#set($x 1)", 1, '#set needs = here, and "1" is there'],
  ["#foreach($x of [1])#end", 1, '#foreach has no "in" after $x'],
  ["\n\n${x", 3, "${x has no }"],
  ['#set($x = "a)', 1, 'a string has no closing "'],
  ["#parse('x')", 1, "API Gateway does not support #parse"],
  ["$input.path('$.a[')", 1, "path() throws $.a[ is not a JSONPath: it is invalid at character 5"],
])("%j is a fault in line %i: %s", (template, line, problem) => {
  const result = compileTemplate(template).render(MESSAGE);

  expect(result).toMatchObject({ kind: "failed", line, problem });
});
