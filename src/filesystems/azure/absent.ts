import type { Answer } from '../../clouds/azure/answer.ts';

const absent: ReadonlySet<string> = new Set(['BlobNotFound', 'ResourceNotFound', 'PathNotFound']);

/** The blob is not there. A 404 of another make says something of what is above it, or is somebody else's. */
export function isAbsent({ status, code }: Answer): boolean {
  return status === 404 && absent.has(code);
}
