import { resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { type FromFolder, withTables } from '../../assembly/found/delta-tables.ts';
import { entitiesFromFiles } from '../../assembly/found/files.ts';
import type { FromTable } from '../../assembly/found/tables.ts';
import { shellWord, someOf } from '../../errors/as-argument.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { type Generated, generatedLines } from '../../narrate/commands/generate-lines.ts';
import { counted } from '../../narrate/text/figures.ts';
import { shownName, visible } from '../../narrate/text/visible.ts';
import type { Network } from '../../ports/network.ts';
import { findConnector } from '../../registry.ts';
import { splitAtEntity } from '../../workspace/load/finds.ts';
import type { Manifest } from '../../workspace/manifests/manifest.ts';
import { entityNameProblem, nameKey } from '../../workspace/names.ts';
import { isUrl } from '../../workspace/sides/paths.ts';
import { rightToRead } from '../database/connection.ts';
import { type EntityDraft, entityFile } from '../draft/draft.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { type FlowAsWritten, flowAsWritten } from './flow-as-written.ts';
import { schemaLine } from './starter.ts';

export interface GenerateFlags extends CommonFlags {
  readonly flow: string;
  readonly from?: string | undefined;
  readonly tables?: readonly string[] | undefined;
  readonly connection?: string | undefined;
  readonly schema?: readonly string[] | undefined;
  readonly like?: string | undefined;
  readonly views?: true | undefined;
  readonly dryRun?: true | undefined;
}

/** `hygge generate entities`: writes a file for each table, file or list in the flow’s home. Existing files are not overwritten, and existing entities are skipped. */
export async function generateEntities(flags: GenerateFlags, surroundings: Surroundings): Promise<number> {
  const flow = await flowAsWritten(flags.flow, flags, surroundings);
  if (flow.folder === null) {
    throw unreadable(`The flow ${shownName(flow.name)} is written in hygge.yml, and files of entities are next to a flow.yml.`, [
      `Move it to flows/${flow.name}/flow.yml`,
      'Or name its entities where it is written: entities: [orders, customers]',
    ]);
  }
  const named = flags.tables?.map((name): Candidate => ({ name, path: null }));
  const { candidates, leftOut } =
    named === undefined
      ? ((await listedBy(flow, flags, surroundings)) ?? (await lookedFor(flow, flags, surroundings)))
      : { candidates: named, leftOut: [] };
  const generated = { ...(await generateEach(candidates, { ...flow, folder: flow.folder }, flags.dryRun === true)), leftOut };
  if (flags.output === 'json') {
    for (const { path, text } of generated.made) surroundings.out.write(`${JSON.stringify({ path, written: !flags.dryRun, text })}\n`);
  }
  printLines(surroundings, flags, (palette) =>
    generatedLines(generated, { dryRun: flags.dryRun === true, json: flags.output === 'json' }, palette),
  );
  return exit.ok;
}

async function generateEach(
  candidates: readonly Candidate[],
  flow: FlowAsWritten & { readonly folder: string },
  dryRun: boolean,
): Promise<Omit<Generated, 'leftOut'>> {
  const generated: Omit<Generated, 'leftOut'> = { flow: flow.name, made: [], kept: [], unnamed: [] };
  const taken = new Set(flow.entities.map(nameKey));
  const files = localFileSystem(flow.root);
  for (const candidate of candidates) {
    const { name, segment = null } = candidate;
    if (entityNameProblem(name) !== undefined || segment !== null) generated.unnamed.push(name);
    else if (taken.has(nameKey(name))) generated.kept.push(name);
    else {
      taken.add(nameKey(name));
      const [path, text] = entityFile(flow.folder, drafted(candidate), (at, kind) => [schemaLine(at, kind)]);
      const isNew = dryRun ? (await files.stat(path)) === undefined : await written(files, path, text);
      if (isNew) generated.made.push({ path, text });
      else generated.kept.push(name);
    }
  }
  return generated;
}

interface Listed {
  readonly candidates: readonly Candidate[];
  /** Sentences about tables, files or lists that are left out. */
  readonly leftOut: readonly string[];
}

/** The entities that a catalogue or a manifest lists. Undefined: the home has neither a catalogue nor a manifest. */
async function listedBy(flow: FlowAsWritten, flags: GenerateFlags, surroundings: Surroundings): Promise<Listed | undefined> {
  if (flags.from !== undefined && flags.connection === undefined) return await inDescription(flags.from, flow, flags, surroundings);
  const manifest = flags.connection === undefined ? flow.manifest : null;
  const isRead = manifest !== null && manifest.connector.database === undefined;
  return !isRead ? await inDatabase(flow, flags, surroundings) : await inManifest(manifest, flow, flags);
}

/** The entities in a description. Undefined: the home is not an API whose description hygge can read. */
async function inDescription(
  from: string,
  flow: FlowAsWritten,
  { like }: GenerateFlags,
  surroundings: Surroundings,
): Promise<Listed | undefined> {
  const connector = flow.manifest?.connector ?? (flow.homeType === null ? undefined : await findConnector(flow.homeType));
  if (connector?.home?.described === undefined) return undefined;
  const { entitiesDescribed } = await import('./described-entities.ts');
  return await entitiesDescribed({ from, flow, like, described: connector.home.described }, surroundings);
}

async function inManifest(manifest: Manifest, flow: FlowAsWritten, { like, schema, views }: GenerateFlags): Promise<Listed> {
  if (schema !== undefined || views)
    throw unreadable(`--schema and --views are for databases, and the home of ${shownName(flow.name)} is an API.`, [
      "Choose by name: --like 'order*'",
    ]);
  const { manifestEntities } = await import('./manifest-entities.ts');
  const found = manifestEntities(manifest, flow, { like });
  if (found.candidates.length > 0) return found;
  throw new ConfigError({
    code: 'HYG-1902',
    what: `The manifest of ${manifest.system} has no entity ${like === undefined ? 'for this flow' : `like ${visible(like)} for this flow`}.`,
    why: found.leftOut,
    tryThis: [`Its entities: ${[...manifest.entities.keys()].join(', ')}`],
  });
}

/** The entities in a database. Undefined: the home is not in a database. */
async function inDatabase(flow: FlowAsWritten, flags: GenerateFlags, surroundings: Surroundings): Promise<Listed | undefined> {
  const asksForTables = flags.connection !== undefined || flags.schema !== undefined || flags.like !== undefined || flags.views === true;
  const database = flags.from === undefined ? await flow.database(flags.connection) : null;
  if (database === null) {
    if (!asksForTables) return undefined;
    throw unreadable(
      `--schema, --like, --views and --connection are for databases, and the home of ${shownName(flow.name)} is not in a database.`,
      ['Name a connection: --connection name, from hygge.yml'],
    );
  }
  const { foundTables, aboutTable } = await import('./found-tables.ts');
  const { tables, leftOut } = await foundTables(
    database,
    { schemas: flags.schema, like: flags.like, views: flags.views === true, known: flow.entities, pattern: flow.homeTable ?? '{entity}' },
    surroundings,
  );
  const { tableKey } = database.side;
  // A home that names its object by another key than `table` uses the name of the entity by default.
  const leads = ({ name, table }: FromTable) => table === null || (tableKey !== undefined && table === name);
  const candidates = tables.map(
    (one): Candidate => ({
      name: one.name,
      path: null,
      home: leads(one) ? null : { [tableKey ?? 'table']: one.table ?? one.name },
      about: aboutTable(one),
    }),
  );
  if (candidates.length > 0) return { candidates, leftOut };
  throw new ConfigError({
    code: 'HYG-1902',
    what: `There is no table or view that ${flags.like === undefined ? 'the role may read' : `is like ${visible(flags.like)} and that the role may read`}.`,
    why: leftOut,
    tryThis: [...rightToRead(database.type), 'Or name them: --tables orders,customers'],
  });
}

async function lookedFor(flow: FlowAsWritten, flags: GenerateFlags, surroundings: Surroundings): Promise<Listed> {
  const { from } = flags;
  if (from !== undefined) {
    const below = await foundIn(flow, surroundings.network, {
      path: isUrl(from) ? from : null,
      folder: resolve(surroundings.directory, from),
      pattern: '{entity}',
    });
    if (!flow.homePath?.includes('{entity}')) return listed(below, flow, from);
    // If the path of the home contains `{entity}`, the name of the entity is enough to find its folder.
    return listed(
      below.map((one) => (isDeeper(one) ? one : { ...one, path: null, segment: null })),
      flow,
      from,
    );
  }
  if (flow.homePath === null) {
    throw unreadable(`The home of ${shownName(flow.name)} has no path to search: it is an API, or a system that hygge does not list.`, [
      `If the API has a description of OpenAPI: hygge generate entities --flow ${flow.name} --from openapi.yml`,
      `Name them: hygge generate entities --flow ${flow.name} --tables orders,customers`,
    ]);
  }
  const day = realClock().now().slice(0, 10);
  const path = flow.homePath.replaceAll('{flow}', flow.name).replaceAll('{date}', day);
  // If the path of the home lacks `{entity}`, each entity may have files with its name.
  const { above, pattern } = splitAtEntity(path);
  const found = await foundIn(flow, surroundings.network, { path: above, folder: resolve(flow.root, above), pattern });
  return listed(found, flow, path);
}

/** Finds the entities in a folder. @param path the path as written, in a system other than the disks of this machine. Null: the folder is on a disk of this machine. */
async function foundIn(
  flow: FlowAsWritten,
  network: Network,
  { path, ...place }: { readonly path: string | null; readonly folder: string; readonly pattern: string },
): Promise<readonly FromFolder[]> {
  const remote = path === null ? null : await flow.remote(path);
  const { listingOf, listingOnDisk } = await import('../../assembly/found/listing.ts');
  const listing = remote === null ? listingOnDisk(workspaceFiles) : await listingOf(remote, { network, random: realRandom() });
  const found = await entitiesFromFiles(place, listing);
  const tables = await listing.tables(place.folder);
  if (tables.includes('')) throw isTableItself(path ?? place.folder);
  return withTables(found, place.pattern, tables);
}

/** Whether a table is in a folder of tables, such as a schema. */
const isDeeper = ({ isTable, path }: FromFolder): boolean => isTable && path?.includes('/') === true;

/** The entities that were found. If the path of the home contains `{entity}`, tables in folders of schemas are left out, because the path does not lead to them. */
function listed(found: readonly FromFolder[], flow: FlowAsWritten, place: string): Listed {
  const deeper = flow.homePath?.includes('{entity}') ? found.filter(isDeeper) : [];
  const candidates = asCandidates(
    found.filter((one) => !deeper.includes(one)),
    flow,
  );
  const leftOut =
    deeper.length === 0
      ? []
      : [
          `${counted(deeper.length, 'table')} in folders of schemas left out: ${someOf(deeper.map(({ path }) => visible(path ?? '')))}. The path of the home can name the schema: ${visible(flow.homePath?.replace('{entity}', `${deeper[0]?.path?.split('/')[0]}/{entity}`) ?? '')}`,
        ];
  return { candidates: leftOut.length > 0 ? candidates : nonEmpty(candidates, place), leftOut };
}

/** The found folders and files as entities. If the home of the flow has `format: delta`, only tables are returned. */
function asCandidates(found: readonly FromFolder[], { homeFormat }: FlowAsWritten): readonly Candidate[] {
  if (homeFormat === 'delta') return found.filter(({ isTable }) => isTable).map((one) => ({ ...one, about: usualOfTable }));
  return found.map((one) =>
    one.isTable
      ? { ...one, home: { ...(one.path === null ? {} : { path: one.path }), format: 'delta' }, about: usualOfTable }
      : { name: one.name, path: one.path, segment: one.segment },
  );
}

function isTableItself(place: string): ConfigError {
  const shown = place.replace(/[/\\]+$/, '');
  return new ConfigError({
    code: 'HYG-1902',
    what: `${visible(shown)} is one Delta table, and not a folder of several.`,
    why: ['hygge makes an entity of each table in a folder.'],
    tryThis: [`Look in the folder that contains it: --from ${shellWord(visible(shown.replace(/[/\\]?[^/\\]+$/, '') || '.'))}`],
  });
}

function nonEmpty(candidates: readonly Candidate[], place: string): readonly Candidate[] {
  if (candidates.length > 0) return candidates;
  throw new ConfigError({
    code: 'HYG-1902',
    what: `There is nothing at ${visible(place)} to make entities of.`,
    tryThis: ['Look somewhere else: --from path/to/folder, or --from s3://bucket/folder', 'Or name them: --tables orders,customers'],
  });
}

async function written(files: ReturnType<typeof localFileSystem>, path: string, text: string): Promise<boolean> {
  return (await files.put(path, new TextEncoder().encode(text), { ifNoneMatch: '*' })).outcome === 'written';
}

function drafted({ name, path, home, about = usual }: Candidate): EntityDraft {
  return { name, home: home ?? (path === null ? {} : { path }), about };
}

const usualOfTable = `# Only what later versions of the table add:
# run_type: incremental
`;

const usual = `# Only new rows, by a column whose values increase:
# run_type: incremental
# watermark: { column: updated_at }
`;

interface Candidate {
  readonly name: string;
  /** The path below the path of the flow. Null: the name of the entity leads to the folder. */
  readonly path: string | null;
  /** The name of the existing folder, if no name of an entity leads to this folder. */
  readonly segment?: string | null;
  /** Keys of the entity’s home, in place of a path. */
  readonly home?: Readonly<Record<string, string>> | null;
  /** Comments below the keys of the entity. */
  readonly about?: string;
}
