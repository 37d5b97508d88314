import { join } from 'node:path';
import { workspace as fabricWorkspace } from '../../tests/support/azure-hosts/azure.ts';
import { type FileNode, lookup } from '../../tests/support/dfs/tree.ts';
import { type Fabric, mirror, startFabric } from '../../tests/support/fabric-replicator/fabric.ts';
import { writeDown } from '../../tests/support/lakes/write-down.ts';
import { parquetRows } from '../data.ts';
import { fingerprint } from '../duck.ts';
import { type Measurement, measure } from '../measure.ts';
import { alternate, quantile, type Side } from '../pairs.ts';
import { megabyte, moduleHere } from '../race.ts';
import { hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type CaseResult, type Scale } from './case.ts';

const peakMegabytes = 350;

/** The watermark of a table with a key and of one without. */
const tables = { keyed: '{ column: ts, key: [id] }', inserted: '{ column: id, boundary: open }' } as const;
type Kind = keyof typeof tables;

const publishingLimit = 1.1;

/** The files of a first load, published again by hygge's commit and uploaded by the SDK, one after another on both sides. */
async function publish(scale: Scale): Promise<CaseResult> {
  const rows = scale.quick ? 200_000 : 5_000_000;
  const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
  await using fabric = await startFabric();
  await using space = await workspace(scale.folder, flowOf(source, 'inserted'));
  await measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder], env: fabric.azure.env });
  const files = join(space.folder, 'landed');
  await writeDown(landed(fabric), '', files);
  let runs = 0;
  const empty = async (): Promise<void> => {
    const item = lookup(fabric.azure.dfs.root('onelake', fabricWorkspace.id), mirror.id);
    if (item?.kind === 'folder') for (const folder of item.children.values()) if (folder.kind === 'folder') folder.children.clear();
  };
  const byCommit: Side = {
    name: 'hygge’s commit',
    run: () => {
      const args = [moduleHere('publish-to-mirror.ts'), files, fabricWorkspace.id, mirror.id, `t${++runs}`];
      return withoutStart(measure({ name: 'publish-to-mirror', args, env: fabric.azure.env }));
    },
    settle: empty,
  };
  const sdk = { kind: 'adls', url: 'https://onelake.dfs.fabric.microsoft.com', filesystem: fabricWorkspace.id };
  const bySdk: Side = {
    name: 'the SDK',
    run: () => {
      const args = [moduleHere('lake-by-sdk.mjs'), 'upload', files, `${mirror.id}/Files/LandingZone/sdk`];
      return withoutStart(measure({ name: 'the SDK', args, env: { ...fabric.azure.env, HYGGE_LAKE_SDK: JSON.stringify(sdk) } }));
    },
    settle: empty,
  };
  scale.say('hygge, the SDK, in turn…');
  const pairs = await alternate([byCommit, bySdk], scale.pairs ?? (scale.quick ? 2 : 5));
  const ratio = pairs.ratios['the SDK']?.lowerQuartile ?? Number.NaN;
  return {
    name: 'mirrored-publishing',
    what: `the files of ${rows.toLocaleString('en')} rows → a mirrored table`,
    pairs,
    checks: scale.quick ? [] : [atMost('time of the SDK, lower quartile', ratio, publishingLimit, '×')],
    notes: ['one file after another on both sides; hygge’s are staged, hashed, renamed to their numbers, and listed by its head'],
  };
}

/** Sources of hygge's are compiled while the process starts, which no bundle does. */
async function withoutStart(measuring: Promise<Measurement>): Promise<Measurement> {
  const measured = await measuring;
  const [wallMs = Number.NaN, cpuMs = Number.NaN] = measured.stdout.split(' ').map(Number);
  return { ...measured, wallMs, cpuMs };
}

/** First loads of a mirrored table. The server that stands for OneLake is in this process, and its memory is none of the measured. */
export const mirrored: readonly BenchCase[] = [
  ...[5_000_000, 20_000_000].flatMap((rows) =>
    (['inserted', 'keyed'] as const).map((kind) => ({
      name: `mirrored-${kind}-${rows / 1_000_000}m`,
      run: (scale: Scale) => load(scale, { kind, rows }),
    })),
  ),
  { name: 'mirrored-publishing', run: publish },
];

function flowOf(source: string, kind: Kind): Readonly<Record<string, string>> {
  const store = `{ type: open_mirroring, workspace: ${fabricWorkspace.id}, mirror_name: ${mirror.id}, path: Files/LandingZone/copy }`;
  const flow = `home: { path: ${JSON.stringify(source)} }\nstore: ${store}\nrun_type: incremental\nwatermark: ${tables[kind]}\n`;
  return { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow };
}

async function load(scale: Scale, { kind, rows: wanted }: { readonly kind: Kind; readonly rows: number }): Promise<CaseResult> {
  const rows = scale.quick ? 200_000 : wanted;
  scale.say(`making ${rows.toLocaleString('en')} rows…`);
  const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
  const runs: Measurement[] = [];
  for (let run = 0; run < (scale.pairs ?? (scale.quick ? 1 : 3)); run += 1) {
    await using fabric = await startFabric();
    await using space = await workspace(scale.folder, flowOf(source, kind));
    const measured = await measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder], env: fabric.azure.env });
    runs.push(measured);
    scale.say(
      `${Math.round((measured.peakBytes ?? 0) / megabyte)} MB, ${(measured.wallMs / 1000).toFixed(1)} s, processor ${(measured.cpuMs / 1000).toFixed(1)} s`,
    );
    if (run > 0) continue;
    const files = join(space.folder, 'landed');
    await writeDown(landed(fabric), '', files);
    if (JSON.stringify(await fingerprint(source)) !== JSON.stringify(await fingerprint(join(files, '*.parquet'))))
      throw new Error('what hygge published is not what the source holds');
  }
  const of = (figure: (one: Measurement) => number) => quantile(runs.map(figure), 0.5);
  return {
    name: `mirrored-${kind}-${wanted / 1_000_000}m`,
    what: `${rows.toLocaleString('en')} rows × 10 columns, parquet → a new table of a mirrored database, rows ${kind}`,
    checks: [
      atMost(
        'peak memory, median',
        of(({ peakBytes }) => (peakBytes ?? Number.NaN) / megabyte),
        peakMegabytes,
        'MB',
      ),
    ],
    notes: [
      `${(of(({ wallMs }) => wallMs) / 1000).toFixed(1)} s, processor time ${(of(({ cpuMs }) => cpuMs) / 1000).toFixed(1)} s, medians of ${runs.length}`,
    ],
  };
}

/** The numbered files of the table. */
function landed({ azure }: Fabric): Iterable<readonly [string, Uint8Array]> {
  const numbered = /LandingZone\/copy\/(\d{20}\.parquet)$/;
  return [...azure.dfs.files('onelake', fabricWorkspace.name)].flatMap(([path, { content }]: readonly [string, FileNode]) => {
    const [, name] = numbered.exec(path) ?? [];
    return name === undefined ? [] : [[name, content] as const];
  });
}
