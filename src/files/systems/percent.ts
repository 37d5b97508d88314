import { decodedPart } from '../../ports/values.ts';

/** The decoded path of an https address; text that is not an encoding stays unchanged. */
export function percentDecoded(path: string): string {
  return path.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => decodedPart(encoded));
}
