import { createTableStatement } from '../../../../src/databases/ddl.ts';
import { Sessions } from '../../../../src/databases/sessions.ts';
import type { StagedRef } from '../../../../src/databases/store/staging/staged-tables.ts';
import { DatabaseStore } from '../../../../src/databases/store/store.ts';
import { attemptColumn } from '../../../../src/databases/writes.ts';
import type { Head, Store } from '../../../../src/engine/contracts/store.ts';
import type { Schema } from '../../../../src/frames/schema.ts';
import type { Random } from '../../../../src/ports/random.ts';
import type { EntityKey } from '../../../../src/ports/values.ts';
import type { Destination } from '../destination.ts';
import { markIn, markText } from '../marks.ts';
import { type Row, row } from '../rows.ts';
import { settledHome } from '../settled-home.ts';
import { must } from '../violation.ts';
import { dialects } from './dialect.ts';
import { type SimServer, settles } from './server.ts';
import type { SimPool, SimSession } from './session.ts';

const [stagingSchema, metadataSchema] = ['hygge_staging', 'hygge_metadata'];
const markColumn = 'owner';

/** The store of databases, as the product has it, on a simulated server. */
export function databaseStore(
  server: SimServer,
  of: { readonly pool: SimPool; readonly random: Random; readonly key: EntityKey; readonly marked: boolean },
): Store {
  const dialect = dialects[server.ddl];
  const where = `sim ${settles}`;
  return new DatabaseStore<SimSession>({
    sessions: new Sessions({
      engine: { explain: (error, { place }) => dialect.errors.explain(error, place) },
      pool: of.pool,
      label: 'hygge',
      place: where,
    }),
    dialect,
    place: {
      key: { ...of.key, table: `main.${settles}` },
      table: { schema: 'main', name: settles },
      ...{ stagingSchema, metadataSchema, where, steps: 'here', storeKeyValues: {} },
      markColumn: of.marked ? markColumn : null,
      nonce: () => of.random.nonce(),
    },
    address: { table: settles },
    settledHome: ({ schema, ownRowsCondition: ours }) =>
      settledHome({ schema }, async () =>
        server.look(`select * from main."${settles}"${ours === null ? '' : ` where ${ours}`}`).map(rowOf),
      ),
  });
}

/** What the oracle can see of the server, past every session: what is committed. */
export function databaseDestination(server: SimServer, planted: () => readonly Row[]): Destination {
  /** Looked at once for each state of the server. */
  const seen = <T>(look: () => T): (() => T) => {
    let version = -1;
    let value: T;
    return () => {
      if (version !== server.version) value = look();
      version = server.version;
      return value;
    };
  };
  const tables = seen(() => new Set(server.look("select name from sqlite_schema where type = 'table'").map(({ name }) => name ?? '')));
  const head = seen((): Head | null => {
    if (!tables().has('hygge_metadata_heads')) return null;
    const [found] = server.look('select head from main."hygge_metadata_heads"');
    return found?.head == null ? null : (JSON.parse(found.head) as Head);
  });
  const there = seen(() => (tables().has(settles) ? server.look(`select * from main."${settles}"`).map(rowOf) : []));
  const staged = seen(() => {
    const records = tables().has('hygge_metadata_staged')
      ? server.look('select name, epoch, lineage from main."hygge_metadata_staged"')
      : [];
    const known = new Map(records.map(({ name, epoch, lineage }) => [name ?? '', `stg_${epoch}_${lineage}_${name}`]));
    return [...tables()].flatMap((name) => {
      if (!name.startsWith('hygge_staging_')) return [];
      const own = name.slice('hygge_staging_'.length);
      must(known.has(own), `${own} is staged, and nothing says so: it would lie there for good`);
      return [known.get(own) ?? ''];
    });
  });
  const ahead = seen((): string | null => {
    const [, id = null] = /\[hygge (\S+) \d+\]$/.exec(server.comment(settles)) ?? [];
    if (id === null || id === head()?.id) return null;
    return server.look(`select 1 as one from main."hygge_metadata_commits" where intent_id = '${id}'`).length > 0 ? null : id;
  });
  const rows = (): readonly Row[] => {
    const theirs = planted().map(({ id, mark }) => `${id}@${mark}`);
    return there().map((one) => {
      const at = theirs.indexOf(`${one.id}@${one.mark}`);
      if (at < 0) return one;
      theirs.splice(at, 1);
      return { ...one, by: 'theirs' };
    });
  };
  const nameOf = ({ ref }: { readonly ref: unknown }): string => {
    const name = `hygge_staging_${(ref as StagedRef).name}`;
    return server.gathered.get(name) ?? name;
  };
  return {
    head,
    rows,
    holds: (part) => {
      const name = nameOf(part);
      if (server.used.has(name)) return true;
      if (!tables().has(name)) return false;
      const { tag } = part.ref as unknown as StagedRef;
      const isTagged = server.look(`select 1 as one from pragma_table_info('${name}') where name = '${attemptColumn.name}'`).length > 0;
      // Once they are told apart no more, they were counted.
      if (tag !== undefined && !isTagged) return true;
      const where = tag === undefined ? '' : ` where ${attemptColumn.name} = ${tag}`;
      const found = Number(server.look(`select count(*) as n from main."${name}"${where}`)[0]?.n);
      // An attempt has rows of several roles there.
      return tag === undefined ? found === part.rows : found >= part.rows;
    },
    shows: (part) => {
      const comment = server.used.get(nameOf(part));
      return comment !== undefined && comment !== '' && comment === server.comment(settles);
    },
    filled: () => there().length > 0,
    ahead,
    markColumn,
    strays: () => [],
    staged,
    reused: () => [],
  };
}

function rowOf(found: Readonly<Record<string, string | null>>): Row {
  const { id, mark, [markColumn]: _, ...more } = found;
  const others = Object.entries(more).filter((entry): entry is [string, string] => entry[1] !== null);
  return row(Number(id), mark == null ? null : markIn(mark), Object.fromEntries(others));
}

/** Somebody else puts rows into the table, or makes it. */
export function plantRows(server: SimServer, schema: Schema, rows: readonly Row[]): void {
  const dialect = dialects[server.ddl];
  const table = createTableStatement(dialect, { schema: 'main', name: settles }, schema.columns, { nulls: 'as declared' });
  const type = schema.columns.find(({ name }) => name === 'mark')?.type ?? { kind: 'int64' };
  server.change(
    table.replace('create table', 'create table if not exists'),
    ...rows.map(
      ({ id, mark }) => `insert into main."${settles}" (id, mark) values (${id}, ${mark === null ? 'null' : `'${markText(mark, type)}'`})`,
    ),
  );
}

/** All that there is, hygge's records with it. */
export function loseAll(server: SimServer): void {
  server.lose(namesOf(server, () => true));
}

export function loseStaging(server: SimServer): void {
  server.lose(namesOf(server, (name) => name.startsWith('hygge_staging_')));
}

function namesOf(server: SimServer, which: (name: string) => boolean): readonly string[] {
  const names = server.look("select name from sqlite_schema where type = 'table'").map(({ name }) => name ?? '');
  return names.filter((name) => name !== 'sim_comments' && which(name));
}
