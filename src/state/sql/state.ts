import type { ConnectOptions, Database, Row, Session, StateSide } from '../../databases/engine.ts';
import { Sessions, statePoolOf } from '../../databases/sessions.ts';
import type { Pools } from '../../engine/contracts/pools.ts';
import { StateError } from '../../errors/hygge-error.ts';
import type { JournalFilter, JournalRow, ObjectRef, StateRow, StateStore } from '../../ports/state.ts';
import { type EntityKey, type Instant, type Json, parsedJson } from '../../ports/values.ts';
import { AccountClock } from '../../remote/account-clock.ts';
import { isAskedFor, type JournalDamage, lineOf, newestFirst, parseJournalLine } from '../journal.ts';
import { notOurRow, readableRow, rowIn, shownText } from '../row-errors.ts';
import { type StoredRow, toStored } from '../stored-row.ts';
import type { StatePlace } from './errors.ts';
import { SqlTables } from './tables.ts';

export interface SqlStateRequest<K, S extends Session> extends StatePlace {
  readonly database: Database<K, S> & { readonly stateSide: StateSide<S> };
  /** Keys of the connection. */
  readonly config: K;
  /** The schema of the tables. */
  readonly schema: string;
  readonly opening: ConnectOptions & { readonly pools: Pools };
  /** Called if the journal has rows that can't be read. */
  readonly onDamage?: (damage: JournalDamage) => void;
}

/**
 * State in tables of a database: one row for each entity, conditional on its version. The journal row is written in the same transaction. Throws
 * StateError HYG-5001…5005, 5008, 5009, 5020 and 5021, ConnectionError of the database, and `OutcomeUnknown` for a write whose COMMIT was not answered.
 */
export function sqlState<K, S extends Session>({ onDamage = () => undefined, ...of }: SqlStateRequest<K, S>): StateStore {
  const { database, config, opening, location } = of;
  const { stateSide } = database;
  const sessions = new Sessions<S>({
    engine: {
      // Connection errors already have a message for people. For every other error, its cause decides which advice is shown.
      explain: (error, about) =>
        about.doing !== 'read'
          ? database.explain(error, about)
          : new StateError({ code: 'HYG-5020', what: `The state in ${location} failed.`, tryThis: [], cause: error }),
    },
    pool: statePoolOf(database, config, opening),
    label: 'hygge state',
    place: location,
  });
  const tables = new SqlTables<S>({ ...of, stateSide, sessions, network: opening.network });
  return new SqlState(tables, { location, onDamage, monotonicMs: () => opening.clock.monotonicMs() });
}

/** The maximum number of characters in one row of an object. Far below the database’s limit for a value, and small enough to be in memory twice. */
const pieceCharacters = 1 << 20;
const piecesAtOnce = 16;
const journalPage = 2_000;
const refsAtOnce = 200;

const isEntity = 'flow = $1 and entity = $2';

class SqlState<S extends Session> implements StateStore {
  readonly location: string;
  readonly now?: () => Instant | undefined;
  readonly #tables: SqlTables<S>;
  readonly #clock: AccountClock;
  readonly #onDamage: (damage: JournalDamage) => void;

  constructor(
    tables: SqlTables<S>,
    of: { readonly location: string; readonly onDamage: (damage: JournalDamage) => void; readonly monotonicMs: () => number },
  ) {
    this.location = of.location;
    this.#tables = tables;
    this.#onDamage = of.onDamage;
    this.#clock = new AccountClock(of.monotonicMs);
    if (tables.stateSide.nowExpression !== null) this.now = () => this.#clock.now();
  }

