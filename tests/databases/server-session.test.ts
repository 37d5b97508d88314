import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { DatabaseError } from '../../src/databases/engine.ts';
import { postgresSyntax } from '../../src/databases/postgres/syntax.ts';
import { type RowStreamControl, ServerSession } from '../../src/databases/server-session.ts';

/** A session over a client of the test's own: rows come as the test sends them. */
class FakeSession extends ServerSession {
  readonly did: string[] = [];
  sendRow: (row: number) => void = () => undefined;
  end: (error?: unknown) => void = () => undefined;

  readonly client: EventEmitter;

  constructor(client = new EventEmitter()) {
    super(client, postgresSyntax);
    this.client = client;
  }

  async query() {
    return [];
  }

  async execute() {
    return 0;
  }

  async run(sql: string | readonly string[]) {
    await this.runCall(String(sql), async () => {
      if (sql === 'fail') throw new Error('refused');
      if (sql === 'lose') throw new DatabaseError('gone', { code: '', isLost: true });
    });
  }

  async begin() {}
  async commit() {}
  async rollback() {}

  rows(take: (row: number) => boolean, signal = new AbortController().signal): AsyncGenerator<void> {
    const events: RowStreamControl<number> = {
      start: (row, ended) => {
        this.did.push('start');
        this.sendRow = row;
        this.end = ended;
      },
      pause: () => void this.did.push('pause'),
      resume: () => void this.did.push('resume'),
      stop: () => {
        this.did.push('stop');
        this.end(new DatabaseError('stopped', { code: 'STOPPED' }));
      },
    };
    return this.streamRows('select a', take, signal, events);
  }

  protected toDatabaseError(error: unknown): DatabaseError {
    return error instanceof DatabaseError ? error : new DatabaseError(String(error), { code: '42' });
  }

  protected closeAtOnce() {
    this.did.push('cut');
  }

  protected stopServerAndClose() {
    this.did.push('interrupt');
  }

  protected async closeGracefully() {
    this.did.push('leave');
  }
}

describe('a session over a server', () => {
  test('that answered is closed with a farewell, and one that broke at once', async () => {
    const [fine, broken] = [new FakeSession(), new FakeSession()];
    expect(fine.hasAnswered).toBe(false);
    await fine.run('select 1');
    expect(fine.hasAnswered).toBe(true);
    await fine.close();
    broken.client.emit('end');
    await broken.close();
    expect([fine.did, broken.did]).toEqual([['leave'], ['cut']]);
  });

  test('is broken by an error between two calls, and answers nothing more', async () => {
    const session = new FakeSession();
    session.client.emit('error', new Error('reset'));
    expect(session.isBroken).toBe(true);
    await expect(session.run('select 1')).rejects.toMatchObject({ message: 'the connection was lost', isLost: true });
  });

  test('stays good where the server refuses a statement, and names the statement', async () => {
    const session = new FakeSession();
    await expect(session.run('fail')).rejects.toMatchObject({ code: '42', statement: 'fail' });
    expect(session.isBroken).toBe(false);
    await expect(session.run('lose')).rejects.toMatchObject({ isLost: true });
    expect(session.isBroken).toBe(true);
  });

  test('is broken once it is cancelled, which is told to the server', () => {
    const session = new FakeSession();
    session.cancel();
    expect([session.isBroken, session.did]).toEqual([true, ['interrupt']]);
  });

  test('that is not ready is destroyed', async () => {
    const session = new FakeSession();
    await expect(session.afterSetup(() => session.run('fail'))).rejects.toMatchObject({ code: '42' });
    expect(session.did).toEqual(['cut']);
  });
});

describe('rows of a SELECT', () => {
  test('wait while the reader has enough of them', async () => {
    const session = new FakeSession();
    const taken: number[] = [];
    const rows = session.rows((row) => taken.push(row) % 2 === 0);
    const first = rows.next();
    for (const row of [1, 2]) session.sendRow(row);
    await first;
    expect([taken, session.did]).toEqual([
      [1, 2],
      ['start', 'pause'],
    ]);
    const last = rows.next();
    session.sendRow(3);
    session.end();
    expect(await last).toMatchObject({ done: true });
    expect([taken, session.did]).toEqual([
      [1, 2, 3],
      ['start', 'pause', 'resume'],
    ]);
  });

  test('that the reader leaves are stopped', async () => {
    const session = new FakeSession();
    const rows = session.rows(() => true);
    const first = rows.next();
    session.sendRow(1);
    await first;
    await rows.return(undefined);
    expect(session.did).toEqual(['start', 'pause', 'stop']);
  });

  test('that the reader can not take are stopped, and its own error is thrown', async () => {
    const session = new FakeSession();
    const wrong = new Error('no place for it');
    const rows = session.rows(() => {
      throw wrong;
    });
    const next = rows.next();
    session.sendRow(1);
    await expect(next).rejects.toBe(wrong);
    expect(session.did).toEqual(['start', 'stop']);
  });

  test('that the server ends with an error fail with that, and the statement', async () => {
    const session = new FakeSession();
    const next = session.rows(() => false).next();
    session.end(new Error('deadlock'));
    await expect(next).rejects.toMatchObject({ code: '42', statement: 'select a' });
  });

  test('are stopped by the signal, and are not asked for after it', async () => {
    const session = new FakeSession();
    const stop = new AbortController();
    const next = session.rows(() => false, stop.signal).next();
    stop.abort(new Error('enough'));
    await expect(next).rejects.toMatchObject({ code: 'STOPPED' });
    await expect(session.rows(() => false, stop.signal).next()).rejects.toThrow('enough');
    expect(session.did).toEqual(['start', 'stop']);
  });
});
