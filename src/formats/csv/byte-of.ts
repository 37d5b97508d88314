/** The byte of a character as the config writes the character. The word `none` has no byte. */
export function byteOf(written: string): number {
  return written === 'none' ? -1 : written === '\\t' || written === 'tab' ? 9 : written.charCodeAt(0);
}
