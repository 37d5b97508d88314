import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { decodeVersion, encodeVersion } from '../../src/workspace/versions/content.ts';
import { prune } from '../../src/workspace/versions/prune.ts';
import { listVersions, push, readVersion, rollback } from '../../src/workspace/versions/versions.ts';
import { cases, SEED } from '../support/samples.ts';
import { type Around, MemoryBlobs, person } from './versions-blobs.ts';

const dayMs = 86_400_000;

/** A push of a workspace that differs by one word. */
function version(word: string, more: { readonly keepMs?: number; readonly message?: string } = {}) {
  const encoded = encodeVersion(new Map([['hygge.yml', `name: ${word}\n`]]));
  return { ...encoded, flows: 1, target: null, message: more.message ?? null, keepMs: more.keepMs ?? 90 * dayMs };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => 'fine',
    (error: unknown) => (error instanceof HyggeError ? `${error.code} ${error.message} ${error.why.join(' ')}` : String(error)),
  );
}

/** The pointer names a version that is there, whole. */
function mustBeWhole(container: MemoryBlobs): void {
  if (!container.blobs.has('current.json')) return;
  const { id } = container.current();
  const stored = container.blobs.get(`versions/${id}.json`);
  if (stored === undefined) throw new Error(`current.json names ${id}, which is gone`);
  decodeVersion(id, stored.body);
}

describe('a version', () => {
  test('has the same id for the same files, in whatever order they were found', () => {
    const files = [
      ['hygge.yml', 'a'],
      ['flows/x/flow.yml', 'b'],
    ] as const;
    expect(encodeVersion(new Map(files)).id).toBe(encodeVersion(new Map([...files].reverse())).id);
    expect(encodeVersion(new Map(files)).id).not.toBe(encodeVersion(new Map([files[0]])).id);
  });

  test('comes back as it was pushed, whatever its files are called', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('hygge.yml', 'flows/__proto__/flow.yml', '__proto__', 'constructor', '1', 'ä/ø.yml'), fc.string()),
        (record) => {
          const files = new Map(Object.entries(record));
          const { id, body } = encodeVersion(files);
          expect(new Map([...decodeVersion(id, body).files].sort())).toEqual(new Map([...files].sort()));
        },
      ),
      { seed: SEED },
    );
  });

  test('whose bytes were changed in storage is refused', () => {
    const { id, body } = encodeVersion(new Map([['hygge.yml', 'name: a\n']]));
    const changed = new TextEncoder().encode(new TextDecoder().decode(body).replace('name: a', 'name: b'));
    expect(() => decodeVersion(id, changed)).toThrow(/HYG-5302.*damaged/);
  });

  test.each(['../hygge.yml', '/etc/passwd', 'flows/../../x', 'C:/x', 'a\\b', '.env', 'flows/.hidden/x', 'a//b', '', 'a/\u0000'])(
    'with a file called %j is refused: it would lead out of its folder, or hide there',
    (path) => {
      const { id, body } = encodeVersion(new Map([[path, 'x']]));
      expect(() => decodeVersion(id, body)).toThrow(/HYG-5302/);
    },
  );

  test('of a format that only a newer hygge knows is refused by name', async () => {
    const body = new TextEncoder().encode('{"version":3,"files":{}}');
    const { createHash } = await import('node:crypto');
    const id = createHash('sha256').update(body).digest('hex');
    expect(() => decodeVersion(id, body)).toThrow(/HYG-5301.*this hygge does not know/);
  });
});

