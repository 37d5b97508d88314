/** Records in any order, as a sum of their hashes: two readings with the same sum had the same records. */
const modulus = 1n << 96n;

/** The sum, in hexadecimal, with more of them. @param hashes in hexadecimal. */
export function sumWith(before: string, hashes: readonly string[]): string {
  const sum = hashes.reduce((so, hash) => so + BigInt(`0x${hash}`), BigInt(`0x${before}`));
  return (sum % modulus).toString(16);
}
