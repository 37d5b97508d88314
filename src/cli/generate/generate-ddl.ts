import { resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { untilDone } from '../../engine/contracts/steps.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Schema } from '../../frames/schema.ts';
import { visible } from '../../narrate/text/visible.ts';
import { connectors, connectorTypes, findConnector } from '../../registry.ts';
import { settleSide } from '../../workspace/sides/side.ts';
import { ConfigErrors, collectProblems } from '../../workspace/yaml/problems.ts';
import { mapping, textAt } from '../../workspace/yaml/tree.ts';
import { surveyed } from '../inspect/look-now.ts';
import { choose } from '../select/chosen-flows.ts';
import { lookingPorts } from '../select/open-entities.ts';
import { justOne } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { withOpening } from '../terminal/with-opening.ts';
import { writeGenerated } from './generated-text.ts';

export interface GenerateDdlFlags extends CommonFlags {
  readonly input?: string | undefined;
  readonly entity?: string | undefined;
  readonly table?: string | undefined;
  readonly dialect?: string | undefined;
  readonly to?: string | undefined;
}

interface DdlRequest {
  readonly schema: Schema;
  readonly keys: readonly string[];
  /** The type of the destination, if it is a database. */
  readonly type?: string;
  readonly table?: string;
}

/** `hygge generate ddl`: shows the table for the columns of a file or an entity. */
export async function generateDdl(flags: GenerateDdlFlags, surroundings: Surroundings): Promise<number> {
  if ((flags.input === undefined) === (flags.entity === undefined))
    throw unreadable('generate ddl writes the table for a file or for an entity, or hygge’s own tables: choose one.', [
      'hygge generate ddl --input orders.parquet --table sales.orders',
      'hygge generate ddl --entity shop.orders',
      'hygge generate ddl --metadata',
    ]);
  const wanted = flags.input === undefined ? await ofEntity(flags, surroundings) : await ofFile(flags.input, surroundings);
  const table = flags.table ?? wanted.table;
  if (table === undefined) throw unreadable('The table has no name.', ['Name the table: --table sales.orders']);
  const createTable = await dialectOf(flags.dialect ?? wanted.type ?? 'postgres');
  const text = createTable(table, wanted.schema, wanted.keys);
  await writeGenerated(text, flags, surroundings);
  return exit.ok;
}

async function dialectOf(name: string) {
  const all = await Promise.all(connectorTypes().map(findConnector));
  const names = all.flatMap((one) => (one?.database?.createTable ? [one.id] : []));
  const found = names.includes(name) ? (await findConnector(name))?.database?.createTable : undefined;
  if (found !== undefined) return found;
  const meant = didYouMean(name, names);
  throw unreadable(`There is no dialect ${visible(name)}.`, [
    ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
    `There are: ${names.join(', ')}`,
  ]);
}

/** The DDL of an entity as a run would settle it. Polish, overrides and existing settled columns are taken into account. */
async function ofEntity(flags: GenerateDdlFlags, surroundings: Surroundings): Promise<DdlRequest> {
  const clock = realClock();
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), tolerant: true, opens: justOne(flags.entity ?? '') });
  const { workspace, entities, broken } = choose(opened, { entity: [flags.entity ?? ''] });
  const [wrong] = broken;
  if (wrong) throw new ConfigErrors(wrong.errors);
  const [spec] = entities;
  if (spec === undefined) throw unreadable(`There is no entity ${visible(flags.entity ?? '')}.`, ['See all: hygge list entities']);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const { found } = await surveyed(spec, null, ports);
  if (found.schema === null)
    throw unreadable(`The columns of ${visible(flags.entity ?? '')} are known only while it is read.`, [
      'Run the entity, and generate the DDL from the settled files: --input',
    ]);
  const { table } = spec.store.config as { readonly table?: string };
  const isDatabase = (await findConnector(spec.store.type))?.database?.createTable !== undefined;
  const keys = found.writing.key.length > 0 ? found.writing.key : [];
  return { schema: found.schema, keys, ...(isDatabase ? { type: spec.store.type } : {}), ...(isDatabase && table ? { table } : {}) };
}

async function ofFile(input: string, surroundings: Surroundings): Promise<DdlRequest> {
  const path = /^[a-z][\w+.-]*:\/\//i.test(input) ? input : resolve(surroundings.directory, input);
  const spot = { source: { name: '--input', text: path }, offset: 0 } as unknown as Parameters<typeof textAt>[0];
  const tree = mapping(spot, [['path', { spot, weight: 'explicit', value: textAt(spot, path) }]]);
  const problems = collectProblems();
  const side = await settleSide({
    side: 'home',
    tree,
    pieces: { flow: textAt(spot, path), own: undefined, override: undefined, plain: true },
    templates: { entity: 'input', flow: 'input', date: realClock().now().slice(0, 10) },
    root: surroundings.directory,
    connectors,
    connections: new Map(),
    problems,
    subject: { name: '--input', spot },
  });
  if (side === undefined || problems.count > 0) throw new ConfigErrors(problems.errors());
  const connector = (await findConnector(side.spec.type))?.home;
  if (!connector) throw unreadable(`${visible(input)} can't be read.`, ['Name a parquet, CSV or JSON file']);
  return withOpening({ root: surroundings.directory }, surroundings, async (opening) => {
    await using home = await connector.open(side.spec.config, opening);
    const { schema, keys = [] } = await untilDone(opening.clock, (cursor) => home.describe(cursor, 'for a run'));
    if (schema === undefined)
      throw unreadable(`${visible(input)} shows its columns only while it is read.`, ['Name a parquet, CSV or JSON file']);
    return { schema, keys };
  });
}
