import { decodedPart } from '../../ports/values.ts';

/** A path as an https address has it, decoded; what is not an encoding stays unchanged. */
export function percentDecoded(path: string): string {
  return path.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => decodedPart(encoded));
}
