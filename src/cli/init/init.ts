import { basename, relative, resolve } from 'node:path';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { welcomeLines } from '../../narrate/commands/welcome-lines.ts';
import { exampleFiles } from '../generate/example.ts';
import { editorSchemas, refuseIfAny, starterFiles, whatIsThere, writeNewFiles } from '../generate/starter.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

export interface InitFlags extends CommonFlags {
  readonly dir: string;
  readonly example?: true | undefined;
  /** A connection, or a place as `hygge copy` takes it: the workspace is made of what is there. */
  readonly from?: string | undefined;
  readonly tables?: readonly string[] | undefined;
  readonly yes?: true | undefined;
  /** Views as well as tables. */
  readonly views?: true | undefined;
}

/** `hygge init`: a workspace that can be run or filled in. Never overwrites anything; writes nothing when something is in the way. */
export async function init(flags: InitFlags, surroundings: Surroundings): Promise<number> {
  if (flags.from !== undefined) return await (await import('./init-from.ts')).initFrom({ ...flags, from: flags.from }, surroundings);
  if (flags.tables !== undefined || flags.yes || flags.views)
    throw unreadable(`${flags.yes ? '--yes' : flags.views ? '--views' : '--tables'} goes with --from, which says where to look.`, [
      "hygge init my-lake --from postgres://me@host/shop --tables 'sales.*' --yes",
    ]);
  const directory = resolve(surroundings.directory, flags.directory ?? '.', flags.dir);
  const shownDirectory = relative(surroundings.directory, directory) || '.';
  const name = basename(directory) || 'hygge';
  const example = flags.example === true;
  const wanted = [...(example ? await exampleFiles(name) : starterFiles(name)), ...(await editorSchemas())];
  const files = localFileSystem(directory);
  const kept = await whatIsThere(files, wanted);
  refuseIfAny(
    kept.filter((file) => !file.yields),
    { directory, shown: shownDirectory },
  );
  const making = wanted.filter((file) => !kept.includes(file));
  await writeNewFiles(files, making, { directory, shown: shownDirectory });
  // What comes next is done inside it.
  printLines(surroundings, { ...flags, directory: undefined }, (palette) =>
    welcomeLines(
      { name, example, directory: shownDirectory, files: making.map((file) => file.path), kept: kept.map((file) => file.path) },
      palette,
    ),
  );
  return exit.ok;
}
