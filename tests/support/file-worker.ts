/** A process of its own that works on a folder: for races, kills and other users. Prints one JSON line for each thing that is done. */
import { createHash } from 'node:crypto';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';
import { collect } from './collect.ts';

const decode = (body: Uint8Array): string => new TextDecoder().decode(body);
const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += 100_000) yield body.subarray(at, at + 100_000);
}

/** Adds one to the number in `counter` by compare-and-swap until it won `times` times; says each number it made. */
async function count(files: AppendableFileSystem, times: number): Promise<void> {
  for (let won = 0; won < times; ) {
    const now = await files.get('counter');
    const next = Number(now ? decode(now.body).split(' ')[0] : 0) + 1;
    const body = encode(`${next} by ${process.pid}`);
    const put = await files.put('counter', body, now ? { ifMatch: now.etag } : { ifNoneMatch: '*' });
    if (put.outcome !== 'written') continue;
    won += 1;
    say(next);
  }
}

/** Lines of very different lengths. */
async function log(files: AppendableFileSystem, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const line = JSON.stringify({ pid: process.pid, i, fill: 'x'.repeat((i % 5) * 3000) });
    await files.append('log', encode(line));
    say(line);
  }
}

/** Everything a run does to its files, for ever: until somebody kills it. Says what was answered. */
async function live(files: AppendableFileSystem): Promise<void> {
  for (let i = 0; ; i++) {
    const body = Buffer.alloc(300_000, `${process.pid}-${i} `);
    const name = createHash('sha256').update(body).digest('hex');
    const staged = await files.stage({ staged: `staging/${process.pid}/${name}`, final: `data/${name}` }, once(body));
    say({ did: 'staged', name, pid: process.pid });
    await files.publish(staged);
    say({ did: 'published', name });
    await count(files, 1);
    await files.append('log', encode(JSON.stringify({ name })));
    say({ did: 'appended', name });
    await files.put(`once/${name}`, encode(name), { ifNoneMatch: '*' });
    say({ did: 'created', name });
    if (i >= 2) await files.remove(`once/${name}`);
  }
}

/** Calls that are expected to fail: says of each the error as a person would get it. */
async function fail(files: AppendableFileSystem): Promise<void> {
  const path = 'sub/file';
  const calls: Record<string, () => Promise<unknown>> = {
    stage: () => files.stage({ staged: path, final: 'x' }, once(Buffer.alloc(2_000_000))),
    create: () => files.put(path, encode('new'), { ifNoneMatch: '*' }),
    swap: async () => files.put('readable', encode('new'), { ifMatch: (await files.get('readable'))?.etag ?? '' }),
    publish: () => files.publish({ staged: 'readable', final: 'elsewhere/file', bytes: 0, checksum: '' }),
    append: () => files.append(path, encode('line')),
    remove: () => files.remove('readable'),
    read: () => files.read('secret'),
    list: () => collect(files.list('')),
  };
  for (const [call, doing] of Object.entries(calls))
    await doing().then(
      () => say({ call, name: 'done' }),
      ({ name, code, what, why, tryThis, transient }: Record<string, unknown>) => say({ call, name, code, what, why, tryThis, transient }),
    );
}

const [root = '', task = '', argument = ''] = process.argv.slice(2);
const files = localFileSystem(root);
if (task === 'count') await count(files, Number(argument));
if (task === 'log') await log(files, Number(argument));
if (task === 'live') await live(files);
if (task === 'fail') await fail(files);
