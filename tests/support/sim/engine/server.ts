import { DatabaseSync } from 'node:sqlite';
import { DatabaseError, type Row } from '../../../../src/databases/engine.ts';

/** What becomes of a transaction at a statement that makes, alters, renames or drops a table: it goes on, as in PostgreSQL, or is committed, as in MySQL. */
export type Ddl = 'in transactions' | 'commits';

export interface Answer {
  readonly rows: readonly Row[];
  readonly changes: number;
}

export interface Statement {
  readonly sql: string;
  readonly values: readonly (string | null)[];
}

type Lock = 'read' | 'write' | 'ddl';

/** What a statement does, as far as locks and transactions go. */
interface Meant {
  readonly does: 'begin' | 'commit' | 'rollback' | 'alone' | 'release' | 'nothing' | 'read' | 'write' | 'ddl';
  readonly tables: readonly string[];
}

/** The server's end of a session. */
export class Connection {
  readonly name: string;
  readonly isDead: () => boolean;
  isOpen = false;
  /** Killed, or left by its client: nothing of an open transaction stays. */
  isEnded = false;
  /** Nobody hears its answers any more; a COMMIT may still be on its way. */
  isLeft = false;
  /** What the open transaction has changed so far. */
  log: Statement[] = [];
  readonly locks = new Map<string, Lock>();
  /** How often others found a lock that it holds. */
  blocked = 0;
  readonly temporary: string;

  constructor(name: string, id: number, isDead: () => boolean) {
    this.name = name;
    this.temporary = `hygge_temporary_${id}_`;
    this.isDead = isDead;
  }
}

/** The table that rows settle in. */
export const settles = 'orders';
const heads = 'hygge_metadata_heads';
const isOwn = (table: string) => table.startsWith('hygge_metadata_');
/** After so many vain attempts of others the server ends a session that sleeps in its transaction. */
const patience = 3;

/**
 * A server of SQL in memory: SQLite answers the statements, and what it has no word for is here. Sessions with transactions of their own, that see what others
 * have committed and nothing else; locks on the heads and on tables, until the end of a transaction; DDL that goes with it or commits it; comments on tables;
 * named locks; renames of several tables at once. A statement is done at once and whole, or refused: whoever finds a lock is told so.
 */
export class SimServer {
  readonly ddl: Ddl;
  readonly #heedsHints: boolean;
  readonly #db = new DatabaseSync(':memory:');
  readonly #sessions = new Set<Connection>();
  readonly #alone = new Map<string, Connection>();
  #count = 0;
  /** Whose open transaction SQLite has before it now; that of others is done again when they go on. */
  #shown: Connection | null = null;
  /** Rises with everything that others may see. */
  version = 0;
  /** Tables that a RENAME took another name from, and the comment of the table that got the destination's. */
  readonly used = new Map<string, string>();
  /** Tables that attempts shared, by the names that a commit gave them. */
  readonly gathered = new Map<string, string>();
  #tags = 0;

  /** @param of.heedsHints false: to lock the row of a head takes a change of it. */
  constructor(ddl: Ddl, now: () => string, { heedsHints }: { readonly heedsHints: boolean }) {
    this.ddl = ddl;
    this.#heedsHints = heedsHints;
    this.#db.function('sim_now', now);
    this.#db.function('sim_tag', () => ++this.#tags);
    this.#db.exec('create table sim_comments (name text primary key, comment text not null)');
  }

