import { gzipSync } from 'node:zlib';
import { jsonFormat } from '../../../src/formats/json/json.ts';
import { homeConformance } from '../../support/connector-conformance/home.ts';
import { homeOnDisk, storeOnDisk } from '../../support/connector-conformance/on-disk.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { sampled } from '../../support/samples.ts';
import type { Row } from '../../support/sim/rows.ts';

type Id = 'json' | 'ndjson';

const written = (id: Id, some: readonly Row[]): Buffer => {
  const records = some.map(({ id: own, mark }, i) => (mark === null ? { id: own } : i % 2 === 0 ? { id: own, mark } : { mark, id: own }));
  return Buffer.from(id === 'json' ? JSON.stringify(records) : records.map((one) => `${JSON.stringify(one)}\n`).join(''));
};

const homeOf = (id: Id) =>
  homeOnDisk({
    format: jsonFormat(id, { types: { id: 'int64', mark: 'int64' } }),
    extension: `.${id}`,
    written: async (rows, count) => ({ [`${count}.${id}`]: written(id, rows) }),
    isPinned: true,
  });

function storeOf(id: Id, layout: 'plain' | 'versioned', compression: string) {
  const format = jsonFormat(id, { compression });
  return storeOnDisk({
    format,
    layout,
    query: (files) => `read_json(${files}, columns = {id: 'BIGINT', mark: 'BIGINT'})`,
    plantForeign: (rows, files) => {
      const body = written(id, rows);
      return files.put(`crm/e/theirs${format.extension}`, compression === 'gzip' ? gzipSync(body) : body, { ifNoneMatch: '*' });
    },
  });
}

for (const format of sampled(['ndjson', 'json'] as const, 2)) homeConformance(`${format} on a local disk`, () => homeOf(format));
const stores = {
  'ndjson on a local disk, plain': () => storeOf('ndjson', 'plain', 'none'),
  'ndjson with gzip on a local disk, versioned': () => storeOf('ndjson', 'versioned', 'gzip'),
  'json on a local disk, plain': () => storeOf('json', 'plain', 'none'),
};
for (const [name, make] of sampled(Object.entries(stores), 3)) storeConformance(`${name}`, make);