  async read(key: EntityKey): Promise<{ row: StateRow; etag: string } | undefined> {
    const { nowExpression } = this.#tables.stateSide;
    // The query always returns a row, because the time is needed even if the state does not exist yet.
    const found = await this.#tables.read<Row | undefined>(undefined, async (session) => {
      const watermarks = this.#tables.name('watermarks');
      const [row] = await session.query(
        `select c.at as now, w.version, w.write_id, w.state from (select ${nowExpression ?? 'null'} as at) c left join ${watermarks} w on w.flow = $1 and w.entity = $2`,
        [key.flow, key.entity],
      );
      return row;
    });
    this.#clock.hear(found?.now ?? (await this.#time()));
    if (found?.version == null) return undefined;
    const at = `row of ${key.flow}.${key.entity} in ${this.location}`;
    return { row: rowIn(key, { at, in: 'Its column `state`' }, valueIn(key, at, found.state)), etag: `${found.version} ${found.write_id}` };
  }

  /** The database’s time, if the tables do not exist yet. */
  async #time(): Promise<string | undefined> {
    const { nowExpression } = this.#tables.stateSide;
    if (nowExpression === null) return undefined;
    const [row] = await this.#tables.read<readonly Row[]>([], (session) => session.query(`select ${nowExpression} as now`));
    return row?.now ?? undefined;
  }

  makeReady(): Promise<void> {
    return this.#tables.makeReady();
  }

  write(key: EntityKey, etag: string | undefined, row: StateRow, journal?: JournalRow): Promise<'written' | 'moved'> {
    const { ignoreDuplicateClause } = this.#tables.stateSide;
    const stored = readableRow(key, toStored(key, row, null));
    const shown = columnsOf(stored);
    const names = Object.keys(shown);
    const values = [key.flow, key.entity, ...Object.values(shown)];
    const watermarks = this.#tables.name('watermarks');
    return this.#tables.change(JSON.stringify([key, row.writeId]), async (session) => {
      const moved = etag === undefined ? await insert(session) : await update(session, etag);
      if (moved === 0) return 'moved';
      if (journal !== undefined) await this.#append(session, journal);
      return 'written';
    });

    async function insert(session: S): Promise<number> {
      const marks = values.map((_, n) => `$${n + 1}`).join(', ');
      return session.execute(
        `insert into ${watermarks} (flow, entity, ${names.join(', ')}, version) values (${marks}, 1) ${ignoreDuplicateClause}`,
        values,
      );
    }

    async function update(session: S, from: string): Promise<number> {
      const [, version, writeId] = /^(\d{1,15}) (.*)$/s.exec(from) ?? [];
      if (version === undefined || writeId === undefined) return 0;
      const sets = names.map((name, n) => `${name} = $${n + 3}`).join(', ');
      const where = `${isEntity} and version = ${version} and write_id = $${values.length + 1}`;
      return session.execute(`update ${watermarks} set ${sets}, version = version + 1 where ${where}`, [...values, writeId]);
    }
  }

  async putObject(key: EntityKey, ref: ObjectRef, body: Json): Promise<Json> {
    const pieces = piecesOf(JSON.stringify(body));
    const objects = this.#tables.name('objects');
    for (;;) {
      const isMine = await this.#tables.change(null, async (session) => {
        for (const [n, piece] of pieces.entries()) {
          const into = `insert into ${objects} (flow, entity, ref, piece, pieces, body) values ($1, $2, $3, ${n}, ${pieces.length}, $4)`;
          // The statement waits if another process is creating the same object.
          const made = await session.execute(`${into} ${this.#tables.stateSide.ignoreDuplicateClause}`, [key.flow, key.entity, ref, piece]);
          if (n === 0 && made === 0) return false;
        }
        return true;
      });
      if (isMine) return body;
      const there = await this.getObject(key, ref);
      // Another process removed the object between the two statements, so this process can create the object.
      if (there !== undefined) return there;
    }
  }

  async getObject(key: EntityKey, ref: ObjectRef): Promise<Json | undefined> {
    const text = await this.#tables.read<string | undefined>(undefined, (session) => this.#body(session, key, ref), 'snapshot');
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as Json;
    } catch (error) {
      throw damagedObject(`${key.flow}.${key.entity} ${ref} in ${this.location}`, error);
    }
  }

  async #body(session: S, { flow, entity }: EntityKey, ref: ObjectRef): Promise<string | undefined> {
    const objects = this.#tables.name('objects');
    const found: string[] = [];
    for (let from = 0, most = 1; from < most; from += piecesAtOnce) {
      const rows = await session.query(
        `select pieces, body from ${objects} where ${isEntity} and ref = $3 and piece >= ${from} and piece < ${from + piecesAtOnce} order by piece`,
        [flow, entity, ref],
      );
      if (rows.length === 0 && from === 0) return undefined;
      most = Number(rows[0]?.pieces ?? 0);
      found.push(...rows.map(({ body }) => body ?? ''));
    }
    return found.join('');
  }

  async removeObjects({ flow, entity }: EntityKey, refs: readonly ObjectRef[]): Promise<void> {
    for (let from = 0; from < refs.length; from += refsAtOnce) {
      const some = refs.slice(from, from + refsAtOnce);
      const marks = some.map((_, n) => `$${n + 3}`).join(', ');
      const away = `delete from ${this.#tables.name('objects')} where ${isEntity} and ref in (${marks})`;
      await this.#tables.change(null, (session) => session.execute(away, [flow, entity, ...some]));
    }
  }

  listObjects({ flow, entity }: EntityKey, prefix: string): Promise<readonly ObjectRef[]> {
    const begins = `substr(ref, 1, length(cast($3 as ${this.#tables.stateSide.types.text}))) = $3`;
    const sql = `select ref from ${this.#tables.name('objects')} where ${isEntity} and piece = 0 and ${begins}`;
    return this.#tables.read<readonly ObjectRef[]>([], async (session) =>
      (await session.query(sql, [flow, entity, prefix])).map(({ ref }) => ref ?? ''),
    );
  }

  async appendJournal(row: JournalRow): Promise<void> {
    await this.#tables.change(null, (session) => this.#append(session, row));
  }

  async #append(session: S, row: JournalRow): Promise<void> {
    const shown = journalColumnsOf(row);
    const marks = Object.keys(shown).map((_, n) => `$${n + 1}`);
    const into = `insert into ${this.#tables.name('journal')} (${Object.keys(shown).join(', ')}) values (${marks.join(', ')})`;
    await session.execute(`${into} ${this.#tables.stateSide.ignoreDuplicateClause}`, Object.values(shown));
  }

  async journal(filter: JournalFilter): Promise<readonly JournalRow[]> {
    const limit = filter.limit ?? Number.POSITIVE_INFINITY;
    if (limit <= 0) return [];
    let damaged = 0;
    const found = await this.#tables.read<readonly JournalRow[]>(
      [],
      async (session) => {
        const rows: JournalRow[] = [];
        damaged = 0;
        let last: Row | undefined;
        do {
          const page = await this.#journalPage(session, filter, { after: last, most: Math.min(journalPage, limit - rows.length) });
          for (const { row } of page) {
            const parsed = parseJournalLine(`journal in ${this.location}`, row ?? '');
            if (parsed === undefined) damaged += 1;
            else if (isAskedFor(parsed, filter)) rows.push(parsed);
          }
          last = page.at(-1);
        } while (last !== undefined && rows.length < limit);
        return rows;
      },
      'snapshot',
    );
    if (damaged > 0) this.#onDamage({ file: `the journal in ${this.location}`, lines: damaged });
    return [...found].sort(newestFirst);
  }

  #journalPage(
    session: S,
    { flow, entity, run, since, before }: JournalFilter,
    { after, most }: { readonly after: Row | undefined; readonly most: number },
  ): Promise<readonly Row[]> {
    const values: string[] = [];
    const given = (value: string) => `$${values.push(value)}`;
    const wanted = [
      ...(flow === undefined ? [] : [`flow = ${given(flow)}`]),
      ...(entity === undefined ? [] : [`entity = ${given(entity)}`]),
      ...(run === undefined ? [] : [`run_id = ${given(run)}`]),
      ...(since === undefined ? [] : [`finished_at >= ${given(instantIn(since) ?? longAgo)}`]),
      ...(before === undefined ? [] : [`finished_at < ${given(instantIn(before) ?? before)}`]),
      ...(after === undefined
        ? []
        : [`(finished_at, entity_run_id) < (${given(after.finished_at ?? '')}, ${given(after.entity_run_id ?? '')})`]),
    ];
    const where = wanted.length === 0 ? '' : `where ${wanted.join(' and ')}`;
    return session.query(
      `select finished_at, entity_run_id, "row" from ${this.#tables.name('journal')} ${where} order by finished_at desc, entity_run_id desc limit ${most}`,
      values,
    );
  }

  pruneJournal(before: Instant): Promise<number> {
    const old = `delete from ${this.#tables.name('journal')} where finished_at < $1`;
    return this.#tables.change(null, (session) => session.execute(old, [before]));
  }

  entities(): Promise<readonly EntityKey[]> {
    const sql = `select flow, entity from ${this.#tables.name('watermarks')} order by flow, entity`;
    return this.#tables.read<readonly EntityKey[]>([], async (session) =>
      (await session.query(sql)).map(({ flow, entity }) => ({ flow: flow ?? '', entity: entity ?? '' })),
    );
  }

  probe(name: string): Promise<void> {
    const nobody = ['', name];
    return this.#tables.tried(async (session) => {
      const { ignoreDuplicateClause } = this.#tables.stateSide;
      const [watermarks, objects] = [this.#tables.name('watermarks'), this.#tables.name('objects')];
      await session.execute(
        `insert into ${watermarks} (flow, entity, epoch, version, write_id, state) values ($1, $2, 0, 1, '', '') ${ignoreDuplicateClause}`,
        nobody,
      );
      await session.execute(`update ${watermarks} set version = version + 1 where ${isEntity}`, nobody);
      await session.execute(
        `insert into ${objects} (flow, entity, ref, piece, pieces, body) values ($1, $2, '', 0, 1, '') ${ignoreDuplicateClause}`,
        nobody,
      );
      await session.execute(`delete from ${objects} where ${isEntity}`, nobody);
      await session.query(`select count(*) as n from ${this.#tables.name('journal')} where entity_run_id = $1`, [name]);
      await session.execute(`delete from ${this.#tables.name('journal')} where entity_run_id = $1`, [name]);
    });
  }
}

