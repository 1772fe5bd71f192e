import type { StaticImport } from "es-module-lexer";
import type { KnownExports } from "./script-contents.ts";

/** esbuild's error for CommonJS code with top-level await. */
export const TOP_LEVEL_AWAIT = /^Top-level await is currently not supported with the "cjs" output/;

/** The result of Node's `import` of a CommonJS module: its properties, and the whole as the default. */
const HELPER =
  "const __wsgwModule = (m) => m?.[Symbol.toStringTag] === 'Module' ? m : Object.create(Object(m), { default: { value: m, enumerable: true } }); ";

/**
 * Converts an ES module that esbuild has printed to the body of an async function: packages are required, and
 * exports are returned. Line numbers stay the same.
 */
export async function asAsyncScript(
  module: string,
): Promise<{ readonly text: string; readonly exports: KnownExports }> {
  const lexer = await import("es-module-lexer");
  await lexer.init;
  const [found, exported] = lexer.parse(module);
  const statements = found.filter(
    (one): one is StaticImport => one.type === "static" || one.type === "reexport-star",
  );
  const imports: string[] = [];
  const stars: string[] = [];
  let body = module;
  for (const { type, specifier, importStart, importEnd } of [...statements].reverse()) {
    const statement = module.slice(importStart, importEnd);
    const value = `__wsgwModule(require(${JSON.stringify(specifier)}))`;
    if (type === "reexport-star") stars.unshift(`...${value}, `);
    else imports.unshift(declarations(statement, value));
    body = body.slice(0, importStart) + statement.replace(/[^\n]/g, " ") + body.slice(importEnd);
  }
  const head = `${HELPER}${imports.join("")}`;
  const script = /^export default (?=require_)/m;
  if (script.test(body))
    return { text: head + body.replace(script, "return "), exports: undefined };
  const names = exported.flatMap((one) => (one.type === "direct" ? one : []));
  const getters = names.map(
    ({ name, localName = name }) => `get ${JSON.stringify(name)}() { return ${localName}; }`,
  );
  const end = body.lastIndexOf("\nexport {");
  const text = `${head}${end < 0 ? body : body.slice(0, end)}\nreturn { ${stars.join("")}${getters.join(", ")} };\n`;
  return { text, exports: stars.length > 0 ? undefined : names.map(({ name }) => name) };
}

/**
 * `import a, { b as c } from "x"` -> `const { default: a, b: c } = …; `; an import without names runs the
 * module.
 */
function declarations(statement: string, value: string): string {
  const clause = /^import\s+([^"']*?)\s*from\b/.exec(statement)?.[1] ?? "";
  const parts = /^(?:([^\s{*,]+)\s*,?\s*)?(?:\*\s*as\s+(\S+)|\{([^}]*)\})?$/.exec(clause);
  const [, standard, namespace, named = ""] = parts ?? [];
  const names = [
    ...(standard === undefined ? [] : [`default as ${standard}`]),
    ...named.split(","),
  ];
  const targets = [
    ...(namespace === undefined ? [] : [namespace]),
    `{ ${names.map((name) => name.trim().replace(/\s+as\s+/, ": ")).join(", ")} }`,
  ];
  return targets.map((target) => `const ${target} = ${value}; `).join("");
}
