/**
 * Publishes every parquet file of a folder to a new table of a mirrored database, as a commit of hygge's does it, without reading rows: each file is staged, then the
 * commit takes its numbers. Called with the folder, the workspace, the mirrored database and the table; signs in as the environment says. Prints the time and the
 * processor time without the start of the process, in milliseconds.
 */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProcessNetwork } from '../src/adapters/process-network.ts';
import { realClock } from '../src/adapters/real-clock.ts';
import { realRandom } from '../src/adapters/real-random.ts';
import type { Intent } from '../src/engine/contracts/intent.ts';
import type { Part } from '../src/engine/contracts/store.ts';
import { commitNumbers, type Numbering } from '../src/files/landing-zone/commit.ts';
import { manifestHeads } from '../src/files/store/head/manifest.ts';
import { type FilePlace, stagedPath } from '../src/files/store/layout.ts';
import { oneLakeFileSystem } from '../src/filesystems/onelake/onelake.ts';
import type { Json } from '../src/ports/values.ts';

const [, , here = '', workspace = '', item = '', table = ''] = process.argv;
const [network, random, clock] = [new ProcessNetwork(), realRandom(), realClock()];
const at = {
  dfsUrl: 'https://onelake.dfs.fabric.microsoft.com',
  workspace,
  item,
  folder: 'Files',
  keys: { credential: 'default' },
} as const;
const files = await oneLakeFileSystem(at, { random, network });
const place: FilePlace = {
  type: 'bench',
  root: 'mirror',
  folder: `LandingZone/${table}`,
  flow: 'bench',
  entity: table,
  layout: 'plain',
  extension: '.parquet',
};
const [epoch, lineage] = [1, random.id()];
const parts: Part[] = [];
const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
for (const [i, name] of (await readdir(here)).sort().entries()) {
  const staged = stagedPath(place, { epoch, lineage, slice: i, part: 0, nonce: random.nonce() });
  const file = await files.stage(
    { staged, final: `${place.folder}/${name}` },
    createReadStream(join(here, name), { highWaterMark: 1024 * 1024 }),
  );
  parts.push({ ref: { ...file } as unknown as Json, role: 'data', rows: 1, bytes: file.bytes, checksum: file.checksum, nulls: [] });
}
const target: Numbering = { first: 1, keyColumns: ['id'], partner: null };
const intent = {
  ...{
    version: 2,
    id: random.id(),
    prev: null,
    lineage,
    epoch,
    flow: place.flow,
    entity: table,
    entityRunId: 'bench',
    mode: 'full',
    lane: 'live',
  },
  ...{
    place: { ...place } as unknown as Json,
    target: target as unknown as Json,
    parts,
    schema: { columns: [] },
    binding: null,
    state: 'bench',
  },
  settles: { watermark: null, boundary: null, snapshot: null, seen: null, sourceVersion: null, rows: parts.length },
} as unknown as Intent;
const mirror = { name: { schema: null, table }, clock, ask: () => Promise.reject(new Error('nothing is asked')) };
const done = await commitNumbers(
  {
    files,
    place,
    heads: manifestHeads,
    log: manifestHeads.open(files, place),
    table: { files, folder: place.folder },
    where: table,
    mirror,
  },
  intent,
  undefined,
);
if (!('done' in done) || done.done !== 'committed') throw new Error(`the commit ended as ${JSON.stringify(done)}`);
const { user, system } = process.cpuUsage(cpuBefore);
process.stdout.write(`${performance.now() - startedAt} ${(user + system) / 1000}`);
await network[Symbol.asyncDispose]();
