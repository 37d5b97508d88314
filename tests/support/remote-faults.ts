import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasNoRetriesLeft } from '../../src/engine/entity/retry.ts';
import { ConnectionError } from '../../src/errors/hygge-error.ts';
import type { Condition, FileSystem, StagedFile } from '../../src/ports/filesystem.ts';
import { mostSends, OutcomeUnknown, retry, withWaiting } from '../../src/ports/retry.ts';
import { collect } from './collect.ts';
import type { Fault } from './fault-proxy.ts';
import { noWaiting } from './no-waiting.ts';
import { sampled } from './samples.ts';

/** An empty tree at a service, and a way to it that loses, holds and refuses requests. */
export interface FaultyTree<Kind extends string> {
  /** By that way. */
  readonly files: FileSystem;
  /** The same tree past it, as another process sees it. */
  readonly straight: FileSystem;
  /** Asked for each request, by what it does; undefined lets it pass. Replaces the rule before. */
  rule(decide: (kind: Kind | undefined) => Fault | undefined): void;
  /** What lies there beside files: marks, uploads that were begun. */
  left(): Promise<readonly string[]>;
}

export interface FaultySystem<Kind extends string> {
  readonly open: () => Promise<FaultyTree<Kind>>;
  /** What its requests do; `everything` below makes each. */
  readonly kinds: readonly Kind[];
  /** The requests that write a small file by a condition, publish a staged file, and begin to stage one. */
  readonly steps: { readonly put: Kind; readonly publish: Kind; readonly stage: Kind };
  /** Whether `publish` looks itself what became of a request whose answer is lost. */
  readonly looksItself?: boolean;
  /** How the service says that it has done nothing, and for how long it wants to be left alone. */
  readonly busy: (seconds: number) => Fault;
  /** A file that is staged in several requests, and which of them only such a file needs. */
  readonly large: { readonly bytes: number; readonly kinds?: readonly Kind[] };
}

const fresh = { ifNoneMatch: '*' } as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array | undefined): string => new TextDecoder().decode(body);

async function* streamOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += 65_536) yield body.subarray(at, at + 65_536);
}

/** What a sweep does: everything that is staged goes. */
export async function sweep(files: FileSystem): Promise<void> {
  for await (const file of files.staged('_s')) await files.discard(file);
}

