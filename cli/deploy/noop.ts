import { relative } from "node:path";
import type { OwnDeployment } from "../../src/app.ts";
import { given } from "../../src/values/given.ts";
import { sizeText } from "../stack/phrases.ts";
import { coloursFor } from "../terminal/colours.ts";
import { formatDuration } from "../terminal/duration.ts";
import type { App, Io } from "../terminal/io.ts";
import { print, printFitted } from "../terminal/output.ts";
import { counted } from "../terminal/text.ts";
import { VERSION } from "../version.ts";

type Write = App["writeDeployment"];
type Written = Awaited<ReturnType<Write>>;

export type NoopOptions = {
  readonly place: Omit<Parameters<Write>[0], "out" | "report">;
  readonly out: string | undefined;
  readonly bucket: string | undefined;
  readonly json: boolean;
  readonly color: boolean | undefined;
};

/** Runs `wsgw deploy --noop` and returns the exit code. */
export async function runNoop(options: NoopOptions, io: Io): Promise<number> {
  const start = performance.now();
  const { findOwnDeployment, writeDeployment } = await io.app();
  const own = await findOwnDeployment(options.place);
  if (own !== undefined) return showUnderstood(own, options, io);
  const hooks: string[] = [];
  const written = await writeDeployment({
    ...options.place,
    ...(options.out === undefined ? {} : { out: options.out }),
    ...(options.bucket === undefined ? {} : { bucket: options.bucket }),
    report: (fact) => {
      if (fact.type === "hook.called") hooks.push(fact.hook);
    },
  });
  if (options.json) print(io.stdout, JSON.stringify(asJson(written)));
  else {
    const lines = asText(written, hooks, performance.now() - start, options, io);
    printFitted(io.stdout, lines.join("\n"));
  }
  return 0;
}

/** Prints what wsgw understood about a project that its own tool deploys. */
async function showUnderstood(
  { command, text }: OwnDeployment,
  { place, json }: NoopOptions,
  io: Io,
): Promise<number> {
  const { describeProject } = await io.app();
  const { cwd, config, template } = place;
  const source = { cwd, ...given({ config, template }) };
  const described = await describeProject({ ...source, format: json ? "json" : "text" });
  if (json) {
    const understood = { type: "understood", command, ...JSON.parse(described.text) };
    print(io.stdout, JSON.stringify(understood));
  } else printFitted(io.stdout, `${described.text}\n${text} Nothing was sent or written.`);
  return 0;
}

function asJson({
  name,
  stages,
  buildId,
  directory,
  files,
  packaged,
  template,
  warnings,
}: Written) {
  const plain = packaged.map(({ zip: _zip, ...rest }) => rest);
  return {
    type: "written",
    name,
    ...stages,
    buildId,
    folder: directory,
    files,
    functions: plain.filter(({ of }) => of === "function"),
    archives: plain.filter(({ of }) => of !== "function"),
    resources: Object.keys(template.Resources),
    warnings,
  };
}

function asText(
  written: Written,
  hooks: readonly string[],
  tookMs: number,
  { color }: NoopOptions,
  io: Io,
): readonly string[] {
  const paint = coloursFor(io.stdout, io, color);
  const {
    name: project,
    packaged,
    buildId,
    directory,
    added,
    templateText,
    warnings,
    remarks,
  } = written;
  const shown = relative(io.cwd, directory) || ".";
  const stages = written.stagesInWords.replace(/^(stage|from)/, (word) => paint.dim(word));
  const width = Math.max(...packaged.map(({ name }) => name.length), "template".length);
  const row = (name: string, rest: string) => `${paint.green("✓")} ${name.padEnd(width)}  ${rest}`;
  const files = (count: number) => paint.dim(counted(count, "file"));
  return [
    `  ${paint.bold("wsgw")} ${VERSION}  ${project} ${stages}, ${paint.dim("build")} ${buildId}`,
    "",
    ...hooks.map((hook) => row("hook", hook)),
    ...packaged.map((fn) =>
      row(
        fn.name,
        `${sizeText(fn.zippedBytes)} zipped, ${sizeText(fn.unzippedBytes)} unzipped  ${files(fn.files.length)}`,
      ),
    ),
    row("template", `${counted(added, "resource")}, ${sizeText(Buffer.byteLength(templateText))}`),
    ...remarks.map((remark) => paint.dim(remark)),
    ...warnings.map((warning) => `${paint.yellow("!")} ${warning}`),
    "",
    `Nothing was sent. Written to ${shown.startsWith("..") ? directory : shown} in ${formatDuration(tookMs)}; summary.txt lists what a new stack would add.`,
  ];
}
