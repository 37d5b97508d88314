/** The entities in a published description of an API, in the form that `generate entities` writes. */
import { basename, resolve } from 'node:path';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import type { DescribedEntities, DescribedFlow, DescriptionSource, HomeSide } from '../../engine/contracts/connector.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { visible } from '../../narrate/text/visible.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import { namePattern } from '../../workspace/name-pattern.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { withOpening } from '../terminal/with-opening.ts';
import type { FlowAsWritten } from './flow-as-written.ts';

interface Request {
  /** The path or the address of the description. */
  readonly from: string;
  readonly flow: FlowAsWritten;
  readonly like: string | undefined;
  readonly described: NonNullable<HomeSide['described']>;
}

/** Throws ConfigError if the file does not exist, or if the description has no entity of the requested name. */
export async function entitiesDescribed(
  { from, flow, like, described }: Request,
  surroundings: Surroundings,
): Promise<{
  readonly candidates: readonly { readonly name: string; readonly path: null; readonly about: string }[];
  readonly leftOut: readonly string[];
}> {
  const source = await sourceAt(from, surroundings.directory);
  const own: DescribedFlow = {
    baseUrl: flow.baseUrl ?? undefined,
    pathParams: flow.pathParams,
    keys: flow.homeKeys,
    isIncremental: flow.runType === 'incremental',
  };
  const { entities, leftOut } = await withOpening({ root: flow.root }, surroundings, (opening) => described(source, own, opening));
  const taken = withParents(entities, like);
  if (taken.length === 0)
    throw new ConfigError({
      code: 'HYG-1902',
      what: `${visible(from)} describes no list like ${visible(like ?? '*')}.`,
      why: leftOut,
      tryThis: [`See all of them: hygge generate entities --flow ${flow.name} --from … --dry-run`],
    });
  return { candidates: taken.map(({ name, lines }) => ({ name, path: null, about: lines.join('\n') })), leftOut };
}

function withParents(entities: DescribedEntities['entities'], like: string | undefined): DescribedEntities['entities'] {
  if (like === undefined) return entities;
  const pattern = namePattern(like, 'iu');
  const wanted = entities.filter(({ name }) => pattern.test(name));
  const names = new Set(wanted.flatMap(({ name, from }) => (from === undefined ? [name] : [name, from])));
  return entities.filter(({ name }) => names.has(name));
}

async function sourceAt(from: string, directory: string): Promise<DescriptionSource> {
  if (/^https?:\/\//i.test(from) && URL.canParse(from)) return { url: new URL(from) };
  try {
    return { name: basename(from), text: await workspaceFiles.read(resolve(directory, from)) };
  } catch (error) {
    if (!(error instanceof FileNotFound)) throw error;
    throw new ConfigError({
      code: 'HYG-1902',
      what: `There is no file ${visible(from)}.`,
      tryThis: ['Name the description of the API: --from openapi.yml, or --from https://api.example.com/openapi.json'],
    });
  }
}
