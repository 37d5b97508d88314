import type { Client, QueryConfig, QueryResult } from 'pg';
import type { CopyToStreamQuery } from 'pg-copy-streams';
import { DatabaseError, type Row, type Session } from '../engine.ts';

/** A column of an answer, as the server describes it. */
export interface Field {
  readonly name: string;
  readonly type: number;
  readonly mod: number;
}

/** Texts as they come: what they mean is decided by who asked. */
export const asTexts = { getTypeParser: () => (value: string) => value };

export class PostgresSession implements Session {
  readonly #client: Client;
  #broken = false;
  #answered = false;

  constructor(client: Client) {
    this.#client = client;
    // A connection that is lost while nobody asks anything is told to whoever asks next.
    client.on('error', () => {
      this.#broken = true;
    });
    client.on('end', () => {
      this.#broken = true;
    });
  }

  get isBroken(): boolean {
    return this.#broken;
  }

  get hasAnswered(): boolean {
    return this.#answered;
  }

  async query(sql: string, values: readonly (string | null)[] = []): Promise<readonly Row[]> {
    return (await this.#ask({ text: sql, values: [...values] })).rows as Row[];
  }

  /** The columns that a SELECT would answer. */
  async describe(sql: string): Promise<readonly Field[]> {
    const { fields } = await this.#ask({ text: `SELECT * FROM (${sql}) AS hygge_look LIMIT 0`, values: [] });
    return fields.map(({ name, dataTypeID, dataTypeModifier }) => ({ name, type: dataTypeID, mod: dataTypeModifier }));
  }

  async run(sql: string): Promise<void> {
    await this.#guarded(() => this.#client.query(sql));
  }

  /** The bytes of a COPY … TO STDOUT. Whoever stops before the end has to destroy the session. */
  async *copyOut(sql: string): AsyncGenerator<Buffer, void> {
    const { to } = await import('pg-copy-streams');
    const stream: CopyToStreamQuery = this.#client.query(to(sql));
    let ended = false;
    try {
      for await (const chunk of stream) yield chunk as Buffer;
      ended = true;
    } catch (error) {
      ended = true;
      throw this.#error(error);
    } finally {
      if (!ended) this.destroy();
    }
  }

  /** For what the family does not know: a COPY … FROM STDIN. */
  get client(): Client {
    return this.#client;
  }

  destroy(): void {
    this.#broken = true;
    (this.#client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream.destroy();
  }

  async close(): Promise<void> {
    if (this.#broken) this.destroy();
    else await this.#client.end();
  }

  #ask(query: QueryConfig): Promise<QueryResult> {
    // Extended, so that it is one statement and no more; unnamed, so that a pooler may give the next one to another server.
    const extended = { ...query, queryMode: 'extended', types: asTexts } as unknown as QueryConfig;
    return this.#guarded(() => this.#client.query(extended));
  }

  async #guarded<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#broken) throw new DatabaseError('the connection was lost', { code: '', isLost: true });
    try {
      const answer = await ask();
      this.#answered = true;
      return answer;
    } catch (error) {
      throw this.#error(error);
    }
  }

  #error(error: unknown): DatabaseError {
    const told = databaseError(error);
    if (told.isLost) this.#broken = true;
    return told;
  }
}

/** States after which the server has closed the connection. */
const ending = /^(57P0[1-5]|08...|25P03)$/;

/** What `pg` throws, whatever it is. */
export function databaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code = '', message = String(error), detail, hint, position, severity } = error as Partial<Record<string, string>>;
  const isServers = severity !== undefined && /^[0-9A-Z]{5}$/.test(code);
  return new DatabaseError(message, {
    ...{ code, detail, hint, cause: error },
    position: position === undefined ? undefined : Number(position),
    isLost: !isServers || ending.test(code),
  });
}
