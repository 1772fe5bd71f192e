/** The platform of a compiled file; undefined for other files, such as scripts. */
type Machine = "linux-x64" | "linux-arm64" | "linux-other" | "macos" | "windows";

const ELF = { x64: 0x3e, arm64: 0xb7 } as const;
const MACH_O = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe]);

/**
 * Reads the first bytes of a file.
 * @see https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
 */
export function machineOf(bytes: Uint8Array): Machine | undefined {
  if (bytes.length < 20) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (magic === 0x7f454c46) {
    const machine = view.getUint16(18, true);
    if (machine === ELF.x64) return "linux-x64";
    return machine === ELF.arm64 ? "linux-arm64" : "linux-other";
  }
  if (MACH_O.has(magic)) return "macos";
  return view.getUint16(0) === 0x4d5a ? "windows" : undefined;
}
