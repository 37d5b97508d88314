import { readFile } from 'node:fs/promises';
import type { FileHomeOptions } from '../../src/files/home/home.ts';
import { csvFormat } from '../../src/formats/csv/csv.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import { homeConformance } from '../support/connector-conformance/home.ts';
import { homeOnDisk } from '../support/connector-conformance/on-disk.ts';
import { duck } from '../support/duck.ts';
import { sampled } from '../support/samples.ts';
import type { Row } from '../support/sim/rows.ts';

/** How the rows of one file are laid out: files by path, a query each. */
type LaidOut = (rows: readonly Row[], count: number) => Readonly<Record<string, string>>;

const valuesOf = (rows: readonly Row[], type: string) =>
  `values ${rows.map(({ id, mark }) => `(${id}::${type}, ${mark === null ? 'null' : mark}::${type})`).join(', ')}`;

/** The watermark is nowhere but in the names of folders. */
const inFolders: LaidOut = (some, count) =>
  Object.fromEntries(
    [...new Set(some.map(({ mark }) => mark))].map((value) => [
      `mark=${value ?? '__HIVE_DEFAULT_PARTITION__'}/${count}.parquet`,
      `select id from (${valuesOf(
        some.filter(({ mark }) => mark === value),
        'bigint',
      )}) t(id, mark)`,
    ]),
  );

/** A narrower type in every other file, columns in another order, and none at all where every value is null. */
const differing: LaidOut = (some, count) => {
  const [filled, empty] = [some.filter(({ mark }) => mark !== null), some.filter(({ mark }) => mark === null)];
  const narrow = count % 2 === 1;
  const query = `select ${narrow ? 'mark, id' : 'id, mark'} from (${valuesOf(filled, narrow ? 'int' : 'bigint')}) t(id, mark)`;
  const more = empty.length > 0 ? { [`${count}-b.parquet`]: `select id from (${valuesOf(empty, 'smallint')}) t(id, mark)` } : {};
  return { [`${count}-a.parquet`]: query, ...more };
};

/** All of them in one file. */
const together: LaidOut = (some, count) => ({ [`${count}.parquet`]: `select * from (${valuesOf(some, 'bigint')}) t(id, mark)` });

const laidOut = (layout: LaidOut, keys: Pick<FileHomeOptions, 'differingFiles'> = {}) =>
  homeOnDisk({
    ...keys,
    format: parquetFormat({}),
    extension: '.parquet',
    async written(some, count, folder) {
      const made = Object.entries(layout(some, count)).map(async ([path, query], i) => {
        await duck(`copy (${query}) to '${folder}/made-${count}-${i}.parquet' (format parquet)`);
        return [path, await readFile(`${folder}/made-${count}-${i}.parquet`)] as const;
      });
      return Object.fromEntries(await Promise.all(made));
    },
  });

const csvFiles = () =>
  homeOnDisk({
    // Small enough that every file is several pieces and every piece several chunks.
    format: csvFormat({}, { chunkBytes: 7, pieceBytes: 5 }),
    extension: '.csv',
    async written(some, count) {
      const lines = some.map(({ id, mark }) => `${id},${mark === null ? '' : mark}\r\n`);
      return { [`${count}.csv`]: Buffer.from(`id,mark\r\n${lines.join('')}`) };
    },
    isPinned: true,
  });

/** Those of the simulator are models of homes, and not homes. */
const homes = {
  'parquet on a local disk': () => laidOut(together),
  'parquet in folders of its watermark': () => laidOut(inFolders),
  'parquet files that differ': () => laidOut(differing, { differingFiles: 'unify' }),
  'csv on a local disk': csvFiles,
};
for (const [name, make] of sampled(Object.entries(homes), 2)) homeConformance(`${name}`, make);
