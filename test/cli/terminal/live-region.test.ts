import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLiveRegion } from "../../../cli/terminal/live-region.ts";

function screen() {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream: Object.assign(stream, { columns: 10 }), text: () => text };
}

test("draws what is under way again in place, below what stays", () => {
  const { stream, text } = screen();
  const region = createLiveRegion(stream);

  region.draw(["a"], ["one", "two"]);
  region.draw(["b"], ["three"]);
  region.clear();

  expect(text()).toBe("a\none\ntwo\n\u001b[2A\u001b[0Jb\nthree\n\u001b[1A\u001b[0J");
});

test("cuts a line that would wrap, and counts no colour", () => {
  const { stream, text } = screen();

  createLiveRegion(stream).draw([], ["\u001b[31m0123456789\u001b[39m"]);

  expect(text()).toBe("\u001b[31m012345678\u001b[39m\n");
});
