import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lakeKinds } from '../../tests/support/lakes/kinds.ts';
import type { LakeKind, TestLake } from '../../tests/support/lakes/lake.ts';
import { parquetRows } from '../data.ts';
import { fingerprint } from '../duck.ts';
import { measure } from '../measure.ts';
import { alternate, type PairsResult, type Side } from '../pairs.ts';
import { megabyte, moduleHere } from '../race.ts';
import { hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type CaseResult, type Scale } from './case.ts';

const limit = 1.4;
const peakMegabytes = 450;
const sdk = moduleHere('lake-by-sdk.mjs');

/** Shown beside the others, and no yardstick: it is not how that client comes (`lake-by-sdk.mjs`). */
const unchecked = 'its own client, a stream without checksums';

/** Shown as well: downloads that outlast a power cut, as what hygge settles does. */
const synced = 'its own client, synced to disk';

/** OneLake is ADLS's own protocol; Google's client does not sign in at another address than Google's, so there is nothing to compare with. */
const compared = lakeKinds.filter(({ name }) => ['adls', 'azure_blob', 's3'].includes(name));

/** Parquet into a lake and out of it by `hygge go`, against the service's own client moving the very files that hygge settled. */
export const lakes: readonly BenchCase[] = compared.flatMap((kind) => [
  { name: `to-${kind.name}`, run: (scale: Scale) => within(scale, kind, write) },
  { name: `from-${kind.name}`, run: (scale: Scale) => within(scale, kind, read) },
]);

interface Scene {
  readonly kind: LakeKind;
  readonly lake: TestLake;
  readonly rows: number;
  readonly source: string;
}

async function within(scale: Scale, kind: LakeKind, race: (scale: Scale, scene: Scene) => Promise<CaseResult>): Promise<CaseResult> {
  if (kind.missing !== undefined) throw new Error(`${kind.name}: ${kind.missing}`);
  const rows = scale.quick ? 200_000 : 5_000_000;
  scale.say(`making ${rows.toLocaleString('en')} rows…`);
  const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
  await using lake = await kind.start();
  return await race(scale, { kind, lake, rows, source });
}

async function write(scale: Scale, { kind, lake, rows, source }: Scene): Promise<CaseResult> {
  const flow = `home: { path: ${JSON.stringify(source)} }\nstore: ${lake.side('lake')}\n`;
  await using space = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow });
  const files = join(space.folder, 'settled');
  const clear = async (): Promise<void> => {
    await space.empty();
    await lake.empty();
    await onDisk(space.folder);
  };
  const go: Side = { name: 'hygge go', run: () => byHygge(space.folder, lake), settle: clear };
  await clear();
  await go.run();
  await lake.download('lake', files);
  const same = await isSame(source, join(files, '*.parquet'));
  const bySdkAs = (name: string, doing: string): Side => ({ name, run: () => bySdk(lake, [doing, files, 'plain']), settle: clear });
  const plain = [bySdkAs('its own client', 'upload'), ...(kind.name === 's3' ? [bySdkAs(unchecked, 'upload unchecked')] : [])];
  scale.say('hygge, the service’s own client, in turn…');
  const pairs = await alternate([go, ...plain], scale.pairs ?? (scale.quick ? 2 : 5));
  return result(scale, { name: `to-${kind.name}`, what: `${rows.toLocaleString('en')} rows, parquet → ${kind.name}`, pairs, same });
}

async function read(scale: Scale, { kind, lake, rows, source }: Scene): Promise<CaseResult> {
  const into = `home: { path: ${JSON.stringify(source)} }\nstore: ${lake.side('lake')}\n`;
  await using filling = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': into });
  await byHygge(filling.folder, lake);
  const flow = `home: ${lake.side('lake')}\nstore: lake\n`;
  await using space = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow });
  const copy = join(space.folder, 'copy');
  const fresh = async (): Promise<void> => {
    await space.empty();
    await rm(copy, { recursive: true, force: true });
    await mkdir(copy);
    await onDisk(space.folder);
  };
  const go: Side = { name: 'hygge go', run: () => byHygge(space.folder, lake), settle: fresh };
  const bySdkAs = (name: string, doing: string): Side => ({ name, run: () => bySdk(lake, [doing, copy, 'lake']), settle: fresh });
  const plain = [bySdkAs('its own client', 'download'), bySdkAs(synced, 'download synced')];
  await fresh();
  scale.say('hygge, the service’s own client, in turn…');
  const pairs = await alternate([go, ...plain], scale.pairs ?? (scale.quick ? 2 : 5));
  await go.run();
  const same = await isSame(source, join(space.lake, '*.parquet'));
  return result(scale, { name: `from-${kind.name}`, what: `${rows.toLocaleString('en')} rows, ${kind.name} → parquet`, pairs, same });
}

/** What was removed is the disk's work as well: not left for the next run, whose first sync would wait for it. */
async function onDisk(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

const byHygge = (folder: string, lake: TestLake) => measure({ name: 'hygge go', args: [hygge, 'go', '-C', folder], env: lake.env });

const bySdk = (lake: TestLake, args: readonly string[]) =>
  measure({ name: 'its own client', args: [sdk, ...args], env: { ...lake.env, HYGGE_LAKE_SDK: JSON.stringify(lake.sdk) } });

async function isSame(source: string, settled: string): Promise<boolean> {
  return JSON.stringify(await fingerprint(source)) === JSON.stringify(await fingerprint(settled));
}

function result(
  scale: Scale,
  { name, what, pairs, same }: { readonly name: string; readonly what: string; readonly pairs: PairsResult; readonly same: boolean },
): CaseResult {
  if (!same) throw new Error('what hygge settled is not what the source holds');
  const ratio = pairs.ratios['its own client']?.lowerQuartile ?? Number.NaN;
  const peak = pairs.sides[0]?.quartilePeakBytes ?? Number.NaN;
  return {
    name,
    what,
    pairs,
    checks: [
      ...(scale.quick ? [] : [atMost('time of the service’s own client, lower quartile', ratio, limit, '×')]),
      atMost('peak memory, lower quartile', peak / megabyte, peakMegabytes, 'MB'),
    ],
    notes: ['the server is on the same machine, and takes its share of the two processors; what arrived is equal by column hashes'],
  };
}
