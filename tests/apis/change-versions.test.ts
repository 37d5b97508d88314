import { expect, test } from 'vitest';
import { versionColumn, versionOf } from '../../src/apis/events/versions.ts';
import { withVersions } from '../../src/apis/odata/changes.ts';
import { pageOf } from '../support/apis/pages.ts';

test('records of a page have later versions than those of the pages before it: the last change of a record settles', () => {
  const edge = { text: versionOf(1_767_225_600n, 0n), inclusive: true };
  const rules = { columns: ['ID', 'v'], keys: ['ID'], entity: 'erp.items' };
  const versions: bigint[] = [];
  for (const [read, records] of [
    [0, [1, 2, 3]],
    [3, [3, 1]],
    [5, [2]],
  ] as const) {
    const page = pageOf({ type: 'none' }, JSON.stringify(records.map((id) => ({ ID: id, v: read }))), { records: [] });
    const { body, records: spans } = withVersions(page, { from: 0, read, window: { lower: edge, upper: edge } }, rules);
    for (const { start, end } of spans) {
      const [, version = ''] = new RegExp(`"${versionColumn}":"?(\\d+)`).exec(body.bytes.toString('utf8', start, end)) ?? [];
      versions.push(BigInt(version));
    }
  }
  expect(versions).toHaveLength(6);
  expect(versions).toEqual(versions.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(new Set(versions).size).toBe(6);
});
