/** Finds how much of a missing path exists, and the name that was likely meant. */
import { didYouMean } from './did-you-mean.ts';

export interface AbsentPath {
  /** A sentence that says how much of the path exists. */
  readonly why: string;
  /** The path with the name that was likely meant, up to the last name that exists. Undefined: no existing name is similar. */
  readonly meant: string | undefined;
  /** Whether the whole path exists if the likely name is used. */
  readonly isWhole: boolean;
}

interface Tree {
  /** The names of files and folders in a folder. Undefined: the folder does not exist, or a container has no file below it. Rejects if the folder is not readable. */
  namesIn(folder: string): Promise<readonly string[] | undefined>;
  /** A path in the form that the person knows. */
  shown(path: string): string;
  /** Whether the files are in a container. In a container, a folder exists only if it contains files. */
  readonly isContainer: boolean;
}

/** @param path an absolute path, or a path within a container. @returns undefined if the path exists after all, or if its folders are not readable. */
export async function absentPath(path: string, tree: Tree): Promise<AbsentPath | undefined> {
  try {
    return await lookFor(path, tree);
  } catch {
    return undefined;
  }
}

async function lookFor(path: string, { namesIn: look, shown, isContainer }: Tree): Promise<AbsentPath | undefined> {
  if ((await look(path)) !== undefined) return undefined;
  for (let at = path; at !== parentOf(at); at = parentOf(at)) {
    const folder = parentOf(at);
    const names = await look(folder);
    if (names === undefined) continue;
    const name = at.slice(at.lastIndexOf('/') + 1);
    const isNamed = names.includes(name);
    if (isNamed && at !== path) return { why: `${shown(at)} is a file, not a folder.`, ...noMeant };
    if (isNamed) return isContainer ? undefined : { why: `${shown(at)} is a link that leads nowhere.`, ...noMeant };
    const near = didYouMean(name, names);
    const likely = near === undefined ? undefined : joined(folder, near);
    const whole = likely === undefined || at === path ? likely : `${likely}${path.slice(at.length)}`;
    const isWhole = whole === likely || (whole !== undefined && (await isThere(whole, look)));
    const meant = isWhole ? whole : likely;
    return {
      why: isContainer
        ? `Nothing is under the path: the path exists up to ${shown(folder)}, and no name there is ${JSON.stringify(name)}.`
        : `The path exists up to ${shown(folder)}, and there is no ${JSON.stringify(name)} in it.`,
      meant: meant === undefined ? undefined : shown(meant),
      isWhole,
    };
  }
  return isContainer ? { why: `Nothing is under the path: ${shown('')} is empty.`, ...noMeant } : undefined;
}

const noMeant = { meant: undefined, isWhole: false };

function parentOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut > 0 ? path.slice(0, cut) : path.startsWith('/') ? '/' : '';
}

const joined = (folder: string, name: string) => (folder === '' || folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`);

async function isThere(path: string, look: (folder: string) => Promise<readonly string[] | undefined>): Promise<boolean> {
  if ((await look(path)) !== undefined) return true;
  return (await look(parentOf(path)))?.includes(path.slice(path.lastIndexOf('/') + 1)) === true;
}

/** The maximum number of files in a container that are read to find names, which needs about five requests. */
const mostFiles = 5000;

/** The names directly below the root among the files of a container. Undefined: the container has no files. */
export async function namesAmong(files: AsyncIterable<{ readonly path: string }>): Promise<readonly string[] | undefined> {
  const names = new Set<string>();
  let left = mostFiles;
  for await (const { path } of files) {
    names.add(path.split('/', 1)[0] ?? '');
    left -= 1;
    if (left === 0) break;
  }
  return names.size === 0 ? undefined : [...names];
}
