import { createRequire } from "node:module";
import type { TsConfigJson } from "get-tsconfig";
import { loadEsbuild } from "./esbuild.ts";
import { isOwnFile } from "./own-code.ts";
import type { Source, SourceChange } from "./source-changes.ts";

type CompilerOptions = NonNullable<TsConfigJson["compilerOptions"]>;

/**
 * Compiles one TypeScript file to JavaScript; undefined for invalid code, which esbuild reports with its
 * place.
 */
type Compile = (path: string, source: Source, options: CompilerOptions) => string | undefined;

/** The used part of the package `typescript`; versions from 7 on have no `transpileModule`. */
type TypeScript = {
  readonly version: string;
  readonly ModuleKind: Readonly<Record<string, number>>;
  readonly ScriptTarget: Readonly<Record<string, number>>;
  readonly JsxEmit: Readonly<Record<string, number>>;
  readonly transpileModule?: (text: string, options: object) => TranspileResult;
};

type TranspileResult = { readonly outputText: string; readonly diagnostics?: readonly unknown[] };

type Swc = {
  transformSync(text: string, options: object): { readonly code: string };
};

/**
 * Emits types for decorators if `emitDecoratorMetadata` of the nearest `tsconfig.json` is set. esbuild does
 * not, because it ignores types. The project's own TypeScript or swc does it; without either, a warning says
 * so.
 */
export const emitDecoratorMetadata: SourceChange = async (path, source) => {
  const mayHave = source.loader.startsWith("ts") && source.contents.includes("@");
  if (!mayHave || !isOwnFile(path)) return source;
  const { getTsconfig } = await import("get-tsconfig");
  const options = optionsFor(path, getTsconfig);
  if (options?.emitDecoratorMetadata !== true || options.experimentalDecorators !== true) {
    return source;
  }
  if (!(await hasDecorators(source))) return source;
  const compile = byTypeScript(path) ?? bySwc(path);
  if (compile === undefined) {
    const text =
      "has decorators that need type metadata. emitDecoratorMetadata in tsconfig.json needs @swc/core or TypeScript below 7. Run npm install --save-dev @swc/core.";
    return { ...source, warnings: [{ text, location: { file: path } }] };
  }
  const contents = compile(path, source, options);
  return contents === undefined ? source : { ...source, contents };
};

/** Detected in esbuild's output: an `@` may also be in a comment, a string or a regular expression. */
async function hasDecorators({ contents, loader }: Source): Promise<boolean> {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: true } };
  try {
    const { code } = await loadEsbuild().transform(contents, {
      loader,
      tsconfigRaw,
      logLevel: "silent",
    });
    return code.includes("__decorateClass(");
  } catch {
    return false; // it is reported when it is built
  }
}

function optionsFor(
  path: string,
  getTsconfig: typeof import("get-tsconfig").getTsconfig,
): CompilerOptions | undefined {
  try {
    return getTsconfig(path)?.config.compilerOptions;
  } catch {
    return undefined; // esbuild itself reports it
  }
}

function byTypeScript(path: string): Compile | undefined {
  const ts = load<TypeScript>("typescript", path);
  const transpile = ts?.transpileModule;
  if (ts === undefined || transpile === undefined) return undefined;
  return (fileName, { contents }, options) => {
    const { outputText, diagnostics = [] } = transpile(contents, {
      fileName,
      reportDiagnostics: true,
      compilerOptions: {
        ...shared(options),
        useDefineForClassFields: definesFields(options, Number.parseInt(ts.version, 10)),
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
        target: ts.ScriptTarget.ESNext,
        module: ts.ModuleKind.Preserve ?? ts.ModuleKind.ESNext,
        jsx: ts.JsxEmit.Preserve,
        inlineSourceMap: true,
      },
    });
    return diagnostics.length > 0 ? undefined : outputText;
  };
}

/** The options that change a file's output; esbuild applies them too. */
function shared({ strict, strictNullChecks, verbatimModuleSyntax }: CompilerOptions) {
  return {
    strictNullChecks: strictNullChecks ?? strict ?? false,
    verbatimModuleSyntax: verbatimModuleSyntax ?? false,
  };
}

function bySwc(path: string): Compile | undefined {
  const swc = load<Swc>("@swc/core", path);
  if (swc === undefined) return undefined;
  return (filename, { contents, loader }, options) => {
    const { verbatimModuleSyntax } = shared(options);
    const transform = {
      legacyDecorator: true,
      decoratorMetadata: true,
      verbatimModuleSyntax,
      useDefineForClassFields: definesFields(options, 0),
      react: { runtime: "preserve" },
    };
    const parser = { syntax: "typescript", decorators: true, tsx: loader === "tsx" };
    const jsc = { target: "esnext", parser, transform, keepClassNames: true };
    const more = { configFile: false, swcrc: false, sourceMaps: "inline" };
    try {
      return swc.transformSync(contents, { filename, jsc, ...more }).code;
    } catch {
      return undefined;
    }
  };
}

/** @see https://www.typescriptlang.org/tsconfig/#useDefineForClassFields */
function definesFields(options: CompilerOptions, version: number): boolean {
  const { target, useDefineForClassFields } = options;
  if (useDefineForClassFields !== undefined) return useDefineForClassFields;
  return target === undefined ? version >= 6 : /^es(?:202[2-9]|20[3-9]|next)/i.test(target);
}

function load<T>(name: string, from: string): T | undefined {
  try {
    return createRequire(from)(name) as T;
  } catch {
    return undefined;
  }
}
