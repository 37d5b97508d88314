import { posix } from 'node:path';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Schema } from '../../frames/schema.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import { NotUtf8, type WorkspaceFiles } from '../../ports/workspace-files.ts';
import { readExpectedSchema } from '../entity/expected-schema.ts';
import { misspeltTemplate } from '../read/interpolate.ts';
import { fillPath, isUrl, standsAlone } from '../sides/paths.ts';
import { keptProblems, type Problem, type Problems, quoted } from '../yaml/problems.ts';
import { child, type MapNode, type Scalar } from '../yaml/tree.ts';

/** The files that `expected_schema_path` names. Each is read once, however many entities name it. */
export interface ExpectedFiles {
  /** What the entity's source should have; null: nothing is said, or it was explained why it can't be meant. */
  schemaFor(tree: MapNode, entity: { readonly entity: string; readonly flow: string }, problems: Problems): Promise<Schema | null>;
  /** Those that were read, relative to the root. */
  readonly seen: readonly string[];
}

interface Folder {
  /** Absolute. */
  readonly root: string;
  readonly files: WorkspaceFiles;
}

export function expectedFiles(folder: Folder): ExpectedFiles {
  const known = new Map<string, Promise<ReadExpectedFile>>();
  const seen: string[] = [];
  return {
    seen,
    async schemaFor(tree, { entity, flow }, problems) {
      const written = child(child(tree, 'schema'), 'expected_schema_path');
      if (written?.kind !== 'scalar' || written.value === null || written.text === '' || !isPossible(written, problems)) return null;
      // `{date}` was refused: a schema does not change with the day.
      const path = posix.normalize(fillPath(written.text, { entity, flow, date: '' }, 'home'));
      const read = known.get(path) ?? readFrom(folder, { path, written, seen }, problems);
      known.set(path, read);
      const { schema, tell } = await read;
      // What is wrong with the file stops each that names it.
      tell(problems);
      return schema;
    },
  };
}

function isPossible(written: Scalar, problems: Problems): boolean {
  const wrong = problemOf(written);
  if (wrong === undefined) return true;
  problems.add({ spot: written.spot, ...wrong });
  return false;
}

function problemOf(written: Scalar): Problem | undefined {
  const template = written.text.includes('{date}') ? '{date}' : misspeltTemplate(written.text)?.written;
  if (template !== undefined) {
    const meant = template === '{date}' ? undefined : misspeltTemplate(written.text)?.meant;
    return {
      code: 'HYG-1022',
      what: `There is no template ${quoted(template)} here.${meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`}`,
      tryThis: ['In `expected_schema_path` there are `{entity}` and `{flow}`.'],
    };
  }
  const out = standsAlone(written.text) || isUrl(written.text) || posix.normalize(written.text).split('/')[0] === '..';
  if (!out) return undefined;
  return {
    code: 'HYG-1013',
    what: `\`expected_schema_path\` leads out of the workspace: ${quoted(written.shown)}.`,
    why: ['What a flow expects is a part of its workspace, and goes where the workspace goes.'],
    tryThis: ['Put the file beside hygge.yml or below, and name it from there: `schemas/users.json`.'],
  };
}

interface NamedExpectedFile {
  /** Relative to the root. */
  readonly path: string;
  readonly written: Scalar;
  readonly seen: string[];
}

interface ReadExpectedFile {
  readonly schema: Schema | null;
  /** What is wrong with it. */
  tell(problems: Problems): void;
}

async function readFrom(folder: Folder, named: NamedExpectedFile, around: Problems): Promise<ReadExpectedFile> {
  const problems = keptProblems(around);
  return { schema: await readOnce(folder, named, problems), tell: problems.tell };
}

async function readOnce({ root, files }: Folder, { path, written, seen }: NamedExpectedFile, problems: Problems): Promise<Schema | null> {
  const absolute = posix.join(root, path);
  try {
    const text = await files.read(absolute);
    seen.push(path);
    return readExpectedSchema({ name: path, text }, problems) ?? null;
  } catch (error) {
    if (error instanceof FileNotFound) problems.add({ ...(await missing(files, absolute, path)), spot: written.spot });
    else problems.add(unreadable(error, path, written));
    return null;
  }
}

async function missing(files: WorkspaceFiles, absolute: string, path: string): Promise<Problem> {
  const near = didYouMean(posix.basename(path), await namesIn(files, posix.dirname(absolute)));
  const meant = near === undefined ? '' : ` Did you mean ${quoted(posix.join(posix.dirname(path), near))}?`;
  return {
    code: 'HYG-1017',
    what: `There is no file ${quoted(path)}, where the columns of the source should be.${meant}`,
    tryThis: [
      'Correct `expected_schema_path`, which begins at the folder of hygge.yml.',
      'Or remove it: then what settled last is expected.',
    ],
  };
}

async function namesIn(files: WorkspaceFiles, folder: string): Promise<readonly string[]> {
  try {
    return (await files.list(folder)).filter(({ directory }) => !directory).map(({ name }) => name);
  } catch {
    // Only a suggestion comes of it.
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
    tryThis: ['Check that it is a file and that you may read it.'],
    spot: written.spot,
    cause: error,
  };
}