describe('a push', () => {
  test('stores the version under its checksum and points at it, with who and when', async () => {
    const container = new MemoryBlobs();
    const { outcome } = await push(person(container.client()), version('one', { message: 'the first' }));
    expect(outcome).toBe('pushed');
    expect(container.current()).toMatchObject({ version: 1, id: version('one').id, prev: null, by: 'anna@laptop', message: 'the first' });
    expect((await readVersion(container.client(), 'current')).files.get('hygge.yml')).toBe('name: one\n');
  });

  test('of what is current already writes nothing', async () => {
    const container = new MemoryBlobs();
    await push(person(container.client()), version('one'));
    const before = new Map(container.blobs);
    expect((await push(person(container.client(), 'bob@desk'), version('one'))).outcome).toBe('current already');
    expect(container.blobs).toEqual(before);
  });

  test('of a version that was current once makes it current again', async () => {
    const container = new MemoryBlobs();
    for (const word of ['one', 'two', 'one']) await push(person(container.client()), version(word));
    expect(container.current()).toMatchObject({ id: version('one').id, prev: version('two').id });
    expect(container.names('versions/')).toHaveLength(2);
  });

  test('mends a container whose current version was removed by hand', async () => {
    const container = new MemoryBlobs();
    await push(person(container.client()), version('one'));
    container.blobs.delete(`versions/${version('one').id}.json`);
    await push(person(container.client()), version('one'));
    mustBeWhole(container);
  });

  test('stops at a pointer that says nothing that can be', async () => {
    const container = new MemoryBlobs();
    await container.client().put('current.json', new TextEncoder().encode('{"version":1,"id":"../x"}'), { ifNoneMatch: '*' });
    expect(await codeOf(push(person(container.client()), version('one')))).toMatch(/^HYG-5302/);
  });

  test('stops at a pointer that a newer hygge wrote', async () => {
    const container = new MemoryBlobs();
    await container.client().put('current.json', new TextEncoder().encode('{"version":9}'), { ifNoneMatch: '*' });
    expect(await codeOf(push(person(container.client()), version('one')))).toMatch(/^HYG-5301/);
  });

  test('says so when the storage never gives a clear answer', async () => {
    const container = new MemoryBlobs();
    const client = container.client(async (call) => {
      if (call === 'put current.json') throw new OutcomeUnknown('no answer');
      return 'answer';
    });
    expect(await codeOf(push(person(client), version('one')))).toMatch(/^HYG-6301/);
    expect(container.names()).not.toContain('current.json');
  });
});

/** Does something to the k-th call. */
function atCall(k: number, does: () => 'lose the answer'): { readonly around: Around; readonly calls: () => number } {
  let calls = 0;
  const around: Around = async () => {
    calls += 1;
    return calls === k ? does() : 'answer';
  };
  return { around, calls: () => calls };
}

describe('wherever a push is disturbed', () => {
  const died = () => {
    throw new Error('died');
  };
  const lost = () => {
    throw new OutcomeUnknown('the request was lost');
  };

  test.each([
    ['the process dies before a request', died, false],
    ['a request is lost', lost, true],
    ['an answer is lost', () => 'lose the answer' as const, true],
  ])('%s: what is current is whole, and pushing again ends well', async (_name, disturbance, goesOn) => {
    let k = 0;
    for (let reached = true; reached; ) {
      k += 1;
      const container = new MemoryBlobs();
      await push(person(container.client()), version('one'));
      const disturbed = atCall(k, disturbance);
      const ended = await codeOf(push(person(container.client(disturbed.around)), version('two')));
      reached = disturbed.calls() >= k;
      mustBeWhole(container);
      const isTwo = container.current().id === version('two').id;
      if (goesOn) expect([k, ended, isTwo]).toEqual([k, 'fine', true]);
      await push(person(container.client()), version('two'));
      expect(container.current().id).toBe(version('two').id);
      expect((await listVersions(container.client())).map(({ id }) => id)).toEqual([version('two').id, version('one').id]);
    }
    expect(k).toBeGreaterThan(6);
  });
});

/** Lets calls of several clients happen one at a time, in an order that is drawn. */
function inDrawnOrder(order: readonly number[]) {
  const waiting: { readonly client: number; readonly go: () => void }[] = [];
  let drawn = 0;
  let open = 0;
  const step = () => {
    if (waiting.length === 0 || waiting.length < open) return;
    const at = (order[drawn++ % order.length] ?? 0) % waiting.length;
    waiting.splice(at, 1)[0]?.go();
  };
  return {
    around:
      (client: number): Around =>
      () =>
        new Promise((resolve) => {
          waiting.push({ client, go: () => resolve('answer') });
          step();
        }),
    /** All of them to their end. */
    async run(works: readonly (() => Promise<unknown>)[]): Promise<readonly string[]> {
      open = works.length;
      return await Promise.all(
        works.map(async (work) => {
          const ended = await codeOf(work());
          open -= 1;
          step();
          return ended;
        }),
      );
    },
  };
}

