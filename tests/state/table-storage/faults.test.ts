import { beforeEach, describe, expect, test } from 'vitest';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import type { StateStore } from '../../../src/ports/state.ts';
import { type Azurite, connectionStringOf, sharedAzurite } from '../../support/azurite.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { emptyRow, journalRowOf, stateRow } from '../../support/state-rows.ts';
import { placeOfItsOwn, tableStateAt } from '../../support/table-state.ts';

const azurite = sharedAzurite();
const account = { flow: 'crm', entity: 'Account' };

/** Waits as long as it should, without taking the time. */
const waited: number[] = [];
const clock = {
  ...realClock(),
  sleep: async (ms: number) => {
    waited.push(ms);
  },
};

interface Faulty extends AsyncDisposable {
  /** By the proxies. */
  readonly state: StateStore;
  /** Without them. */
  readonly truth: StateStore;
  readonly tables: FaultProxy;
  readonly blobs: FaultProxy;
}

async function faulty(server: Azurite, answerWithinMs?: number): Promise<Faulty> {
  const [tables, blobs] = await Promise.all([startFaultProxy(server.tableUrl), startFaultProxy(server.blobUrl)]);
  const place = placeOfItsOwn();
  const connectionString = connectionStringOf(`TableEndpoint=${tables.url};BlobEndpoint=${blobs.url};`);
  const truth = await tableStateAt({ connectionString: server.connectionString, ...place });
  await truth.write(account, undefined, emptyRow);
  await truth.putObject(account, 'plans/0', 'first');
  return {
    state: await tableStateAt({ connectionString, ...place, clock, ...(answerWithinMs === undefined ? {} : { answerWithinMs }) }),
    truth,
    tables,
    blobs,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([tables[Symbol.asyncDispose](), blobs[Symbol.asyncDispose]()]);
    },
  };
}

let server: Azurite;

beforeEach(async () => {
  server = await azurite();
  waited.length = 0;
});

const isChange = ({ path }: { path: string }) => path.endsWith('$batch');
const etagOf = async (state: StateStore) => (await state.read(account))?.etag;

