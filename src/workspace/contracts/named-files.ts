import { posix } from 'node:path';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import { NotUtf8, type WorkspaceFiles } from '../../ports/workspace-files.ts';
import { misspeltTemplate } from '../read/interpolate.ts';
import { fillPath, isUrl, standsAlone } from '../sides/paths.ts';
import { keptProblems, type Problem, type Problems, quoted } from '../yaml/problems.ts';
import type { SourceText } from '../yaml/source.ts';
import type { Scalar } from '../yaml/tree.ts';

/** Workspace files that keys refer to: expected schemas, contracts, lists of values. Each file is read only once, even if many entities name it. */
export interface NamedFiles {
  /** The value that `parse` returns for the file at `path`; null: the problem with the file was reported. `parse` is called once per file, key and part. Its problems are reported for each entity that names the file. */
  read<T>(
    path: Scalar,
    about: NamedFile,
    parse: (source: SourceText, problems: Problems) => Promise<T | null> | T | null,
  ): Promise<T | null>;
  /** Paths of the files that were read, relative to the root. */
  readonly seen: readonly string[];
}

export interface NamedFile {
  /** The key that names the file, for messages. */
  readonly key: string;
  /** The expected content of the file, for messages: `the columns of the source`. */
  readonly holds: string;
  /** Why the file has to be in the workspace. */
  readonly why: string;
  readonly example: string;
  /** The advice if the file is missing. */
  readonly without: string;
  readonly entity: string;
  readonly flow: string;
  /** The part of the file that the key names; absent: the whole file. */
  readonly part?: string;
  readonly problems: Problems;
}

interface Folder {
  /** The absolute path of the file. */
  readonly root: string;
  readonly files: WorkspaceFiles;
}

interface ReadFile {
  readonly value: unknown;
  /** Reports a problem of the file. */
  tell(problems: Problems): void;
}

export function namedFiles(folder: Folder): NamedFiles {
  const known = new Map<string, Promise<ReadFile>>();
  const seen: string[] = [];
  return {
    seen,
    async read<T>(written: Scalar, about: NamedFile, parse: (source: SourceText, problems: Problems) => Promise<T | null> | T | null) {
      const wrong = problemOf(written, about);
      if (wrong !== undefined) {
        about.problems.add({ spot: written.spot, ...wrong });
        return null;
      }
      // An earlier check has rejected `{date}`: the name of a workspace file can’t change with the day.
      const path = posix.normalize(fillPath(written.text, { entity: about.entity, flow: about.flow, date: '' }, 'home'));
      const key = JSON.stringify([about.key, path, about.part]);
      const read = known.get(key) ?? readFrom(folder, { path, written, about, seen }, parse);
      known.set(key, read);
      const { value, tell } = await read;
      // An error in the file stops each entity that names the file.
      tell(about.problems);
      return value as T | null;
    },
  };
}

function problemOf(written: Scalar, { key, why, example }: NamedFile): Problem | undefined {
  const template = written.text.includes('{date}') ? '{date}' : misspeltTemplate(written.text)?.written;
  if (template !== undefined) {
    const meant = template === '{date}' ? undefined : misspeltTemplate(written.text)?.meant;
    return {
      code: 'HYG-1022',
      what: `There is no template ${quoted(template)} here.${meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`}`,
      tryThis: [`In ${quoted(key)} there are \`{entity}\` and \`{flow}\`.`],
    };
  }
  const out = standsAlone(written.text) || isUrl(written.text) || posix.normalize(written.text).split('/')[0] === '..';
  if (!out) return undefined;
  return {
    code: 'HYG-1013',
    what: `${quoted(key)} points outside the workspace: ${quoted(written.shown)}.`,
    why: [why],
    tryThis: [`Put the file into the folder of hygge.yml or below, and write its path from that folder: ${quoted(example)}.`],
  };
}

interface FileRequest {
  /** The path of the file, relative to the root. */
  readonly path: string;
  readonly written: Scalar;
  readonly about: NamedFile;
  readonly seen: string[];
}

async function readFrom<T>(
  folder: Folder,
  request: FileRequest,
  parse: (source: SourceText, problems: Problems) => Promise<T | null> | T | null,
): Promise<ReadFile> {
  const problems = keptProblems(request.about.problems);
  const text = await textOf(folder, request, problems);
  return { value: text === undefined ? null : await parse({ name: request.path, text }, problems), tell: problems.tell };
}

async function textOf(
  { root, files }: Folder,
  { path, written, about, seen }: FileRequest,
  problems: Problems,
): Promise<string | undefined> {
  const absolute = posix.join(root, path);
  try {
    const text = await files.read(absolute);
    if (!seen.includes(path)) seen.push(path);
    return text;
  } catch (error) {
    if (error instanceof FileNotFound) problems.add({ ...(await missing(files, absolute, { path, about })), spot: written.spot });
    else problems.add(unreadable(error, path, written));
    return undefined;
  }
}

async function missing(files: WorkspaceFiles, absolute: string, { path, about }: Pick<FileRequest, 'path' | 'about'>): Promise<Problem> {
  const near = didYouMean(posix.basename(path), await namesIn(files, posix.dirname(absolute)));
  const meant = near === undefined ? '' : ` Did you mean ${quoted(posix.join(posix.dirname(path), near))}?`;
  return {
    code: 'HYG-1017',
    what: `There is no file ${quoted(path)}, where ${about.holds} should be.${meant}`,
    tryThis: [`Correct ${quoted(about.key)}, which is relative to the folder of hygge.yml.`, about.without],
  };
}

async function namesIn(files: WorkspaceFiles, folder: string): Promise<readonly string[]> {
  try {
    return (await files.list(folder)).filter(({ directory }) => !directory).map(({ name }) => name);
  } catch {
    // If the list of files can’t be read, the error is ignored: the list is used only for a suggestion.
    return [];
  }
}

function unreadable(error: unknown, path: string, written: Scalar): Problem {
  if (error instanceof NotUtf8) {
    const spot = { source: { name: path, text: '' }, offset: 0 };
    return { code: 'HYG-1003', what: `${path} is not UTF-8 text.`, tryThis: ['Save the file as UTF-8.'], spot };
  }
  return {
    code: 'HYG-1002',
    what: `${path} cannot be read.`,
    why: [error instanceof Error ? error.message : String(error)],
    tryThis: ['Check that the path is a file and that you may read it.'],
    spot: written.spot,
    cause: error,
  };
}
