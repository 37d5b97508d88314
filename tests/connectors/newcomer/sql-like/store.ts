import { createHash, type Hash } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Catalog } from '../../../../src/engine/contracts/catalog.ts';
import { destinationBoundaryChanged, keyTwice, othersWrote } from '../../../../src/engine/contracts/errors.ts';
import { type FitDialect, fitColumns } from '../../../../src/engine/contracts/fit.ts';
import { headAfter, headOfFence, headOfRefusal } from '../../../../src/engine/contracts/heads.ts';
import { type CommitOutcome, fenceHeadId, type Intent } from '../../../../src/engine/contracts/intent.ts';
import type { Head, Part, Store, Supersede, Target } from '../../../../src/engine/contracts/store.ts';
import type { Counts, Writing } from '../../../../src/engine/contracts/writing.ts';
import { HyggeError, StoreError } from '../../../../src/errors/hygge-error.ts';
import type { Column } from '../../../../src/frames/schema.ts';
import { overRows } from '../../../../src/frames/values/cells.ts';
import { schemaOfRole } from '../../../../src/frames/values/rejected-rows.ts';
import type { EntityKey, Json } from '../../../../src/ports/values.ts';
import { columnsOf, declaredFor, holds, listed, q, stored, type Value } from './values.ts';

/** A table in a file of SQLite. */
export type SqlPlace = { readonly file: string; readonly table: string; readonly flow: string; readonly entity: string };
/** A part is a table of its own until it is published. */
type Ref = { readonly name: string; readonly columns: readonly string[]; readonly mark: string | null };
type Known = { readonly head: Head; readonly counts: Counts | null };

const refOf = ({ ref }: Part) => ref as unknown as Ref;
const settles = (parts: readonly Part[]) => parts.filter(({ role }) => role === 'data' || role === 'boundary');
const keyOf = ({ flow, entity }: EntityKey) => JSON.stringify({ flow, entity });
const hyggeTables = `create table if not exists hygge_heads (entity text primary key, "table" text, known text);
  create table if not exists hygge_staged (name text primary key, entity text, lineage text, epoch integer);
  create table if not exists hygge_apart (entity text, role text, of_group integer, mark, row text)`;