  connect(name: string, isDead: () => boolean): Connection {
    const connection = new Connection(name, ++this.#count, isDead);
    this.#sessions.add(connection);
    return connection;
  }

  /** What everybody sees, past all sessions. */
  look(sql: string): readonly Row[] {
    this.#show(null);
    return this.#run({ sql, values: [] }).rows;
  }

  /** '': there is none. */
  comment(table: string): string {
    return String(this.#db.prepare('select comment from sim_comments where name = ?').get(table)?.comment ?? '');
  }

  /** Somebody who is no session changes something. */
  change(...statements: readonly string[]): void {
    this.#show(null);
    for (const sql of statements) this.#run({ sql, values: [] });
    this.version++;
  }

  /** Drops tables whatever anybody does; open transactions are lost. */
  lose(names: readonly string[]): void {
    for (const session of this.#sessions) this.end(session);
    this.change(...names.flatMap((name) => [`drop table if exists main."${name}"`, `delete from sim_comments where name = '${name}'`]));
  }

  /** Its client is gone, and knows nothing of the last statement: what commits may come yet, everything else is undone. */
  leave(session: Connection, last: Statement): void {
    session.isLeft = true;
    this.#free(session);
    const { does } = meantBy(last.sql);
    if (does !== 'commit' && !(does === 'ddl' && this.ddl === 'commits')) this.end(session);
  }

  end(session: Connection): void {
    session.isEnded = true;
    this.#undo(session);
    this.#free(session);
    this.#sessions.delete(session);
    this.#show(null);
    const own = this.#db.prepare("select name from sqlite_schema where type = 'table' and name glob ?").all(`${session.temporary}*`);
    for (const { name } of own) this.#db.exec(`drop table main."${String(name)}"`);
  }

  undo(session: Connection): void {
    this.#undo(session);
  }

  /** @param isLate it was sent a while ago by somebody who hears no answer. What a transaction needs for it that is over does nothing; what stands alone does all. */
  execute(session: Connection, sent: Statement, { standsAlone }: { readonly standsAlone: boolean }): Answer {
    // Temporary tables are each session's own.
    const statement = { ...sent, sql: sent.sql.replaceAll('"hygge_staging_commit_', `"${session.temporary}`) };
    const meant = meantBy(statement.sql);
    if (session.isEnded && !(session.isLeft && standsAlone)) throw new DatabaseError('the session was ended', { code: '', isLost: true });
    switch (meant.does) {
      case 'nothing':
        return nothing;
      case 'begin':
        this.#commit(session);
        session.isOpen = true;
        return nothing;
      case 'commit':
        this.#commit(session);
        return nothing;
      case 'rollback':
        this.#undo(session);
        return nothing;
      case 'release':
        this.#free(session);
        return nothing;
      case 'alone':
        return { rows: [{ got: this.#isAlone(session, meant.tables[0] ?? '') ? '1' : '0' }], changes: 0 };
      case 'read':
        return this.#within(session, statement, meant, 'read');
      case 'write':
        return this.#within(session, statement, meant, 'write');
      case 'ddl':
        if (this.ddl === 'commits') this.#commit(session);
        return this.#within(session, statement, meant, 'ddl');
    }
  }

  #within(session: Connection, statement: Statement, { tables }: Meant, lock: Lock): Answer {
    const isHeeded = this.#heedsHints || /^\s*update/i.test(statement.sql);
    const locked = isHeeded ? tables : tables.filter((table) => table !== heads);
    for (const table of locked) this.#mustBeFree(session, table, lock);
    if (session.isOpen) for (const table of locked) session.locks.set(table, stronger(session.locks.get(table), lock));
    if (lock === 'read') {
      this.#show(session);
      return this.#run(statement);
    }
    if (!session.isOpen) {
      this.#show(null);
      const answer = this.#atOnce(statement);
      this.version++;
      return answer;
    }
    this.#show(session);
    if (this.#shown === null) {
      this.#db.exec('BEGIN');
      this.#shown = session;
    }
    const answer = this.#run(statement);
    session.log.push(statement);
    return answer;
  }

  /** Waiting is for the client: here it is only told. Who sleeps or is dead gives way. */
  #mustBeFree(session: Connection, table: string, lock: Lock): void {
    for (const other of [...this.#sessions]) {
      const held = other === session ? undefined : other.locks.get(table);
      if (held === undefined || !clashes(table, lock, held)) continue;
      if (other.isDead() || other.isLeft || ++other.blocked >= patience) {
        this.end(other);
        continue;
      }
      throw new DatabaseError(`${table} is locked by ${other.name}`, { code: 'LOCKED' });
    }
  }

  #isAlone(session: Connection, name: string): boolean {
    const holder = this.#alone.get(name);
    if (holder !== undefined && holder !== session) {
      if (!holder.isDead() && ++holder.blocked < patience) return false;
      this.end(holder);
    }
    this.#alone.set(name, session);
    return true;
  }

  #free(session: Connection): void {
    for (const [name, holder] of this.#alone) if (holder === session) this.#alone.delete(name);
  }

  #commit(session: Connection): void {
    if (session.log.length > 0) {
      this.#show(session);
      this.#db.exec('COMMIT');
      this.#shown = null;
      this.version++;
    }
    this.#over(session);
  }

  #undo(session: Connection): void {
    if (this.#shown === session) {
      this.#db.exec('ROLLBACK');
      this.#shown = null;
    }
    this.#over(session);
  }

  #over(session: Connection): void {
    session.log = [];
    session.locks.clear();
    session.isOpen = false;
    session.blocked = 0;
  }

  /** What is committed, and on top of it what the session has done in its transaction. */
  #show(session: Connection | null): void {
    const wanted = session !== null && session.log.length > 0 ? session : null;
    if (this.#shown === wanted) return;
    if (this.#shown !== null) this.#db.exec('ROLLBACK');
    this.#shown = null;
    if (wanted === null) return;
    this.#db.exec('BEGIN');
    this.#shown = wanted;
    for (const statement of wanted.log) this.#run(statement);
  }

  /** A statement alone, which may be several to SQLite. */
  #atOnce(statement: Statement): Answer {
    this.#db.exec('BEGIN');
    try {
      const answer = this.#run(statement);
      this.#db.exec('COMMIT');
      return answer;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #run({ sql, values }: Statement): Answer {
    try {
      if (/^rename /i.test(sql)) return this.#rename(tablesIn(sql));
      if (/^comment /i.test(sql)) return this.#comment(sql);
      const prepared = this.#db.prepare(sql.replaceAll(/\$(\d+)/g, '?$1'));
      if (/^\s*(select|with|pragma)/i.test(sql)) return { rows: prepared.all(...values).map(asTexts), changes: 0 };
      const { changes } = prepared.run(...values);
      const dropped = /^drop table/i.test(sql) ? tablesIn(sql)[0] : undefined;
      if (dropped !== undefined) this.#db.prepare('delete from sim_comments where name = ?').run(dropped);
      return { rows: [], changes: Number(changes) };
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      const code = /no such table/.test(message) ? 'ABSENT' : /already (exists|another)/.test(message) ? 'EXISTS' : 'WRONG';
      throw new DatabaseError(`${message}: ${sql}`, { code });
    }
  }

  /** From, to, from, to: one after the other, and all of them or none. */
  #rename(names: readonly string[]): Answer {
    for (let at = 0; at < names.length; at += 2) {
      const [from = '', to = ''] = [names[at], names[at + 1]];
      this.#db.exec(`alter table main."${from}" rename to "${to}"`);
      this.#db.prepare('update sim_comments set name = ? where name = ?').run(to, from);
    }
    const settled = names.some((name, at) => at % 2 === 1 && name === settles);
    for (let at = 0; at < names.length; at += 2) {
      const [from = '', to = ''] = [names[at], names[at + 1]];
      if (isShared(from)) this.gathered.set(from, to);
      else if (settled && from.startsWith('hygge_staging_')) this.used.set(from, this.comment(settles));
    }
    return nothing;
  }

  #comment(sql: string): Answer {
    const [table = ''] = tablesIn(sql);
    if (this.#db.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").all(table).length === 0)
      throw new DatabaseError(`no such table: ${table}`, { code: 'ABSENT' });
    const text = / is '(.*)'$/i.exec(sql)?.[1] ?? '';
    this.#db.prepare('insert or replace into sim_comments values (?, ?)').run(table, text);
    return nothing;
  }
}

const nothing: Answer = { rows: [], changes: 0 };

/** Attempts only put rows into it, and none waits for another. */
export const isShared = (table: string): boolean => /^hygge_staging_.*_all_[0-9a-f]{16}$/.test(table);

/** Rows of hygge's own tables are locked one by one, and those of one entity's head are all that clash. */
function clashes(table: string, lock: Lock, held: Lock): boolean {
  if (isOwn(table)) return table === heads && lock !== 'read' && held !== 'read';
  if (lock === 'read') return false;
  if (isShared(table) && lock === 'write' && held === 'write') return false;
  return lock === 'ddl' || held === 'ddl' || (lock === 'write' && held === 'write');
}

function stronger(one: Lock | undefined, other: Lock): Lock {
  return one === 'ddl' || other === 'ddl' ? 'ddl' : one === 'write' || other === 'write' ? 'write' : 'read';
}

function tablesIn(sql: string): readonly string[] {
  return [...sql.matchAll(/main\."((?:[^"]|"")*)"/g)].map(([, name = '']) => name);
}

export function meantBy(sql: string): Meant {
  const tables = tablesIn(sql);
  const word = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase() ?? '';
  switch (word) {
    case 'begin':
    case 'commit':
    case 'rollback':
    case 'release':
    case 'nothing':
      return { does: word, tables };
    case 'alone':
      return { does: 'alone', tables: [sql] };
    case 'select':
      return { does: /for update \*\/$/.test(sql) ? 'write' : 'read', tables };
    case 'create':
    case 'drop':
      return { does: /"hygge_(staging_commit|temporary)_/.test(sql) ? 'write' : 'ddl', tables };
    case 'alter':
    case 'rename':
    case 'comment':
      return { does: 'ddl', tables };
    default:
      return { does: 'write', tables };
  }
}

function asTexts(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]));
}
