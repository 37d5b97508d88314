import { StoreError } from '../../errors/hygge-error.ts';

/** The maximum length of a whole name in UTF-16 units, as the service counts. */
const longestName = 1_024;
const mostSegments = 254;

/** Throws HYG-4001 for a name that blobs can't have, or that the service would change. */
export function checkBlobName(key: string): void {
  const why = problem(key);
  if (why === undefined) return;
  throw new StoreError({
    code: 'HYG-4001',
    what: `${JSON.stringify(key)} cannot be the path of a blob: ${why}.`,
    tryThis: ['Rename the entity, partition value or file that this path is made from.'],
  });
}

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
function problem(key: string): string | undefined {
  if (key.length > longestName) return `it is ${key.length} characters long, but the maximum of Azure is ${longestName}`;
  const segments = key.split('/');
  if (segments.length > mostSegments) return `it has ${segments.length} segments, but the maximum of Azure is ${mostSegments}`;
  if (key.includes('\\')) return 'Azure treats a backslash as a slash';
  if (segments.some((segment) => segment.endsWith('.'))) return 'one of its names ends in a dot, which no name of a blob should';
  return undefined;
}
