import { expect, test } from "vitest";
import { evaluateTemplate } from "../../../../../src/emulator/apigateway/vtl/rules/evaluate-template.ts";
import { parseTemplate } from "../../../../../src/emulator/apigateway/vtl/rules/parse-template.ts";
import { TemplateFault } from "../../../../../src/emulator/apigateway/vtl/rules/syntax.ts";

/** The problem of a template that does not parse, and the source from its place on. */
function faultOf(template: string): readonly [problem: string, rest: string] {
  try {
    parseTemplate(template);
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    return [error.message, template.slice(error.offset)];
  }
  return ["none", ""];
}

function rendered(template: string): string {
  return evaluateTemplate(parseTemplate(template), new Map());
}

test.each([
  ["a#if(true)b", "#if has no #end", "#if(true)b"],
  ["a#if(true)b#else c", "#if has no #end", "#if(true)b#else c"],
  ["a#foreach($i in [1])b", "#foreach has no #end", "#foreach($i in [1])b"],
  ["a#macro(m)b", "#macro has no #end", "#macro(m)b"],
  ["a#define($d)b", "#define has no #end", "#define($d)b"],
  ["a#literal()b", "#literal has no #end", "#literal()b"],
  ["a#@m()b", "#@m has no #end", "#@m()b"],
  ["a#end", "#end does not belong to a block", "#end"],
  ["a#else", "#else does not belong to a block", "#else"],
  ["a#elseif(true)", "#elseif does not belong to a block", "#elseif(true)"],
  ["a#{end}", "#{end} does not belong to a block", "#{end}"],
  ["a#[[b", "#[[ has no ]]#", "#[[b"],
  ["a#parse('x')", "API Gateway does not support #parse", "#parse('x')"],
  ["a#include('x')", "API Gateway does not support #include", "#include('x')"],
  ["a${x", "${x has no }", "${x"],
  ["a$!{x.y b", "$!{x.y has no }", "$!{x.y b"],
  ["#set(x = 1)", "#set needs a $variable to set", "x = 1)"],
  ["#set($x 1)", '#set needs = here, and "1" is there', "1)"],
  ["#set($x", "#set needs = here, and the template ends", ""],
  ["#set($x = 1", "#set has no ) : the template ends", "#set($x = 1"],
  ["a#set($x = 1 two)", "#set has no ) : two is there", "two)"],
  ["#set($x = )", ") is not a value", ")"],
  ["#set($x = ", "the template ends where a value is needed", ""],
  ["#set($x = abc)", "abc is not a value", "abc)"],
  ["#set($x = [a])", "a is not a value", "a])"],
  ["#if true", '#if needs ( here, and "t" is there', "true"],
  ["#if(true", "#if has no ) : the template ends", "#if(true"],
  ["#if(false)#elseif true#end", '#elseif needs ( here, and "t" is there', "true#end"],
  ["#if((true)x", "#if has no ) : x is there", "x"],
  ["#if((true x", 'the brackets needs ) here, and "x" is there', "x"],
  ["#foreach $x", '#foreach needs ( here, and "$" is there', "$x"],
  ["#foreach(x in [1])#end", "#foreach needs a $variable here", "x in [1])#end"],
  ["#foreach($x of [1])#end", '#foreach has no "in" after $x', " of [1])#end"],
  ["#foreach($x in [1] 2)#end", "#foreach has no ) : 2 is there", "2)#end"],
  ["#define x", '#define needs ( here, and "x" is there', "x"],
  ["#define(x)", "#define needs a $variable here", "x)"],
  ["#define($x 1)", "#define has no ) : 1 is there", "1)"],
  ["#macro m", '#macro needs ( here, and "m" is there', "m"],
  ["#macro($m)", "#macro needs a name", "$m)"],
  ["#macro(m x)", "#macro needs a $variable here", "x)"],
  ["#evaluate x", '#evaluate needs ( here, and "x" is there', "x"],
  ["a#evaluate()", "#evaluate takes 1 argument", "#evaluate()"],
  ["a#evaluate('x' 'y')", "#evaluate takes 1 argument", "#evaluate('x' 'y')"],
  ["a#literal('x')", "#literal takes 0 arguments", "#literal('x')"],
  ["$x[0", "the index needs ] here, and the template ends", ""],
  ["$x.y(1 2)", 'the arguments needs , here, and "2" is there', "2)"],
  ["#set($x = [1 2])", 'the list needs , here, and "2" is there', "2])"],
  ["#set($x = [1..2 3])", 'the range needs ] here, and "3" is there', "3])"],
  ["#set($x = {'a' 1})", 'the map needs : here, and "1" is there', "1})"],
  ["#set($x = {'a': 1 'b': 2})", 'the map needs , here, and "\'" is there', "'b': 2})"],
  ["a#set($x = 'a)", "a string has no closing '", "'a)"],
  ['a#set($x = "a)', 'a string has no closing "', '"a)'],
  ['#set($x = "ab ${c")', "${c has no }", '${c")'],
])("%j does not parse: %s", (template, problem, rest) => {
  expect(faultOf(template)).toEqual([problem, rest]);
});

