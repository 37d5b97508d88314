import { storeCodes } from '../../errors/codes/store.ts';
import { StoreError } from '../../errors/hygge-error.ts';

const scratchFaults: readonly (readonly [RegExp, keyof typeof storeCodes, string])[] = [
  [/no space left|os error 28|quota exceeded|os error 122/i, 'HYG-4002', 'There is no room left to encode files in the scratch folder.'],
  [/permission denied|os error 13/i, 'HYG-4003', 'hygge may not write to the scratch folder, where files are encoded.'],
  [/read-only file system|os error 30/i, 'HYG-4004', 'The scratch folder, where files are encoded, is read-only.'],
];

/** The error for a fault of the scratch folder. Native code names a fault only in its message. Undefined: the scratch folder is not the cause. */
export function scratchErrorOf(cause: unknown): StoreError | undefined {
  const message = cause instanceof Error ? cause.message : String(cause);
  const fault = scratchFaults.find(([pattern]) => pattern.test(message));
  if (fault === undefined) return undefined;
  const [, code, what] = fault;
  return new StoreError({
    code,
    what,
    why: [message.split('\n')[0] ?? message],
    tryThis: ['Set HYGGE_SCRATCH to a folder with free space that this user may write to', ...storeCodes[code].tryThis.slice(0, 1)],
    cause,
  });
}
