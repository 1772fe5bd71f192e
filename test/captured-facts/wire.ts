import { once } from "node:events";
import { connect, type Socket } from "node:net";

export type Header = readonly [name: string, value: string];

const PING = 9;
const PONG = 10;

/** An HTTP answer as it stood on the wire. */
export type WireAnswer = {
  readonly statusCode: number;
  readonly headers: readonly Header[];
  readonly body: Buffer;
};

/** A frame as it stood on the wire. */
export type Frame = { readonly opcode: number; readonly fin: boolean; readonly payload: Buffer };

/** A TCP connection that is written to and read from by hand. */
export class Wire {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #isEnded = false;
  #onMore = (): void => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#onMore();
    });
    socket.on("close", () => {
      this.#isEnded = true;
      this.#onMore();
    });
    socket.on("error", () => {}); // "close" follows
  }

  static async to(port: number): Promise<Wire> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new Wire(socket);
  }

  get isOpen(): boolean {
    return !this.#isEnded;
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.destroy();
  }

  /** Sends a request and reads its answer. */
  async request(
    method: string,
    target: string,
    headers: readonly Header[],
    body: Uint8Array = Buffer.alloc(0),
  ): Promise<WireAnswer> {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    this.write(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`);
    this.write(body);
    return this.#answer();
  }

  /** The next frame; pings are answered and left out. */
  async frame(): Promise<Frame> {
    const frame = await this.#anyFrame();
    if (frame.opcode !== PING) return frame;
    this.sendFrame(PONG, frame.payload);
    return this.frame();
  }

  async #anyFrame(): Promise<Frame> {
    const [first = 0, second = 0] = await this.#take(2);
    let length = second & 0x7f;
    if (length === 126) length = (await this.#take(2)).readUInt16BE();
    else if (length === 127) length = Number((await this.#take(8)).readBigUInt64BE());
    return { opcode: first & 0x0f, fin: (first & 0x80) !== 0, payload: await this.#take(length) };
  }

  /** A whole message, of however many frames; `opcode` is that of the first. */
  async message(): Promise<Frame> {
    const first = await this.frame();
    const parts = [first.payload];
    for (let fin = first.fin; !fin; ) {
      const next = await this.frame();
      parts.push(next.payload);
      fin = next.fin;
    }
    return { ...first, fin: true, payload: Buffer.concat(parts) };
  }

  /** Sends a masked frame, as clients do. */
  sendFrame(opcode: number, payload: Uint8Array): void {
    const mask = Buffer.from([1, 2, 3, 4]);
    const masked = Buffer.from(payload).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    const length =
      payload.length < 126
        ? [payload.length | 0x80]
        : [126 | 0x80, payload.length >> 8, payload.length & 0xff];
    this.write(Buffer.concat([Buffer.from([0x80 | opcode, ...length]), mask, masked]));
  }

  async #answer(): Promise<WireAnswer> {
    const head = (await this.#until("\r\n\r\n")).toString("latin1");
    const [statusLine = "", ...lines] = head.trimEnd().split("\r\n");
    const headers = lines.map((line): Header => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    });
    const length = headers.find(([name]) => name.toLowerCase() === "content-length")?.[1] ?? "0";
    const body = await this.#take(Number(length));
    return { statusCode: Number(statusLine.split(" ")[1]), headers, body };
  }

  async #until(end: string): Promise<Buffer> {
    while (!this.#received.includes(end)) await this.#more();
    return this.#take(this.#received.indexOf(end) + end.length);
  }

  async #take(bytes: number): Promise<Buffer> {
    while (this.#received.length < bytes) await this.#more();
    const taken = this.#received.subarray(0, bytes);
    this.#received = this.#received.subarray(bytes);
    return taken;
  }

  async #more(): Promise<void> {
    if (this.#isEnded) throw new Error(`the connection ended with ${this.#received} unread`);
    await new Promise<void>((resolve) => {
      this.#onMore = resolve;
    });
  }
}