/** What every file system behind a network does while requests and answers are lost, refused and late. */
export function remoteFaults<Kind extends string>(name: string, { open, kinds, steps, ...system }: FaultySystem<Kind>): void {
  const { busy, large, looksItself = false } = system;
  const open500 = { status: 500, code: 'InternalError' };
  const unclear = ['drop before', 'drop after', open500, { status: 503, code: 'OperationTimedOut', retryAfter: 3 }] as const;

  describe(`${name}, while requests are lost, refused and late`, () => {
    let tree: FaultyTree<Kind>;
    let files: FileSystem;
    let straight: FileSystem;
    let waited: number[];

    beforeEach(async () => {
      tree = await open();
      ({ files, straight } = tree);
      waited = [];
    });
    afterEach(() => tree.rule(() => undefined));

    /** A test whose pauses take no time. */
    const test = (title: string, body: () => Promise<void>) => it(title, () => withWaiting(noWaiting(waited), body));

    /** The first requests of a kind meet the fault; tells how many of the kind there were. */
    function meet(kind: Kind, fault: Fault, times = 1): { readonly sent: number } {
      const count = { sent: 0 };
      tree.rule((seen) => (seen === kind && ++count.sent <= times ? fault : undefined));
      return count;
    }

    /** The first request of a kind is held on its way until it is let go. */
    function hold(kind: Kind): { readonly came: Promise<void>; readonly release: () => void } {
      const [arrival, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      let met = false;
      tree.rule((seen) => {
        if (met || seen !== kind) return undefined;
        met = true;
        arrival.resolve();
        return { hold: held.promise };
      });
      return { came: arrival.promise, release: held.resolve };
    }

    let names = 0;
    const stage = (by: FileSystem, body = bytes('a part')): Promise<StagedFile> =>
      by.stage({ staged: `_s/${++names}`, final: `data/${names}` }, streamOf(body));

    /** As the driver does it: a part that failed or is unknown is staged again under another name. */
    async function stagedAtLast(body?: Uint8Array): Promise<StagedFile> {
      for (let attempt = 1; ; attempt++) {
        try {
          return await stage(files, body);
        } catch (error) {
          const isWorthIt = error instanceof OutcomeUnknown || (error instanceof ConnectionError && error.transient);
          if (!isWorthIt || hasNoRetriesLeft(error) || attempt === 4) throw error;
        }
      }
    }

    /** As a commit writes: again until it is answered, and "refused" is compared. */
    async function written(path: string, body: string, condition: Condition): Promise<string> {
      const put = await retry(() => files.put(path, bytes(body), condition));
      if (put.outcome === 'written') return put.etag;
      const found = await files.get(path);
      expect(text(found?.body)).toBe(body);
      return found?.etag ?? '';
    }

    /** Nothing is there but these files, once a sweep has passed. */
    async function expectOnly(...paths: readonly string[]): Promise<void> {
      tree.rule(() => undefined);
      await sweep(straight);
      expect((await collect(straight.list(''))).map(({ path }) => path)).toEqual([...paths].sort());
      expect(await collect(straight.staged('_s'))).toEqual([]);
      expect(await tree.left()).toEqual([]);
    }

    /** Everything that a filesystem does, once. Answers what is there then. */
    async function everything(kind: Kind): Promise<readonly string[]> {
      const content = Uint8Array.from({ length: large.kinds?.includes(kind) ? large.bytes : 1_000 }, (_, i) => i % 251);
      const [small, long] = [await stagedAtLast(), await stagedAtLast(content)];
      for (const one of [small, long]) expect(await retry(() => files.publish(one))).toBeOneOf(['published', 'already']);
      const etag = await written('head.json', 'one', fresh);
      await written('head.json', 'two', { ifMatch: etag });
      expect(text((await files.get('head.json'))?.body)).toBe('two');
      expect(text(await files.read(small.final, { start: 2, end: 6 }, { into: new Uint8Array(20) }))).toBe('part');
      expect(Buffer.compare(await files.read(long.final), content)).toBe(0);
      expect((await files.stat(small.final))?.bytes).toBe(6);
      const never = await stagedAtLast();
      await retry(() => files.discard(never));
      expect(await retry(() => files.publish(never))).toBe('gone');
      await straight.put('old.bin', bytes('x'), fresh);
      await retry(() => files.remove('old.bin'));
      const there = [small.final, long.final, 'head.json'];
      const listed = (await collect(files.list(''))).map(({ path }) => path);
      expect(listed.filter((path) => !path.startsWith('_s/'))).toEqual([...there].sort());
      return there;
    }

    describe('everything is done once, and nothing is left, where the first request', () => {
      const faults: Readonly<Record<string, Fault>> = {
        'is lost on its way': 'drop before',
        'is carried out and its answer lost': 'drop after',
        'is answered by half': 'cut',
        'is answered 500': open500,
        'is told to slow down': busy(2),
      };
      const cells = Object.entries(faults).flatMap(([what, fault]) => kinds.map((kind) => ({ what, fault, kind })));
      const [lost, others] = [cells.filter(({ fault }) => fault === 'drop after'), cells.filter(({ fault }) => fault !== 'drop after')];

      for (const { fault, kind, what } of [...sampled(lost, 2, name.length), ...sampled(others, 16, name.length)])
        test(`that does “${kind}” ${what}`, async () => {
          const count = meet(kind, fault);
          const there = await everything(kind);
          expect(count.sent).toBeGreaterThan(0);
          await expectOnly(...there);
        });
    });

    describe('a write whose outcome is open is sent once', () => {
      for (const fault of unclear)
        test(`by a condition: the same write again says how it ended (${JSON.stringify(fault)})`, async () => {
          const before = await straight.put('head', bytes('1'), fresh);
          const ifMatch = before.outcome === 'written' ? before.etag : '';
          const count = meet(steps.put, fault, 9);
          await expect(files.put('head', bytes('2'), { ifMatch })).rejects.toThrow(OutcomeUnknown);
          expect(count.sent).toBe(1);
          tree.rule(() => undefined);
          expect((await files.put('head', bytes('2'), { ifMatch })).outcome).toBe(fault === 'drop after' ? 'refused' : 'written');
          expect(text((await straight.get('head'))?.body)).toBe('2');
        });

      for (const fault of unclear)
        test(`and publishes: publishing again says how it ended (${JSON.stringify(fault)})`, async () => {
          await straight.put('data/0', bytes('x'), fresh);
          const file = await stage(straight);
          const count = meet(steps.publish, fault);
          if (!looksItself) {
            await expect(files.publish(file)).rejects.toThrow(OutcomeUnknown);
            expect(count.sent).toBe(1);
          }
          expect(await retry(() => files.publish(file))).toBe(fault === 'drop after' ? 'already' : 'published');
          expect(await files.publish(file)).toBe('already');
          await expectOnly(file.final, 'data/0');
        });

      test('and how long the service wants to be left alone goes with it', async () => {
        meet(steps.put, { status: 503, code: 'OperationTimedOut', retryAfter: 120 });
        await expect(files.put('head', bytes('x'), fresh)).rejects.toMatchObject({ name: 'OutcomeUnknown', retryAfterMs: 120_000 });
      });
    });

    test('to slow down says that nothing was done: it is sent again after the time that the service asks for', async () => {
      const count = meet(steps.put, busy(7), 2);
      expect((await files.put('head', bytes('x'), fresh)).outcome).toBe('written');
      expect([count.sent, waited]).toEqual([3, [7_000, 7_000]]);
      const file = await stage(straight);
      meet(steps.publish, busy(7), 2);
      expect(await files.publish(file)).toBe('published');
      expect(waited).toEqual([7_000, 7_000, 7_000, 7_000]);
    });

    describe('a service that stays away', () => {
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        stat: () => files.stat('a'),
        list: () => collect(files.list('')),
        read: () => files.read('a'),
        get: () => files.get('a'),
        put: () => files.put('a', bytes('x'), fresh),
        stage: () => stage(files),
        'stage in several requests': () => stage(files, new Uint8Array(large.bytes)),
        discard: () => files.discard({ staged: '_s/a' }),
        remove: () => files.remove('a'),
      };

      for (const [at, [name, call]] of sampled([...Object.entries(calls).entries()], 2, steps.put.length))
        test(`fails ${name} after some tries, as something to try again`, async () => {
          await straight.put('a', bytes('x'), fresh);
          const faults = ['drop before', { ...open500, retryAfter: 0 }] as const;
          for (const fault of sampled(faults, 2, at)) {
            tree.rule(() => fault);
            const error: unknown = await call().catch((thrown: unknown) => thrown);
            if (error instanceof ConnectionError) expect(error).toMatchObject({ code: 'HYG-6404', transient: true });
            else expect(error).toBeInstanceOf(OutcomeUnknown);
          }
        });

      test('is asked so often, ever more seldom, and no more', async () => {
        await straight.put('a', bytes('x'), fresh);
        await files.get('a');
        let sent = 0;
        tree.rule(() => {
          sent++;
          return open500;
        });
        await expect(files.get('a')).rejects.toMatchObject({ code: 'HYG-6404', transient: true, spent: true });
        expect([sent, waited.length]).toEqual([mostSends, mostSends - 1]);
        expect(waited.at(-1)).toBeGreaterThan(waited[0] ?? 0);
      });

      test('is left alone for as long as it asks, by reads and writes alike', async () => {
        tree.rule(() => busy(600));
        const leftAlone = { code: 'HYG-6053', transient: true, retryAfterMs: 600_000 };
        await expect(files.get('a')).rejects.toMatchObject(leftAlone);
        await expect(files.put('a', bytes('x'), fresh)).rejects.toMatchObject(leftAlone);
        expect(waited).toEqual([]);
      });
    });

    describe('a process that dies', () => {
      /** From request `n` on, nobody answers any more: what a process leaves that dies there. */
      async function diesAfter(n: number, act: () => Promise<unknown>): Promise<boolean> {
        let sent = 0;
        tree.rule(() => (++sent > n ? 'drop before' : undefined));
        const died = await act().then(
          () => false,
          () => true,
        );
        tree.rule(() => undefined);
        return died;
      }

      test('at any request of staging leaves nothing that one sweep does not find', async () => {
        let n = 0;
        for (; await diesAfter(n, () => stage(files)); n++) await expectOnly();
        expect(n).toBeGreaterThan(0);
      });

      test('at any request of publishing is gone on with by the next process', async () => {
        const there: string[] = [];
        for (let n = 0, died = true; died; n++) {
          const file = await stage(straight);
          died = await diesAfter(n, () => files.publish(file));
          expect(await straight.publish(file)).toBeOneOf(['published', 'already']);
          expect(text(await straight.read(file.final))).toBe('a part');
          there.push(file.final);
          await expectOnly(...there);
        }
      });

      test('at any request of discarding is gone on with by the next process', async () => {
        for (let n = 0, died = true; died; n++) {
          const file = await stage(straight);
          died = await diesAfter(n, () => files.discard({ staged: file.staged }));
          await straight.discard({ staged: file.staged });
          expect(await straight.publish(file)).toBe('gone');
          await expectOnly();
        }
      });
    });

    describe('a request that comes late', () => {
      /** Sends a publish, takes what happens meanwhile, and lets it land. */
      async function latePublish(meanwhile: (file: StagedFile) => Promise<unknown>): Promise<{ outcome: string; file: StagedFile }> {
        const file = await stage(straight);
        const late = hold(steps.publish);
        const publishing = retry(() => files.publish(file));
        await late.came;
        await meanwhile(file);
        late.release();
        return { outcome: await publishing, file };
      }

      test('publishes nothing after the file was discarded', async () => {
        expect((await latePublish((file) => straight.discard({ staged: file.staged }))).outcome).toBe('gone');
        await expectOnly();
      });

      test('finds done what another has published', async () => {
        const { outcome, file } = await latePublish(async (one) => expect(await straight.publish(one)).toBe('published'));
        expect(outcome).toBe('already');
        await expectOnly(file.final);
      });

      test('brings nothing back that was published and removed', async () => {
        const { outcome } = await latePublish(async (file) => {
          expect(await straight.publish(file)).toBe('published');
          await straight.remove(file.final);
        });
        expect(outcome).toBe('gone');
        await expectOnly();
      });

      test('writes nothing by a condition that another has overtaken', async () => {
        const first = await straight.put('head', bytes('1'), fresh);
        const ifMatch = first.outcome === 'written' ? first.etag : '';
        const late = hold(steps.put);
        const writing = files.put('head', bytes('late'), { ifMatch });
        await late.came;
        expect((await straight.put('head', bytes('2'), { ifMatch })).outcome).toBe('written');
        late.release();
        expect(await writing).toEqual({ outcome: 'refused' });
        expect(text(await straight.read('head'))).toBe('2');
      });

      test('and begins to stage after a sweep leaves nothing that the next sweep does not find', async () => {
        const late = hold(steps.stage);
        const staging = stage(files).catch((error: unknown) => expect(error).toBeInstanceOf(OutcomeUnknown));
        await late.came;
        await sweep(straight);
        late.release();
        await staging;
        await expectOnly();
      });
    });
  });
}
