import { StringDecoder } from "node:string_decoder";

/** Splits text into lines. */
export type LineSplitter = {
  push(chunk: string | Uint8Array): void;
  /** Passes on a line that has not ended yet. */
  flush(): void;
};

/** Creates a splitter that passes every line to `onLine`, without its line feed. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder("utf8");
  let rest = "";

  return {
    push(chunk) {
      rest += typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
      let end = rest.indexOf("\n");
      while (end >= 0) {
        onLine(rest.slice(0, end));
        rest = rest.slice(end + 1);
        end = rest.indexOf("\n");
      }
    },
    flush() {
      if (rest === "") return;
      const line = rest;
      rest = "";
      onLine(line);
    },
  };
}
