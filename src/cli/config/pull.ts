import { relative, resolve } from 'node:path';
import { compareFile, type FoundAtPath, writeFileInside } from '../../adapters/version-folder.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { type PulledTold, pullLines } from '../../narrate/commands/config-lines.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { VersionFiles } from '../../workspace/versions/content.ts';
import { readVersion } from '../../workspace/versions/versions.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { type ConfigFlags, openVersions } from './place.ts';

export interface PullFlags extends ConfigFlags {
  readonly id?: string | undefined;
  readonly to?: string | undefined;
  readonly force?: true | undefined;
}

/** `hygge config pull`: writes the files of a version into a folder, but none of them if an existing file is in the way. */
export async function configPull(flags: PullFlags, surroundings: Surroundings): Promise<number> {
  const folder = resolve(surroundings.directory, flags.to ?? flags.directory ?? '.');
  const shown = relative(surroundings.directory, folder) || 'this folder';
  const { blobs, random } = await openVersions(flags, surroundings);
  const { id, files } = await readVersion(blobs, flags.id ?? 'current');
  const there = await whatIsThere(folder, files);
  refuseIfAny(there, { shown, force: flags.force === true });
  const written = [...files].filter(([path]) => there.get(path) !== 'the same');
  for (const [path, text] of written) await writeFileInside(folder, path, text, random.nonce());
  const told: PulledTold = {
    version: id,
    directory: shown,
    written: written.map(([path]) => path),
    unchanged: files.size - written.length,
  };
  printAnswer(surroundings, flags, { rows: [told], lines: (palette) => pullLines(told, palette) });
  return exit.ok;
}

async function whatIsThere(folder: string, files: VersionFiles): Promise<ReadonlyMap<string, FoundAtPath>> {
  const there = new Map<string, FoundAtPath>();
  for (const [path, text] of files) there.set(path, await compareFile(folder, path, text));
  return there;
}

function refuseIfAny(there: ReadonlyMap<string, FoundAtPath>, { shown, force }: { readonly shown: string; readonly force: boolean }): void {
  const all = [...there];
  const blocked = all.filter(([, found]) => found === 'in the way').map(([path]) => path);
  const others = force ? [] : all.filter(([, found]) => found === 'another file').map(([path]) => path);
  if (blocked.length + others.length === 0) return;
  throw new ConfigError({
    code: 'HYG-1935',
    what:
      blocked.length > 0
        ? `A link or a folder blocks a file in ${visible(shown)}.`
        : `There are other files of these names in ${visible(shown)}.`,
    why: [...blocked, ...others].map(visible),
    tryThis: [
      'Pull into another folder: hygge config pull --to pulled',
      ...(blocked.length > 0 ? ['Or move that link or folder away.'] : ['Or overwrite them: hygge config pull --force']),
    ],
  });
}
