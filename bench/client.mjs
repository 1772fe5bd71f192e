// @ts-check
import WebSocket from "ws";

/**
 * @typedef {{
 *   send(text: string): void,
 *   next(): Promise<string>,
 *   ask(text: string): Promise<string>,
 *   close(): Promise<void>,
 * }} Client `next` is the text of the next message; one may wait at a time
 */

/**
 * Opens a WebSocket for load. If the socket closes while a message is awaited, the wait rejects.
 * @param {string} url
 * @returns {Promise<Client>}
 */
export function openClient(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  /** @type {{ resolve: (text: string) => void, reject: (error: Error) => void } | undefined} */
  let waiting;
  const closed = new Promise((resolve) => socket.once("close", () => resolve(undefined)));

  socket.on("message", (data) => {
    const waiter = waiting;
    waiting = undefined;
    waiter?.resolve(String(data));
  });
  socket.on("close", (code) => waiting?.reject(new Error(`The socket closed with ${code}.`)));

  const client = {
    /** @param {string} text */
    send: (text) => socket.send(text),
    next: () =>
      new Promise((/** @type {(text: string) => void} */ resolve, reject) => {
        waiting = { resolve, reject };
      }),
    /** @param {string} text */
    ask(text) {
      const answer = client.next();
      socket.send(text);
      return answer;
    },
    async close() {
      socket.close(1000);
      await closed;
    },
  };
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(client));
    socket.on("error", reject);
  });
}
