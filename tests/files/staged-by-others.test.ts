import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { bytes, fresh, lakeAt } from '../filesystems/s3-lake.ts';
import { startGcsServer } from '../support/gcs-server/server.ts';
import { startS3Server } from '../support/s3-server/server.ts';
import { testNetwork } from '../support/test-network.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { decided, run, staged, storeOn } from './settling.ts';

interface Bucket {
  readonly objects: Map<string, unknown>;
}

/** Names that no disk takes for a path, and some that are near to those of hygge. */
const odd = ['tab\there', 'a//b', '../up', '.', 'aside-0', '0-0', '0-0-n0/deeper', 'report.csv'];

async function leavesTheirs(files: FileSystem, { objects }: Bucket): Promise<void> {
  const store = storeOn(files);
  await staged(store, run(1));
  const mine = [...objects.keys()];
  const folder = mine[0]?.slice(0, mine[0].lastIndexOf('/') + 1) ?? '';
  expect(folder).toContain('/staging/');
  for (const [i, name] of odd.entries()) {
    await files.put(`new-${i}`, bytes(name), fresh);
    const stored = objects.get(`raw/new-${i}`) as object;
    objects.delete(`raw/new-${i}`);
    objects.set(`${folder}${name}`, { ...stored, name: `${folder}${name}` });
  }
  const theirs = odd.map((name) => `${folder}${name}`).sort();
  expect(await store.sweep({ lineage: 'mine', before: 2 })).toEqual({ done: { leaves: expect.stringContaining('/staging/') } });
  expect([...objects.keys()].sort()).toEqual(theirs);
  // A commit and a reset clean up where they staged.
  const parts = await staged(store, run(1));
  const [debris] = await staged(store, run(1));
  expect(debris).toBeDefined();
  expect(await store.commit(await decided(store, run(1), parts))).toMatchObject({ done: 'committed' });
  expect([...objects.keys()].filter((key) => key.startsWith(folder)).sort()).toEqual(theirs);
}

describe('what others put where hygge stages files stays there, and stops no run', () => {
  test('in S3', async () => {
    await using server = await startS3Server();
    const bucket = server.bucket('lake');
    await leavesTheirs(await lakeAt(server), bucket);
  });

  test('in Google Cloud Storage', async () => {
    await using server = await startGcsServer();
    const bucket = server.bucket('lake');
    const place = { url: 'gs://lake/raw', bucket: 'lake', folder: 'raw', endpoint: server.url, keys: { key_file: server.keyFile } };
    await leavesTheirs(gcsFileSystem({ ...place, random: realRandom(), network: testNetwork }), bucket);
  });

  test('on a disk: each run names one of them, once', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: w\n',
      'in/e.csv': 'id\n1\n',
      'flows/f/flow.yml': 'home: "in/{entity}.csv"\nstore: lake\nentities: [e]\n',
    });
    expect((await workspace.run(['go'])).code).toBe(0);
    const place = ['lake', '_hygge', 'f', 'e', 'staging', `${'0'.repeat(19)}1`, 'abc'];
    mkdirSync(workspace.path(...place), { recursive: true });
    for (const name of ['report.', 'b']) writeFileSync(workspace.path(...place, name), 'x');
    for (const args of [['go'], ['go', '-d']]) {
      const { code, stdout } = await workspace.run(args);
      const said = stdout.replace(/\s+/g, ' ');
      expect([code, said.split('is where hygge stages files').length]).toEqual([0, 2]);
      expect(said).toMatch(
        /is not hygge's, but is where hygge stages files\. hygge does not remove it\. Move it to another folder, or remove it/,
      );
    }
    expect((await workspace.run(['reset', 'f.e', '--yes'])).code).toBe(0);
    expect(readdirSync(workspace.path(...place)).sort()).toEqual(['b', 'report.']);
  });
});
