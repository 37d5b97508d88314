/** The names of files in `_delta_log`, as the protocol writes them. */

export const logFolder = '_delta_log';
export const sidecarFolder = `${logFolder}/_sidecars`;

/** What a name says of a file. Other names (`.crc`, `99.json`, `_last_checkpoint`) say nothing that a snapshot needs. */
export type LogName =
  | { readonly kind: 'commit'; readonly version: number }
  /** A checkpoint that is one file: `classic`, or by a UUID. A classic name may hold a checkpoint with sidecars. */
  | { readonly kind: 'checkpoint'; readonly version: number; readonly isJson: boolean }
  | { readonly kind: 'part'; readonly version: number; readonly part: number; readonly parts: number }
  | { readonly kind: 'compacted'; readonly from: number; readonly to: number };

const commit = /^(\d{20})\.json$/;
const classic = /^(\d{20})\.checkpoint\.parquet$/;
const byUuid = /^(\d{20})\.checkpoint\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(json|parquet)$/i;
const part = /^(\d{20})\.checkpoint\.(\d{10})\.(\d{10})\.parquet$/;
const compacted = /^(\d{20})\.(\d{20})\.compacted\.json$/;

/** @param name without its folder. */
export function logName(name: string): LogName | undefined {
  const parsed = parsedName(name);
  if (parsed === undefined) return undefined;
  const { kind, ...numbers } = parsed;
  return Object.values(numbers).every((number) => typeof number !== 'number' || Number.isSafeInteger(number)) ? parsed : undefined;
}

function parsedName(name: string): LogName | undefined {
  const [, version] = commit.exec(name) ?? classic.exec(name) ?? [];
  if (version !== undefined)
    return name.endsWith('.json')
      ? { kind: 'commit', version: Number(version) }
      : { kind: 'checkpoint', version: Number(version), isJson: false };
  const uuid = byUuid.exec(name);
  if (uuid) return { kind: 'checkpoint', version: Number(uuid[1]), isJson: uuid[2] === 'json' };
  const one = part.exec(name);
  if (one) {
    const [number, parts] = [Number(one[2]), Number(one[3])];
    return number >= 1 && number <= parts ? { kind: 'part', version: Number(one[1]), part: number, parts } : undefined;
  }
  const range = compacted.exec(name);
  if (range && Number(range[1]) < Number(range[2])) return { kind: 'compacted', from: Number(range[1]), to: Number(range[2]) };
  return undefined;
}

/** A version as names have it. */
export const padded = (version: number): string => String(version).padStart(20, '0');
