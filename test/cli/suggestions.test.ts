import { expect, test } from "vitest";
import { COMMANDS, main } from "../../cli/main.ts";
import { fakeIo } from "./fake-io.ts";

/** What stands in the place of words that a command must have. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  event: ["message"],
  invoke: ["talk"],
  table: ["list"],
  template: ["put.vtl"],
};

async function rejected(argv: readonly string[]): Promise<string> {
  const io = fakeIo();
  expect(await main(argv, io)).toBe(1);
  expect(io.out()).toBe("");
  return io.err();
}

test.each(COMMANDS.map(({ name }) => name))("a misspelt %s is suggested", async (name) => {
  expect(await rejected([`${name}x`])).toContain(`Did you mean ${name}?`);
});

test.each(COMMANDS.map(({ name }) => name))(
  "each option of %s is suggested when it is misspelt",
  { tags: ["journey"] },
  async (name) => {
    const io = fakeIo();
    await main([name, "--help"], io);
    const flags = [...io.out().matchAll(/^ +(?:-\w, )? *--([a-z-]{4,}) /gm)].map(
      ([, flag]) => flag,
    );
    expect(flags.length).toBeGreaterThan(1);

    // Yargs reads --no-x as x, false.
    for (const flag of flags.filter((each) => !each?.startsWith("no-"))) {
      const rejection = await rejected([name, ...(WORDS[name] ?? []), `--${flag}x`]);
      expect(rejection).toContain(`The option --${flag}x does not exist. Did you mean --${flag}?`);
      expect(rejection).toContain(`Run wsgw ${name} --help`);
    }
  },
);

test.each([
  ...["list", "show", "put", "delete", "clear", "export", "import"].map((word) => ["table", word]),
  ...["connect", "message", "disconnect"].map((word) => ["event", word]),
  ...["bash", "zsh"].map((word) => ["completion", word]),
])("wsgw %s: a misspelt %s is suggested", async (command = "", word = "") => {
  expect(await rejected([command, `${word}x`])).toContain(`Did you mean ${word}?`);
});

test.each([
  [["--versoin"], "The option --versoin does not exist. Did you mean --version?"],
  [["-v"], "The option -v does not exist. Did you mean --version?"],
  [["deploy", "--no-op"], "The option --no-op does not exist. Did you mean --noop?"],
  [["dev", "--no-colr"], "The option --no-colr does not exist. Did you mean --no-color?"],
  [["dev", "-u"], "The option -u does not exist. Did you mean --url-env?"],
])("shows %j as it was typed", async (argv, message) => {
  expect(await rejected(argv)).toContain(`✗ ${message}\n`);
});

test.each([
  ["table", "Which action? There are list, show, put, delete, clear, export and import."],
  ["event", "Which kind? There are connect, message, disconnect and authorizer."],
  ["invoke", "Which function? Write wsgw invoke FUNCTION."],
  ["template", "Which file? Write wsgw template FILE."],
])("%s without its word says which there are", async (command, message) => {
  expect(await rejected([command])).toBe(
    `✗ ${message}\n  Run wsgw ${command} --help to see its options.\n`,
  );
});
