import { expect, test } from 'vitest';
import { envelopeOf } from '../../src/apis/answers/envelope.ts';
import { versionColumn, versionOf } from '../../src/apis/events/versions.ts';
import type { Page } from '../../src/apis/lists/pages.ts';
import { withVersions } from '../../src/apis/odata/changes.ts';

function pageOf(records: readonly object[]): Page {
  const text = JSON.stringify(records);
  const body = { bytes: Buffer.from(`${text}\0`), length: text.length };
  const url = new URL('https://api.example.com/items');
  return { body, url, records: envelopeOf(body, [], []).records ?? [], values: new Map(), name: 'items', header: () => undefined };
}

test('records of a page have later versions than those of the pages before it: the last change of a record settles', () => {
  const edge = { text: versionOf(1_767_225_600n, 0n), inclusive: true };
  const rules = { columns: ['ID', 'v'], keys: ['ID'], entity: 'erp.items' };
  const versions: bigint[] = [];
  for (const [read, records] of [
    [0, [1, 2, 3]],
    [3, [3, 1]],
    [5, [2]],
  ] as const) {
    const page = pageOf(records.map((id) => ({ ID: id, v: read })));
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
