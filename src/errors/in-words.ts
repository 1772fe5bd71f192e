const FILES: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EBUSY: "it is in use",
  EDQUOT: "the disk quota is used up",
  EEXIST: "a file is where a directory is needed",
  EFBIG: "the file is too large",
  EIO: "the disk fails",
  EISDIR: "it is a directory",
  ELOOP: "its symbolic links are circular",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ENFILE: "too many files are open",
  ENOENT: "it does not exist",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is where a directory is needed",
  ENOTEMPTY: "a directory is not empty",
  EPERM: "the system does not allow it",
  EROFS: "the file system is read-only",
};

const WRITING: Readonly<Record<string, string>> = { ENOENT: "its directory does not exist" };

const NETWORK: Readonly<Record<string, string>> = {
  EACCES: "the system does not allow it",
  EADDRNOTAVAIL: "this machine has no address from which to connect",
  EAI_AGAIN: "the host name lookup failed",
  ECONNREFUSED: "nothing listens on that port",
  ECONNRESET: "the connection was dropped",
  EHOSTUNREACH: "the host is unreachable",
  ENETUNREACH: "the network is unreachable",
  ENOTFOUND: "the host name is unknown",
  EPIPE: "the connection was dropped",
  ETIMEDOUT: "it does not answer",
  HPE_CLOSED_CONNECTION: "the server does not speak HTTP",
  HPE_INVALID_CONSTANT: "the server does not speak HTTP",
  HPE_INVALID_VERSION: "the server does not speak HTTP",
};

const LISTENING: Readonly<Record<string, string>> = {
  EACCES: "this user may not use that port",
  EADDRINUSE: "the port is in use",
  EADDRNOTAVAIL: "this machine does not have that address",
  EAFNOSUPPORT: "this machine does not have addresses of that kind",
  EAI_AGAIN: "the host name lookup failed",
  EINVAL: "it is not an address to listen on",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENOTFOUND: "the host name is unknown",
  EPERM: "the system does not allow it",
};

const PROGRAMS: Readonly<Record<string, string>> = {
  E2BIG: "its arguments and environment variables are too long",
  EACCES: "it is not executable",
  EAGAIN: "too many processes are running",
  ENOENT: "the program does not exist",
  ENOEXEC: "this system cannot execute it",
  ENOMEM: "no memory is left",
};

/** Why `file` could not be read, without a full stop; includes another path in the system's error. */
export function whyNotRead(error: unknown, file?: string): string {
  return inWords(error, FILES, file);
}

/** Why a file or directory could not be written. */
export function whyNotWritten(error: unknown, file?: string): string {
  return inWords(error, { ...FILES, ...WRITING }, file);
}

/** Why a server could not be reached. `more` are messages for codes with a special meaning there. */
export function whyNotReached(error: unknown, more?: Readonly<Record<string, string>>): string {
  return inWords(error, { ...NETWORK, ...more });
}

/** Why listening on a port of this machine failed. */
export function whyNotListening(error: unknown): string {
  return inWords(error, LISTENING);
}

/** Why a program could not be started. */
export function whyNotStarted(error: unknown): string {
  return inWords(error, { ...FILES, ...PROGRAMS });
}

/** The message for an error's code; else the error's own message, or its code. */
function inWords(
  error: unknown,
  words: Readonly<Record<string, string>>,
  file: string | undefined = undefined,
): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const said = code === undefined ? undefined : words[code];
  if (said === undefined) {
    return error.message === "" ? (code ?? error.name) : error.message.replace(/\.$/, "");
  }
  const place = file !== undefined && path !== undefined && path !== file ? `: ${path}` : "";
  return `${said} (${code}${place})`;
}