type Columns = Readonly<Record<string, string | null>>;

const text = (value: string | null | undefined): string | null => (value == null ? null : shownText(value));
const number = (value: number | null | undefined): string | null => (Number.isSafeInteger(value) ? String(value) : null);

/** The database can compare only times in the standard form. */
function instantIn(written: string | null | undefined): string | null {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(written ?? '') && !Number.isNaN(Date.parse(written ?? ''))
    ? (written ?? null)
    : null;
}

const longAgo = '1970-01-01T00:00:00.000Z';

/** Columns of the table `watermarks`, in addition to flow, entity and version. */
function columnsOf(stored: StoredRow): Columns {
  const { watermark, protocol } = stored;
  return {
    watermark_column: text(watermark?.column),
    watermark_type: text(watermark?.type.kind),
    watermark_value: text(watermark?.value),
    status: stored.status,
    rows_processed: number(stored.rows_processed),
    rows_settled: number(protocol.settled?.total),
    last_run: instantIn(stored.last_run),
    last_entity_run: text(protocol.last_entity_run),
    held_by: text(
      protocol.owner && `${protocol.owner.holder.program} on ${protocol.owner.holder.host}, process ${protocol.owner.holder.pid}`,
    ),
    held_until: instantIn(protocol.owner?.until),
    pending: text(protocol.pending?.id),
    epoch: number(protocol.epoch) ?? '0',
    write_id: shownText(protocol.write_id),
    state: JSON.stringify(stored),
  };
}