test.each([
  // the block of the template is the first level
  ["blocks", 99, (n: number) => `${"#if(true)".repeat(n)}x${"#end".repeat(n)}`, 2],
  ["brackets", 98, (n: number) => `#set($x = ${"(".repeat(n)}1${")".repeat(n)})`, 2],
  ["negations", 98, (n: number) => `#if(${"!".repeat(n)}true)#end`, 2],
  ["lists", 98, (n: number) => `#set($x = ${"[".repeat(n)}${"]".repeat(n)})`, 2],
  ["ranges", 97, (n: number) => `#set($x = ${"[".repeat(n)}[1..2]${"]".repeat(n)})`, 2],
  ["maps", 98, (n: number) => `#set($x = ${"{'a':".repeat(n - 1)}{}${"}".repeat(n - 1)})`, 2],
  ["indexes", 99, (n: number) => `${"$x[".repeat(n - 1)}$x${"]".repeat(n - 1)}`, 2],
] as const)("%s may be nested up to level 100, again and again", (_, most, nested, times) => {
  expect(faultOf(nested(most).repeat(times))).toEqual(["none", ""]);
  expect(faultOf(nested(most + 1))[0]).toBe("more than 100 levels deep");
});

test("a template in a string counts the levels around it", () => {
  const inString = (blocks: number) =>
    `${"#if(true)".repeat(blocks)}#set($x = "$y$z")${"#end".repeat(blocks)}`;

  // the template, the blocks, the expression, the template in the string, the reference
  expect(faultOf(inString(96))).toEqual(["none", ""]);
  expect(faultOf(inString(97))[0]).toBe("more than 100 levels deep");
});

test.each([
  ["#if(true or false)t#end", "t"],
  ["#if(true and false)t#{else}f#end", "f"],
  ["#if(1 eq 1)t#end", "t"],
  ["#if(1 ne 1)t#{else}f#end", "f"],
  ["#if(1 ne 2)t#end", "t"],
  ["#if(1 lt 1)t#{else}f#end", "f"],
  ["#if(1 lt 2)t#end", "t"],
  ["#if(1 le 1)t#end", "t"],
  ["#if(2 le 1)t#{else}f#end", "f"],
  ["#if(1 gt 1)t#{else}f#end", "f"],
  ["#if(2 gt 1)t#end", "t"],
  ["#if(1 ge 1)t#end", "t"],
  ["#if(1 ge 2)t#{else}f#end", "f"],
  ["#if(not false)t#end", "t"],
  ["\\#elseif", "#elseif"],
  ["\\#end", "#end"],
  ["\\#literal", "#literal"],
  ["\\#parse", "#parse"],
  ["\\#include", "#include"],
  ["\\#set", "#set"],
  ["\\#nope", "\\#nope"],
  ["\\\\#nope", "\\\\#nope"],
  ["\\a", "\\a"],
  ["a#literal()$x #m #end", "a$x #m "],
  ["a#[[$x #if]]#b", "a$x #ifb"],
  ["a#*$x*#b", "ab"],
  ["a#*$x", "a"],
  ["a##b\r\nc", "ac"],
  ["a#break b", "a"],
  ["a#stop\nb", "a"],
  ["a # b", "a # b"],
  ["$ $5 $", "$ $5 $"],
  ["#set ($x = 1)$x", "1"],
  ["#set $x", "#set $x"],
  ["#set($x = [ 1 , 2 ])$x[ 1 ]", "2"],
  ["#set($x = { 'a' : 1 , 'b' : 2 })$x.b", "2"],
  ["#set($x = [ 1 .. 3 ])$x", "[1, 2, 3]"],
  ["#set($x = 'a')$x.substring( 0 , 1 )", "a"],
  ["#if ( ( true ) )t#end", "t"],
  ["#if(true)\nt\n#elseif(true)\ne\n#end\nx", "t\nx"],
  ["#if(false)#elseif (false)a#elseif( true )b#end", "b"],
  ["#foreach ( $i in [1, 2] )$i#end", "12"],
  ["#define ( $d )x#end$d", "x"],
  ["#macro ( m $a, $b )$a|$b#end#m( 1 , 2 )", "1|2"],
  ["#macro(m $a $!{b})$a$b#end#m(1\n2)", "12"],
  ["#evaluate ( '1' )", "1"],
  ["#set($x = 'it''s')$x", "it's"],
  ['#set($x = "a""b$x")$x', 'a"b$x'],
  ["#set($x = ! false && true)$x", "true"],
  ["#set($x = 1 + 2 * 3 - 4 / 2 % 2)$x", "7"],
  ["#set($x = false == 2 < 1)$x", "true"],
  ["#set($x = true != 2 < 1)$x", "true"],
  ["#set($x = 1 < 2 + 3)$x", "true"],
  ["#set($x = 1 <= 2 + 3)$x", "true"],
  ["#set($x = 6 > 2 + 3)$x", "true"],
  ["#set($x = 6 >= 2 + 3)$x", "true"],
  ["#set($x = 8 / 4 * 2)$x", "4"],
  ["#set($x = 2 * 7 / 2)$x", "7"],
  ["#set($x = 2 * 7 % 4)$x", "2"],
  ["#set($x = true || true && false)$x", "true"],
  ["#set($x = 1 + $nope )$x", "$x"],
  ["#set($x = 'a' + $nope.y( 1 ) )$x", "a$nope.y( 1 )"],
  ["#set($x = $nope + 'a')$x", "$nopea"],
  ["#set($x = -2.5e3)$x|#set($x = .5)$x|#set($x = 1.)$x", "-2500.0|0.5|1.0"],
])("%j renders %j", (template, text) => {
  expect(rendered(template)).toBe(text);
});
