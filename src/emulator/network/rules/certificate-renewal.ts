const RENEWED_BEFORE_MS = 30 * 24 * 60 * 60 * 1000;

/** Whether a start replaces a certificate because it ends soon or has ended; times in epoch ms. */
export function isRenewed(validUntil: number, now: number): boolean {
  return validUntil - now <= RENEWED_BEFORE_MS;
}