describe('several at once', () => {
  test('of two pushes exactly one wins, and the other is told by whom', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(7), { minLength: 1, maxLength: 40 }), fc.boolean(), async (order, isFirst) => {
        const container = new MemoryBlobs();
        if (!isFirst) await push(person(container.client()), version('before'));
        const drawn = inDrawnOrder(order);
        const ended = await drawn.run([
          () => push(person(container.client(drawn.around(0)), 'anna'), version('hers')),
          () => push(person(container.client(drawn.around(1)), 'bob'), version('his')),
        ]);
        mustBeWhole(container);
        const winner = container.current();
        const loser = winner.by === 'anna' ? 1 : 0;
        // One may also begin when the other is done: then both were current, one after the other.
        if (ended.every((one) => one === 'fine')) expect(winner.prev).toBe(version(winner.by === 'anna' ? 'his' : 'hers').id);
        else {
          expect(ended[1 - loser]).toBe('fine');
          expect(ended[loser]).toMatch(new RegExp(`^HYG-2301 .*${winner.by} made ${winner.id.slice(0, 12)} current`));
        }
      }),
      cases(300),
    );
  });

  test('a push whose answer was lost, and that another one has followed already, was a push', async () => {
    const container = new MemoryBlobs();
    await push(person(container.client()), version('one'));
    let followed = false;
    const client = container.client(async (call) => {
      if (call === 'put current.json') return 'lose the answer';
      // The look at what became of it comes after somebody else's push.
      if (call === 'get current.json' && !followed && container.current().id === version('two').id) {
        followed = true;
        await push(person(container.client(), 'bob'), version('three'));
      }
      return 'answer';
    });
    expect(await codeOf(push(person(client, 'anna'), version('two')))).toBe('fine');
    expect(container.current()).toMatchObject({ id: version('three').id, prev: version('two').id, by: 'bob' });
  });

  test('a version that is about to be current again is not removed, old as it is', async () => {
    const container = new MemoryBlobs();
    for (const word of ['one', 'two']) await push(person(container.client()), version(word));
    container.now += 200 * dayMs;
    const client = container.client(async (call) => {
      if (call === 'put current.json') await prune(container.client(), dayMs);
      return 'answer';
    });
    await rollback(person(client), version('one').id);
    mustBeWhole(container);
    expect(container.current().id).toBe(version('one').id);
  });

  test('what is current is never removed, whatever is pushed, rolled back and pruned meanwhile', async () => {
    const word = fc.constantFrom('a', 'b', 'c', 'd');
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 2, maxLength: 5 }),
        word,
        word,
        fc.array(fc.nat(7), { minLength: 1, maxLength: 60 }),
        async (before, back, next, order) => {
          const container = new MemoryBlobs();
          for (const one of before) {
            container.now += dayMs;
            await push(person(container.client()), version(one, { keepMs: 400 * dayMs }));
          }
          container.now += 200 * dayMs;
          const drawn = inDrawnOrder(order);
          await drawn.run([
            () => rollback(person(container.client(drawn.around(0)), 'anna'), version(back).id),
            () => push(person(container.client(drawn.around(1)), 'bob'), version(next, { keepMs: dayMs })),
            () => push(person(container.client(drawn.around(2)), 'cleo'), version('a', { keepMs: dayMs })),
          ]);
          mustBeWhole(container);
        },
      ),
      cases(500),
    );
  });
});

