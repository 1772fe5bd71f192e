// @ts-check
// The single faults that scripts/mutants.mjs can plant in a source file, found in the compiler's tree.
import {
  isBinaryExpression,
  isBindingElement,
  isCallExpression,
  isConditionalExpression,
  isExpressionStatement,
  isIfStatement,
  isNumericLiteral,
  isObjectLiteralExpression,
  isParameterDeclaration,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isRegularExpressionLiteral,
  isSatisfiesExpression,
  isShorthandPropertyAssignment,
  isSpreadAssignment,
  isStringLiteral,
  isTemplateExpression,
  isTypeNode,
  SyntaxKind,
} from "typescript/unstable/ast";

/** @typedef {import("typescript/unstable/ast").Node} Node */
/** @typedef {import("typescript/unstable/ast").SourceFile} SourceFile */
/** @typedef {{ kind: string, start: number, end: number, text: string }} Fault */

/** Each operator with its replacement. */
const OPERATORS = new Map([
  ["<", "<="],
  ["<=", "<"],
  [">", ">="],
  [">=", ">"],
  ["===", "!=="],
  ["!==", "==="],
  ["&&", "||"],
  ["||", "&&"],
  ["+", "-"],
  ["-", "+"],
  ["*", "/"],
  ["/", "*"],
]);

/** Methods whose result can be replaced by what they were called on. */
const METHODS =
  /^(filter|replace|replaceAll|reverse|slice|sort|toLowerCase|toReversed|toSorted|toUpperCase|trim|trimEnd|trimStart)$/;

/** Nodes in which no fault is planted: their texts are names. */
const NAMES = new Set([
  SyntaxKind.ImportDeclaration,
  SyntaxKind.ExportDeclaration,
  SyntaxKind.InterfaceDeclaration,
  SyntaxKind.TypeAliasDeclaration,
]);

/**
 * All faults that can be planted in a file, in order.
 * @param {SourceFile} source
 * @returns {Fault[]}
 */
export function faultsOf(source) {
  /** @type {Fault[]} */
  const found = [];
  visit(source);
  return found.sort((a, b) => a.start - b.start || a.end - b.end);

  /** @param {Node} node */
  function visit(node) {
    if (NAMES.has(node.kind) || isTypeNode(node)) return;
    plant(node);
    node.forEachChild((child) => {
      visit(child);
    });
  }

  /** @param {Node} node */
  function plant(node) {
    if (isBinaryExpression(node)) inBinary(node.left, node.operatorToken, node.right);
    else if (isIfStatement(node)) negate(node.expression);
    else if (isConditionalExpression(node)) negate(node.condition);
    else if (isExpressionStatement(node)) inStatement(node);
    else if (isNumericLiteral(node)) replace("number", node, `${Number(node.text) + 1}`);
    else if (isStringLiteral(node)) inString(node);
    else if (isTemplateExpression(node)) replace("string", node, '""');
    else if (isRegularExpressionLiteral(node)) inPattern(node);
    else if (node.kind === SyntaxKind.TrueKeyword) replace("boolean", node, "false");
    else if (node.kind === SyntaxKind.FalseKeyword) replace("boolean", node, "true");
    else if (isObjectLiteralExpression(node)) inObject(node.properties);
    else if (isCallExpression(node)) inCall(node);
    else if (
      (isParameterDeclaration(node) || isBindingElement(node)) &&
      node.name &&
      node.initializer
    ) {
      found.push({ kind: "default", start: node.name.end, end: node.end, text: "" });
    }
  }

  /** @param {Node} left @param {Node} operator @param {Node} right */
  function inBinary(left, operator, right) {
    const written = operator.getText(source);
    const text = OPERATORS.get(written);
    if (text !== undefined) replace("operator", operator, text);
    if (written === "??") {
      found.push({ kind: "default", start: left.end, end: right.end, text: "" });
    }
  }

  /**
   * `x satisfies never` is only for the compiler. @param
   * {import("typescript/unstable/ast").ExpressionStatement} node
   */
  function inStatement(node) {
    if (!isSatisfiesExpression(node.expression)) replace("statement", node, ";");
  }

  /** A comparison is covered by its operator. @param {Node} condition */
  function negate(condition) {
    if (isBinaryExpression(condition) && OPERATORS.has(condition.operatorToken.getText(source))) {
      return;
    }
    replace("condition", condition, `!(${condition.getText(source)})`);
  }

  /** @param {import("typescript/unstable/ast").StringLiteral} node */
  function inString(node) {
    const { parent } = node;
    const isName = "name" in parent && parent.name === node;
    // As a default it is usually only for the compiler.
    const isEmptyDefault =
      node.text === "" &&
      (isBinaryExpression(parent) || isBindingElement(parent) || isParameterDeclaration(parent));
    if (!isName && !isEmptyDefault) replace("string", node, node.text === "" ? '"planted"' : '""');
  }

  /** @param {Node} node */
  function inPattern(node) {
    const [, body = "", flags = ""] = /^\/(.*)\/(\w*)$/s.exec(node.getText(source)) ?? [];
    if (body.startsWith("^")) replace("pattern", node, `/${body.slice(1)}/${flags}`);
    if (/[^\\]\$$/.test(body)) replace("pattern", node, `/${body.slice(0, -1)}/${flags}`);
    const more = body.replace(/(\d+)\}/, (_, most) => `${Number(most) + 1}}`);
    if (more !== body) replace("pattern", node, `/${more}/${flags}`);
    if (flags !== "") replace("pattern", node, `/${body}/`);
  }

  /** @param {readonly Node[]} properties */
  function inObject(properties) {
    properties.forEach((node, at) => {
      if (
        !isPropertyAssignment(node) &&
        !isShorthandPropertyAssignment(node) &&
        !isSpreadAssignment(node)
      ) {
        return;
      }
      const next = properties[at + 1];
      const start = node.getStart(source);
      found.push({
        kind: "property",
        start,
        end: next === undefined ? node.end : next.getStart(source),
        text: "",
      });
    });
  }

  /** @param {import("typescript/unstable/ast").CallExpression} node */
  function inCall({ expression, end }) {
    if (!isPropertyAccessExpression(expression) || !METHODS.test(expression.name.text)) return;
    found.push({ kind: "method", start: expression.expression.end, end, text: "" });
  }

  /** @param {string} kind @param {Node} node @param {string} text */
  function replace(kind, node, text) {
    found.push({ kind, start: node.getStart(source), end: node.end, text });
  }
}
