import { basename, relative, resolve } from 'node:path';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { welcomeLines } from '../../narrate/commands/welcome-lines.ts';
import { cloudFiles, type Lake } from '../generate/cloud-starter.ts';
import { exampleFiles } from '../generate/example.ts';
import { editorSchemas, refuseIfAny, starterFiles, whatIsThere, writeNewFiles } from '../generate/starter.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

export interface InitFlags extends CommonFlags {
  readonly dir: string;
  readonly example?: true | undefined;
  /** The URL of a lake or bucket. With this URL, the workspace is ready to deploy. */
  readonly cloud?: string | undefined;
  /** A connection, or a source as for `hygge copy`. The workspace reads the contents of this source. */
  readonly from?: string | undefined;
  readonly tables?: readonly string[] | undefined;
  readonly yes?: true | undefined;
  /** Whether views are read in addition to tables. */
  readonly views?: true | undefined;
}

/** `hygge init`: creates a workspace to run or to fill in. Existing files are not overwritten: if a file exists already, no file is written. */
export async function init(flags: InitFlags, surroundings: Surroundings): Promise<number> {
  if (flags.from !== undefined) return await (await import('./init-from.ts')).initFrom({ ...flags, from: flags.from }, surroundings);
  if (flags.tables !== undefined || flags.yes || flags.views)
    throw unreadable(`${flags.yes ? '--yes' : flags.views ? '--views' : '--tables'} needs --from, which names the place.`, [
      "hygge init my-lake --from postgres://me@host/shop --tables 'sales.*' --yes",
    ]);
  const directory = resolve(surroundings.directory, flags.directory ?? '.', flags.dir);
  const shownDirectory = relative(surroundings.directory, directory) || '.';
  const name = basename(directory) || 'hygge';
  const example = flags.example === true;
  const lake = flags.cloud === undefined ? null : await lakeOf(flags.cloud, surroundings.directory);
  const first = lake !== null ? cloudFiles(name, lake) : example ? await exampleFiles(name) : starterFiles(name);
  const wanted = [...first, ...(await editorSchemas())];
  const files = localFileSystem(directory);
  const kept = await whatIsThere(files, wanted);
  refuseIfAny(
    kept.filter((file) => !file.yields),
    { directory, shown: shownDirectory },
  );
  const making = wanted.filter((file) => !kept.includes(file));
  await writeNewFiles(files, making, { directory, shown: shownDirectory });
  // The next steps are commands inside the new folder, so they need no `-C`.
  printLines(surroundings, { ...flags, directory: undefined }, (palette) =>
    welcomeLines(
      {
        name,
        example,
        lake: lake?.url ?? null,
        directory: shownDirectory,
        files: making.map((file) => file.path),
        kept: kept.map((file) => file.path),
      },
      palette,
    ),
  );
  return exit.ok;
}

async function lakeOf(written: string, directory: string): Promise<Lake> {
  const { readPlace } = await import('../copy/place.ts');
  const place = await readPlace(written, directory, { which: 'TO', to: 'TO' });
  if (place.kind !== 'remote')
    throw unreadable(`--cloud needs the URL of a lake or bucket, and ${place.shown} is not one.`, [
      'hygge init my-lake --cloud abfss://lake@account.dfs.core.windows.net',
      'A workspace of this machine: hygge init my-lake',
    ]);
  if (place.secret !== undefined)
    throw unreadable('--cloud needs a URL without a signature.', ['Remove the part after the `?`: apps sign in by their identity.']);
  return { type: place.type, url: place.url };
}
