import { DatabaseError, type Row, type Session } from '../../../../src/databases/engine.ts';
import type { LeasedConnection, Pool } from '../../../../src/engine/contracts/pools.ts';
import { HyggeError } from '../../../../src/errors/hygge-error.ts';
import { OutcomeUnknown } from '../../../../src/ports/retry.ts';
import type { Request } from '../call.ts';
import type { Process } from '../process.ts';
import { permanent } from '../refusals.ts';
import { type Answer, type Connection, meantBy, type SimServer, type Statement, settles } from './server.ts';

/** The client's end of a session: each statement is a call, which may be lost, come late, or never be made. */
export class SimSession implements Session {
  readonly #process: Process;
  readonly #server: SimServer;
  readonly #connection: Connection;
  #broken = false;
  #answered = false;

  constructor(process: Process, server: SimServer) {
    this.#process = process;
    this.#server = server;
    this.#connection = server.connect(process.name, () => process.life === 'dead');
  }

  get isBroken(): boolean {
    return this.#broken;
  }

  get hasAnswered(): boolean {
    return this.#answered;
  }

  async query(sql: string, values: readonly (string | null)[] = []): Promise<readonly Row[]> {
    return (await this.#ask({ sql, values })).rows;
  }

  async execute(sql: string, values: readonly (string | null)[] = []): Promise<number> {
    return (await this.#ask({ sql, values })).changes;
  }

  async run(sql: string | readonly string[]): Promise<void> {
    for (const one of typeof sql === 'string' ? [sql] : sql) await this.#ask({ sql: one, values: [] });
  }

  begin(): Promise<void> {
    return this.run('BEGIN');
  }

  commit(): Promise<void> {
    return this.run(['COMMIT', 'RELEASE']);
  }

  rollback(): Promise<void> {
    return this.run(['ROLLBACK', 'RELEASE']);
  }

  destroy(): void {
    this.#broken = true;
    if (!this.#connection.isEnded) this.#server.end(this.#connection);
  }

  async close(): Promise<void> {
    this.destroy();
  }

  async #ask(statement: Statement): Promise<Answer> {
    if (this.#broken) throw lost('the connection was lost');
    const connection = this.#connection;
    const { does } = meantBy(statement.sql);
    const standsAlone = !connection.isOpen || (does === 'ddl' && this.#server.ddl === 'commits' && connection.log.length === 0);
    const apply = () => this.#server.execute(connection, statement, { standsAlone });
    try {
      const answer = await this.#call(statement, apply);
      this.#answered = true;
      return answer;
    } catch (error) {
      if (error instanceof DatabaseError) {
        this.#broken ||= error.isLost;
        throw error;
      }
      if (error instanceof OutcomeUnknown) {
        this.#broken = true;
        this.#server.leave(connection, statement);
        throw lost(error.message);
      }
      if (!(error instanceof HyggeError)) throw error;
      if (!error.transient) throw new DatabaseError(error.what, { code: permanent.has(error.code) ? 'REFUSED' : 'TOLD' });
      this.#server.undo(connection);
      throw new DatabaseError('the transaction was stopped', { code: 'DEADLOCK' });
    }
  }

  /** What does nothing that anybody else could see is done without the world taking notice. */
  async #call(statement: Statement, apply: () => Answer): Promise<Answer> {
    const { does } = meantBy(statement.sql);
    const isSilent = /^(begin|release|rollback|nothing)$/.test(does) || (does === 'commit' && this.#connection.log.length === 0);
    if (!isSilent) return this.#process.call({ ...labelOf(statement), apply });
    if (this.#process.life === 'dead') return new Promise(() => undefined);
    return apply();
  }
}

const lost = (why: string): DatabaseError => new DatabaseError(why, { code: '', isLost: true });

const shown = (name: string) => name.replace(/^hygge_(staging|metadata)_/, '');

function labelOf({ sql }: Statement): Pick<Request, 'label' | 'kind' | 'step'> {
  const { does, tables } = meantBy(sql);
  const verb = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase() ?? '';
  const about = tables.map(shown).join('>').replaceAll(/"/g, '');
  if (does === 'commit') return { label: 'db commit', kind: 'write', step: 'commit' };
  if (does === 'alone') return { label: `db alone ${settles}`, kind: 'write' };
  if (does === 'read') return { label: `db ${verb} ${tables.map((name) => shown(name).replace(/_.*/, '')).join('>')}`, kind: 'read' };
  const publishes = tables.includes(settles) && verb !== 'select' && !tables.some((name) => /^hygge_staging_given_/.test(name));
  const isStaging = verb === 'insert' && tables.every((name) => name.startsWith('hygge_staging_')) && tables.length === 1;
  return {
    label: publishes ? `db publish ${verb}:${about}` : `db ${verb} ${about}`,
    kind: 'write',
    ...(publishes ? { step: 'commit' as const } : isStaging ? { step: 'stage' as const } : {}),
  };
}

/** The connections of one process, two at most. */
export class SimPool implements Pool<SimSession> {
  readonly system = null;
  readonly #open: () => SimSession;
  readonly #idle: SimSession[] = [];
  readonly #waiting: (() => void)[] = [];
  #lent = 0;

  constructor(open: () => SimSession) {
    this.#open = open;
  }

  forWriting(): Pool<SimSession> {
    return this;
  }

  async acquireIdle(): Promise<LeasedConnection<SimSession> | undefined> {
    return this.#lent < 2 ? this.#lend() : undefined;
  }

  async acquire(): Promise<LeasedConnection<SimSession>> {
    while (this.#lent >= 2) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#lend();
  }

  #lend(): LeasedConnection<SimSession> {
    this.#lent++;
    const connection = this.#idle.pop() ?? this.#open();
    let spoilt = false;
    return {
      connection,
      spoil: () => {
        spoilt = true;
      },
      [Symbol.asyncDispose]: async () => {
        this.#lent--;
        if (!spoilt && !connection.isBroken) this.#idle.push(connection);
        else if (!connection.isBroken) connection.destroy();
        this.#waiting.shift()?.();
      },
    };
  }
}