function journalColumnsOf(row: JournalRow): Columns {
  return {
    entity_run_id: row.entity_run_id,
    run_id: row.run_id,
    invocation_id: text(row.invocation_id),
    workspace: text(row.workspace),
    flow: row.flow,
    entity: row.entity,
    lane: text(row.lane),
    status: row.status,
    reason: row.reason ?? null,
    run_type: row.run_type,
    started_at: instantIn(row.started_at),
    finished_at: instantIn(row.finished_at) ?? longAgo,
    rows_processed: number(row.rows),
    rows_read: number(row.rows_read),
    bytes: number(row.bytes),
    watermark_column: text(row.watermark_column),
    watermark_from: text(row.watermark_from),
    watermark_to: text(row.watermark_to),
    error_code: text(row.error_code),
    message: text(row.message),
    '"row"': lineOf(row),
  };
}

function valueIn(key: EntityKey, at: string, state: string | null | undefined): unknown {
  if (state == null || state === '') throw notOurRow(key, at, 'The column `state` of the row is empty.');
  return parsedJson(state);
}

function piecesOf(json: string): readonly string[] {
  const found: string[] = [];
  for (let from = 0; from < json.length || found.length === 0; ) {
    const end = from + pieceCharacters;
    // A text must not be cut between the two halves of a character.
    const to = end < json.length && /[\uD800-\uDBFF]/.test(json.charAt(end - 1)) ? end - 1 : end;
    found.push(json.slice(from, to));
    from = to;
  }
  return found;
}

function damagedObject(name: string, error: unknown): StateError {
  return new StateError({
    code: 'HYG-5005',
    what: `The stored object ${name} is damaged.`,
    why: [
      error instanceof Error ? error.message : String(error),
      'Objects are written once and completely, so something other than hygge changed this row.',
    ],
    tryThis: [`Put ${name} back from a backup.`, 'Or delete the object and run again: hygge then reports how to continue without it.'],
    cause: error,
  });
}