describe('old versions', () => {
  test('are removed by a push once they have not been current for as long as `keep` says', async () => {
    const container = new MemoryBlobs();
    await push(person(container.client()), version('one'));
    container.now += 200 * dayMs;
    await push(person(container.client()), version('two'));
    expect(container.names('versions/')).toHaveLength(2);
    container.now += 89 * dayMs;
    expect((await push(person(container.client()), version('three'))).pruned).toBe(0);
    container.now += 2 * dayMs;
    expect((await push(person(container.client()), version('four'))).pruned).toBe(1);
    expect(container.names('versions/')).not.toContain(`versions/${version('one').id}.json`);
    expect((await listVersions(container.client())).map(({ flows }) => flows)).toHaveLength(3);
  });

  test('stay while a run may still have one: an old one that was current until today is as new as today', async () => {
    const container = new MemoryBlobs();
    await push(person(container.client()), version('one'));
    container.now += 200 * dayMs;
    expect((await push(person(container.client()), version('two', { keepMs: 7 * dayMs }))).pruned).toBe(0);
    expect((await readVersion(container.client(), version('one').id)).files.size).toBe(1);
  });

  test('stay for a week, however short `keep` is: a run may take as long', async () => {
    const container = new MemoryBlobs();
    const keepMs = dayMs / 24;
    await push(person(container.client()), version('one', { keepMs }));
    await push(person(container.client()), version('two', { keepMs }));
    container.now += 6 * dayMs;
    expect((await push(person(container.client()), version('three', { keepMs }))).pruned).toBe(0);
    expect((await readVersion(container.client(), version('one').id)).files.size).toBe(1);
    container.now += 2 * dayMs;
    expect((await push(person(container.client()), version('four', { keepMs }))).pruned).toBe(1);
  });

  test('do not include the current one, however long ago it was pushed', async () => {
    const container = new MemoryBlobs();
    await push(person(container.client()), version('one'));
    container.now += 900 * dayMs;
    expect(await prune(container.client(), dayMs)).toBe(0);
    mustBeWhole(container);
  });

  test('that were uploaded and never became current go as well', async () => {
    const container = new MemoryBlobs();
    const broken = container.client(async (call) => {
      if (call === 'put current.json') throw new Error('died');
      return 'answer';
    });
    await codeOf(push(person(broken), version('lost')));
    container.now += 100 * dayMs;
    await push(person(container.client()), version('one'));
    expect(container.names('versions/')).toEqual([`versions/${version('one').id}.json`]);
  });

  test('that cannot be looked through do not undo the push: it says why', async () => {
    const container = new MemoryBlobs();
    const client = container.client(async (call) => {
      if (call.startsWith('list ')) throw new Error('too busy');
      return 'answer';
    });
    const pushed = await push(person(client), version('one'));
    expect(pushed).toMatchObject({ outcome: 'pushed', notPruned: 'too busy' });
    expect(container.current().id).toBe(version('one').id);
  });
});

describe('a rollback', () => {
  test('to a named version takes the beginning of its id, and keeps what was said of it', async () => {
    const container = new MemoryBlobs();
    for (const word of ['one', 'two', 'three']) await push(person(container.client()), version(word, { message: word }));
    const { move, from } = await rollback(person(container.client(), 'bob@desk'), version('one').id.slice(0, 9));
    expect([move.id, from, move.message, move.by]).toEqual([version('one').id, version('three').id, 'one', 'bob@desk']);
    const listed = await listVersions(container.client());
    expect(listed.map(({ message, current, how }) => [message, current, how])).toEqual([
      ['one', true, 'rollback'],
      ['three', false, 'push'],
      ['two', false, 'push'],
    ]);
  });

  test.each([
    ['nothing was pushed yet', [], undefined],
    ['there is none before', ['one'], undefined],
    ['the id is not there', ['one', 'two'], 'ffffffff'],
    ['the id is too short to mean one', ['one', 'two'], 'f'],
  ])('is refused when %s', async (_name, words, id) => {
    const container = new MemoryBlobs();
    for (const word of words) await push(person(container.client()), version(word));
    const before = new Map(container.blobs);
    expect(await codeOf(rollback(person(container.client()), id))).toMatch(/^HYG-5303/);
    expect(container.blobs).toEqual(before);
  });

  test('never moves to a version whose content is not what was pushed', async () => {
    const container = new MemoryBlobs();
    for (const word of ['one', 'two']) await push(person(container.client()), version(word));
    const name = `versions/${version('one').id}.json`;
    const etag = container.blobs.get(name)?.etag ?? '';
    await container.client().put(name, new TextEncoder().encode('{}'), { ifMatch: etag });
    expect(await codeOf(rollback(person(container.client()), undefined))).toMatch(/^HYG-5302/);
    expect(container.current().id).toBe(version('two').id);
  });
});

test('a clock that goes backwards does not disturb the order of versions', async () => {
  const container = new MemoryBlobs();
  for (const word of ['one', 'two', 'three']) {
    container.now -= dayMs;
    await push(person(container.client()), version(word, { message: word }));
  }
  expect((await listVersions(container.client())).map(({ message }) => message)).toEqual(['three', 'two', 'one']);
});