describe('a write of the row whose answer is lost', () => {
  test('is unknown, and was not done when it never arrived: the same write then does it', async () => {
    await using under = await faulty(server);
    const etag = await etagOf(under.truth);
    under.tables.rule((seen) => (isChange(seen) ? 'drop before' : undefined));
    await expect(under.state.write(account, etag, stateRow())).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(under.tables.seen.filter(isChange)).toHaveLength(1);
    expect(await etagOf(under.truth)).toBe(etag);
    under.tables.rule(() => undefined);
    expect(await under.state.write(account, etag, stateRow())).toBe('written');
  });

  test('is unknown, and was done when only the answer was lost: the same write then finds the row moved, by itself', async () => {
    await using under = await faulty(server);
    const etag = await etagOf(under.truth);
    const journal = journalRowOf('R1.1', '2026-11-20T08:00:00.000Z');
    under.tables.rule((seen) => (isChange(seen) ? 'drop after' : undefined));
    await expect(under.state.write(account, etag, stateRow(), journal)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(under.tables.seen.filter(isChange)).toHaveLength(1);
    under.tables.rule(() => undefined);
    expect((await under.state.read(account))?.row).toEqual(stateRow());
    expect(await under.state.write(account, etag, stateRow(), journal)).toBe('moved');
    expect(await under.truth.journal({})).toEqual([journal]);
  });

  test('that lands later, when another writer has moved the row, changes nothing', async () => {
    await using under = await faulty(server);
    const etag = await etagOf(under.truth);
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    under.tables.rule((seen) => (isChange(seen) ? { hold } : undefined));
    const late = under.state.write(account, etag, stateRow({ writeId: 'late' }), journalRowOf('R1.1', '2026-11-20T08:00:00.000Z'));
    expect(await under.truth.write(account, etag, stateRow({ writeId: 'other' }))).toBe('written');
    release();
    expect(await late).toBe('moved');
    expect((await under.truth.read(account))?.row.writeId).toBe('other');
    expect(await under.truth.journal({})).toEqual([]);
  });
});

describe('an object whose answer is lost', () => {
  test.each(['drop before', 'drop after'] as const)('is unknown (%s), and there once after the same call again', async (fault) => {
    await using under = await faulty(server);
    under.blobs.rule(({ method }) => (method === 'PUT' ? fault : undefined));
    await expect(under.state.putObject(account, 'plans/1', 'mine')).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(under.blobs.seen).toHaveLength(1);
    expect(await under.truth.getObject(account, 'plans/1')).toBe(fault === 'drop after' ? 'mine' : undefined);
    under.blobs.rule(() => undefined);
    expect(await under.state.putObject(account, 'plans/1', 'again')).toBe(fault === 'drop after' ? 'mine' : 'again');
  });

  test('its removal is simply sent again', async () => {
    await using under = await faulty(server);
    let dropped = 0;
    under.blobs.rule(({ method }) => (method === 'DELETE' && dropped++ === 0 ? 'drop after' : undefined));
    await under.state.removeObjects(account, ['plans/0']);
    expect(dropped).toBe(2);
    expect(await under.truth.listObjects(account, '')).toEqual([]);
  });
});

describe('an answer that never comes', () => {
  test('is not waited for for ever: a write is unknown, a read an error', async () => {
    await using under = await faulty(server, 200);
    const etag = await etagOf(under.truth);
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    under.tables.rule(() => ({ hold }));
    under.blobs.rule(() => ({ hold }));
    await expect(under.state.write(account, etag, stateRow())).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(under.state.putObject(account, 'plans/1', 1)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(under.state.read(account)).rejects.toMatchObject({ code: 'HYG-5008', transient: true });
    await expect(under.state.getObject(account, 'plans/0')).rejects.toMatchObject({ code: 'HYG-5008', transient: true });
    release();
  });
});

describe('an answer that breaks off', () => {
  const large = Array.from({ length: 50_000 }, (_, n) => `${n} ${(n * 7919) % 104_729}`);

  test('is asked for again', async () => {
    await using under = await faulty(server);
    await under.truth.putObject(account, 'seen/1', large);
    let cuts = 0;
    under.blobs.rule(({ method }) => (method === 'GET' && cuts++ === 0 ? 'cut' : undefined));
    expect(await under.state.getObject(account, 'seen/1')).toEqual(large);
    expect(cuts).toBe(2);
  });

  test('again and again is an error that a later try may not meet, and never half an object', async () => {
    await using under = await faulty(server);
    await under.truth.putObject(account, 'seen/1', large);
    under.blobs.rule(() => 'cut');
    await expect(under.state.getObject(account, 'seen/1')).rejects.toMatchObject({ code: 'HYG-5008', transient: true });
    under.tables.rule(() => 'cut');
    await expect(under.state.read(account)).rejects.toMatchObject({ code: 'HYG-5008', transient: true });
  });
});

describe('a service with too much to do', () => {
  test('a throttled write was not done, and is sent again after the time it asks for', async () => {
    await using under = await faulty(server);
    let refused = 0;
    under.tables.rule((seen) => (isChange(seen) && refused++ < 2 ? { status: 429, code: 'TooManyRequests', retryAfter: 7 } : undefined));
    expect(await under.state.write(account, await etagOf(under.truth), stateRow())).toBe('written');
    expect(waited).toEqual([7000, 7000]);
  });

  test('throttled permanently it is an error that a later try may not meet, and nothing was written', async () => {
    await using under = await faulty(server);
    const etag = await etagOf(under.truth);
    under.tables.rule((seen) => (isChange(seen) ? { status: 429, code: 'TooManyRequests' } : undefined));
    await expect(under.state.write(account, etag, stateRow())).rejects.toMatchObject({ code: 'HYG-5008', transient: true });
    under.blobs.rule(() => ({ status: 429, code: 'TooManyRequests' }));
    await expect(under.state.putObject(account, 'plans/1', 1)).rejects.toMatchObject({ code: 'HYG-5008', transient: true });
    expect(await etagOf(under.truth)).toBe(etag);
  });

  test.each([500, 503])('a %i leaves open whether a write was done, after the time it asks for', async (status) => {
    await using under = await faulty(server);
    const etag = await etagOf(under.truth);
    under.tables.rule((seen) => (isChange(seen) ? { status, code: 'OperationTimedOut', retryAfter: 3 } : undefined));
    await expect(under.state.write(account, etag, stateRow())).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(waited).toEqual([3000]);
  });

  test('reads are tried again', async () => {
    await using under = await faulty(server);
    let refused = 0;
    under.tables.rule(() => (refused++ < 2 ? { status: 503, retryAfter: 0 } : undefined));
    expect((await under.state.read(account))?.row).toEqual(emptyRow);
    under.blobs.rule(({ number }) => (number === 1 ? 'drop after' : undefined));
    expect(await under.state.getObject(account, 'plans/0')).toBe('first');
  });
});

describe('a service that is not there, or not for us', () => {
  test('a read that is never answered is an error that a later try may not meet', async () => {
    await using under = await faulty(server);
    under.tables.rule(() => 'drop before');
    await expect(under.state.read(account)).rejects.toMatchObject({ code: 'HYG-5008', transient: true });
    expect(under.tables.seen.length).toBeGreaterThan(2);
  });

  test('a server that does not listen: told for reads and writes alike, since nothing was sent', async () => {
    const under = await faulty(server);
    await under[Symbol.asyncDispose]();
    await expect(under.state.write(account, 'W/"x"', stateRow())).rejects.toMatchObject({ code: 'HYG-5008', transient: true });
    await expect(under.state.putObject(account, 'plans/1', 1)).rejects.toMatchObject({ code: 'HYG-5008', transient: true });
  });

  test('without the right it names the roles, at once', async () => {
    await using under = await faulty(server);
    const denied = { status: 403, code: 'AuthorizationPermissionMismatch' };
    under.tables.rule(() => denied);
    under.blobs.rule(() => denied);
    const roles = {
      code: 'HYG-5009',
      transient: false,
      tryThis: expect.arrayContaining([expect.stringContaining('Storage Table Data Contributor')]),
    };
    await expect(under.state.read(account)).rejects.toMatchObject(roles);
    await expect(under.state.write(account, undefined, stateRow())).rejects.toMatchObject(roles);
    await expect(under.state.getObject(account, 'plans/0')).rejects.toMatchObject(roles);
    expect(under.tables.seen).toHaveLength(2);
  });

  test('a 404 that is not of the service is not taken for "no row"', async () => {
    await using under = await faulty(server);
    under.tables.rule(() => ({ status: 404, code: 'SomethingElse' }));
    under.blobs.rule(() => ({ status: 404, code: 'SomethingElse' }));
    await expect(under.state.read(account)).rejects.toMatchObject({ code: 'HYG-5008' });
    await expect(under.state.getObject(account, 'plans/0')).rejects.toMatchObject({ code: 'HYG-5008' });
    await expect(under.state.entities()).rejects.toMatchObject({ code: 'HYG-5008' });
  });
});
