import { basename, relative, resolve } from 'node:path';
import { shellWord } from '../../errors/as-argument.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { visible } from '../../narrate/visible.ts';
import { welcomeLines } from '../../narrate/welcome-lines.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { exampleFiles } from './example.ts';
import { editorSchemas, type NewFile, starterFiles } from './starter.ts';

export interface InitFlags extends CommonFlags {
  readonly dir: string;
  readonly example?: true | undefined;
}

/** `hygge init`: a workspace that can be run or filled in. Never overwrites anything; writes nothing when something is in the way. */
export async function init(flags: InitFlags, surroundings: Surroundings): Promise<number> {
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
  await writeAll(files, making, { directory, shown: shownDirectory });
  // What comes next is done inside it.
  printLines(surroundings, { ...flags, directory: undefined }, (palette) =>
    welcomeLines(
      { name, example, directory: shownDirectory, files: making.map((file) => file.path), kept: kept.map((file) => file.path) },
      palette,
    ),
  );
  return exit.ok;
}

async function whatIsThere(files: FileSystem, wanted: readonly NewFile[]): Promise<readonly NewFile[]> {
  const there: NewFile[] = [];
  for (const file of wanted) if ((await files.stat(file.path)) !== undefined) there.push(file);
  return there;
}

async function writeAll(files: FileSystem, wanted: readonly NewFile[], place: Place): Promise<void> {
  for (const file of wanted) {
    const put = await files.put(file.path, file.body, { ifNoneMatch: '*' });
    if (put.outcome === 'refused') refuseIfAny([file], place);
  }
}

interface Place {
  /** Absolute. */
  readonly directory: string;
  /** From where the person is. */
  readonly shown: string;
}

function refuseIfAny(inTheWay: readonly NewFile[], { directory, shown }: Place): void {
  if (inTheWay.length === 0) return;
  throw new ConfigError({
    code: 'HYG-1904',
    what: `There is something in ${visible(directory)} already, and init never overwrites.`,
    why: inTheWay.map((file) => `${file.path} is there`),
    tryThis: [
      'Choose another folder: hygge init my-lake',
      `If this is your workspace, it is ready: hygge debug${shown === '.' ? '' : ` -C ${shellWord(visible(shown))}`}`,
    ],
  });
}
