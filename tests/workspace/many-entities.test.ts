import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { loadWorkspace } from '../../src/workspace/load/load.ts';
import { configOf, connectors } from './shop.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hygge-workspace-'));
  await mkdir(join(folder, 'flows/erp/entities'), { recursive: true });
  await writeFile(join(folder, 'hygge.yml'), 'name: big\ndefaults: { batch_size: 1000 }\n');
  await writeFile(join(folder, 'flows/erp/flow.yml'), 'home: in\nstore: lake/{flow}\nrun_type: incremental\n');
  for (let n = 0; n < 200; n++) {
    const text = `name: Table ${n}\nwatermark: { column: changed_${n}, initial: ${n} }\nstore: { batch_size: ${n + 1} }\n`;
    await writeFile(join(folder, `flows/erp/entities/${String(n).padStart(3, '0')}.yml`), text);
  }
});

afterAll(() => rm(folder, { recursive: true }));

test('two hundred entities in files of their own are read once each, and all settled', async () => {
  const reads: string[] = [];
  const finds: string[] = [];
  const workspace = await loadWorkspace({
    directory: join(folder, 'flows/erp'),
    env: {},
    date: '2026-11-20',
    files: {
      list: (dir) => workspaceFiles.list(dir),
      read(path) {
        reads.push(path);
        return workspaceFiles.read(path);
      },
    },
    connectors: {
      types: connectors.types,
      find(type) {
        finds.push(type);
        return connectors.find(type);
      },
    },
  });
  const entities = workspace.flows[0]?.entities ?? [];
  expect(entities).toHaveLength(200);
  expect(entities.map(({ watermark }) => watermark?.initial)).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
  expect(configOf(entities[7]?.store ?? { config: {} })).toMatchObject({ path: join(folder, 'lake/erp/Table 7'), batch_size: 8 });
  expect(reads).toHaveLength(new Set(reads).size);
  expect(finds).toEqual(['local']);
  expect(workspace.files).toHaveLength(202);
});