export function sqlStore(place: SqlPlace): Store {
  const db = new DatabaseSync(place.file, { readBigInts: true, timeout: 10_000 });
  const where = `${place.file} ${place.table}`;
  const table = q(place.table);
  const me = keyOf(place);
  const naming: FitDialect['naming'] = { longest: null, case: 'ignored', reserved: [] };
  db.exec(hyggeTables);

  const all = (sql: string, ...values: readonly Value[]) => db.prepare(sql).all(...(values as SQLInputValue[]));
  const run = (sql: string, ...values: readonly Value[]) => Number(db.prepare(sql).run(...(values as SQLInputValue[])).changes);
  const one = (sql: string, ...values: readonly Value[]) => Object.values(all(sql, ...values)[0] ?? {})[0] ?? null;
  const count = (sql: string, ...values: readonly Value[]) => Number(one(`select count(*) from ${sql}`, ...values));
  const exists = (name: string) => count(`sqlite_master where type = 'table' and name = ?`, name) > 0;
  const total = () => (exists(place.table) ? count(table) : 0);
  /** Rows of others: nothing tells which they are, only how many. */
  const beside = (head: Head | null) => Math.max(0, total() - (head?.rows ?? 0));

  function once<T>(work: () => T): T {
    db.exec('begin immediate');
    try {
      const answer = work();
      db.exec('commit');
      return answer;
    } catch (error) {
      if (db.isTransaction) db.exec('rollback');
      throw error;
    }
  }

  const known = (): Known | null => JSON.parse(String(one('select known from hygge_heads where entity = ?', me)));
  const headNow = () => known()?.head ?? null;
  const setHead = (head: Head, counts: Counts | null = null) =>
    run('insert or replace into hygge_heads values (?, ?, ?)', me, place.table, JSON.stringify({ head, counts } satisfies Known));

  function catalog(): { readonly catalog?: Catalog } {
    const columns = all(`pragma table_xinfo(${table})`).map(({ name, type, notnull, dflt_value: given, hidden }) => ({
      ...{ name: String(name), type: String(type), holds: holds(String(type)) ?? null, nullable: notnull === 0n },
      ...{ default: given === null ? null : String(given), length: null, collation: null },
      filled: hidden === 0n ? ('by rows' as const) : ('generated' as const),
    }));
    const triggers = all(`select name from sqlite_master where type = 'trigger' and tbl_name = ?`, place.table);
    const dependents = triggers.map(({ name }) => ({ kind: 'trigger', name: String(name), columns: null, staysWithOld: true }));
    return columns.length === 0 ? {} : { catalog: { columns, keys: [], dependents, rights: {} } };
  }

  function target(): Target {
    const [head, rows] = [headNow(), total()];
    if (head === null || head.nothing) {
      const more = { ...(head && { fence: head }), ...catalog() };
      if (rows === 0) return { content: 'empty', ...more };
      const heads = all('select entity from hygge_heads where "table" = ? and entity <> ?', place.table, me);
      const others: EntityKey[] = heads.map(({ entity }) => JSON.parse(String(entity)));
      return { content: 'foreign', summary: `${rows} rows`, newest: null, others, ...more };
    }
    const missing = exists(place.table) ? [] : [place.table];
    const looks = { bytes: 0, empty: rows === 0, missing, listedStillThere: 1 - missing.length, touched: [], notLookedAt: [] };
    return { content: 'ours', head, rows: Math.min(head.rows, rows), foreign: beside(head), ...looks, ...catalog() };
  }

  /** A watermark's text as it lies in the table. */
  const asMark = ({ type }: { readonly type: Column['type'] }, text: string) => (declaredFor(type) === 'bigint' ? BigInt(text) : text);

  /** What a commit replaces, as a condition. @param named the watermark's column, where that is another. */
  function condition(supersede: Supersede, named?: string): readonly [sql: string, ...values: readonly Value[]] {
    if (supersede.what === 'all') return ['true'];
    if (supersede.what !== 'boundary' && supersede.what !== 'range') return ['false'];
    const mark = q(named ?? supersede.column);
    if (supersede.what === 'boundary')
      return [`(${mark} = ?${supersede.nulls ? ` or ${mark} is null` : ''})`, asMark(supersede, supersede.text)];
    const { from, to } = supersede;
    const lower = `${mark} ${from.inclusive ? '>=' : '>'} ?`;
    if (to === null) return [lower, asMark(supersede, from.text)];
    return [`${lower} and ${mark} ${to.inclusive ? '<=' : '<'} ?`, asMark(supersede, from.text), asMark(supersede, to.text)];
  }

  /** Of staged rows with a key in common the newest; several where the watermark does not tell. */
  function newest(parts: readonly Part[], key: readonly string[]): string {
    const { columns, mark } = parts.map(refOf)[0] ?? { columns: [], mark: null };
    const rows = parts.map((part) => `select ${listed(columns)} from ${q(refOf(part).name)}`).join(' union ');
    const order = mark === null ? '' : `order by ${q(mark)} desc nulls last`;
    return `(select * from (select *, rank() over (partition by ${listed(key)} ${order}) hygge_rank from (${rows})) where hygge_rank = 1)`;
  }

  function insert(parts: readonly Part[], { mode, key }: Pick<Writing, 'mode' | 'key'>): Omit<Counts, 'deleted'> {
    const columns = listed(parts.map(refOf)[0]?.columns ?? []);
    const into = (rows: string) => run(`insert into ${table} (${columns}) select ${columns} from ${rows}`);
    if (mode !== 'merge' || parts.length === 0)
      return { inserted: parts.reduce((sum, part) => sum + into(q(refOf(part).name)), 0), updated: 0 };
    const rows = newest(parts, key);
    const updated = run(`delete from ${table} where (${listed(key)}) in (select ${listed(key)} from ${rows})`);
    return { inserted: into(rows) - updated, updated };
  }

  /** Rows that are kept apart go when the rows go that they came with. */
  function keepApart({ parts, target }: Intent, supersede: Supersede): void {
    const isGroup = supersede.what === 'boundary' || (target as { readonly groupAgain?: Json }).groupAgain !== undefined;
    const [which, ...values] = isGroup ? ['of_group'] : condition(supersede, 'mark');
    run(`delete from hygge_apart where entity = ? and ${which}`, me, ...values);
    if (supersede.what !== 'range') run('update hygge_apart set of_group = false where entity = ?', me);
    for (const part of parts.filter((each) => !settles([each]).includes(each))) {
      const { name, columns, mark } = refOf(part);
      const row = `json_object(${columns.map((column) => `'${column.replaceAll("'", "''")}', ${q(column)}`).join(', ')})`;
      const into = `insert into hygge_apart select ?, ?, ?, ${mark === null ? 'null' : q(mark)}, ${row} from ${q(name)}`;
      run(into, me, part.role, part.ofGroup ? 1n : 0n);
    }
  }

  function publish(intent: Intent): CommitOutcome {
    const { head = null, counts = null } = known() ?? {};
    if (head?.id === intent.id) return counts ? { outcome: 'already', counts } : 'already';
    if (head?.id === fenceHeadId(intent)) return 'given up';
    if ((head?.id ?? null) !== intent.prev) return 'fenced';
    if (intent.parts.some((part) => !exists(refOf(part).name) || count(q(refOf(part).name)) !== part.rows)) return 'parts lost';
    const { supersede, goes } = intent.target as unknown as { readonly supersede: Supersede; readonly goes: number };
    const writing = intent.writing ?? { mode: 'append', key: [] };
    const foreign = supersede.what === 'all' && supersede.foreign === 'replace' ? 0 : beside(head);
    const [which, ...values] = condition(supersede);
    const deleted = exists(place.table) ? run(`delete from ${table} where ${which}`, ...values) : 0;
    if (deleted !== goes) throw othersWrote(where, { found: deleted, prepared: goes });
    if (writing.mode === 'swap') db.exec(`drop table if exists ${table}`);
    if (!exists(place.table)) db.exec(`create table ${table} (${columnsOf(intent.schema.columns)})`);
    else
      for (const change of intent.changes ?? [])
        if (change.change === 'add column') db.exec(`alter table ${table} add column ${columnsOf([change.column])}`);
    const did = { ...insert(settles(intent.parts), writing), deleted };
    keepApart(intent, supersede);
    setHead(headAfter(intent, { rows: total() - foreign, foreign }), did);
    for (const part of intent.parts) drop('name = ?', refOf(part).name);
    return { outcome: 'committed', counts: did };
  }

  function drop(which: string, ...values: readonly Value[]): void {
    for (const { name } of all(`select name from hygge_staged where ${which}`, ...values)) db.exec(`drop table ${q(String(name))}`);
    run(`delete from hygge_staged where ${which}`, ...values);
  }

  /** Constraints, triggers and types are refused for good. Nothing of it is visible: it was rolled back. */
  function refusal(error: unknown): CommitOutcome {
    if (error instanceof HyggeError) return { outcome: 'refused', because: error.toDetails() };
    const { errcode, message } = error as { readonly errcode?: number; readonly message: string };
    if (errcode === undefined || ![19, 20].includes(errcode % 256)) throw error;
    return { outcome: 'refused', because: { code: 'HYG-4003', what: `${where} refuses the rows.`, why: [message], tryThis: [] } };
  }

  return {
    ...{ place, where, holds: 'table', distinguishesOwnRows: false, slices: 'at once', nullDocuments: 'kept' },
    guarantee: 'readers see the rows of one commit or of the one before, never of both',
    writes: new Set(['append', 'swap', 'merge', 'delete_insert']),
    removes: new Set(['boundary', 'range']),
    frameRows: Number.POSITIVE_INFINITY,
    mergesPartialRows: false,
    head: async () => headNow(),
    inspect: async () => ({ done: target() }),
    fit: (wanted, standing) => fitColumns(wanted, standing, { where, naming, held: (type) => holds(declaredFor(type) ?? '') }),
    notesOnPlan: async () => ({ notes: [], warnings: [] }),
    howChanged: ({ change }) => (change === 'add column' ? 'in place' : 'no'),
    async stage({ run: of, schema, watermark, emptyPart }, frames, signal) {
      const parts: { name: string; role: Part['role']; ofGroup: boolean; names: string[]; digest: Hash; bytes: number }[] = [];
      const partOf = (role: Part['role'], ofGroup: boolean) => {
        const found = parts.find((part) => part.role === role && part.ofGroup === ofGroup);
        if (found) return found;
        const { columns } = schemaOfRole(role, schema);
        const name = `hygge_stage_${crypto.randomUUID()}`;
        once(() => {
          db.exec(`create table ${q(name)} (${columnsOf(columns)})`);
          run('insert into hygge_staged values (?, ?, ?, ?)', name, me, of.lineage, BigInt(of.epoch));
        });
        const part = { name, role, ofGroup, names: columns.map((column) => column.name), digest: createHash('sha256'), bytes: 1 };
        parts.push(part);
        return part;
      };
      for await (const { frame, role, ofGroup = false } of frames) {
        signal.throwIfAborted();
        const part = partOf(role, ofGroup);
        const { columns } = frame.schema;
        await overRows(frame, (rows) =>
          once(() => {
            const names = columns.map(({ name }) => name);
            const adding = db.prepare(`insert into ${q(part.name)} (${listed(names)}) values (${names.map(() => '?')})`);
            for (const row of rows) {
              const values = row.map((cell, at) => stored((columns[at] as Column).type, cell));
              part.digest.update(`${values.join('\t')}\n`);
              adding.run(...(values as SQLInputValue[]));
            }
          }),
        );
        part.bytes += frame.bytes;
      }
      if (parts.length === 0 && emptyPart) partOf('data', false);
      return parts.map(({ name, role, ofGroup, names: columns, digest, bytes }): Part => {
        const mark = watermark && columns.includes(watermark.column) ? watermark.column : null;
        const nulls = columns.map((column) => count(`${q(name)} where ${q(column)} is null`));
        const [min, max] = mark === null ? [] : ['min', 'max'].map((which) => one(`select ${which}(${q(mark)}) from ${q(name)}`));
        const edges = min === null || min === undefined ? {} : { min: String(min), max: String(max) };
        const unmarked = mark === null ? {} : { unmarked: nulls[columns.indexOf(mark)] ?? 0 };
        const part = {
          ref: { name, columns, mark } satisfies Ref,
          role,
          rows: count(q(name)),
          bytes,
          checksum: digest.digest('hex'),
          nulls,
        };
        return { ...part, ...(ofGroup ? { ofGroup } : {}), ...edges, ...unmarked };
      });
    },
    async prepare({ writing: { mode, key }, supersede, parts, groupAgain }) {
      const others = beside(headNow());
      const leaves = supersede.what === 'range' || (supersede.what === 'all' && supersede.foreign === 'keep');
      if (others > 0 && leaves) throw othersWrote(where, { found: total(), prepared: total() - others });
      const [which, ...values] = condition(supersede);
      const goes = exists(place.table) ? count(`${table} where ${which}`, ...values) : 0;
      if (supersede.what === 'boundary' && goes !== supersede.rows) throw destinationBoundaryChanged(where, { ...supersede, found: goes });
      const staged = settles(parts);
      const again = `select ${listed(key)} from ${newest(staged, key)} group by ${listed(key)} having count(*) > 1`;
      const [twice] = mode === 'merge' && staged.length > 0 ? all(again) : [];
      if (twice) throw keyTwice(where, { key, example: Object.values(twice).join(', ') });
      return {
        target: { supersede, goes, ...(groupAgain && { groupAgain }) } as unknown as Json,
        ...{ supersededRows: goes, leftQuarantine: 0, older: 0, lastGood: null, expiredRows: 0 },
      };
    },
    async commit(intent) {
      try {
        return { done: once(() => publish(intent)) };
      } catch (error) {
        return { done: refusal(error) };
      }
    },
    giveUp: async (intent, reason) =>
      once(() => {
        const head = headNow();
        if (head?.id === intent.id) return 'committed';
        if (head?.id !== fenceHeadId(intent) && (head?.id ?? null) !== intent.prev) return 'fenced';
        if (head?.id !== fenceHeadId(intent)) setHead(headOfRefusal(head, intent, reason));
        for (const part of intent.parts) drop('name = ?', refOf(part).name);
        return { removed: [] };
      }),
    async sweep({ lineage, before }) {
      once(() => drop('entity = ? and lineage = ? and epoch < ?', me, lineage, BigInt(before)));
      return { done: 'swept' };
    },
    fence: async (request) =>
      once(() => {
        const head = headNow();
        if (head?.id === request.id) return head;
        if ((head?.id ?? null) !== request.prev) return 'moved';
        const rows = head ? Math.min(head.rows, total()) : total();
        if (request.keep && head?.rows && rows === 0) throw new StoreError({ code: 'HYG-4103', what: `${where} is empty.`, tryThis: [] });
        const seen = Number(one('select max(epoch) from hygge_staged where entity = ?', me) ?? 0n);
        const next = headOfFence(head, request, { seen, rows, foreign: total() - rows });
        setHead(next);
        drop('entity = ?', me);
        return next;
      }),
    async carryHead(from) {
      const old = one('select "table" from hygge_heads where entity = ?', keyOf(from));
      if (old === null) return known() ? 'carried' : 'no head';
      if (old !== place.table) return 'other place';
      run('insert or ignore into hygge_heads select ?, "table", known from hygge_heads where entity = ?', me, keyOf(from));
      run('update hygge_apart set entity = ? where entity = ?', me, keyOf(from));
      return 'carried';
    },
    dropHead: async (from) => void run('delete from hygge_heads where entity = ?', keyOf(from)),
    prune: async () => 0,
    [Symbol.asyncDispose]: async () => (db.isOpen ? db.close() : undefined),
  };
}
