/** Files next to the staged files that can be read before the commit. Their names are like those of staged files, so they are removed together with staged files. */
import type { Aside, EntityRun } from '../../engine/contracts/store.ts';
import { FileNotFound, type FileSystem } from '../../ports/filesystem.ts';
import type { Random } from '../../ports/random.ts';
import { OutcomeUnknown, retry } from '../../ports/retry.ts';
import type { Json } from '../../ports/values.ts';
import { asidePath, type FilePlace } from './layout.ts';

interface AsideFiles {
  readonly files: FileSystem;
  readonly place: FilePlace;
  readonly random: Pick<Random, 'nonce'>;
}

export function asideFiles({ files, place, random }: AsideFiles): Aside {
  return {
    async leave({ run, slice }: { readonly run: EntityRun; readonly slice: number }, bytes: Uint8Array): Promise<Json> {
      // A write with unknown outcome may leave a file. Its name is not used again, and the file is removed with the other staged files.
      const put = () => {
        const path = asidePath(place, { epoch: run.epoch, lineage: run.lineage, slice, nonce: random.nonce() });
        return files.put(path, bytes, { ifNoneMatch: '*' }).then(({ outcome }) => {
          if (outcome === 'refused') throw new OutcomeUnknown(`${path} is there already`);
          return path;
        });
      };
      return retry(put);
    },

    async read(ref: Json, range: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined> {
      try {
        return await retry(() => files.read(String(ref), range));
      } catch (error) {
        if (error instanceof FileNotFound) return undefined;
        throw error;
      }
    },
  };
}
